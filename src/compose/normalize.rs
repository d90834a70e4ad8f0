// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The model as `config` prints it: implied values added, unused resources dropped, names given.
//!
//! Source: Compose 2.40.

use std::collections::HashSet;

use super::implied::{self, Restart};
use super::{Entry, Map, Node, Value};
use crate::diag::Span;

/// Which top-level resources stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resources {
    /// Those that a service uses.
    Used,
    /// All.
    All,
}

/// Adds what Compose adds to the services that are left.
pub(crate) fn normalize(root: &mut Node, project: &str, resources: Resources) {
    let span = root.span;
    let mut uses_default = false;
    let Some(map) = root.as_map_mut() else { return };
    if let Some(services) = map.get_mut("services").and_then(Node::as_map_mut) {
        for entry in services {
            uses_default |= service(&mut entry.node);
        }
    }
    if uses_default {
        ensure(map, "networks", span);
        if let Some(networks) = map.get_mut("networks").and_then(Node::as_map_mut)
            && !networks.contains_key("default")
        {
            networks.insert("default", span, Node::derived(Value::Null, span));
        }
    }
    for section in ["networks", "volumes", "secrets", "configs"] {
        if resources == Resources::Used {
            drop_unused(map, section);
        }
        if let Some(entries) = map.get_mut(section).and_then(Node::as_map_mut) {
            for entry in entries {
                named(entry, project);
            }
        }
    }
    if resources == Resources::Used {
        drop_unused(map, "models");
    }
    map.insert("name", span, Node::string(project, span));
}

fn ensure(map: &mut Map, key: &str, span: Span) {
    if map.get(key).is_none_or(Node::is_null) {
        map.insert(key, span, Node::derived(Value::Map(Map::default()), span));
    }
}

/// Returns whether the service joins the default network.
fn service(node: &mut Node) -> bool {
    let span = node.span;
    let dependencies: Vec<(String, Span, Restart)> = implied::dependencies(node)
        .into_iter()
        .filter(|waiting| waiting.node.is_none())
        .map(|waiting| (waiting.service.to_owned(), waiting.span, waiting.restart))
        .collect();
    let Some(map) = node.as_map_mut() else { return false };
    if map.get("pull_policy").and_then(Node::as_str) == Some("if_not_present") {
        map.insert("pull_policy", span, Node::string("missing", span));
    }
    if let Some(build) = map.get_mut("build").and_then(Node::as_map_mut) {
        let given = |key: &str| build.get(key).is_some_and(|node| !node.is_null());
        if !given("dockerfile") && !given("dockerfile_inline") {
            build.insert("dockerfile", span, Node::string("Dockerfile", span));
        }
        // Build arguments that nothing sets are not sent.
        match build.get_mut("args").map(|node| &mut node.value) {
            Some(Value::Map(args)) => args.retain(|entry| !entry.node.is_null()),
            Some(Value::Seq(args)) => args.retain(|arg| arg.as_str().is_none_or(|arg| arg.contains('='))),
            _ => {}
        }
        if let Some(Value::Seq(args)) = build.get_mut("args").map(|node| &mut node.value) {
            args.retain(|item| item.as_str().is_none_or(|text| text.contains('=')));
        }
    }
    if !dependencies.is_empty() {
        ensure(map, "depends_on", span);
        for (service, at, restart) in dependencies {
            let entries = [
                ("condition", Node::string("service_started", at)),
                ("required", Node::derived(Value::Bool(true), at)),
                ("restart", Node::derived(Value::Bool(restart == Restart::Follows), at)),
            ];
            let value =
                entries.into_iter().map(|(key, node)| Entry { key: key.to_owned(), key_span: at, node }).collect();
            if let Some(depends_on) = map.get_mut("depends_on").and_then(Node::as_map_mut) {
                depends_on.insert(service, at, Node::derived(Value::Map(value), at));
            }
        }
    }
    for entry in map.get_mut("depends_on").and_then(Node::as_map_mut).into_iter().flatten() {
        let at = entry.key_span;
        if let Some(dependency) = entry.node.as_map_mut()
            && !dependency.contains_key("required")
        {
            dependency.insert("required", at, Node::derived(Value::Bool(true), at));
        }
    }
    for entry in map.get_mut("secrets").map(|node| &mut node.value).into_iter().flat_map(|value| match value {
        Value::Seq(items) => items.iter_mut(),
        _ => [].iter_mut(),
    }) {
        default_target(entry);
    }
    if map.contains_key("provider") || map.contains_key("network_mode") {
        return false;
    }
    match map.get("networks").map(|node| &node.value) {
        Some(Value::Map(networks)) if !networks.is_empty() => networks.contains_key("default"),
        _ => {
            let default = Entry { key: "default".to_owned(), key_span: span, node: Node::derived(Value::Null, span) };
            map.insert("networks", span, Node::derived(Value::Map([default].into_iter().collect()), span));
            true
        }
    }
}

/// A secret without a target is mounted under its own name.
fn default_target(node: &mut Node) {
    let span = node.span;
    let source = node.get("source").and_then(Node::as_str).map(str::to_owned);
    if let (Some(source), Some(map)) = (source, node.as_map_mut())
        && map.get("target").is_none_or(Node::is_null)
    {
        map.insert("target", span, Node::string(format!("/run/secrets/{source}"), span));
    }
}

fn named(entry: &mut Entry, project: &str) {
    let (key, span) = (entry.key.clone(), entry.key_span);
    if entry.node.is_null() {
        entry.node.value = Value::Map(Map::default());
    }
    let Some(map) = entry.node.as_map_mut() else { return };
    if map.get("name").is_none_or(Node::is_null) {
        let external = map.get("external").is_some_and(|node| node.value == Value::Bool(true));
        let name = if external { key } else { format!("{project}_{key}") };
        map.insert("name", span, Node::string(name, span));
    }
}

fn drop_unused(map: &mut Map, section: &str) {
    let mut used: HashSet<String> = HashSet::new();
    let mut names = |node: Option<&Node>| match node.map(|node| &node.value) {
        Some(Value::Map(entries)) => used.extend(entries.iter().map(|entry| entry.key.clone())),
        Some(Value::Seq(items)) => {
            let counts =
                |item: &&Node| section != "volumes" || item.get("type").and_then(Node::as_str) == Some("volume");
            used.extend(
                items
                    .iter()
                    .filter(counts)
                    .filter_map(|item| item.get("source").and_then(Node::as_str).map(str::to_owned)),
            );
        }
        _ => {}
    };
    for service in map.get("services").and_then(Node::as_map).into_iter().flatten() {
        names(service.node.get(section));
        if section == "secrets" {
            names(service.node.at(&["build", "secrets"]));
        }
    }
    if let Some(entries) = map.get_mut(section).and_then(Node::as_map_mut) {
        entries.retain(|entry| used.contains(&entry.key));
        if entries.is_empty() {
            map.remove(section);
        }
    }
}
