// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Lists whose items are keyed: a later item replaces an earlier one of the same key.
//!
//! Source: Compose 2.40, which applies this after every merge, once before and once after short forms are expanded.

use std::collections::HashMap;

use super::volume_text;
use super::{Node, Value};

/// Drops the replaced items in every keyed list of `root`.
pub(super) fn enforce(root: &mut Node) {
    let Some(sections) = root.as_map_mut() else { return };
    for network in sections.get_mut("networks").and_then(Node::as_map_mut).into_iter().flatten() {
        keyed(&mut network.node, &["labels"]);
    }
    let Some(services) = sections.get_mut("services").and_then(Node::as_map_mut) else { return };
    for service in services {
        let Some(map) = service.node.as_map_mut() else { continue };
        for field in map {
            let key_of: fn(&Node) -> Option<String> = match field.key.as_str() {
                "cap_add" | "cap_drop" | "dns" | "dns_opt" | "dns_search" | "links" | "profiles" | "tmpfs"
                // Mappings by now, unless variables are left in place.
                | "annotations" | "environment" | "labels" | "sysctls" => before_equals,
                "devices" => device_target,
                "volumes" => mount_target,
                "configs" => |node| file_target(node, ""),
                "secrets" => |node| file_target(node, "/run/secrets"),
                "expose" => scalar,
                "ports" => port,
                "env_file" => env_file,
                "build" => {
                    keyed(&mut field.node, &["additional_contexts", "args", "labels", "tags"]);
                    continue;
                }
                "deploy" => {
                    keyed(&mut field.node, &["labels"]);
                    continue;
                }
                "networks" => {
                    networks(&mut field.node);
                    continue;
                }
                _ => continue,
            };
            unique(&mut field.node, key_of);
        }
    }
}

fn networks(node: &mut Node) {
    let Some(map) = node.as_map_mut() else { return };
    for network in map {
        keyed(&mut network.node, &["aliases", "link_local_ips"]);
    }
}

/// The lists of a section whose items are keyed by what stands before `=`.
fn keyed(section: &mut Node, lists: &[&str]) {
    let Some(map) = section.as_map_mut() else { return };
    for list in lists {
        if let Some(node) = map.get_mut(list) {
            unique(node, before_equals);
        }
    }
}

/// Items without a key (of a wrong type) stay; the schema step names them.
fn unique(list: &mut Node, key_of: fn(&Node) -> Option<String>) {
    let Value::Seq(items) = &mut list.value else { return };
    if items.len() < 2 {
        return;
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<Node> = Vec::with_capacity(items.len());
    for item in std::mem::take(items) {
        match key_of(&item) {
            Some(key) => {
                if let Some(at) = places.get(&key) {
                    kept[*at] = item;
                } else {
                    places.insert(key, kept.len());
                    kept.push(item);
                }
            }
            None => kept.push(item),
        }
    }
    *items = kept;
}

fn before_equals(node: &Node) -> Option<String> {
    node.as_str().map(|text| text.split('=').next().unwrap_or_default().to_owned())
}

fn scalar(node: &Node) -> Option<String> {
    super::keyvalue::scalar_text(&node.value)
}

fn device_target(node: &Node) -> Option<String> {
    if let Some(text) = node.as_str() {
        let mut parts = text.split(':');
        let source = parts.next()?;
        return Some(parts.next().unwrap_or(source).to_owned());
    }
    node.get("target").and_then(Node::as_str).map(str::to_owned)
}

fn mount_target(node: &Node) -> Option<String> {
    match node.as_str() {
        Some(text) => volume_text::parse(text).ok().map(|mount| mount.target),
        None => node.get("target").and_then(Node::as_str).map(str::to_owned),
    }
}

fn file_target(node: &Node, folder: &str) -> Option<String> {
    if let Some(source) = node.as_str() {
        return Some(format!("{folder}/{source}"));
    }
    match node.get("target").and_then(Node::as_str) {
        Some(target) => Some(target.to_owned()),
        None => Some(format!("{folder}/{}", node.get("source").and_then(Node::as_str)?)),
    }
}

fn env_file(node: &Node) -> Option<String> {
    node.as_str().or_else(|| node.get("path").and_then(Node::as_str)).map(str::to_owned)
}

fn port(node: &Node) -> Option<String> {
    if node.as_map().is_none() {
        return scalar(node);
    }
    let text = |key: &str| node.get(key).and_then(scalar);
    let host = text("host_ip").unwrap_or_else(|| "0.0.0.0".to_owned());
    let protocol = text("protocol").unwrap_or_else(|| "tcp".to_owned());
    Some(format!("{host}:{}:{}/{protocol}", text("published").unwrap_or_default(), text("target")?))
}
