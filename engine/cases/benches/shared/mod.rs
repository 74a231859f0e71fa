//! What the benchmarks of whole monitors share: a monitor of the repository as production has it, the world around it, what it costs.

#![allow(dead_code, reason = "each benchmark uses its part of it")]

pub(crate) mod answer;
pub(crate) mod meter;
pub(crate) mod monitor;
pub(crate) mod world;

/// What `wfctl` allocates with; the decoders that are compared with it do, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
