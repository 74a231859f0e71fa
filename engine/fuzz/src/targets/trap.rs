//! Breaks every promise on demand, so that tests see that it is noticed.

use super::{Seen, Target, Wrong};
use crate::Input;
use crate::repository::Repository;

pub(super) struct Trap;

pub(super) const NAME: &str = "trap";

impl Target for Trap {
    fn name(&self) -> &'static str {
        NAME
    }

    fn seeds(&self, _: &Repository) -> Vec<Input> {
        vec![Input::of([("do", "nothing")])]
    }

    #[allow(clippy::panic, reason = "that is what it is for")]
    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let what = input.text("do");
        if what.contains("panic") {
            panic!("as it was told");
        }
        if what.contains("catch") {
            let _ = std::panic::catch_unwind(|| panic!("nobody hears it"));
        }
        if what.contains("hang") {
            loop {
                std::thread::park();
            }
        }
        if what.contains("overflow") {
            let _ = std::hint::black_box(down(1));
        }
        if what.contains("memory") {
            let _ = std::hint::black_box(vec![1_u8; 1 << 40]);
        }
        if what.contains("wrong") {
            return Err(Wrong::new("as it was told", what));
        }
        Ok(Seen::default())
    }
}

/// Without an end.
fn down(n: u64) -> u64 {
    let kept = std::hint::black_box([n; 64]);
    if n == 0 { 0 } else { down(kept[0] + 1) + kept[1] }
}
