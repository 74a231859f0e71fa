//! AWS's signature of a request, version 4, as its stores want it: over method, path, query, headers and the hash of the body.

use jiff::Timestamp;
use ring::{digest, hmac};

use crate::build::Built;

/// Who signs, for where, when.
pub(crate) struct Signer<'a> {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) region: &'a str,
    pub(crate) at: Timestamp,
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "s3";

/// Adds the headers that prove who asks. All headers that stand there by now are signed, and the host.
pub(crate) fn sign(built: &mut Built, signer: &Signer<'_>) {
    let (moment, day) = (signer.at.strftime("%Y%m%dT%H%M%SZ").to_string(), signer.at.strftime("%Y%m%d").to_string());
    let content = hex(digest::digest(&digest::SHA256, built.body.as_deref().unwrap_or_default()).as_ref());
    built.header("x-amz-date", moment.clone(), false);
    built.header("x-amz-content-sha256", content.clone(), false);
    let host = built.url.host_str().unwrap_or_default();
    let host = built.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let mut headers: Vec<(String, String)> =
        built.headers.iter().map(|h| (h.name.to_ascii_lowercase(), h.value.trim().to_owned())).collect();
    headers.push(("host".to_owned(), host));
    headers.sort();
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let (method, path, query) = (&built.method, built.url.path(), query(built.url.query().unwrap_or_default()));
    let canonical = format!("{method}\n{path}\n{query}\n{lines}\n{names}\n{content}");
    let scope = format!("{day}/{}/{SERVICE}/aws4_request", signer.region);
    let hashed = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let first = format!("AWS4{}", signer.secret_key);
    let key = [day.as_str(), signer.region, SERVICE, "aws4_request"]
        .into_iter()
        .fold(first.into_bytes(), |key, part| mac(&key, part));
    let signature = hex(&mac(&key, &format!("{ALGORITHM}\n{moment}\n{scope}\n{hashed}")));
    let value =
        format!("{ALGORITHM} Credential={}/{scope},SignedHeaders={names},Signature={signature}", signer.access_key);
    built.header("authorization", value, true);
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The parameters in their order; one without a value gets an empty one.
fn query(query: &str) -> String {
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| if pair.contains('=') { pair.to_owned() } else { format!("{pair}=") })
        .collect();
    pairs.sort();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of AWS's own documentation of the signature.
    fn signature(method: &str, url: &str, headers: &[(&str, &str)], body: &'static str) -> String {
        let url = url.parse().unwrap_or_else(|why| panic!("{url}: {why}"));
        let body = (!body.is_empty()).then(|| body.into());
        let mut built = Built {
            method: method.to_owned(),
            url,
            headers: Vec::new(),
            body,
            follow_redirects: false,
            secret_url: false,
        };
        for (name, value) in headers {
            built.header(name, *value, false);
        }
        let signer = Signer {
            access_key: "AKIAIOSFODNN7EXAMPLE".into(),
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            region: "us-east-1",
            at: "2013-05-24T00:00:00Z".parse().unwrap_or_default(),
        };
        sign(&mut built, &signer);
        let value = built.headers.iter().find(|h| h.name == "authorization").map(|h| h.value.clone());
        value.and_then(|value| value.rsplit_once('=').map(|(_, last)| last.to_owned())).unwrap_or_default()
    }

    #[test]
    fn documented_requests_have_the_documented_signatures() {
        let host = "https://examplebucket.s3.amazonaws.com";
        assert_eq!(
            signature("GET", &format!("{host}/test.txt"), &[("range", "bytes=0-9")], ""),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
        let headers = [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")];
        assert_eq!(
            signature("PUT", &format!("{host}/test%24file.text"), &headers, "Welcome to Amazon S3."),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        );
        assert_eq!(
            signature("GET", &format!("{host}/?lifecycle"), &[], ""),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        );
    }
}
