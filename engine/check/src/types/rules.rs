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

    /// An outcome that no row gives.
    ///
    /// An outcome is a name for statuses of the action's reply. When the rows turn all such answers into other statuses, it never comes, and
    /// whoever waits for it waits in vain.
    ///
    /// ```yaml fails
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url}
    /// base_url: =config.base_url
    /// reads:
    ///   get_state:
    ///     about: []
    ///     request: GET /state
    ///     answers: [{is: failure, status: 500}]
    ///     outcomes: {found: 2xx, away: 410}
    ///     output: any
    /// ```
    /// ```yaml passes
    /// connector: probe
    /// title: Probes
    /// transport: http
    /// config: {base_url: url}
    /// base_url: =config.base_url
    /// reads:
    ///   get_state:
    ///     about: []
    ///     request: GET /state
    ///     answers: [{is: 410}, {is: failure, status: 500}]
    ///     outcomes: {found: 2xx, away: 410}
    ///     output: any
    /// ```
    NEVER_AN_OUTCOME = "WF0507", "outcome-never-comes";

    /// A GET that changes something.
    ///
    /// Whoever asks with GET may ask again, and so may everything between. It reaches reads only: no write, no message, no booking.
    ///
    /// ```yaml fails
    /// workflow: greeter
    /// title: Greets
    /// triggers: [{http: "GET /greet", flow: greet}]
    /// flows:
    ///   greet:
    ///     steps:
    ///       - publish: notifier.chat
    ///         with: {message: hello}
    /// ```
    /// ```yaml passes
    /// workflow: greeter
    /// title: Greets
    /// triggers: [{http: "POST /greet", flow: greet}]
    /// flows:
    ///   greet:
    ///     steps:
    ///       - publish: notifier.chat
    ///         with: {message: hello}
    /// ```
    GET_CHANGES = "WF0508", "get-changes";

    /// A loop over a filtered list.
    ///
    /// `in: list.filter(x, condition)` goes over fewer items, and nobody hears of those that were left out. `where` says the same, and `explain`
    /// tells for each item why it was not looked at.
    ///
    /// ```yaml fails
    /// params:
    ///   hosts: {default: [a, b], doc: The hosts that are asked}
    /// steps:
    ///   - for: host
    ///     in: params.hosts.filter(host, host != 'a')
    ///     steps:
    ///       - skip: {nothing to do: host == 'b'}
    /// ```
    /// ```yaml passes
    /// params:
    ///   hosts: {default: [a, b], doc: The hosts that are asked}
    /// steps:
    ///   - for: host
    ///     in: params.hosts
    ///     where: host != 'a'
    ///     steps:
    ///       - skip: {nothing to do: host == 'b'}
    /// ```
    FILTERED_LOOP = "WF0509", "filtered-loop";

    /// A list that is searched for each item.
    ///
    /// `rows.first(row, row.id == item.id)` inside of a loop goes through all rows for every item: a thousand items and a thousand rows are a
    /// million comparisons. `rows.indexBy(row, row.id)` before the loop goes through them once, and `by_id.get(item.id)` finds the row.
    ///
    /// ```yaml fails
    /// inputs: {rows: list of any, orders: list of any}
    /// triggers: [{http: "POST /orders"}]
    /// steps:
    ///   - for: order
    ///     in: orders
    ///     steps:
    ///       - let: {row: "=rows.first(row, row.id == order.id)"}
    ///       - skip: {nothing to do: row == null}
    /// ```
    /// ```yaml passes
    /// inputs: {rows: list of any, orders: list of any}
    /// triggers: [{http: "POST /orders"}]
    /// steps:
    ///   - let: {by_id: "=rows.indexBy(row, row.id)"}
    ///   - for: order
    ///     in: orders
    ///     steps:
    ///       - let: {row: =by_id.get(order.id)}
    ///       - skip: {nothing to do: row == null}
    /// ```
    SEARCHED_LOOP = "WF0510", "searched-in-a-loop";

    /// A product with a fraction, compared with a whole number.
    ///
    /// Fractions are not exact: `0.1 * 3` is a little more than 0.3, so a comparison at the very limit goes the wrong way. Round the product,
    /// or compare whole numbers.
    ///
    /// ```yaml fails
    /// params:
    ///   most: {default: 30, doc: The most that is right}
    ///   used: {default: 300, doc: What is used}
    /// steps:
    ///   - skip: {too much: params.used * 0.1 > params.most}
    /// ```
    /// ```yaml passes
    /// params:
    ///   most: {default: 30, doc: The most that is right}
    ///   used: {default: 300, doc: What is used}
    /// steps:
    ///   - skip: {too much: (params.used * 0.1).round(6) > params.most}
    /// ```
    FRACTION = "WF0511", "fraction-compared";

    /// A condition that nobody can decide for a whole class of items.
    ///
    /// An operator, a function or a field of null is unknown, and what is unknown decides nothing: every item whose field is null ends
    /// undecided. Say what holds for these.
    ///
    /// ```yaml fails
    /// shapes:
    ///   order: {id: id, weight: optional number}
    /// inputs: {orders: list of order}
    /// triggers: [{http: "POST /orders"}]
    /// steps:
    ///   - for: order
    ///     in: orders
    ///     where: order.weight > 20
    ///     steps:
    ///       - skip: {nothing to do: order.id == 1}
    /// ```
    /// ```yaml passes
    /// shapes:
    ///   order: {id: id, weight: optional number}
    /// inputs: {orders: list of order}
    /// triggers: [{http: "POST /orders"}]
    /// steps:
    ///   - for: order
    ///     in: orders
    ///     where: order.weight.orElse(0) > 20
    ///     steps:
    ///       - skip: {nothing to do: order.id == 1}
    /// ```
    UNDECIDABLE = "WF0512", "undecidable-for-some";

    /// Two outcomes of a message flow with one status.
    ///
    /// Only status and body travel to whoever asked. So an outcome is known by its status, a number of its own.
    ///
    /// ```yaml fails
    /// workflow: clerk
    /// title: Knows orders
    /// triggers: [{message: clerk.ask, flow: ask}]
    /// flows:
    ///   ask:
    ///     inputs: {id: id}
    ///     steps:
    ///       - return: {outcome: missing, body: nothing}
    ///         if: id == 0
    ///       - return: {outcome: found, body: =id}
    /// ```
    /// ```yaml passes
    /// workflow: clerk
    /// title: Knows orders
    /// triggers: [{message: clerk.ask, flow: ask}]
    /// flows:
    ///   ask:
    ///     inputs: {id: id}
    ///     steps:
    ///       - return: {status: 404, outcome: missing, body: nothing}
    ///         if: id == 0
    ///       - return: {outcome: found, body: =id}
    /// ```
    SHARED_STATUS = "WF0513", "outcomes-of-one-status";
}
