//! Objects in a bucket of S3, or of a store that speaks its language (`connectors.md` §3): HTTP with a signature.

use reqwest::Url;
use wf_plan::AuthKind;

use super::objects::{content, path};
use super::signature::{Signer, sign};
use crate::build::{Built, credential};
use crate::error::StartError;
use crate::http::HttpClient;
use crate::live_face::{Ask, FaceSettings, LiveFace};
use crate::outgoing::{NotBuilt, plain};
use crate::received::{Outcome, Received};

/// The store of one file, asked by path (`https://store/bucket/key`), which all stores understand.
pub(crate) struct Bucket {
    http: HttpClient,
    endpoint: String,
    region: String,
}

const REGION: &str = "us-east-1";

/// What a store says of a login that it does not take. That a key may not do something is another matter, with the same status.
const REFUSED_LOGINS: [&str; 5] =
    ["InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "ExpiredToken", "InvalidToken"];

impl Bucket {
    /// `endpoint`: `None` is AWS itself.
    pub(crate) fn open(endpoint: Option<String>, settings: &FaceSettings<'_>) -> Result<Self, StartError> {
        let (verify, ca_file, tools) = (settings.verifies(), settings.ca_file(), settings.tools);
        let region = plain(&settings.get("options.region")).filter(|region| !region.is_empty());
        let region = region.unwrap_or_else(|| REGION.to_owned());
        let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
        let is_url =
            endpoint.parse::<Url>().is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !is_url {
            return Err(settings.unusable("it is neither http:// or https:// nor a folder, file:FOLDER"));
        }
        let http = HttpClient::new(verify, ca_file.as_deref(), tools.http.clone(), tools.clock.clone())?;
        Ok(Self { http, endpoint: endpoint.trim_end_matches('/').to_owned(), region })
    }

    fn build(&self, ask: &Ask<'_>) -> Result<Built, NotBuilt> {
        let (request, scene) = (ask.request, &ask.scene);
        let url = format!("{}/{}", self.endpoint, path(request, scene)?);
        let url = url.parse().map_err(|why| NotBuilt::Unusable(format!("the URL cannot be read: {why}")))?;
        let mut built = Built {
            method: request.verb.to_string(),
            url,
            headers: Vec::new(),
            body: None,
            follow_redirects: false,
            secret_url: false,
        };
        if let Some(content) = content(request, scene)? {
            built.header("content-type", content.content_type, false);
            built.body = Some(content.bytes);
        }
        ask.name(self.http.names_requests(), &mut built);
        if let Some(AuthKind::Basic { user, password }) = request.auth.as_deref().map(|auth| &auth.kind) {
            let whom = built.url.host_str().unwrap_or_default().to_owned();
            let signer = Signer {
                access_key: credential(user, "user", scene, &whom)?,
                secret_key: credential(password, "password", scene, &whom)?,
                region: &self.region,
                at: scene.now,
            };
            sign(&mut built, &signer);
        }
        Ok(built)
    }
}

impl LiveFace {
    /// One call to the store, signed.
    pub(crate) async fn ask_bucket(&self, bucket: &Bucket, ask: &Ask<'_>) -> Outcome {
        let built = match bucket.build(ask) {
            Ok(built) => built,
            Err(why) => return why.into(),
        };
        match self.send(&bucket.http, ask, &built).await {
            Ok(received) if refuses_login(&received) => Outcome::refused(told(received)),
            Ok(received) => Outcome::answered(judged(told(received), &ask.request.verb), ask.request),
            Err(lost) => lost,
        }
    }
}

/// A refusal with its code and message for a body, instead of the XML around them.
fn told(received: Received) -> Received {
    let between = |tag: &str| {
        let (_, rest) = received.text.split_once(&format!("<{tag}>"))?;
        rest.split_once(&format!("</{tag}>")).map(|(inside, _)| inside.trim())
    };
    match (received.is_success(), between("Code"), between("Message")) {
        (false, Some(code), Some(said)) => Received { body: format!("{code}: {said}").into(), ..received },
        _ => received,
    }
}

/// A store says nothing when it has an object: whoever answers with a page has not stored it.
fn judged(received: Received, verb: &str) -> Received {
    if verb != "PUT" || !received.is_success() || received.text.trim().is_empty() {
        return received;
    }
    Received { broken: Some("it was answered with a text, as no store of objects does".to_owned()), ..received }
}

fn refuses_login(received: &Received) -> bool {
    let named = |code: &&str| received.text.contains(&format!("<Code>{code}</Code>"));
    matches!(received.status, 400 | 403) && REFUSED_LOGINS.iter().any(named)
}
