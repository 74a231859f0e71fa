# The commands of everyday work; `just` lists them.
_default:
    @just --list

# everything that CI checks
check:
    ./scripts/test

# all tests, or those whose name contains the given text
test *name:
    cargo test --workspace {{name}}

# formats the Rust code
fmt:
    cargo fmt --all

# all benchmarks, or those whose name contains the given text
bench *name:
    cargo bench --workspace {{name}}

# the pages of our own crates; a broken link is an error
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps
