//! `wfctl`: check, test, try, run and explain workflows. The only place where everything is wired.

mod args;
mod commands;
mod exit;
mod output;
mod show;
mod tree;
mod wiring;

use clap::Parser;

fn main() -> std::process::ExitCode {
    let args = args::Args::parse();
    output::log_to_stderr(args.log.as_deref());
    commands::execute(args).into()
}
