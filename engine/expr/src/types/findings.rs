//! What can be wrong with the types of an expression.

wf_source::rules! {
    /// A field that the object does not have.
    ///
    /// Most often a misspelling. What an action answers is declared under its `output`, what a trigger brings under `inputs`.
    ///
    /// ```yaml fails
    /// define:
    ///   edge(): {serial: VC1, state: OFFLINE}
    /// steps:
    ///   - skip: {nothing to do: edge().serail == 'VC1'}
    /// ```
    /// ```yaml passes
    /// define:
    ///   edge(): {serial: VC1, state: OFFLINE}
    /// steps:
    ///   - skip: {nothing to do: edge().serial == 'VC1'}
    /// ```
    UNKNOWN_FIELD = "WF0240", "unknown-field";

    /// A field of something that has no fields.
    ///
    /// A list has no fields, its elements have: `rows.first().name`, `rows.map(row, row.name)`. A text, a number, a time have none;
    /// what they have are functions, called with brackets: `name.lower()`.
    ///
    /// ```yaml fails
    /// define:
    ///   rows(): "=[{'name': 'a'}, {'name': 'b'}]"
    /// steps:
    ///   - skip: {nothing to do: rows().name == 'a'}
    /// ```
    /// ```yaml passes
    /// define:
    ///   rows(): "=[{'name': 'a'}, {'name': 'b'}]"
    /// steps:
    ///   - skip: {nothing to do: rows()[0].name == 'a'}
    /// ```
    NO_FIELDS = "WF0241", "no-fields";

    /// A field of a map of which nothing is declared.
    ///
    /// `x.name` is for fields that are declared, so that a misspelling is found. Of a `map of any` nothing is declared: `x.get('name')` is
    /// the value behind a key, null when it is absent. Better is a shape in the action's `output`.
    ///
    /// ```yaml fails
    /// params:
    ///   names: {type: map of any, default: {}, doc: Names by site.}
    /// steps:
    ///   - skip: {nothing to do: params.names.siteName == null}
    /// ```
    /// ```yaml passes
    /// params:
    ///   names: {type: map of any, default: {}, doc: Names by site.}
    /// steps:
    ///   - skip: {nothing to do: params.names.get('siteName') == null}
    /// ```
    UNDECLARED_KEY = "WF0242", "undeclared-key";

    /// Two values that are compared can never be equal, because they are of different types.
    ///
    /// A number is never a text, a time never the text that writes it, a duration never a bare number.
    ///
    /// ```yaml fails
    /// params:
    ///   limit: {default: 5, doc: The most that is allowed.}
    /// steps:
    ///   - skip: {nothing to do: params.limit == '5'}
    /// ```
    /// ```yaml passes
    /// params:
    ///   limit: {default: 5, doc: The most that is allowed.}
    /// steps:
    ///   - skip: {nothing to do: params.limit == 5}
    /// ```
    COMPARED_TYPES = "WF0243", "compared-types";

    /// A text that can never come.
    ///
    /// Results of tables, outcomes of answers and enums are closed sets: all texts that can come are known, and this one is not among
    /// them. Most often it is misspelt. Of an open enum others may come: there it is a warning, and only when the text is nearly one that is
    /// known; a text that really comes, too, belongs into the enum.
    ///
    /// ```yaml fails
    /// tables:
    ///   size_of:
    ///     given: [count]
    ///     rows:
    ///       - {count: "> 10", then: large}
    ///     otherwise: small
    /// steps:
    ///   - skip: {too large: size_of(12) == 'big'}
    /// ```
    /// ```yaml passes
    /// tables:
    ///   size_of:
    ///     given: [count]
    ///     rows:
    ///       - {count: "> 10", then: large}
    ///     otherwise: small
    /// steps:
    ///   - skip: {too large: size_of(12) == 'large'}
    /// ```
    NEVER_COMES = "WF0244", "never-comes";

    /// Two values that have no order.
    ///
    /// `<` and its like compare two numbers, two texts, two times, two durations or two ids.
    ///
    /// ```yaml fails
    /// params:
    ///   limit: {default: 5, doc: The most that is allowed.}
    /// steps:
    ///   - skip: {nothing to do: "params.limit > '3'"}
    /// ```
    /// ```yaml passes
    /// params:
    ///   limit: {default: 5, doc: The most that is allowed.}
    /// steps:
    ///   - skip: {nothing to do: params.limit > 3}
    /// ```
    NO_ORDER = "WF0245", "no-order";

    /// An operator that does not work for values of these types.
    ///
    /// `+` adds numbers and durations, joins texts and lists, and moves a time by a duration. A text and a number are joined by a hole
    /// (`"{{ name }}: {{ count }}"`) or by `count.toText()`.
    ///
    /// ```yaml fails
    /// params:
    ///   limit: {default: 5, doc: The most that is allowed.}
    /// steps:
    ///   - skip: {nothing to do: "'limit ' + params.limit == 'limit 5'"}
    /// ```
    /// ```yaml passes
    /// params:
    ///   limit: {default: 5, doc: The most that is allowed.}
    /// steps:
    ///   - skip: {nothing to do: "'limit ' + params.limit.toText() == 'limit 5'"}
    /// ```
    WRONG_OPERAND = "WF0246", "wrong-operand";

    /// A condition that is neither true nor false.
    ///
    /// Nothing counts as true by itself: neither a text that is not empty nor a number that is not 0. Write what must hold: `count > 0`,
    /// `not empty(rows)`, `ticket != null`.
    ///
    /// ```yaml fails
    /// params:
    ///   limit: {default: 5, doc: The most that is allowed.}
    /// steps:
    ///   - skip: {nothing to do: params.limit && true}
    /// ```
    /// ```yaml passes
    /// params:
    ///   limit: {default: 5, doc: The most that is allowed.}
    /// steps:
    ///   - skip: {nothing to do: params.limit > 0 && true}
    /// ```
    NOT_A_CONDITION = "WF0247", "not-a-condition";

    /// An argument that the function does not take.
    ///
    /// ```yaml fails
    /// define:
    ///   rows(): "=[{'name': 'a'}, {'name': 'b'}]"
    /// steps:
    ///   - skip: {nothing to do: "empty(rows().take('1'))"}
    /// ```
    /// ```yaml passes
    /// define:
    ///   rows(): "=[{'name': 'a'}, {'name': 'b'}]"
    /// steps:
    ///   - skip: {nothing to do: empty(rows().take(1))}
    /// ```
    WRONG_ARGUMENT = "WF0248", "wrong-argument";

    /// An index or key that can not be one.
    ///
    /// Lists are counted by whole numbers from 0, keys of maps are texts.
    ///
    /// ```yaml fails
    /// define:
    ///   rows(): "=[{'name': 'a'}, {'name': 'b'}]"
    /// steps:
    ///   - skip: {nothing to do: "rows()['a'] == null"}
    /// ```
    /// ```yaml passes
    /// define:
    ///   rows(): "=[{'name': 'a'}, {'name': 'b'}]"
    /// steps:
    ///   - skip: {nothing to do: "rows()[0] == null"}
    /// ```
    WRONG_INDEX = "WF0249", "wrong-index";

    /// `in` with something that holds nothing.
    ///
    /// `x in list`, `key in map`, `x in 1..5`. Whether a text stands within another says `text.contains(part)`.
    ///
    /// ```yaml fails
    /// params:
    ///   host: {default: a.example.com, doc: The host.}
    /// steps:
    ///   - skip: {nothing to do: "'example' in params.host"}
    /// ```
    /// ```yaml passes
    /// params:
    ///   host: {default: a.example.com, doc: The host.}
    /// steps:
    ///   - skip: {nothing to do: "params.host.contains('example')"}
    /// ```
    WRONG_IN = "WF0250", "wrong-in";

    /// A duration and a bare number.
    ///
    /// 30 what? Write `30s`, `30m`, `30h` or `30d`.
    ///
    /// ```yaml fails
    /// params:
    ///   wait: {default: 30m, doc: How long we wait.}
    /// steps:
    ///   - skip: {too soon: params.wait > 30}
    /// ```
    /// ```yaml passes
    /// params:
    ///   wait: {default: 30m, doc: How long we wait.}
    /// steps:
    ///   - skip: {too soon: params.wait > 30m}
    /// ```
    NO_UNIT = "WF0251", "no-unit";

    /// Dates compared as text.
    ///
    /// Texts are ordered by their letters: `10/2/2022` stands before `9/1/2022`. Declare the field as `timestamp` (with its `format`), or read
    /// it with `parseTime`.
    ///
    /// ```yaml fails
    /// steps:
    ///   - skip: {too early: "now < '2022-06-01'"}
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - skip: {too early: "now < timestamp('2022-06-01T00:00:00Z')"}
    /// ```
    DATE_AS_TEXT = "WF0252", "date-as-text";

    /// A value that does not fit its place.
    ///
    /// Inputs of actions and flows have types, `in` of a loop is a list, `timeout` a duration. Where one of the value's members would fit, the
    /// message names it.
    ///
    /// ```yaml fails
    /// params:
    ///   wait: {default: 5, doc: How long an item may take.}
    /// steps:
    ///   - for: host
    ///     in: params.wait
    ///     steps:
    ///       - skip: {nothing to do: host == null}
    /// ```
    /// ```yaml passes
    /// params:
    ///   hosts: {default: [a, b], doc: The hosts that are asked.}
    /// steps:
    ///   - for: host
    ///     in: params.hosts
    ///     steps:
    ///       - skip: {nothing to do: host == 'a'}
    /// ```
    WRONG_TYPE = "WF0253", "other-type-expected";

    /// An object that lacks a field that its place requires, or has one that its place does not know.
    ///
    /// What an action takes is declared under its `input`, what a flow takes under its `inputs`.
    ///
    /// ```yaml fails
    /// shapes:
    ///   site: {name: text, zone: text}
    /// steps:
    ///   - run: greet
    ///     with: {site: {nmae: Berlin, zone: Europe/Berlin}}
    /// flows:
    ///   greet:
    ///     inputs: {site: site}
    ///     steps:
    ///       - skip: {nothing to do: site.name == site.zone}
    /// ```
    /// ```yaml passes
    /// shapes:
    ///   site: {name: text, zone: text}
    /// steps:
    ///   - run: greet
    ///     with: {site: {name: Berlin, zone: Europe/Berlin}}
    /// flows:
    ///   greet:
    ///     inputs: {site: site}
    ///     steps:
    ///       - skip: {nothing to do: site.name == site.zone}
    /// ```
    WRONG_FIELDS = "WF0254", "wrong-fields";

    /// A whole object in a text.
    ///
    /// An object prints as JSON, with all its fields. In a message most often one of them was meant.
    ///
    /// ```yaml fails
    /// shapes:
    ///   site: {name: text, zone: text}
    /// inputs: {site: site}
    /// triggers: [{http: "POST /sites"}]
    /// steps:
    ///   - fail: {"{{ site }} is not looked after": site.zone == 'UTC'}
    /// ```
    /// ```yaml passes
    /// shapes:
    ///   site: {name: text, zone: text}
    /// inputs: {site: site}
    /// triggers: [{http: "POST /sites"}]
    /// steps:
    ///   - fail: {"{{ site.name }} is not looked after": site.zone == 'UTC'}
    /// ```
    PRINTED_OBJECT = "WF0255", "printed-object";

    /// A condition that is the same for every value.
    ///
    /// `x > 5 && x < 3` never holds, since no value is both; `x != 'a' || x != 'b'` always does, since every value is one of the two at most.
    /// Most often `&&` and `||` are exchanged.
    ///
    /// ```yaml fails
    /// params:
    ///   count: {default: 5, doc: How many there are.}
    /// steps:
    ///   - skip: {nothing to do: params.count > 5 && params.count < 3}
    /// ```
    /// ```yaml passes
    /// params:
    ///   count: {default: 5, doc: How many there are.}
    /// steps:
    ///   - skip: {nothing to do: params.count > 5 || params.count < 3}
    /// ```
    ONE_ANSWER = "WF0256", "always-the-same";
}
