//! A line that shows how far a run is, on a terminal only.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use wf_host::driver::Progress;

/// How often the line is drawn.
const BEAT: Duration = Duration::from_millis(200);

/// Draws what `progress` says on standard error until the run is over; nothing when standard error is no terminal.
pub fn watch(mut progress: watch::Receiver<Progress>) -> Option<JoinHandle<()>> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    Some(tokio::spawn(async move {
        let mut shown = false;
        loop {
            tokio::time::sleep(BEAT).await;
            let line = line(&progress.borrow_and_update());
            let over = progress.borrow().over || progress.has_changed().is_err();
            let mut err = std::io::stderr().lock();
            if over {
                if shown {
                    let _ = write!(err, "\r\x1b[K");
                }
                return;
            }
            let _ = write!(err, "\r\x1b[K{line}");
            let _ = err.flush();
            shown = true;
        }
    }))
}

/// At most 79 characters, the loop that goes on last.
fn line(progress: &Progress) -> String {
    let going = progress.loops.iter().rfind(|l| l.over < l.of);
    let going = going.map(|l| format!("{} {}/{}, ", l.title, l.over, l.of)).unwrap_or_default();
    let undecided = if progress.undecided > 0 { format!(", {} undecided", progress.undecided) } else { String::new() };
    let held = if progress.held > 0 { format!(", {} held", progress.held) } else { String::new() };
    let line = format!("{going}{} calls, {} sent{held}{undecided}", progress.calls, progress.sent);
    line.chars().take(79).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_host::driver::LoopProgress;

    #[test]
    fn the_loop_that_goes_on_is_shown() {
        let loops = vec![
            LoopProgress { title: "host in hosts".into(), over: 4, of: 4 },
            LoopProgress { title: "ticket in tickets".into(), over: 7, of: 60 },
        ];
        let progress = Progress { loops, calls: 12, sent: 3, ..Progress::default() };
        assert_eq!(line(&progress), "ticket in tickets 7/60, 12 calls, 3 sent");
    }
}
