//! Connections of transports that are not HTTP/1: whom to reach, encrypted or not.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use wf_plan::Word;

use crate::error::StartError;
use crate::http::HttpOptions;
use crate::live_face::FaceSettings;
use crate::received::Lost;

/// A server that takes longer to take a connection is not there.
const CONNECT: Duration = Duration::from_secs(30);

/// `host:port`, as a setting says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Address {
    /// A scheme before it and a slash behind it say nothing. Why it is none, in words that follow its name.
    pub(crate) fn read(text: &str, port: u16) -> Result<Self, &'static str> {
        let text = text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
        let (host, port) = match text.rsplit_once(':') {
            // colons inside brackets are of an address
            Some((host, digits)) if !digits.contains(']') => {
                (host, digits.parse().map_err(|_| "its port is no number")?)
            }
            _ => (text, port),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.chars().any(|c| c.is_whitespace() || matches!(c, '/' | '@' | '?' | '#')) {
            return Err("it is no host with a port");
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            return write!(f, "[{}]:{}", self.host, self.port);
        }
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Bytes both ways.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug> Wire for S {}

/// A server that connections are made to.
pub(crate) struct Peer {
    pub(crate) address: Address,
    /// `grpc`, `imap`, …: what whoever sends requests elsewhere knows it by.
    scheme: &'static str,
    tls: Option<Tls>,
    http: HttpOptions,
}

struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Peer {
    /// `alpn`: the protocol that is agreed upon with the encryption.
    pub(crate) fn new(
        settings: &FaceSettings<'_>,
        scheme: &'static str,
        address: Address,
        encrypted: bool,
        alpn: Option<&[u8]>,
    ) -> Result<Self, StartError> {
        let tls = || {
            let name = ServerName::try_from(address.host.clone())
                .map_err(|_| settings.unusable("its host is no name that a certificate can have"))?;
            Ok(Tls { connector: connector(settings.verifies(), settings.ca_file().as_deref(), alpn)?, name })
        };
        let tls = encrypted.then(tls).transpose()?;
        Ok(Self { address, scheme, tls, http: settings.tools.http.clone() })
    }

    /// Whether requests are to say which message they are for.
    pub(crate) fn names_requests(&self) -> bool {
        self.http.name_requests
    }

    /// A connection for such a request. Where it is sent elsewhere nothing is encrypted. The second: whether it is.
    pub(crate) async fn connect(&self, method: &str, path: &str) -> Result<(Box<dyn Wire>, bool), Lost> {
        let (stream, instead) = self.reach(method, path).await?;
        if self.tls.is_none() || instead {
            return Ok((Box::new(stream), false));
        }
        Ok((self.encrypt(stream).await?, true))
    }

    /// The same, not encrypted yet. The second: whether it is sent elsewhere.
    pub(crate) async fn reach(&self, method: &str, path: &str) -> Result<(TcpStream, bool), Lost> {
        let Address { host, port } = &self.address;
        let instead = instead(&self.http, method, self.scheme, &self.address, path);
        let opened = async {
            match instead {
                Some(address) => TcpStream::connect(address).await,
                None => TcpStream::connect((host.as_str(), *port)).await,
            }
        };
        let stream = tokio::time::timeout(CONNECT, opened).await.map_err(|_| late())?.map_err(|why| lost(&why))?;
        // a request is one write: nothing is gained by waiting for more
        let _ = stream.set_nodelay(true);
        Ok((stream, instead.is_some()))
    }

    /// Encrypts a connection that is there; without settings for it it stays as it is.
    pub(crate) async fn encrypt(&self, stream: impl Wire + 'static) -> Result<Box<dyn Wire>, Lost> {
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        let encrypted = tokio::time::timeout(CONNECT, tls.connector.connect(tls.name.clone(), stream)).await;
        Ok(Box::new(encrypted.map_err(|_| late())?.map_err(|why| lost(&why))?))
    }
}

fn lost(why: &std::io::Error) -> Lost {
    Lost::new(Word::NoConnection, format!("no connection: {why}"))
}

fn late() -> Lost {
    Lost::new(Word::NoConnection, format!("no connection within {} s", CONNECT.as_secs()))
}

/// Where such a request is sent instead; nothing is encrypted there.
pub(crate) fn instead(
    http: &HttpOptions,
    method: &str,
    scheme: &str,
    address: &Address,
    path: &str,
) -> Option<SocketAddr> {
    let routed = http.router.as_ref().and_then(|router| {
        let url = Url::parse(&format!("{scheme}://{address}{path}")).ok()?;
        router.route(method, &url)
    });
    routed.or_else(|| http.elsewhere(&address.host))
}

fn connector(verify: bool, ca_file: Option<&Path>, alpn: Option<&[u8]>) -> Result<TlsConnector, StartError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let failed = |why: String| StartError::Tls(why);
    let verifier: Arc<dyn ServerCertVerifier> = if verify {
        let extra = ca_file.map(certificates).transpose()?.unwrap_or_default();
        let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider.clone());
        Arc::new(verifier.map_err(|why| failed(why.to_string()))?)
    } else {
        Arc::new(Unverified(provider.clone()))
    };
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|why| failed(why.to_string()))?;
    let mut config = config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = alpn.into_iter().map(<[u8]>::to_vec).collect();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, StartError> {
    let failed = |why: rustls::pki_types::pem::Error| StartError::Tls(format!("{}: {why}", file.display()));
    let all = CertificateDer::pem_file_iter(file).map_err(failed)?;
    all.collect::<Result<_, _>>().map_err(failed)
}

/// `tls: {verify: false}`: any certificate is taken, but whoever shows one must have its key.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_host_and_a_port() {
        let read = |text: &str| Address::read(text, 443).map(|address| address.to_string());
        assert_eq!(read("model.example.com:8443"), Ok("model.example.com:8443".to_owned()));
        assert_eq!(read("https://model.example.com/"), Ok("model.example.com:443".to_owned()));
        assert_eq!(read("[::1]:50051"), Ok("[::1]:50051".to_owned()));
        assert_eq!(read("[::1]"), Ok("[::1]:443".to_owned()));
        assert_eq!(read("model:high"), Err("its port is no number"));
        assert_eq!(read(":443"), Err("it is no host with a port"));
        assert_eq!(read("user@host/path"), Err("it is no host with a port"));
    }
}
