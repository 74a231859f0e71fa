//! The body of a request and the content type it brings.

use bytes::Bytes;
use wf_plan::BodyKind;
use wf_value::{Expose, Map, Value};

use crate::outgoing::{Bad, NotBuilt, encoded, pairs, plain};

/// A body, ready to leave.
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    pub(crate) content_type: String,
    /// Whether the content type must be this one: it holds the boundary between the parts.
    pub(crate) insists: bool,
}

impl Body {
    fn new(bytes: impl Into<Bytes>, content_type: &str) -> Self {
        Self { bytes: bytes.into(), content_type: content_type.to_owned(), insists: false }
    }
}

/// The body that `value` is, sent as `kind`; secrets in it are laid open.
pub(crate) fn body(kind: BodyKind, value: &Value) -> Result<Body, NotBuilt> {
    match kind {
        BodyKind::Json => {
            let json = value
                .encode_with(Expose::Yes)
                .map_err(|why| NotBuilt::Unusable(format!("the body cannot be sent: {why}")))?;
            Ok(Body::new(json, "application/json"))
        }
        BodyKind::Form => Ok(Body::new(encoded(&pairs(value, "form")?), "application/x-www-form-urlencoded")),
        BodyKind::Multipart => multipart(value),
        BodyKind::Text => {
            let text = plain(value).ok_or_else(|| Bad::value("text", value))?;
            Ok(Body::new(text, "text/plain; charset=utf-8"))
        }
        BodyKind::Bytes => match value {
            Value::Bytes(bytes) => Ok(Body::new(Bytes::copy_from_slice(bytes), "application/octet-stream")),
            Value::Secret(secret) => body(kind, secret.expose()),
            other => {
                let text = plain(other).ok_or_else(|| Bad::value("bytes", other))?;
                Ok(Body::new(text, "application/octet-stream"))
            }
        },
    }
}

/// Parts by name: texts and numbers as they are, `{filename, content_type, data}` as a file, a list as several parts of one name.
fn multipart(value: &Value) -> Result<Body, NotBuilt> {
    let empty = Map::default();
    let map = match value {
        Value::Map(map) => map,
        Value::Null => &empty,
        Value::Secret(secret) => return multipart(secret.expose()),
        other => return Err(NotBuilt::Unusable(format!("the parts are {}, they should be a map", other.kind()))),
    };
    let mut parts: Vec<(String, Vec<u8>)> = Vec::with_capacity(map.len());
    for (name, value) in map.raw_iter() {
        let values = match value {
            Value::List(list) => list.raw().as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values {
            parts.push(part(name, value)?);
        }
    }
    // no part may hold the boundary: made from all of them, it could stand in one only by design
    let mut hasher = blake3::Hasher::new();
    for (head, content) in &parts {
        hasher.update(head.as_bytes()).update(content);
    }
    let boundary = format!("part-{}", &hasher.finalize().to_hex()[..40]);
    let mut bytes = Vec::new();
    for (head, content) in &parts {
        bytes.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
        bytes.extend_from_slice(content);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let content_type = format!("multipart/form-data; boundary={boundary}");
    Ok(Body { bytes: bytes.into(), content_type, insists: true })
}

fn part(name: &str, value: &Value) -> Result<(String, Vec<u8>), NotBuilt> {
    let name = quoted(name);
    if let Value::Map(file) = value {
        let text = |key: &str| {
            file.raw(key).filter(|v| !v.is_null()).map(|v| plain(v).ok_or_else(|| Bad::value(key, v))).transpose()
        };
        let filename = text("filename")?.unwrap_or_else(|| name.clone());
        let content_type = text("content_type")?.unwrap_or_else(|| "application/octet-stream".into());
        let data = match file.raw("data") {
            Some(Value::Bytes(bytes)) => bytes.to_vec(),
            Some(other) => plain(other).ok_or_else(|| Bad::value("data", other))?.into_bytes(),
            None => return Err(NotBuilt::Unusable(format!("the file `{name}` has no `data`"))),
        };
        let content_type = content_type.replace(['\r', '\n'], "");
        let head = format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"{}\"\r\nContent-Type: {content_type}",
            quoted(&filename)
        );
        return Ok((head, data));
    }
    let content = match value {
        Value::Bytes(bytes) => bytes.to_vec(),
        other => plain(other).ok_or_else(|| Bad::value(&name, other))?.into_bytes(),
    };
    Ok((format!("Content-Disposition: form-data; name=\"{name}\""), content))
}

/// As browsers write names of parts.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        wf_value::decode(json).unwrap_or_default()
    }

    fn text(kind: BodyKind, value: &Value) -> (String, String) {
        match body(kind, value) {
            Ok(body) => (String::from_utf8_lossy(&body.bytes).into_owned(), body.content_type),
            Err(why) => panic!("{why:?}"),
        }
    }

    #[test]
    fn each_kind_has_its_content_type() {
        let json = text(BodyKind::Json, &value(r#"{"a":null,"b":1}"#));
        assert_eq!(json, (r#"{"a":null,"b":1}"#.into(), "application/json".into()));
        let form = text(BodyKind::Form, &value(r#"{"a":"x y","b":[1,2]}"#));
        assert_eq!(form, ("a=x%20y&b=1&b=2".into(), "application/x-www-form-urlencoded".into()));
        assert_eq!(text(BodyKind::Text, &Value::text("hé")).0, "hé");
        assert_eq!(text(BodyKind::Bytes, &Value::Bytes(b"raw".as_slice().into())).0, "raw");
    }

    #[test]
    fn parts_are_texts_and_files() {
        let (body, content_type) = text(
            BodyKind::Multipart,
            &value(r#"{"to":"a","file":{"filename":"x\".csv","content_type":"text/csv","data":"1,2"}}"#),
        );
        let boundary = content_type.split_once("boundary=").map(|(_, b)| b.to_owned()).unwrap_or_default();
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\na\r\n--{boundary}\r\nContent-Disposition: form-data; \
             name=\"file\"; filename=\"x%22.csv\"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n--{boundary}--\r\n"
        );
        assert_eq!(body, expected);
    }

    #[test]
    fn secrets_are_laid_open_for_the_vendor_only() {
        let login: Map = [("password".into(), Value::text("s3cret").secret())].into_iter().collect();
        assert_eq!(text(BodyKind::Json, &login.clone().into()).0, r#"{"password":"s3cret"}"#);
        assert_eq!(text(BodyKind::Form, &login.into()).0, "password=s3cret");
    }

    #[test]
    fn an_unknown_is_not_sent() {
        let why = wf_value::Unknown::new(wf_value::UnknownKind::Missing, "x is missing");
        let map: Map = [("a".into(), Value::from(why))].into_iter().collect();
        assert!(matches!(body(BodyKind::Json, &map.into()), Err(NotBuilt::Unusable(_))));
    }
}
