//! `wfctl`: check, test, try, run and explain workflows. The only place where everything is wired.

#![allow(unreachable_pub, reason = "a program has no users of its items; `pub` says what a module offers the others")]

mod args;
mod commands;
mod exit;
mod explain;
mod output;
mod sheet;
mod show;
mod tree;
mod wiring;

use clap::Parser;

fn main() -> std::process::ExitCode {
    let args = args::Args::parse();
    output::log_to_stderr(args.log.as_deref().unwrap_or(args.command.default_log()));
    commands::execute(args).into()
}
