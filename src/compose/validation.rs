// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Checks of single values that Compose makes on the merged model, before references.

use super::{Map, Node, Value};
use crate::diag::{Diagnostic, Level, Span};

/// Appends a fault for every value that Compose refuses at this step.
pub(super) fn check(root: &Node, faults: &mut Vec<Diagnostic>) {
    for (section, check) in
        [("volumes", volume as fn(&str, &Node) -> Option<Diagnostic>), ("secrets", secret), ("configs", config)]
    {
        for entry in root.get(section).and_then(Node::as_map).into_iter().flatten() {
            faults.extend(check(&entry.key, &entry.node));
        }
    }
    for service in root.get("services").and_then(Node::as_map).into_iter().flatten() {
        let path = format!("services.{}", service.key);
        for (at, port) in items(service.node.get("ports")).enumerate() {
            faults.extend(target(&format!("{path}.ports[{at}]"), port, "port"));
            faults.extend(host_ip(&format!("{path}.ports[{at}]"), port));
        }
        for (at, mount) in items(service.node.get("volumes")).enumerate() {
            faults.extend(target(&format!("{path}.volumes[{at}]"), mount, "mount"));
            faults.extend(bind_source(&format!("{path}.volumes[{at}]"), mount));
        }
        let devices = service.node.at(&["deploy", "resources", "reservations", "devices"]);
        for (at, device) in items(devices).enumerate() {
            faults.extend(device_request(&format!("{path}.deploy.resources.reservations.devices[{at}]"), device));
        }
        for (at, device) in items(service.node.get("gpus")).enumerate() {
            faults.extend(device_request(&format!("{path}.gpus[{at}]"), device));
        }
        for (at, watch) in items(service.node.at(&["develop", "watch"])).enumerate() {
            if let Some(node) = watch.get("path")
                && node.as_str() == Some("")
            {
                faults.push(fault(node.span, format!("{path}.develop.watch[{at}].path"), "the path to watch is empty"));
            }
        }
    }
}

fn fault(span: Span, subject: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new("schema-invalid", Level::Error, span, subject, message)
}

fn items(node: Option<&Node>) -> impl Iterator<Item = &Node> {
    node.and_then(Node::as_seq).unwrap_or_default().iter()
}

fn is_external(map: &Map) -> bool {
    map.get("external").is_some_and(|node| node.value == Value::Bool(true))
}

fn volume(name: &str, node: &Node) -> Option<Diagnostic> {
    let map = node.as_map()?;
    if !is_external(map) {
        return None;
    }
    let extra =
        map.iter().find(|entry| !matches!(entry.key.as_str(), "name" | "external") && !entry.key.starts_with("x-"))?;
    let message = format!("the external volume `{name}` cannot have `{}`", extra.key);
    Some(
        fault(extra.key_span, format!("volumes.{name}.{}", extra.key), message)
            .hint("an external volume exists already: keep `external` and `name` only"),
    )
}

fn secret(name: &str, node: &Node) -> Option<Diagnostic> {
    one_source("secrets", name, node, &["file", "environment"])
}

fn config(name: &str, node: &Node) -> Option<Diagnostic> {
    one_source("configs", name, node, &["file", "environment", "content"])
}

/// Exactly one of the keys must be given; an external one needs none.
fn one_source(section: &str, name: &str, node: &Node, keys: &[&str]) -> Option<Diagnostic> {
    let path = format!("{section}.{name}");
    let Some(map) = node.as_map() else {
        return Some(
            fault(node.span, path.clone(), format!("`{path}` says nothing of where it comes from"))
                .hint(format!("add one of `{}`", keys.join("`, `"))),
        );
    };
    let given: Vec<_> = keys.iter().filter_map(|key| map.entry(key)).collect();
    match given.as_slice() {
        [] if is_external(map) => None,
        [] => {
            let message = format!("`{path}` says nothing of where it comes from");
            Some(
                fault(node.span, path, message)
                    .hint(format!("add one of `{}`, or `external: true`", keys.join("`, `"))),
            )
        }
        [only] if is_external(map) => {
            let message = format!("`{path}` is external and cannot have `{}`", only.key);
            Some(fault(only.key_span, path, message))
        }
        [_] => None,
        [first, second, ..] => {
            let message = format!("`{path}` has both `{}` and `{}`", first.key, second.key);
            Some(
                fault(second.key_span, path, message).related(first.key_span, "the other one").hint("keep one of them"),
            )
        }
    }
}

fn host_ip(path: &str, port: &Node) -> Option<Diagnostic> {
    let node = port.get("host_ip")?;
    let text = node.as_str()?;
    let good = text.is_empty() || text.parse::<std::net::IpAddr>().is_ok();
    (!good).then(|| fault(node.span, format!("{path}.host_ip"), format!("`{text}` is no IP address")))
}

/// A long form that does not say where it leads.
fn target(path: &str, node: &Node, word: &str) -> Option<Diagnostic> {
    let map = node.as_map()?;
    map.get("target").is_none_or(Node::is_null).then(|| {
        fault(node.span, path, format!("the {word} names no `target`")).hint("add `target:`, the side of the container")
    })
}

/// A bind mount without a source. An empty one passes here, as in Compose 2.40.
fn bind_source(path: &str, mount: &Node) -> Option<Diagnostic> {
    let is_bind = mount.get("type").and_then(Node::as_str) == Some("bind");
    (is_bind && mount.get("source").is_none_or(Node::is_null)).then(|| {
        fault(mount.span, path, "the bind mount names no `source`").hint("add `source:` with the path on the host")
    })
}

fn device_request(path: &str, device: &Node) -> Option<Diagnostic> {
    let (count, ids) = (device.as_map()?.entry("count")?, device.as_map()?.entry("device_ids")?);
    let message = "a device request has either `count` or `device_ids`";
    Some(fault(ids.key_span, path, message).related(count.key_span, "the other one").hint("remove one of them"))
}
