// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Settings of a service that must agree with each other.

use std::collections::HashMap;

use crate::compose::{Entry, Node, Value, bytes};
use crate::diag::{Diagnostic, Span};

use super::{Checked, invalid, reference};

/// At most this many variants of one container name are held against each other, so that the time stays bounded.
const MOST_VARIANTS: usize = 32;

pub(super) fn check(checked: &Checked<'_>, faults: &mut Vec<Diagnostic>) {
    let mut containers: HashMap<&str, Vec<(&str, Span, &Node)>> = HashMap::new();
    for (name, key_span, service) in checked.services() {
        let path = format!("services.{name}");
        if !checked.unfinished.contains(name) {
            image_or_build(name, key_span, service, faults);
        }
        build(name, service, faults);
        exclusive(service, "network_mode", "networks", &path, faults);
        twice(service, &["scale"], &["deploy", "replicas"], &path, faults);
        twice(service, &["cpus"], &["deploy", "resources", "limits", "cpus"], &path, faults);
        twice(service, &["pids_limit"], &["deploy", "resources", "limits", "pids"], &path, faults);
        twice(service, &["mem_limit"], &["deploy", "resources", "limits", "memory"], &path, faults);
        twice(service, &["mem_reservation"], &["deploy", "resources", "reservations", "memory"], &path, faults);
        let Some(container) = service.get("container_name") else { continue };
        replicas(service, container, &path, faults);
        if let Some(text) = container.as_str().filter(|text| !text.is_empty()) {
            let users = containers.entry(text).or_default();
            if let Some((other, span, _)) =
                users.iter().take(MOST_VARIANTS).find(|(_, _, other)| !is_alternative(service, other))
            {
                let message = format!("container name `{text}` is taken by service `{other}`");
                faults.push(
                    reference(container.span, format!("{path}.container_name"), message)
                        .related(*span, "taken here")
                        .hint("give each service a name of its own, or remove `container_name`"),
                );
            }
            users.push((name, container.span, service));
        }
    }
}

/// Whether two services stand in profiles of which none is the same: variants (`cpu`, `gpu`) of which one is started.
fn is_alternative(one: &Node, other: &Node) -> bool {
    let profiles = |service: &'_ Node| -> Vec<String> {
        let own = service.get("profiles").and_then(Node::as_seq).unwrap_or_default();
        own.iter().filter_map(|profile| profile.as_str().map(str::to_owned)).collect()
    };
    let (one, other) = (profiles(one), profiles(other));
    !one.is_empty() && !other.is_empty() && !one.iter().any(|profile| other.contains(profile))
}

fn image_or_build(name: &str, key_span: Span, service: &Node, faults: &mut Vec<Diagnostic>) {
    // An image of a wrong type has its fault already.
    let image = service.get("image").is_some_and(|node| node.as_str() != Some(""));
    let source = |key: &str| service.get(key).is_some_and(|node| !node.is_null());
    if !image && !source("build") && !source("provider") {
        let message = format!("service `{name}` has neither an image nor a build context");
        // The key stands for a value that is absent; a variable without a value is shown itself.
        let place = |entry: &Entry| if is_written_empty(&entry.node) { entry.key_span } else { entry.node.span };
        let span = service.as_map().and_then(|map| map.entry("image")).map_or(key_span, place);
        faults.push(invalid(span, format!("services.{name}"), message).hint("add `image:` or `build:`"));
    }
}

/// Whether nothing is written, or a pair of quotes with nothing between.
fn is_written_empty(node: &Node) -> bool {
    const QUOTES: usize = 2;
    node.is_null() || node.span.len() <= QUOTES
}

fn build(name: &str, service: &Node, faults: &mut Vec<Diagnostic>) {
    let Some(build) = service.get("build") else { return };
    exclusive(build, "dockerfile", "dockerfile_inline", &format!("services.{name}.build"), faults);
    let Some(platform) = service.get("platform").filter(|node| node.as_str().is_some_and(|text| !text.is_empty()))
    else {
        return;
    };
    let platforms = build.get("platforms").and_then(Node::as_seq).unwrap_or_default();
    if !platforms.is_empty() && !platforms.iter().any(|node| node.value == platform.value) {
        let message =
            format!("`build.platforms` lacks the service's own platform `{}`", platform.as_str().unwrap_or_default());
        let span = build.get("platforms").map_or(build.span, |node| node.span);
        faults.push(
            invalid(span, format!("services.{name}.build.platforms"), message)
                .related(platform.span, "the service's platform"),
        );
    }
}

/// Two keys that cannot stand together.
fn exclusive(node: &Node, first: &str, second: &str, path: &str, faults: &mut Vec<Diagnostic>) {
    let Some(map) = node.as_map() else { return };
    let given = |key: &str| map.entry(key).filter(|entry| !is_empty(&entry.node));
    if let (Some(one), Some(other)) = (given(first), given(second)) {
        faults.push(
            invalid(other.key_span, format!("{path}.{second}"), format!("`{first}` and `{second}` exclude each other"))
                .related(one.key_span, "the other one")
                .hint("remove one of them"),
        );
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Str(text) => text.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Seq(items) => items.is_empty(),
        _ => false,
    }
}

/// One thing set in two places must have one value.
fn twice(service: &Node, short: &[&str], long: &[&str], path: &str, faults: &mut Vec<Diagnostic>) {
    let (Some(one), Some(other)) = (service.at(short), service.at(long)) else { return };
    let (Some(a), Some(b)) = (number(one), number(other)) else { return };
    let counts = matches!(short, ["scale"]) || (a != 0.0 && b != 0.0);
    if counts && (a - b).abs() > 1e-6 {
        let message = format!("`{}` and `{}` have different values", short.join("."), long.join("."));
        faults.push(
            invalid(other.span, format!("{path}.{}", long.join(".")), message)
                .related(one.span, "the other value")
                .hint("keep one of them"),
        );
    }
}

fn number(node: &Node) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "compared for equality of sizes far below 2^53")]
    match &node.value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Str(text) => text.parse().ok().or_else(|| bytes::parse(text).ok().map(|size| size as f64)),
        _ => None,
    }
}

fn replicas(service: &Node, container: &Node, path: &str, faults: &mut Vec<Diagnostic>) {
    let count = service.at(&["deploy", "replicas"]).or_else(|| service.get("scale"));
    if let Some(count) = count
        && number(count).is_some_and(|number| number > 1.0)
    {
        let name = container.as_str().unwrap_or_default();
        let message = format!("several replicas cannot share the container name `{name}`");
        faults.push(
            invalid(count.span, format!("{path}.container_name"), message)
                .related(container.span, "the container name")
                .hint("remove `container_name`, or run one replica"),
        );
    }
}
