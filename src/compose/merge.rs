// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One compose file over another: the merge rules of each key.
//!
//! Source: Compose Specification, "Merge and override", and Compose 2.40 where it differs (a null changes nothing;
//! `security_opt`, `external_links` and `group_add` append without dropping duplicates).

use std::collections::HashSet;

use super::keyvalue;
use super::path::Path;
use super::yaml::RULE;
use super::{Entry, Map, MergeTag, Node, Style, Value};
use crate::diag::{Diagnostic, Level};

/// Lays `over` over `base`. Faults (a list over a mapping, say) are appended and leave `over`.
///
/// `!reset` and `!override` marks stay in the result, because an extended service is laid over the files before it with
/// the same marks; [`drop_tags`] takes them away when a layer is done.
pub(super) fn merge(base: Node, over: Node, path: &Path<'_>, faults: &mut Vec<Diagnostic>) -> Node {
    if over.tag == Some(MergeTag::Override) {
        return over;
    }
    let special = special(path);
    if matches!(special, Some(Special::Replace)) {
        return over;
    }
    if over.is_null() {
        // Even this counts as merging.
        let style = if matches!(special, Some(Special::KeyValue)) { Style::Derived } else { base.style };
        return Node { style, ..base };
    }
    if base.is_null() {
        return over;
    }
    if matches!(special, Some(Special::KeyValue | Special::Append | Special::Build)) && is_lost(&over) {
        return base;
    }
    match special {
        Some(Special::Replace) => over,
        Some(Special::KeyValue) => key_value(base, over, path, faults),
        Some(Special::Append) => append(as_list(base), as_list(over)),
        Some(Special::ExtraHosts) => extra_hosts(base, over),
        Some(Special::Build) => plain(build_mapping(base), build_mapping(over), path, faults),
        Some(Special::DependsOn) => plain(depends_mapping(base), depends_mapping(over), path, faults),
        Some(Special::Names) => plain(names_mapping(base), names_mapping(over), path, faults),
        Some(Special::Logging) => logging(base, over, path, faults),
        Some(Special::IpamConfig) => ipam_config(base, over, path, faults),
        None => plain(base, over, path, faults),
    }
}

enum Special {
    Replace,
    KeyValue,
    Append,
    ExtraHosts,
    Build,
    DependsOn,
    Names,
    Logging,
    IpamConfig,
}

fn special(path: &Path<'_>) -> Option<Special> {
    let keys = path.keys();
    Some(match keys.as_slice() {
        ["networks" | "volumes", _, "labels"] => Special::KeyValue,
        ["networks", _, "ipam", "config"] => Special::IpamConfig,
        ["services", _, rest @ ..] => match rest {
            ["annotations" | "environment" | "labels" | "sysctls"]
            | ["build", "args" | "additional_contexts" | "labels"]
            | ["deploy", "labels"]
            | ["volumes", _, "volume", "labels"] => Special::KeyValue,
            ["build", "extra_hosts"] | ["extra_hosts"] => Special::ExtraHosts,
            ["build"] => Special::Build,
            ["command" | "entrypoint"] | ["healthcheck", "test"] | ["ulimits", _] => Special::Replace,
            ["depends_on"] => Special::DependsOn,
            ["dns" | "dns_opt" | "dns_search" | "env_file" | "label_file" | "tmpfs"] => Special::Append,
            ["logging"] => Special::Logging,
            ["models" | "networks"] => Special::Names,
            _ => return None,
        },
        _ => return None,
    })
}

fn plain(base: Node, over: Node, path: &Path<'_>, faults: &mut Vec<Diagnostic>) -> Node {
    match (&base.value, &over.value) {
        (Value::Map(_), Value::Map(_)) => mappings(base, over, path, faults),
        (Value::Seq(_), Value::Seq(_)) => append(base, over),
        (Value::Map(_) | Value::Seq(_), _) => {
            let (below, above) = (base.type_name(), over.type_name());
            faults.push(
                Diagnostic::new(
                    RULE,
                    Level::Error,
                    over.span,
                    path.to_string(),
                    format!("a {above} cannot override the {below} `{path}`"),
                )
                .related(base.span, format!("the {below} is defined here"))
                .hint("use the same form in both places, or `!override`"),
            );
            over
        }
        _ => over,
    }
}

fn mappings(base: Node, over: Node, path: &Path<'_>, faults: &mut Vec<Diagnostic>) -> Node {
    let (Value::Map(mut merged), Value::Map(entries)) = (base.value, over.value) else {
        return Node::derived(Value::Null, over.span);
    };
    for entry in entries {
        match merged.entry_mut(&entry.key) {
            Some(slot) => {
                let old = std::mem::replace(&mut slot.node, Node::derived(Value::Null, entry.key_span));
                let child = path.child(&entry.key);
                let replaced = entry.node.tag == Some(MergeTag::Override)
                    || old.is_null()
                    || matches!(special(&child), Some(Special::Replace));
                let from_over = !entry.node.is_null();
                slot.node = if entry.node.tag == Some(MergeTag::Reset) {
                    entry.node
                } else {
                    merge(old, entry.node, &child, faults)
                };
                if from_over && (replaced || !matches!(slot.node.value, Value::Map(_) | Value::Seq(_))) {
                    slot.key_span = entry.key_span;
                }
            }
            None => merged.push(entry),
        }
    }
    Node { value: Value::Map(merged), span: base.span, used_at: base.used_at, style: base.style, tag: base.tag }
}

/// Drops `!reset` values below a node.
pub(super) fn drop_resets(node: &mut Node) {
    match &mut node.value {
        Value::Map(map) => {
            map.retain(|entry| entry.node.tag != Some(MergeTag::Reset));
            map.iter_mut().for_each(|entry| drop_resets(&mut entry.node));
        }
        Value::Seq(items) => {
            items.retain(|item| item.tag != Some(MergeTag::Reset));
            items.iter_mut().for_each(drop_resets);
        }
        _ => {}
    }
}

/// Drops `!reset` values and the `!override` marks below a node, and its own mark.
pub(super) fn drop_tags(node: &mut Node) {
    drop_resets(node);
    unmark(node);
}

fn unmark(node: &mut Node) {
    node.tag = None;
    match &mut node.value {
        Value::Map(map) => map.iter_mut().for_each(|entry| unmark(&mut entry.node)),
        Value::Seq(items) => items.iter_mut().for_each(unmark),
        _ => {}
    }
}

fn append(base: Node, over: Node) -> Node {
    match (base.value, over.value) {
        (Value::Seq(mut items), Value::Seq(more)) => {
            items.extend(more);
            Node { value: Value::Seq(items), span: base.span, used_at: base.used_at, style: base.style, tag: None }
        }
        (_, value) => Node { value, span: over.span, used_at: over.used_at, style: over.style, tag: None },
    }
}

fn key_value(base: Node, over: Node, path: &Path<'_>, faults: &mut Vec<Diagnostic>) -> Node {
    // Compose 2.40 takes a single string for a list of one here, though not in a file alone.
    let listed = |node: Node| if node.as_str().is_some() { as_list(node) } else { node };
    match (keyvalue::to_mapping(listed(base)), keyvalue::to_mapping(listed(over))) {
        (Ok(base), Ok(over)) => {
            let (Value::Map(mut merged), Value::Map(entries)) = (base.value, over.value) else {
                return Node::derived(Value::Null, over.span);
            };
            entries.into_iter().for_each(|entry| merged.put(entry));
            let style = Style::Derived;
            Node { value: Value::Map(merged), span: base.span, used_at: base.used_at, style, tag: None }
        }
        // Left to the schema step, which names the wrong form.
        (Ok(base) | Err(base), Ok(over) | Err(over)) => {
            let _ = (path, &base, faults);
            over
        }
    }
}

/// Where Compose 2.40 turns both sides into lists or mappings before it merges them, a number, a boolean or a date comes
/// to nothing.
fn is_lost(node: &Node) -> bool {
    matches!(node.value, Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Timestamp(_))
}

/// A single string counts as a list of one, a mapping as its `KEY=value` lines.
fn as_list(node: Node) -> Node {
    match &node.value {
        Value::Seq(_) => node,
        Value::Map(map) => {
            let line = |entry: &Entry| match keyvalue::scalar_text(&entry.node.value) {
                Some(text) => format!("{}={text}", entry.key),
                None => entry.key.clone(),
            };
            let items = map.iter().map(|entry| Node::string(line(entry), entry.key_span)).collect();
            node.with_value(Value::Seq(items))
        }
        _ => {
            let wrapper = Node::derived(Value::Null, node.span);
            wrapper.with_value(Value::Seq(vec![node]))
        }
    }
}

/// `host=address` items of either form; addresses that are already there are not added again, others of the same host are.
fn extra_hosts(base: Node, over: Node) -> Node {
    let readable = |node: &Node| matches!(node.value, Value::Seq(_) | Value::Map(_));
    if !readable(&base) || !readable(&over) {
        // Left to the schema step, which names the wrong form.
        return over;
    }
    let span = base.span;
    let mut items = host_items(base);
    let known: HashSet<String> = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    items.extend(host_items(over).into_iter().filter(|item| item.as_str().is_none_or(|text| !known.contains(text))));
    Node::derived(Value::Seq(items), span)
}

/// The list form of `extra_hosts`.
#[must_use]
pub(super) fn host_items(node: Node) -> Vec<Node> {
    match node.value {
        Value::Seq(items) => items,
        Value::Map(map) => {
            let mut items = Vec::new();
            for entry in map {
                match entry.node.value {
                    Value::Seq(addresses) => {
                        for address in addresses {
                            items.push(host_item(&entry.key, &address));
                        }
                    }
                    _ => items.push(host_item(&entry.key, &entry.node)),
                }
            }
            items
        }
        _ => vec![node],
    }
}

fn host_item(host: &str, address: &Node) -> Node {
    match keyvalue::scalar_text(&address.value) {
        Some(text) => address.with_value(Value::Str(format!("{host}={text}"))),
        None => address.with_value(Value::Str(host.to_owned())),
    }
}

fn build_mapping(node: Node) -> Node {
    match node.value {
        Value::Str(_) => {
            let span = node.span;
            Node::derived(
                Value::Map([Entry { key: "context".into(), key_span: span, node }].into_iter().collect()),
                span,
            )
        }
        _ => node,
    }
}

/// The mapping form of `depends_on`.
#[must_use]
pub(super) fn depends_mapping(node: Node) -> Node {
    list_to_mapping(node, |item| {
        let condition = Node::string("service_started", item.span);
        let required = Node::derived(Value::Bool(true), item.span);
        let entries = [("condition", condition), ("required", required)];
        let map = entries.into_iter().map(|(key, node)| Entry { key: key.into(), key_span: item.span, node }).collect();
        Node::derived(Value::Map(map), item.span)
    })
}

/// The mapping form of a list of names (`networks`, `models`).
#[must_use]
pub(super) fn names_mapping(node: Node) -> Node {
    list_to_mapping(node, |item| Node::derived(Value::Null, item.span))
}

fn list_to_mapping(node: Node, value_for: impl Fn(&Node) -> Node) -> Node {
    match &node.value {
        Value::Seq(items) if items.iter().all(|item| item.as_str().is_some()) => {
            let mut map = Map::default();
            for item in items {
                map.insert(
                    item.as_str().unwrap_or_default(),
                    item.span,
                    Node { used_at: item.used_at, ..value_for(item) },
                );
            }
            Node { value: Value::Map(map), ..node }
        }
        _ => node,
    }
}

/// Options of two files merge only under the same driver, or when one names none.
fn logging(base: Node, over: Node, path: &Path<'_>, faults: &mut Vec<Diagnostic>) -> Node {
    let (Some(below), Some(above)) = (base.as_map(), over.as_map()) else { return plain(base, over, path, faults) };
    let same = match (below.get("driver"), above.get("driver")) {
        (Some(a), Some(b)) => a.value == b.value,
        _ => true,
    };
    if same { mappings(base, over, path, faults) } else { over }
}

/// Address pools merge by subnet.
fn ipam_config(base: Node, over: Node, path: &Path<'_>, faults: &mut Vec<Diagnostic>) -> Node {
    let (Value::Seq(below), Value::Seq(above)) = (base.value.clone(), over.value.clone()) else {
        return plain(base, over, path, faults);
    };
    let subnet = |node: &Node| node.get("subnet").and_then(Node::as_str).map(str::to_owned);
    let mut merged: Vec<Node> = Vec::new();
    for original in &below {
        for replacement in &above {
            let fresh = !merged.iter().any(|node| subnet(node) == subnet(replacement));
            if subnet(original) != subnet(replacement) && fresh {
                merged.push(replacement.clone());
                continue;
            }
            let both = mappings(original.clone(), replacement.clone(), path, faults);
            match merged.iter_mut().find(|node| subnet(node) == subnet(&both)) {
                Some(slot) => *slot = both,
                None => merged.push(both),
            }
        }
    }
    base.with_value(Value::Seq(merged))
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
