//! Calls of gRPC: what a request names, and the message that is written for it.

use wf_expr::{Key, Written, WrittenKind};
use wf_proto::{Defaults, Message, Method, NoMethod};
use wf_source::{Diagnostic, nearest, one_of};
use wf_syntax::ast;

use super::body::Body;
use super::rules;

/// Names that a message shows in one breath.
const SHOWN: usize = 12;

impl Body<'_> {
    /// The call that the request's line names.
    pub(super) fn method(&self, line: Option<&ast::Text>) -> Option<Method> {
        let protos = self.cx.world.protos(self.unit.get())?;
        let line = line?;
        let name = line.text.trim();
        let why = match protos.method(name) {
            Ok(method) => return Some(method),
            Err(why) => why,
        };
        let known = protos.methods();
        let near = nearest(name, known.iter().map(String::as_str));
        let diagnostic = Diagnostic::error(&rules::UNKNOWN_METHOD, line.span, why.to_string());
        self.cx.tell(match (near, &why) {
            (Some(near), NoMethod::Service(_) | NoMethod::Method { .. }) => {
                diagnostic.did_you_mean(Some(near), line.span)
            }
            (_, NoMethod::Stream(_)) => diagnostic,
            (None, _) if known.is_empty() => diagnostic.help("the `.proto` file has no services"),
            (None, _) => diagnostic.help(format!("there are {}", one_of(known.iter().map(String::as_str), SHOWN))),
        });
        None
    }

    /// Fields that are written and that the message does not have. What is computed shows when the message is built.
    pub(super) fn check_message(&self, written: &Written, message: &Message) {
        let WrittenKind::Map(entries) = &written.kind else { return };
        for entry in entries {
            let Key::Text(name) = &entry.key else { continue };
            if message.has_field(name) {
                let inner = message.inner(name);
                match (&entry.value.kind, inner) {
                    (WrittenKind::List(items), Some(inner)) => {
                        items.iter().for_each(|item| self.check_message(item, &inner));
                    }
                    (_, Some(inner)) => self.check_message(&entry.value, &inner),
                    (_, None) => {}
                }
                continue;
            }
            let fields = message.fields();
            let told = Diagnostic::error(
                &rules::UNKNOWN_MESSAGE_FIELD,
                entry.key_span,
                format!("`{}` has no field `{name}`", message.name()),
            );
            let near = nearest(name, fields.iter().map(String::as_str));
            self.cx.tell(match near {
                Some(_) => told.did_you_mean(near, entry.key_span),
                None => told.help(format!("it has {}", one_of(fields.iter().map(String::as_str), SHOWN))),
            });
        }
    }

    /// What of an answer that nobody has set is there all the same.
    pub(super) fn defaults(&self, face: &ast::Connector) -> Defaults {
        match face.message_defaults.as_ref().map(ast::Name::as_str) {
            Some("include") => Defaults::Include,
            _ => Defaults::Omit,
        }
    }
}
