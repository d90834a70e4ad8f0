// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Fields that may be a mapping or a list of `KEY=value`: environment, labels, build arguments, sysctls and their kind.

use super::gofmt;
use super::{Entry, Map, Node, Style, Value};

/// The mapping form of such a field.
///
/// A list item's value gets the span of the text after `=` where that is plain to see, else that of the item; its key
/// always gets the span of the whole item. Later items win over earlier ones of the same key.
///
/// # Errors
/// The node as it was, when it is neither a mapping nor a list of strings.
pub(super) fn to_mapping(node: Node) -> Result<Node, Node> {
    match node.value {
        Value::Map(_) => Ok(node),
        Value::Seq(ref items) if items.iter().all(|item| item.as_str().is_some()) => {
            let mut map = Map::default();
            for item in items {
                let text = item.as_str().unwrap_or_default();
                let (key, value) = match text.split_once('=') {
                    Some((key, value)) => (key, Some(value)),
                    None => (text, None),
                };
                let value_node = Node {
                    value: value.map_or(Value::Null, |v| Value::Str(v.to_owned())),
                    span: value_span(item, text, key),
                    used_at: item.used_at,
                    style: item.style,
                    tag: None,
                };
                map.put(Entry { key: key.to_owned(), key_span: item.span, node: value_node });
            }
            Ok(Node { value: Value::Map(map), style: Style::Derived, ..node })
        }
        _ => Err(node),
    }
}

/// Whether an entry made by [`to_mapping`] comes from a list item.
#[must_use]
pub(super) fn is_list_item(entry: &Entry) -> bool {
    entry.key_span.contains(entry.node.span)
}

fn value_span(item: &Node, text: &str, key: &str) -> crate::diag::Span {
    let quotes = match item.style {
        Style::Plain => 0,
        Style::SingleQuoted | Style::DoubleQuoted => 1,
        _ => return item.span,
    };
    // Only when the raw text is as long as the value is there no escape or variable in between.
    if item.span.len() != text.len() + 2 * quotes || text.len() == key.len() {
        return item.span;
    }
    item.span.slice(quotes + key.len() + 1, quotes + text.len())
}

/// The list form of a mapping that a merge has made; what was written keeps its form. Compose 2.40 merges such fields as
/// lists, which shows when its types are not applied.
pub(super) fn to_list_if_merged(node: Node) -> Node {
    let Value::Map(map) = &node.value else { return node };
    if node.style != Style::Derived {
        return node;
    }
    let item = |entry: &Entry| {
        let text = match scalar_text(&entry.node.value) {
            Some(value) => format!("{}={value}", entry.key),
            None => entry.key.clone(),
        };
        Node::string(text, entry.node.span)
    };
    let items = map.iter().map(item).collect();
    node.with_value(Value::Seq(items))
}

/// A scalar as Go's `%v` prints it, which is what Compose sends as an environment value or label.
#[must_use]
pub(super) fn scalar_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Float(f) => gofmt::float_to_string(*f),
        Value::Str(s) | Value::Timestamp(s) => s.clone(),
        Value::Null | Value::Seq(_) | Value::Map(_) => return None,
    })
}
