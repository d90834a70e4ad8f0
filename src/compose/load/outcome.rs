// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The end of loading: name, checks, typed project, and the tree that `config` prints.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use crate::compose::check::{self, CheckScope, Checked};
use crate::compose::model::{ProjectParts, build_project};
use crate::compose::normalize::{self, Resources};
use crate::compose::{Entry, Node, Purpose, decode, interpolate, name};
use crate::diag::{Diagnostic, Level, Span};

use super::layer::Scope;
use super::{Loaded, Loader, Resolved};

impl Loader<'_> {
    pub(super) fn run(mut self) -> Loaded {
        let project_name = self.project_name();
        let mut environment = self.request.environment.clone();
        for (key, value) in &self.request.example_environment {
            environment.entry(key.clone()).or_insert_with(|| value.clone());
        }
        environment.insert("COMPOSE_PROJECT_NAME".to_owned(), project_name.clone());
        let scope =
            Scope { folder: self.request.project_dir.clone(), environment: Rc::new(environment), included: Vec::new() };
        let files = &self.request.files;
        let Some(root) = self.model(files, &scope, None) else { return self.without_project() };
        let enabled = self.enabled(&root);
        self.check(&root, &enabled);
        if project_name.is_empty() && self.request.interpolate {
            let span = Span::new(root.span.file, 0, 0);
            self.diagnostics.push(
                Diagnostic::new("schema-invalid", Level::Error, span, "name", "the project name is empty")
                    .hint("set `name:` at the top of the file, or give `--project-name`"),
            );
        }
        match self.request.purpose {
            Purpose::Config => self.config(root, &enabled, project_name),
            Purpose::Validate => self.project(root, &enabled, project_name),
        }
    }

    fn config(mut self, root: Node, enabled: &HashSet<String>, name: String) -> Loaded {
        let profiles = profiles(&root);
        let tree = self.resolved(root, enabled, &name);
        self.tidy();
        let sound = !self.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error);
        let resolved = sound.then_some(Resolved { name, profiles, variables: self.variables, tree });
        Loaded { sources: self.map, diagnostics: self.diagnostics, project: None, resolved }
    }

    fn project(mut self, root: Node, enabled: &HashSet<String>, name: String) -> Loaded {
        let mut faults = Vec::new();
        decode::decode(&root, &mut faults);
        self.add_new(faults);
        let env_files = self.env_files_of_services(&root, enabled);
        self.tidy();
        let parts = ProjectParts {
            name,
            version: self.version,
            files: self.files,
            variables: self.variables,
            comments: self.comments,
            env_files,
        };
        let project = build_project(root, parts, &self.map);
        Loaded { sources: self.map, diagnostics: self.diagnostics, project: Some(project), resolved: None }
    }

    fn without_project(mut self) -> Loaded {
        self.tidy();
        Loaded { sources: self.map, diagnostics: self.diagnostics, project: None, resolved: None }
    }

    /// Flag or environment, else the last `name:`, else the folder's name.
    fn project_name(&mut self) -> String {
        if let Some(name) = &self.request.project_name {
            return name.clone();
        }
        let mut written = String::new();
        let files = &self.request.files;
        for file in files {
            let Some(parsed) = self.documents(file, None) else { continue };
            for document in parsed.documents() {
                if let Some(name) = document.get("name").and_then(Node::as_str).filter(|name| !name.is_empty()) {
                    name.clone_into(&mut written);
                }
            }
        }
        let is_written = !written.is_empty();
        if self.request.interpolate
            && let Ok(result) =
                interpolate::interpolate_with(&written, &self.request.environment, interpolate::Missing::Empty)
        {
            written = result.value;
        }
        // A name that is written and comes to nothing is a fault; the folder's name does not stand in (Compose 2.40).
        if is_written { name::normalized(&written) } else { self.request.default_name.clone() }
    }

    fn enabled(&self, root: &Node) -> HashSet<String> {
        let profiles = &self.request.profiles;
        let all = profiles.iter().any(|profile| profile == "*");
        let on = |node: &Node| {
            let own = node.get("profiles").and_then(Node::as_seq).unwrap_or_default();
            // Without any profile Compose 2.40 enables the empty name.
            let none = profiles.is_empty() && own.iter().any(|own| own.as_str() == Some(""));
            all || none
                || own.is_empty()
                || own.iter().any(|own| own.as_str().is_some_and(|own| profiles.iter().any(|p| p == own)))
        };
        let services = root.get("services").and_then(Node::as_map);
        services.into_iter().flatten().filter(|entry| on(&entry.node)).map(|entry| entry.key.clone()).collect()
    }

    fn check(&mut self, root: &Node, enabled: &HashSet<String>) {
        if !self.request.interpolate {
            return;
        }
        let scope = match self.request.purpose {
            Purpose::Config => CheckScope::Enabled,
            Purpose::Validate => CheckScope::All,
        };
        let checked = Checked { root, enabled, scope, unfinished: &self.unfinished, lacks_include: self.lacks_include };
        check::check(&checked, &mut self.diagnostics);
    }

    /// The tree that `config` prints.
    fn resolved(&mut self, root: Node, enabled: &HashSet<String>, project_name: &str) -> Node {
        let mut root = root;
        if !self.request.interpolate {
            normalize::normalize(&mut root, project_name, Resources::All);
            return root;
        }
        if let Some(services) = root.as_map_mut().and_then(|map| map.get_mut("services")).and_then(Node::as_map_mut) {
            // Compose reads the values of disabled services too, before it drops them.
            let (kept, disabled): (Vec<Entry>, Vec<Entry>) =
                std::mem::take(services).into_iter().partition(|entry| enabled.contains(&entry.key));
            *services = kept.into_iter().collect();
            decode::decode_services(disabled.into_iter().collect(), &mut self.diagnostics);
            for entry in services {
                self.resolve_files(&entry.key, &mut entry.node);
            }
        }
        normalize::normalize(&mut root, project_name, Resources::Used);
        let mut faults = Vec::new();
        let resolved = decode::decode(&root, &mut faults);
        self.add_new(faults);
        resolved
    }

    /// Env file variables of every service, for the typed project; files of disabled services may be missing.
    fn env_files_of_services(
        &mut self,
        root: &Node,
        enabled: &HashSet<String>,
    ) -> Vec<(String, Vec<crate::compose::model::FileVariable>)> {
        let mut found = Vec::new();
        for entry in root.get("services").and_then(Node::as_map).into_iter().flatten() {
            if entry.node.get("env_file").is_none() {
                continue;
            }
            let before = self.diagnostics.len();
            let variables = self.env_files(&entry.key, &entry.node);
            if !enabled.contains(&entry.key) {
                self.diagnostics.truncate(before);
            }
            found.push((entry.key.clone(), variables));
        }
        found
    }
}

/// All profiles that services name, sorted.
fn profiles(root: &Node) -> Vec<String> {
    let services = root.get("services").and_then(Node::as_map);
    let lists = services.into_iter().flatten().filter_map(|entry| entry.node.get("profiles").and_then(Node::as_seq));
    let names: BTreeSet<&str> = lists.flatten().filter_map(Node::as_str).collect();
    names.into_iter().map(str::to_owned).collect()
}
