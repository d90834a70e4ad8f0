// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Where a section of a service is defined, when an alias brought it there.

use crate::compose::model::Service;
use crate::compose::{Map, Node};
use crate::diag::Span;
use crate::rules::Context;

/// The key under which a section of a service is defined: the service's own key, or, when its value came through an
/// alias, the key that holds the anchor. `own` is the answer when the anchor stands under no key of the project.
pub(super) fn definition_key(context: &Context<'_>, service: &Service, section: &str, own: Span) -> Span {
    match service.node.get(section) {
        Some(node) if node.used_at.is_some_and(|used| own.file == used.file && own.end <= used.start) => {
            context.project.tree.as_map().and_then(|map| key_of(map, node)).unwrap_or(own)
        }
        _ => own,
    }
}

/// The key whose value is written at the place of `wanted`, not used from elsewhere.
fn key_of(map: &Map, wanted: &Node) -> Option<Span> {
    map.iter().find_map(|entry| {
        if entry.node.span == wanted.span && entry.node.used_at.is_none() {
            return Some(entry.key_span);
        }
        entry.node.as_map().and_then(|inner| key_of(inner, wanted))
    })
}
