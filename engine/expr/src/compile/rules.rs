//! What can be wrong with the names of an expression.

wf_source::rules! {
    /// A name that nothing has.
    ///
    /// Most often a misspelling, or a text without its quotes. Names are those of steps, `let`s, loops, inputs, constants, and the
    /// arguments of the define they stand in.
    ///
    /// ```yaml fails
    /// define:
    ///   down(edge): edg.state == 'OFFLINE'
    /// ```
    /// ```yaml passes
    /// define:
    ///   down(edge): edge.state == 'OFFLINE'
    /// ```
    UNKNOWN_NAME = "WF0220", "unknown-name";

    /// A function that does not exist, or is called in the other way.
    ///
    /// Some functions are called on a value (`text.lower()`), others are free (`empty(x)`), defines and tables always are.
    ///
    /// ```yaml fails
    /// define:
    ///   name(edge): lower(edge.name)
    /// ```
    /// ```yaml passes
    /// define:
    ///   name(edge): edge.name.lower()
    /// ```
    UNKNOWN_FUNCTION = "WF0221", "unknown-function";

    /// A call with too many or too few arguments.
    ///
    /// ```yaml fails
    /// define:
    ///   down(edge): edge.state == 'OFFLINE'
    ///   both(a, b): down(a, b)
    /// ```
    /// ```yaml passes
    /// define:
    ///   down(edge): edge.state == 'OFFLINE'
    ///   both(a, b): down(a) && down(b)
    /// ```
    ARGUMENTS = "WF0222", "number-of-arguments";

    /// A define or table that is named without being called.
    ///
    /// ```yaml fails
    /// define:
    ///   down(edge): edge.state == 'OFFLINE'
    ///   all_down(edges): edges.all(edge, down)
    /// ```
    /// ```yaml passes
    /// define:
    ///   down(edge): edge.state == 'OFFLINE'
    ///   all_down(edges): edges.all(edge, down(edge))
    /// ```
    NOT_A_VALUE = "WF0223", "define-not-called";

    /// A text that reads like a name.
    ///
    /// In a place for a value a text without a mark is just that text, even when something has its name. `=` computes; quotes say that the
    /// text is meant.
    ///
    /// ```yaml fails
    /// constants:
    ///   NOTE: checked by the engine
    /// define:
    ///   note(): {text: NOTE}
    /// ```
    /// ```yaml passes
    /// constants:
    ///   NOTE: checked by the engine
    /// define:
    ///   note(): {text: =NOTE}
    /// ```
    NAME_LIKE_TEXT = "WF0224", "name-like-text";

    /// A lambda without the name of its variable.
    ///
    /// `list.filter(x, c)` names the element first, then says what is asked of it.
    ///
    /// ```yaml fails
    /// define:
    ///   faulty(edge): edge.links.filter(link.state == 'DOWN', link)
    /// ```
    /// ```yaml passes
    /// define:
    ///   faulty(edge): edge.links.filter(link, link.state == 'DOWN')
    /// ```
    VARIABLE = "WF0225", "lambda-variable";

    /// A constant argument that can never be right: a regular expression that is none.
    ///
    /// ```yaml fails
    /// define:
    ///   numbered(text): text.matches(r'(\d+')
    /// ```
    /// ```yaml passes
    /// define:
    ///   numbered(text): text.matches(r'(\d+)')
    /// ```
    CONSTANT_ARGUMENT = "WF0226", "constant-argument";

    /// A param that is not declared.
    ///
    /// ```yaml fails
    /// params:
    ///   note_gap: {default: 30m, doc: A note younger than this is left alone}
    /// define:
    ///   young(note): now - note.createdDate <= params.notegap
    /// ```
    /// ```yaml passes
    /// params:
    ///   note_gap: {default: 30m, doc: A note younger than this is left alone}
    /// define:
    ///   young(note): now - note.createdDate <= params.note_gap
    /// ```
    UNKNOWN_PARAM = "WF0227", "unknown-param";
}
