// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `config --mask`: the resolved tree without its secrets.

use crate::compose::{Node, Value};
use crate::diag::secret;
use crate::output::Redaction;

/// A copy of the tree with secret values masked: those under names of secrets, the inline `content` of secrets, and what
/// stands in strings beside such a name (`KEY=value`, `--key value`, a password in a URL).
#[must_use]
pub fn mask_tree(tree: &Node) -> Node {
    let mut masked = tree.clone();
    if let Some(contents) = masked.as_map_mut().and_then(|map| map.get_mut("secrets")).and_then(Node::as_map_mut) {
        for entry in contents {
            if let Some(content) = entry.node.as_map_mut().and_then(|map| map.get_mut("content")) {
                hide(content);
            }
        }
    }
    mask_values(&mut masked);
    masked
}

fn mask_values(node: &mut Node) {
    match &mut node.value {
        Value::Map(map) => {
            for entry in map {
                let scalar = scalar_text(&entry.node);
                match scalar {
                    Some(text) if secret::is_secret(&entry.key, &text) => hide(&mut entry.node),
                    _ => mask_values(&mut entry.node),
                }
            }
        }
        Value::Seq(items) => mask_items(items),
        Value::Str(text) => {
            let redaction = Redaction::new(text, &[]);
            if redaction.text() != text {
                redaction.text().clone_into(text);
            }
        }
        _ => {}
    }
}

/// Masks the items of a list; in `["--api-key", "value"]` the name stands in the item before.
fn mask_items(items: &mut [Node]) {
    let mut option: Option<String> = None;
    for item in items {
        let text = item.as_str().map(str::to_owned);
        match (&option, &text) {
            (Some(name), Some(value)) if !value.starts_with('-') && secret::is_secret(name, value) => hide(item),
            _ => mask_values(item),
        }
        option = text.filter(|text| text.starts_with('-') && !text.contains('='));
    }
}

fn scalar_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Str(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

fn hide(node: &mut Node) {
    if let Some(text) = scalar_text(node) {
        node.value = Value::Str(secret::mask(&text));
    }
}

#[cfg(test)]
mod tests {
    use super::super::config_json::tests::{map, node, text};
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let environment = map(vec![
            ("API_KEY", text("hunter2")),
            ("MAX_TOKENS", text("4096")),
            ("URL", text("redis://:hunter2@r/0")),
        ]);
        let command = node(Value::Seq(vec![text("--token"), text("hunter2"), text("--port"), text("1")]));
        let service = map(vec![("environment", environment), ("command", command)]);
        let secrets = map(vec![("s", map(vec![("content", text("hunter2"))]))]);
        let masked = mask_tree(&map(vec![("services", map(vec![("a", service)])), ("secrets", secrets)]));
        let shown = super::super::config_json::render(&masked);
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(
            shown.contains("4096") && shown.contains("--port") && shown.contains("redis://:*******@r/0"),
            "{shown}"
        );
    }

    #[test]
    fn names_of_resources_are_no_secrets() {
        let tree = map(vec![("secrets", map(vec![("db_password", map(vec![("file", text("/run/db_password"))]))]))]);
        assert_eq!(mask_tree(&tree), tree);
    }
}
