//! What differs between two states of a project: definitions one by one, and in each the entries, rows and lines that are not the same.

use wf_check::Project;
use wf_source::{FileId, Span};
use wf_syntax::tree::{Kind, Node, parse};

/// A definition, or a whole section, that differs.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    /// `param`, `flow`, `steps`.
    pub what: String,
    pub name: Option<String>,
    /// The workflow, library or connector that the file is of.
    pub owner: String,
    pub how: How,
    /// Where it stands now, its name included. Empty when it is gone.
    pub span: Span,
    /// Of what changed: what is another now, in the order of the file.
    pub parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    New,
    Gone,
    Changed,
}

/// An entry, a row of a list, a line of a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// The keys that lead to it, `default`, `hours.from`; empty for a row or a line.
    pub key: String,
    /// Where it stands now; what is gone stood before this.
    pub span: Span,
    pub before: Option<String>,
    pub now: Option<String>,
}

impl Change {
    pub fn words(&self) -> String {
        let how = match self.how {
            How::New => "new",
            How::Gone => "gone",
            How::Changed => "changed",
        };
        let name = self.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        format!("{how}: {}{name}", self.what)
    }
}

/// What differs in a file: definitions one by one, other sections as a whole. Places are in `file`, as the project has it now.
pub fn changes(path: &str, file: FileId, before: &Project, now: &Project) -> Vec<Change> {
    let (old, new) = (before.text(path), now.text(path));
    let (Some(old), Some(new)) = (old, new) else {
        let how = if old.is_none() { How::New } else { How::Gone };
        let span = Span::new(file, 0, 0);
        return vec![Change { what: "file".into(), name: None, owner: String::new(), how, span, parts: vec![] }];
    };
    let roots = (parse(file, old).root, parse(file, new).root);
    let (Some(old_root), Some(new_root)) = roots else { return vec![] };
    let name = ["workflow", "library", "connector"].iter().find_map(|key| new_root.get(key)).and_then(Node::as_text);
    let owner = name.unwrap_or_default().to_owned();
    let texts = Texts { old, new };
    let mut found = vec![];
    texts.entries(&old_root, &new_root, |section, at, old_entry, new_entry| {
        let Some(word) = word(section) else {
            found.push(texts.change((section, None), &owner, at, old_entry, new_entry));
            return;
        };
        let none = Node::broken(at.begin());
        texts.entries(old_entry.unwrap_or(&none), new_entry.unwrap_or(&none), |name, at, before, after| {
            found.push(texts.change((word, Some(name)), &owner, at, before, after));
        });
    });
    found
}

/// Sections of definitions, and what one of them is called.
fn word(section: &str) -> Option<&'static str> {
    Some(match section {
        "params" => "param",
        "config" => "setting",
        "constants" => "constant",
        "tables" => "table",
        "define" => "define",
        "flows" => "flow",
        "metrics" => "metric",
        "pools" => "pool",
        "shapes" => "shape",
        "enums" => "enum",
        "types" => "type",
        "calls" => "calls of",
        "reads" => "read",
        "writes" => "write",
        "tells" => "tell",
        "connectors" => "settings of",
        "workflows" => "settings of",
        _ => return None,
    })
}

/// A file before and now.
#[derive(Clone, Copy)]
struct Texts<'t> {
    old: &'t str,
    new: &'t str,
}

impl Texts<'_> {
    fn before(self, node: &Node) -> String {
        written(self.old, node)
    }

    fn now(self, node: &Node) -> String {
        written(self.new, node)
    }

    fn change(
        self,
        (what, name): (&str, Option<&str>),
        owner: &str,
        at: Span,
        before: Option<&Node>,
        now: Option<&Node>,
    ) -> Change {
        let mut parts = vec![];
        let how = match (before, now) {
            (None, _) => How::New,
            (_, None) => How::Gone,
            (Some(before), Some(now)) => {
                self.parts("", before, now, &mut parts);
                How::Changed
            }
        };
        let span = now.map_or(at.begin(), |now| at.to(now.span));
        Change { what: what.to_owned(), name: name.map(str::to_owned), owner: owner.to_owned(), how, span, parts }
    }

    /// Calls `differs` for each entry of two mappings that is not the same in both; blanks and line ends do not count. With the place of the
    /// key, or where a key that is gone was looked for.
    fn entries<'n>(
        self,
        before: &'n Node,
        now: &'n Node,
        mut differs: impl FnMut(&str, Span, Option<&'n Node>, Option<&'n Node>),
    ) {
        for entry in now.entries() {
            let key = entry.key.text();
            match before.get(key) {
                Some(was) if self.before(was) == self.now(&entry.value) => {}
                was => differs(key, entry.key.span, was, Some(&entry.value)),
            }
        }
        for entry in before.entries().iter().filter(|e| now.get(e.key.text()).is_none()) {
            differs(entry.key.text(), now.span.begin(), Some(&entry.value), None);
        }
    }

    /// The smallest parts that differ.
    fn parts(self, key: &str, before: &Node, now: &Node, parts: &mut Vec<Part>) {
        match (&before.kind, &now.kind) {
            (Kind::Map(_), Kind::Map(_)) => self.entries(before, now, |name, at, before, now| {
                let key = if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
                match (before, now) {
                    (Some(before), Some(now)) => self.parts(&key, before, now, parts),
                    (before, now) => parts.push(Part {
                        key,
                        span: now.map_or(at, |now| at.to(now.span)),
                        before: before.map(|node| self.before(node)),
                        now: now.map(|node| self.now(node)),
                    }),
                }
            }),
            (Kind::Seq(old), Kind::Seq(new)) => {
                let same = |(a, b): &(&Node, &Node)| self.before(a) == self.now(b);
                let (ahead, behind) = shared(old, new, &same);
                let (old, new) = (&old[ahead..old.len() - behind], &new[ahead..new.len() - behind]);
                if old.len() == new.len() {
                    let rows = old.iter().zip(new).filter(|pair| !same(pair));
                    rows.for_each(|(before, now)| self.parts(key, before, now, parts));
                    return;
                }
                let next = new.first().map_or(now.span.begin(), |node| node.span.begin());
                let part = |span, before, now| Part { key: String::new(), span, before, now };
                parts.extend(old.iter().map(|node| part(next, Some(self.before(node)), None)));
                parts.extend(new.iter().map(|node| part(node.span, None, Some(self.now(node)))));
            }
            (Kind::Scalar(old), Kind::Scalar(new))
                if old.text.trim_end().contains('\n') || new.text.trim_end().contains('\n') =>
            {
                let (old_lines, new_lines): (Vec<_>, Vec<_>) = (old.text.lines().collect(), new.text.lines().collect());
                let (ahead, behind) = shared(&old_lines, &new_lines, &|(a, b)| a.trim() == b.trim());
                let changed = |lines: &[&str]| {
                    let joined = lines[ahead..lines.len() - behind].iter().map(|line| line.trim()).collect::<Vec<_>>();
                    (!joined.is_empty()).then(|| joined.join(" "))
                };
                let decoded = new.text.split_inclusive('\n').take(ahead).map(str::len).sum();
                let span = new.map.span(decoded, decoded);
                parts.push(Part { key: key.to_owned(), span, before: changed(&old_lines), now: changed(&new_lines) });
            }
            _ => parts.push(Part {
                key: key.to_owned(),
                span: now.span,
                before: Some(self.before(before)),
                now: Some(self.now(now)),
            }),
        }
    }
}

/// As it stands in the file, on one line.
fn written(text: &str, node: &Node) -> String {
    let slice = text.get(node.span.start as usize..node.span.end as usize).unwrap_or("");
    slice.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many at the beginning and, of the rest, at the end are the same in both.
fn shared<T>(old: &[T], new: &[T], same: &dyn Fn(&(&T, &T)) -> bool) -> (usize, usize) {
    let ahead = old.iter().zip(new).take_while(same).count();
    let behind = old[ahead..].iter().rev().zip(new[ahead..].iter().rev()).take_while(same).count();
    (ahead, behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "workflows/watch/workflow.yaml";

    fn project(text: &str) -> Project {
        [(PATH, text)].into_iter().collect()
    }

    fn found(before: &str, now: &str) -> Vec<Change> {
        changes(PATH, FileId(0), &project(before), &project(now))
    }

    fn words(before: &str, now: &str) -> Vec<String> {
        found(before, now).iter().map(Change::words).collect()
    }

    /// `key: before → now` of all parts.
    fn parts(before: &str, now: &str) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or("-".into());
        let part = |p: &Part| format!("{}: {} → {}", p.key, text(&p.before), text(&p.now));
        found(before, now).iter().flat_map(|change| change.parts.iter().map(part).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn definitions_differ_one_by_one_and_other_sections_as_a_whole() {
        let before = "workflow: watch\nparams:\n  gap: {default: 30m, doc: Gap}\n  every: {default: 5m, doc: Every}\ndefine:\n  down(e): e.x\nsteps:\n  - {skip: a}\n";
        let now = "workflow: watch\nparams:\n  gap:   {default: 45m, doc: Gap}\n  every: {default: 5m,   doc: Every}\nflows:\n  look: {steps: []}\nsteps:\n  - {skip: b}\n";
        assert_eq!(
            words(before, now),
            ["changed: param gap", "new: flow look", "changed: steps", "gone: define down(e)"]
        );
        assert_eq!(parts(before, now), ["default: 30m → 45m", "skip: a → b"]);
        assert!(words(before, before).is_empty());
    }

    #[test]
    fn a_file_may_be_new_or_gone() {
        let none = Project::default();
        let some = project("workflow: watch\n");
        assert_eq!(changes(PATH, FileId(0), &none, &some)[0].words(), "new: file");
        assert_eq!(changes(PATH, FileId(0), &some, &none)[0].words(), "gone: file");
    }

    #[test]
    fn of_a_list_the_rows_differ() {
        let table = |rows: &str| format!("workflow: watch\ntables:\n  grade:\n    rows:\n{rows}");
        let three = table("      - [a, 1]\n      - [b, 2]\n      - [c, 3]\n");
        let other = table("      - [a, 1]\n      - [b, 5]\n      - [c, 3]\n");
        let more = table("      - [a, 1]\n      - [n, 9]\n      - [b, 2]\n      - [c, 3]\n");
        assert_eq!(parts(&three, &other), ["rows: 2 → 5"]);
        assert_eq!(parts(&three, &more), [": - → [n, 9]"]);
        assert_eq!(parts(&more, &three), [": [n, 9] → -"]);
        let place = found(&three, &more)[0].parts[0].span;
        assert_eq!(more.get(place.start as usize..place.end as usize), Some("[n, 9]"));
    }

    #[test]
    fn of_a_long_text_the_lines_differ_at_their_place() {
        let text = |middle: &str| format!("workflow: watch\ndefine:\n  bad(e): |\n    e.a\n    {middle}\n    && e.c\n");
        let (before, now) = (text("&& e.b > 1"), text("&& e.b > 2"));
        assert_eq!(parts(&before, &now), [": && e.b > 1 → && e.b > 2"]);
        let place = found(&before, &now)[0].parts[0].span;
        assert_eq!(now[..place.start as usize].lines().count(), 5);
    }
}
