//! What is logged while a case runs, so that it can be searched for secrets.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::Dispatch;
use tracing_subscriber::fmt::MakeWriter;

/// Everything that was logged on a thread, from debug upward.
#[derive(Clone, Debug, Default)]
pub(crate) struct Logs {
    lines: Arc<Mutex<Vec<u8>>>,
}

impl Logs {
    /// What catches it; to be made the thread's default.
    pub(crate) fn dispatch(&self) -> Dispatch {
        let subscriber = tracing_subscriber::fmt()
            .with_writer(self.clone())
            .with_ansi(false)
            .without_time()
            .with_max_level(tracing::Level::DEBUG)
            .finish();
        Dispatch::new(subscriber)
    }

    /// What was logged since it was asked last.
    pub(crate) fn take(&self) -> String {
        let lines = std::mem::take(&mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8_lossy(&lines).into_owned()
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_can_be_read_once() {
        let logs = Logs::default();
        tracing::dispatcher::with_default(&logs.dispatch(), || {
            tracing::debug!(token = "abc", "asked");
            tracing::trace!("not kept");
        });
        let said = logs.take();
        assert!(said.contains("asked") && said.contains("abc") && !said.contains("not kept"), "{said}");
        assert_eq!(logs.take(), "");
    }
}
