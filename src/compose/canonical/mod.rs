// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Short forms to long forms: after this step every field has one shape, and still every value its place.
//!
//! Tolerant: a value of a wrong type stays as it is (the schema step has named it); a text that cannot be read (a port,
//! a mount) is a fault here.

mod files;
mod mounts;
mod ports;
mod service;

use super::keyvalue;
use super::{Entry, Map, Node, Value};
use crate::diag::{Diagnostic, Level, Span};

/// Brings the whole tree into long form. With variables left in place (`--no-interpolate`), texts that cannot be read
/// stay as they are, and so do the forms that Compose 2.40 changes only when it fills its types, which it then does not:
/// `KEY=value` lists and single values that stand for a list.
pub(super) fn canonical(root: &mut Node, variables: Variables, faults: &mut Vec<Diagnostic>) {
    let Some(map) = root.as_map_mut() else { return };
    let mut budget = ports::Budget::default();
    for section in map {
        match section.key.as_str() {
            "services" => {
                for entry in section.node.as_map_mut().into_iter().flatten() {
                    service::canonical(&entry.key, &mut entry.node, variables, &mut budget, faults);
                }
            }
            "networks" | "volumes" | "secrets" | "configs" => {
                for entry in section.node.as_map_mut().into_iter().flatten() {
                    let path = format!("{}.{}", section.key, entry.key);
                    resource(&mut entry.node, &path, variables, faults);
                }
            }
            _ => {}
        }
    }
}

/// Whether variables have been replaced yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variables {
    /// Replaced: what cannot be read is a fault.
    Replaced,
    /// Still there.
    Kept,
}

fn fault(span: Span, subject: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new("schema-invalid", Level::Error, span, subject, message)
}

/// A top-level resource: the old `external: {name: x}`, labels as a mapping.
fn resource(node: &mut Node, path: &str, variables: Variables, faults: &mut Vec<Diagnostic>) {
    let Some(map) = node.as_map_mut() else { return };
    change(map, "labels", |labels| key_values(labels, variables));
    let Some(external) = map.get("external") else { return };
    let Value::Map(inner) = &external.value else { return };
    let (span, name) = (external.span, inner.entry("name").cloned());
    map.insert("external", span, Node::derived(Value::Bool(true), span));
    match (name, map.entry("name")) {
        (Some(name), Some(own)) => faults.push(
            fault(name.key_span, format!("{path}.external.name"), "`name` and `external.name` exclude each other")
                .related(own.key_span, "the other one")
                .hint("keep `name`, and write `external: true`"),
        ),
        (Some(name), None) => map.push(name),
        (None, _) => {}
    }
}

/// A field of `KEY=value` pairs: a mapping, once types are applied.
fn key_values(node: Node, variables: Variables) -> Node {
    match variables {
        Variables::Replaced => keyvalue::to_mapping(node).unwrap_or_else(|same| same),
        Variables::Kept => keyvalue::to_list_if_merged(node),
    }
}

/// Replaces the value of `key`, when it is there.
fn change(map: &mut Map, key: &str, with: impl FnOnce(Node) -> Node) {
    if let Some(slot) = map.get_mut(key) {
        let old = std::mem::replace(slot, Node::derived(Value::Null, slot.span));
        *slot = with(old);
    }
}

/// A single scalar counts as a list of one.
fn listed(node: Node) -> Node {
    match node.value {
        Value::Seq(_) | Value::Map(_) | Value::Null => node,
        _ => Node { used_at: node.used_at, ..Node::derived(Value::Seq(vec![node.clone()]), node.span) },
    }
}

/// A mapping of derived entries that all stand at `place`.
fn mapping(place: &Node, entries: Vec<(&str, Node)>) -> Node {
    let map =
        entries.into_iter().map(|(key, node)| Entry { key: key.to_owned(), key_span: place.span, node }).collect();
    Node { used_at: place.used_at, ..Node::derived(Value::Map(map), place.span) }
}
