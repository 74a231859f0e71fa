//! What a file may cost. Real files are far below; nothing above is worth reading.

/// Bytes of a file.
pub const MAX_BYTES: usize = 5_000_000;
/// Values and keys, expanded aliases counted each time.
pub const MAX_NODES: usize = 200_000;
/// Collections inside each other. It also bounds the recursion of everybody who walks a tree.
pub const MAX_DEPTH: usize = 64;
/// Diagnostics of one file that are kept; more of them help nobody.
pub const MAX_TOLD: usize = 200;
/// Further syntax errors looked for in the sections after the first.
pub(super) const MAX_RESUMES: usize = 20;
