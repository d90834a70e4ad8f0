// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What Compose 2.40 leaves out of its JSON, though not of its YAML: `x-` keys inside sections, and top-level models.

use crate::compose::{Entry, Map, Node, Value};

use super::{Kind, top_level};

/// The resolved tree as JSON output shows it.
#[must_use]
pub fn json_view(resolved: &Node) -> Node {
    let mut out = Map::default();
    for entry in resolved.as_map().into_iter().flatten() {
        if entry.key != "models" {
            let kind = top_level(&entry.key).unwrap_or(Kind::Any);
            out.push(Entry { node: view(&entry.node, kind), ..entry.clone() });
        }
    }
    resolved.with_value(Value::Map(out))
}

fn view(node: &Node, kind: Kind) -> Node {
    let value = match (&node.value, kind) {
        (Value::Map(map), Kind::Record(fields) | Kind::Embedded(fields)) => {
            let entries = map.iter().filter_map(|entry| {
                let field = fields.iter().find(|field| field.out == entry.key)?;
                Some(Entry { node: view(&entry.node, field.kind), ..entry.clone() })
            });
            Value::Map(entries.collect())
        }
        (Value::Map(map), Kind::Names(kind)) => {
            Value::Map(map.iter().map(|entry| Entry { node: view(&entry.node, *kind), ..entry.clone() }).collect())
        }
        (Value::Seq(items), Kind::List(kind)) => Value::Seq(items.iter().map(|item| view(item, *kind)).collect()),
        _ => return node.clone(),
    };
    node.with_value(value)
}
