//! A real mail server: PyPI's aiosmtpd, in a process of its own.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use crate::certificate::{certificate, make_certificate};
use crate::locate::{Program, target_folder};
use crate::quoted::quoted;
use crate::server::{Place, ProgramName, Protocol, Server};

/// A mail server that keeps what it gets. Run by the `python3` that `WF_PYTHON` names, else the system's.
pub type SmtpServer = Server<SmtpConfig>;

/// Settings of a mail server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SmtpConfig {
    /// User and password that it asks for.
    pub login: Option<(String, String)>,
    /// Whether it offers STARTTLS, and takes nothing without; its certificate is [`SmtpServer::certificate`].
    pub tls: bool,
    /// Addresses that it knows nothing of.
    pub refused_recipients: Vec<String>,
    /// What it says to every mail instead of taking it: `554 5.7.1 rejected`.
    pub refuses: Option<String>,
}

const SCRIPT: &str = include_str!("smtp_server.py");

impl Protocol for SmtpConfig {
    const SCHEME: &'static str = "smtp";

    fn program(&self) -> ProgramName {
        ProgramName(Program { name: "python3", variable: "WF_PYTHON", tool: None })
    }

    fn prepare(&self, place: &Place<'_>) -> io::Result<Vec<OsString>> {
        let script = place.folder.join("smtp_server.py");
        std::fs::write(&script, SCRIPT)?;
        let (certificate, key) = certificate(place.folder);
        if self.tls && !certificate.exists() {
            make_certificate(&certificate, &key)?;
        }
        let file = |path: &Path| if self.tls { quoted(&path.to_string_lossy()) } else { "null".to_owned() };
        let login = self
            .login
            .as_ref()
            .map_or_else(|| "null".to_owned(), |(user, password)| format!("[{}, {}]", quoted(user), quoted(password)));
        let refused: Vec<String> = self.refused_recipients.iter().map(|one| quoted(one)).collect();
        let settings = format!(
            r#"{{"port": {}, "name": {}, "folder": {}, "certificate": {}, "key": {}, "login": {login}, "refused_recipients": [{}], "refuses": {}}}"#,
            place.port,
            quoted(place.name),
            quoted(&place.folder.to_string_lossy()),
            file(&certificate),
            file(&key),
            refused.join(", "),
            self.refuses.as_deref().map_or_else(|| "null".to_owned(), quoted),
        );
        // the package lies where scripts/install-test-servers puts it, or where the system has it
        let with_path = format!(
            "import sys; sys.path.insert(0, {}); exec(compile(open({}).read(), 'smtp_server.py', 'exec'))",
            quoted(&target_folder().join("tools/python").to_string_lossy()),
            quoted(&script.to_string_lossy()),
        );
        Ok(vec!["-c".into(), with_path.into(), settings.into()])
    }

    fn greet(&self, mut stream: TcpStream, place: &Place<'_>, _pid: u32) -> io::Result<String> {
        let mut answers = BufReader::new(stream.try_clone()?);
        let mut banner = String::new();
        answers.read_line(&mut banner)?;
        // its own name stands in the banner: no other server has it
        if !banner.contains(place.name) {
            return Err(io::Error::other(format!("unexpected banner {banner:?}")));
        }
        stream.write_all(b"QUIT\r\n")?;
        Ok("aiosmtpd".to_owned())
    }
}

impl Server<SmtpConfig> {
    /// The mails that were taken, in their order, each as JSON: `{from, to, user, encrypted, source}`.
    ///
    /// # Panics
    /// When they cannot be read.
    #[must_use]
    pub fn mails(&self) -> Vec<String> {
        self.place().kept("mail-")
    }

    /// The certificate of a server with `tls`, in PEM; it names `localhost` and `127.0.0.1`.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        certificate(self.place().folder).0
    }
}
