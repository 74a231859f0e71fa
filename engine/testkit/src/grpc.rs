//! A real gRPC server: Google's for Python (PyPI's grpcio), in a process of its own.

use std::ffi::OsString;
use std::io;
use std::net::TcpStream;
use std::path::PathBuf;

use crate::certificate::{certificate, make_certificate};
use crate::locate::{Program, target_folder};
use crate::quoted::quoted;
use crate::server::{Place, ProgramName, Protocol, Server};

/// A gRPC server of the services of one `.proto` file. Run by the `python3` that `WF_PYTHON` names, else the system's.
pub type GrpcServer = Server<GrpcConfig>;

/// What a gRPC server serves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GrpcConfig {
    /// The text of the `.proto` file.
    pub proto: String,
    /// JSON: by `package.Service/Method` one of `{"message": {…}}`, `{"code": "INTERNAL", "details": "…"}`, both with `"sleep": seconds`.
    pub answers: String,
    /// Whether it encrypts; its certificate is [`GrpcServer::server_certificate`].
    pub tls: bool,
}

const SCRIPT: &str = include_str!("grpc_server.py");
const PROTO: &str = "served.proto";

impl Protocol for GrpcConfig {
    const SCHEME: &'static str = "grpc";

    fn program(&self) -> ProgramName {
        ProgramName(Program { name: "python3", variable: "WF_PYTHON", tool: None })
    }

    fn prepare(&self, place: &Place<'_>) -> io::Result<Vec<OsString>> {
        let script = place.folder.join("grpc_server.py");
        std::fs::write(&script, SCRIPT)?;
        std::fs::write(place.folder.join(PROTO), &self.proto)?;
        let (certificate, key) = certificate(place.folder);
        if self.tls && !certificate.exists() {
            make_certificate(&certificate, &key)?;
        }
        let file = |path: &PathBuf| if self.tls { quoted(&path.to_string_lossy()) } else { "null".to_owned() };
        let answers = if self.answers.is_empty() { "{}" } else { &self.answers };
        let settings = format!(
            r#"{{"port": {}, "name": {}, "folder": {}, "proto": {}, "certificate": {}, "key": {}, "answers": {answers}}}"#,
            place.port,
            quoted(place.name),
            quoted(&place.folder.to_string_lossy()),
            quoted(PROTO),
            file(&certificate),
            file(&key),
        );
        // the package lies where scripts/install-test-servers puts it, or where the system has it
        let with_path = format!(
            "import sys; sys.path.insert(0, {}); exec(compile(open({}).read(), 'grpc_server.py', 'exec'))",
            quoted(&target_folder().join("tools/python").to_string_lossy()),
            quoted(&script.to_string_lossy()),
        );
        Ok(vec!["-c".into(), with_path.into(), settings.into()])
    }

    fn greet(&self, _: TcpStream, place: &Place<'_>, _pid: u32) -> io::Result<String> {
        let ready = std::fs::read_to_string(place.folder.join("ready"))?;
        let version = ready.strip_prefix(place.name).map(|version| version.trim().to_owned());
        version.filter(|version| !version.is_empty()).ok_or_else(|| io::Error::other("it is not ready"))
    }
}

impl Server<GrpcConfig> {
    /// The calls that came, in their order, each as JSON: `{method, message, metadata, time_left}`.
    ///
    /// # Panics
    /// When they cannot be read.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        self.place().kept("call-")
    }

    /// The certificate of a server with `tls`, in PEM; it names `localhost` and `127.0.0.1`.
    #[must_use]
    pub fn server_certificate(&self) -> PathBuf {
        certificate(self.place().folder).0
    }
}
