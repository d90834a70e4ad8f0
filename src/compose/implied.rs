// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Dependencies that a service has, written and implied.

use std::collections::HashSet;

use super::Node;
use crate::diag::Span;

/// One dependency of a service.
pub(crate) struct Waiting<'a> {
    /// The service waited for.
    pub(crate) service: &'a str,
    /// Where its name is written.
    pub(crate) span: Span,
    /// The entry of `depends_on`; none when another key implies it.
    pub(crate) node: Option<&'a Node>,
    /// Whether a restart of the other service restarts this one (implied ones only).
    pub(crate) restart: Restart,
}

/// What happens when the service waited for restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Restart {
    /// This one restarts too.
    Follows,
    /// Nothing.
    Stays,
}

/// `depends_on`, then what `links`, shared namespaces and `volumes_from` imply (Compose 2.40: all but the last with
/// `restart: true`). A service named twice counts once, the written entry first.
pub(crate) fn dependencies(service: &Node) -> Vec<Waiting<'_>> {
    let mut found: Vec<Waiting<'_>> = Vec::new();
    for entry in service.get("depends_on").and_then(Node::as_map).into_iter().flatten() {
        found.push(Waiting {
            service: &entry.key,
            span: entry.key_span,
            node: Some(&entry.node),
            restart: Restart::Stays,
        });
    }
    let mut implied: Vec<Waiting<'_>> = Vec::new();
    for link in service.get("links").and_then(Node::as_seq).unwrap_or_default() {
        if let Some(text) = link.as_str() {
            let name = text.split_once(':').map_or(text, |(name, _)| name);
            implied.push(Waiting { service: name, span: link.span, node: None, restart: Restart::Follows });
        }
    }
    for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
        if let Some((node, name)) =
            service.get(key).and_then(|node| Some((node, node.as_str()?.strip_prefix("service:")?)))
        {
            implied.push(Waiting { service: name, span: node.span, node: None, restart: Restart::Follows });
        }
    }
    for from in service.get("volumes_from").and_then(Node::as_seq).unwrap_or_default() {
        if let Some(text) = from.as_str().filter(|text| !text.starts_with("container:")) {
            let name = text.split_once(':').map_or(text, |(name, _)| name);
            implied.push(Waiting { service: name, span: from.span, node: None, restart: Restart::Stays });
        }
    }
    if !implied.is_empty() {
        let mut known: HashSet<&str> = found.iter().map(|waiting| waiting.service).collect();
        found.extend(implied.into_iter().filter(|waiting| known.insert(waiting.service)));
    }
    found
}
