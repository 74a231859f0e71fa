//! A real store of objects: PyPI's moto, which checks signatures by an implementation that is not ours.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use crate::locate::{Program, target_folder};
use crate::server::{Place, ProgramName, Protocol, Server};

/// A store of objects. Run by the `python3` that `WF_PYTHON` names, else the system's.
pub type S3Server = Server<S3Config>;

/// Who may use the store, and the bucket that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Config {
    pub access_key: String,
    pub secret_key: String,
    pub bucket: String,
}

impl Default for S3Config {
    fn default() -> Self {
        Self { access_key: "AKIATESTTESTTESTTEST".into(), secret_key: "test-secret".into(), bucket: "reports".into() }
    }
}

const SCRIPT: &str = include_str!("s3_server.py");

impl Protocol for S3Config {
    const SCHEME: &'static str = "http";

    fn program(&self) -> ProgramName {
        ProgramName(Program { name: "python3", variable: "WF_PYTHON", tool: None })
    }

    fn prepare(&self, place: &Place<'_>) -> io::Result<Vec<OsString>> {
        let script = place.folder.join("s3_server.py");
        std::fs::write(&script, SCRIPT)?;
        let settings = format!(
            r#"{{"port": {}, "name": {:?}, "access_key": {:?}, "secret_key": {:?}, "bucket": {:?}}}"#,
            place.port, place.name, self.access_key, self.secret_key, self.bucket
        );
        // the package lies where scripts/install-test-servers puts it, or where the system has it
        let with_path = format!(
            "import sys; sys.path.insert(0, {:?}); exec(compile(open({:?}).read(), 's3_server.py', 'exec'))",
            target_folder().join("tools/python").to_string_lossy(),
            script.to_string_lossy(),
        );
        Ok(vec!["-c".into(), with_path.into(), settings.into()])
    }

    fn greet(&self, mut stream: TcpStream, place: &Place<'_>, _pid: u32) -> io::Result<String> {
        stream.write_all(b"GET /_name HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if !answer.ends_with(place.name) {
            return Err(io::Error::other(format!("unexpected answer {answer:?}")));
        }
        Ok("moto".to_owned())
    }
}
