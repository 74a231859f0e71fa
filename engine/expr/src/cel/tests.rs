//! What texts parse to, and what is said about those that do not.

use wf_source::{FileId, ScalarMap, ScalarMapBuilder};

use super::ast::{Expr, ExprKind};
use super::{MAX_DEPTH, parse};

/// The tree with all its brackets.
fn tree(expr: &Expr) -> String {
    let list = |exprs: &[Expr]| exprs.iter().map(tree).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Name => expr.text.to_string(),
        ExprKind::Broken => "?".into(),
        ExprKind::Field { on, name } => format!("{}.{}", tree(on), name.text),
        ExprKind::Index { on, key } => format!("{}[{}]", tree(on), tree(key)),
        ExprKind::Call { on: Some(on), name, args } => format!("{}.{}({})", tree(on), name.text, list(args)),
        ExprKind::Call { on: None, name, args } => format!("{}({})", name.text, list(args)),
        ExprKind::List(items) => format!("[{}]", list(items)),
        ExprKind::Map(entries) => {
            format!(
                "{{{}}}",
                entries.iter().map(|(k, v)| format!("{}:{}", tree(k), tree(v))).collect::<Vec<_>>().join(" ")
            )
        }
        ExprKind::Not(a) => format!("(! {})", tree(a)),
        ExprKind::Negate(a) => format!("(- {})", tree(a)),
        ExprKind::Binary(op, a, b) => format!("({} {} {})", op.symbol(), tree(a), tree(b)),
        ExprKind::And(a, b) => format!("(&& {} {})", tree(a), tree(b)),
        ExprKind::Or(a, b) => format!("(|| {} {})", tree(a), tree(b)),
        ExprKind::InRange(a, b, c) => format!("(in {} {}..{})", tree(a), tree(b), tree(c)),
        ExprKind::If(a, b, c) => format!("(if {} {} {})", tree(a), tree(b), tree(c)),
    }
}

fn parsed(text: &str) -> String {
    let parsed = parse(text, &ScalarMap::plain(FileId(0), 0, text.len()));
    let messages: Vec<_> = parsed.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert!(messages.is_empty(), "{text}: {messages:?}");
    tree(&parsed.expr)
}

/// `12..13 message` of each mistake.
fn mistakes(text: &str) -> Vec<String> {
    let parsed = parse(text, &ScalarMap::plain(FileId(0), 0, text.len()));
    parsed.diagnostics.iter().map(|d| format!("{}..{} {}", d.span.start, d.span.end, d.message)).collect()
}

#[test]
fn operators_bind_as_in_cel() {
    for (text, wanted) in [
        ("a || b && c", "(|| a (&& b c))"),
        ("a + b * c - d", "(- (+ a (* b c)) d)"),
        ("a == b && c != d", "(&& (== a b) (!= c d))"),
        ("a ? b : c ? d : e", "(if a b (if c d e))"),
        ("a.b[c].d(e)", "a.b[c].d(e)"),
        ("-a.b", "(- a.b)"),
        ("!a.b", "(! a.b)"),
        ("--1", "(- -1)"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("a in b == c", "(== (in a b) c)"),
        ("a < b < c", "(< (< a b) c)"),
        ("{a: b, 'c': {}}", "{a:b 'c':{}}"),
        ("[1, 2,]", "[1 2]"),
        (".5 + 1.", "?"),
    ] {
        if wanted == "?" {
            assert!(!mistakes(text).is_empty(), "{text}");
        } else {
            assert_eq!(parsed(text), wanted, "{text}");
        }
    }
}

#[test]
fn not_is_looser_than_comparisons_and_tighter_than_and() {
    assert_eq!(parsed("not a in b"), "(! (in a b))");
    assert_eq!(parsed("not a == b && c"), "(&& (! (== a b)) c)");
    assert_eq!(parsed("not not a"), "(! (! a))");
    assert_eq!(parsed("a || not (b || c)"), "(|| a (! (|| b c)))");
    assert_eq!(parsed("!a in b"), "(in (! a) b)");
}

#[test]
fn the_extensions_are_read() {
    assert_eq!(parsed("x in 1..n - 1"), "(in x 1..(- n 1))");
    assert_eq!(parsed("if(a, b, c).d"), "(if a b c).d");
    assert_eq!(parsed("now - 1h30m"), "(- now 1h30m)");
    assert_eq!(parsed("a.if + b.not"), "(+ a.if b.not)");
    assert_eq!(parsed("a // the first\n + b"), "(+ a b)");
    assert_eq!(parsed("a.`x-y`.b"), "a.x-y.b");
}

#[test]
fn operators_of_other_languages_are_named() {
    for (text, wanted) in [
        ("a = b", "2..3 `=` is written `==` here"),
        ("a === b", "2..5 `===` is written `==` here"),
        ("a and b", "2..5 `and` is written `&&` here"),
        ("a & b", "2..3 `&` is written `&&` here"),
        ("a OR b", "2..4 `OR` is written `||` here"),
        ("a is not null", "2..8 `is not` is written `!=` here"),
        ("a not in b", "2..8 `not in` is written `not x in y` here"),
        ("a ?? b", "2..4 `??` is no operator here"),
        ("a?.b", "1..3 there are no optional fields"),
        ("a.?b", "1..3 there are no optional fields"),
        ("a[?0]", "2..3 there are no optional entries"),
        ("A{b: 1}", "0..1 there are no messages"),
        ("a == ‘b’", "5..8 ‘ is a typographic quote, texts stand in ' or \""),
        ("a ≥ b", "2..5 ≥ is written >="),
    ] {
        assert_eq!(mistakes(text), [wanted], "{text}");
    }
}

fn helps(text: &str) -> Vec<String> {
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    parse(text, &map).diagnostics.into_iter().filter_map(|d| d.help).collect()
}

#[test]
fn what_is_written_as_it_is_said_is_shown_as_a_call() {
    for (text, call) in [
        ("link ticket_id", "link(ticket_id)"),
        ("link edge.serial 5 'x'", "link(edge.serial, 5, 'x')"),
        ("size(faulty edge) > 0", "faulty(edge)"),
        ("if a then b else c", "if(a, b, c)"),
        ("f(x, if a == 1 then b else c + 1)", "if(a == 1, b, c + 1)"),
        ("if a then if b then c else d else e", "if(a, if b then c, d else e)"),
        ("if not (a, b) then f(c) else [d]", "if(not (a, b), f(c), [d])"),
    ] {
        let helps = helps(text);
        assert!(helps.len() == 1 && helps[0].contains(call), "{text}: {helps:?}");
    }
    for text in ["a.b c", "f(a) b", "a b + c", "if a", "a if b else c"] {
        let helps = helps(text);
        assert!(helps.iter().all(|help| !help.contains("in brackets")), "{text}: {helps:?}");
    }
}

#[test]
fn a_bracket_is_reported_where_it_was_opened() {
    assert_eq!(mistakes("size(a.filter(b, c) > 0"), ["4..5 the `(` is never closed"]);
    assert_eq!(mistakes("[a, (b]"), ["4..5 the `(` is closed by `]`"]);
    assert_eq!(mistakes("(a))"), ["3..4 this `)` closes nothing"]);
    assert_eq!(mistakes("f('abc)"), ["2..3 this text is never closed"]);
    assert_eq!(mistakes("f(a, "), ["3..4 something is missing after `,`"]);
}

#[test]
fn every_bracket_is_looked_at_after_a_mistake() {
    assert_eq!(
        mistakes("[a b, c +, d e]"),
        [
            "3..4 an operator is missing before `b`",
            "9..10 something is missing before `,`",
            "13..14 an operator is missing before `e`"
        ]
    );
    assert_eq!(mistakes("a + '\\d' + 30min + b = c").len(), 3);
}

#[test]
fn one_mistake_is_one_message() {
    for text in [
        "",
        "a +",
        "a b c d",
        "a.",
        "(",
        "f(",
        "x..y",
        "a,b",
        "'abc",
        "1e999",
        "{'a' 1}",
        "{'a': 1, 'a': 2}",
        "if(a, b)",
        "§",
        "a § b",
        "in b",
        "a ? b",
        "9223372036854775808",
    ] {
        assert_eq!(mistakes(text).len(), 1, "{text}: {:?}", mistakes(text));
    }
}

#[test]
fn depth_is_bounded_and_the_stack_holds() {
    for text in [
        "(".repeat(20_000),
        "!".repeat(20_000),
        "-".repeat(20_000) + "a",
        "not ".repeat(10_000),
        "[".repeat(20_000),
        format!("a{}", ".b".repeat(20_000)),
        format!("a{}", "+a".repeat(20_000)),
        "a?b:".repeat(15_000) + "c",
        "f(".repeat(20_000),
        format!("a{}", "[0]".repeat(20_000)),
    ] {
        let found = mistakes(&text);
        assert_eq!(found.len(), 1, "{}: {:?}", &text[..10], &found[..found.len().min(3)]);
        assert!(found[0].contains("levels deep"), "{}: {found:?}", &text[..10]);
    }
    let deep = "(".repeat(usize::from(MAX_DEPTH) - 2) + "a" + &")".repeat(usize::from(MAX_DEPTH) - 2);
    assert_eq!(parsed(&deep), "a");
    assert!(mistakes(&"a ".repeat(40_000)).iter().any(|m| m.contains("are allowed")));
}

#[test]
fn spans_are_those_of_the_file() {
    // `x: "=a.b +\n  cd"`: the line end is folded into a blank
    let mut map = ScalarMapBuilder::new(FileId(0));
    map.run(0, 5);
    map.run(6, 13);
    let map = map.finish(8, 15);
    let expr = parse("a.b + cd", &map).expr;
    let ExprKind::Binary(_, a, b) = &expr.kind else { panic!("{expr:?}") };
    assert_eq!((a.span.start, a.span.end, b.span.start, b.span.end), (5, 8, 13, 15));
    assert_eq!((expr.span.start, expr.span.end), (5, 15));
}
