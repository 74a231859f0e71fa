//! What is found by walking types.

wf_source::rules! {
    /// A row of a table that is never reached.
    ///
    /// The first row that holds wins. When rows above hold for everything that a row could hold for, it decides nothing: it stands too far
    /// down, or one of its cells is wrong.
    ///
    /// ```yaml fails
    /// tables:
    ///   kind:
    ///     given: [up]
    ///     columns: {down: not up}
    ///     rows:
    ///       - {down: yes, then: outage}
    ///       - {down: yes, then: warning}
    ///     otherwise: fine
    /// steps:
    ///   - skip: {nothing to do: kind(env.writes) == 'fine'}
    /// ```
    /// ```yaml passes
    /// tables:
    ///   kind:
    ///     given: [up]
    ///     columns: {down: not up}
    ///     rows:
    ///       - {down: yes, then: outage}
    ///     otherwise: fine
    /// steps:
    ///   - skip: {nothing to do: kind(env.writes) == 'fine'}
    /// ```
    UNREACHED_ROW = "WF0500", "unreached-row";

    /// A combination that no row of a table holds for.
    ///
    /// Where no row holds and there is no `otherwise`, the table gives nothing: the item ends undecided. Columns that are true or false, or
    /// one of a known set of texts, are tried out in all combinations.
    ///
    /// ```yaml fails
    /// tables:
    ///   kind:
    ///     given: [up]
    ///     columns: {down: not up}
    ///     rows:
    ///       - {down: yes, then: outage}
    /// steps:
    ///   - skip: {nothing to do: kind(env.writes) == 'outage'}
    /// ```
    /// ```yaml passes
    /// tables:
    ///   kind:
    ///     given: [up]
    ///     columns: {down: not up}
    ///     rows:
    ///       - {down: yes, then: outage}
    ///       - {down: no, then: fine}
    /// steps:
    ///   - skip: {nothing to do: kind(env.writes) == 'outage'}
    /// ```
    UNCOVERED = "WF0501", "uncovered-combination";

    /// A label of a metric that is none.
    ///
    /// A label is a text, a number, or true or false; what is computed as a whole (`=labels(x)`, `rows`) has all labels of the metric and no
    /// others.
    ///
    /// ```yaml fails
    /// metrics:
    ///   tasks_done: {type: counter, labels: [kind], doc: Tasks that were done}
    /// steps:
    ///   - {metric: tasks_done, labels: {kind: [a, b]}}
    /// ```
    /// ```yaml passes
    /// metrics:
    ///   tasks_done: {type: counter, labels: [kind], doc: Tasks that were done}
    /// steps:
    ///   - {metric: tasks_done, labels: {kind: a}}
    /// ```
    WRONG_LABEL_VALUE = "WF0502", "wrong-label-value";

    /// A secret in something that others read.
    ///
    /// Secrets go to the vendor: into logins, headers, queries and bodies of requests. They never stand in replies, rows, keys, reasons or
    /// reports. A value made from a secret is one, but for its length and comparisons.
    ///
    /// ```yaml fails
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url, key: secret}
    /// base_url: =config.base_url
    /// auth: {bearer: =config.key}
    /// reads:
    ///   get_state:
    ///     about: []
    ///     request: GET /state
    ///     answers: [{is: 403, body: "{{ config.key }} is refused"}]
    ///     output: text
    /// ```
    /// ```yaml passes
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url, key: secret}
    /// base_url: =config.base_url
    /// auth: {bearer: =config.key}
    /// reads:
    ///   get_state:
    ///     about: []
    ///     request: GET /state
    ///     answers: [{is: 403, body: The key is refused}]
    ///     output: text
    /// ```
    SECRET_LEAVES = "WF0503", "secret-leaves";

    /// A reply that can never be of the type of its `output`.
    ///
    /// `output` promises to callers what the body of a good reply is. What the vendor answers, or what `reply` makes of it, has to be of that
    /// kind.
    ///
    /// ```yaml fails
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url}
    /// base_url: =config.base_url
    /// reads:
    ///   get_names:
    ///     about: []
    ///     request: GET /names
    ///     vendor: {names: list of text}
    ///     reply: =answer.body
    ///     output: list of text
    /// ```
    /// ```yaml passes
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url}
    /// base_url: =config.base_url
    /// reads:
    ///   get_names:
    ///     about: []
    ///     request: GET /names
    ///     vendor: {names: list of text}
    ///     reply: =answer.body.names
    ///     output: list of text
    /// ```
    WRONG_REPLY = "WF0504", "wrong-reply";

    /// A placeholder of a path that cannot be filled.
    ///
    /// `GET /path/{{ x }}` puts one segment there: a text or a number. A list, an object, true or false, or null is no segment, and the request
    /// is refused as `bad_input`.
    ///
    /// ```yaml fails
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url}
    /// base_url: =config.base_url
    /// reads:
    ///   get_state:
    ///     about: [ids]
    ///     input: {ids: list of text}
    ///     request: GET /state/{{ ids }}
    ///     output: text
    /// ```
    /// ```yaml passes
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url}
    /// base_url: =config.base_url
    /// reads:
    ///   get_state:
    ///     about: [ids]
    ///     input: {ids: list of text}
    ///     request: GET /state/{{ ids.join(',') }}
    ///     output: text
    /// ```
    PLACEHOLDER = "WF0505", "unfilled-placeholder";

    /// True or false in a query, a header or a form.
    ///
    /// Vendors spell it in many ways: `true`, `True`, `1`, `yes`. Say which.
    ///
    /// ```yaml fails
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url}
    /// base_url: =config.base_url
    /// reads:
    ///   get_states:
    ///     about: []
    ///     input: {all: boolean}
    ///     request: GET /states
    ///     query: {all: =all}
    ///     output: list of text
    /// ```
    /// ```yaml passes
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url}
    /// base_url: =config.base_url
    /// reads:
    ///   get_states:
    ///     about: []
    ///     input: {all: boolean}
    ///     request: GET /states
    ///     query: {all: "=if(all, 'true', 'false')"}
    ///     output: list of text
    /// ```
    BOOLEAN_SENT = "WF0506", "boolean-sent";
}
