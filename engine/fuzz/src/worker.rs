//! The process that takes inputs apart. It may die of one: whoever asks starts another.
//!
//! In: a length (four bytes, the low one first) and as many bytes, again and again. Out: a line a time, [`Verdict`] as text.

use std::cell::RefCell;
use std::io::{ErrorKind, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::Input;
use crate::targets::{self, Target, Wrong};

/// Bytes of addresses: what no input may need.
pub const MEMORY: u64 = 3 << 30;

/// As the main thread of a program has it.
const STACK: usize = 8 << 20;

/// What came of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All that was promised holds. Equal numbers: answered in the same way.
    Fine(u64),
    Wrong(Wrong),
}

impl Verdict {
    fn line(&self) -> String {
        let flat = |text: &str| text.replace(['\n', '\r', '\t'], " ");
        match self {
            Self::Fine(way) => format!("fine\t{way}"),
            Self::Wrong(wrong) => format!("wrong\t{}\t{}", flat(&wrong.what), flat(&wrong.detail)),
        }
    }

    /// `None`: no verdict, the worker speaks otherwise.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.trim_end_matches('\n').splitn(3, '\t');
        match (words.next()?, words.next()?) {
            ("fine", way) => way.parse().ok().map(Self::Fine),
            ("wrong", what) => Some(Self::Wrong(Wrong::new(what, words.next().unwrap_or_default()))),
            _ => None,
        }
    }
}

/// Answers inputs for a target until there are none.
///
/// # Errors
/// There is no such target, or nobody listens any more.
pub fn serve(target: &str) -> anyhow::Result<()> {
    let limit = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    setrlimit(Resource::As, limit)?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        *lock(&PANIC) = Some((place, panic.payload_as_str().unwrap_or("no text").to_owned()));
    }));
    let target = target.to_owned();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let mut target = targets::by_name(&target).ok_or_else(|| anyhow::anyhow!("there is no target `{target}`"))?;
        let (mut stdin, mut stdout) = (std::io::stdin().lock(), std::io::stdout().lock());
        while let Some(input) = next(&mut stdin)? {
            writeln!(stdout, "{}", judge(&mut *target, &Input::read(&input)).line())?;
            stdout.flush()?;
        }
        Ok(())
    })?;
    thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the worker broke off")))
}

/// Where the last panic was, and what it said; of any thread.
static PANIC: Mutex<Option<(String, String)>> = Mutex::new(None);

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn judge(target: &mut dyn Target, input: &Input) -> Verdict {
    *lock(&PANIC) = None;
    let target = RefCell::new(target);
    let checked = panic::catch_unwind(AssertUnwindSafe(|| target.borrow_mut().check(input)));
    // one that somebody else caught counts, too
    if let Some((place, text)) = lock(&PANIC).take() {
        return Verdict::Wrong(Wrong::new(format!("panic at {place}"), text));
    }
    match checked {
        Ok(Ok(seen)) => Verdict::Fine(seen.way()),
        Ok(Err(wrong)) => Verdict::Wrong(wrong),
        Err(_) => Verdict::Wrong(Wrong::new("panic", "nobody knows where")),
    }
}

fn next(from: &mut impl Read) -> anyhow::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
    from.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}
