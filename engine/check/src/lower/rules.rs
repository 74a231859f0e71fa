//! Rules about what files say of each other: flows, inputs, literals; actions and their answers; params and environments.

wf_source::rules! {
    /// A type that nothing declares.
    ///
    /// Types are written in words: `text`, `list of id`, `optional timestamp`, or the name of a shape, an enum or a type of the file.
    ///
    /// ```yaml fails
    /// params:
    ///   hosts: {type: list of string, default: [], doc: Hosts that are read}
    /// ```
    /// ```yaml passes
    /// params:
    ///   hosts: {type: list of text, default: [], doc: Hosts that are read}
    /// ```
    UNKNOWN_TYPE = "WF0310", "unknown-type";

    /// A shape that contains itself.
    ///
    /// ```yaml fails
    /// shapes:
    ///   node: {name: text, next: optional node}
    /// ```
    /// ```yaml passes
    /// shapes:
    ///   node: {name: text, next: any}
    /// ```
    ENDLESS_TYPE = "WF0311", "endless-type";

    /// A flow that is not there.
    ///
    /// `run` and triggers name a flow of this file or of a library that it uses.
    ///
    /// ```yaml fails
    /// steps:
    ///   - run: tell-them
    /// flows:
    ///   tell-all:
    ///     steps:
    ///       - skip: nothing to tell
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - run: tell-all
    /// flows:
    ///   tell-all:
    ///     steps:
    ///       - skip: nothing to tell
    /// ```
    UNKNOWN_FLOW = "WF0312", "unknown-flow";

    /// An input that is not there, or one that is missing.
    ///
    /// An action takes the inputs that its connector declares, a flow those under `inputs`. What has no default and is not optional must be given;
    /// in `for … run` the item goes along under its own name.
    ///
    /// ```yaml fails
    /// steps:
    ///   - run: greet
    ///     with: {nme: Ann}
    /// flows:
    ///   greet:
    ///     inputs: [name]
    ///     steps:
    ///       - skip: nobody is there
    ///         if: name == null
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - run: greet
    ///     with: {name: Ann}
    /// flows:
    ///   greet:
    ///     inputs: [name]
    ///     steps:
    ///       - skip: nobody is there
    ///         if: name == null
    /// ```
    WRONG_INPUT = "WF0313", "wrong-input";

    /// A define or flow that calls itself.
    ///
    /// Everything ends: expressions, flows, loops over lists. What would call itself goes through a list instead.
    ///
    /// ```yaml fails
    /// define:
    ///   even(n): if(n == 0, true, odd(n - 1))
    ///   odd(n): if(n == 0, false, even(n - 1))
    /// steps:
    ///   - skip: {it is even: even(3)}
    /// ```
    /// ```yaml passes
    /// define:
    ///   even(n): n % 2 == 0
    /// steps:
    ///   - skip: {it is even: even(3)}
    /// ```
    RECURSION = "WF0314", "recursion";

    /// A step where it cannot stand.
    ///
    /// `stop` ends the nearest `for`, `return` answers from a flow, `set` changes what a `state` of the same loop declares.
    ///
    /// ```yaml fails
    /// steps:
    ///   - return: nothing to do
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - skip: nothing to do
    /// ```
    MISPLACED_STEP = "WF0315", "misplaced-step";

    /// A row of a table with a column that the table does not have.
    ///
    /// ```yaml fails
    /// tables:
    ///   size_of:
    ///     given: [count]
    ///     columns: {large: count > 10}
    ///     rows:
    ///       - {larg: yes, then: large}
    ///     otherwise: small
    /// steps:
    ///   - skip: {it is small: size_of(3) == 'small'}
    /// ```
    /// ```yaml passes
    /// tables:
    ///   size_of:
    ///     given: [count]
    ///     columns: {large: count > 10}
    ///     rows:
    ///       - {large: yes, then: large}
    ///     otherwise: small
    /// steps:
    ///   - skip: {it is small: size_of(3) == 'small'}
    /// ```
    UNKNOWN_COLUMN = "WF0316", "unknown-column";

    /// A metric that is not declared.
    ///
    /// ```yaml fails
    /// metrics:
    ///   tickets_created: {type: counter, doc: Tickets that were created}
    /// steps:
    ///   - metric: ticket_created
    /// ```
    /// ```yaml passes
    /// metrics:
    ///   tickets_created: {type: counter, doc: Tickets that were created}
    /// steps:
    ///   - metric: tickets_created
    /// ```
    UNKNOWN_METRIC = "WF0317", "unknown-metric";

    /// A label that a metric does not have, or one that is missing.
    ///
    /// All series of a metric have all of its labels, and no others.
    ///
    /// ```yaml fails
    /// metrics:
    ///   tickets_created: {type: counter, labels: [host], doc: Tickets that were created}
    /// steps:
    ///   - metric: tickets_created
    /// ```
    /// ```yaml passes
    /// metrics:
    ///   tickets_created: {type: counter, labels: [host], doc: Tickets that were created}
    /// steps:
    ///   - metric: tickets_created
    ///     labels: {host: here}
    /// ```
    WRONG_LABEL = "WF0318", "wrong-label";

    /// A pool that is not there.
    ///
    /// ```yaml fails
    /// pools: {circuits: 5}
    /// steps:
    ///   - for: number
    ///     in: [1, 2]
    ///     parallel: circuit
    ///     steps:
    ///       - skip: {it is small: number < 2}
    /// ```
    /// ```yaml passes
    /// pools: {circuits: 5}
    /// steps:
    ///   - for: number
    ///     in: [1, 2]
    ///     parallel: circuits
    ///     steps:
    ///       - skip: {it is small: number < 2}
    /// ```
    UNKNOWN_POOL = "WF0319", "unknown-pool";

    /// `asset('…')` names a file that is not there.
    ///
    /// ```yaml fails
    /// steps:
    ///   - skip: {there is no logo: empty(asset('logo.png'))}
    /// ```
    NO_ASSET = "WF0320", "no-asset";

    /// A failed call shall be reported, and nothing says how.
    ///
    /// `tell: true` reports a failed call. How is said once: under `tell` in the workflow, or in a library that it uses.
    ///
    /// ```yaml fails
    /// steps:
    ///   - call: notifier.chat
    ///     with: {message: hello}
    ///     tell: true
    /// ```
    /// ```yaml passes
    /// tell:
    ///   publish: notifier.chat
    ///   with: {message: "{{ failed.title }} {{ failed.message }}"}
    /// steps:
    ///   - call: notifier.chat
    ///     with: {message: hello}
    ///     tell: true
    /// ```
    NO_REPORTER = "WF0321", "nobody-reports";

    /// Two libraries say how failed calls are reported, and the workflow does not.
    TWO_REPORTERS = "WF0322", "two-reporters";

    /// A path where a condition is wanted.
    ///
    /// A path selects values from lists; a condition is an expression.
    ///
    /// ```yaml fails
    /// steps:
    ///   - let: {rows: []}
    ///   - skip: nothing is red
    ///     if: $.rows[?@.color == 'red']
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - let: {rows: []}
    ///   - skip: nothing is red
    ///     if: not rows.exists(row, row.color == 'red')
    /// ```
    NO_PATH = "WF0323", "path-as-condition";

    /// A literal that is not what its place takes.
    ///
    /// Texts without quotes are read by the type that their place expects: `30m` is a duration where one is due, `no` a boolean, `2xx` statuses.
    /// Durations have units (`ms s m h d w`), lists brackets, zones the names of the tz database.
    ///
    /// ```yaml fails
    /// params:
    ///   interval: {type: duration, default: 30, doc: How often it is done}
    /// ```
    /// ```yaml passes
    /// params:
    ///   interval: {type: duration, default: 30m, doc: How often it is done}
    /// ```
    LITERAL = "WF0324", "wrong-literal";

    /// A `.proto` file that is not there, or that cannot be read.
    ///
    /// A connector of grpc names the file with its services; that file, and what it imports, stand beside it.
    ///
    /// ```yaml fails
    /// # file: connectors/shop/connector.yaml
    /// connector: shop
    /// title: A shop
    /// transport: grpc
    /// proto: shp.proto
    /// target: shop.example.com:443
    /// reads:
    ///   find: {input: {id: integer}, request: shop.Shop/Find, message: {id: =id}, output: any}
    /// # file: connectors/shop/shop.proto
    /// syntax = "proto3";
    /// package shop;
    /// service Shop { rpc Find(Query) returns (Answer); }
    /// message Query { int64 id = 1; }
    /// message Answer { string name = 1; }
    /// ```
    /// ```yaml passes
    /// # file: connectors/shop/connector.yaml
    /// connector: shop
    /// title: A shop
    /// transport: grpc
    /// proto: shop.proto
    /// target: shop.example.com:443
    /// reads:
    ///   find: {input: {id: integer}, request: shop.Shop/Find, message: {id: =id}, output: any}
    /// # file: connectors/shop/shop.proto
    /// syntax = "proto3";
    /// package shop;
    /// service Shop { rpc Find(Query) returns (Answer); }
    /// message Query { int64 id = 1; }
    /// message Answer { string name = 1; }
    /// ```
    PROTO = "WF0325", "broken-proto";

    /// A call of gRPC that its `.proto` file does not have.
    ///
    /// A request of grpc is `package.Service/Method`; the method has one message out and one back.
    ///
    /// ```yaml fails
    /// # file: connectors/shop/connector.yaml
    /// connector: shop
    /// title: A shop
    /// transport: grpc
    /// proto: shop.proto
    /// target: shop.example.com:443
    /// reads:
    ///   find: {input: {id: integer}, request: shop.Shop/Fnd, message: {id: =id}, output: any}
    /// # file: connectors/shop/shop.proto
    /// syntax = "proto3";
    /// package shop;
    /// service Shop { rpc Find(Query) returns (Answer); }
    /// message Query { int64 id = 1; }
    /// message Answer { string name = 1; }
    /// ```
    /// ```yaml passes
    /// # file: connectors/shop/connector.yaml
    /// connector: shop
    /// title: A shop
    /// transport: grpc
    /// proto: shop.proto
    /// target: shop.example.com:443
    /// reads:
    ///   find: {input: {id: integer}, request: shop.Shop/Find, message: {id: =id}, output: any}
    /// # file: connectors/shop/shop.proto
    /// syntax = "proto3";
    /// package shop;
    /// service Shop { rpc Find(Query) returns (Answer); }
    /// message Query { int64 id = 1; }
    /// message Answer { string name = 1; }
    /// ```
    UNKNOWN_METHOD = "WF0326", "unknown-method";

    /// A field that a message does not have.
    ///
    /// What stands under `message` are fields of the message that the call takes, by the names of the `.proto` file.
    ///
    /// ```yaml fails
    /// # file: connectors/shop/connector.yaml
    /// connector: shop
    /// title: A shop
    /// transport: grpc
    /// proto: shop.proto
    /// target: shop.example.com:443
    /// reads:
    ///   find: {input: {id: integer}, request: shop.Shop/Find, message: {idd: =id}, output: any}
    /// # file: connectors/shop/shop.proto
    /// syntax = "proto3";
    /// package shop;
    /// service Shop { rpc Find(Query) returns (Answer); }
    /// message Query { int64 id = 1; }
    /// message Answer { string name = 1; }
    /// ```
    /// ```yaml passes
    /// # file: connectors/shop/connector.yaml
    /// connector: shop
    /// title: A shop
    /// transport: grpc
    /// proto: shop.proto
    /// target: shop.example.com:443
    /// reads:
    ///   find: {input: {id: integer}, request: shop.Shop/Find, message: {id: =id}, output: any}
    /// # file: connectors/shop/shop.proto
    /// syntax = "proto3";
    /// package shop;
    /// service Shop { rpc Find(Query) returns (Answer); }
    /// message Query { int64 id = 1; }
    /// message Answer { string name = 1; }
    /// ```
    UNKNOWN_MESSAGE_FIELD = "WF0327", "unknown-message-field";

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

    /// A grid of params without the sentence that says what its numbers are.
    ///
    /// ```yaml fails
    /// params:
    ///   limits:
    ///     columns: [unit, thresholds.wired]
    ///     latency: [ms, 140]
    /// ```
    /// ```yaml passes
    /// params:
    ///   limits:
    ///     doc: What is much
    ///     columns: [unit, thresholds.wired]
    ///     latency: [ms, 140]
    /// ```
    NO_DOC = "WF0450", "grid-without-doc";

    /// A value beyond its bounds.
    ///
    /// ```yaml fails
    /// params:
    ///   parallel: {default: 0, min: 1, doc: How many at a time}
    /// ```
    /// ```yaml passes
    /// params:
    ///   parallel: {default: 1, min: 1, doc: How many at a time}
    /// ```
    BOUNDS = "WF0451", "out-of-bounds";

    /// A secret that stands in a file.
    ///
    /// Secrets come from variables or from files that are not shared: `env:NAME`, `file:PATH` in an environment.
    ///
    /// ```yaml fails
    /// params:
    ///   token: {type: secret, default: hello, doc: What callers must show}
    /// ```
    SECRET_DEFAULT = "WF0452", "secret-in-a-file";

    /// A param without default that an environment does not set.
    ///
    /// ```yaml fails
    /// # file: workflows/example/workflow.yaml
    /// workflow: example
    /// triggers: [{every: 1h}]
    /// params:
    ///   customer: {type: text, doc: The customer it is done for}
    /// steps:
    ///   - skip: {it is nobody: params.customer == 'nobody'}
    /// # file: environments/here.yaml
    /// writes: off
    /// ```
    /// ```yaml passes
    /// # file: workflows/example/workflow.yaml
    /// workflow: example
    /// triggers: [{every: 1h}]
    /// params:
    ///   customer: {type: text, doc: The customer it is done for}
    /// steps:
    ///   - skip: {it is nobody: params.customer == 'nobody'}
    /// # file: environments/here.yaml
    /// writes: off
    /// params: {example: {customer: somebody}}
    /// ```
    UNSET_PARAM = "WF0453", "param-not-set";

    /// An environment that sets what is not there.
    ///
    /// ```yaml fails
    /// # file: workflows/example/workflow.yaml
    /// workflow: example
    /// triggers: [{every: =params.interval}]
    /// params: {interval: {default: 1h, doc: How often it is done}}
    /// steps:
    ///   - skip: nothing to do
    /// # file: environments/here.yaml
    /// params: {example: {intervall: 2h}}
    /// ```
    /// ```yaml passes
    /// # file: workflows/example/workflow.yaml
    /// workflow: example
    /// triggers: [{every: =params.interval}]
    /// params: {interval: {default: 1h, doc: How often it is done}}
    /// steps:
    ///   - skip: nothing to do
    /// # file: environments/here.yaml
    /// params: {example: {interval: 2h}}
    /// ```
    UNKNOWN_SETTING = "WF0454", "unknown-setting";

    /// `like`, or a case, names no environment.
    ///
    /// Environments are the files in `environments/`. A case may be of `production` where there is no such file.
    ///
    /// ```yaml fails
    /// # file: environments/here.yaml
    /// like: bse.yaml
    /// writes: on
    /// # file: environments/base.yaml
    /// writes: off
    /// ```
    /// ```yaml passes
    /// # file: environments/here.yaml
    /// like: base.yaml
    /// writes: on
    /// # file: environments/base.yaml
    /// writes: off
    /// ```
    LIKE = "WF0455", "unknown-environment";

    /// An entry of a list that seems to be two.
    ///
    /// Without a comma between them two words are one entry. In a list of which no other entry has a blank this is seldom meant; quotes around
    /// the entry say that it is.
    ///
    /// ```yaml fails
    /// params:
    ///   hosts: {default: [a.example.com b.example.com, c.example.com, d.example.com], doc: The hosts that are asked}
    /// steps:
    ///   - skip: {nothing to do: empty(params.hosts)}
    /// ```
    /// ```yaml passes
    /// params:
    ///   hosts: {default: [a.example.com, b.example.com, c.example.com, d.example.com], doc: The hosts that are asked}
    /// steps:
    ///   - skip: {nothing to do: empty(params.hosts)}
    /// ```
    TORN_COMMA = "WF0456", "torn-comma";
}
