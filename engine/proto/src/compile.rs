//! `.proto` files, compiled: their services and messages.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use miette::Diagnostic as _;
use prost_reflect::{DescriptorPool, MethodDescriptor};
use protox::Compiler;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use crate::Message;

/// A `.proto` file with all that it imports. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Protos {
    pool: DescriptorPool,
    /// All that were read, the first one first; those that come with the compiler are not among them.
    files: Arc<[String]>,
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ProtoError {
    /// The path of the file; `None`: of none of them alone.
    pub file: Option<String>,
    /// Bytes of that file.
    pub range: Option<Range<usize>>,
    pub message: String,
}

/// A call: one message out, one back.
#[derive(Clone, Debug)]
pub struct Method {
    /// `package.Service/Method`
    pub name: String,
    pub input: Message,
    pub output: Message,
}

/// Why there is no such call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoMethod {
    #[error("there is no service `{0}`")]
    Service(String),
    #[error("the service `{service}` has no method `{method}`")]
    Method { service: String, method: String },
    #[error("`{0}` is a stream; only calls with one message out and one back can be made")]
    Stream(String),
}

impl Protos {
    /// Compiles the file at `path`. `text` gives the text of a file by its path: first of `path` itself, then of what it imports, with the path
    /// that stands in the import, seen from the folder of `path`. The files of `google/protobuf` are there.
    ///
    /// # Errors
    /// The first mistake, at its place.
    pub fn compile(path: &str, text: &dyn Fn(&str) -> Option<Arc<str>>) -> Result<Self, ProtoError> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let full = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        // all that can be imported is read first: the compiler keeps its resolver for longer than ours lives
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut own = Own(Vec::new());
        let mut wanted = vec![name.to_owned()];
        while let Some(name) = wanted.pop() {
            if own.0.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let Some(text) = text(&full(&name)) else { continue };
            wanted.extend(imports(&text));
            own.0.push((name, text));
        }
        let files = own.0.iter().map(|(name, _)| full(name)).collect();
        let mut resolver = ChainFileResolver::new();
        resolver.add(own);
        resolver.add(GoogleFileResolver::new());
        let mut compiler = Compiler::with_file_resolver(resolver);
        compiler.include_imports(true);
        match compiler.open_file(name) {
            Ok(compiler) => Ok(Self { pool: compiler.descriptor_pool(), files }),
            Err(error) => Err(ProtoError {
                range: error.labels().and_then(|mut labels| labels.next()).map(|label| {
                    let begin = label.offset();
                    begin..begin + label.len()
                }),
                file: error.file().map(full),
                message: error.to_string(),
            }),
        }
    }

    /// The paths of all files that were read.
    #[must_use]
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// The call that `package.Service/Method` names.
    ///
    /// # Errors
    /// There is none.
    pub fn method(&self, name: &str) -> Result<Method, NoMethod> {
        let (service, method) = name.split_once('/').unwrap_or((name, ""));
        let found = self.pool.get_service_by_name(service).ok_or_else(|| NoMethod::Service(service.to_owned()))?;
        let found = found.methods().find(|known| known.name() == method);
        let found = found.ok_or_else(|| NoMethod::Method { service: service.to_owned(), method: method.to_owned() })?;
        if found.is_client_streaming() || found.is_server_streaming() {
            return Err(NoMethod::Stream(name.to_owned()));
        }
        Ok(Method { name: name.to_owned(), input: Message(found.input()), output: Message(found.output()) })
    }

    /// The names of all calls that can be made.
    #[must_use]
    pub fn methods(&self) -> Vec<String> {
        let of = |method: MethodDescriptor| {
            let plain = !method.is_client_streaming() && !method.is_server_streaming();
            plain.then(|| format!("{}/{}", method.parent_service().full_name(), method.name()))
        };
        self.pool.services().flat_map(|service| service.methods().filter_map(of).collect::<Vec<_>>()).collect()
    }

    /// The message of that full name.
    #[must_use]
    pub fn message(&self, name: &str) -> Option<Message> {
        self.pool.get_message_by_name(name).map(Message)
    }

    /// The full names of all messages of the project's own files.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        let own = |name: &&str| !name.starts_with("google.protobuf.");
        let all: Vec<_> = self.pool.all_messages().collect();
        all.iter().map(|message| message.full_name()).filter(own).map(str::to_owned).collect()
    }
}

/// The paths that a text imports. What only looks like an import costs nothing: the compiler asks for what it needs.
fn imports(text: &str) -> Vec<String> {
    let of = |line: &str| {
        let rest = line.trim_start().strip_prefix("import")?;
        let rest = rest.trim_start();
        let rest = rest.strip_prefix("public").or_else(|| rest.strip_prefix("weak")).unwrap_or(rest).trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest.get(1..)?.split_once(quote).map(|(path, _)| path.to_owned())
    };
    text.split([';', '\n']).filter_map(of).collect()
}

/// Files by the paths that imports name.
struct Own(Vec<(String, Arc<str>)>);

impl FileResolver for Own {
    fn resolve_path(&self, path: &Path) -> Option<String> {
        path.to_str().map(str::to_owned)
    }

    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        let text = self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text);
        File::from_source(name, text.ok_or_else(|| protox::Error::file_not_found(name))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(files: &[(&str, &str)]) -> Result<Protos, ProtoError> {
        let text = |path: &str| files.iter().find(|(known, _)| *known == path).map(|(_, text)| Arc::from(*text));
        Protos::compile(files.first().map_or("", |(path, _)| path), &text)
    }

    const SHOP: &str = "syntax = \"proto3\";\npackage shop;\nimport \"rows/row.proto\";\nimport \"google/protobuf/timestamp.proto\";\n\
        service Shop { rpc Find(Row) returns (Row); rpc Watch(Row) returns (stream Row); }\n\
        message Seen { google.protobuf.Timestamp at = 1; }\n";
    const ROW: &str = "syntax = \"proto3\";\npackage shop;\nmessage Row { string name = 1; }\n";

    #[test]
    fn a_file_is_compiled_with_what_it_imports() {
        let protos = compiled(&[("connectors/shop/shop.proto", SHOP), ("connectors/shop/rows/row.proto", ROW)]);
        let protos = protos.unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!(protos.files(), ["connectors/shop/shop.proto", "connectors/shop/rows/row.proto"]);
        assert_eq!(protos.methods(), ["shop.Shop/Find"]);
        assert_eq!(protos.messages(), ["shop.Row", "shop.Seen"]);
        assert_eq!(protos.method("shop.Shop/Find").map(|m| m.output.name().to_owned()), Ok("shop.Row".to_owned()));
        let why = |name: &str| protos.method(name).map(|_| ()).map_err(|why| why.to_string());
        assert_eq!(why("shop.Shop/Fnd"), Err("the service `shop.Shop` has no method `Fnd`".to_owned()));
        assert_eq!(why("Shop/Find"), Err("there is no service `Shop`".to_owned()));
        assert!(why("shop.Shop/Watch").is_err_and(|why| why.contains("stream")));
    }

    #[test]
    fn a_mistake_is_told_at_its_place() {
        let at = |files: &[(&str, &str)]| {
            let error = compiled(files).map(|_| ()).err().unwrap_or_else(|| panic!("it compiled"));
            let file = error.file.clone().unwrap_or_default();
            let text = files.iter().find(|(path, _)| *path == file).map_or("", |(_, text)| *text);
            (file, error.range.and_then(|range| text.get(range)).unwrap_or_default().to_owned(), error.message)
        };
        let (file, place, message) = at(&[("a/x.proto", "syntax = \"proto3\";\nmessage M { strng name = 1; }")]);
        assert_eq!((file.as_str(), place.as_str()), ("a/x.proto", "strng"), "{message}");
        let (file, place, message) = at(&[("a/x.proto", "syntax = \"proto3\";\nmessage M { string name 1; }")]);
        assert_eq!((file.as_str(), place.as_str()), ("a/x.proto", "1"), "{message}");
        let (file, _, message) = at(&[("a/x.proto", "syntax = \"proto3\";\nimport \"y.proto\";")]);
        assert_eq!((file.as_str(), message.as_str()), ("a/x.proto", "import 'y.proto' not found"));
        let (file, place, _) = at(&[
            ("x.proto", "syntax = \"proto3\";\nimport \"y.proto\";"),
            ("y.proto", "syntax = \"proto3\";\nmessage {}"),
        ]);
        assert_eq!((file.as_str(), place.as_str()), ("y.proto", "{"));
    }
}
