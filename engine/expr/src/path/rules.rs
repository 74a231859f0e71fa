//! What can be wrong with a path.

wf_source::rules! {
    /// A path that is no JSONPath.
    ///
    /// Paths are written as RFC 9535 says: `$.name.field`, `[0]`, `[-1]`, `[1:3]`, `[*]`, `..field`, `[?@.field == 'text']`.
    ///
    /// ```yaml fails
    /// workflow: example
    /// triggers: {every: 1h}
    /// define:
    ///   rows: "=[{'a': 1}]"
    /// steps:
    ///   - let: {found: "$.rows[?@.a = 1]"}
    /// ```
    PATH_SYNTAX = "WF0290", "path-syntax";

    /// A path that does not begin with a name.
    ///
    /// `$` is what is in scope: ids of steps, lets, inputs, params. A path begins with one of them: `$.edges[*].serial`.
    PATH_ROOT = "WF0291", "path-root";

    /// A function in a filter that is used for what it does not give.
    ///
    /// `length(…)`, `count(…)` and `value(…)` give a value to compare, `match(…)` and `search(…)` a condition.
    PATH_FUNCTION = "WF0292", "path-function";

    /// A step of a path that can find nothing.
    ///
    /// Every step is held against what is declared: a field that is not there, an index of an object, `[*]` of a text find nothing ever.
    PATH_FINDS_NOTHING = "WF0293", "path-finds-nothing";
}
