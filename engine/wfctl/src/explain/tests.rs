//! Runs that were recorded, explained.

mod outlines;
mod stories;
mod world;
