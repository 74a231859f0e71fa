//! What can be wrong with the writing of an expression.

wf_source::rules! {
    /// An expression that does not read as one.
    ///
    /// Something stands where it cannot, or something is missing: an operand, a comma, an operator between two values.
    ///
    /// ```yaml fails
    /// define:
    ///   down(edge): edge.state ==
    /// ```
    /// ```yaml passes
    /// define:
    ///   down(edge): edge.state == 'OFFLINE'
    /// ```
    SYNTAX = "WF0200", "expression-syntax";

    /// An operator of another language.
    ///
    /// Equality is `==`; conditions are joined with `&&` and `||`, and turned with `not`. A value for null is `x.orElse(d)`.
    ///
    /// ```yaml fails
    /// define:
    ///   down(edge): edge.state = 'OFFLINE' and edge.monitored
    /// ```
    /// ```yaml passes
    /// define:
    ///   down(edge): edge.state == 'OFFLINE' && edge.monitored
    /// ```
    FOREIGN_OPERATOR = "WF0201", "foreign-operator";

    /// A bracket that is never closed, or closes nothing.
    ///
    /// The place is that of the bracket, not of the end of the text where it was missed.
    ///
    /// ```yaml fails
    /// define:
    ///   faulty(edge): size(edge.links.filter(link, link.state == 'DOWN') > 0
    /// ```
    /// ```yaml passes
    /// define:
    ///   faulty(edge): size(edge.links.filter(link, link.state == 'DOWN')) > 0
    /// ```
    UNBALANCED = "WF0202", "unbalanced-brackets";

    /// A text in an expression that is not closed, or has an escape that does not exist.
    ///
    /// Texts stand in `'…'` or `"…"`. In `r'…'`, made for regular expressions, a backslash stands for itself.
    ///
    /// ```yaml fails
    /// define:
    ///   digits(text): text.matches('\d+')
    /// ```
    /// ```yaml passes
    /// define:
    ///   digits(text): text.matches(r'\d+')
    /// ```
    TEXT = "WF0203", "text-in-expression";

    /// A number or duration that cannot be read or does not fit.
    ///
    /// Whole numbers have 64 bits. Durations count `ms s m h d w`, the longest first: `1h30m`.
    ///
    /// ```yaml fails
    /// define:
    ///   young(note): now - note.createdDate < 30min
    /// ```
    /// ```yaml passes
    /// define:
    ///   young(note): now - note.createdDate < 30m
    /// ```
    NUMBER = "WF0204", "number-in-expression";

    /// An expression that is nested too deeply or too long.
    ///
    /// Name its parts with `let` or `define`.
    TOO_LARGE = "WF0205", "expression-too-large";

    /// A part of CEL or of another language that is not in ours.
    ///
    /// There are no optionals (`.?`, `[?k]`): `x.a.b.orElse(d)` sees through nulls along the whole path. There are no messages
    /// (`Name{field: 1}`): write a map, `{'field': 1}`.
    ///
    /// ```yaml fails
    /// define:
    ///   name(edge): edge?.site?.name
    /// ```
    /// ```yaml passes
    /// define:
    ///   name(edge): edge.site.name.orElse('')
    /// ```
    NOT_IN_LANGUAGE = "WF0206", "not-in-language";

    /// A character that means nothing in an expression.
    ///
    /// Often a typographic quote that an editor put in place of `'`.
    ///
    /// ```yaml fails
    /// define:
    ///   down(edge): edge.state == ‘OFFLINE’
    /// ```
    /// ```yaml passes
    /// define:
    ///   down(edge): edge.state == 'OFFLINE'
    /// ```
    CHARACTER = "WF0207", "character-in-expression";

    /// A key that stands twice in a map.
    ///
    /// ```yaml fails
    /// define:
    ///   pair(a): "={'x': a, 'x': 1}"
    /// ```
    /// ```yaml passes
    /// define:
    ///   pair(a): "={'x': a, 'y': 1}"
    /// ```
    DUPLICATE_KEY = "WF0208", "key-twice-in-map";
}
