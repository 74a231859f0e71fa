//! A page of Markdown as a script. Its fenced blocks:
//!
//! | block | does |
//! | --- | --- |
//! | `yaml`, first line `# path/of/a/file` | writes that file, the first line included |
//! | `yaml` without such a line | must stand in a file of the project, as it is |
//! | `diff`, first line `# path/of/a/file` | changes that file: `-` lines go, `+` lines come, others stand for the place |
//! | `console` | runs its `$ wfctl …` lines and compares what they print |
//! | `text vendor` | compares what the vendor of the tutorial printed since the last such block |
//!
//! Any other block is only shown.

use std::ops::Range;

pub enum Block {
    File { path: String, text: String },
    Excerpt(String),
    Change { path: String, lines: Vec<String> },
    Console(Vec<Command>),
    Vendor(Output),
}

pub struct Command {
    /// What stands after `$ wfctl`.
    pub line: String,
    pub output: Output,
}

/// Lines that are shown, and where in the page they stand.
pub struct Output {
    pub lines: Vec<String>,
    pub place: Range<usize>,
}

/// The beginnings of a command line that stand for the program under test.
const WFCTL: [&str; 2] = ["$ wfctl", "$ cargo run --release -p wfctl --"];

/// All blocks with the line (from 0) that each begins in.
pub fn read(page: &str) -> Vec<(usize, Block)> {
    let lines: Vec<&str> = page.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(kind) = lines[at].strip_prefix("```") else {
            at += 1;
            continue;
        };
        let first = at + 1;
        let end = (first..lines.len())
            .find(|i| lines[*i] == "```")
            .unwrap_or_else(|| panic!("line {first}: a block that never ends"));
        blocks.extend(block(kind, &lines, first..end).map(|block| (at, block)));
        at = end + 1;
    }
    blocks
}

fn block(kind: &str, lines: &[&str], place: Range<usize>) -> Option<Block> {
    let body = &lines[place.clone()];
    let path = || {
        body.first()
            .and_then(|l| l.strip_prefix("# "))
            .filter(|p| p.contains('/') && !p.contains(' '))
            .map(str::to_owned)
    };
    let owned = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect();
    match kind {
        "yaml" => {
            let text = body.join("\n") + "\n";
            Some(path().map_or(Block::Excerpt(text.clone()), |path| Block::File { path, text }))
        }
        "diff" => path().map(|path| Block::Change { path, lines: owned(&body[1..]) }),
        "console" => Some(Block::Console(commands(lines, place))),
        "text vendor" => Some(Block::Vendor(Output { lines: owned(body), place })),
        _ => None,
    }
}

fn commands(lines: &[&str], place: Range<usize>) -> Vec<Command> {
    let starts: Vec<usize> = place.clone().filter(|i| lines[*i].starts_with("$ ")).collect();
    assert_eq!(starts.first(), Some(&place.start), "line {}: a console begins with a command", place.start + 1);
    let ends = starts.iter().skip(1).copied().chain([place.end]);
    let command = |(start, end): (usize, usize)| {
        let said = lines[start];
        let line = WFCTL
            .iter()
            .find_map(|w| said.strip_prefix(w))
            .unwrap_or_else(|| panic!("line {}: {said}: only wfctl is run", start + 1));
        let output =
            Output { lines: lines[start + 1..end].iter().map(|l| (*l).to_owned()).collect(), place: start + 1..end };
        Command { line: line.trim().to_owned(), output }
    };
    starts.iter().copied().zip(ends).map(command).collect()
}
