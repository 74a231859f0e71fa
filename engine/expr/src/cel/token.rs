//! The words of an expression.

use jiff::SignedDuration;

/// A token: where it stands in the decoded text, in bytes, and what it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: TokenKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A name, key words of CEL among them.
    Name,
    /// `` `quoted-name` ``, after a point.
    QuotedName,
    /// A whole number by its amount: 2^63 fits only behind a minus.
    Int(u64),
    Float(f64),
    Duration(SignedDuration),
    Text(String),
    Bytes(Vec<u8>),
    Punct(Punct),
    /// Something that was reported already and stands for an operand.
    Broken,
    End,
}

macro_rules! puncts {
    ($($id:ident $text:literal)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Punct { $($id),* }

        impl Punct {
            /// Longest first, so that the first that fits is the right one.
            pub(super) const ALL: &[(Punct, &'static str)] = &[$((Punct::$id, $text)),*];

            pub(super) fn text(self) -> &'static str {
                match self { $(Punct::$id => $text),* }
            }
        }
    };
}

// besides those of the language the ones that people bring along from other languages, which get an answer of their own
puncts! {
    StrictEqual "===" StrictNotEqual "!==" Spread "..."
    Equal "==" NotEqual "!=" LessEqual "<=" GreaterEqual ">=" And "&&" Or "||" Range ".."
    OptionalField "?." OptionalIndex "?[" Coalesce "??" Arrow "=>" EqualLess "=<" Unlike "<>" Increment "++" Power "**"
    Less "<" Greater ">" Plus "+" Minus "-" Star "*" Slash "/" Percent "%" Not "!" Question "?" Colon ":" Comma "," Dot "."
    OpenParen "(" CloseParen ")" OpenBracket "[" CloseBracket "]" OpenBrace "{" CloseBrace "}"
    Assign "=" BitAnd "&" BitOr "|" Caret "^" Tilde "~" Semicolon ";"
}

impl Punct {
    /// The bracket that closes this one.
    pub(super) fn closer(self) -> Option<Punct> {
        match self {
            Self::OpenParen => Some(Self::CloseParen),
            Self::OpenBracket | Self::OptionalIndex => Some(Self::CloseBracket),
            Self::OpenBrace => Some(Self::CloseBrace),
            _ => None,
        }
    }

    pub(super) fn is_closer(self) -> bool {
        matches!(self, Self::CloseParen | Self::CloseBracket | Self::CloseBrace)
    }
}
