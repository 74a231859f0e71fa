//! A folder in the place of a store of objects: `PUT bucket/key` is the file `bucket/key` in it.

use std::borrow::Cow;
use std::io::{Error, ErrorKind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use tokio::fs;
use wf_plan::Word;
use wf_value::{Type, Value};

use super::Transport;
use super::objects::{content, path};
use crate::http::Allowance;
use crate::live_face::Ask;
use crate::outgoing::{Bad, NotBuilt};
use crate::received::{Lost, Received};

pub(crate) struct Folder {
    pub(crate) root: PathBuf,
    /// Tells apart the files that are being written.
    written: AtomicU64,
}

pub(crate) enum Call {
    Put(PathBuf, Bytes),
    Get { file: PathBuf, as_bytes: bool },
    Delete(PathBuf),
}

impl Folder {
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), written: AtomicU64::default() }
    }

    /// Whoever reads the file sees the old one or the new one, never a part.
    async fn put(&self, file: PathBuf, content: &[u8]) -> Result<(), Error> {
        let folder = file.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).await?;
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let part = folder.join(format!(".part-{}-{number}", std::process::id()));
        let written = match fs::write(&part, content).await {
            Ok(()) => fs::rename(&part, &file).await,
            full => full,
        };
        if written.is_err() {
            let _ = fs::remove_file(&part).await;
        }
        written
    }
}

impl Transport for Folder {
    type Call = Call;

    fn host(&self) -> &str {
        "folder"
    }

    fn build(&self, ask: &Ask<'_>) -> Result<Call, NotBuilt> {
        let (request, scene) = (ask.request, &ask.scene);
        let mut file = self.root.clone();
        for segment in path(request, scene)?.split('/') {
            let name = decoded(segment);
            if name.is_empty() || name == "." || name == ".." || name.contains(std::path::is_separator) {
                let expectation = format!("has the part `{name}`, which is no name of a file");
                return Err(Bad { place: "the key".into(), expectation }.into());
            }
            file.push(&*name);
        }
        match request.verb.as_str() {
            "PUT" => Ok(Call::Put(file, content(request, scene)?.map(|content| content.bytes).unwrap_or_default())),
            "GET" => Ok(Call::Get { file, as_bytes: *request.vendor.required() == Type::Bytes }),
            "DELETE" => Ok(Call::Delete(file)),
            other => Err(NotBuilt::Unusable(format!("there is no operation `{other}` on an object"))),
        }
    }

    async fn send(&self, call: Call, _: Allowance) -> Result<Received, Lost> {
        let done = match call {
            Call::Put(file, content) => self.put(file, &content).await.map(|()| Received::text(200, "")),
            Call::Get { file, as_bytes } => fs::read(file).await.map(|content| {
                let mut received = Received::text(200, &String::from_utf8_lossy(&content));
                if as_bytes {
                    received.body = Value::Bytes(content.into());
                }
                received
            }),
            // what is not there is as deleted as it can be
            Call::Delete(file) => match fs::remove_file(file).await {
                Err(why) if why.kind() == ErrorKind::NotFound => Ok(Received::text(204, "")),
                removed => removed.map(|()| Received::text(204, "")),
            },
        };
        done.or_else(|why| match why.kind() {
            ErrorKind::NotFound => Ok(Received::text(404, "there is no such object")),
            ErrorKind::PermissionDenied => Ok(Received::text(403, &why.to_string())),
            _ => Err(Lost::new(Word::NoAnswer, format!("the folder failed: {why}"))),
        })
    }
}

/// A segment as it was before it was percent-encoded.
fn decoded(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_as_they_were() {
        assert_eq!(decoded("a%20b%2Fc.csv"), "a b/c.csv");
        assert_eq!(decoded("%C3%BC%"), "ü%");
        assert_eq!(decoded("100%zz"), "100%zz");
    }
}
