// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Parser events to nodes: anchors, aliases, merge keys, duplicate keys, scalar types, exact spans.

use std::collections::HashMap;
use std::rc::Rc;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};

use crate::compose::model::Comment;
use crate::compose::{Entry, Map, MergeTag, Node, Style, Value};
use crate::compose::{merge, scalar};
use crate::diag::{Diagnostic, FileId, Span};

use super::lexical::{self, Context, Token};
use super::{Documents, fault};

/// How much may come out of aliases in one file: nodes, and bytes of text. Far above any real file (the largest seen
/// expands to a few thousand nodes), far below what hurts. Compose itself hangs on such bombs.
const MAX_EXPANDED_NODES: usize = 250_000;
const MAX_EXPANDED_BYTES: usize = 64 << 20;

/// Reads all documents of `text` into `documents`.
pub(super) fn build(file: FileId, text: &str, documents: &mut Documents) {
    let mut builder = Builder {
        file,
        text,
        anchors: HashMap::new(),
        open: Vec::new(),
        stack: Vec::new(),
        spent: Cost::default(),
        exhausted: false,
    };
    let options = granit_parser::options! { max_buffered_comment_events: 1_000_000, block_nesting_limit: 500, flow_nesting_limit: 500 };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut between = lexical::Between::new(file, text);
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or_default();
                let span = Span::new(file, range.start, range.end);
                between.step(span, token(&event), builder.context(), &mut documents.faults);
                builder.event(event, span, documents);
                if builder.exhausted {
                    return;
                }
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                // A character that has been told of already is the cause of the syntax error there.
                let told = |fault: &Diagnostic| {
                    (fault.primary.span.start as usize..=fault.primary.span.end as usize).contains(&at)
                };
                if !documents.faults.iter().any(told) {
                    documents.faults.push(super::syntax::fault(token_at(file, text, at), &error.info()));
                }
                return;
            }
        }
    }
}

fn token(event: &Event<'_>) -> Token {
    match event {
        Event::Scalar(_, ScalarStyle::Plain, ..) => Token::Plain,
        Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..) => Token::Quoted,
        Event::Scalar(..) => Token::Block,
        Event::Comment(..) => Token::Comment,
        _ => Token::Other,
    }
}

/// The rest of the word at `at`, so that a syntax error shows something; the last character when the text ends there.
fn token_at(file: FileId, text: &str, at: usize) -> Span {
    let at = (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let rest = &text[at..];
    let word = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
    if word > 0 {
        return Span::new(file, at, at + word);
    }
    let before = text[..at].trim_end();
    let start = before.char_indices().next_back().map_or(0, |(i, _)| i);
    Span::new(file, start, before.len().max(start))
}

#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    nodes: usize,
    bytes: usize,
}

struct Anchored {
    node: Rc<Node>,
    cost: Cost,
}

struct Frame {
    anchor: usize,
    tag: Option<MergeTag>,
    span: Span,
    style: Style,
    items: Items,
}

enum Items {
    Seq(Vec<Node>),
    Map {
        map: Map,
        key: Option<Key>,
        merges: Vec<Node>,
        merge_key: Option<Span>,
    },
    /// The document itself.
    Root(Option<Node>),
}

enum Key {
    Name(String, Span),
    /// `<<`, unquoted.
    Merge(Span),
    /// A key that cannot be one; its value is dropped.
    Invalid,
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    anchors: HashMap<usize, Anchored>,
    open: Vec<usize>,
    stack: Vec<Frame>,
    spent: Cost,
    exhausted: bool,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span, documents: &mut Documents) {
        match event {
            Event::DocumentStart(..) => {
                self.anchors.clear();
                self.push(0, None, span, Style::Block, Items::Root(None));
            }
            Event::DocumentEnd => {
                if let Some(Frame { items: Items::Root(node), .. }) = self.stack.pop() {
                    documents.roots.push(node.unwrap_or_else(|| Node::derived(Value::Null, span)));
                }
            }
            Event::Comment(text, _) => documents.comments.push(Comment { span, text: text.into_owned() }),
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(&text, style, tag.as_deref(), span, documents);
                self.anchor(anchor, &node);
                self.add(node, documents);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let span = self.open_span(span, style);
                self.push(anchor, merge_tag(tag.as_deref()), span, structure(style), Items::Seq(Vec::new()));
            }
            Event::MappingStart(style, anchor, tag) => {
                let span = self.open_span(span, style);
                let items = Items::Map { map: Map::default(), key: None, merges: Vec::new(), merge_key: None };
                self.push(anchor, merge_tag(tag.as_deref()), span, structure(style), items);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span, documents),
            Event::Alias(id) => self.alias(id, span, documents),
            _ => {}
        }
    }

    fn context(&self) -> Context {
        if self.stack.iter().any(|frame| frame.style == Style::Flow) { Context::Flow } else { Context::Block }
    }

    fn push(&mut self, anchor: usize, tag: Option<MergeTag>, span: Span, style: Style, items: Items) {
        self.open.push(anchor);
        self.stack.push(Frame { anchor, tag, span, style, items });
    }

    /// Block collections begin at their first entry (found when they close); flow ones at the bracket.
    fn open_span(&self, span: Span, style: StructureStyle) -> Span {
        match style {
            StructureStyle::Flow => span,
            StructureStyle::Block => Span::new(self.file, span.start as usize, span.start as usize),
        }
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span, documents: &mut Documents) -> Node {
        let at_end = span.end as usize == self.text.len();
        let (style, span) = match style {
            ScalarStyle::Plain => (Style::Plain, span),
            ScalarStyle::SingleQuoted => (Style::SingleQuoted, span),
            ScalarStyle::DoubleQuoted => {
                self.escapes(span, documents);
                (Style::DoubleQuoted, span)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => (Style::BlockScalar, self.block_scalar(span)),
        };
        // At the end of a file without a line break yaml.v3 adds none.
        let text = match style {
            Style::BlockScalar if at_end && !self.text.ends_with(['\n', '\r']) => {
                text.strip_suffix('\n').unwrap_or(text)
            }
            _ => text,
        };
        let core = tag.and_then(Tag::core_suffix);
        let value = match (core, style) {
            (None, Style::Plain) if span.is_empty() => Value::Null,
            // yaml.v3 makes a string of a scalar with a tag that it does not know.
            (None, Style::Plain) if tag.is_some() && merge_tag(tag).is_none() => Value::Str(text.to_owned()),
            (None, Style::Plain) => scalar::resolve_plain(text),
            (None, _) => Value::Str(text.to_owned()),
            (Some(suffix), _) => match scalar::resolve_tagged(&format!("!!{suffix}"), text) {
                Ok(value) => value,
                Err(mismatch) => {
                    documents.faults.push(fault(span, mismatch.to_string()));
                    Value::Str(text.to_owned())
                }
            },
        };
        Node { value, span, used_at: None, style, tag: merge_tag(tag) }
    }

    /// Two escapes that YAML 1.2 has and Go's parser has not.
    fn escapes(&self, span: Span, documents: &mut Documents) {
        let raw = &self.text[span.range()];
        if !raw.contains('\\') {
            return;
        }
        let bytes = raw.as_bytes();
        let mut at = 0;
        while at + 1 < bytes.len() {
            if bytes[at] != b'\\' {
                at += 1;
                continue;
            }
            let escape = span.slice(at, at + 2);
            if bytes[at + 1] == b'/' {
                documents
                    .faults
                    .push(fault(escape, "the escape `\\/` is unknown to Compose's YAML parser").hint("write `/`"));
            }
            let surrogate =
                raw.get(at + 2..at + 6).is_some_and(|hex| matches!(u16::from_str_radix(hex, 16), Ok(0xD800..=0xDFFF)));
            if bytes[at + 1] == b'u' && surrogate {
                documents.faults.push(
                    fault(span.slice(at, at + 6), "a surrogate escape is refused by Compose's YAML parser")
                        .hint("write the character itself, or `\\U` with eight digits"),
                );
            }
            at += 2;
        }
    }

    /// The parser's span of a block scalar begins behind the header and runs on to the next token; this one goes from
    /// `|` or `>` to the end of the text.
    fn block_scalar(&self, span: Span) -> Span {
        let raw = &self.text[span.range()];
        let end = span.start as usize + raw.trim_end().len();
        let before = &self.text[..span.start as usize];
        let start = before.rfind(['|', '>']).and_then(|at| {
            let line = before[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let header = |(i, _): &(usize, &str)| {
                let rest = before[line + i + 1..].lines().next().unwrap_or_default();
                let rest = rest.trim_start_matches(['+', '-']).trim_start_matches(|c: char| c.is_ascii_digit());
                let rest = rest.trim_start_matches(['+', '-']).trim();
                rest.is_empty() || rest.starts_with('#')
            };
            before[line..].match_indices(['|', '>']).find(header).map(|(i, _)| line + i)
        });
        Span::new(self.file, start.unwrap_or(span.start as usize), end)
    }

    fn anchor(&mut self, id: usize, node: &Node) {
        if id != 0 {
            self.anchors.insert(id, Anchored { cost: cost(node), node: Rc::new(node.clone()) });
        }
    }

    fn alias(&mut self, id: usize, span: Span, documents: &mut Documents) {
        let node = match self.anchors.get(&id) {
            None => {
                let message =
                    if self.open.contains(&id) { "the anchor's value contains itself" } else { "unknown anchor" };
                documents.faults.push(fault(span, message));
                Node::derived(Value::Null, span)
            }
            Some(anchored) => {
                self.spent.nodes += anchored.cost.nodes;
                self.spent.bytes += anchored.cost.bytes;
                if self.spent.nodes > MAX_EXPANDED_NODES || self.spent.bytes > MAX_EXPANDED_BYTES {
                    documents.faults.push(
                        fault(span, "aliases expand to too much")
                            .hint("write the values out, or use fewer nested aliases"),
                    );
                    self.exhausted = true;
                    return;
                }
                let mut node = (*anchored.node).clone();
                // Compose 2.40 has removed these from the anchor by the time it comes to the alias.
                merge::drop_resets(&mut node);
                node.used_at = Some(span);
                node
            }
        };
        self.add(node, documents);
    }

    fn close(&mut self, end: Span, documents: &mut Documents) {
        self.open.pop();
        let Some(frame) = self.stack.pop() else { return };
        let (value, first, last) = match frame.items {
            Items::Seq(items) => {
                let first = items.first().map(|n| n.used_at.unwrap_or(n.span));
                let last = items.last().map(|n| n.used_at.unwrap_or(n.span));
                (Value::Seq(items), first, last)
            }
            Items::Map { map, merges, merge_key, .. } => {
                let keys = map.iter().map(|e| e.key_span).chain(merge_key);
                let first = keys.min_by_key(|s| s.start);
                let values = map.iter().map(|e| e.node.used_at.unwrap_or(e.node.span)).chain(merge_key);
                let last = values.max_by_key(|s| s.end);
                (Value::Map(merged(map, merges)), first, last)
            }
            Items::Root(_) => return,
        };
        let span = if frame.style == Style::Flow {
            Span::new(self.file, frame.span.start as usize, end.end as usize)
        } else {
            let start = first.map_or(frame.span.start, |s| {
                if matches!(value, Value::Seq(_)) { frame.span.start.min(s.start) } else { s.start }
            });
            Span::new(self.file, start as usize, last.map_or(start, |s| s.end) as usize)
        };
        let node = Node { value, span, used_at: None, style: frame.style, tag: frame.tag };
        self.anchor(frame.anchor, &node);
        self.add(node, documents);
    }

    fn add(&mut self, node: Node, documents: &mut Documents) {
        let Some(frame) = self.stack.last_mut() else { return };
        match &mut frame.items {
            Items::Root(root) => *root = Some(node),
            Items::Seq(items) => items.push(node),
            Items::Map { key: slot @ None, .. } => {
                *slot = Some(key(node, documents));
            }
            Items::Map { map, key, merges, merge_key } => match key.take() {
                Some(Key::Name(name, key_span)) => {
                    if let Some(first) = map.entry(&name).map(|entry| entry.key_span) {
                        documents.faults.push(
                            fault(key_span, format!("the key `{name}` is written twice"))
                                .hint("keep one of them")
                                .related(first, "first written here"),
                        );
                    } else {
                        map.push(Entry { node: placed(node, key_span), key: name, key_span });
                    }
                }
                Some(Key::Merge(span)) => {
                    if let Some(first) = merge_key {
                        documents.faults.push(
                            fault(span, "a second `<<` in one mapping")
                                .related(*first, "first written here")
                                .hint("merge several mappings with one key: `<<: [*a, *b]`"),
                        );
                    } else {
                        *merge_key = Some(span);
                        merge_sources(node, merges, documents);
                    }
                }
                Some(Key::Invalid) | None => {}
            },
        }
    }
}

/// An empty value has no place of its own: it takes that of its key.
fn placed(mut node: Node, key_span: Span) -> Node {
    if node.span.is_empty() && node.is_null() {
        node.span = key_span;
    }
    node
}

fn key(node: Node, documents: &mut Documents) -> Key {
    let span = node.used_at.unwrap_or(node.span);
    match node.value {
        Value::Str(text) if text == "<<" && node.style == Style::Plain => Key::Merge(span),
        Value::Str(text) => Key::Name(text, span),
        Value::Seq(_) | Value::Map(_) => {
            documents.faults.push(fault(span, "a list or mapping cannot be a key"));
            Key::Invalid
        }
        _ => {
            let found = node.type_name();
            documents
                .faults
                .push(fault(span, format!("keys must be strings, this is a {found}")).hint("put the key in quotes"));
            Key::Invalid
        }
    }
}

/// The mappings behind a `<<`, first wins.
fn merge_sources(node: Node, merges: &mut Vec<Node>, documents: &mut Documents) {
    let span = node.used_at.unwrap_or(node.span);
    match node.value {
        Value::Map(_) => merges.push(node),
        Value::Seq(items) => {
            for mut item in items {
                if item.as_map().is_some() {
                    item.used_at = item.used_at.or(node.used_at);
                    merges.push(item);
                } else {
                    documents.faults.push(fault(item.used_at.unwrap_or(item.span), "`<<` merges mappings only"));
                }
            }
        }
        _ => documents.faults.push(fault(span, "`<<` needs a mapping or a list of mappings")),
    }
}

/// Own keys win, wherever `<<` stands; of several merged mappings the first wins.
fn merged(mut map: Map, merges: Vec<Node>) -> Map {
    for source in merges {
        let used_at = source.used_at;
        if let Value::Map(entries) = source.value {
            for mut entry in entries {
                if !map.contains_key(&entry.key) {
                    entry.node.used_at = entry.node.used_at.or(used_at);
                    map.push(entry);
                }
            }
        }
    }
    map
}

fn structure(style: StructureStyle) -> Style {
    match style {
        StructureStyle::Block => Style::Block,
        StructureStyle::Flow => Style::Flow,
    }
}

fn merge_tag(tag: Option<&Tag>) -> Option<MergeTag> {
    let tag = tag?;
    match (tag.handle(), tag.suffix()) {
        ("!", "reset") => Some(MergeTag::Reset),
        ("!", "override") => Some(MergeTag::Override),
        _ => None,
    }
}

fn cost(node: &Node) -> Cost {
    let mut total = Cost { nodes: 1, bytes: 0 };
    match &node.value {
        Value::Str(text) | Value::Timestamp(text) => total.bytes += text.len(),
        Value::Seq(items) => {
            for item in items {
                let part = cost(item);
                total.nodes += part.nodes;
                total.bytes += part.bytes;
            }
        }
        Value::Map(map) => {
            for entry in map {
                let part = cost(&entry.node);
                total.nodes += part.nodes;
                total.bytes += part.bytes + entry.key.len();
            }
        }
        _ => {}
    }
    total
}

#[cfg(test)]
#[path = "compose_tree_tests.rs"]
mod tests;
