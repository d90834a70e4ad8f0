// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The end of loading: name, checks, typed project, and the tree that `config` prints.

use std::collections::HashSet;
use std::rc::Rc;

use crate::compose::check::{self, CheckScope, Checked};
use crate::compose::model::{Operator, ProjectParts, VariableUse, build_project};
use crate::compose::normalize::{self, Resources};
use crate::compose::{Entry, Node, Purpose, Value, decode, interpolate, name, unicity};
use crate::diag::{Diagnostic, Level, Span};

use super::layer::Scope;
use super::{Loaded, Loader};

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
        let resolved = match self.request.purpose {
            Purpose::Config => self.resolved(&root, &enabled, &project_name),
            Purpose::Validate => {
                let mut faults = Vec::new();
                decode::decode(&root, &mut faults);
                self.add_new(faults);
                None
            }
        };
        if self.request.interpolate {
            self.blame_variables();
        }
        self.tidy();
        let from_files = self.validated_env_files(&root, &enabled);
        self.tidy();
        let parts = ProjectParts {
            name: project_name,
            version: self.version.take(),
            files: std::mem::take(&mut self.files),
            variables: std::mem::take(&mut self.variables),
            comments: std::mem::take(&mut self.comments),
            env_files: from_files,
        };
        let project = build_project(root, parts, &self.map);
        Loaded { sources: self.map, diagnostics: self.diagnostics, project: Some(project), resolved }
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
            for document in parsed.documents.iter() {
                if let Some(name) = document.get("name").and_then(Node::as_str).filter(|name| !name.is_empty()) {
                    name.clone_into(&mut written);
                }
            }
        }
        if self.request.interpolate
            && let Ok(result) =
                interpolate::interpolate_with(&written, &self.request.environment, interpolate::Missing::Empty)
        {
            written = result.value;
        }
        let normalized = name::normalized(&written);
        if normalized.is_empty() { self.request.default_name.clone() } else { normalized }
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

    /// The tree that `config` prints, unless something is wrong.
    fn resolved(&mut self, root: &Node, enabled: &HashSet<String>, project_name: &str) -> Option<Node> {
        let mut root = root.clone();
        if let Some(services) = root.as_map_mut().and_then(|map| map.get_mut("services")).and_then(Node::as_map_mut) {
            if self.request.interpolate {
                // Compose reads the values of disabled services too, before it drops them.
                let (kept, disabled): (Vec<Entry>, Vec<Entry>) =
                    std::mem::take(services).into_iter().partition(|entry| enabled.contains(&entry.key));
                *services = kept.into_iter().collect();
                decode::decode_services(disabled.into_iter().collect(), &mut self.diagnostics);
            }
            for entry in services {
                if self.request.interpolate {
                    self.resolve_files(&entry.key, &mut entry.node);
                }
            }
        }
        if !self.request.interpolate {
            normalize::normalize(&mut root, project_name, Resources::All);
            for entry in root.as_map_mut().into_iter().flatten() {
                null_empty_lists(&entry.key, &mut entry.node);
            }
            return self.sound().then_some(root);
        }
        normalize::normalize(&mut root, project_name, Resources::Used);
        let mut faults = Vec::new();
        let resolved = decode::decode(&root, &mut faults);
        self.add_new(faults);
        self.sound().then_some(resolved)
    }

    /// Adds the faults of a later step, but not a second one about a place that an earlier step refused: one fault, one
    /// finding.
    pub(super) fn add_new(&mut self, faults: Vec<Diagnostic>) {
        if faults.is_empty() {
            return;
        }
        let refused: HashSet<Span> = self
            .diagnostics
            .iter()
            .filter(|known| known.level == Level::Error)
            .map(|known| known.primary.span)
            .collect();
        self.diagnostics.extend(faults.into_iter().filter(|fault| !refused.contains(&fault.primary.span)));
    }

    /// Leads a fault back to the variable without a value that makes it. What an unset required variable makes is not told:
    /// the variable itself is an error.
    fn blame_variables(&mut self) {
        let mut unset: Vec<&VariableUse> = self.variables.iter().filter(|variable| !variable.is_set).collect();
        unset.sort_by_key(|variable| variable.span);
        self.diagnostics.retain_mut(|fault| {
            if fault.level != Level::Error || !matches!(fault.rule, "schema-invalid" | "reference-invalid") {
                return true;
            }
            let place = fault.primary.span;
            let from =
                unset.partition_point(|variable| (variable.span.file, variable.span.start) < (place.file, place.start));
            let within: Vec<&&VariableUse> =
                unset[from..].iter().take_while(|variable| place.contains(variable.span)).collect();
            if let Some(variable) = within.iter().find(|variable| variable.operator == Operator::Plain) {
                let name = &variable.name;
                fault.hint =
                    Some(format!("`{name}` is not set: set it in `.env`, or give a default with `${{{name}:-…}}`"));
            }
            !within.iter().any(|variable| variable.operator == Operator::Required)
        });
    }

    fn sound(&self) -> bool {
        !self.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }

    /// Env file variables of every service, for the typed project; files of disabled services may be missing.
    fn validated_env_files(
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
            if !enabled.contains(&entry.key) || self.request.purpose == Purpose::Config {
                self.diagnostics.truncate(before);
            }
            found.push((entry.key.clone(), variables));
        }
        found
    }

    /// One fault once, in order of files and places; references noted once each.
    fn tidy(&mut self) {
        self.diagnostics
            .sort_by(|a, b| (a.primary.span, a.rule, &a.message).cmp(&(b.primary.span, b.rule, &b.message)));
        self.diagnostics
            .dedup_by(|a, b| a.primary.span == b.primary.span && a.rule == b.rule && a.message == b.message);
        self.variables.retain(|variable| !variable.path.starts_with("x-"));
        self.variables.sort_by(|a, b| (a.span, &a.name).cmp(&(b.span, &b.name)));
        self.variables.dedup_by(|a, b| a.span == b.span && a.name == b.name);
    }
}

/// With variables in place Compose 2.40 prints an empty list as null, unless it looked for repeated items in it.
fn null_empty_lists(key: &str, node: &mut Node) {
    match &mut node.value {
        Value::Seq(items) if items.is_empty() && !unicity::KEYED.contains(&key) => node.value = Value::Null,
        Value::Seq(items) => items.iter_mut().for_each(|item| null_empty_lists("", item)),
        Value::Map(map) => map.iter_mut().for_each(|entry| null_empty_lists(&entry.key, &mut entry.node)),
        _ => {}
    }
}
