//! Which fault strikes which request.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use serde_json::Value;

use super::vendor::Vendor;
use crate::scenario::{FaultKind, FaultSpec};

/// All faults of a scenario, with what they have struck so far. The first that strikes a request decides.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

#[derive(Debug)]
pub(crate) struct Fault {
    spec: FaultSpec,
    from: i64,
    until: i64,
    seen: AtomicU64,
    struck: AtomicU64,
}

/// A request as faults look at it.
pub(crate) struct Asked<'a> {
    pub(crate) vendor: Vendor,
    pub(crate) host: &'a str,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) now: i64,
}

impl Faults {
    pub(crate) fn build(specs: &[FaultSpec], start: i64, problems: &mut Vec<String>) -> Faults {
        let faults = specs.iter().enumerate().map(|(place, spec)| {
            check(spec, &format!("faults[{place}]"), problems);
            Fault {
                from: spec.from.map_or(i64::MIN, |from| from.after(start)),
                until: spec.until.map_or(i64::MAX, |until| until.after(start)),
                spec: spec.clone(),
                seen: AtomicU64::new(0),
                struck: AtomicU64::new(0),
            }
        });
        Faults(faults.collect())
    }

    /// The fault that strikes this request. Counts it.
    pub(crate) fn strike(&self, asked: &Asked<'_>) -> Option<&Fault> {
        self.0.iter().find(|fault| fault.fits(asked) && fault.is_due())
    }

    /// Whether connections to a vendor are refused now.
    pub(crate) fn refuses(&self, vendor: Vendor, now: i64) -> bool {
        self.refusing(vendor).any(|fault| fault.lasts(now))
    }

    /// Whether connections to a vendor are ever refused.
    pub(crate) fn may_refuse(&self, vendor: Vendor) -> bool {
        self.refusing(vendor).next().is_some()
    }

    fn refusing(&self, vendor: Vendor) -> impl Iterator<Item = &Fault> {
        self.0.iter().filter(move |fault| fault.spec.fault == FaultKind::Refuse && fault.spec.vendor == vendor)
    }
}

impl Fault {
    pub(crate) fn kind(&self) -> FaultKind {
        self.spec.fault
    }

    /// Whether the vendor carries the request out all the same.
    pub(crate) fn acted(&self) -> bool {
        self.spec.acted.map_or_else(|| self.spec.fault.acts(), |flag| flag.0)
    }

    pub(crate) fn delay(&self) -> Option<Duration> {
        self.spec.delay.map(|span| Duration::from_millis(span.0.unsigned_abs()))
    }

    pub(crate) fn status(&self) -> u16 {
        self.spec.status.unwrap_or(500)
    }

    pub(crate) fn body(&self) -> Option<&Value> {
        self.spec.body.as_ref()
    }

    /// Bytes of a `large` answer.
    pub(crate) fn size(&self) -> usize {
        self.spec.size.map_or(10_000_000, |size| size.0)
    }

    fn fits(&self, asked: &Asked<'_>) -> bool {
        let spec = &self.spec;
        spec.vendor == asked.vendor
            && self.lasts(asked.now)
            && spec.host.as_deref().is_none_or(|host| host.eq_ignore_ascii_case(asked.host))
            && spec.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(asked.method))
            && spec.path.as_deref().is_none_or(|pattern| matches(pattern, asked.path))
    }

    fn lasts(&self, now: i64) -> bool {
        self.from <= now && now < self.until
    }

    /// Counts a request that fits, and says whether it is one of those to be struck.
    fn is_due(&self) -> bool {
        let number = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        let Some(number) = number.checked_sub(self.spec.skip).filter(|&number| number > 0) else { return false };
        number.is_multiple_of(self.spec.every.unwrap_or(1))
            && self.struck.fetch_add(1, Ordering::Relaxed) < self.spec.count.unwrap_or(u64::MAX)
    }
}

fn check(spec: &FaultSpec, at: &str, problems: &mut Vec<String>) {
    let mut wrong = |is_wrong: bool, message: &str| {
        if is_wrong {
            problems.push(format!("{at}: {message}"));
        }
    };
    let narrowed = spec.host.is_some() || spec.method.is_some() || spec.path.is_some();
    let counted = spec.skip > 0 || spec.count.is_some() || spec.every.is_some();
    let is = |kind: FaultKind| spec.fault == kind;
    wrong(
        is(FaultKind::Refuse) && (narrowed || counted),
        "`refuse` shuts the whole port: only `from` and `until` go with it; `hang_up` strikes single requests",
    );
    let has_sessions = !matches!(spec.vendor, Vendor::Slack | Vendor::Mail | Vendor::T7);
    wrong(
        is(FaultKind::Expired) && !has_sessions,
        "the chat, the mail server and the model have no sessions that run out",
    );
    wrong(
        is(FaultKind::Large) && matches!(spec.vendor, Vendor::Mail | Vendor::T7),
        "what the mail server and the model say is never large",
    );
    wrong(is(FaultKind::Status) != spec.status.is_some(), "`fault: status` and `status: 500` go together");
    wrong(spec.status.is_some_and(|status| !(200..=599).contains(&status)), "`status` must be between 200 and 599");
    wrong(is(FaultKind::Delay) && spec.delay.is_none(), "`fault: delay` needs a `delay`");
    wrong(spec.size.is_some() && !is(FaultKind::Large), "`size` goes with `fault: large`");
    wrong(
        spec.body.is_some() && !is(FaultKind::Status) && !is(FaultKind::Garbage),
        "`body` goes with `fault: status` or `fault: garbage`",
    );
    wrong(spec.every == Some(0), "`every` must be 1 or more");
    wrong(spec.host.is_some() && spec.vendor != Vendor::Velocloud, "only VeloCloud has hosts");
    wrong(
        spec.acted.is_some() && matches!(spec.fault, FaultKind::Refuse | FaultKind::Expired | FaultKind::Delay),
        "`acted` has no meaning here",
    );
}

/// Whether a path fits a pattern in which `*` stands for any text.
fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(place) => rest = &rest[place + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> (Faults, Vec<String>) {
        let specs: Vec<FaultSpec> = serde_yaml::from_str(text).unwrap();
        let mut problems = Vec::new();
        let faults = Faults::build(&specs, 1_000_000, &mut problems);
        (faults, problems)
    }

    fn asked(path: &str, now: i64) -> Asked<'_> {
        Asked { vendor: Vendor::Bruin, host: "", method: "GET", path, now }
    }

    #[test]
    fn paths_are_matched_with_stars() {
        assert!(matches("/api/Ticket/*/notes", "/api/Ticket/5/notes"));
        assert!(matches("/api/*", "/api/"));
        assert!(matches("*/notes*", "/api/Ticket/5/notes/advanced"));
        assert!(!matches("/api/Ticket/*/notes", "/api/Ticket/5/notes/advanced"));
        assert!(!matches("/api/Ticket", "/api/Ticket/basic"));
        assert!(!matches("/ab*ba", "/aba"));
    }

    #[test]
    fn strikes_every_nth_after_some_at_most_so_often() {
        let (faults, problems) = faults("[{fault: cut, vendor: bruin, skip: 2, every: 3, count: 2}]");
        assert_eq!(problems, Vec::<String>::new());
        let struck: Vec<usize> = (1..=15).filter(|_| faults.strike(&asked("/x", 0)).is_some()).collect();
        assert_eq!(struck, [5, 8]);
    }

    #[test]
    fn lasts_from_until_and_only_for_its_path() {
        let (faults, _) = faults("[{fault: silence, vendor: bruin, path: /api/*, from: start, until: +10s}]");
        assert!(faults.strike(&asked("/api/x", 999_999)).is_none());
        assert!(faults.strike(&asked("/identity", 1_000_000)).is_none());
        assert!(faults.strike(&asked("/api/x", 1_000_000)).is_some());
        assert!(faults.strike(&asked("/api/x", 1_010_000)).is_none());
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        let (_, problems) = faults(
            "[{fault: refuse, vendor: bruin, path: /x}, {fault: status, vendor: bruin}, {fault: expired, vendor: slack}, \
             {fault: delay, vendor: slack}, {fault: status, vendor: bruin, status: 99}, {fault: cut, vendor: slack, host: h}]",
        );
        assert_eq!(problems.len(), 6, "{problems:?}");
    }
}
