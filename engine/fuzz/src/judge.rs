//! Asks a worker, and survives it.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::Input;
use crate::targets::Wrong;
use crate::worker::Verdict;

/// Real time for one input. A bare tree takes a tenth of a second; a program without optimisation and a busy machine take ten times that.
pub const LONGEST: Duration = Duration::from_secs(20);

/// Judges inputs of one target, each in a process that is there for many of them.
pub struct Judge {
    program: PathBuf,
    target: String,
    longest: Duration,
    worker: Option<Worker>,
}

struct Worker {
    process: Child,
    stdin: ChildStdin,
    verdicts: Receiver<String>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Judge {
    /// `program`: this one, which is a worker when it is called with `--worker TARGET`.
    #[must_use]
    pub fn new(program: PathBuf, target: &str) -> Self {
        Self { program, target: target.to_owned(), longest: LONGEST, worker: None }
    }

    /// The same with another patience.
    #[must_use]
    pub fn patient(self, longest: Duration) -> Self {
        Self { longest, ..self }
    }

    /// # Errors
    /// No worker can be started.
    pub fn ask(&mut self, input: &Input) -> anyhow::Result<Verdict> {
        let bytes = input.write();
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.start()?,
        };
        let length = u32::try_from(bytes.len())?.to_le_bytes();
        // a worker that died before it read all says so below
        let _ = worker.stdin.write_all(&length).and_then(|()| worker.stdin.write_all(&bytes));
        let _ = worker.stdin.flush();
        match worker.verdicts.recv_timeout(self.longest) {
            Ok(line) => {
                let verdict = Verdict::read(&line).ok_or_else(|| anyhow::anyhow!("the worker said: {line}"))?;
                self.worker = Some(worker);
                Ok(verdict)
            }
            Err(RecvTimeoutError::Timeout) => {
                let detail = format!("no verdict within {} s", self.longest.as_secs());
                Ok(Verdict::Wrong(Wrong::new("hang", detail)))
            }
            Err(RecvTimeoutError::Disconnected) => {
                let detail = worker.process.wait()?.to_string();
                Ok(Verdict::Wrong(Wrong::new("the process died: stack or memory", detail)))
            }
        }
    }

    fn start(&self) -> anyhow::Result<Worker> {
        let mut command = Command::new(&self.program);
        command.arg("--worker").arg(&self.target);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn()?;
        let (stdin, stdout) = (process.stdin.take(), process.stdout.take());
        let (Some(stdin), Some(stdout)) = (stdin, stdout) else { anyhow::bail!("the worker has no pipes") };
        let (out, verdicts) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if out.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Worker { process, stdin, verdicts })
    }
}
