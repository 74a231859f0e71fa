//! Expressions, paths and templates made from their grammar, so that most of them parse.

use crate::Random;

/// Names that the worlds of the targets have.
pub const NAMES: &[&str] = &[
    "edge", "edges", "n", "big", "half", "text", "yes", "none", "empty", "seen", "wait", "lost", "partial", "token",
    "tags", "deep",
];

const FIELDS: &[&str] = &["state", "links", "loss", "site", "serial", "seen", "no_such", "in", "a"];

/// An expression of at most so many levels. `functions`: names and receivers of the built-in functions.
pub fn expression(random: &mut Random, functions: &[&'static str], depth: usize) -> String {
    if depth == 0 {
        return leaf(random);
    }
    let inner = |random: &mut Random| {
        let less = 1 + random.below(depth.min(2));
        expression(random, functions, depth - less)
    };
    match random.below(20) {
        0..3 => leaf(random),
        3 => format!("{}.{}", inner(random), random.word(FIELDS)),
        4 => format!("{}[{}]", inner(random), inner(random)),
        5 => format!("{} ? {} : {}", inner(random), inner(random), inner(random)),
        6 => format!("({})", inner(random)),
        7 => format!("[{}, {}]", inner(random), inner(random)),
        8 => format!("{{{}: {}, 'b': {}}}", leaf(random), inner(random), inner(random)),
        9 => format!("!({})", inner(random)),
        10 => format!("-{}", inner(random)),
        11 => format!("if({}, {}, {})", inner(random), inner(random), inner(random)),
        12 | 13 => {
            let op = random
                .word(&["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in", "and", "or"]);
            format!("{} {op} {}", inner(random), inner(random))
        }
        14 => {
            let word =
                random.word(&["map", "filter", "exists", "all", "exists_one", "sortBy", "groupBy", "sum", "count"]);
            let lambda = random.word(&[
                "x",
                "x.loss",
                "x.state == 'UP'",
                "x > 1",
                "x.links.map(y, y.loss + n)",
                "[x, x]",
                "x == x",
            ]);
            format!("{}.{word}(x, {lambda})", inner(random))
        }
        15 => format!("{} in {} to {}", inner(random), inner(random), inner(random)),
        _ => {
            let (on, name) = (inner(random), random.word(functions));
            let args: Vec<String> = (0..random.below(4)).map(|_| inner(random)).collect();
            let args = args.join(", ");
            if random.once_in(3) {
                format!("{name}({on}, {args})").replace(", )", ")")
            } else {
                format!("{on}.{name}({args})")
            }
        }
    }
}

fn leaf(random: &mut Random) -> String {
    const LITERALS: &[&str] = &[
        "0",
        "1",
        "-1",
        "2.5",
        "9223372036854775807",
        "1e300",
        "0x1F",
        "'a'",
        "''",
        "'äb🐱'",
        "r'\\d+'",
        "b'x'",
        "true",
        "null",
        "45m",
        "1h30m",
        "7d",
        "[]",
        "{}",
        "[1, 2, 3]",
        "['b', 'a', 'b']",
        "now",
        "env",
        "'2022-06-01T14:00:00Z'",
        "'%Y-%m-%d'",
        "'yyyy-MM-dd'",
        "'Europe/Berlin'",
        "','",
        "'<b>'",
    ];
    match random.below(3) {
        0 => random.word(LITERALS).to_owned(),
        1 => random.word(NAMES).to_owned(),
        _ => format!("{}.{}", random.word(NAMES), random.word(FIELDS)),
    }
}

/// A JSONPath.
pub fn path(random: &mut Random) -> String {
    let mut path = format!("$.{}", random.word(NAMES));
    for _ in 0..random.below(5) {
        path += &segment(random, 2);
    }
    path
}

fn segment(random: &mut Random, depth: usize) -> String {
    match random.below(9) {
        0 => format!(".{}", random.word(FIELDS)),
        1 => format!("..{}", random.word(FIELDS)),
        2 => random.word(&["[*]", ".*", "..*", "[0]", "[-1]", "[99]", "[9007199254740991]", "[0, 0]"]).to_owned(),
        3 => {
            let number = |random: &mut Random| random.word(&["", "0", "1", "-1", "2", "-5", "1000000000000"]);
            format!("[{}:{}:{}]", number(random), number(random), number(random))
        }
        4 => format!("['{}']", random.word(FIELDS)),
        5 => format!("['{}', \"{}\", *]", random.word(FIELDS), random.word(FIELDS)),
        _ => format!("[?{}]", filter(random, depth)),
    }
}

fn filter(random: &mut Random, depth: usize) -> String {
    let query = |random: &mut Random| {
        let root = if random.once_in(3) { format!("$.{}", random.word(NAMES)) } else { "@".to_owned() };
        let rest = if depth == 0 { String::new() } else { segment(random, depth - 1) };
        format!("{root}.{}{rest}", random.word(FIELDS))
    };
    let operand = |random: &mut Random| match random.below(4) {
        0 => random.word(&["1", "'UP'", "null", "true", "-0.5e3", "\"a\""]).to_owned(),
        1 => format!("{}(@.{})", random.word(&["length", "value", "count"]), random.word(FIELDS)),
        _ => format!("@.{}", random.word(FIELDS)),
    };
    match random.below(if depth == 0 { 3 } else { 6 }) {
        0 => query(random),
        1 => format!("{} {} {}", operand(random), random.word(&["==", "!=", "<", ">="]), operand(random)),
        2 => format!(
            "{}({}, '{}')",
            random.word(&["match", "search"]),
            query(random),
            random.word(&["U.", "(", "a*", "[^x]+"])
        ),
        3 => format!("!({})", filter(random, depth - 1)),
        4 => format!("{} && {}", filter(random, depth - 1), filter(random, depth - 1)),
        _ => format!("({}) || {}", filter(random, depth - 1), filter(random, depth - 1)),
    }
}

/// A text with holes.
pub fn template(random: &mut Random, functions: &[&'static str], depth: usize) -> String {
    let mut out = String::new();
    for _ in 0..=random.below(4) {
        let piece = match random.below(if depth == 0 { 4 } else { 8 }) {
            0 => random.word(&["text ", "\n", "  - ", "<b>&</b>", "{", "}}", "\\", "ä🐱 "]).to_owned(),
            1 => random
                .word(&["{{! remark }}", "{{!-- a }} --}}", "\\{{ x }}", "{{{{raw}}}} {{ x }} {{{{/raw}}}}"])
                .to_owned(),
            2 | 3 => {
                let (open, close) = [("{{ ", " }}"), ("{{~", "~}}"), ("{{{", "}}}"), ("{{& ", "}}")][random.below(4)];
                format!("{open}{}{close}", expression(random, functions, 2))
            }
            4 => format!(
                "{{{{#if {}}}}}{}{{{{else}}}}{}{{{{/if}}}}",
                expression(random, functions, 2),
                template(random, functions, depth - 1),
                template(random, functions, depth - 1)
            ),
            5 => format!(
                "{{{{#each {} as |x i|}}}}{}{{{{ x }}}}{{{{/each}}}}\n",
                expression(random, functions, 1),
                template(random, functions, depth - 1)
            ),
            6 => format!("{{{{#unless {}}}}}x{{{{/unless}}}}", expression(random, functions, 1)),
            _ => format!("\n  {{{{> part a={} b=(n)}}}}\n", expression(random, functions, 1)),
        };
        out += &piece;
    }
    out
}
