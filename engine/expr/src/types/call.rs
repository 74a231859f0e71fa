//! One call of a built-in function, as its type function sees it.

use wf_source::{Diagnostic, Span, nearest};
use wf_value::{ShapeType, Text, Type, Value};

use super::findings::WRONG_ARGUMENT;
use super::infer::{Infer, Scope};
use super::join::{element, forms, is_number, is_text, join_all, keys_of, nothing, sure_texts};
use super::narrow::Root;
use super::operators::Operand;
use super::{TypeEnv, words};
use crate::functions::Function;
use crate::{Code, Kind};

/// One call of a built-in: its arguments are typed when they are asked for, each once.
pub struct TypeCall<'a> {
    pub function: &'static Function,
    /// The receiver, if there is one, is the first.
    pub args: &'a [Code],
    /// Numbers of the lambda variables that the call declares, in order.
    pub locals: &'a [u16],
    pub span: Span,
    pub name_span: Span,
    pub(super) types: Vec<Option<Type>>,
    pub(super) env: &'a mut dyn TypeEnv,
    pub(super) scope: &'a mut Scope,
}

/// What an argument of a function must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Any,
    Boolean,
    Integer,
    Number,
    Text,
    Time,
    Duration,
    Bytes,
    List,
    ListOfText,
    Map,
    Regex,
    /// A zone's name, or hours.
    Zone,
}

impl Takes {
    fn can_be(self, form: &Type) -> bool {
        if matches!(form, Type::Any) {
            return true;
        }
        let number = is_number(form) || matches!(form, Type::Id | Type::Scalar);
        let text = is_text(form) || matches!(form, Type::Id | Type::Scalar);
        match self {
            Self::Any => true,
            Self::Boolean => *form == Type::Boolean,
            Self::Integer | Self::Number => number,
            Self::Text | Self::Regex => text,
            Self::Zone => text || number,
            Self::Time => matches!(form, Type::Time(_)),
            Self::Duration => *form == Type::Duration,
            Self::Bytes => *form == Type::Bytes,
            Self::List => matches!(form, Type::List(_) | Type::Range(_)),
            Self::ListOfText => match form {
                Type::List(of) => forms(of).iter().any(|f| Self::Text.can_be(f)) || super::join::is_nothing(of),
                _ => false,
            },
            Self::Map => matches!(form, Type::Map(_) | Type::Shape(_)),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Boolean => "true or false",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Time => "a timestamp",
            Self::Duration => "a duration",
            Self::Bytes => "bytes",
            Self::List => "a list",
            Self::ListOfText => "a list of texts",
            Self::Map => "a map",
            Self::Regex => "a regex",
            Self::Zone => "a zone",
        }
    }
}

impl TypeCall<'_> {
    fn infer(&mut self) -> Infer<'_> {
        Infer { env: &mut *self.env, scope: &mut *self.scope }
    }

    /// The type of an argument (0: the receiver, if there is one); anything when it is not given.
    pub fn arg(&mut self, i: usize) -> Type {
        let Some(code) = self.args.get(i) else { return Type::Any };
        if let Some(Some(known)) = self.types.get(i) {
            return known.clone();
        }
        let ty = self.infer().infer(code);
        self.types[i] = Some(ty.clone());
        ty
    }

    /// The type of a lambda, whose variables have these types.
    pub fn lambda(&mut self, i: usize, variables: &[Type]) -> Type {
        let Some(code) = self.args.get(i) else { return Type::Any };
        let locals = self.locals;
        let ty = self.infer().with_locals(locals, variables, |this| this.infer(code));
        if let Some(known) = self.types.get_mut(i) {
            *known = Some(ty.clone());
        }
        ty
    }

    /// A lambda that is a condition of one variable. Gives what the variable is where it holds.
    pub fn condition(&mut self, i: usize, variable: &Type) -> Type {
        let Some(code) = self.args.get(i) else { return variable.clone() };
        let locals = self.locals;
        let narrowed = self.infer().with_locals(locals, std::slice::from_ref(variable), |this| {
            this.condition(code);
            let facts = this.facts(code, true);
            let first = locals.first().map(|local| Root::Local(*local));
            facts.into_iter().rev().find(|fact| Some(fact.root) == first).map(|fact| fact.ty)
        });
        if let Some(known) = self.types.get_mut(i) {
            *known = Some(Type::Boolean);
        }
        narrowed.unwrap_or_else(|| variable.clone())
    }

    /// Types what no type function has asked for.
    pub(super) fn rest(&mut self) {
        for i in 0..self.args.len() {
            if matches!(self.types.get(i), Some(None)) {
                self.lambda(i, &[]);
            }
        }
    }

    /// Types all arguments and demands nothing of them.
    pub fn any(&mut self) -> Type {
        Type::Any
    }

    /// Types all arguments; reports each that can not be what the function takes (receiver first; the last stands for all that follow).
    pub fn takes(&mut self, takes: &[Takes]) -> &mut Self {
        for i in 0..self.args.len() {
            if let Some(wanted) = takes.get(i).or(takes.last()) {
                self.demand(i, *wanted);
            }
        }
        self
    }

    /// Reports the argument when it can not be what is wanted. Whether it can.
    pub fn demand(&mut self, i: usize, wanted: Takes) -> bool {
        let ty = self.arg(i);
        let can = forms(&ty).iter().any(|form| wanted.can_be(form));
        if !can && i < self.args.len() {
            self.refuse(i, wanted.words(), |form| wanted.can_be(form));
        } else if wanted != Takes::Any {
            // whoever handed over a text that is none is wrong, not who uses it
            if self.known_fit(i, &ty, wanted) {
                self.note_used(i, &ty);
            }
        }
        can
    }

    /// Texts that are known, also those that a define was handed or that a table gives, must be what a zone or a regex is.
    fn known_fit(&mut self, i: usize, ty: &Type, wanted: Takes) -> bool {
        let wrong: fn(&Text) -> Option<String> = match wanted {
            Takes::Zone => |text| (!wf_value::is_zone(text)).then(|| format!("there is no time zone '{text}'")),
            // of what is written in place it is known already
            Takes::Regex if self.text(i).is_none() => |text| crate::functions::not_a_regex(text),
            _ => return true,
        };
        let known = sure_texts(ty);
        let Some((text, message)) = known.iter().find_map(|text| Some((text, wrong(text)?))) else { return true };
        let Some(code) = self.args.get(i) else { return true };
        let found = Diagnostic::error(&WRONG_ARGUMENT, code.span, message);
        let zones = if wanted == Takes::Zone { wf_value::zone_names() } else { vec![] };
        let found = match nearest(text, zones.iter().map(String::as_str)) {
            Some(near) => found.help(format!("did you mean '{near}'?")),
            None if wanted == Takes::Zone => found.help("as in 'US/Eastern', 'Europe/Madrid', 'UTC', or hours: -4"),
            None => found,
        };
        self.report(i, found);
        false
    }

    /// `takes`, then a fixed result: `|call| call.gives(&[Takes::Text], Type::Text)`. Made from a secret it is one, but for sizes and
    /// what is true or false.
    pub fn gives(&mut self, takes: &[Takes], result: Type) -> Type {
        self.takes(takes);
        let secret = (0..self.args.len()).any(|i| forms(&self.arg(i)).contains(&Type::Secret));
        if secret && !matches!(result, Type::Boolean | Type::Integer) { Type::Secret } else { result }
    }

    /// The type of elements of the receiver: of a list its elements, of a map its keys. Something else is reported.
    pub fn elements(&mut self) -> Type {
        let ty = self.arg(0);
        let elements: Vec<Type> = forms(&ty)
            .iter()
            .filter_map(|form| match form {
                Type::Any => Some(Type::Any),
                Type::List(of) => Some(element(of)),
                Type::Range(of) => Some((**of).clone()),
                // what has declared fields is gone through by nobody
                Type::Shape(shape) if !shape.name.is_empty() => None,
                Type::Map(shape) | Type::Shape(shape) => Some(keys_of(shape)),
                _ => None,
            })
            .collect();
        if elements.is_empty() {
            self.wrong(0, "a list");
            return Type::Any;
        }
        self.note_used(0, &ty);
        join_all(elements)
    }

    fn note_used(&mut self, i: usize, ty: &Type) {
        if let Some(code) = self.args.get(i)
            && !forms(ty).contains(&Type::Any)
        {
            self.infer().used(code);
        }
    }

    /// The receiver as a list, of a map its keys: what `filter` and its like hand on.
    pub fn same(&mut self) -> Type {
        match self.elements() {
            Type::Any if matches!(self.arg(0).required(), Type::List(of) if super::join::is_nothing(of)) => {
                Type::list(nothing())
            }
            of => Type::list(of),
        }
    }

    /// Whether there is such a file beside the one that the call stands in.
    #[must_use]
    pub fn has_asset(&self, name: &Text) -> bool {
        self.env.has_asset(name, self.span)
    }

    /// An argument that is a literal text.
    pub fn text(&self, i: usize) -> Option<&Text> {
        match &self.args.get(i)?.kind {
            Kind::Literal(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Reports that argument `i` is not `wanted` (`a text`).
    pub fn wrong(&mut self, i: usize, wanted: &str) {
        self.refuse(i, wanted, |form| wanted.starts_with("a list") && matches!(form, Type::List(_)));
    }

    /// The same, with what would have done: perhaps a member of it does.
    fn refuse(&mut self, i: usize, wanted: &str, fits: impl Fn(&Type) -> bool) {
        let Some(code) = self.args.get(i) else { return };
        let ty = self.arg(i);
        let message = match (self.function.receiver, i) {
            (true, 0) => format!(
                "`{}` is for {}, and {} is {}",
                self.function.name,
                plural(wanted),
                words::name(code),
                words::a(&ty)
            ),
            _ => {
                format!("`{}` takes {wanted} here, and {} is {}", self.function.name, words::name(code), words::a(&ty))
            }
        };
        let found = Diagnostic::error(&WRONG_ARGUMENT, code.span, message);
        let found = found.help(format!("it is `{}`", self.function.signature));
        let found = super::suggest(found, code, &ty, None, &fits);
        let single = forms(&ty).iter().all(|form| is_text(form) || is_number(form) || matches!(form, Type::Id));
        let list = Type::list(Type::Any);
        let found = match found.fix.is_none() && i > 0 && single && fits(&list) && !code.text.is_empty() {
            true => found.help(format!("write `[{}]`", code.text)).fix(code.span, format!("[{}]", code.text)),
            false => found,
        };
        self.report(i, found);
    }

    /// Reports a mistake about argument `i`.
    pub fn report(&mut self, i: usize, diagnostic: Diagnostic) {
        match self.args.get(i) {
            Some(code) => self.infer().complain(diagnostic, code),
            None => self.env.report(diagnostic, None, &Text::default()),
        }
        if let Some(known) = self.types.get_mut(i) {
            *known = Some(Type::Any);
        }
    }

    /// Argument `item` is looked for in the list that argument `list` is.
    pub fn looked_for(&mut self, item: usize, list: usize) {
        self.two(item, list, |infer, item, list| infer.held_texts(item, list));
    }

    /// Elements of two lists are compared.
    pub fn overlapping(&mut self, a: usize, b: usize) {
        self.two(a, b, |infer, a, b| infer.overlapping(a, b));
    }

    /// Argument `key` is looked for among the keys of argument `map`.
    pub fn keyed(&mut self, map: usize, key: usize) {
        self.two(map, key, |infer, map, key| infer.keys_meet(map.0, key));
    }

    /// Argument `i`, a text in quotes, names a field that none of the shapes has.
    pub fn no_field(&mut self, shapes: &[&ShapeType], name: &Text, i: usize) {
        let at = self.args.get(i).map_or(self.span, |code| code.span);
        let mut found = self.infer().no_field_of_shapes(shapes, name, at);
        if let Some(fix) = &mut found.fix {
            fix.replacement = format!("'{}'", fix.replacement);
        }
        self.report(0, found);
    }

    /// Field `name` of argument `i` is read.
    pub fn reads(&mut self, i: usize, name: &Text) {
        let forms = forms(&self.arg(i));
        let args = self.args;
        let mut infer = self.infer();
        if infer.note_read(&forms, name)
            && let Some(code) = args.get(i)
        {
            infer.used(code);
        }
    }

    fn two(&mut self, a: usize, b: usize, what: impl FnOnce(&mut Infer<'_>, Operand<'_>, Operand<'_>)) {
        let (a_ty, b_ty) = (self.arg(a), self.arg(b));
        let args = self.args;
        if let (Some(a), Some(b)) = (args.get(a), args.get(b)) {
            what(&mut self.infer(), (a, &a_ty), (b, &b_ty));
        }
    }

    /// Whether values of the two types can be equal.
    #[must_use]
    pub fn comparable(a: &Type, b: &Type) -> bool {
        super::compare::comparable(a, b)
    }
}

/// `a list` → `lists`, `a text or a list` → `texts or lists`, `a list of numbers` → `lists of numbers`.
fn plural(wanted: &str) -> String {
    let one = |word: &str| match word.strip_prefix("a ").map(|w| w.split_once(' ').unwrap_or((w, ""))) {
        Some((noun, "")) => format!("{noun}s"),
        Some((noun, rest)) => format!("{noun}s {rest}"),
        None => word.to_owned(),
    };
    match wanted.split_once(" or a ") {
        Some((first, second)) => {
            let before: Vec<String> = first.split(", ").map(one).collect();
            format!("{} or {}", before.join(", "), one(&format!("a {second}")))
        }
        None => one(wanted),
    }
}
