// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Projects for the tests of rules, read from YAML text.
//!
//! [`project`] is the only way in: a small reader of the forms that the tests need stands behind it, and the real
//! loader can take its place without a change in any test.

use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle};

use super::{Context, Facts, Rule};
use crate::catalog::Catalog;
use crate::compose::model::{Operator, Project, VariableUse};
use crate::compose::{Entry, Map, Node, Style, Value};
use crate::diag::{Diagnostic, FileId, SourceMap, Span};

#[path = "testing2_model.rs"]
mod model;

/// The project that `yaml` describes, and its text as the one file `compose.yml`.
pub(crate) fn project(yaml: &str) -> (Project, SourceMap) {
    let mut sources = SourceMap::default();
    let file = sources.add("compose.yml", yaml);
    let mut reader = Reader::new(yaml, file);
    let tree = reader.node();
    let project = model::build(&tree, file, reader.variables, &sources);
    (project, sources)
}

/// What the rule says of the project, in its own order.
pub(crate) fn diagnostics(rule: &Rule, yaml: &str) -> (Vec<Diagnostic>, SourceMap) {
    let (project, sources) = project(yaml);
    let mut found = Vec::new();
    let context = Context { project: &project, sources: &sources, catalog: &Catalog::default(), facts: &Facts {} };
    (rule.check)(&context, &mut found);
    (found, sources)
}

/// The findings of the rule as `level: text of the place`.
pub(crate) fn places(rule: &Rule, yaml: &str) -> Vec<String> {
    let (found, sources) = diagnostics(rule, yaml);
    assert!(found.iter().all(|one| one.rule == rule.meta.name), "a rule speaks under its own name only");
    found.iter().map(|one| format!("{}: {}", one.level.as_str(), sources.slice(one.primary.span))).collect()
}

/// Holds a rule against its pairs of fixtures and its own examples: `bad` and `fail` fire, `good` and `pass` do not.
pub(crate) fn holds(rule: &Rule, fail: &str, pass: &str) {
    assert_ne!(places(rule, fail), [""; 0], "the failing fixture of {} fires", rule.meta.name);
    assert_eq!(places(rule, pass), [""; 0], "the passing fixture of {} is silent", rule.meta.name);
    assert_ne!(places(rule, rule.meta.bad), [""; 0], "the bad example of {} fires", rule.meta.name);
    assert_eq!(places(rule, rule.meta.good), [""; 0], "the good example of {} is silent", rule.meta.name);
}

struct Reader<'text> {
    text: &'text str,
    file: FileId,
    events: Vec<(Event<'text>, Span)>,
    next: usize,
    anchors: Vec<(usize, Node)>,
    variables: Vec<VariableUse>,
    path: Vec<String>,
}

impl<'text> Reader<'text> {
    fn new(text: &'text str, file: FileId) -> Self {
        let events = Parser::new_from_str_with_options(text, Options::default())
            .map(|next| {
                let (event, span) = next.expect("test YAML parses");
                let range = span.byte_range().expect("text input has byte offsets");
                (event, Span::new(file, range.start, range.end))
            })
            .filter(|(event, _)| !matches!(event, Event::Comment(..) | Event::StreamStart | Event::DocumentStart(..)))
            .collect();
        Self { text, file, events, next: 0, anchors: Vec::new(), variables: Vec::new(), path: Vec::new() }
    }

    fn take(&mut self) -> (Event<'text>, Span) {
        let taken = self.events[self.next].clone();
        self.next += 1;
        taken
    }

    fn node(&mut self) -> Node {
        let (event, span) = self.take();
        let (node, anchor) = match event {
            Event::Alias(id) => {
                let mut node = self.anchors.iter().find(|(known, _)| *known == id).expect("anchor").1.clone();
                node.used_at = Some(span);
                return node;
            }
            Event::Scalar(value, style, anchor, _) => (self.scalar(&value, style, span), anchor),
            Event::SequenceStart(style, anchor, _) => {
                let mut items = Vec::new();
                while !matches!(self.events[self.next].0, Event::SequenceEnd) {
                    items.push(self.node());
                }
                (self.collection(Value::Seq(items), span, style), anchor)
            }
            Event::MappingStart(style, anchor, _) => {
                let map = self.mapping();
                (self.collection(Value::Map(map), span, style), anchor)
            }
            other => panic!("unexpected event {other:?}"),
        };
        if anchor != 0 {
            self.anchors.push((anchor, node.clone()));
        }
        node
    }

    fn collection(&mut self, value: Value, start: Span, style: StructureStyle) -> Node {
        let (_, end) = self.take();
        let span = Span::new(self.file, start.range().start, end.range().end);
        let style = if style == StructureStyle::Flow { Style::Flow } else { Style::Block };
        Node { value, span, used_at: None, style, tag: None }
    }

    fn mapping(&mut self) -> Map {
        let mut map = Map::default();
        let mut merged = Vec::new();
        while !matches!(self.events[self.next].0, Event::MappingEnd) {
            let (event, key_span) = self.take();
            let Event::Scalar(key, ..) = event else { panic!("keys are scalars") };
            self.path.push(key.to_string());
            let node = self.node();
            self.path.pop();
            if key == "<<" { merged.push(node) } else { map.push(Entry { key: key.into_owned(), key_span, node }) }
        }
        for source in merged {
            for entry in source.as_map().expect("merge of a mapping") {
                if !map.contains_key(&entry.key) {
                    let mut entry = entry.clone();
                    entry.node.used_at = source.used_at;
                    map.push(entry);
                }
            }
        }
        map
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: Span) -> Node {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::BlockScalar,
        };
        let value = if style == Style::Plain && !value.contains('$') {
            typed(value)
        } else {
            Value::Str(self.interpolated(value, span))
        };
        Node { value, span, used_at: None, style, tag: None }
    }

    fn interpolated(&mut self, value: &str, span: Span) -> String {
        let mut out = String::new();
        let mut rest = value;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                out.push('$');
                rest = after;
            } else if let Some((inner, after)) = rest.strip_prefix('{').and_then(|braced| braced.split_once('}')) {
                let (name, operator, operand) = match inner.split_once(':') {
                    Some((name, tail)) if tail.starts_with('-') => (name, Operator::Default, Some(&tail[1..])),
                    Some((name, tail)) => (name, Operator::Required, Some(&tail[1..])),
                    None => (inner, Operator::Plain, None),
                };
                if operator == Operator::Default {
                    out.push_str(operand.unwrap_or_default());
                }
                self.variables.push(VariableUse {
                    name: name.to_owned(),
                    span,
                    operator,
                    is_set: false,
                    operand: operand.map(str::to_owned),
                    path: self.path.join("."),
                });
                rest = after;
            } else {
                out.push('$');
            }
        }
        out.push_str(rest);
        debug_assert!(self.text.len() >= span.range().end);
        out
    }
}

/// The type that Go gives to the plain scalars of these tests.
fn typed(text: &str) -> Value {
    let digits = text.replace('_', "");
    match text {
        "" | "~" | "null" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => Value::Str(text.to_owned()),
        _ => {
            let radix = |prefix: &str, base| {
                digits
                    .strip_prefix(prefix)
                    .filter(|rest| !rest.is_empty())
                    .and_then(|rest| i64::from_str_radix(rest, base).ok())
            };
            match radix("0x", 16).or_else(|| radix("0", 8)).or_else(|| digits.parse().ok()) {
                Some(number) => Value::Int(number),
                None => digits.parse().map_or_else(|_| Value::Str(text.to_owned()), Value::Float),
            }
        }
    }
}
