//! One file of a connector's folder (connectors.md §1).

use wf_source::Span;

use crate::{
    ast::{
        Action, AnswerSet, Answers, Auth, Binding, Define, Field, Limits, Name, Param, Record, Retry, Spanned, Table,
        TlsMode,
    },
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connector {
    pub span: Span,
    pub name: Option<Name>,
    pub title: Option<Name>,
    pub doc: Option<Name>,
    pub transport: Option<Spanned<Transport>>,
    pub queue: Option<Name>,
    pub config: Vec<Param>,
    pub base_url: Option<Node>,
    pub target: Option<Node>,
    /// Path of the proto file, relative to this one.
    pub proto: Option<Name>,
    /// `server` or `url`.
    pub server: Option<Node>,
    pub database: Option<Node>,
    pub options: Vec<Binding>,
    pub headers: Option<Node>,
    pub tls: Option<TlsMode>,
    /// `follow` or `none`
    pub redirects: Option<Name>,
    /// `json`
    pub expects: Option<Name>,
    pub limits: Option<Limits>,
    pub auth: Option<Auth>,
    pub retry: Option<Retry>,
    pub answers: Answers,
    pub answer_sets: Vec<AnswerSet>,
    /// `ignore` or `refuse`
    pub unknown_fields: Option<Name>,
    /// `omit` or `include`
    pub message_defaults: Option<Name>,
    pub keys: Vec<Record>,
    pub constants: Vec<Binding>,
    pub tables: Vec<Table>,
    pub define: Vec<Define>,
    pub enums: Vec<Field>,
    pub shapes: Vec<Field>,
    pub types: Vec<Field>,
    /// `reads`, `writes`, `tells`, in the order of the file.
    pub actions: Vec<Action>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    Http,
    Grpc,
    Smtp,
    Imap,
    Keys,
    Documents,
    Objects,
    Bus,
}
