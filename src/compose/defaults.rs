// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Values that Compose fills in before it checks a project.

use super::canonical::Variables;
use super::{Node, Value};

/// Build context, port mode and protocol, device counts.
pub(super) fn set(root: &mut Node, variables: Variables) {
    let Some(services) = root.as_map_mut().and_then(|map| map.get_mut("services")).and_then(Node::as_map_mut) else {
        return;
    };
    for service in services {
        let Some(map) = service.node.as_map_mut() else { continue };
        for field in map {
            match field.key.as_str() {
                "build" => absent(&mut field.node, "context", || Value::Str(".".to_owned())),
                "ports" => {
                    for port in items(&mut field.node) {
                        absent(port, "protocol", || Value::Str("tcp".to_owned()));
                        absent(port, "mode", || Value::Str("ingress".to_owned()));
                    }
                }
                "gpus" => items(&mut field.node).for_each(|request| device(request, variables)),
                "deploy" => {
                    let devices = ["resources", "reservations", "devices"]
                        .into_iter()
                        .try_fold(&mut field.node, |node, key| node.as_map_mut().and_then(|map| map.get_mut(key)));
                    if let Some(devices) = devices {
                        items(devices).for_each(|request| device(request, variables));
                    }
                }
                _ => {}
            }
        }
    }
}

fn items(node: &mut Node) -> impl Iterator<Item = &mut Node> {
    match &mut node.value {
        Value::Seq(items) => items.iter_mut(),
        _ => [].iter_mut(),
    }
}

/// A request that names neither a count nor devices asks for all.
fn device(node: &mut Node, variables: Variables) {
    let named = node.get("device_ids").is_some_and(|ids| ids.as_seq().is_some_and(|ids| !ids.is_empty()));
    if !named {
        absent(node, "count", || Value::Int(-1));
    }
    if variables == Variables::Replaced
        && let Some(count) = node.as_map_mut().and_then(|map| map.get_mut("count"))
        && count.as_str() == Some("all")
    {
        count.value = Value::Int(-1);
    }
}

fn absent(node: &mut Node, key: &str, value: impl FnOnce() -> Value) {
    let span = node.span;
    if let Some(map) = node.as_map_mut()
        && map.get(key).is_none_or(Node::is_null)
    {
        map.insert(key, span, Node::derived(value(), span));
    }
}
