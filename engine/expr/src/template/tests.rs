//! Whole texts: what they give, what is said of those that are wrong, and that they give what Handlebars gives.

use wf_source::{FileId, ScalarMap, Span};
use wf_value::{List, SetAside, Text, Unknown, UnknownKind, Value};

use super::Template;
use crate::{Callable, Code, Ctx, Named, Names, Program, Slot, TemplateId, Vars};

struct Scope(Vec<(&'static str, Value)>);

impl Names for Scope {
    fn name(&self, name: &str, _: Span) -> Option<Named> {
        let index = self.0.iter().position(|(n, _)| *n == name)?;
        Some(Named::Slot(Slot { up: 0, index: u16::try_from(index).ok()? }))
    }
    fn callable(&self, _: &str, _: Span) -> Option<Callable> {
        None
    }
    fn param(&self, _: &[&str], _: Span) -> Option<(Code, usize)> {
        None
    }
    fn visible(&self) -> Vec<String> {
        self.0.iter().map(|(n, _)| (*n).to_owned()).collect()
    }
}

impl Vars for Scope {
    fn slot(&self, slot: Slot) -> Option<&Value> {
        self.0.get(usize::from(slot.index)).map(|(_, v)| v)
    }
}

fn json(text: &str) -> Value {
    wf_value::decode(text.as_bytes()).unwrap_or_default()
}

fn scope() -> Scope {
    let unknown = || Value::from(Unknown::new(UnknownKind::Missing, "serial is missing"));
    let aside = SetAside {
        value: Value::Null,
        reason: Unknown::new(UnknownKind::Missing, "serial is missing").into(),
        place: "element 2".into(),
    };
    Scope(vec![
        ("name", "Ann & Bob".into()),
        ("yes", true.into()),
        ("no", false.into()),
        ("rows", json(r#"[{"a": 1, "tags": ["x", "y"]}, {"a": 2.5, "tags": []}]"#)),
        ("none", json("[]")),
        ("gone", Value::Null),
        ("lost", unknown()),
        ("partial", List::partial(vec![1.into()], vec![aside]).into()),
        ("token", Value::text("s3cret").secret()),
    ])
}

fn templates() -> Vec<(Text, TemplateId)> {
    vec![("greeting".into(), TemplateId(0)), ("list".into(), TemplateId(1))]
}

fn program() -> Program {
    let file = |name: &str, text: &str, html| {
        let map = ScalarMap::plain(FileId(7), 0, text.len());
        let (template, found) = Template::file(name, text, &map, &Scope(vec![]), html, &templates());
        template.unwrap_or_else(|| panic!("{found:?}"))
    };
    let templates = vec![
        file("greeting", "Dear {{ who }},\n{{#if late}}\nwe are late.\n{{/if}}\n", false),
        file("list", "{{#each items as |item i|}}\n<{{ i }}>{{ item }}\n{{/each}}\n", true),
    ];
    Program { templates, ..Program::default() }
}

fn render(text: &str, lenient: bool) -> Value {
    let scope = scope();
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (template, found) = Template::compile(text, &map, &scope, &templates());
    let Some(template) = template else { panic!("{text}: {found:?}") };
    let program = program();
    let ctx = Ctx::new(&program, &scope, &[], &Value::Null, jiff::Timestamp::UNIX_EPOCH);
    template.render(&ctx, &mut crate::functions::Locals::default(), lenient)
}

fn given(text: &str) -> String {
    match render(text, false) {
        Value::Text(text) => text.to_string(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn holes_hold_expressions() {
    assert_eq!(given("a {{ name }} b"), "a Ann & Bob b");
    assert_eq!(given("{{ 7 / 2 }}|{{ 4 / 2 }}|{{ gone }}|{{ yes }}|{{ 90m }}"), "3.5|2||true|1h30m");
    assert_eq!(given("{{ rows[0].tags }} {{{ name }}} {{& name }}"), r#"["x","y"] Ann & Bob Ann & Bob"#);
    assert_eq!(given(r"\{{ name }} and \\{{ 1 }}"), r"{{ name }} and \1");
    assert_eq!(given("no holes"), "no holes");
    assert_eq!(given("{{ rows.map(r, r.a) }}"), "[1,2.5]");
}

#[test]
fn blocks_decide_and_repeat() {
    assert_eq!(given("{{#if no}}a{{else if yes}}b{{else}}c{{/if}}"), "b");
    assert_eq!(given("{{#if no}}a{{else if 1 > 2}}b{{else}}c{{/if}}"), "c");
    assert_eq!(
        given(
            "{{#each rows as |r i|}}{{ i }}:{{ r.a }}{{#each r.tags as |t|}} {{ t }}{{ r.a }}{{else}} -{{/each}};{{/each}}"
        ),
        "0:1 x1 y1;1:2.5 -;"
    );
    assert_eq!(given("{{#each none as |r|}}{{ r }}{{else}}nothing{{/each}}"), "nothing");
    assert_eq!(given("{{#each rows.filter(r, r.a > 2) as |r|}}{{ r.a }}{{/each}}"), "2.5");
}

#[test]
fn a_block_alone_on_its_line_leaves_no_line() {
    assert_eq!(given("a\n{{#if yes}}\nb\n{{/if}}\nc\n"), "a\nb\nc\n");
    assert_eq!(given("a\n  {{! remark }}\nc"), "a\nc");
    assert_eq!(given("a {{~ name ~}} c"), "aAnn & Bobc");
    assert_eq!(given("a\n{{#each rows as |r|}}\n- {{ r.a }}\n{{/each}}\nb"), "a\n- 1\n- 2.5\nb");
}

#[test]
fn templates_see_what_they_are_handed() {
    assert_eq!(given("{{> greeting who=name late=(1 > 2)}}!"), "Dear Ann & Bob,\n!");
    assert_eq!(given("x\n  {{> greeting who='you' late=yes}}\ny"), "x\n  Dear you,\n  we are late.\ny");
    // the file escapes, and numbers its elements
    assert_eq!(given("{{> list items=[name, '<b>']}}"), "<0>Ann &amp; Bob\n<1>&lt;b&gt;\n");
}

#[test]
fn the_last_line_end_of_a_file_is_dropped() {
    let text = "a\n\n";
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (template, _) = Template::file("t", text, &map, &Scope(vec![]), false, &[]);
    let parts = template.map(|t| format!("{:?}", t.parts));
    assert_eq!(parts.as_deref(), Some(r#"[Text("a\n")]"#));
}

#[test]
fn a_file_knows_what_it_must_be_handed() {
    let program = program();
    let args: Vec<&str> = program.templates[0].args.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(args, ["who", "late"]);
    assert_eq!((program.templates[0].args[1].span.start, program.templates[0].args[1].span.end), (22, 26));
}

#[test]
fn what_is_called_and_not_there_is_no_argument() {
    let text = "{{ stamp(now_) }}";
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (template, found) = Template::file("t", text, &map, &Scope(vec![]), false, &[]);
    assert!(template.is_none());
    assert_eq!(found.len(), 1);
    assert!(!found[0].message.contains("is a value"), "{}", found[0].message);
}

#[test]
fn what_is_unknown_makes_the_text_unknown_and_a_message_tell_so() {
    let unknown = |text| render(text, false).as_unknown().map(|u| (u.reason.to_string(), u.span.map(|s| s.start)));
    assert_eq!(unknown("a {{ lost }} b"), Some(("serial is missing".into(), Some(5))));
    assert!(unknown("{{#if lost}}a{{/if}}").is_some());
    assert!(unknown("{{ partial }}").is_some());
    assert!(unknown("{{#each partial as |p|}}{{ p }}{{/each}}").is_some());
    assert_eq!(
        unknown("{{#each gone as |p|}}{{ p }}{{/each}}"),
        Some(("`gone` is null, it should be a list".into(), Some(8)))
    );
    assert_eq!(unknown("{{#if name}}a{{/if}}"), Some(("`name` is a text, it should be a boolean".into(), Some(6))));
    assert_eq!(render("a {{ lost }} b {{ 1 }}", true), Value::text("a ? b 1"));
    assert_eq!(render("{{#if lost}}a{{/if}}!", true), Value::text("?!"));
    assert_eq!(render("{{#each partial as |p|}}{{ p }},{{/each}}", true), Value::text("1,?"));
}

#[test]
fn a_text_made_of_a_secret_is_one() {
    let made = render("Bearer {{ token }}", false);
    let Value::Secret(secret) = made else { panic!("{made:?}") };
    assert_eq!(*secret.expose(), Value::text("Bearer s3cret"));
}

/// `column: message` of each mistake, columns from 1.
fn mistakes(text: &str) -> Vec<String> {
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (template, found) = Template::compile(text, &map, &scope(), &templates());
    assert!(template.is_none(), "{text} is right");
    found.into_iter().map(|d| format!("{}: {}", d.span.start + 1, d.message)).collect()
}

#[test]
fn mistakes_are_told_at_their_place() {
    assert_eq!(mistakes("ab {{ name"), ["4: this `{{` is never closed"]);
    assert_eq!(mistakes("ab {{#if yes}} x"), ["4: `{{#if}}` is never closed"]);
    assert_eq!(mistakes("{{#if yes}}{{/each}}"), ["12: `{{/each}}` stands where `{{#if}}` must be closed"]);
    assert_eq!(mistakes("a{{/if}}"), ["2: `{{/if}}` closes nothing"]);
    assert_eq!(mistakes("{{#unless yes}}{{ x }}{{/unless}}"), ["4: texts have no block `{{#unless}}`"]);
    assert_eq!(mistakes("{{#each rows}}{{ this.a }}{{/each}}"), ["1: the elements have no name"]);
    assert_eq!(mistakes("{{> greting}}"), ["5: there is no template `greting`"]);
    assert_eq!(mistakes("{{ }}"), ["1: an expression is missing here"]);
    assert_eq!(mistakes("{{else}}"), ["1: `{{else}}` outside of a block"]);
    assert_eq!(mistakes("{{#if yes}}{{else}}{{else}}{{/if}}"), ["20: a second `{{else}}` of one `{{#if}}`"]);
    assert_eq!(
        mistakes("{{#if yes}}{{else each rows}}{{/if}}"),
        ["19: after `else` stands `if` or nothing, not `each`"]
    );
    assert_eq!(mistakes("{{#> greeting}}{{/greeting}}").len(), 2);
    let unknown_name = mistakes("{{ rows[0].a }} {{ nmae }}");
    assert_eq!(unknown_name.len(), 1);
    assert!(unknown_name[0].starts_with("20: "), "{unknown_name:?}");
}

#[test]
fn an_element_is_seen_in_its_block_only() {
    assert_eq!(mistakes("{{#each rows as |r|}}{{ r.a }}{{/each}}{{ r }}").len(), 1);
    assert_eq!(mistakes("{{#each rows as |r|}}a{{else}}{{ r }}{{/each}}").len(), 1);
}

#[test]
fn no_text_makes_it_panic() {
    let pieces = [
        "{{",
        "}}",
        "{{#if yes}}",
        "{{/if}}",
        "{{#each rows as |r|}}",
        "{{/each}}",
        "{{else}}",
        "{{{",
        "}}}",
        "~",
        "\\",
        "'",
        "\"",
        "ä",
        "\n",
        " ",
        "{",
        "}",
        "name",
        "|",
        "as",
        "{{>",
        "{{!",
        "--",
        "r.a",
        "#",
        "/",
        "(",
        ")",
        "{{else if no}}",
    ];
    let mut seed = 1_u64;
    for _ in 0..4_000 {
        let mut text = String::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
        }
        let map = ScalarMap::plain(FileId(0), 0, text.len());
        let (template, found) = Template::compile(&text, &map, &scope(), &templates());
        assert!(template.is_some() || !found.is_empty(), "{text:?}: refused without a word");
    }
}

/// The same text, rendered by Handlebars itself over JSON.
mod beside_handlebars {
    use handlebars::Handlebars;
    use serde_json::json;

    use super::given;

    /// Texts that both understand: holes are plain names, elements are named.
    const TEXTS: &[&str] = &[
        "a {{ name }} b",
        "{{#if yes}}a{{else}}b{{/if}}",
        "  {{#if yes}}  \n  a\n  {{else}}\n  b\n  {{/if}}  \nend",
        "x{{#if no}}\na\n{{/if}}\ny",
        "{{#if yes}}\n{{#if no}}\na\n{{else}}\nb\n{{/if}}\n{{/if}}\n",
        "{{#each rows as |r|}}\n  - {{ r.a }}\n{{/each}}\nend",
        "{{#each rows as |r i|}}{{ i }}{{ r.a }}, {{/each}}",
        "{{#each none as |r|}}{{ r }}{{else}}nothing{{/each}}",
        "a {{~#if yes~}} b {{~/if~}} c",
        "a\n{{! remark }}\nb {{!-- {{ x }} --}} c\n{{!-- y --}}\n",
        "\\{{ name }} \\\\{{ name }}",
        "\n\n{{ name }}\n\n",
        "   {{ name }}   ",
        "{{#if yes}}\r\na\r\n{{/if}}\r\n",
        "a {{{ name }}} b",
        "a {{& name }} b",
        "{{#if no}}a{{else if yes}}b{{else}}c{{/if}} {{#if no}}a{{else if no}}b{{/if}}",
        "{{#if no}}\na\n{{else if yes}}\nb\n{{else}}\nc\n{{/if}}\n",
        "{\"a\": {{ name }}}",
    ];

    #[test]
    fn both_give_the_same() {
        let mut handlebars = Handlebars::new();
        handlebars.register_escape_fn(handlebars::no_escape);
        let data = json!({
            "name": "Ann & Bob", "yes": true, "no": false, "none": [], "rows": [{"a": 1}, {"a": 2.5}]
        });
        for text in TEXTS {
            let theirs = handlebars.render_template(text, &data).unwrap_or_else(|e| panic!("{text:?}: {e}"));
            assert_eq!(given(text), theirs, "{text:?}");
        }
    }
}
