//! `wfctl connectors`: what they offer.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use wf_check::Checked;
use wf_expr::WrittenKind;
use wf_plan::{Action, Effect};
use wf_source::nearest;
use wf_value::{InputField, Text, Type, Value};

use crate::args::{Connectors, ConnectorsCommand, ListConnectors, Output, ShowConnector};
use crate::exit::{Exit, Refusal};
use crate::output;
use crate::tree::Tree;
use crate::wiring::vendors;

pub fn connectors(root: Option<&Path>, args: &Connectors) -> Result<Exit, Refusal> {
    match &args.command {
        ConnectorsCommand::List(args) => list(&checked(root)?, args),
        ConnectorsCommand::Show(args) => show(&checked(root)?, args),
        ConnectorsCommand::Serve(args) => super::serve_connectors::serve_connectors(root, args),
    }
}

/// A connector in which something is wrong is not among them: that is said, and the others are shown.
fn checked(root: Option<&Path>) -> Result<Checked, Refusal> {
    let checked = Tree::read(root)?.check();
    if checked.has_errors() {
        output::say("some files are not right, what is in them is left out: wfctl validate");
    }
    Ok(checked)
}

pub(super) fn actions(checked: &Checked) -> impl Iterator<Item = &Arc<Action>> {
    checked.connectors.iter().flat_map(|connector| connector.actions()).map(|(_, action)| &action.contract)
}

/// Those of the connectors that are named, or all.
fn list(checked: &Checked, args: &ListConnectors) -> Result<Exit, Refusal> {
    for name in &args.names {
        vendors::connector(checked, name)?;
    }
    let wanted = |action: &&Arc<Action>| {
        args.names.is_empty() || args.names.iter().any(|name| action.connector.as_str() == name)
    };
    let actions: Vec<&Arc<Action>> = actions(checked).filter(wanted).collect();
    if args.output != Output::Human {
        let row = |action: &&Arc<Action>| {
            json!({
                "action": action.full_name().as_str(),
                "effect": effect(action),
                "subject": subject(action).as_str(),
                "queue": action.queue.as_deref(),
            })
        };
        output::print_json(&actions.iter().map(row).collect::<Vec<_>>().into());
        return Ok(Exit::Fine);
    }
    let wide = actions.iter().map(|action| action.full_name().len()).max().unwrap_or(0);
    let row =
        |action: &&Arc<Action>| format!("{:wide$}  {:5}  {}\n", action.full_name(), effect(action), subject(action));
    output::print(&actions.iter().map(row).collect::<String>());
    Ok(Exit::Fine)
}

fn show(checked: &Checked, args: &ShowConnector) -> Result<Exit, Refusal> {
    if !args.name.contains('.') {
        vendors::connector(checked, &args.name)?;
    }
    let wanted =
        |action: &&Arc<Action>| action.connector.as_str() == args.name || action.full_name().as_str() == args.name;
    let cards: Vec<String> = actions(checked).filter(wanted).map(|action| card(action)).collect();
    if cards.is_empty() {
        return Err(no_action(checked, &args.name));
    }
    output::print(&cards.join("\n"));
    Ok(Exit::Fine)
}

pub(super) fn no_action(checked: &Checked, name: &str) -> Refusal {
    let near = nearest(name, actions(checked).map(|action| action.full_name().as_str()));
    let help = near.map_or("wfctl connectors list shows them all".to_owned(), |near| format!("did you mean {near}?"));
    Refusal::wrong(format!("there is no action {name}: {help}"))
}

/// All that a caller has to know of an action.
fn card(action: &Action) -> String {
    let mut card = String::new();
    let queue = action.queue.as_ref().map(|queue| format!(", queue {queue}")).unwrap_or_default();
    let _ = writeln!(card, "{} ({}), subject {}{queue}", action.full_name(), effect(action), subject(action));
    let _ = writeln!(card, "  {}", action.title);
    let wide = action.input.fields.iter().map(|field| field.name.len()).max().unwrap_or(0);
    for field in &action.input.fields {
        let optional = if field.must_be_there() { "" } else { ", optional" };
        let _ = writeln!(card, "  takes    {:wide$}  {}{optional}", field.name, field.ty.words());
    }
    if action.replies {
        let _ = writeln!(card, "  answers  {}", action.output.words());
    }
    for outcome in &action.outcomes {
        let _ = writeln!(card, "  outcome  {}", outcome.name);
    }
    let fields = action.input.fields.iter().filter(|field| field.must_be_there()).map(example);
    let fields = fields.map(|field| format!(" {field}")).collect::<String>();
    let _ = writeln!(card, "  wfctl call {}{fields} --sandbox SCENARIO", action.full_name());
    card
}

/// `ticket_id=1`: a value of the right kind; the person knows the right one.
fn example(field: &InputField) -> String {
    let value = match field.ty.required() {
        Type::Integer | Type::Number | Type::Id | Type::Scalar => "1",
        Type::Boolean => "true",
        Type::List(_) => "'[]'",
        Type::Shape(_) | Type::Map(_) => "'{}'",
        _ => "…",
    };
    format!("{}={value}", field.name)
}

fn effect(action: &Action) -> &'static str {
    match action.effect {
        Effect::Read => "read",
        Effect::Write => "write",
        Effect::Tell => "tell",
    }
}

/// Where its messages go; one that holds fields of the input is only known with them.
pub(super) fn subject(action: &Action) -> Text {
    match &action.subject.kind {
        WrittenKind::Literal { value: Value::Text(subject), .. } => subject.clone(),
        _ => "(by its input)".into(),
    }
}
