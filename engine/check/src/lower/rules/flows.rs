//! Rules about types, flows, inputs, metrics and literals; what `.proto` files hold.

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
}
