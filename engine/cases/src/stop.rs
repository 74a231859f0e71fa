//! A case that cannot be run: broken, or about something that is not built; and the words of a case that may be wrong.

use jiff::{SignedDuration, Timestamp};
use wf_source::{Span, nearest};
use wf_syntax::ast::Name;

use crate::report::{Failure, Verdict};

/// Why a case is not run to its end.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// It needs something that is not built; which.
    Skipped(String),
    Broken(String, Option<Span>),
}

impl Stop {
    pub(crate) fn broken(message: impl Into<String>, span: Option<Span>) -> Self {
        Self::Broken(message.into(), span)
    }

    /// A name that nothing has.
    pub(crate) fn unknown<'a>(what: &str, name: &Name, known: impl IntoIterator<Item = &'a str>) -> Self {
        let near = nearest(name.as_str(), known).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        Self::Broken(format!("there is no {what} `{}`{near}", name.as_str()), Some(name.span))
    }
}

impl From<Stop> for Verdict {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Skipped(why) => Self::Skipped(why),
            Stop::Broken(message, span) => Self::Failed(vec![Failure::Broken { message, span }]),
        }
    }
}

/// Passed when nothing was wrong.
pub(crate) fn verdict(done: Result<Vec<Failure>, Stop>) -> Verdict {
    match done {
        Ok(failures) if failures.is_empty() => Verdict::Passed,
        Ok(failures) => Verdict::Failed(failures),
        Err(stop) => stop.into(),
    }
}

/// A moment that a case names.
pub(crate) fn moment(written: Option<&Name>) -> Result<Timestamp, Stop> {
    let name = written.ok_or_else(|| Stop::broken("the case does not say `now`", None))?;
    let read = name.as_str().parse();
    read.map_err(|_| {
        Stop::broken(format!("`{}` is no moment, as in 2022-06-01T14:00:00Z", name.as_str()), Some(name.span))
    })
}

/// A duration that a case names; zero where it says nothing.
pub(crate) fn duration(written: Option<&Name>) -> Result<SignedDuration, Stop> {
    let Some(name) = written else { return Ok(SignedDuration::ZERO) };
    let read = wf_value::duration::parse(name.as_str()).filter(|d| !d.is_negative());
    let wrong = || Stop::broken(format!("`{}` is no duration, as in 30s, 45m, 1h30m", name.as_str()), Some(name.span));
    read.ok_or_else(wrong)
}
