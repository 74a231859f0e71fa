//! Objects by bucket and key (`connectors.md` §3): in a store (`bucket`) or in a folder of this machine (`folder`).

use wf_plan::Request;

use super::extra;
use crate::body::{Body, body};
use crate::outgoing::{NotBuilt, plain};
use crate::scene::{Reads, Scene};
use crate::url::object_path;

/// What stands before the path of a folder, where others name a server.
pub(crate) const FOLDER: &str = "file:";

/// `bucket/key`, percent-encoded.
pub(crate) fn path(request: &Request, scene: &Scene<'_>) -> Result<String, NotBuilt> {
    let target = request.target.as_ref().ok_or_else(|| NotBuilt::Unusable("no bucket and no key are said".into()))?;
    let path = scene.with(Reads::Typed, |ctx| object_path(target, ctx))?;
    Ok(path.trim_start_matches('/').to_owned())
}

/// What is to be stored, with its type: the one that the request says, else that of its kind. `None`: nothing is.
pub(crate) fn content(request: &Request, scene: &Scene<'_>) -> Result<Option<Body>, NotBuilt> {
    let Some((kind, written)) = &request.body else { return Ok(None) };
    let value = scene.with(Reads::Typed, |ctx| written.sent(ctx));
    if let Some(why) = value.first_unknown() {
        return Err(why.into());
    }
    let content = body(*kind, &value)?;
    Ok(Some(match plain(&extra(request, "content_type", scene)?).filter(|said| !said.is_empty()) {
        Some(content_type) => Body { content_type, ..content },
        None => content,
    }))
}
