//! What goes to the terminal: results to standard output, everything else to standard error.

use std::io::{IsTerminal, Write};

use tracing_subscriber::EnvFilter;
use wf_source::render::{self, Style};
use wf_source::{Diagnostic, Files};

use crate::args::Output;

/// Logs to standard error, by a level or a filter by target.
pub fn log_to_stderr(level: &str) {
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("warn"));
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour);
    // nobody may be there to read it any more: to say so on the same standard error would end whatever was going on
    let log = log.log_internal_errors(false);
    // an error says that a test harness set one up already
    let _ = log.try_init();
}

/// Prints a result. A reader that went away (`| head`) is no error.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Prints a result as JSON.
pub fn print_json(value: &serde_json::Value) {
    print(&format!("{}\n", serde_json::to_string_pretty(value).unwrap_or_default()));
}

/// Says something that is no result.
pub fn say(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes());
    let _ = err.write_all(b"\n");
}

/// Diagnostics in the form that was asked for.
#[must_use]
pub fn diagnostics(files: &Files, diagnostics: &[Diagnostic], output: Output) -> String {
    match output {
        Output::Human => render::human(files, diagnostics, style()),
        Output::Json => serde_json::to_string_pretty(&render::json(files, diagnostics)).unwrap_or_default() + "\n",
        Output::Github => render::github(files, diagnostics),
    }
}

/// What the terminal at standard output can show.
fn style() -> Style {
    let terminal = std::io::stdout().is_terminal();
    let width = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).filter(|w| *w >= 40);
    Style { colour: terminal && std::env::var_os("NO_COLOR").is_none(), width: width.unwrap_or(Style::PLAIN.width) }
}
