//! What can be wrong with a path.

wf_source::rules! {
    /// A path that is no JSONPath.
    ///
    /// Paths are written as RFC 9535 says: `$.name.field`, `[0]`, `[-1]`, `[1:3]`, `[*]`, `..field`, `[?@.field == 'text']`.
    ///
    /// ```yaml fails
    /// define:
    ///   rows(): "=[{'a': 1}, {'a': 2}]"
    /// steps:
    ///   - let: {rows: =rows()}
    ///   - let: {found: "$.rows[?@.a = 1]"}
    ///   - skip: {nothing to do: empty(found)}
    /// ```
    /// ```yaml passes
    /// define:
    ///   rows(): "=[{'a': 1}, {'a': 2}]"
    /// steps:
    ///   - let: {rows: =rows()}
    ///   - let: {found: "$.rows[?@.a == 1]"}
    ///   - skip: {nothing to do: empty(found)}
    /// ```
    PATH_SYNTAX = "WF0290", "path-syntax";

    /// A path that does not begin with a name.
    ///
    /// `$` is what is in scope: ids of steps, lets, inputs, params. A path begins with one of them: `$.edges[*].serial`.
    ///
    /// ```yaml fails
    /// steps:
    ///   - let: {found: "$[0]"}
    ///   - skip: {nothing to do: found == null}
    /// ```
    PATH_ROOT = "WF0291", "path-root";

    /// A function in a filter that is used for what it does not give.
    ///
    /// `length(…)`, `count(…)` and `value(…)` give a value to compare, `match(…)` and `search(…)` a condition.
    ///
    /// ```yaml fails
    /// define:
    ///   rows(): "=[{'a': 'abc'}]"
    /// steps:
    ///   - let: {rows: =rows()}
    ///   - let: {found: "$.rows[?length(@.a)]"}
    ///   - skip: {nothing to do: empty(found)}
    /// ```
    /// ```yaml passes
    /// define:
    ///   rows(): "=[{'a': 'abc'}]"
    /// steps:
    ///   - let: {rows: =rows()}
    ///   - let: {found: "$.rows[?length(@.a) == 3]"}
    ///   - skip: {nothing to do: empty(found)}
    /// ```
    PATH_FUNCTION = "WF0292", "path-function";

    /// A step of a path that can find nothing.
    ///
    /// Every step is held against what is declared: a field that is not there, an index of an object, `[*]` of a text find nothing ever.
    ///
    /// ```yaml fails
    /// define:
    ///   rows(): "=[{'a': 1}]"
    /// steps:
    ///   - let: {rows: =rows()}
    ///   - let: {found: "$.rows[*].a[*]"}
    ///   - skip: {nothing to do: empty(found)}
    /// ```
    /// ```yaml passes
    /// define:
    ///   rows(): "=[{'a': 1}]"
    /// steps:
    ///   - let: {rows: =rows()}
    ///   - let: {found: "$.rows[*].a"}
    ///   - skip: {nothing to do: empty(found)}
    /// ```
    PATH_FINDS_NOTHING = "WF0293", "path-finds-nothing";
}
