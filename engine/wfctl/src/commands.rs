//! One module a command.

mod call;
mod connectors;
mod diff;
mod explain;
mod fmt;
mod graph;
mod reference;
mod run;
mod runs;
mod sandbox;
mod schema;
mod serve;
mod serve_connectors;
mod test;
mod ticks;
mod together;
mod validate;

use crate::args::{Args, Command};
use crate::exit::{Exit, Refusal};
use crate::output;

/// Carries out a command line.
pub fn execute(args: Args) -> Exit {
    let root = args.root.as_deref();
    let done = match args.command {
        Command::Validate(args) => validate::validate(root, &args),
        Command::Run(args) => run::run(root, &args),
        Command::Sandbox(args) => sandbox::sandbox(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Runs(args) => runs::runs(root, &args),
        Command::Ticks(args) => ticks::ticks(&args),
        Command::Serve(args) => serve::serve(root, &args),
        Command::Connectors(args) => connectors::connectors(root, &args),
        Command::Call(args) => call::call(root, &args),
        Command::Fmt(args) => fmt::fmt(root, &args),
        Command::Graph(args) => graph::graph(root, &args),
        Command::Schema(args) => schema::schema(&args),
        Command::Reference(args) => reference::reference(&args),
        Command::Test(args) => test::test(root, &args),
    };
    done.unwrap_or_else(|Refusal { exit, message }| {
        output::say(&format!("wfctl: {message}"));
        exit
    })
}

/// The threads on which everything asynchronous runs. TLS needs its primitives chosen once.
fn runtime() -> Result<tokio::runtime::Runtime, Refusal> {
    primitives();
    tokio::runtime::Runtime::new().map_err(|e| Refusal::failed(format!("no threads can be started: {e}")))
}

/// Chooses TLS's primitives; an error says that they are chosen already.
fn primitives() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
