//! Functions of lists.

use wf_source::Diagnostic;
use wf_value::Type;

use crate::types::findings::{COMPARED_TYPES, WRONG_ARGUMENT};
use crate::types::join::{element, field, forms, is_number, is_text, join_all};
use crate::types::{Takes, TypeCall, words};

/// `exists(x, c)`, `all(x, c)`, `exists_one`: a list or map, a condition.
pub fn quantifier(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    call.condition(1, &of);
    Type::Boolean
}

/// `filter(x, c)`: the same list (of a map: its keys); its elements are what the condition lets through.
pub fn filter(call: &mut TypeCall<'_>) -> Type {
    let same = call.same();
    let of = call.elements();
    let kept = call.condition(1, &of);
    if kept == of { same } else { Type::list(kept) }
}

/// `map(x, e)`, and CEL's `map(x, c, e)`.
pub fn map(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    match call.args.len() {
        3 => {
            let kept = call.condition(1, &of);
            Type::list(call.lambda(2, &[kept]))
        }
        _ => Type::list(call.lambda(1, &[of])),
    }
}

/// `flatMap(x, e)`: `e` gives a list.
pub fn flat_map(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    let given = call.lambda(1, &[of]);
    let elements: Vec<Type> = forms(&given).iter().filter_map(element_of).collect();
    if elements.is_empty() {
        call.wrong(1, "a list");
        return Type::list(Type::Any);
    }
    Type::list(join_all(elements))
}

fn element_of(form: &Type) -> Option<Type> {
    match form {
        Type::Any => Some(Type::Any),
        Type::List(of) => Some((**of).clone()),
        _ => None,
    }
}

/// `flatten()`: elements that are no lists stay. `flatten(depth)` may open more of them.
pub fn flatten(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    if call.args.len() > 1 {
        call.demand(1, Takes::Integer);
        return Type::list(Type::Any);
    }
    Type::list(join_all(forms(&of).iter().map(|form| element_of(form).unwrap_or_else(|| form.clone()))))
}

/// `first()`, `last()`, `first(x, c)`, `last(x, c)`: an element, or null.
pub fn one_of_list(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    call.condition(1, &of).optional()
}

/// `count(x, c)`.
pub fn count(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    call.condition(1, &of);
    Type::Integer
}

/// `sortBy(x, key)`, `sortBy(x, key, 'down')`, `distinctBy(x, key)`: the same list.
pub fn by_key(call: &mut TypeCall<'_>) -> Type {
    let same = call.same();
    key(call);
    if call.args.len() > 2 && call.demand(2, Takes::Text) {
        let odd = call.text(2).filter(|word| word.as_str() != "down" && word.as_str() != "up").cloned();
        if let Some(word) = odd {
            let message = format!("`{}` goes 'up' or 'down', not '{word}'", call.function.name);
            call.report(2, Diagnostic::error(&WRONG_ARGUMENT, call.args[2].span, message));
        }
    }
    same
}

fn key(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    call.lambda(1, &[of])
}

/// `minBy(x, key)`, `maxBy(x, key)`: an element, or null.
pub fn one_by_key(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    key(call);
    of.optional()
}

/// `min()`, `max()` of a list: an element, or null.
pub fn least(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    let ordered = |form: &Type| !matches!(form, Type::List(_) | Type::Map(_) | Type::Shape(_) | Type::Boolean);
    if !forms(&of).iter().any(ordered) {
        call.wrong(0, "a list of numbers, texts, times or durations");
        return Type::Any;
    }
    of.required().clone().optional()
}

/// `sum()`: of numbers or durations; null when there are none.
pub fn sum(call: &mut TypeCall<'_>) -> Type {
    summed(call, |form| if is_number(form) { form.clone() } else { Type::Duration })
}

/// `mean()`: of numbers or durations; null when there are none.
pub fn mean(call: &mut TypeCall<'_>) -> Type {
    summed(call, |form| if is_number(form) { Type::Number } else { Type::Duration })
}

fn summed(call: &mut TypeCall<'_>, gives: impl Fn(&Type) -> Type) -> Type {
    let of = call.elements();
    let forms = forms(&of);
    if forms.iter().any(|form| matches!(form, Type::Any | Type::Scalar)) {
        return Type::Any;
    }
    let summable: Vec<Type> = forms.iter().filter(|f| is_number(f) || **f == Type::Duration).map(gives).collect();
    if summable.is_empty() {
        call.wrong(0, "a list of numbers or durations");
        return Type::Any;
    }
    join_all(summable).optional()
}

/// `distinct() sort() take(n) drop(n) slice(from, to)`: the same list; other arguments are whole numbers.
pub fn same_list(call: &mut TypeCall<'_>) -> Type {
    let same = call.same();
    for i in 1..call.args.len() {
        call.demand(i, Takes::Integer);
    }
    same
}

/// `from(item)`: the same list.
pub fn from(call: &mut TypeCall<'_>) -> Type {
    let (of, item) = (call.elements(), call.arg(1));
    unlike(call, &of, &item);
    call.same()
}

/// Reports an argument that can equal no element.
fn unlike(call: &mut TypeCall<'_>, of: &Type, item: &Type) {
    if !TypeCall::comparable(of, item)
        && let Some(code) = call.args.get(1)
    {
        let message = format!("the list holds {}, never {}", words::a(of), words::a(item));
        call.report(1, Diagnostic::error(&COMPARED_TYPES, code.span, message));
    } else {
        call.looked_for(1, 0);
    }
}

/// `fromLast(x, c)`: the same list.
pub fn from_last(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    call.condition(1, &of);
    call.same()
}

/// `groupBy(x, key)`: a list of `{key, items}`.
pub fn group_by(call: &mut TypeCall<'_>) -> Type {
    let (key, items) = (key(call), call.same());
    Type::list(Type::shape("group", vec![field("key".into(), key), field("items".into(), items)]))
}

/// `indexBy(x, key)`: a map of elements.
pub fn index_by(call: &mut TypeCall<'_>) -> Type {
    key(call);
    Type::map(call.elements())
}

/// `toMap(x, key, value)`: a map of values.
pub fn to_map(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    call.lambda(1, std::slice::from_ref(&of));
    Type::map(call.lambda(2, &[of]))
}

/// `chunks(n)`: lists.
pub fn chunks(call: &mut TypeCall<'_>) -> Type {
    call.demand(1, Takes::Integer);
    Type::list(call.same())
}

/// `numbered()`: a list of `{number, of, item}`.
pub fn numbered(call: &mut TypeCall<'_>) -> Type {
    let item = call.elements();
    let fields = [("number", Type::Integer), ("of", Type::Integer), ("item", item)];
    Type::list(Type::shape("", fields.map(|(name, ty)| field(name.into(), ty)).into()))
}

/// `overlaps(list)`: lists of like elements.
pub fn overlaps(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    if call.demand(1, Takes::List)
        && let Some(other) = forms(&call.arg(1)).iter().find_map(element_of)
    {
        match TypeCall::comparable(&of, &element(&other)) {
            true => call.overlapping(0, 1),
            false => unlike(call, &of, &element(&other)),
        }
    }
    Type::Boolean
}

/// `join(sep)`: a text of all elements.
pub fn join(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    call.demand(1, Takes::Text);
    if forms(&of).contains(&Type::Secret) { Type::Secret } else { Type::Text }
}

/// `csv(x, row(x), style)`, `csv(columns, style)`.
pub fn csv(call: &mut TypeCall<'_>) -> Type {
    let of = call.elements();
    if call.locals.is_empty() {
        call.demand(1, Takes::ListOfText);
    } else {
        let row = call.lambda(1, &[of]);
        if !forms(&row).iter().any(|form| matches!(form, Type::Map(_) | Type::Shape(_) | Type::Any)) {
            call.wrong(1, "a map");
        }
    }
    call.demand(2, Takes::Map);
    Type::Text
}

/// `size(x)`, `x.size()`: of a text, list, map, bytes.
pub fn size(call: &mut TypeCall<'_>) -> Type {
    let ty = call.arg(0);
    let sized = |form: &Type| {
        is_text(form)
            || matches!(
                form,
                Type::Any | Type::List(_) | Type::Map(_) | Type::Shape(_) | Type::Bytes | Type::Id | Type::Scalar
            )
    };
    if !forms(&ty).iter().any(sized) {
        call.wrong(0, "a text, a list or a map");
    }
    Type::Integer
}

/// `x.reverse()` of a text or a list gives the same; `x.contains(y)` tells.
pub fn text_or_list(call: &mut TypeCall<'_>) -> Type {
    let ty = call.arg(0);
    let given = forms(&ty).into_iter().filter_map(|form| match form {
        form if is_text(&form) => Some(if form == Type::Secret { Type::Secret } else { Type::Text }),
        Type::Id | Type::Scalar => Some(Type::Text),
        Type::Any | Type::List(_) => Some(form),
        _ => None,
    });
    let given: Vec<Type> = given.collect();
    if given.is_empty() {
        call.wrong(0, "a text or a list");
        return Type::Any;
    }
    if call.function.name == "contains" { Type::Boolean } else { join_all(given) }
}
