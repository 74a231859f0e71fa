//! A child process that never outlives the test that started it.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};

/// A running server and its guard.
///
/// Dropping kills both. But a test binary may end without dropping anything (a server in a `static`, SIGKILL, a run
/// that was cut off); the guard, a shell whose standard input is a pipe of ours, then sees the pipe close and kills
/// the server.
pub(crate) struct Process {
    child: Child,
    guard: Child,
}

impl Process {
    /// Starts `program`; what it prints goes to the end of `log`.
    pub(crate) fn spawn(program: &Path, arguments: &[OsString], folder: &Path, log: &Path) -> io::Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let guard = Command::new("/bin/sh")
            .args(["-c", "read _; kill -9 \"$0\"", &child.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match guard {
            Ok(guard) => Ok(Self { child, guard }),
            Err(error) => {
                end(&mut child);
                Err(error)
            }
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How the process ended, if it did.
    pub(crate) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Stops the process in its tracks (SIGSTOP): its sockets stay open and nothing is answered.
    pub(crate) fn pause(&self) -> io::Result<()> {
        self.signal(Signal::STOP)
    }

    /// Lets a paused process go on (SIGCONT).
    pub(crate) fn resume(&self) -> io::Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), signal)?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The guard first: afterwards the server's id may belong to somebody else.
        end(&mut self.guard);
        end(&mut self.child);
    }
}

/// SIGKILL, which also ends a paused process, and wait. An error means that it has already ended.
fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::thread;
    use std::time::{Duration, Instant};

    fn sleeper(folder: &Path) -> Process {
        Process::spawn(Path::new("/bin/sleep"), &["600".into()], folder, &folder.join("log")).unwrap()
    }

    /// The state letter of a process: `S` sleeping, `T` stopped, `Z` ended and not yet waited for; none when it is gone.
    fn state(id: u32) -> Option<char> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        stat.rsplit(") ").next()?.chars().next()
    }

    fn becomes(id: u32, wanted: impl Fn(Option<char>) -> bool) -> bool {
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end {
            if wanted(state(id)) {
                return true;
            }
            thread::sleep(Duration::from_millis(5));
        }
        false
    }

    #[test]
    fn dropping_ends_the_process_even_while_it_is_paused() {
        let folder = tempfile::tempdir().unwrap();
        let process = sleeper(folder.path());
        let (id, guard) = (process.id(), process.guard.id());
        process.pause().unwrap();
        assert!(becomes(id, |state| state == Some('T')));
        drop(process);
        assert_eq!((state(id), state(guard)), (None, None));
    }

    #[test]
    fn a_paused_process_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let process = sleeper(folder.path());
        process.pause().unwrap();
        assert!(becomes(process.id(), |state| state == Some('T')));
        process.resume().unwrap();
        assert!(becomes(process.id(), |state| state == Some('S')));
    }

    #[test]
    fn the_guard_ends_the_process_when_the_test_binary_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let mut process = sleeper(folder.path());
        // What the kernel does when this process dies: the write end of the pipe closes.
        drop(process.guard.stdin.take());
        assert!(becomes(process.id(), |state| matches!(state, None | Some('Z'))));
        assert!(process.ended().unwrap().is_some());
    }
}
