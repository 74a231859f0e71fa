//! Plans from JSON that looks like the YAML: only what the machine is about, no checks.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use wf_expr::{Code, Place, Scalar, Source, Written, WrittenKind, compile};
use wf_plan::{
    Accept, Action, Block, Call, Connector, Doubt, Effect, Envelope, Face, Flow, FlowId, Frame, Input, Leave,
    LeaveKind, Loop, LoopBody, LoopError, Metric, MetricKind, Module, OnError, Outcome, Parallel, Plan, Pool, Reason,
    Reporter, Request, Retry, Status, StatusSet, Step, StepId, TellWhen, Verb, Wait,
};
use wf_source::{FileId, Files, ScalarMap, Span};
use wf_value::{Field, InputField, InputSpec, Text, Type, Value};

use super::names::Scope;

type Object = serde_json::Map<String, Json>;

pub(crate) struct Made {
    pub(crate) plan: Arc<Plan>,
    pub(crate) params: Vec<Value>,
}

/// `{steps, flows: {name: {inputs, steps}}, params, metrics, pools, tell}`
pub(crate) fn plan(json: Json) -> Made {
    let mut lower = Lower::default();
    let params: Object = object(&json["params"]);
    lower.scope.params = params.keys().map(|name| name.as_str().into()).collect();
    let mut flows = vec![("main".to_owned(), json!({"steps": json["steps"]}))];
    flows.extend(object(&json["flows"]));
    lower.flows = flows.iter().map(|(name, _)| name.clone()).collect();
    lower.inputs = flows.iter().map(|(_, flow)| list(&flow["inputs"]).iter().map(input_name).collect()).collect();
    lower.metrics = object(&json["metrics"]).keys().cloned().collect();
    lower.pools = object(&json["pools"]).keys().cloned().collect();
    let lowered = flows.iter().map(|(name, flow)| lower.flow(name, flow)).collect();
    let metrics = object(&json["metrics"]);
    let module = Module {
        flows: lowered,
        metrics: metrics.iter().map(|(name, labels)| metric(name, labels)).collect(),
        pools: object(&json["pools"])
            .iter()
            .map(|(name, size)| Pool { name: name.as_str().into(), size: lower.written(size) })
            .collect(),
        reporter: json.get("tell").map(|with| lower.reporter(with)),
        ..Module::default()
    };
    let plan = Plan {
        name: "test".into(),
        title: "A test".into(),
        module,
        triggers: Vec::new(),
        inputs: None,
        actions: lower.actions.into_values().collect(),
        files: Files::default(),
        hash: "0".into(),
    };
    Made { plan: Arc::new(plan), params: params.values().map(Value::from_serde).collect() }
}

#[derive(Default)]
struct Lower {
    scope: Scope,
    flows: Vec<String>,
    /// The names of their inputs: these have the first slots.
    inputs: Vec<Vec<String>>,
    metrics: Vec<String>,
    pools: Vec<String>,
    actions: BTreeMap<String, Arc<Action>>,
    steps: u32,
}

impl Lower {
    fn flow(&mut self, name: &str, json: &Json) -> Flow {
        *self.scope.frames.borrow_mut() = vec![Vec::new()];
        let inputs = list(&json["inputs"])
            .iter()
            .map(|input| {
                let (name, default) = match input {
                    Json::Object(one) => {
                        let (name, default) = one.iter().next().unwrap();
                        (name.as_str(), Some(self.written(default)))
                    }
                    name => (name.as_str().unwrap(), None),
                };
                Input { name: name.into(), slot: self.scope.slot(name), ty: None, default }
            })
            .collect();
        let body = self.block(&json["steps"]);
        let names = self.scope.frames.borrow_mut().pop().unwrap();
        Flow { name: name.into(), doc: None, inputs, frame: Frame { names }, body, span: span() }
    }

    fn reporter(&mut self, with: &Json) -> Reporter {
        *self.scope.frames.borrow_mut() = vec![vec!["failed".into()]];
        let with = self.written(with);
        let names = self.scope.frames.borrow_mut().pop().unwrap();
        Reporter { action: self.action("tell.report"), with, frame: Frame { names } }
    }

    fn block(&mut self, json: &Json) -> Block {
        list(json).iter().map(|step| self.step(step)).collect::<Vec<_>>().into()
    }

    fn step(&mut self, json: &Json) -> Step {
        self.steps += 1;
        let number = StepId(self.steps);
        let condition = json.get("if").map(|code| self.code(code));
        let retry = json.get("retry").map(|retry| self.retry(retry));
        let each = json.get("for").is_some();
        let on_error = if each { OnError::Fail } else { self.on_error(&json["on_error"]) };
        let verb = self.verb(json);
        let id = json.get("id").map(|id| self.scope.slot(id.as_str().unwrap()));
        Step { number, id, condition, verb, on_error, retry, span: span() }
    }

    fn verb(&mut self, json: &Json) -> Verb {
        let text = |key: &str| json[key].as_str().unwrap().to_owned();
        if json.get("call").is_some() {
            return Verb::Call(Box::new(self.call(&text("call"), json)));
        }
        if json.get("publish").is_some() {
            return Verb::Publish(Box::new(self.call(&text("publish"), json)));
        }
        if json.get("for").is_some() {
            return Verb::For(Box::new(self.each(json)));
        }
        if json.get("run").is_some() && json.get("recheck").is_none() {
            let flow = self.flow_id(&text("run"));
            return Verb::Run { flow, with: self.with(flow, &json["with"]) };
        }
        if let Some(names) = json.get("let") {
            let names = object(names);
            return Verb::Let(
                names
                    .iter()
                    .map(|(name, value)| {
                        let written = self.written(value);
                        (self.scope.slot(name), written)
                    })
                    .collect(),
            );
        }
        if let Some(names) = json.get("state") {
            let names = object(names);
            return Verb::Set(
                names
                    .iter()
                    .map(|(name, value)| {
                        let written = self.written(value);
                        (wf_expr::Slot { up: 0, index: self.scope.slot(name) }, written)
                    })
                    .collect(),
            );
        }
        if let Some(names) = json.get("set") {
            let names = object(names);
            return Verb::Set(
                names.iter().map(|(name, value)| (self.scope.find(name).unwrap(), self.written(value))).collect(),
            );
        }
        for (key, kind) in [("skip", LeaveKind::Skip), ("stop", LeaveKind::Stop), ("fail", LeaveKind::Fail)] {
            if let Some(reasons) = json.get(key) {
                return self.leave(kind, reasons, json);
            }
        }
        if let Some(value) = json.get("return") {
            return Verb::Return(Some(self.written(value)));
        }
        if json.get("metric").is_some() {
            let metric = position(&self.metrics, &text("metric"));
            let part = |key: &str| json.get(key).map(|part| self.written(part));
            return Verb::Metric { metric, labels: part("labels"), value: part("value"), rows: part("rows") };
        }
        if json.get("recheck").is_some() {
            let list = self.bare(&json["recheck"]);
            self.scope.frames.borrow_mut().push(vec!["item".into()]);
            let by = json.get("by").map(|by| self.code(by));
            let names = self.scope.frames.borrow_mut().pop().unwrap();
            let with = object(&json["with"]);
            return Verb::Recheck {
                flow: self.flow_id(&text("run")),
                list,
                by,
                item: Frame { names },
                after: self.written(&json["after"]),
                with: with.iter().map(|(name, value)| (name.as_str().into(), self.written(value))).collect(),
            };
        }
        if json.get("defer").is_some() {
            return Verb::Defer {
                task: text("defer").into(),
                key: self.written(&json["key"]),
                after: json.get("after").map(|after| self.written(after)),
                at: None,
                with: self.written(&json["with"]),
            };
        }
        if json.get("cancel").is_some() {
            return Verb::Cancel { task: text("cancel").into(), key: self.written(&json["key"]) };
        }
        if let Some(request) = json.get("request") {
            return Verb::Request(Box::new(vendor_request(request.as_str().unwrap(), json.get("accept").map(accept))));
        }
        panic!("no verb in {json}");
    }

    fn call(&mut self, name: &str, json: &Json) -> Call {
        let empty = json!({});
        let tell = match json.get("tell") {
            None | Some(Json::Bool(false)) => TellWhen::Never,
            Some(Json::Bool(true)) => TellWhen::Once,
            Some(Json::String(each)) if each == "each" => TellWhen::Each,
            Some(condition) => {
                let failed = self.scope.slot("failed");
                TellWhen::If { failed, condition: self.code(condition) }
            }
        };
        Call {
            action: self.action(name),
            with: self.written(json.get("with").unwrap_or(&empty)),
            accept: json.get("accept").map(accept),
            timeout: json.get("timeout").map(|timeout| self.written(timeout)),
            tell,
            about: None,
        }
    }

    fn each(&mut self, json: &Json) -> Loop {
        let var = json["for"].as_str().unwrap();
        let list = self.bare(&json["in"]);
        let parallel = match json.get("parallel") {
            None => Parallel::One,
            Some(Json::String(yes)) if yes == "yes" => Parallel::Yes,
            Some(Json::String(pool)) if self.pools.contains(pool) => Parallel::Pool(position(&self.pools, pool)),
            Some(count) => Parallel::Count(self.written(count)),
        };
        let on_error = match &json["on_error"] {
            Json::Null => LoopError::GoOn,
            Json::String(word) if word == "leave_out" => LoopError::LeaveOut,
            Json::String(word) if word == "fail" => LoopError::Fail,
            block => {
                let error = self.scope.slot("error");
                LoopError::Block { error, block: self.block(block) }
            }
        };
        self.scope.frames.borrow_mut().push(vec![var.into()]);
        let filter = json.get("where").map(|filter| self.code(filter));
        let body = match json.get("run") {
            Some(flow) => {
                let flow = self.flow_id(flow.as_str().unwrap());
                LoopBody::Run { flow, with: self.with(flow, &json["with"]) }
            }
            None => LoopBody::Steps(self.block(&json["steps"])),
        };
        let collect = json.get("collect").map(|collect| self.written(collect));
        let names = self.scope.frames.borrow_mut().pop().unwrap();
        let named = list_of(&json["named"]);
        Loop {
            var: var.into(),
            item: Frame { names },
            list,
            filter,
            parallel,
            body,
            collect,
            on_error,
            named,
            span: span(),
        }
    }

    fn with(&mut self, flow: FlowId, json: &Json) -> Vec<(u16, Written)> {
        let names = self.inputs[flow.0 as usize].clone();
        object(json)
            .iter()
            .map(|(name, value)| (u16::try_from(position(&names, name)).unwrap(), self.written(value)))
            .collect()
    }

    fn leave(&mut self, kind: LeaveKind, reasons: &Json, json: &Json) -> Verb {
        let reasons = match reasons {
            Json::Object(reasons) => reasons
                .iter()
                .map(|(text, condition)| Reason {
                    text: self.written(&json!(text)),
                    condition: Some(self.code(condition)),
                    span: span(),
                })
                .collect(),
            text => vec![Reason { text: self.written(text), condition: None, span: span() }],
        };
        let file_as = json.get("as").map(|name| name.as_str().unwrap().into());
        Verb::Leave(Leave { kind, reasons, file_as })
    }

    fn on_error(&mut self, json: &Json) -> OnError {
        match json {
            Json::Null => OnError::Fail,
            Json::String(word) if word == "skip" => OnError::Skip,
            Json::String(word) if word == "ignore" => OnError::Ignore,
            Json::String(word) if word == "fail" => OnError::Fail,
            block => {
                let error = self.scope.slot("error");
                OnError::Block { error, block: self.block(block) }
            }
        }
    }

    fn retry(&mut self, json: &Json) -> Retry {
        let words = list_of(&json["when"]);
        let has = |word: &str| words.iter().any(|w| w.as_str() == word);
        let wait = match &json["wait"] {
            Json::Array(waits) => Wait::List(waits.iter().map(|wait| self.written(wait)).collect()),
            Json::String(range) if range.contains(" to ") => {
                let (from, to) = range.split_once(" to ").unwrap();
                Wait::Between(self.written(&json!(from)), self.written(&json!(to)))
            }
            wait => Wait::Fixed(self.written(wait)),
        };
        Retry {
            when: accept(&json["when"]),
            failed: has("failed"),
            undecided: has("undecided"),
            timeout: has("timeout"),
            no_connection: has("no_connection"),
            attempts: json.get("attempts").filter(|n| n.is_number()).map(|n| self.written(n)),
            wait,
            exponential: json["backoff"] == "exponential",
            within: json.get("within").map(|within| self.written(within)),
        }
    }

    fn flow_id(&self, name: &str) -> FlowId {
        FlowId(position(&self.flows, name))
    }

    /// `read.x`, `write.x`, `tell.x`, `memory.x`; with `!` behind it nulls are refused.
    fn action(&mut self, name: &str) -> Arc<Action> {
        self.actions.entry(name.to_owned()).or_insert_with(|| action(name)).clone()
    }

    fn code(&self, json: &Json) -> Code {
        match self.bare(json).kind {
            WrittenKind::Code(code) => code,
            _ => panic!("{json} is no expression"),
        }
    }

    fn bare(&self, json: &Json) -> Written {
        self.compiled(json, true)
    }

    fn written(&self, json: &Json) -> Written {
        self.compiled(json, false)
    }

    fn compiled(&self, json: &Json, bare: bool) -> Written {
        if let Some(duration) = json.as_str().and_then(wf_value::duration::parse) {
            let value = Value::Duration(duration);
            return Written { kind: WrittenKind::Literal { value, raw: None }, span: span() };
        }
        let place = Place { names: &self.scope, templates: &[] };
        let map = ScalarMap::plain(FileId(0), 0, 10_000);
        let source = source(json, &map);
        let (written, found) =
            if bare { Written::compile_bare(&source, place) } else { Written::compile(&source, place) };
        written.unwrap_or_else(|| panic!("{json}: {found:?}"))
    }
}

fn input_name(input: &Json) -> String {
    match input {
        Json::Object(one) => one.keys().next().unwrap().clone(),
        name => name.as_str().unwrap().to_owned(),
    }
}

fn source<'a>(json: &'a Json, map: &'a ScalarMap) -> Source<'a> {
    let scalar = |text: &'a str, plain| Scalar { text, map, plain, span: span() };
    match json {
        Json::String(text) => Source::Scalar(scalar(text, false)),
        Json::Array(items) => Source::List(items.iter().map(|item| source(item, map)).collect(), span()),
        Json::Object(members) => {
            let entry = |(key, value): (&'a String, &'a Json)| (scalar(key, false), source(value, map));
            Source::Map(members.iter().map(entry).collect(), span())
        }
        other => {
            // leaked: a test's plan lives as long as the test
            let text: &'static str = Box::leak(other.to_string().into_boxed_str());
            Source::Scalar(scalar(text, true))
        }
    }
}

fn vendor_request(text: &str, accept: Option<Accept>) -> Request {
    let (verb, path) = text.split_once(' ').unwrap();
    Request {
        verb: verb.into(),
        base_url: None,
        target: Some(literal(path)),
        method: None,
        template: path.into(),
        query: None,
        headers: Vec::new(),
        auth: None,
        limits: wf_plan::Limits::default(),
        body: None,
        extra: Vec::new(),
        vendor: Type::Any,
        answers: Vec::new(),
        reply: None,
        pages: None,
        accept,
        retry: None,
        expired: None,
        follow_redirects: true,
        cache: None,
        expects_json: false,
        is_write: false,
        output: None,
        answer: 0,
        page: 0,
        read: 0,
        session: 0,
        span: span(),
    }
}

/// A connector of one file, whose only action is the main flow.
pub(crate) fn connector(json: Json) -> Arc<Connector> {
    let module = plan(json).plan;
    let Some(plan) = Arc::into_inner(module) else { panic!("nobody else has it") };
    let face = Face {
        file: "connector.yaml".into(),
        transport: wf_plan::Transport::Http,
        queue: None,
        config: Vec::new(),
        module: plan.module,
        verify_tls: None,
        settings: Vec::new(),
        limits: wf_plan::Limits::default(),
        protos: None,
        actions: Vec::new(),
    };
    Arc::new(Connector { name: "desk".into(), title: "A desk".into(), faces: vec![face], files: Files::default() })
}

fn action(name: &str) -> Arc<Action> {
    let (kind, rest) = name.split_once('.').unwrap();
    let (effect, memory) = match kind {
        "read" => (Effect::Read, false),
        "write" => (Effect::Write, false),
        "memory" => (Effect::Write, true),
        "tell" => (Effect::Tell, false),
        _ => panic!("{name}"),
    };
    let row = Type::shape(
        "row",
        vec![
            Field { name: "id".into(), ty: Type::Id, default: None },
            Field { name: "state".into(), ty: Type::Text, default: None },
            Field { name: "seen".into(), ty: Type::timestamp().optional(), default: None },
        ],
    );
    let output = if rest.starts_with("rows") { Type::list(row) } else { Type::Any };
    let mut fields: Vec<InputField> =
        ["id", "note", "x", "filter"].iter().map(|name| InputField::optional(*name, Type::Any)).collect();
    fields.push(InputField::optional("message", Type::Text));
    // as in the records of a store
    let record = Type::shape("record", vec![Field { name: "a".into(), ty: Type::Text.optional(), default: None }]);
    let kept = InputField {
        presence: wf_value::Presence::Nullable,
        keep_empty: true,
        ..InputField::required("kept", record.clone())
    };
    fields.extend([kept, InputField::optional("record", record)]);
    let outcome = |name: &str, statuses: &str| Outcome {
        name: name.into(),
        statuses: StatusSet(vec![Status::parse(statuses).unwrap()]),
        condition: None,
        span: Span::new(wf_source::FileId(0), 0, 0),
    };
    Arc::new(Action {
        connector: kind.into(),
        name: rest.into(),
        full_name: wf_plan::FullName::default(),
        title: format!("{kind}: {rest}").into(),
        subject: literal(name),
        queue: None,
        effect,
        envelope: Envelope::Body,
        input: InputSpec { fields, refuse_nulls: rest.ends_with('!'), ..InputSpec::default() },
        output,
        replies: true,
        claims: true,
        outcomes: vec![outcome("created", "201"), outcome("exists", "409"), outcome("done", "2xx")],
        accept: None,
        about: vec![wf_plan::About { label: "id".into(), value: slot_field("id") }],
        wait_ms: 10_000,
        doubt: Doubt::Report,
        memory,
        span: span(),
    })
}

fn slot_field(name: &str) -> Written {
    let scope = Scope::default();
    scope.frames.borrow_mut().push(vec!["input".into()]);
    let text = format!("input.{name}");
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (code, found) = compile(&text, &map, &scope);
    Written { kind: WrittenKind::Code(code.unwrap_or_else(|| panic!("{found:?}"))), span: span() }
}

fn literal(text: &str) -> Written {
    Written { kind: WrittenKind::Literal { value: text.into(), raw: None }, span: span() }
}

fn metric(name: &str, labels: &Json) -> Metric {
    let kind = if name.starts_with("now_") { MetricKind::Gauge } else { MetricKind::Counter };
    Metric {
        name: name.into(),
        kind,
        labels: list_of(labels),
        constant: vec![("feature".into(), "Test".into())],
        doc: Text::default(),
        span: span(),
    }
}

fn accept(json: &Json) -> Accept {
    let words = match json {
        Json::Array(words) => words.clone(),
        Json::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let mut accept = Accept { any: false, statuses: StatusSet::default(), outcomes: Vec::new() };
    for word in &words {
        let word = word.as_str().map_or_else(|| word.to_string(), ToOwned::to_owned);
        match Status::parse(&word) {
            Some(Status::Word(wf_plan::Word::Any)) => accept.any = true,
            Some(status @ Status::Range(..)) => accept.statuses.0.push(status),
            _ => accept.outcomes.push(word.as_str().into()),
        }
    }
    accept
}

fn position(all: &[String], name: &str) -> u32 {
    let at = all.iter().position(|known| known == name).unwrap_or_else(|| panic!("no '{name}' in {all:?}"));
    u32::try_from(at).unwrap()
}

fn object(json: &Json) -> Object {
    json.as_object().cloned().unwrap_or_default()
}

fn list(json: &Json) -> Vec<Json> {
    json.as_array().cloned().unwrap_or_default()
}

fn list_of(json: &Json) -> Vec<Text> {
    match json {
        Json::Array(words) => words.iter().map(|w| w.as_str().unwrap_or_default().into()).collect(),
        Json::String(word) => vec![word.as_str().into()],
        _ => Vec::new(),
    }
}

fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}
