// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What must hold between the parts of a model: names that exist, settings that agree, no circles.
//!
//! Source: Compose 2.40's consistency check, which stops at its first fault; this collects all.

mod agreement;
mod order;
mod references;

use std::collections::HashSet;

use super::{Map, Node};
use crate::diag::{Diagnostic, Level, Span};

/// What the checks look at.
pub(crate) struct Checked<'a> {
    /// The canonical tree with implied dependencies.
    pub(crate) root: &'a Node,
    /// Services that the profiles enable.
    pub(crate) enabled: &'a HashSet<String>,
    /// Whether services of disabled profiles are judged too.
    pub(crate) scope: CheckScope,
    /// Services whose `extends` could not be followed; what they lack is not their fault.
    pub(crate) unfinished: &'a HashSet<String>,
    /// Whether an `include` could not be followed; what is not defined may stand there.
    pub(crate) lacks_include: bool,
}

/// Which services are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckScope {
    /// Those that the profiles enable, as Compose does.
    Enabled,
    /// All of them; a fault of a disabled one would show when it is enabled.
    All,
}

impl<'a> Checked<'a> {
    fn section(&self, name: &str) -> Option<&'a Map> {
        self.root.get(name).and_then(Node::as_map)
    }

    /// The services to judge: name, key and definition.
    fn services(&self) -> impl Iterator<Item = (&'a str, Span, &'a Node)> {
        let (scope, enabled) = (self.scope, self.enabled);
        self.section("services")
            .into_iter()
            .flatten()
            .filter(move |entry| scope == CheckScope::All || enabled.contains(&entry.key))
            .filter(|entry| entry.node.as_map().is_some())
            .map(|entry| (entry.key.as_str(), entry.key_span, &entry.node))
    }
}

/// Runs all checks.
pub(crate) fn check(checked: &Checked<'_>, faults: &mut Vec<Diagnostic>) {
    if !checked.lacks_include {
        references::check(checked, faults);
    }
    agreement::check(checked, faults);
    order::check(checked, faults);
}

fn invalid(span: Span, subject: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new("schema-invalid", Level::Error, span, subject, message)
}

fn reference(span: Span, subject: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new("reference-invalid", Level::Error, span, subject, message)
}
