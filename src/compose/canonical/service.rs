// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The long form of a service.

use crate::compose::merge::{depends_mapping, names_mapping};
use crate::compose::{Map, Node, Value, keyvalue};
use crate::diag::Diagnostic;

use super::{Variables, change, fault, files, key_values, listed, mapping, mounts, ports};

pub(super) fn canonical(
    name: &str,
    node: &mut Node,
    variables: Variables,
    budget: &mut ports::Budget,
    faults: &mut Vec<Diagnostic>,
) {
    let Some(map) = node.as_map_mut() else { return };
    let path = format!("services.{name}");
    for key in ["annotations", "environment", "labels", "sysctls", "storage_opt"] {
        change(map, key, |n| key_values(n, variables));
    }
    match variables {
        Variables::Replaced => change(map, "tmpfs", listed),
        Variables::Kept => {
            for key in ["command", "entrypoint"] {
                change(map, key, null_if_empty);
            }
            if let Some(check) = map.get_mut("healthcheck").and_then(Node::as_map_mut) {
                change(check, "test", null_if_empty);
            }
        }
    }
    for key in ["dns", "dns_search", "dns_opt", "label_file"] {
        change(map, key, listed);
    }
    change(map, "build", |n| build(n, variables));
    change(map, "depends_on", depends_mapping);
    change(map, "networks", names_mapping);
    change(map, "models", names_mapping);
    change(map, "env_file", env_files);
    change(map, "gpus", gpus);
    change(map, "secrets", files::uses);
    change(map, "configs", files::uses);
    change(map, "volumes", |n| mounts::canonical(n, &path, variables, faults));
    change(map, "devices", |n| devices(n, &path, faults));
    change(map, "ports", |n| ports::canonical(n, &path, variables, budget, faults));
    change(map, "deploy", |n| deploy(n, variables));
    if variables == Variables::Replaced {
        change(map, "develop", develop);
    }
    if let Some(ulimits) = map.get_mut("ulimits").and_then(Node::as_map_mut) {
        for entry in ulimits {
            single_ulimit(&mut entry.node);
        }
    }
}

fn inner(node: Node, with: impl FnOnce(&mut Map)) -> Node {
    let mut node = node;
    if let Some(map) = node.as_map_mut() {
        with(map);
    }
    node
}

fn build(node: Node, variables: Variables) -> Node {
    let node = match node.value {
        Value::Str(_) => mapping(&node.clone(), vec![("context", node)]),
        _ => node,
    };
    inner(node, |map| {
        for key in ["args", "labels"] {
            change(map, key, |n| key_values(n, variables));
        }
        for key in ["additional_contexts", "ssh"] {
            change(map, key, |n| keyvalue::to_mapping(n).unwrap_or_else(|same| same));
        }
        change(map, "secrets", files::uses);
        if let Some(ulimits) = map.get_mut("ulimits").and_then(Node::as_map_mut) {
            for entry in ulimits {
                single_ulimit(&mut entry.node);
            }
        }
    })
}

fn deploy(node: Node, variables: Variables) -> Node {
    inner(node, |map| change(map, "labels", |n| key_values(n, variables)))
}

/// A list without items, where no types are applied.
fn null_if_empty(node: Node) -> Node {
    match &node.value {
        Value::Seq(items) if items.is_empty() => node.with_value(Value::Null),
        _ => node,
    }
}

fn develop(node: Node) -> Node {
    inner(node, |map| {
        let Some(Value::Seq(watches)) = map.get_mut("watch").map(|n| &mut n.value) else { return };
        for watch in watches {
            if let Some(entries) = watch.as_map_mut() {
                change(entries, "ignore", listed);
                change(entries, "include", listed);
            }
        }
    })
}

/// `env_file: x`, a list of names, or a list of mappings: the last.
fn env_files(node: Node) -> Node {
    let mut node = listed(node);
    if let Value::Seq(items) = &mut node.value {
        for item in items {
            if item.as_str().is_some() {
                let required = Node::derived(Value::Bool(true), item.span);
                *item = mapping(&item.clone(), vec![("path", item.clone()), ("required", required)]);
            } else if let Some(map) = item.as_map_mut()
                && let Some(span) = map.get("path").map(|n| n.span)
                && !map.contains_key("required")
            {
                map.insert("required", span, Node::derived(Value::Bool(true), span));
            }
        }
    }
    node
}

/// `gpus: all`: every GPU.
fn gpus(node: Node) -> Node {
    match node.as_str() {
        Some("all") => {
            let count = Node::derived(Value::Int(-1), node.span);
            let request = mapping(&node, vec![("count", count)]);
            Node { used_at: node.used_at, ..Node::derived(Value::Seq(vec![request]), node.span) }
        }
        _ => node,
    }
}

/// `source[:target[:permissions]]`.
fn devices(node: Node, path: &str, faults: &mut Vec<Diagnostic>) -> Node {
    let mut node = node;
    if let Value::Seq(items) = &mut node.value {
        for (at, item) in items.iter_mut().enumerate() {
            let Some(text) = item.as_str().map(str::to_owned) else { continue };
            let parts: Vec<&str> = text.split(':').collect();
            let (source, target, permissions) = match parts.as_slice() {
                [source] => (*source, *source, "rwm"),
                [source, target] => (*source, *target, "rwm"),
                [source, target, permissions] => (*source, *target, *permissions),
                _ => {
                    faults.push(
                        fault(item.span, format!("{path}.devices[{at}]"), "too many colons in a device mapping")
                            .hint("the form is `source[:target[:permissions]]`"),
                    );
                    continue;
                }
            };
            let part = |text: &str| Node::string(text, item.span);
            *item = mapping(
                &item.clone(),
                vec![("source", part(source)), ("target", part(target)), ("permissions", part(permissions))],
            );
        }
    }
    node
}

/// `nofile: 1024` stays a number in the output, so only its kind is made sure of.
fn single_ulimit(node: &mut Node) {
    if let Some(Ok(number)) = node.as_str().map(str::parse::<i64>) {
        node.value = Value::Int(number);
    }
}
