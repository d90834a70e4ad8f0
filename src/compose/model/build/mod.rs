// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The typed project from the canonical tree. Values of a wrong type are left out; the loader has reported them.

mod health;
mod network;
mod service;
mod storage;

use crate::compose::{Entry, Node};
use crate::diag::{FileId, SourceMap, Span, Spanned};

use super::{Comment, Project, Resource, VariableUse};

/// What the loader knows beside the tree.
pub(crate) struct ProjectParts {
    pub(crate) name: String,
    pub(crate) version: Option<Entry>,
    pub(crate) files: Vec<FileId>,
    pub(crate) variables: Vec<VariableUse>,
    pub(crate) comments: Vec<Comment>,
    /// Per service, the variables of its env files.
    pub(crate) env_files: Vec<(String, Vec<FileVariable>)>,
}

/// A variable from an env file.
pub(crate) struct FileVariable {
    pub(crate) key: String,
    pub(crate) value: String,
    /// The file as shown to people.
    pub(crate) file: String,
    /// The entry of `env_file` in the compose file.
    pub(crate) asked_at: Span,
}

/// Builds the project.
pub(crate) fn build_project(tree: Node, parts: ProjectParts, sources: &SourceMap) -> Project {
    let services_entry = tree.as_map().and_then(|map| map.entry("services"));
    let services_key = services_entry.map(|entry| entry.key_span);
    let services = services_entry
        .and_then(|entry| entry.node.as_map())
        .into_iter()
        .flatten()
        .filter(|entry| entry.node.as_map().is_some())
        .map(|entry| {
            let from_files =
                parts.env_files.iter().find(|(name, _)| *name == entry.key).map(|(_, variables)| variables.as_slice());
            service::service(entry, from_files.unwrap_or_default(), sources)
        })
        .collect();
    Project {
        name: parts.name,
        name_key: tree.get("name").and_then(text),
        version: parts.version,
        services_key,
        files: parts.files,
        services,
        networks: resources(&tree, "networks"),
        volumes: resources(&tree, "volumes"),
        secrets: resources(&tree, "secrets"),
        configs: resources(&tree, "configs"),
        variables: parts.variables,
        comments: parts.comments,
        tree,
    }
}

fn resources(tree: &Node, section: &str) -> Vec<Resource> {
    tree.get(section)
        .and_then(Node::as_map)
        .into_iter()
        .flatten()
        .map(|entry| Resource {
            name: Spanned { value: entry.key.clone(), span: entry.key_span, used_at: entry.node.used_at },
            external: entry.node.get("external").is_some_and(|node| node.value == crate::compose::Value::Bool(true)),
            node: entry.node.clone(),
        })
        .collect()
}

/// A scalar as text, with its places.
fn text(node: &Node) -> Option<Spanned<String>> {
    crate::compose::keyvalue::scalar_text(&node.value).map(|value| at(node, value))
}

/// A value at the places of a node.
fn at<T>(node: &Node, value: T) -> Spanned<T> {
    Spanned { value, span: node.span, used_at: node.used_at }
}

/// The scalars of a list, with their places.
fn texts(node: Option<&Node>) -> Vec<Spanned<String>> {
    node.and_then(Node::as_seq).unwrap_or_default().iter().filter_map(text).collect()
}
