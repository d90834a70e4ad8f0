// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Projects for the tests of rules, read from YAML text.
//!
//! [`project`] is the only way in: a small reader of the forms that the tests need stands behind it, and the real
//! loader can take its place without a change in any test.

use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle};

use super::{Context, Facts, Judgement, Settings, find, judge};
use crate::catalog::Catalog;
use crate::compose::model::{Comment, Operator, Project, VariableUse};
use crate::compose::{Entry, Map, Node, Style, Value};
use crate::diag::{Diagnostic, FileId, SourceMap, Span};

#[path = "testing_model.rs"]
mod model;

/// The project that `yaml` describes, and its text as the one file `compose.yml`.
pub(crate) fn project(yaml: &str) -> (Project, SourceMap) {
    let mut sources = SourceMap::default();
    let file = sources.add("compose.yml", yaml);
    let mut reader = Reader::new(yaml, file);
    let tree = reader.node();
    let project = model::build(&tree, file, reader.variables, reader.comments, &sources);
    (project, sources)
}

/// What the rule alone says of the project, in its own order.
pub(crate) fn findings(rule: &str, yaml: &str) -> Vec<Diagnostic> {
    let rule = find(rule).expect("a known rule");
    let (project, sources) = project(yaml);
    let mut found = Vec::new();
    let context = Context { project: &project, sources: &sources, catalog: &Catalog::default(), facts: &Facts {} };
    (rule.check)(&context, &mut found);
    assert!(found.iter().all(|one| one.rule == rule.meta.name), "a rule speaks under its own name only");
    found
}

/// The texts that the findings of one rule point at.
pub(crate) fn shown(rule: &str, yaml: &str) -> Vec<String> {
    findings(rule, yaml).iter().map(|one| yaml[one.primary.span.range()].to_owned()).collect()
}

/// The judgement of the engine over the project, with findings of the loader put in.
pub(crate) fn judged(yaml: &str, loader: Vec<Diagnostic>, settings: &Settings) -> Judgement {
    let (project, sources) = project(yaml);
    let context = Context { project: &project, sources: &sources, catalog: &Catalog::default(), facts: &Facts {} };
    judge(&context, loader, settings)
}

struct Reader<'text> {
    text: &'text str,
    file: FileId,
    events: Vec<(Event<'text>, Span)>,
    next: usize,
    anchors: Vec<(usize, Node)>,
    variables: Vec<VariableUse>,
    comments: Vec<Comment>,
    path: Vec<String>,
}

impl<'text> Reader<'text> {
    fn new(text: &'text str, file: FileId) -> Self {
        let mut comments = Vec::new();
        let mut events = Vec::new();
        for next in Parser::new_from_str_with_options(text, Options::default()) {
            let (event, span) = next.expect("test YAML parses");
            let range = span.byte_range().expect("text input has byte offsets");
            let span = Span::new(file, range.start, range.end);
            match event {
                Event::Comment(text, _) => comments.push(Comment { span, text: text.into_owned() }),
                Event::StreamStart | Event::DocumentStart(..) => {}
                other => events.push((other, span)),
            }
        }
        Self { text, file, events, next: 0, anchors: Vec::new(), variables: Vec::new(), comments, path: Vec::new() }
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
        let mut searched = 0;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let word =
                |text: &str| text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            let (inner, after) = if let Some(after) = rest.strip_prefix('$') {
                out.push('$');
                rest = after;
                continue;
            } else if let Some((inner, after)) = rest.strip_prefix('{').and_then(|braced| braced.split_once('}')) {
                (inner, after)
            } else if word(rest) > 0 {
                rest.split_at(word(rest))
            } else {
                out.push('$');
                continue;
            };
            let (name, tail) = inner.split_at(word(inner));
            let operand = tail.trim_start_matches(':').get(1..).map(str::to_owned);
            let operator = match tail.trim_start_matches(':').chars().next() {
                None => Operator::Plain,
                Some('-') => Operator::Default,
                Some('+') => Operator::Alternative,
                Some(_) => Operator::Required,
            };
            if operator == Operator::Default {
                out.push_str(operand.as_deref().unwrap_or_default());
            }
            let length = rest.len() - after.len();
            let written = format!("${}", &rest[..length]);
            let raw = &self.text[span.range()];
            let found = raw[searched..].find(&written).map_or(0, |offset| searched + offset);
            searched = found + written.len();
            self.variables.push(VariableUse {
                name: name.to_owned(),
                span: span.slice(found, found + written.len()),
                operator,
                is_set: false,
                operand,
                path: self.path.join("."),
            });
            rest = after;
        }
        out.push_str(rest);
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
