//! `wfctl test`

use std::path::Path;

use wf_cases::{discover, report, suite};

use crate::args::{Output, Test, TestOutput};
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::stopping::Early;
use crate::tree::Tree;

/// Runs the cases that were named, or all that the project has.
pub fn test(root: Option<&Path>, args: &Test) -> Result<Exit, Refusal> {
    let _early = Early::say("stopped: no result is told of cases that had not ended; nothing outside was touched")?;
    let tree = Tree::read(root)?;
    let checked = tree.check();
    if checked.has_errors() {
        output::print(&output::diagnostics(&checked.files, &checked.diagnostics, Output::Human));
        return Err(Refusal::wrong("no case was run: the files above are not right"));
    }
    if let Some(missing) = args.paths.iter().find(|path| !path.exists()) {
        return Err(Refusal::wrong(format!("there is no file or folder {}", missing.display())));
    }
    let cases = if args.paths.is_empty() {
        discover::own(&tree.project)
    } else {
        discover::at(&args.paths).map_err(|e| Refusal::wrong(e.to_string()))?
    };
    if cases.is_empty() {
        return Err(Refusal::wrong("there is no case: cases stand in the folder `cases` of a workflow or connector"));
    }
    super::primitives();
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let suite = suite::run(&checked, &cases, threads);
    match args.output {
        TestOutput::Human => output::print(&report::human(&suite.files, &suite.outcomes)),
        TestOutput::Json => output::print_json(&report::as_json(&suite.files, &suite.outcomes)),
        TestOutput::Junit => output::print(&report::junit(&suite.files, &suite.outcomes)),
    }
    Ok(if report::counts(&suite.outcomes).failed == 0 { Exit::Fine } else { Exit::Failed })
}
