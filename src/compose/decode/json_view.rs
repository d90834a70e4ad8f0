// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What Compose 2.40 leaves out of its JSON, though not of its YAML: `x-` keys inside sections, and top-level models.

use crate::compose::{Node, Value};

use super::{Kind, top_level};

/// The resolved tree as JSON output shows it.
#[must_use]
pub fn json_view(resolved: Node) -> Node {
    let mut resolved = resolved;
    if let Some(map) = resolved.as_map_mut() {
        map.remove("models");
        for entry in map {
            prune(&mut entry.node, top_level(&entry.key).unwrap_or(Kind::Any));
        }
    }
    resolved
}

fn prune(node: &mut Node, kind: Kind) {
    match (&mut node.value, kind) {
        (Value::Map(map), Kind::Record(fields) | Kind::Embedded(fields)) => {
            map.retain(|entry| match fields.iter().find(|field| field.out == entry.key) {
                Some(field) => {
                    prune(&mut entry.node, field.kind);
                    true
                }
                None => false,
            });
        }
        (Value::Map(map), Kind::Names(kind)) => map.iter_mut().for_each(|entry| prune(&mut entry.node, *kind)),
        (Value::Seq(items), Kind::List(kind)) => items.iter_mut().for_each(|item| prune(item, *kind)),
        _ => {}
    }
}
