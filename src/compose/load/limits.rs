// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What `include` and `extends` may grow to. Compose has no such limits: a small set of files can take it all memory.
//! These are far above what people write.

use crate::compose::{Node, Value};

/// Files that include one another, one in the next.
pub(super) const INCLUDE_DEPTH: usize = 100;

/// Services that extend one another, one from the next.
pub(super) const EXTENDS_DEPTH: usize = 100;

/// Bytes of included files, each file counted as often as it is included.
const INCLUDED_BYTES: usize = 128 << 20;

/// What an inclusion costs beside its bytes: 2,048 of them use up the limit, in well under a second.
const INCLUSION: usize = 64 << 10;

/// Values that services take over from others.
const EXTENDED_NODES: usize = 250_000;

/// What is left of the limits.
#[derive(Debug)]
pub(super) struct Budget {
    included_bytes: usize,
    extended_nodes: usize,
    /// Whether `extends` went too far; it is told once, and nothing is taken over any more.
    pub(super) extends_stopped: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { included_bytes: INCLUDED_BYTES, extended_nodes: EXTENDED_NODES, extends_stopped: false }
    }
}

impl Budget {
    /// Whether a file of so many bytes may be included too.
    pub(super) fn include(&mut self, bytes: usize) -> bool {
        let left = self.included_bytes.checked_sub(INCLUSION.saturating_add(bytes));
        self.included_bytes = left.unwrap_or(0);
        left.is_some()
    }

    /// Whether a service may be taken over too.
    pub(super) fn extend(&mut self, base: &Node) -> bool {
        let left = self.extended_nodes.checked_sub(nodes(base));
        self.extended_nodes = left.unwrap_or(0);
        left.is_some()
    }
}

/// How many values there are in a tree.
fn nodes(node: &Node) -> usize {
    match &node.value {
        Value::Map(map) => 1 + map.iter().map(|entry| nodes(&entry.node)).sum::<usize>(),
        Value::Seq(items) => 1 + items.iter().map(nodes).sum::<usize>(),
        _ => 1,
    }
}
