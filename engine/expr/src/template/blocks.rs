//! The tree of a text: what the `handlebars` crate makes of its tags.

use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use wf_value::Text;

use super::part::{Handed, Part};
use super::scan::{Tag, TagKind};
use crate::{Code, TemplateId};

/// A tag whose expressions are compiled.
pub(super) enum Ready {
    Hole {
        code: Code,
        escape: bool,
    },
    If(Code),
    Each {
        list: Code,
        item: u16,
        index: Option<u16>,
    },
    Partial {
        template: TemplateId,
        span: wf_source::Span,
        handed: Vec<Handed>,
    },
    /// It has none.
    Bare,
}

/// The parts of a text that consists of nothing but texts and holes; `None` when it has anything else.
pub(super) fn flat(text: &str, tags: &[Tag], ready: &mut Vec<Option<Ready>>) -> Option<Vec<Part>> {
    let plain = |tag: &Tag| matches!(tag.kind, TagKind::Hole { .. }) && !tag.trim_before && !tag.trim_after;
    if !tags.iter().all(plain) || text.contains("\\{{") {
        return None;
    }
    let mut parts = Vec::with_capacity(tags.len() * 2 + 1);
    let mut at = 0;
    for (tag, ready) in tags.iter().zip(ready.drain(..)) {
        push_text(&mut parts, &text[at..tag.whole.start]);
        if let Some(Ready::Hole { code, escape }) = ready {
            parts.push(Part::Hole { code, escape });
        }
        at = tag.whole.end;
    }
    push_text(&mut parts, &text[at..]);
    Some(parts)
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(Part::Text(before)) => *before = format!("{before}{text}").into(),
        _ => parts.push(Part::Text(text.into())),
    }
}

/// The parts of any text: `ready[i]` belongs to `tags[i]`. The error says what the crate did not take.
pub(super) fn tree(text: &str, tags: &[Tag], ready: &mut [Option<Ready>]) -> Result<Vec<Part>, String> {
    let indents: Vec<Text> = tags.iter().map(|tag| indent(text, tag)).collect();
    let numbered = numbered(text, tags);
    let parsed = handlebars::template::Template::compile(&numbered).map_err(|e| e.reason().to_string())?;
    parts(&parsed, ready, &indents)
}

/// The text with a number in place of each expression.
fn numbered(text: &str, tags: &[Tag]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for (i, tag) in tags.iter().enumerate() {
        result.push_str(&text[at..tag.whole.start]);
        at = tag.whole.end;
        let inner = match &tag.kind {
            TagKind::Hole { raw: false, .. } => format!("v {i}"),
            TagKind::Hole { raw: true, .. } => format!("{{v {i}}}"),
            TagKind::Open { name, .. } => format!("#{} {i}", &text[name.clone()]),
            TagKind::ElseOpen { .. } => format!("else if {i}"),
            TagKind::Else => "else".into(),
            TagKind::Close { name } => format!("/{}", &text[name.clone()]),
            TagKind::Partial { .. } => format!("> p {i}"),
            TagKind::Remark | TagKind::Unclosed | TagKind::OneBrace | TagKind::Refused => "!".into(),
        };
        let (before, after) = (if tag.trim_before { "~" } else { "" }, if tag.trim_after { "~" } else { "" });
        result.push_str(&format!("{{{{{before}{inner}{after}}}}}"));
    }
    result.push_str(&text[at..]);
    result
}

/// What stands before a tag that is alone on its line; empty for others.
fn indent(text: &str, tag: &Tag) -> Text {
    let before = &text[..tag.whole.start];
    let line = &before[before.rfind('\n').map_or(0, |i| i + 1)..];
    let after = &text[tag.whole.end..];
    let rest = after.split('\n').next().unwrap_or("");
    let alone = line.trim().is_empty() && rest.trim().is_empty() && !tag.trim_before;
    if alone { line.into() } else { Text::default() }
}

fn parts(
    tree: &handlebars::template::Template,
    ready: &mut [Option<Ready>],
    indents: &[Text],
) -> Result<Vec<Part>, String> {
    let mut result = Vec::with_capacity(tree.elements.len());
    for element in &tree.elements {
        match element {
            TemplateElement::RawString(text) => push_text(&mut result, text),
            TemplateElement::Comment(_) => {}
            TemplateElement::Expression(call) | TemplateElement::HtmlExpression(call) => {
                if let Some(Ready::Hole { code, escape }) = take(&call.params, ready) {
                    result.push(Part::Hole { code, escape });
                }
            }
            TemplateElement::HelperBlock(block) => result.push(self::block(block, ready, indents)?),
            TemplateElement::PartialExpression(call) => {
                let indent = number(&call.params).and_then(|i| indents.get(i)).cloned().unwrap_or_default();
                if let Some(Ready::Partial { template, span, handed }) = take(&call.params, ready) {
                    result.push(Part::Partial { template, span, handed, indent });
                }
            }
            other => return Err(format!("texts do not have this: {other:?}")),
        }
    }
    Ok(result)
}

fn block(block: &HelperTemplate, ready: &mut [Option<Ready>], indents: &[Text]) -> Result<Part, String> {
    let own = take(&block.params, ready);
    let mut inner = |tree: Option<&handlebars::template::Template>| match tree {
        Some(tree) => parts(tree, ready, indents),
        None => Ok(Vec::new()),
    };
    let body = inner(block.template.as_ref())?;
    let otherwise = inner(block.inverse.as_ref())?;
    match own {
        Some(Ready::If(condition)) => Ok(Part::If { condition, then: body, otherwise }),
        Some(Ready::Each { list, item, index }) => Ok(Part::Each { list, item, index, body, otherwise }),
        _ => Err("a block without its expression".into()),
    }
}

/// The number that stands in place of an expression.
fn number(params: &[Parameter]) -> Option<usize> {
    match params.first() {
        Some(Parameter::Literal(number)) => number.as_u64().and_then(|n| usize::try_from(n).ok()),
        _ => None,
    }
}

fn take(params: &[Parameter], ready: &mut [Option<Ready>]) -> Option<Ready> {
    ready.get_mut(number(params)?)?.take()
}
