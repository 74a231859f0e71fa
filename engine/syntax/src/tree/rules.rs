//! Rules about YAML itself. The examples are fragments of steps unless their first line says otherwise.

wf_source::rules! {
    /// This is not YAML.
    ///
    /// The file cannot be read from here on; what can be read of its other sections is checked all the same. The place is where the reader
    /// noticed: the mistake is there or just before.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let: {note: @all, bring it}
    /// ```
    /// ```yaml passes
    /// - let: {note: "@all, bring it"}
    /// ```
    YAML_SYNTAX = "WF0001", "yaml-syntax";

    /// The file is larger, deeper or has more parts than any real one.
    ///
    /// Such a file is a mistake or an attack, and reading it must not stop the engine: it is refused whole.
    TOO_LARGE = "WF0002", "too-large";

    /// A key stands twice in one mapping.
    ///
    /// YAML readers disagree on which one counts, so neither does here.
    ///
    /// ## Example
    /// ```yaml fails
    /// - call: crm.get_ticket
    ///   with: {ticket_id: 1}
    ///   with: {ticket_id: 2}
    /// ```
    /// ```yaml passes
    /// - call: crm.get_ticket
    ///   with: {ticket_id: 1}
    /// ```
    DUPLICATE_KEY = "WF0003", "duplicate-key";

    /// An anchor or alias of YAML that cannot be followed.
    ///
    /// `&name` names a value, `*name` repeats it; merging with `<<` is not part of the language. A `define` or a constant does the same work
    /// and can be read aloud.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let: {hosts: *hosts}
    /// ```
    /// ```yaml passes
    /// - let: {hosts: =HOSTS}
    /// ```
    ALIAS = "WF0004", "alias";

    /// A tab where YAML wants blanks.
    ///
    /// YAML does not indent with tabs, since nobody knows how wide they are.
    TAB = "WF0005", "tab";

    /// A quote is not closed, or text follows the closing one.
    ///
    /// A text that begins with a quote ends with the same one, and nothing may follow it. Where quotes stand inside a text or an expression,
    /// put the whole in the other kind.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let:
    ///     message: "Ticket" + number
    /// ```
    /// ```yaml passes
    /// - let:
    ///     message: '="Ticket" + number'
    /// ```
    QUOTE = "WF0006", "quote";

    /// A bracket is not closed.
    ///
    /// ## Example
    /// ```yaml fails
    /// - call: crm.get_ticket
    ///   with: {ticket_id: =id
    ///   on_error: skip
    /// ```
    /// ```yaml passes
    /// - call: crm.get_ticket
    ///   with: {ticket_id: =id}
    ///   on_error: skip
    /// ```
    BRACKET = "WF0007", "bracket";

    /// A key is no text.
    ///
    /// YAML takes a text that begins with `{` for a mapping, so `{{ name }}` at the beginning of a text needs quotes around the whole.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let:
    ///     message: {{ name }}
    /// ```
    /// ```yaml passes
    /// - let:
    ///     message: "{{ name }}"
    /// ```
    KEY_IS_NO_TEXT = "WF0008", "key-is-no-text";

    /// YAML cut the value short, because it takes ` #` for the beginning of a remark.
    ///
    /// What follows ` #` on a line is for people only. Inside quotes it is text.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let: {ours: "=true"}
    ///   if: note.contains(' #1')
    /// ```
    /// ```yaml passes
    /// - let: {ours: "=true"}
    ///   if: "note.contains(' #1')"
    /// ```
    CUT_BY_REMARK = "WF0010", "cut-by-remark";

    /// A comma or a bracket tore a value apart.
    ///
    /// Inside `{ }` and `[ ]` a comma divides entries, whatever the text around it means. The text needs quotes, or the mapping its own lines.
    ///
    /// ## Example
    /// ```yaml fails
    /// - call: crm.get_ticket
    ///   with: {ticket_id: =if(old, a, b)}
    /// ```
    /// ```yaml passes
    /// - call: crm.get_ticket
    ///   with: {ticket_id: "=if(old, a, b)"}
    /// ```
    TORN = "WF0011", "torn";

    /// A key that other readers of YAML take for a boolean.
    ///
    /// `on`, `off`, `yes`, `no` are booleans to many tools, so that a file means one thing here and another there. In quotes they are texts.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let: {on: 1}
    /// ```
    /// ```yaml passes
    /// - let: {"on": 1}
    /// ```
    BOOLEAN_KEY = "WF0012", "boolean-key";

    /// A text begins with `!`, which names a tag in YAML.
    ///
    /// `not x` says the same and needs no quotes.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let: {a: 1}
    ///   if: !empty(list)
    /// ```
    /// ```yaml passes
    /// - let: {a: 1}
    ///   if: not empty(list)
    /// ```
    TAG = "WF0013", "tag";

    /// A `: ` inside a text that stands without quotes.
    ///
    /// YAML reads `: ` as the end of a key. An expression rarely needs one: `if(c, a, b)` says what `c ? a : b` says elsewhere.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let:
    ///     wait: =urgent ? 1m : 1h
    /// ```
    /// ```yaml passes
    /// - let:
    ///     wait: =if(urgent, 1m, 1h)
    /// ```
    COLON = "WF0014", "colon";

    /// A text that begins with a bracket, or has one inside `{ }`.
    ///
    /// YAML reads `[` and `{` as its own lists and mappings. Put `=` or quotes before the text.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let:
    ///     both: [first, second].flatten()
    /// ```
    /// ```yaml passes
    /// - let:
    ///     both: =[first, second].flatten()
    /// ```
    BRACKET_IN_TEXT = "WF0015", "bracket-in-text";

    /// The file holds more than one document, or none.
    ///
    /// One file is one workflow, connector, environment or case; `---` begins another.
    ONE_DOCUMENT = "WF0016", "one-document";

    /// A line is indented in a way that fits nothing above it.
    ///
    /// What belongs together begins in the same column.
    ///
    /// ## Example
    /// ```yaml fails
    /// - call: crm.get_ticket
    ///     on_error: skip
    /// ```
    /// ```yaml passes
    /// - call: crm.get_ticket
    ///   on_error: skip
    /// ```
    INDENTATION = "WF0017", "indentation";
}
