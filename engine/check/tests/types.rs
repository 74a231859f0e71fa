//! Types over flows, loops, libraries, connectors.

mod support;

use support::{check_files, said};
use wf_check::Checked;

const SHOP: &str = "\
connector: shop
title: A shop
transport: http
config: {base_url: url, token: secret}
base_url: =config.base_url
auth: {bearer: =config.token}
reads:
  list_orders:
    about: []
    input: {since: optional timestamp, state: optional state}
    request: GET /orders
    query: {since: =since, state: =state}
    outcomes: {found: 2xx, closed: 410}
    output: list of order
  get_order:
    about: [id]
    input: {id: id}
    request: GET /orders/{{ id }}
    output: order
writes:
  ship:
    about: [id]
    input: {id: id, parcels: list of parcel}
    request: POST /orders/{{ id }}/parcels
    json: {parcels: =parcels}
    doubt: report
    output: any
enums: {state: [open, shipped]}
shapes:
  order: {id: id, state: state, customer: optional customer, lines: list of line, placed: timestamp}
  customer: {name: text, vip: boolean}
  line: {article: text, count: integer, price: number}
  parcel: {weight: number, articles: list of text}
";

const HEAD: &str = "workflow: example\ntitle: Example\ntriggers: [{every: 1h}]\n";

fn workflow(rest: &str) -> Checked {
    check_files(&[
        ("connectors/shop/connector.yaml", SHOP),
        ("workflows/example/workflow.yaml", &format!("{HEAD}{rest}")),
    ])
}

#[track_caller]
fn right(rest: &str) {
    assert_eq!(said(&workflow(rest)), Vec::<String>::new(), "{rest}");
}

#[track_caller]
fn wrong(rest: &str, what: &str) {
    assert_eq!(said(&workflow(rest)), [what], "{rest}");
}

const ORDERS: &str = "steps:\n  - {id: orders, call: shop.list_orders}\n";

#[test]
fn results_of_calls_loops_and_flows_have_types() {
    let counted = "  - id: counted
    for: order
    in: orders.body
    where: order.state == 'open' && has(order.customer)
    on_error: leave_out
    collect: \"=order.lines.map(line, line.count * line.price).sum()\"
    steps:
      - skip: {it is empty: empty(order.lines)}
        as: hollow
  - skip: {nothing to say: counted.values.max() == null && size(counted.hollow) == 0 && orders.outcome == 'found'}
";
    right(&format!("{ORDERS}{counted}"));
    wrong(
        &format!("{ORDERS}  - skip: {{none: \"orders.body.exists(order, order.customer.nmae == 'x')\"}}\n"),
        "workflow.yaml:6:60: customer has no field `nmae` (did you mean `name`?)",
    );
    wrong(
        &format!("{ORDERS}  - skip: {{none: orders.outcome == 'gone'}}\n"),
        "workflow.yaml:6:36: `orders.outcome` is never 'gone' (it is 'found' or 'closed')",
    );
    wrong(
        &format!(
            "{ORDERS}  - id: seen\n    for: order\n    in: orders.body\n    steps:\n      - skip: {{open: order.state == 'open'}}\n  - skip: {{all: size(seen.dnoe) > 0}}\n"
        ),
        "workflow.yaml:11:27: result of a loop has no field `dnoe` (did you mean `done`?)",
    );
}

#[test]
fn a_flow_is_looked_at_for_each_tuple_of_types() {
    let flows = "flows:\n  weigh:\n    inputs: [thing]\n    steps:\n      - return: =thing.count + 1\n";
    let two = format!(
        "{ORDERS}  - {{id: a, run: weigh, with: {{thing: =orders.body.first().lines.first()}}}}\n  - {{id: b, run: weigh, with: {{thing: =orders.body.first()}}}}\n  - skip: {{none: a == b}}\n{flows}"
    );
    // one caller hands over what fits: the other one is wrong
    wrong(
        &two,
        "workflow.yaml:7:40: `weigh` cannot use this as its `thing`: order has no field `count` (it has id, state, customer, lines and placed; `count` is a function: write `.count()`)",
    );
    right(&two.replace("orders.body.first()}}", "orders.body.first().lines.last()}}"));
    // what an input declares is the body's own
    wrong(
        &format!(
            "{ORDERS}  - {{run: weigh, with: {{thing: =orders.body}}}}\nflows:\n  weigh:\n    inputs: {{thing: list of any}}\n    steps:\n      - skip: {{none: thing.count == 1}}\n"
        ),
        "workflow.yaml:11:28: `thing` is a list of anything, which has no field `count` (an element is `.first()`, `[0]`, or the variable of a `for`)",
    );
}

#[test]
fn guards_narrow_and_a_step_that_is_not_done_leaves_null() {
    let steps = |guard: &str| {
        format!(
            "{ORDERS}  - let: {{first: =orders.body.first()}}\n{guard}  - {{id: one, call: shop.get_order, with: {{id: =first.id}}, if: first.state == 'open'}}\n  - skip: {{small: one.body.lines.size() < 2}}\n"
        )
    };
    let hint = |checked: &Checked| checked.diagnostics.iter().filter(|d| !d.is_error()).count();
    right(
        &steps("  - skip: {nothing is there: first == null}\n")
            .replace("one.body.lines.size() < 2", "has(one) && one.body.lines.size() < 2"),
    );
    // `one` may be null
    assert_eq!(hint(&workflow(&steps(""))), 1);
}

#[test]
fn what_a_loop_carries_has_the_type_of_all_that_is_set() {
    let carried = |last: &str| {
        format!(
            "{ORDERS}  - state: {{best: null}}\n  - for: order\n    in: orders.body\n    steps:\n      - set: {{best: =order}}\n        if: best == null || order.placed > best.placed\n  - skip: {{none: {last}}}\n"
        )
    };
    right(&carried("best != null && best.state == 'open'"));
    wrong(
        &carried("best != null && best.status == 'open'"),
        "workflow.yaml:12:39: order has no field `status` (did you mean `state`?)",
    );
}

#[test]
fn inputs_of_actions_are_held_against_their_types() {
    let call = |with: &str| format!("{ORDERS}  - call: shop.ship\n    with: {with}\n");
    right(&call("{id: =orders.body.first().id, parcels: [{weight: 2, articles: [a]}]}"));
    right(&call(
        "{id: =orders.body.first().id, parcels: [{weight: \"=orders.body.first().lines.map(line, line.price).sum()\", articles: []}]}",
    ));
    wrong(
        &call("{id: =orders.body.first(), parcels: []}"),
        "workflow.yaml:7:17: this is an order or null, and an id is wanted here (write `orders.body.first().id`)",
    );
    wrong(
        &call("{id: =orders.body.first().id, parcels: [{wieght: 2, articles: [a]}]}"),
        "workflow.yaml:7:52: parcel has no field `wieght` (did you mean `weight`?)",
    );
    wrong(
        &call("{id: =orders.body.first().id, parcels: [{weight: 2, articles: =orders.body.first().id}]}"),
        "workflow.yaml:7:74: this is an id, and a list of texts is wanted here (write `[orders.body.first().id]`)",
    );
    wrong(
        "steps:\n  - {id: orders, call: shop.list_orders, with: {state: opne}}\n  - skip: {none: orders.ok}\n",
        "workflow.yaml:5:56: `opne` is none of open or shipped (did you mean `open`?)",
    );
}

#[test]
fn tasks_are_held_against_the_workflow_that_does_them() {
    let doer = "workflow: doer\ntitle: Does it\ntriggers: [{task: RemindLater, every: 1m, flow: remind}]\nflows:\n  remind:\n    inputs: {order_id: id, text: text}\n    steps:\n      - skip: {none: order_id == text}\n";
    let defer = |with: &str| {
        let example = format!("{HEAD}steps:\n  - {{defer: RemindLater, key: k, after: 5m, with: {with}}}\n");
        check_files(&[("workflows/doer/workflow.yaml", doer), ("workflows/example/workflow.yaml", &example)])
    };
    assert_eq!(said(&defer("{order_id: 1, text: hello}")), Vec::<String>::new());
    assert_eq!(
        said(&defer("{order_id: 1, txt: hello}")),
        ["workflow.yaml:5:65: input has no field `txt` (did you mean `text`?)"]
    );
    assert_eq!(said(&defer("{order_id: 1}")), ["workflow.yaml:5:51: `text` is missing here"]);
}

#[test]
fn a_comparison_in_a_library_is_dead_when_it_is_for_all_its_users() {
    let library = "library: shared\ntitle: Shared\ntables:\n  kind:\n    given: [n]\n    rows:\n      - {n: 1, then: one}\n    otherwise: many\ndefine:\n  is_one(what): what == 'one'\n  is_few(what): what == 'few'\n";
    let user = |name: &str, steps: &str| {
        format!("workflow: {name}\ntitle: {name}\ntriggers: [{{every: 1h}}]\nuses: [../lib/shared.yaml]\n{steps}")
    };
    let few = "tables:\n  size:\n    given: [n]\n    rows:\n      - {n: 1, then: few}\n    otherwise: one\nsteps:\n  - skip: {it is so: is_few(size(3))}\n";
    let files = |b: &str| {
        check_files(&[
            ("workflows/lib/shared.yaml", library),
            (
                "workflows/a/workflow.yaml",
                &user("a", "steps:\n  - skip: {it is so: is_one(kind(2)) || is_few(kind(1))}\n"),
            ),
            ("workflows/b/workflow.yaml", &user("b", b)),
        ])
    };
    assert_eq!(said(&files(&few.replace("size", "amount"))), Vec::<String>::new());
    assert_eq!(
        said(&files("steps:\n  - skip: {it is so: is_one(kind(2))}\n")),
        ["shared.yaml:11:25: `what` is never 'few' (it is 'one' or 'many')"]
    );
}

#[test]
fn the_walk_ends_where_flows_do_not() {
    let checked = workflow(&format!(
        "{ORDERS}  - {{run: watch, with: {{items: =orders.body}}}}\nflows:\n  watch:\n    inputs: [items]\n    steps:\n      - recheck: items.map(item, item.with('again', items))\n        by: item.id\n        after: 5m\n        run: watch\n"
    ));
    assert_eq!(
        said(&checked),
        ["workflow.yaml:14:14: the flow `watch` calls itself (expressions and flows end: go through a list instead)"]
    );
}

#[test]
fn tables_cover_what_can_come() {
    let table = |rows: &str| {
        format!(
            "{ORDERS}  - skip: {{none: \"orders.body.exists(order, urgency(order) == 'high')\"}}\ntables:\n  urgency:\n    given: [order]\n    columns: {{state: order.state, vip: order.customer.vip.orElse(false)}}\n    rows:\n{rows}"
        )
    };
    let high = "      - {state: open, vip: yes, then: high}\n";
    let low = "      - {state: open, vip: no, then: low}\n";
    right(&table(&format!("{high}{low}      - {{state: shipped, then: none}}\n")));
    right(&table(&format!("{high}    otherwise: low\n")));
    wrong(
        &table(&format!("{high}{low}")),
        "workflow.yaml:8:3: no row of `urgency` holds for state: shipped, vip: yes (add a row for it, or `otherwise:` with what the table gives then)",
    );
    wrong(
        &table(&format!("{high}      - {{state: [open, shipped], then: low}}\n      - {{vip: no, then: none}}\n")),
        "workflow.yaml:14:9: this row is never reached: the rows above take all that it could (put it above them, or take it away)",
    );
    wrong(
        &table(&format!("{high}      - {{state: shiped, then: low}}\n    otherwise: low\n")),
        "workflow.yaml:13:17: `state` is never 'shiped' (did you mean 'shipped'? It is 'open' or 'shipped')",
    );
}

#[test]
fn connectors_are_walked_too() {
    let connector = |what: &str, with: &str| {
        assert!(SHOP.contains(what), "{what}");
        said(&check_files(&[("connectors/shop/connector.yaml", &SHOP.replace(what, with))]))
    };
    assert_eq!(connector("output: order", "output: order"), Vec::<String>::new());
    assert_eq!(
        connector(
            "query: {since: =since, state: =state}",
            "query: {since: =since, state: =state, vip: =state == 'open'}"
        ),
        [
            "connector.yaml:12:49: `vip` is true or false, and the query has no word for it (write the vendor's word: `if(x, 'true', 'false')`)"
        ]
    );
    assert_eq!(
        connector("    input: {id: id}\n", "    input: {id: optional id}\n"),
        [
            "connector.yaml:18:29: `id` may be null, and a placeholder of a path has to be there (make the input required, or name it under `needs`; or write `id.orElse('…')`)"
        ]
    );
    assert_eq!(
        connector("    output: order\n", "    reply: \"=config.token + answer.text\"\n    output: text\n"),
        [
            "connector.yaml:19:14: a secret stands in a reply (secrets go to the vendor only: into logins, headers, queries and bodies of requests)"
        ]
    );
    assert_eq!(
        connector("doubt: report", "doubt: {look: {call: get_order, with: [id], found: body.stat == 'shipped'}}"),
        ["connector.yaml:26:61: order has no field `stat` (did you mean `state`?)"]
    );
    assert_eq!(
        connector("json: {parcels: =parcels}", "json: {parcels: \"=parcels.map(p, p.weigth)\"}"),
        ["connector.yaml:25:40: parcel has no field `weigth` (did you mean `weight`?)"]
    );
}

#[test]
fn secrets_are_handed_to_nobody_who_does_not_take_one() {
    let ship = |inputs: &str, with: &str| {
        format!(
            "params: {{key: {{type: secret, doc: A key}}}}\nsteps:\n  - {{call: shop.ship, with: {{id: 1, parcels: [{{weight: 1, articles: [{with}]}}]}}}}\n{inputs}"
        )
    };
    wrong(
        &ship("", "\"{{ params.key }}!\""),
        "workflow.yaml:6:74: a secret is handed to `shop.ship` as its `parcels`, which is none (what an action keeps for itself has the type `secret` among its inputs)",
    );
}

#[test]
fn a_constant_is_held_against_its_place_entry_by_entry() {
    let asked = |states: &str| {
        format!(
            "constants: {{STATES: {states}}}\nsteps:\n  - {{run: ask, with: {{states: =STATES}}}}\nflows:\n  ask:\n    inputs: {{states: list of state}}\n    steps:\n      - skip: {{nothing to do: empty(states)}}\nenums: {{state: [open, shipped]}}\n"
        )
    };
    right(&asked("[open, shipped]"));
    wrong(
        &asked("[open, shiped]"),
        "workflow.yaml:4:28: this holds the text 'shiped', and a state is wanted here (did you mean `shipped`?)",
    );
}

#[test]
fn an_action_without_outcomes_has_none() {
    wrong(
        "steps:\n  - {id: order, call: shop.get_order, with: {id: 1}}\n  - skip: {none: order.outcome == 'found'}\n",
        "workflow.yaml:6:35: `order.outcome` is never 'found' (nothing gives it a text)",
    );
    right(
        "steps:\n  - {id: order, call: shop.get_order, with: {id: 1}}\n  - skip: {none: order.outcome.orElse('') == ''}\n",
    );
}

#[test]
fn the_type_at_a_place_is_that_of_the_smallest_expression() {
    let checked = workflow(&format!("{ORDERS}  - skip: {{none: \"orders.body.exists(order, order.customer.vip)\"}}\n"));
    let file = checked.files.by_path("workflows/example/workflow.yaml");
    let Some((id, file)) = file.and_then(|id| Some((id, checked.files.get(id)?))) else { panic!("it is there") };
    let at = |what: &str| {
        let offset = file.text.rfind(what).unwrap_or(0);
        checked.types_at(id, offset).map(|(span, ty)| (checked.files.text(span).to_owned(), ty.words()))
    };
    assert_eq!(at("vip"), Some(("order.customer.vip".into(), "boolean".into())));
    assert_eq!(at("order.customer"), Some(("order".into(), "order".into())));
    assert_eq!(at("orders.body"), Some(("orders".into(), "result of a call".into())));
    assert_eq!(at("title"), None);
}

#[test]
fn what_a_message_flow_replies_is_known_to_its_callers() {
    let clerk = "workflow: clerk\ntitle: Knows orders\ntriggers: [{message: clerk.ask, flow: ask}]\nflows:\n  ask:\n    inputs: {id: id}\n    steps:\n      - {id: order, call: shop.get_order, with: {id: =id}, on_error: ignore}\n      - return: {status: 404, outcome: missing, body: nothing}\n        if: order.failed\n      - return: {outcome: found, body: =order.body}\n";
    let ask = |condition: &str| {
        let example = format!(
            "{HEAD}steps:\n  - {{id: asked, call: clerk.ask, with: {{id: 7}}}}\n  - skip: {{none: {condition}}}\n"
        );
        said(&check_files(&[
            ("connectors/shop/connector.yaml", SHOP),
            ("workflows/clerk/workflow.yaml", clerk),
            ("workflows/example/workflow.yaml", &example),
        ]))
    };
    assert_eq!(ask("asked.outcome == 'found' && asked.body.state == 'open'"), Vec::<String>::new());
    assert_eq!(
        ask("asked.body.stat == 'open'"),
        ["workflow.yaml:6:29: order has no field `stat` (did you mean `state`?)"]
    );
    assert_eq!(
        ask("asked.outcome == 'gone'"),
        ["workflow.yaml:6:35: `asked.outcome` is never 'gone' (it is 'missing' or 'found')"]
    );
}

#[test]
fn what_an_http_trigger_brings_has_the_types_of_the_inputs() {
    let flow = |condition: &str| {
        let text = format!(
            "workflow: example\ntitle: Example\ntriggers: [{{http: \"POST /orders\", flow: take}}]\nflows:\n  take:\n    inputs: {{order: order}}\n    steps:\n      - skip: {{none: {condition}}}\nshapes: {{order: {{id: id, count: integer}}}}\n"
        );
        said(&check_files(&[("workflows/example/workflow.yaml", &text)]))
    };
    assert_eq!(flow("trigger.body.order.count > 3 && trigger.headers.get('x') == null"), Vec::<String>::new());
    assert_eq!(
        flow("trigger.body.order.cuont > 3"),
        ["workflow.yaml:8:41: order has no field `cuont` (did you mean `count`?)"]
    );
    assert_eq!(
        flow("order.count > '3'"),
        ["workflow.yaml:8:36: an integer and the text '3' have no order (write `3`)"]
    );
}

#[test]
fn long_chains_of_flows_and_defines_are_walked_to_their_ends() {
    const LENGTH: usize = 150;
    let mut text = format!("{ORDERS}  - {{run: flow0, with: {{order: =orders.body.first()}}}}\nflows:\n");
    for i in 0..LENGTH {
        text.push_str(&format!("  flow{i}:\n    inputs: [order]\n    steps:\n"));
        match i + 1 < LENGTH {
            true => text.push_str(&format!("      - {{run: flow{}, with: [order]}}\n", i + 1)),
            false => text.push_str("      - skip: {none: f0(order) == 'x'}\n"),
        }
    }
    text.push_str("define:\n");
    for i in 0..LENGTH {
        match i + 1 < LENGTH {
            true => text.push_str(&format!("  f{i}(order): f{}(order)\n", i + 1)),
            false => text.push_str(&format!("  f{i}(order): order.state\n")),
        }
    }
    right(&text);
}
