//! Types in words: `list of optional text or never`.

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{TypeExpr, TypeKind, rules},
    read::Reader,
    tree::Scalar,
};

/// The words that every file knows; others are shapes, enums and types of the file, or messages of a proto.
pub const TYPE_WORDS: &[&str] = &[
    "any",
    "boolean",
    "integer",
    "number",
    "text",
    "id",
    "timestamp",
    "duration",
    "size",
    "regex",
    "zone",
    "url",
    "secret",
    "bytes",
    "scalar",
];

const PREFIXES: [&str; 5] = ["list", "map", "range", "optional", "nullable"];

/// Reads the words of a scalar; what cannot be read is reported and broken.
pub(super) fn read(reader: &mut Reader<'_>, scalar: &Scalar, span: Span) -> TypeExpr {
    let mut words = vec![];
    let mut at = 0;
    // a blank may be of several bytes
    for piece in scalar.text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if !word.is_empty() {
            words.push((word, scalar.map.span(at, at + word.len())));
        }
        at += piece.len();
    }
    let mut parser = Words { words: &words, at: 0, end: span };
    let read = parser.alternatives().and_then(|ty| match parser.peek() {
        None => Ok(ty),
        Some((word, span)) => Err(Box::new(surplus(&scalar.text, words.first().map_or("", |w| w.0), word, span))),
    });
    read.unwrap_or_else(|wrong| {
        reader.push(*wrong);
        TypeExpr { span, kind: TypeKind::Broken }
    })
}

struct Words<'a> {
    words: &'a [(&'a str, Span)],
    at: usize,
    end: Span,
}

impl<'a> Words<'a> {
    fn peek(&self) -> Option<(&'a str, Span)> {
        self.words.get(self.at).copied()
    }

    fn take(&mut self) -> Option<(&'a str, Span)> {
        let word = self.peek();
        self.at += 1;
        word
    }

    /// `A or B or C`: the loosest.
    fn alternatives(&mut self) -> Result<TypeExpr, Box<Diagnostic>> {
        let first = self.one()?;
        let mut all = vec![first];
        while self.peek().is_some_and(|(word, _)| word == "or") {
            self.at += 1;
            all.push(self.one()?);
        }
        let span = all.iter().skip(1).fold(all[0].span, |span, ty| span.to(ty.span));
        Ok(if all.len() == 1 { all.remove(0) } else { TypeExpr { span, kind: TypeKind::Or(all) } })
    }

    fn one(&mut self) -> Result<TypeExpr, Box<Diagnostic>> {
        let Some((word, span)) = self.take() else {
            let wrong = Diagnostic::error(&rules::WRONG_TYPE, self.end, "the type ends too early");
            return Err(Box::new(wrong.help("as in `list of text`, `optional id`, `timestamp or never`")));
        };
        let of = matches!(word, "list" | "map" | "range");
        if of {
            match self.take() {
                Some(("of", _)) => {}
                other => return Err(Box::new(missing_of(word, other.map_or(span, |(_, s)| s), other.map(|(w, _)| w)))),
            }
        }
        if !PREFIXES.contains(&word) {
            if !word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
                let message = format!("`{word}` is no type");
                let wrong = Diagnostic::error(&rules::WRONG_TYPE, span, message);
                let help = "a type is a name, or words as in `list of text`; texts of an enum stand in `[A, B]`";
                return Err(Box::new(wrong.help(help)));
            }
            return Ok(TypeExpr { span, kind: TypeKind::Named(word.into()) });
        }
        let inner = Box::new(self.one()?);
        let span = span.to(inner.span);
        let kind = match word {
            "list" => TypeKind::List(inner),
            "map" => TypeKind::Map(inner),
            "range" => TypeKind::Range(inner),
            "optional" => TypeKind::Optional(inner),
            _ => TypeKind::Nullable(inner),
        };
        Ok(TypeExpr { span, kind })
    }
}

fn missing_of(word: &str, span: Span, next: Option<&str>) -> Diagnostic {
    let of = next.unwrap_or("text");
    Diagnostic::error(&rules::WRONG_TYPE, span, format!("`{word}` needs `of` and what is in it"))
        .help(format!("write `{word} of {of}`"))
}

fn surplus(whole: &str, first: &str, word: &str, span: Span) -> Diagnostic {
    let wrong = Diagnostic::error(&rules::WRONG_TYPE, span, format!("`{whole}` is no type: `{word}` is too much"));
    let near = wf_source::nearest(first, PREFIXES);
    match near {
        Some(near) if near != first => wrong.help(format!("did you mean `{near}` instead of `{first}`?")),
        _ => wrong.help("as in `list of text`, `optional id`, `timestamp or never`"),
    }
}
