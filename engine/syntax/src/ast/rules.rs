//! Rules about the structure of files: keys, verbs, kinds of values. The examples are steps unless their first line says otherwise.

wf_source::rules! {
    /// A key that nothing here knows.
    ///
    /// Most often a misspelling, or a line in the wrong column. Keys are fixed words; names that you choose stand under `let`, `params`, `flows`.
    ///
    /// ## Example
    /// ```yaml fails
    /// - call: crm.get_ticket
    ///   wth: {ticket_id: 1}
    /// ```
    /// ```yaml passes
    /// - call: crm.get_ticket
    ///   with: {ticket_id: 1}
    /// ```
    UNKNOWN_KEY = "WF0101", "unknown-key";

    /// A key that belongs to another verb.
    ///
    /// Each verb has its own modifiers: only a `for` can `collect`, only a `call` can be told.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let: {a: 1}
    ///   timeout: 30s
    /// ```
    /// ```yaml passes
    /// - call: crm.get_ticket
    ///   timeout: 30s
    /// ```
    MISPLACED_KEY = "WF0102", "misplaced-key";

    /// A key that must be there is missing.
    ///
    /// ## Example
    /// ```yaml fails
    /// - for: ticket
    ///   steps:
    ///     - call: crm.get_ticket
    /// ```
    /// ```yaml passes
    /// - for: ticket
    ///   in: tickets
    ///   steps:
    ///     - call: crm.get_ticket
    /// ```
    MISSING_KEY = "WF0103", "missing-key";

    /// A list stands where a mapping is expected, a mapping where a text is, and so on.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let: [a, b]
    /// ```
    /// ```yaml passes
    /// - let: {a: 1, b: 2}
    /// ```
    WRONG_KIND = "WF0104", "wrong-kind";

    /// One of a few words is expected, and this is none of them.
    ///
    /// ## Example
    /// ```yaml fails
    /// - call: crm.get_ticket
    ///   on_error: ignroe
    /// ```
    /// ```yaml passes
    /// - call: crm.get_ticket
    ///   on_error: ignore
    /// ```
    WRONG_WORD = "WF0105", "wrong-word";

    /// A step has two verbs.
    ///
    /// A step does one thing; what comes next is the next step. The same holds for a trigger and a login.
    ///
    /// ## Example
    /// ```yaml fails
    /// - call: crm.get_ticket
    ///   let: {a: 1}
    /// ```
    /// ```yaml passes
    /// - call: crm.get_ticket
    /// - let: {a: 1}
    /// ```
    TWO_CHOICES = "WF0106", "two-verbs";

    /// A step has no verb.
    ///
    /// The verb says what the step does; all else beside it are modifiers.
    ///
    /// ## Example
    /// ```yaml fails
    /// - id: ticket
    ///   with: {ticket_id: 1}
    /// ```
    /// ```yaml passes
    /// - id: ticket
    ///   call: crm.get_ticket
    ///   with: {ticket_id: 1}
    /// ```
    NO_CHOICE = "WF0107", "no-verb";

    /// Something is called by what is no name.
    ///
    /// Names that expressions use are letters, digits and `_`; flows may have `-` as well. A name stands without `=`.
    ///
    /// ## Example
    /// ```yaml fails
    /// - let: {my ticket: 1}
    /// ```
    /// ```yaml passes
    /// - let: {my_ticket: 1}
    /// ```
    NO_NAME = "WF0108", "no-name";

    /// A type that cannot be read.
    ///
    /// Types are words: `text`, `list of ticket`, `optional integer`, `timestamp or never`; a list is the texts of an enum, a mapping a shape.
    ///
    /// ## Example
    /// ```yaml fails
    /// # kind: workflow
    /// workflow: a
    /// title: A
    /// inputs: {hosts: list text}
    /// ```
    /// ```yaml passes
    /// # kind: workflow
    /// workflow: a
    /// title: A
    /// inputs: {hosts: list of text}
    /// ```
    WRONG_TYPE = "WF0109", "wrong-type";

    /// A definition whose head cannot be read.
    ///
    /// It is `name(a, b): expression`, `name(): expression`, or `NAME: expression`.
    ///
    /// ## Example
    /// ```yaml fails
    /// # kind: workflow
    /// workflow: a
    /// title: A
    /// define: {"down(edge": edge.state == 'OFFLINE'}
    /// ```
    /// ```yaml passes
    /// # kind: workflow
    /// workflow: a
    /// title: A
    /// define: {down(edge): edge.state == 'OFFLINE'}
    /// ```
    DEFINE_HEAD = "WF0110", "define-head";

    /// A row has more or fewer cells than the table has columns.
    ///
    /// ## Example
    /// ```yaml fails
    /// # kind: workflow
    /// workflow: a
    /// title: A
    /// params:
    ///   limits: {doc: Limits, columns: [unit, wired], latency: [ms]}
    /// ```
    /// ```yaml passes
    /// # kind: workflow
    /// workflow: a
    /// title: A
    /// params:
    ///   limits: {doc: Limits, columns: [unit, wired], latency: [ms, 140]}
    /// ```
    ROW_LENGTH = "WF0111", "row-length";

    /// A reason has no condition.
    ///
    /// In `skip`, `stop` and `fail` each reason stands with the condition under which it holds; one alone stands with `if`.
    ///
    /// ## Example
    /// ```yaml fails
    /// - skip:
    ///     it has no ticket:
    /// ```
    /// ```yaml passes
    /// - skip:
    ///     it has no ticket: ticket == null
    /// ```
    NO_CONDITION = "WF0112", "no-condition";

    /// It cannot be told what kind of file this is.
    ///
    /// A workflow begins with `workflow:`, a library with `library:`, a connector with `connector:`; an environment has `writes:`, `params:` or
    /// `connectors:`, a case `system:` or `connector:` with `steps:`.
    UNKNOWN_FILE = "WF0113", "unknown-file";

    /// The request has a part that its transport does not know.
    ///
    /// `transport` says which parts a request can have: `query`, `json`, `form` are of http, `message` is of grpc.
    ///
    /// ## Example
    /// ```yaml fails
    /// # kind: connector
    /// connector: a
    /// title: A
    /// transport: grpc
    /// reads:
    ///   get: {request: a.B/Get, json: {x: 1}, output: any}
    /// ```
    /// ```yaml passes
    /// # kind: connector
    /// connector: a
    /// title: A
    /// transport: grpc
    /// reads:
    ///   get: {request: a.B/Get, message: {x: 1}, output: any}
    /// ```
    OTHER_TRANSPORT = "WF0114", "other-transport";

    /// Steps stand after one that always leaves.
    ///
    /// A `return`, or a reason without a condition, ends the block there and then. Most often its `if` was forgotten.
    ///
    /// ## Example
    /// ```yaml fails
    /// - skip: there is no ticket
    /// - call: crm.get_ticket
    /// ```
    /// ```yaml passes
    /// - skip: there is no ticket
    ///   if: ticket == null
    /// - call: crm.get_ticket
    /// ```
    UNREACHABLE = "WF0115", "unreachable";
}
