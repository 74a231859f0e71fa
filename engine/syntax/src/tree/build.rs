//! Events → nodes. Duplicate keys, aliases and texts torn by YAML are found here, where the mapping ends.

use std::{collections::HashMap, sync::Arc};

use granit_parser::{Event, Placement, ScalarStyle, Span as EventSpan, StructureStyle};
use wf_source::{Diagnostic, FileId, ScalarMap, Span};

use super::{
    Entry, Key, Kind, Node, Remark, Scalar, Style,
    budget::{MAX_DEPTH, MAX_NODES},
    rules,
    scalar_map::scalar_map,
    torn, traps,
};

/// Collects the nodes of one stretch of a file.
pub(super) struct Builder<'a> {
    pub(super) file: FileId,
    /// The whole file; offsets of events count from `base`.
    pub(super) text: &'a str,
    pub(super) base: usize,
    pub(super) stack: Vec<Frame>,
    pub(super) root: Option<Node>,
    pub(super) remarks: Vec<Remark>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Where the last event that was no remark ended.
    pub(super) last_end: usize,
    /// The last scalar and the place where it stands.
    pub(super) last_scalar: Option<(usize, usize)>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
}

struct Anchored {
    node: Node,
    size: usize,
    height: usize,
}

/// A collection that is not complete.
pub(super) struct Frame {
    pub(super) start: usize,
    pub(super) flow: bool,
    anchor: usize,
    size: usize,
    height: usize,
    broken: bool,
    /// How much had been said when it began.
    told: usize,
    pub(super) open: Open,
}

pub(super) enum Open {
    Seq(Vec<Node>),
    Map { entries: Vec<Entry>, key: Pending, known: KnownKeys },
}

/// Finds a key again, also among thousands.
#[derive(Default)]
pub(super) struct KnownKeys {
    index: HashMap<Arc<str>, Span>,
}

impl KnownKeys {
    const FEW: usize = 16;

    /// Where the key stands among the entries before it.
    pub(super) fn first(&mut self, entries: &[Entry], key: &Key) -> Option<Span> {
        if entries.len() < Self::FEW {
            return entries.iter().find(|e| e.key.text() == key.text()).map(|e| e.key.span);
        }
        for entry in &entries[self.index.len().min(entries.len())..] {
            self.index.entry(entry.key.scalar.text.clone()).or_insert(entry.key.span);
        }
        self.index.get(key.text()).copied()
    }
}

pub(super) enum Pending {
    None,
    Key(Key),
    /// A collection stands where a key should.
    NoText,
}

impl<'a> Builder<'a> {
    pub(super) fn new(file: FileId, text: &'a str, base: usize) -> Self {
        Self {
            file,
            text,
            base,
            stack: vec![],
            root: None,
            remarks: vec![],
            diagnostics: vec![],
            last_end: base,
            last_scalar: None,
            anchors: HashMap::new(),
            nodes: 0,
        }
    }

    fn span(&self, span: EventSpan) -> (usize, usize) {
        let start = self.base + span.start.byte_offset().unwrap_or(0);
        (start, (self.base + span.end.byte_offset().unwrap_or(0)).max(start))
    }

    fn place(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    /// Takes one event; the error ends the reading.
    pub(super) fn event(&mut self, event: Event<'_>, span: EventSpan) -> Result<(), Box<Diagnostic>> {
        let (start, end) = self.span(span);
        let tag = span.tag_span().map(|t| self.span(t));
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let node = self.scalar(&text, style, start, end, tag);
                self.remember(anchor, &node, 1, 0);
                self.attach(node, 1, 0)?;
                self.last_scalar = Some((start, end));
            }
            Event::SequenceStart(style, anchor, _) => self.open(Open::Seq(vec![]), style, anchor, start, tag)?,
            Event::MappingStart(style, anchor, _) => {
                self.open(
                    Open::Map { entries: vec![], key: Pending::None, known: KnownKeys::default() },
                    style,
                    anchor,
                    start,
                    tag,
                )?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(end)?,
            Event::Alias(id) => self.alias(id, start, end)?,
            Event::UnresolvedAlias(name) => {
                // a key that is a star: nothing of the line can be read
                if let Some(key) = name.strip_suffix(':').filter(|_| self.base == 0) {
                    let message = format!("`*{key}` as a key needs quotes");
                    let place = self.place(start, end);
                    let quoted = format!("\"*{key}\":");
                    return Err(Box::new(
                        Diagnostic::error(&rules::ALIAS, place, message)
                            .help(format!("write `{quoted}`: without them `*` repeats what `&` named"))
                            .fix(place, quoted),
                    ));
                }
                // a stretch that was resumed after an error does not know the anchors before it
                if self.base == 0 {
                    let help = format!("the value of a name is `={name}`; the text is `\"*{name}\"`");
                    let message = format!("there is no `&{name}` before this, so `*{name}` repeats nothing");
                    self.diagnostics.push(Diagnostic::error(&rules::ALIAS, self.place(start, end), message).help(help));
                }
                self.attach(Node::broken(self.place(start, end)), 1, 0)?;
            }
            Event::Comment(text, placement) => {
                self.remark(&text, placement, start, end);
                return Ok(());
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                let message = "a second document begins here; one file is one document";
                return Err(Box::new(Diagnostic::error(&rules::ONE_DOCUMENT, self.place(start, end), message)));
            }
            _ => return Ok(()),
        }
        self.last_end = self.last_end.max(end);
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        start: usize,
        end: usize,
        tag: Option<(usize, usize)>,
    ) -> Node {
        let span = self.place(start, end);
        if let Some((tag_start, _)) = tag {
            self.diagnostics.push(traps::tag(self.file, self.text, tag_start, end));
            return Node::broken(self.place(tag_start, end));
        }
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        if style == Style::Plain && start == end {
            let map = ScalarMap::plain(self.file, start, 0);
            return Node { span, kind: Kind::Scalar(Scalar { text: "".into(), style, map, remark: None }) };
        }
        let map = scalar_map(self.file, self.text, (start, end), text, style);
        let span = if matches!(style, Style::Literal | Style::Folded) { map.whole() } else { span };
        Node { span, kind: Kind::Scalar(Scalar { text: text.into(), style, map, remark: None }) }
    }

    fn open(
        &mut self,
        open: Open,
        style: StructureStyle,
        anchor: usize,
        start: usize,
        tag: Option<(usize, usize)>,
    ) -> Result<(), Box<Diagnostic>> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(too_deep(self.place(start, start + 1)));
        }
        if let Some((tag_start, tag_end)) = tag {
            self.diagnostics.push(traps::tag(self.file, self.text, tag_start, tag_end));
        }
        let flow = style == StructureStyle::Flow;
        self.stack.push(Frame {
            start,
            flow,
            anchor,
            size: 1,
            height: 0,
            broken: tag.is_some(),
            told: self.diagnostics.len(),
            open,
        });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Box<Diagnostic>> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        let (anchor, size, height) = (frame.anchor, frame.size, frame.height + 1);
        // a collection in block style has no end of its own: an event for it stands where the next thing begins
        let node = self.finish(frame, end);
        self.remember(anchor, &node, size, height);
        self.attach(node, size, height)
    }

    /// The node of a collection; its own checks are made here.
    pub(super) fn finish(&mut self, frame: Frame, end: usize) -> Node {
        let last = match &frame.open {
            Open::Seq(items) => items.last().map(|n| n.span),
            Open::Map { entries, .. } => entries.last().map(|e| e.key.span.to(e.value.span)),
        };
        let end = if frame.flow { end } else { last.map_or(frame.start, |s| s.end as usize) };
        let span = self.place(frame.start, end);
        let mut kind = match frame.open {
            Open::Seq(items) => Kind::Seq(Arc::from(items)),
            Open::Map { entries, .. } => Kind::Map(Arc::from(entries)),
        };
        if frame.broken {
            kind = Kind::Broken;
        } else if frame.flow
            && !self.text.get(..frame.start).is_some_and(|t| t.ends_with('{'))
            && let Some(torn) = torn::find(self.text, &kind)
        {
            // what YAML made of the rest is nonsense: nothing else is said of it
            self.diagnostics.truncate(frame.told);
            self.diagnostics.push(torn);
            kind = Kind::Broken;
        }
        Node { span, kind }
    }

    fn alias(&mut self, id: usize, start: usize, end: usize) -> Result<(), Box<Diagnostic>> {
        let place = self.place(start, end);
        let Some(anchored) = self.anchors.get(&id) else {
            let message = "this alias repeats the value that it stands in";
            self.diagnostics.push(Diagnostic::error(&rules::ALIAS, place, message));
            return self.attach(Node::broken(place), 1, 0);
        };
        let (size, height) = (anchored.size, anchored.height);
        let node = Node { span: place, kind: anchored.node.kind.clone() };
        if self.stack.len() + height > MAX_DEPTH {
            return Err(too_deep(place));
        }
        self.attach(node, size, height)
    }

    fn remember(&mut self, anchor: usize, node: &Node, size: usize, height: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, height });
        }
    }

    /// Puts a complete node where it belongs: as an item, a key or a value.
    fn attach(&mut self, node: Node, size: usize, height: usize) -> Result<(), Box<Diagnostic>> {
        self.nodes = self.nodes.saturating_add(size);
        if self.nodes > MAX_NODES {
            let message = format!("this file has more than {MAX_NODES} values, repeated ones counted each time");
            return Err(Box::new(Diagnostic::error(&rules::TOO_LARGE, node.span, message)));
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.size = frame.size.saturating_add(size);
        frame.height = frame.height.max(height);
        match &mut frame.open {
            Open::Seq(items) => items.push(node),
            Open::Map { entries, key, known } => match std::mem::replace(key, Pending::None) {
                Pending::None => match node.kind {
                    Kind::Scalar(scalar) => *key = Pending::Key(Key { span: node.span, scalar }),
                    Kind::Broken => *key = Pending::NoText,
                    Kind::Seq(_) | Kind::Map(_) => {
                        *key = Pending::NoText;
                        self.diagnostics.push(traps::key_is_no_text(self.text, node.span));
                    }
                },
                Pending::NoText => frame.broken = true,
                Pending::Key(key) => {
                    let flow = frame.flow;
                    let first = known.first(entries, &key);
                    if let Some(wrong) = traps::key(first, &key) {
                        self.diagnostics.push(wrong);
                    }
                    if first.is_some() {
                        return Ok(());
                    }
                    if key.text() != "<<" || key.scalar.style != Style::Plain {
                        entries.push(Entry { key, value: node, flow });
                    }
                }
            },
        }
        Ok(())
    }

    fn remark(&mut self, text: &str, placement: Placement, start: usize, end: usize) {
        let beside = placement == Placement::Right;
        self.remarks.push(Remark { span: self.place(start, end), text: text.trim().into(), beside });
        let place = self.place(start, end);
        if !beside {
            return;
        }
        let Some((_, scalar_end)) = self.last_scalar else { return };
        let between = self.text.get(scalar_end..start).unwrap_or("x");
        if !between.chars().all(|c| matches!(c, ' ' | '\t' | ':')) {
            return;
        }
        let Some(value) = self.last_value() else { return };
        let Kind::Scalar(scalar) = &mut value.kind else { return };
        scalar.remark = Some(place);
        let (scalar, span) = (scalar.clone(), value.span);
        if let Some(cut) = traps::cut_by_remark(self.text, &scalar, span, place) {
            self.diagnostics.push(cut);
            if let Some(value) = self.last_value() {
                value.kind = Kind::Broken;
            }
        }
    }

    /// The value that was attached last.
    fn last_value(&mut self) -> Option<&mut Node> {
        match self.stack.last_mut() {
            Some(Frame { open: Open::Seq(items), .. }) => items.last_mut(),
            Some(Frame { open: Open::Map { entries, key: Pending::None, .. }, .. }) => {
                entries.last_mut().map(|e| &mut e.value)
            }
            Some(_) => None,
            None => self.root.as_mut(),
        }
    }
}

fn too_deep(place: Span) -> Box<Diagnostic> {
    let message = format!("this is more than {MAX_DEPTH} lists and mappings deep");
    Box::new(Diagnostic::error(&rules::TOO_LARGE, place, message))
}
