//! Runs that were recorded, explained.

mod outlines;
mod stories;
mod world;

/// Compares with the file of that name in `tests/snapshots`.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("tests/snapshots");
    settings.bind(|| insta::assert_snapshot!(name, text));
}
