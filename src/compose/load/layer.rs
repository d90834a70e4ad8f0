// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One document laid over what is there: the steps and their order.
//!
//! Source: Compose 2.40 — replace variables, extend, include, merge, drop replaced list items, hold against the schema,
//! expand short forms, drop replaced list items again.

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};
use std::rc::Rc;

use crate::compose::canonical::{self, Variables};
use crate::compose::interpolate::Missing;
use crate::compose::path::Path;
use crate::compose::substitute::Substitution;
use crate::compose::{Node, Purpose, Value, defaults, merge, paths, schema, unicity, validation};
use crate::diag::Span;

use super::{InputFile, Loader};

/// What a set of files is loaded in: folder, environment, and the files on the way here.
#[derive(Clone)]
pub(super) struct Scope {
    /// Absolute folder that relative paths count from.
    pub(super) folder: PathBuf,
    /// Values of variables.
    pub(super) environment: Rc<BTreeMap<String, String>>,
    /// Files whose `include` led here, outermost first.
    pub(super) included: Vec<PathBuf>,
}

impl Loader<'_> {
    /// Loads files in order into one canonical tree with absolute paths and resolved environment.
    pub(super) fn model(&mut self, files: &[InputFile], scope: &Scope, asked_at: Option<Span>) -> Option<Node> {
        let mut merged: Option<Node> = None;
        for file in files {
            for document in self.take_documents(file, asked_at).unwrap_or_default() {
                merged = Some(self.layer(merged, document, &file.path, scope));
            }
        }
        let mut root = merged?;
        defaults::set(&mut root, self.variables_left());
        validation::check(&root, &mut self.diagnostics);
        self.resolve_paths(&mut root, &scope.folder);
        if self.request.interpolate {
            super::environment::take_over(&mut root, &scope.environment);
        }
        Some(root)
    }

    fn layer(&mut self, below: Option<Node>, document: Node, file: &FilePath, scope: &Scope) -> Node {
        let mut document = document;
        self.substitute(&mut document, scope);
        self.extends(&mut document, file, scope);
        self.include(&mut document, file, scope);
        let mut root = match below {
            None => document,
            Some(below) => merge::merge(below, document, &Path::ROOT, &mut self.diagnostics),
        };
        merge::drop_tags(&mut root);
        unicity::enforce(&mut root);
        self.add_new(schema::check(&root));
        if let Some(entry) = root.as_map_mut().and_then(|map| map.remove("version")) {
            self.version.get_or_insert(entry);
        }
        self.canonical(&mut root);
        root
    }

    /// Short forms to long forms.
    pub(super) fn canonical(&mut self, root: &mut Node) {
        canonical::canonical(root, self.variables_left(), &mut self.diagnostics);
        omit_empty(root);
        unicity::enforce(root);
    }

    fn variables_left(&self) -> Variables {
        if self.request.interpolate { Variables::Replaced } else { Variables::Kept }
    }

    /// Replaces variables, or only notes them when the request keeps them.
    pub(super) fn substitute(&mut self, document: &mut Node, scope: &Scope) {
        let missing = match self.request.purpose {
            Purpose::Config => Missing::Fault,
            Purpose::Validate => Missing::Empty,
        };
        let mut substitution = Substitution {
            lookup: &*scope.environment,
            examples: &self.request.example_environment,
            missing,
            sources: &self.map,
            variables: &mut self.variables,
            faults: &mut self.diagnostics,
        };
        if self.request.interpolate {
            substitution.apply(document, &Path::ROOT);
        } else {
            substitution.observe(document, &Path::ROOT);
        }
    }

    pub(super) fn resolve_paths(&self, root: &mut Node, folder: &FilePath) {
        let home = self.request.environment.get("HOME").map(String::as_str);
        paths::Resolver { base: folder, home }.apply(root);
    }
}

/// Compose drops empty items of `dns`, which variables without a value leave behind.
fn omit_empty(root: &mut Node) {
    let Some(services) = root.as_map_mut().and_then(|map| map.get_mut("services")).and_then(Node::as_map_mut) else {
        return;
    };
    for service in services {
        let dns = service.node.as_map_mut().and_then(|map| map.get_mut("dns"));
        if let Some(Value::Seq(items)) = dns.map(|node| &mut node.value) {
            items.retain(|item| item.as_str() != Some(""));
        }
    }
}
