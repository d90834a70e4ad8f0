// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The long form of a service's `secrets` and `configs`.

use crate::compose::{Node, Value};

use super::mapping;

/// Names become mappings with `source`.
pub(super) fn uses(node: Node) -> Node {
    let mut node = node;
    if let Value::Seq(items) = &mut node.value {
        for item in items {
            if item.as_str().is_some() {
                *item = mapping(&item.clone(), vec![("source", item.clone())]);
            }
        }
    }
    node
}
