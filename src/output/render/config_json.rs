// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The resolved project as JSON, the way Go's `encoding/json` writes it: two blanks of indentation, keys sorted, numbers
//! in Go's spelling, and `<`, `>`, `&`, U+2028 and U+2029 escaped in strings.

use std::fmt::Write as _;

use crate::compose::{Map, Node, Value};

/// The tree as JSON, with a line break at the end.
#[must_use]
pub fn render(tree: &Node) -> String {
    let mut text = String::new();
    write_node(&mut text, tree, 0);
    text.push('\n');
    text
}

fn write_node(text: &mut String, node: &Node, depth: usize) {
    match &node.value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Int(number) => {
            let _ = write!(text, "{number}");
        }
        Value::Float(number) => text.push_str(&go_float(*number)),
        Value::Str(value) | Value::Timestamp(value) => write_string(text, value),
        Value::Seq(items) if items.is_empty() => text.push_str("[]"),
        Value::Map(map) if map.is_empty() => text.push_str("{}"),
        Value::Seq(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "\n" } else { ",\n" });
                indent(text, depth + 1);
                write_node(text, item, depth + 1);
            }
            text.push('\n');
            indent(text, depth);
            text.push(']');
        }
        Value::Map(map) => {
            text.push('{');
            for (at, (key, value)) in sorted(map).into_iter().enumerate() {
                text.push_str(if at == 0 { "\n" } else { ",\n" });
                indent(text, depth + 1);
                write_string(text, key);
                text.push_str(": ");
                write_node(text, value, depth + 1);
            }
            text.push('\n');
            indent(text, depth);
            text.push('}');
        }
    }
}

/// The entries of a mapping by key.
pub(super) fn sorted(map: &Map) -> Vec<(&str, &Node)> {
    let mut entries: Vec<(&str, &Node)> = map.iter().map(|entry| (entry.key.as_str(), &entry.node)).collect();
    entries.sort_by_key(|(key, _)| *key);
    entries
}

fn indent(text: &mut String, depth: usize) {
    for _ in 0..depth {
        text.push_str("  ");
    }
}

fn write_string(text: &mut String, value: &str) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            letter => text.push(letter),
        }
    }
    text.push('"');
}

/// A number as Go writes it: whole numbers without a point, exponents below 1e-6 and from 1e21 on. JSON has no infinity
/// and no NaN; Compose fails there, here they are null.
pub(super) fn go_float(number: f64) -> String {
    if !number.is_finite() {
        return "null".to_owned();
    }
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return format!("{number}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::compose::Entry;
    use crate::diag::{FileId, Span};

    fn span() -> Span {
        Span::new(FileId::from_index(0), 0, 0)
    }

    pub(in crate::output::render) fn node(value: Value) -> Node {
        Node::derived(value, span())
    }

    pub(in crate::output::render) fn text(value: &str) -> Node {
        node(Value::Str(value.to_owned()))
    }

    pub(in crate::output::render) fn map(entries: Vec<(&str, Node)>) -> Node {
        let entries = entries.into_iter().map(|(key, node)| Entry { key: key.to_owned(), key_span: span(), node });
        node(Value::Map(entries.collect()))
    }

    #[test]
    fn keys_are_sorted_and_strings_escaped_as_go_does() {
        let tree = map(vec![
            ("b", node(Value::Seq(vec![node(Value::Int(1)), node(Value::Null)]))),
            ("a", text("<a & b>\n\u{1}é")),
            ("c", map(vec![])),
            ("d", node(Value::Bool(true))),
        ]);
        assert_eq!(
            render(&tree),
            "{\n  \"a\": \"\\u003ca \\u0026 b\\u003e\\n\\u0001é\",\n  \"b\": [\n    1,\n    null\n  ],\n  \"c\": {},\n  \"d\": true\n}\n"
        );
    }

    #[test]
    fn numbers_look_as_in_go() {
        for (number, expected) in [
            (2.0, "2"),
            (0.5, "0.5"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (1e-7, "1e-7"),
            (-1.25e-9, "-1.25e-9"),
        ] {
            assert_eq!(go_float(number), expected);
        }
    }
}
