//! Rules about actions: their answers, outcomes, effects, pages and logins.

wf_source::rules! {
    /// An action that is not there.
    ///
    /// `connector.action`: a connector is a folder, its actions stand under `reads`, `writes` and `tells`. A message flow of a workflow is called as
    /// `workflow.flow`.
    ///
    /// ```yaml fails
    /// steps:
    ///   - publish: notifier.chatt
    ///     with: {message: hello}
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - publish: notifier.chat
    ///     with: {message: hello}
    /// ```
    UNKNOWN_ACTION = "WF0400", "unknown-action";

    /// A read that is published.
    ///
    /// `publish` sends and expects nothing; the answer of a read would be lost.
    ///
    /// ```yaml fails
    /// steps:
    ///   - publish: desk.get_ticket
    ///     with: {ticket_id: 1}
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - call: desk.get_ticket
    ///     with: {ticket_id: 1}
    /// ```
    PUBLISHED_READ = "WF0401", "published-read";

    /// An outcome that an action does not have.
    ///
    /// `accept` and `retry` name statuses (`409`, `2xx`) and the outcomes that the connector declares.
    ///
    /// ```yaml fails
    /// steps:
    ///   - call: desk.get_ticket
    ///     with: {ticket_id: 1}
    ///     accept: [found, mising]
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - call: desk.get_ticket
    ///     with: {ticket_id: 1}
    ///     accept: [found, missing]
    /// ```
    UNKNOWN_OUTCOME = "WF0402", "unknown-outcome";

    /// A status, a word or a set of rows that is none.
    ///
    /// ```yaml fails
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// answers:
    ///   - {is: no_answr, status: 500}
    /// reads:
    ///   get: {request: GET /, output: any}
    /// ```
    /// ```yaml passes
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// answers:
    ///   - {is: no_answer, status: 500}
    /// reads:
    ///   get: {request: GET /, output: any}
    /// ```
    UNKNOWN_ANSWERS = "WF0403", "unknown-answers";

    /// A row that never holds: one above it does whenever it would.
    ///
    /// ```yaml fails
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// answers:
    ///   - {is: 5xx, status: 500}
    ///   - {is: 503, status: 503}
    /// reads:
    ///   get: {request: GET /, output: any}
    /// ```
    /// ```yaml passes
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// answers:
    ///   - {is: 503, status: 503}
    ///   - {is: 5xx, status: 500}
    /// reads:
    ///   get: {request: GET /, output: any}
    /// ```
    ROW_NEVER_HOLDS = "WF0404", "row-never-holds";

    /// Pages that have no end, or no next one.
    ///
    /// ```yaml fails
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// reads:
    ///   list:
    ///     request: GET /
    ///     pages: {items: =answer.body.rows, next: =1 + 1}
    ///     output: any
    /// ```
    /// ```yaml passes
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// reads:
    ///   list:
    ///     request: GET /
    ///     query: {token: =page}
    ///     pages: {items: =answer.body.rows, next: =answer.body.token}
    ///     output: any
    /// ```
    PAGES = "WF0405", "endless-pages";

    /// A retry of a write that is cut down to what surely did not act.
    ///
    /// A write that got no answer may have happened. It is sent again after `no_connection`, 429 and a refused login, and after nothing else.
    RETRY_OF_A_WRITE = "WF0406", "retry-of-a-write";

    /// A login that lacks something.
    LOGIN = "WF0407", "incomplete-login";

    /// A condition of an outcome that only the connector could decide.
    ///
    /// Which outcome an answer has is decided by the caller, who knows its status and body, and has no defines of the connector.
    OUTCOME_CONDITION = "WF0408", "outcome-condition";

    /// Whether a write happened is asked with something that is no read.
    LOOK_AT_A_WRITE = "WF0409", "look-at-a-write";

    /// An action among the writes that only reads, or the reverse.
    ///
    /// Reads may be repeated, writes happen once: what an action does to the world is said by the section that it stands in.
    ///
    /// ```yaml fails
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// writes:
    ///   change: {request: GET /, output: any}
    /// ```
    /// ```yaml passes
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// writes:
    ///   change: {request: PUT /, output: any}
    /// ```
    EFFECT = "WF0410", "wrong-effect";

    /// A request after the write of an action.
    ///
    /// At most one write stands on each path, and last: only so "once" for the action is "once" for the vendor.
    ///
    /// ```yaml fails
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// writes:
    ///   change:
    ///     steps:
    ///       - request: PUT /a
    ///       - request: PUT /b
    ///     output: any
    /// ```
    /// ```yaml passes
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// writes:
    ///   change:
    ///     steps:
    ///       - request: GET /a
    ///       - request: PUT /b
    ///     output: any
    /// ```
    SECOND_WRITE = "WF0411", "request-after-a-write";

    /// A file of a connector that stands in the folder of another.
    FOLDER = "WF0412", "wrong-folder";

    /// Two actions on one subject.
    ///
    /// ```yaml fails
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// reads:
    ///   first: {subject: example.get, request: GET /a, output: any}
    ///   second: {subject: example.get, request: GET /b, output: any}
    /// ```
    /// ```yaml passes
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://example.com
    /// reads:
    ///   first: {subject: example.get, request: GET /a, output: any}
    ///   second: {subject: example.get.second, request: GET /b, output: any}
    /// ```
    SUBJECT_TWICE = "WF0413", "subject-twice";

    /// A name that the file asks for in the scope of every action, and that one of them lacks.
    ///
    /// `base_url`, `headers` and `auth` of a file are evaluated for each request, in the scope of its action: `https://{{ host }}/rest` is all of
    /// "several hosts", and then every action needs a `host`.
    ///
    /// ```yaml fails
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://{{ host }}
    /// reads:
    ///   first: {input: {host: text}, request: GET /a, output: any}
    ///   second: {input: {name: text}, request: "GET /{{ name }}", output: any}
    /// ```
    /// ```yaml passes
    /// connector: example
    /// title: An example
    /// transport: http
    /// base_url: https://{{ host }}
    /// reads:
    ///   first: {input: {host: text}, request: GET /a, output: any}
    ///   second: {input: {host: text, name: text}, request: "GET /{{ name }}", output: any}
    /// ```
    OUT_OF_SCOPE = "WF0414", "name-out-of-scope";
}
