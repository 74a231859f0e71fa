//! `wfctl runs`

mod cancel;
mod doubts;
mod list;
pub(super) mod prune;
mod resume;
mod show;

use std::path::Path;

use crate::args::{OfRuns, Runs};
use crate::exit::{Exit, Refusal};

/// What is wanted of recorded runs.
pub fn runs(root: Option<&Path>, args: &Runs) -> Result<Exit, Refusal> {
    match &args.what {
        None => list::list(&args.list),
        Some(OfRuns::List(args)) => list::list(args),
        Some(OfRuns::Show(args)) => show::show(args),
        Some(OfRuns::Resume(args)) => resume::resume(root, args),
        Some(OfRuns::Cancel(args)) => cancel::cancel(args),
        Some(OfRuns::Doubts(args)) => doubts::doubts(args),
        Some(OfRuns::Prune(args)) => prune::prune(args),
    }
}
