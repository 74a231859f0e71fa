//! `wfctl`: check, test, try, run and explain workflows. The only place where everything is wired.

#![allow(unreachable_pub, reason = "a program has no users of its items; `pub` says what a module offers the others")]

mod args;
mod changes;
mod commands;
mod examples;
mod exit;
mod explain;
mod graph;
mod output;
mod revision;
mod sheet;
mod show;
mod sound;
mod spread;
mod stopping;
mod tree;
mod wiring;

use clap::{CommandFactory, FromArgMatches};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let command = examples::filled(args::Args::command(), &examples::Names::here());
    let args = args::Args::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit());
    output::log_to_stderr(args.log.as_deref().unwrap_or(args.command.default_log()));
    commands::execute(args).into()
}
