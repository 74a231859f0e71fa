//! The `.proto` files that connectors name, compiled.

use std::collections::BTreeMap;

use wf_proto::{ProtoError, Protos};
use wf_source::{Diagnostic, FileId, Span, nearest};
use wf_syntax::ast;

use crate::Project;
use crate::lower::rules;
use crate::project::{beside, folder};
use crate::sources::{Source, Sources};

/// By the YAML file that names them. What is wrong with one is told in it, or where it is named.
pub(crate) fn compile(project: &Project, sources: &Sources, found: &mut Vec<Diagnostic>) -> BTreeMap<FileId, Protos> {
    let mut all = BTreeMap::new();
    for source in &sources.connectors {
        let Some(written) = &source.ast.proto else {
            found.extend(not_named(source, sources));
            continue;
        };
        let path = beside(folder(&source.path), written.as_str());
        let known = path.as_deref().filter(|path| project.text(path).is_some());
        let Some(path) = known else {
            found.push(not_there(project, source, written));
            continue;
        };
        match Protos::compile(path, &|path| project.text(path).cloned()) {
            Ok(protos) => drop(all.insert(source.file, protos)),
            Err(error) => found.push(broken(sources, written, &error)),
        }
    }
    all
}

fn not_named(source: &Source<ast::Connector>, sources: &Sources) -> Option<Diagnostic> {
    let transport = source.ast.transport.as_ref().filter(|t| t.value == ast::Transport::Grpc)?;
    let told = Diagnostic::error(&rules::PROTO, transport.span, "nothing says which calls there are")
        .help("`proto: name.proto` names the file of the services, beside this one");
    (!sources.torn.contains(&source.file)).then_some(told)
}

fn not_there(project: &Project, source: &Source<ast::Connector>, written: &ast::Name) -> Diagnostic {
    let own = format!("{}/", folder(&source.path));
    let beside = project.iter().filter_map(|(path, _)| path.strip_prefix(&own));
    let near: Vec<&str> = beside.filter(|path| path.ends_with(".proto")).collect();
    let message = format!("there is no file `{}` beside this one", written.value);
    let told = Diagnostic::error(&rules::PROTO, written.span, message);
    match nearest(written.as_str(), near.iter().copied()).or(near.first().copied().filter(|_| near.len() == 1)) {
        Some(near) => told.did_you_mean(Some(near), written.span),
        None => told.help("`proto` is the path of a `.proto` file, seen from this one"),
    }
}

/// At its place in the `.proto` file.
fn broken(sources: &Sources, written: &ast::Name, error: &ProtoError) -> Diagnostic {
    let file = error.file.as_deref().and_then(|path| sources.files.by_path(path));
    match (file, &error.range) {
        (Some(file), range) => {
            let range = range.clone().unwrap_or(0..0);
            Diagnostic::error(&rules::PROTO, Span::new(file, range.start, range.end), error.message.as_str())
                .note(Some(written.span), "named here")
        }
        (None, _) => Diagnostic::error(&rules::PROTO, written.span, format!("{}: {}", written.value, error.message)),
    }
}
