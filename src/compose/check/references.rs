// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Names that must exist at the top level.

use crate::compose::Node;
use crate::diag::{Diagnostic, Span, closest};

use super::{Checked, reference};

pub(super) fn check(checked: &Checked<'_>, faults: &mut Vec<Diagnostic>) {
    for (name, _, service) in checked.services() {
        let path = format!("services.{name}");
        let mut resolver = Names { checked, service: name, faults };
        if let Some(networks) = service.get("networks").and_then(Node::as_map) {
            for entry in networks {
                resolver.check(
                    "networks",
                    "network",
                    &entry.key,
                    entry.key_span,
                    &format!("{path}.networks.{}", entry.key),
                );
            }
        }
        if let Some(models) = service.get("models").and_then(Node::as_map) {
            for entry in models {
                resolver.check("models", "model", &entry.key, entry.key_span, &format!("{path}.models.{}", entry.key));
            }
        }
        for mount in service.get("volumes").and_then(Node::as_seq).unwrap_or_default() {
            if mount.get("type").and_then(Node::as_str) == Some("volume") {
                resolver.source("volumes", "volume", mount, &path);
            }
        }
        for (key, section, word) in [("secrets", "secrets", "secret"), ("configs", "configs", "config")] {
            for item in service.get(key).and_then(Node::as_seq).unwrap_or_default() {
                resolver.source(section, word, item, &path);
            }
        }
        for item in service.at(&["build", "secrets"]).and_then(Node::as_seq).unwrap_or_default() {
            resolver.source("secrets", "secret", item, &format!("{path}.build"));
        }
        for entry in service.at(&["build", "additional_contexts"]).and_then(Node::as_map).into_iter().flatten() {
            resolver.build_context(&entry.node, &format!("{path}.build.additional_contexts.{}", entry.key));
        }
    }
}

struct Names<'c, 'a> {
    checked: &'c Checked<'a>,
    service: &'c str,
    faults: &'c mut Vec<Diagnostic>,
}

impl Names<'_, '_> {
    fn check(&mut self, section: &str, word: &str, name: &str, span: Span, path: &str) {
        let defined = self.checked.section(section);
        let implied = section == "networks" && name == "default";
        if implied || defined.is_some_and(|map| map.contains_key(name)) {
            return;
        }
        let service = self.service;
        let mut fault =
            reference(span, path, format!("service `{service}` uses the {word} `{name}`, which is not defined"));
        let near = closest(name, defined.into_iter().flatten().map(|entry| entry.key.as_str()));
        fault = match near {
            Some(near) => fault.hint(format!("did you mean `{near}`?")),
            None => fault.hint(format!("define `{name}` under the top-level `{section}:`")),
        };
        self.faults.push(fault);
    }

    fn source(&mut self, section: &str, word: &str, item: &Node, path: &str) {
        let Some(source) = item.get("source") else { return };
        if let Some(name) = source.as_str().filter(|name| !name.is_empty()) {
            self.check(section, word, name, source.used_at.unwrap_or(source.span), &format!("{path}.{section}.{name}"));
        }
    }

    fn build_context(&mut self, node: &Node, path: &str) {
        let Some(target) = node.as_str().and_then(|text| text.strip_prefix("service:")) else { return };
        let service = self.service;
        match self.checked.section("services").and_then(|map| map.get(target)) {
            None => self.faults.push(reference(
                node.span,
                path,
                format!("service `{service}` builds with the service `{target}`, which is not defined"),
            )),
            Some(other) if other.get("build").is_none() => {
                let message = format!("service `{service}` builds with the service `{target}`, which is not built");
                self.faults
                    .push(reference(node.span, path, message).hint(format!("give `{target}` a `build:` section")));
            }
            Some(_) => {}
        }
    }
}
