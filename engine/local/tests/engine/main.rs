//! The engine over the ports of one process: runs, triggers, journals, time.

#![allow(clippy::unwrap_used, reason = "tests")]

mod durability;
mod later;
mod lost;
mod messages;
mod reload;
mod replays;
mod resumes;
mod runs;
mod schedules;
mod support;
mod turns;
