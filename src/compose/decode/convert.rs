// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Reads one value after its kind.

use crate::compose::{Entry, Map, Node, Value, bytes, duration, keyvalue, merge, shellwords};
use crate::diag::{Diagnostic, Level};

use super::{Field, Kind};
use crate::compose::path::Path;

pub(super) struct Converter<'f> {
    pub(super) faults: &'f mut Vec<Diagnostic>,
}

impl Converter<'_> {
    /// The value to print; `None` when it is left out.
    pub(super) fn convert(&mut self, node: &Node, kind: Kind, path: &Path<'_>) -> Option<Node> {
        match kind {
            Kind::Any => Some(node.clone()),
            Kind::Words => Some(self.words(node, path)),
            Kind::Embedded(fields) => Some(self.record(node, fields, path)),
            Kind::Names(kind) => self.names(node, *kind, path),
            _ if node.is_null() => None,
            Kind::Text => {
                keyvalue::scalar_text(&node.value).filter(|t| !t.is_empty()).map(|t| node.with_value(Value::Str(t)))
            }
            Kind::Flag => (truth(node) == Some(true)).then(|| node.with_value(Value::Bool(true))),
            Kind::OptionalFlag => truth(node).map(|flag| node.with_value(Value::Bool(flag))),
            Kind::Number => self.number(node, path).filter(|n| n.value != Value::Int(0)),
            Kind::OptionalNumber => self.number(node, path),
            Kind::Count => self.count(node, path),
            Kind::NonZeroDuration => self.duration(node, path).filter(|n| n.as_str() != Some("0s")),
            Kind::SshKeys => Some(ssh_keys(node)),
            Kind::Decimal => self.decimal(node, path),
            Kind::Bytes => self.bytes(node, path),
            Kind::Duration => self.duration(node, path),
            Kind::FileMode => self.file_mode(node, path),
            Kind::Texts => texts(node),
            Kind::TextMap => text_map(node, |value| Value::Str(value.unwrap_or_default())),
            Kind::NullableTextMap => self.variables(node, path),
            Kind::TextsMap => Some(texts_map(node)),
            Kind::Hosts => self.hosts(node, path),
            Kind::HealthTest => self.health_test(node, path),
            Kind::Ulimit => Some(ulimit(node)),
            Kind::Record(fields) => Some(self.record(node, fields, path)),
            Kind::List(kind) => self.list(node, *kind, path),
        }
    }

    fn fault(&mut self, node: &Node, path: &Path<'_>, message: String) -> &mut Diagnostic {
        self.faults.push(Diagnostic::new("schema-invalid", Level::Error, node.span, path.to_string(), message));
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    fn record(&mut self, node: &Node, fields: &'static [Field], path: &Path<'_>) -> Node {
        let mut out = Map::default();
        let map = node.as_map();
        for field in fields {
            let entry = map.and_then(|map| map.entry(field.key));
            let absent = Node::derived(Value::Null, node.span);
            let value = entry.map_or(&absent, |entry| &entry.node);
            if entry.is_none() && !matches!(field.kind, Kind::Words | Kind::Embedded(_)) {
                continue;
            }
            if let Some(converted) = self.convert(value, field.kind, &path.child(field.key)) {
                let key_span = entry.map_or(node.span, |entry| entry.key_span);
                out.push(Entry { key: field.out.to_owned(), key_span, node: converted });
            }
        }
        for entry in map.into_iter().flatten() {
            if entry.key.starts_with("x-") {
                out.push(entry.clone());
            }
        }
        node.with_value(Value::Map(out))
    }

    fn list(&mut self, node: &Node, kind: Kind, path: &Path<'_>) -> Option<Node> {
        let items = node.as_seq()?;
        let items: Vec<Node> =
            items.iter().enumerate().filter_map(|(at, item)| self.item(item, kind, path, at)).collect();
        (!items.is_empty()).then(|| node.with_value(Value::Seq(items)))
    }

    fn item(&mut self, item: &Node, kind: Kind, path: &Path<'_>, at: usize) -> Option<Node> {
        self.convert(item, kind, &path.child(&format!("[{at}]")))
    }

    fn names(&mut self, node: &Node, kind: Kind, path: &Path<'_>) -> Option<Node> {
        let map = node.as_map()?;
        if map.is_empty() {
            return None;
        }
        let entries = map
            .iter()
            .map(|entry| {
                let null = || entry.node.with_value(Value::Null);
                let nothing = entry.node.is_null();
                let node = if nothing {
                    null()
                } else {
                    self.convert(&entry.node, kind, &path.child(&entry.key)).unwrap_or_else(null)
                };
                Entry { node, ..entry.clone() }
            })
            .collect();
        Some(node.with_value(Value::Map(entries)))
    }

    fn number(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        let number = match &node.value {
            Value::Int(number) => Some(*number),
            #[expect(clippy::cast_possible_truncation, reason = "a fraction is cut, as Go's conversion does")]
            Value::Float(number) => Some(*number as i64),
            Value::Str(text) => text.trim().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            let message = format!("`{path}` must be a whole number, found {}", found(node));
            self.fault(node, path, message).hint = from_variable(node);
        }
        number.map(|number| node.with_value(Value::Int(number)))
    }

    fn count(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        let number = self.number(node, path)?;
        if matches!(number.value, Value::Int(n) if n < 0) {
            self.fault(node, path, format!("`{path}` must not be negative"));
            return None;
        }
        Some(number)
    }

    fn decimal(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        #[expect(clippy::cast_precision_loss, reason = "Compose holds these as floating point numbers too")]
        let number = match &node.value {
            Value::Int(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            Value::Str(text) if text.is_empty() => return None,
            Value::Str(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number {
            None => {
                let message = format!("`{path}` must be a number, found {}", found(node));
                self.fault(node, path, message).hint = from_variable(node);
                None
            }
            Some(number) => (number != 0.0).then(|| node.with_value(short(number))),
        }
    }

    fn bytes(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        let size = match &node.value {
            Value::Int(size) => Some(*size),
            #[expect(clippy::cast_possible_truncation, reason = "a fraction is cut, as Go's conversion does")]
            Value::Float(size) => Some(*size as i64),
            Value::Str(text) => bytes::parse(text).ok(),
            _ => None,
        };
        let Some(size) = size else {
            let message = format!("`{path}` must be a size, found {}", found(node));
            let hint = || "write a number with `b`, `k`, `m` or `g`".to_owned();
            self.fault(node, path, message).hint = from_variable(node).or_else(|| Some(hint()));
            return None;
        };
        (size != 0).then(|| node.with_value(Value::Str(size.to_string())))
    }

    fn duration(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        let text = keyvalue::scalar_text(&node.value)?;
        let Ok(nanoseconds) = duration::parse(&text) else {
            let message = format!("`{path}` must be a duration, found {}", found(node));
            let hint = || "write a number with a unit, such as `30s` or `1m30s`".to_owned();
            self.fault(node, path, message).hint = from_variable(node).or_else(|| Some(hint()));
            return None;
        };
        Some(node.with_value(Value::Str(duration::format(nanoseconds))))
    }

    /// Compose 2.40 refuses `NAME =value` in a list of variables.
    fn variables(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        for entry in node.as_map().into_iter().flatten() {
            if entry.key.ends_with(char::is_whitespace) && keyvalue::is_list_item(entry) {
                let message = format!("a blank stands before the `=` of the variable `{}`", entry.key.trim_end());
                let place = Node::derived(Value::Null, entry.key_span);
                self.fault(&place, &path.child(entry.key.trim_end()), message).hint =
                    Some("write `NAME=value` without blanks around the `=`".to_owned());
            }
        }
        text_map(node, |value| value.map_or(Value::Null, Value::Str))
    }

    fn file_mode(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        let mode = match &node.value {
            Value::Int(mode) => Some(*mode),
            Value::Str(text) => i64::from_str_radix(text.trim_start_matches("0o"), 8).ok(),
            _ => None,
        };
        if mode.is_none() {
            self.fault(node, path, format!("`{path}` is no file mode")).hint =
                Some("write octal digits, such as `0440`".to_owned());
        }
        mode.map(|mode| node.with_value(Value::Str(format!("0{mode:o}"))))
    }

    fn hosts(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        let mut lines: Vec<(String, Node)> = Vec::new();
        for item in merge::host_items(node.clone()) {
            let text = item.as_str().unwrap_or_default().to_owned();
            let split = text.split_once('=').or_else(|| text.split_once(':'));
            let Some((host, address)) = split.filter(|(host, _)| !host.is_empty()) else {
                self.fault(&item, path, format!("`{text}` names no address")).hint =
                    Some("the form is `host=address`".to_owned());
                continue;
            };
            for address in address.split(',') {
                let address = address.strip_prefix('[').and_then(|a| a.strip_suffix(']')).unwrap_or(address);
                let line = format!("{host}={address}");
                lines.push((line.clone(), item.with_value(Value::Str(line))));
            }
        }
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        let items: Vec<Node> = lines.into_iter().map(|(_, node)| node).collect();
        (!items.is_empty()).then(|| node.with_value(Value::Seq(items)))
    }

    fn words(&mut self, node: &Node, path: &Path<'_>) -> Node {
        match &node.value {
            Value::Str(text) => match shellwords::split(text) {
                Ok(words) => {
                    let items = words.words.into_iter().map(|word| node.with_value(Value::Str(word.text))).collect();
                    node.with_value(Value::Seq(items))
                }
                Err(why) => {
                    self.fault(node, path, format!("`{path}` cannot be split into words: {why}")).hint =
                        Some("write the command as a list".to_owned());
                    node.with_value(Value::Null)
                }
            },
            Value::Seq(items) => {
                let words = items.iter().filter_map(|item| {
                    keyvalue::scalar_text(&item.value).map(|text| item.with_value(Value::Str(text)))
                });
                node.with_value(Value::Seq(words.collect()))
            }
            _ => node.with_value(Value::Null),
        }
    }

    fn health_test(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        match &node.value {
            Value::Str(text) => {
                let items = ["CMD-SHELL", text.as_str()].map(|word| node.with_value(Value::Str(word.to_owned())));
                Some(node.with_value(Value::Seq(items.into())))
            }
            Value::Seq(items) => {
                let first = items.first()?;
                if !matches!(first.as_str(), Some("NONE" | "CMD" | "CMD-SHELL")) {
                    self.fault(
                        first,
                        path,
                        "a health check list must start with `CMD`, `CMD-SHELL` or `NONE`".to_owned(),
                    )
                    .hint = Some("put `CMD` in front of the program".to_owned());
                }
                texts(node)
            }
            _ => None,
        }
    }
}

/// The value as a message names it.
fn found(node: &Node) -> String {
    match &node.value {
        Value::Str(text) if text.is_empty() => "an empty text".to_owned(),
        value => {
            keyvalue::scalar_text(value).map_or_else(|| format!("a {}", node.type_name()), |text| format!("`{text}`"))
        }
    }
}

/// The next step when a value that cannot be empty is: next to always a variable without a value.
fn from_variable(node: &Node) -> Option<String> {
    (node.as_str() == Some("")).then(|| "set the variable that it comes from, or give it a default".to_owned())
}

fn truth(node: &Node) -> Option<bool> {
    match &node.value {
        Value::Bool(flag) => Some(*flag),
        Value::Str(text) => match text.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Compose holds CPU shares with 32 bits, and prints the shortest decimal that reads back to it.
fn short(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "Compose holds these with 32 bits")]
    let narrow = number as f32;
    Value::Float(narrow.to_string().parse().unwrap_or(number))
}

fn texts(node: &Node) -> Option<Node> {
    let text = |item: &Node| keyvalue::scalar_text(&item.value).map(|text| item.with_value(Value::Str(text)));
    let items: Vec<Node> = match &node.value {
        Value::Seq(items) => items.iter().filter_map(text).collect(),
        Value::Map(_) => return None,
        _ => text(node).into_iter().collect(),
    };
    (!items.is_empty()).then(|| node.with_value(Value::Seq(items)))
}

fn text_map(node: &Node, value: impl Fn(Option<String>) -> Value) -> Option<Node> {
    let map = node.as_map()?;
    let entries: Map = map
        .iter()
        .map(|entry| Entry {
            node: entry.node.with_value(value(keyvalue::scalar_text(&entry.node.value))),
            ..entry.clone()
        })
        .collect();
    (!entries.is_empty()).then(|| node.with_value(Value::Map(entries)))
}

fn texts_map(node: &Node) -> Node {
    let entries = node
        .as_map()
        .into_iter()
        .flatten()
        .map(|entry| Entry {
            node: texts(&entry.node).unwrap_or_else(|| entry.node.with_value(Value::Null)),
            ..entry.clone()
        })
        .collect();
    node.with_value(Value::Map(entries))
}

/// `id` or `id=path`, as a list.
fn ssh_keys(node: &Node) -> Node {
    let line = |entry: &Entry| match keyvalue::scalar_text(&entry.node.value).filter(|path| !path.is_empty()) {
        Some(path) => format!("{}={path}", entry.key),
        None => entry.key.clone(),
    };
    let items = node.as_map().into_iter().flatten().map(|entry| entry.node.with_value(Value::Str(line(entry))));
    node.with_value(Value::Seq(items.collect()))
}

/// One number prints as itself, 0 as an empty section.
fn ulimit(node: &Node) -> Node {
    match &node.value {
        Value::Int(0) => node.with_value(Value::Map(Map::default())),
        Value::Map(map) => {
            let number = |entry: &Entry| match &entry.node.value {
                Value::Str(text) => {
                    text.parse().map_or_else(|_| entry.node.clone(), |n| entry.node.with_value(Value::Int(n)))
                }
                _ => entry.node.clone(),
            };
            let entries = map.iter().map(|entry| Entry { node: number(entry), ..entry.clone() });
            node.with_value(Value::Map(entries.filter(|e| e.node.value != Value::Int(0)).collect()))
        }
        _ => node.clone(),
    }
}
