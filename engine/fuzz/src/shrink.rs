//! A smaller input that is wrong in the same way.

use std::ops::Range;
use std::time::{Duration, Instant};

use crate::Input;
use crate::judge::Judge;
use crate::targets::Wrong;
use crate::worker::Verdict;

/// What making an input small may take.
const LONGEST: Duration = Duration::from_secs(60);
/// Below this it is cut character by character, above it only by lines.
const SMALL: usize = 4_000;

/// The smallest that was found in a minute.
///
/// # Errors
/// No worker can be started.
pub fn shrink(judge: &mut Judge, input: &Input, wrong: &Wrong) -> anyhow::Result<Input> {
    let mut shrinking = Shrinking { judge, what: &wrong.what, best: input.clone(), until: Instant::now() + LONGEST };
    loop {
        let before = shrinking.best.size();
        shrinking.parts()?;
        for part in 0..shrinking.best.parts.len() {
            shrinking.pieces(part, lines)?;
            if shrinking.best.size() <= SMALL {
                shrinking.pieces(part, characters)?;
            }
        }
        if shrinking.best.size() == before || shrinking.over() {
            return Ok(shrinking.best);
        }
    }
}

struct Shrinking<'a> {
    judge: &'a mut Judge,
    what: &'a str,
    best: Input,
    until: Instant,
}

impl Shrinking<'_> {
    fn over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Takes it when it is wrong in the same way.
    fn attempt(&mut self, input: Input) -> anyhow::Result<bool> {
        if self.over() {
            return Ok(false);
        }
        let same = matches!(self.judge.ask(&input)?, Verdict::Wrong(wrong) if wrong.what == self.what);
        if same {
            self.best = input;
        }
        Ok(same)
    }

    /// Without whole parts.
    fn parts(&mut self) -> anyhow::Result<()> {
        let mut part = 0;
        while part < self.best.parts.len() {
            let mut smaller = self.best.clone();
            smaller.parts.remove(part);
            if !self.attempt(smaller)? {
                part += 1;
            }
        }
        Ok(())
    }

    /// Without pieces of a part: halves of it, then quarters, down to single ones.
    fn pieces(&mut self, part: usize, cut: fn(&[u8]) -> Vec<Range<usize>>) -> anyhow::Result<()> {
        let Some(mut size) = self.best.parts.get(part).map(|p| cut(&p.bytes).len()) else { return Ok(()) };
        while size > 0 {
            let mut at = 0;
            loop {
                let mut smaller = self.best.clone();
                let Some(bytes) = smaller.parts.get_mut(part).map(|p| &mut p.bytes) else { break };
                let pieces = cut(bytes);
                let Some(first) = pieces.get(at) else { break };
                let last = pieces.get((at + size).min(pieces.len()) - 1).unwrap_or(first);
                bytes.drain(first.start..last.end);
                if !self.attempt(smaller)? {
                    at += size;
                }
            }
            size /= 2;
        }
        Ok(())
    }
}

fn lines(bytes: &[u8]) -> Vec<Range<usize>> {
    ranges(bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::len))
}

/// Of what is no UTF-8 the bytes.
fn characters(bytes: &[u8]) -> Vec<Range<usize>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => ranges(text.chars().map(char::len_utf8)),
        Err(_) => ranges(bytes.iter().map(|_| 1)),
    }
}

fn ranges(lengths: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let ends = lengths.scan(0, |end, length| {
        *end += length;
        Some(*end - length..*end)
    });
    ends.collect()
}
