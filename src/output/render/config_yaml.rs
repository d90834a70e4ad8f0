// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The resolved project as YAML: two blanks of indentation, keys sorted. A string is written plain only when every YAML
//! reader, old or new, takes it for a string; else in double quotes.

use std::fmt::Write as _;

use super::config_json::{go_float, sorted};
use crate::compose::{Node, Value};

/// Words that some YAML reader takes for something else than a string.
const WORDS: &[&str] =
    &["true", "false", "yes", "no", "on", "off", "y", "n", "null", "none", "nan", "inf", ".nan", ".inf"];

/// The tree as YAML, with a line break at the end.
#[must_use]
pub fn render(tree: &Node) -> String {
    let mut text = String::new();
    match &tree.value {
        Value::Map(map) if !map.is_empty() => write_block(&mut text, tree, 0),
        Value::Seq(items) if !items.is_empty() => write_block(&mut text, tree, 0),
        _ => {
            write_scalar(&mut text, tree);
            text.push('\n');
        }
    }
    text
}

/// Writes a mapping or list that is not empty, each entry on lines of its own, the cursor at the start of a line.
fn write_block(text: &mut String, node: &Node, depth: usize) {
    match &node.value {
        Value::Map(map) => {
            for (key, value) in sorted(map) {
                indent(text, depth);
                write_string(text, key);
                text.push(':');
                write_value(text, value, depth);
            }
        }
        Value::Seq(items) => {
            for item in items {
                indent(text, depth);
                text.push('-');
                write_item(text, item, depth);
            }
        }
        _ => {}
    }
}

/// Writes what follows `key:`.
fn write_value(text: &mut String, node: &Node, depth: usize) {
    if has_entries(node) {
        text.push('\n');
        write_block(text, node, depth + 1);
    } else {
        text.push(' ');
        write_scalar(text, node);
        text.push('\n');
    }
}

/// Writes what follows `-`; the first entry of a mapping or list stands on the same line.
fn write_item(text: &mut String, node: &Node, depth: usize) {
    text.push(' ');
    if has_entries(node) {
        let mut block = String::new();
        write_block(&mut block, node, depth + 1);
        text.push_str(block.trim_start_matches(' '));
    } else {
        write_scalar(text, node);
        text.push('\n');
    }
}

fn has_entries(node: &Node) -> bool {
    match &node.value {
        Value::Map(map) => !map.is_empty(),
        Value::Seq(items) => !items.is_empty(),
        _ => false,
    }
}

fn indent(text: &mut String, depth: usize) {
    for _ in 0..depth {
        text.push_str("  ");
    }
}

fn write_scalar(text: &mut String, node: &Node) {
    match &node.value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Int(number) => {
            let _ = write!(text, "{number}");
        }
        Value::Float(number) if number.is_nan() => text.push_str(".nan"),
        Value::Float(number) if number.is_infinite() => text.push_str(if *number > 0.0 { ".inf" } else { "-.inf" }),
        Value::Float(number) => text.push_str(&go_float(*number)),
        Value::Str(value) => write_string(text, value),
        Value::Timestamp(value) => text.push_str(value),
        Value::Seq(_) => text.push_str("[]"),
        Value::Map(_) => text.push_str("{}"),
    }
}

fn write_string(text: &mut String, value: &str) {
    if is_plain(value) {
        text.push_str(value);
        return;
    }
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            letter if letter.is_control() => {
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            letter => text.push(letter),
        }
    }
    text.push('"');
}

/// Whether a string may stand without quotes. Narrow on purpose: it starts with a letter, `/` or `_`, holds no sign that
/// means something, and is no word or number in disguise.
fn is_plain(value: &str) -> bool {
    let starts = value.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '_');
    starts
        && !value.ends_with([' ', ':'])
        && !value.contains(": ")
        && !value.contains(" #")
        && value.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-: +=@$()".contains(c))
        && !WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use proptest::prelude::*;

    use super::super::config_json::tests::{map, node, text};
    use super::*;

    #[test]
    fn blocks_are_indented_and_keys_sorted() {
        let ports = node(Value::Seq(vec![map(vec![("target", node(Value::Int(80))), ("mode", text("ingress"))])]));
        let tree = map(vec![
            ("services", map(vec![("web", map(vec![("ports", ports), ("image", text("nginx:1.27"))]))])),
            ("name", text("demo")),
            ("x-empty", map(vec![])),
            ("x-nested", node(Value::Seq(vec![node(Value::Seq(vec![text("a"), text("yes")]))]))),
        ]);
        insta::assert_snapshot!(render(&tree), @r#"
        name: demo
        services:
          web:
            image: nginx:1.27
            ports:
              - mode: ingress
                target: 80
        x-empty: {}
        x-nested:
          - - a
            - "yes"
        "#);
    }

    #[test]
    fn strings_that_look_like_something_else_are_quoted() {
        for value in [
            "",
            "yes",
            "True",
            "null",
            "~",
            "1",
            "0123",
            "1_000",
            "1e3",
            ".5",
            "-",
            "a: b",
            "a #b",
            "2020-01-01",
            "12:30",
            " a",
            "a:",
            "*x",
            "&x",
            "!x",
            "%x",
            "@x",
            "`x",
            "{a}",
            "[a]",
            "a\nb",
            "#a",
            "|",
            ">",
            "'a'",
            "<<",
            "=",
            "N",
        ] {
            assert!(!is_plain(value), "{value}");
        }
        for value in ["nginx:1.27", "/run/x", "no-cache", "a b", "service_healthy", "$x"] {
            assert_eq!(is_plain(value), !value.starts_with('$'), "{value}");
        }
    }

    proptest! {
        #[test]
        fn every_string_comes_back_as_it_was(value in "(?s).{0,40}") {
            // A mapping has each key once.
            prop_assume!(value != "k");
            let tree = map(vec![("k", text(&value)), (value.as_str(), text("v"))]);
            let read: serde_yaml::Value = serde_yaml::from_str(&render(&tree)).unwrap();
            prop_assert_eq!(read["k"].as_str(), Some(value.as_str()));
            prop_assert_eq!(read[value.as_str()].as_str(), Some("v"));
        }
    }
}
