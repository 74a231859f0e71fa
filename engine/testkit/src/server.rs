//! What NATS, Redis, mail and object servers have in common: a real process on a loopback port, ready when it speaks its protocol.

use std::ffi::OsString;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use std::{fs, process};

use tempfile::TempDir;

use crate::count;
use crate::error::StartError;
use crate::locate::{Program, target_folder};
use crate::ports::free_port;
use crate::process::Process;

/// How long a server may take until it speaks; generous, since a loaded machine is no reason to fail.
const READY_WITHIN: Duration = Duration::from_secs(30);
const POLL_EVERY: Duration = Duration::from_millis(10);
/// Longest time that one answer of the handshake may take.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Other processes may take a port between its choice and the server's start.
const PORTS_TRIED: usize = 5;

/// Where one server runs.
pub struct Place<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) port: u16,
    /// Unlike that of any other server on this machine.
    pub(crate) name: &'a str,
}

impl Place<'_> {
    /// What a server kept in files of its folder whose names begin so, in the order of their names.
    pub(crate) fn kept(&self, beginning: &str) -> Vec<String> {
        let folder = self.folder;
        let files = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
        let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
        paths.retain(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with(beginning) && name.ends_with(".json")
        });
        paths.sort();
        let read = |path: &PathBuf| fs::read_to_string(path).unwrap_or_else(|why| panic!("{path:?}: {why}"));
        paths.iter().map(read).collect()
    }
}

/// What a server speaks, together with its settings.
pub trait Protocol: Default {
    #[doc(hidden)]
    const SCHEME: &'static str;
    #[doc(hidden)]
    fn program(&self) -> ProgramName;
    /// Writes configuration files and gives the command line.
    #[doc(hidden)]
    fn prepare(&self, place: &Place<'_>) -> io::Result<Vec<OsString>>;
    /// Speaks with what listens at the port: the server's version, once it is ready to work. Fails when it is not
    /// ready yet, and when what answers is not the process that was started.
    #[doc(hidden)]
    fn greet(&self, stream: TcpStream, place: &Place<'_>, pid: u32) -> io::Result<String>;
    /// Takes away what is not in the server's folder, once it is killed.
    #[doc(hidden)]
    fn clean(&self, _place: &Place<'_>) {}
}

/// Keeps the way programs are looked for out of the public trait.
#[doc(hidden)]
pub struct ProgramName(pub(crate) Program);

/// A real server on a free port of 127.0.0.1 with a folder of its own; killed when dropped.
pub struct Server<P: Protocol> {
    protocol: P,
    program: &'static str,
    binary: PathBuf,
    folder: TempDir,
    name: String,
    port: u16,
    process: Option<Process>,
    version: String,
}

impl<P: Protocol> Server<P> {
    /// Starts a server with default settings and waits until it is ready.
    ///
    /// # Panics
    /// When it can not be started, so that the test fails with the reason.
    #[track_caller]
    pub fn start() -> Self {
        Self::start_with(P::default())
    }

    /// Starts a server with these settings and waits until it is ready.
    ///
    /// # Panics
    /// When it can not be started, so that the test fails with the reason.
    #[track_caller]
    pub fn start_with(settings: P) -> Self {
        match Self::try_start(settings) {
            Ok(server) => server,
            Err(error) => panic!("{error}"),
        }
    }

    /// Like [`Server::start_with`], for those who want to see the error.
    pub fn try_start(settings: P) -> Result<Self, StartError> {
        let ProgramName(program) = settings.program();
        let binary = program.find()?;
        let prepare = |source| StartError::Prepare { program: program.name, source };
        let parent = target_folder().join("peers");
        fs::create_dir_all(&parent).map_err(prepare)?;
        let folder = tempfile::Builder::new().prefix(program.name).tempdir_in(parent).map_err(prepare)?;
        let port = free_port();
        let name = format!("{}-{}-{port}", program.name, process::id());
        let mut server = Self {
            protocol: settings,
            program: program.name,
            binary,
            folder,
            name,
            port,
            process: None,
            version: String::new(),
        };
        for _ in 1..PORTS_TRIED {
            match server.launch() {
                Err(StartError::Ended { log, .. }) if log.to_lowercase().contains("address already in use") => {
                    server.port = free_port();
                }
                other => return other.map(|()| server),
            }
        }
        server.launch().map(|()| server)
    }

    /// Kills the server and starts it again at the same port with the same folder, so with what it had written there.
    ///
    /// # Panics
    /// When it can not be started, so that the test fails with the reason.
    #[track_caller]
    pub fn restart(&mut self) {
        self.kill();
        if let Err(error) = self.launch() {
            panic!("{error}");
        }
    }

    /// Kills the server (SIGKILL): connections break, new ones are refused, until [`Server::restart`].
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Stops the server in its tracks: connections stay open, new ones are accepted by the kernel, nothing is answered.
    ///
    /// # Panics
    /// When the server was killed or has ended.
    #[track_caller]
    pub fn pause(&self) {
        self.signal("pause", Process::pause);
    }

    /// Lets a paused server go on.
    ///
    /// # Panics
    /// When the server was killed or has ended.
    #[track_caller]
    pub fn resume(&self) {
        self.signal("resume", Process::resume);
    }

    #[track_caller]
    fn signal(&self, what: &str, send: impl Fn(&Process) -> io::Result<()>) {
        match &self.process {
            None => panic!("can not {what} {}: it was killed", self.program),
            Some(process) => {
                if let Err(error) = send(process) {
                    panic!("can not {what} {}: {error}", self.program);
                }
            }
        }
    }

    /// The address as clients want it, for example `nats://127.0.0.1:15000`.
    pub fn url(&self) -> String {
        format!("{}://{}", P::SCHEME, self.address())
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The version that the server says it has, for example `2.9.10`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What the server printed so far.
    pub fn log(&self) -> String {
        fs::read(self.log_file()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    pub(crate) fn protocol(&self) -> &P {
        &self.protocol
    }

    pub(crate) fn place(&self) -> Place<'_> {
        Place { folder: self.folder.path(), port: self.port, name: &self.name }
    }

    fn launch(&mut self) -> Result<(), StartError> {
        let program = self.program;
        let prepare = |source| StartError::Prepare { program, source };
        let arguments = self.protocol.prepare(&self.place()).map_err(prepare)?;
        let mut process = Process::spawn(&self.binary, &arguments, self.folder.path(), &self.log_file())
            .map_err(|source| StartError::Run { program: self.binary.clone(), source })?;
        self.version = self.wait_until_ready(&mut process)?;
        count::record(program, &self.version, process.id()).map_err(prepare)?;
        self.process = Some(process);
        Ok(())
    }

    fn wait_until_ready(&self, process: &mut Process) -> Result<String, StartError> {
        let program = self.program;
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            let reason = match self.greet(process.id()) {
                Ok(version) => return Ok(version),
                Err(error) => error.to_string(),
            };
            if let Ok(Some(status)) = process.ended() {
                let log = self.log();
                return Err(match missing_package(&log) {
                    Some(package) => StartError::MissingPackage { program, package: package.to_owned() },
                    None => StartError::Ended { program, status, log },
                });
            }
            if Instant::now() >= deadline {
                return Err(StartError::NotReady { program, waited: READY_WITHIN, reason, log: self.log() });
            }
            thread::sleep(POLL_EVERY);
        }
    }

    fn greet(&self, pid: u32) -> io::Result<String> {
        let stream = TcpStream::connect_timeout(&self.address(), ANSWER_WITHIN)?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        stream.set_write_timeout(Some(ANSWER_WITHIN))?;
        self.protocol.greet(stream, &self.place(), pid)
    }
}

impl<P: Protocol> Drop for Server<P> {
    fn drop(&mut self) {
        self.kill();
        self.protocol.clean(&self.place());
    }
}

/// What Python did not find.
fn missing_package(log: &str) -> Option<&str> {
    let (_, rest) = log.split_once("ModuleNotFoundError: No module named '")?;
    rest.split('\'').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_python_does_not_find_is_named() {
        let log = "Traceback (most recent call last):\n  File \"x\"\nModuleNotFoundError: No module named 'grpc'\n";
        assert_eq!(missing_package(log), Some("grpc"));
        assert_eq!(missing_package("it ended"), None);
    }
}
