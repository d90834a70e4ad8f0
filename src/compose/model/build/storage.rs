// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Mounts and secrets of one service.

use crate::compose::model::{Mount, MountAccess, MountKind, SecretUse};
use crate::compose::{Node, Style, Value, volume_text};
use crate::diag::SourceMap;

use super::{at, text, texts};

pub(super) fn mounts(service: &Node, sources: &SourceMap) -> Vec<Mount> {
    let volumes = service.get("volumes").and_then(Node::as_seq).unwrap_or_default();
    let mut mounts: Vec<Mount> = volumes.iter().map(|node| mount(node, sources)).collect();
    mounts.extend(texts(service.get("tmpfs")).into_iter().map(|entry| {
        let target = entry.value.split(':').next().unwrap_or_default().to_owned();
        Mount {
            span: entry.span,
            used_at: entry.used_at,
            kind: MountKind::Tmpfs,
            source: None,
            target: entry.map(|_| target),
            access: MountAccess::Unstated,
            short_form: true,
        }
    }));
    mounts
}

fn mount(node: &Node, sources: &SourceMap) -> Mount {
    let kind = match node.get("type").and_then(Node::as_str) {
        Some("bind") => MountKind::Bind,
        Some("volume") => MountKind::Volume,
        Some("tmpfs") => MountKind::Tmpfs,
        _ => MountKind::Other,
    };
    let short_form = node.style == Style::Derived;
    let access = match node.get("read_only").map(|node| &node.value) {
        Some(Value::Bool(true)) => MountAccess::ReadOnly,
        Some(_) => MountAccess::ReadWrite,
        None if short_form && says_rw(node, sources) => MountAccess::ReadWrite,
        None => MountAccess::Unstated,
    };
    Mount {
        span: node.span,
        used_at: node.used_at,
        kind,
        source: node.get("source").and_then(text).map(|source| {
            // The path as written, before it was made absolute.
            let raw = sources.slice(source.span);
            let written = short_form && kind == MountKind::Bind && source.span != node.span;
            if written { source.map(|_| raw.to_owned()) } else { source }
        }),
        target: node.get("target").and_then(text).unwrap_or_else(|| at(node, String::new())),
        access,
        short_form,
    }
}

/// Whether the short form has the word `rw`, which leaves no trace in the long form.
fn says_rw(node: &Node, sources: &SourceMap) -> bool {
    let raw = sources.slice(node.span).trim_matches(['"', '\'']);
    volume_text::parse(raw).is_ok_and(|mount| mount.options.iter().any(|option| option == "rw"))
}

pub(super) fn secrets(node: Option<&Node>) -> Vec<SecretUse> {
    node.and_then(Node::as_seq)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| {
            Some(SecretUse { source: item.get("source").and_then(text)?, target: item.get("target").and_then(text) })
        })
        .collect()
}
