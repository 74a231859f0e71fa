//! A real server of mailboxes: Debian's dovecot.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io::{self, BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;

use crate::certificate::{certificate, make_certificate};
use crate::locate::Program;
use crate::ports::free_port;
use crate::server::{Place, ProgramName, Protocol, Server};

/// A real `dovecot`: the binary that `WF_DOVECOT` names, else the system's. It offers STARTTLS; at [`ImapServer::secure_port`] it is encrypted
/// from the first byte.
pub type ImapServer = Server<ImapConfig>;

/// Who has a mailbox, and what lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImapConfig {
    pub user: String,
    pub password: String,
    /// Unread mails in the inbox, as they came.
    pub mails: Vec<String>,
    /// Where it is encrypted from the first byte.
    pub secure_port: u16,
}

impl Default for ImapConfig {
    fn default() -> Self {
        Self { user: "ann".into(), password: "s3cret".into(), mails: Vec::new(), secure_port: free_port() }
    }
}

/// Whom its processes run as when root starts it: mailboxes may not be root's.
const NOBODY: (&str, &str, u32, u32) = ("nobody", "nogroup", 65_534, 65_534);

impl Protocol for ImapConfig {
    const SCHEME: &'static str = "imap";

    fn program(&self) -> ProgramName {
        ProgramName(Program { name: "dovecot", variable: "WF_DOVECOT", tool: None })
    }

    fn prepare(&self, place: &Place<'_>) -> io::Result<Vec<OsString>> {
        let folder = folder(place);
        let inbox = folder.join("mail/new");
        for part in ["mail/new", "mail/cur", "mail/tmp", "run", "state"] {
            fs::create_dir_all(folder.join(part))?;
        }
        for (number, mail) in self.mails.iter().enumerate() {
            fs::write(inbox.join(format!("{}.M{number}.test", 1_600_000_000 + number)), mail)?;
        }
        let (certificate, key) = certificate(&folder);
        make_certificate(&certificate, &key)?;
        let root = rustix::process::getuid().is_root();
        let (user, group, uid, gid) = match root {
            true => (NOBODY.0.to_owned(), NOBODY.1.to_owned(), NOBODY.2, NOBODY.3),
            false => {
                let (uid, gid) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
                (named("-un")?, named("-gn")?, uid, gid)
            }
        };
        if root {
            fs::set_permissions(&folder, Permissions::from_mode(0o755))?;
            for part in ["mail", "mail/new", "mail/cur", "mail/tmp"] {
                chown(folder.join(part), Some(uid), Some(gid))?;
            }
            for mail in fs::read_dir(&inbox)? {
                chown(mail?.path(), Some(uid), Some(gid))?;
            }
        }
        fs::write(folder.join("users"), format!("{}:{{PLAIN}}{}\n", self.user, self.password))?;
        let config = folder.join("dovecot.conf");
        let text = include_str!("dovecot.conf")
            .replace("{folder}", &folder.to_string_lossy())
            .replace("{name}", place.name)
            .replace("{user}", &user)
            .replace("{group}", &group)
            .replace("{uid}", &uid.to_string())
            .replace("{gid}", &gid.to_string())
            .replace("{port}", &place.port.to_string())
            .replace("{secure_port}", &self.secure_port.to_string());
        fs::write(&config, text)?;
        Ok(vec!["-F".into(), "-c".into(), config.into()])
    }

    fn greet(&self, stream: TcpStream, place: &Place<'_>, _pid: u32) -> io::Result<String> {
        let mut banner = String::new();
        BufReader::new(stream).read_line(&mut banner)?;
        if !banner.contains(place.name) {
            return Err(io::Error::other(format!("unexpected banner {banner:?}")));
        }
        Ok("dovecot".to_owned())
    }

    fn clean(&self, place: &Place<'_>) {
        let _ = fs::remove_dir_all(folder(place));
    }
}

/// Its processes have another user than root, who may not enter the folders of root: they have one beside all of these.
fn folder(place: &Place<'_>) -> PathBuf {
    std::env::temp_dir().join(place.name)
}

fn named(what: &str) -> io::Result<String> {
    let said = std::process::Command::new("id").arg(what).output()?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

impl Server<ImapConfig> {
    /// Where it is encrypted from the first byte.
    #[must_use]
    pub fn secure_port(&self) -> u16 {
        self.protocol().secure_port
    }

    /// Its certificate, in PEM; it names `localhost` and `127.0.0.1`.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        certificate(&folder(&self.place())).0
    }

    /// Mails that are not read yet, and those that are: the names of their files hold the flags.
    ///
    /// # Panics
    /// When the mailbox cannot be read.
    #[must_use]
    pub fn unread_and_read(&self) -> (usize, usize) {
        let mail = folder(&self.place()).join("mail");
        let names = |part: &str| -> Vec<String> {
            let files = fs::read_dir(mail.join(part)).unwrap_or_else(|why| panic!("{part} of {mail:?}: {why}"));
            files.flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect()
        };
        let all: Vec<String> = names("new").into_iter().chain(names("cur")).collect();
        let read =
            all.iter().filter(|name| name.rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('S'))).count();
        (all.len() - read, read)
    }
}
