//! Many cases: each on its own, several at the same time, told in their order.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use wf_check::Checked;
use wf_source::{Diagnostic, Files};
use wf_syntax::File;
use wf_syntax::ast::{Case, ConnectorCase};

use crate::discover::{CaseFile, is_case, kind};
use crate::logs::Logs;
use crate::report::{Failure, Outcome, Verdict};
use crate::stop::Stop;
use crate::{connector, workflow};

/// Cases that were run.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The files that places point into: those of the project, and the cases.
    pub files: Files,
    /// In the order of the cases.
    pub outcomes: Vec<Outcome>,
}

/// Real time that a case may take: virtual time costs none.
const LONGEST: Duration = Duration::from_secs(120);

/// The machine's own limits of depth are made for threads of this size.
const STACK: usize = 8 * 1024 * 1024;

/// A case that was read.
enum Read {
    Workflow(Box<Case>),
    Connector(Box<ConnectorCase>),
    /// It cannot be run.
    Not(Verdict),
}

struct Job {
    path: String,
    title: String,
    read: Read,
}

/// Runs cases against a checked project, on as many threads; each case has a world of its own. To be called outside of async code: it
/// blocks until the last one is over.
#[must_use]
pub fn run(checked: &Checked, cases: &[CaseFile], threads: usize) -> Suite {
    let mut files = checked.files.clone();
    let jobs: Vec<Job> = cases.iter().map(|case| job(&mut files, case)).collect();
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(vec![None; jobs.len()]));
    let keep = |at: usize, outcome: Outcome| {
        if let Some(place) = outcomes.lock().unwrap_or_else(PoisonError::into_inner).get_mut(at) {
            *place = Some(outcome);
        }
    };
    let work = || {
        let logs = Logs::default();
        tracing::dispatcher::with_default(&logs.dispatch(), || {
            while let Some((at, job)) =
                Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, jobs.get(at)?)))
            {
                keep(at, carry_out(checked, job, &logs));
            }
        });
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, jobs.len().max(1)) {
            // without a thread more the others do the work
            let _ = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        }
    });
    let outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
    let never = |job: &Job| Outcome {
        path: job.path.clone(),
        title: job.title.clone(),
        result: Stop::broken("no thread could be started for it", None).into(),
        took_ms: 0,
    };
    let outcomes =
        outcomes.into_iter().zip(&jobs).map(|(outcome, job)| outcome.unwrap_or_else(|| never(job))).collect();
    Suite { files, outcomes }
}

fn job(files: &mut Files, case: &CaseFile) -> Job {
    let known = files.by_path(&case.path).filter(|id| files.get(*id).is_some_and(|f| *f.text == *case.text));
    let id = known.unwrap_or_else(|| files.add(case.path.clone(), case.text.clone()));
    let kind = kind(&case.path, &case.text);
    let read = wf_syntax::read(id, &case.text, kind);
    let wrong: Vec<Failure> = read.diagnostics.iter().filter(|d| d.is_error()).map(told).collect();
    let title = |name: &Option<wf_syntax::ast::Name>| name.as_ref().map(|n| n.as_str().to_owned()).unwrap_or_default();
    let (title, read) = match read.file {
        Some(File::Case(case)) => (title(&case.title), Read::Workflow(case)),
        Some(File::ConnectorCase(case)) => (title(&case.title), Read::Connector(case)),
        _ => (String::new(), Read::Not(Stop::broken("this is no case", read.tree.map(|t| t.span.begin())).into())),
    };
    let read =
        if wrong.is_empty() || !is_case(kind) && title.is_empty() { read } else { Read::Not(Verdict::Failed(wrong)) };
    Job { path: case.path.clone(), title, read }
}

fn told(diagnostic: &Diagnostic) -> Failure {
    let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    Failure::Broken { message: format!("{}{help}", diagnostic.message), span: Some(diagnostic.span) }
}

fn carry_out(checked: &Checked, job: &Job, logs: &Logs) -> Outcome {
    let begun = Instant::now();
    let result = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let judged = AssertUnwindSafe(tokio_timeout(judge(checked, job, logs))).catch_unwind();
            let result = runtime.block_on(judged).unwrap_or_else(|panic| broke_off(&*panic));
            // what a case left running is of no interest to the next one
            runtime.shutdown_background();
            result
        }
        Err(e) => Stop::broken(format!("it cannot be run: {e}"), None).into(),
    };
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Outcome { path: job.path.clone(), title: job.title.clone(), result, took_ms }
}

async fn tokio_timeout(judged: impl Future<Output = Verdict>) -> Verdict {
    let late = || Stop::broken(format!("it did not end within {} s of real time", LONGEST.as_secs()), None).into();
    tokio::time::timeout(LONGEST, judged).await.unwrap_or_else(|_| late())
}

fn broke_off(panic: &(dyn Any + Send)) -> Verdict {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Stop::broken(format!("the engine broke off: {}. Please report this", text.unwrap_or("for no known reason")), None)
        .into()
}

async fn judge(checked: &Checked, job: &Job, logs: &Logs) -> Verdict {
    match &job.read {
        Read::Not(verdict) => verdict.clone(),
        Read::Workflow(case) => {
            let Some(system) = &case.system else {
                return Stop::broken("the case does not say of which `system` it is", Some(case.span.begin())).into();
            };
            match checked.plan(system.as_str()) {
                Some(plan) => workflow::run(checked, plan, case).await,
                None => Stop::unknown("workflow", system, checked.plans.iter().map(|p| p.name.as_str())).into(),
            }
        }
        Read::Connector(case) => {
            let Some(name) = &case.connector else {
                return Stop::broken("the case does not say of which `connector` it is", Some(case.span.begin()))
                    .into();
            };
            match checked.connector(name.as_str()) {
                Some(connector) => connector::run(connector, case, logs).await,
                None => Stop::unknown("connector", name, checked.connectors.iter().map(|c| c.name.as_str())).into(),
            }
        }
    }
}
