// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices

#![expect(clippy::panic, reason = "a failed set-up fails the test")]

use std::fmt::Write as _;

use crate::compose::yaml::{Documents, parse};
use crate::compose::{Node, Style, Value};
use crate::diag::FileId;

fn read(text: &str) -> Documents {
    parse(FileId::from_index(0), text)
}

fn root(text: &str) -> Node {
    let documents = read(text);
    assert_eq!(messages(&documents), Vec::<&str>::new());
    documents.roots.into_iter().next().unwrap_or_else(|| panic!("a document"))
}

fn messages(documents: &Documents) -> Vec<&str> {
    documents.faults.iter().map(|fault| fault.message.as_str()).collect()
}

/// The faults as `text of the place: message`.
fn faults(text: &str) -> Vec<String> {
    read(text).faults.iter().map(|f| format!("{}: {}", &text[f.primary.span.range()], f.message)).collect()
}

fn shown<'t>(text: &'t str, node: &Node) -> &'t str {
    &text[node.span.range()]
}

#[test]
fn spans_are_exact_for_every_style() {
    let text = "é: 'x y'\nb: \"q\\n\"   # c\nc: plain text  # d\nd:\n  - 1\n  - two\ne: {f: [g, h]}\n";
    let root = root(text);
    let at = |key: &str| root.get(key).map(|node| shown(text, node));
    assert_eq!(at("é"), Some("'x y'"));
    assert_eq!(at("b"), Some("\"q\\n\""));
    assert_eq!(at("c"), Some("plain text"));
    assert_eq!(at("d"), Some("- 1\n  - two"));
    assert_eq!(at("e"), Some("{f: [g, h]}"));
    let entry = root.as_map().and_then(|map| map.entry("é")).map(|entry| &text[entry.key_span.range()]);
    assert_eq!(entry, Some("é"));
}

#[test]
fn block_scalars_span_from_header_to_text() {
    let text = "a: |-  # why | or >\n  one\n\n  two\n\nb: >2\n    x\n";
    let root = root(text);
    assert_eq!(root.get("a").map(|n| shown(text, n)), Some("|-  # why | or >\n  one\n\n  two"));
    assert_eq!(root.get("a").and_then(Node::as_str), Some("one\n\ntwo"));
    assert_eq!(root.get("b").map(|n| shown(text, n)), Some(">2\n    x"));
}

#[test]
fn crlf_and_a_byte_order_mark_shift_nothing() {
    let text = "\u{feff}a: b\r\nc:\r\n  d: e\r\n";
    let root = root(text);
    assert_eq!(root.get("a").map(|n| shown(text, n)), Some("b"));
    assert_eq!(root.at(&["c", "d"]).map(|n| shown(text, n)), Some("e"));
}

#[test]
fn an_empty_value_stands_at_its_key() {
    let text = "a:\nb: ~\n";
    let root = root(text);
    assert_eq!(root.get("a").map(|n| (shown(text, n), n.is_null())), Some(("a", true)));
    assert_eq!(root.get("b").map(|n| (shown(text, n), n.is_null())), Some(("~", true)));
}

#[test]
fn aliases_keep_definition_and_use() {
    let text = "x: &a {k: v}\ny: *a\nz:\n  <<: *a\n  own: 1\n";
    let root = root(text);
    let y = root.get("y").map(|n| (shown(text, n), n.used_at.map(|s| &text[s.range()])));
    assert_eq!(y, Some(("{k: v}", Some("*a"))));
    let merged = root.at(&["z", "k"]).map(|n| (shown(text, n), n.used_at.map(|s| &text[s.range()])));
    assert_eq!(merged, Some(("v", Some("*a"))));
}

#[test]
fn own_keys_beat_merged_ones_and_the_first_of_a_list_wins() {
    let root = root("a: &a {k: 1, l: 1}\nb: &b {k: 2, m: 2}\nc:\n  l: 9\n  <<: [*a, *b]\n");
    let number = |key: &str| root.at(&["c", key]).map(|n| n.value.clone());
    assert_eq!(number("k"), Some(Value::Int(1)));
    assert_eq!(number("l"), Some(Value::Int(9)));
    assert_eq!(number("m"), Some(Value::Int(2)));
}

#[test]
fn a_quoted_merge_key_is_a_plain_key() {
    assert_eq!(root("a: {'<<': 1}").at(&["a", "<<"]).map(|n| n.value.clone()), Some(Value::Int(1)));
}

#[test]
fn duplicate_keys_name_both_places() {
    let text = "a: 1\nb: 2\na: 3\n";
    let documents = read(text);
    let fault = &documents.faults[0];
    assert_eq!(fault.primary.span.range(), 10..11);
    assert_eq!(fault.related[0].span.range(), 0..1);
    assert_eq!(faults("a:\n  <<: {b: 1}\n  <<: {c: 1}\n"), ["<<: a second `<<` in one mapping"]);
}

#[test]
fn many_keys_are_checked_too() {
    let mut lines: Vec<String> = (0..40).map(|n| format!("k{n}: {n}\n")).collect();
    lines.push("k3: again\n".to_owned());
    let text = lines.concat();
    assert_eq!(faults(&text), ["k3: the key `k3` is written twice"]);
}

#[test]
fn keys_must_be_strings() {
    assert_eq!(faults("1: a\n"), ["1: keys must be strings, this is a number"]);
    assert_eq!(faults("true: a\n"), ["true: keys must be strings, this is a boolean"]);
    assert_eq!(faults("[a]: b\n"), ["[a]: a list or mapping cannot be a key"]);
    assert!(faults("yes: a\n'1': b\n").is_empty());
}

#[test]
fn an_anchor_that_holds_itself_is_a_fault() {
    assert_eq!(faults("a: &a\n  b: *a\n"), ["*a: the anchor's value contains itself"]);
}

#[test]
fn alias_bombs_end_soon() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let before = n - 1;
        let _ = writeln!(text, "a{n}: &a{n} [{}]", vec![format!("*a{before}"); 10].join(", "));
    }
    assert!(faults(&text).iter().any(|fault| fault.ends_with("aliases expand to too much")), "{:?}", faults(&text));
}

#[test]
fn syntax_errors_show_a_word() {
    assert_eq!(read("a: [1, 2\n").faults.len(), 1);
    assert_eq!(read("a: 'open\n").faults.len(), 1);
    assert_eq!(faults("\ta: 1\n"), ["\t: a tab cannot indent a line"]);
}

#[test]
fn deep_nesting_is_refused_without_a_crash() {
    assert_eq!(read(&"[".repeat(100_000)).faults.len(), 1);
    assert_eq!(read(&"- ".repeat(100_000)).faults.len(), 1);
}

#[test]
fn tabs_that_indent_are_refused_where_go_refuses_them() {
    assert_eq!(faults("a: 1\n\t\nb: 2\n"), ["\t: a tab cannot indent a line"]);
    assert_eq!(faults("a: 'q'\n  \t# c\nb: 2\n"), ["\t: a tab cannot indent a line"]);
    for fine in ["a:\t1\t# c\n", "a: [1,\n\t2]\n", "a: |\n  x\n  \ty\nb: 1\n"] {
        assert!(faults(fine).is_empty(), "{fine:?}: {:?}", faults(fine));
    }
}

#[test]
fn other_line_breaks_are_told_outside_quotes() {
    assert_eq!(faults("a: 1 # x\u{85}y\n").len(), 1);
    assert_eq!(faults("a: x\u{2028}y\n").len(), 1);
    assert!(faults("a: \"x\u{2028}y\"\n").is_empty());
}

#[test]
fn escapes_that_go_does_not_know_are_told() {
    assert_eq!(faults(r#"a: "x\/y""#), [r"\/: the escape `\/` is unknown to Compose's YAML parser"]);
    assert_eq!(faults(r#"a: "\uD83D\uDE00""#).len(), 2);
    assert!(faults(r#"a: "\\/ \u00e9""#).is_empty());
}

#[test]
fn tags_type_scalars_and_unknown_ones_are_dropped() {
    let root = root("a: !!str 1\nb: !!int '2'\nc: !foo bar\nd: ! 3\n");
    let value = |key: &str| root.get(key).map(|n| n.value.clone());
    assert_eq!(value("a"), Some(Value::Str("1".into())));
    assert_eq!(value("b"), Some(Value::Int(2)));
    assert_eq!(value("c"), Some(Value::Str("bar".into())));
    assert_eq!(root.get("b").map(|n| n.style), Some(Style::SingleQuoted));
}

#[test]
fn documents_come_in_order_and_comments_with_their_places() {
    let documents = read("# top\na: 1\n---\nb: 2 # end\n");
    assert_eq!(documents.roots.len(), 2);
    let comments: Vec<&str> = documents.comments.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(comments, [" top", " end"]);
}
