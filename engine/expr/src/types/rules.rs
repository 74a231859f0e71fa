//! Type functions of the built-in functions, for [`crate::functions::Function::ty`].
//!
//! Where a function takes and gives fixed types, its entry says so itself: `ty: |call| call.gives(&[Takes::Text], Type::Text)`.

use wf_value::Type;

use super::TypeCall;

macro_rules! soon {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(call: &mut TypeCall<'_>) -> Type {
            call.any()
        }
    )*};
}

soon! {
    /// Nothing is known of the result, anything is taken.
    any,
    /// `x.orElse(d)`, `ifUnknown(x, d)`: the one or the other.
    or_else,
    if_unknown,
    /// `has(x)`, `empty(x)`.
    boolean_of_any,
    /// `text.parseJson()`.
    parse_json,
    /// `exists(x, c)`, `all(x, c)`, `exists_one`: a list or map, a condition.
    quantifier,
    /// `filter(x, c)`: the same list (of a map: its keys).
    filter,
    /// `map(x, e)`, and CEL's `map(x, c, e)`.
    map,
    /// `flatMap(x, e)`: `e` gives a list.
    flat_map,
    flatten,
    /// `first()`, `last()`, `first(x, c)`, `last(x, c)`: an element, or null.
    one_of_list,
    /// `count(x, c)`.
    count,
    /// `sortBy(x, key)`, `sortBy(x, key, 'down')`, `distinctBy(x, key)`: the same list.
    by_key,
    /// `minBy(x, key)`, `maxBy(x, key)`: an element, or null.
    one_by_key,
    /// `min()`, `max()` of a list: an element, or null.
    least,
    /// `sum()`, `mean()` of a list: numbers or durations; null when there are none (sum: 0).
    sum,
    mean,
    /// `reverse() distinct() take(n) drop(n)`: the same list, other arguments are whole numbers.
    same_list,
    /// `from(item)`: the same list.
    from,
    /// `fromLast(x, c)`: the same list.
    from_last,
    group_by,
    index_by,
    to_map,
    chunks,
    numbered,
    overlaps,
    /// `compact()` of a list (drops nulls) or of a map.
    compact,
    /// `join(sep)` of a list of texts.
    join,
    csv,
    /// `size(x)`, `x.size()`: of a text, list, map, bytes.
    size,
    /// `get(key)` of a map: null when absent.
    get,
    keys,
    values,
    with,
    without,
    only,
    merge,
    rename_keys,
    pascal_keys,
    snake_keys,
    camel_keys,
    /// `capture(re)`: optional text.
    capture,
    /// `findAll(re)`: named groups of a constant regex are fields.
    find_all,
    /// `weekday(zone)`: closed set Mon … Sun.
    weekday,
    /// `math.least(…)`, `math.greatest(…)`: any number of numbers, or one list of them.
    math_least,
    /// `math.abs`, `math.ceil` …: a number gives the same kind of number.
    same_number,
    /// `dyn(x)`, `type(x)` of CEL.
    dyn_,
    /// `x.reverse()` of a text or a list, `x.contains(y)` of a text or a list.
    text_or_list,
}
