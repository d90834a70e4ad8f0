// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `include`: whole projects brought in, each with its own folder and environment.

use std::path::{Path as FilePath, PathBuf};
use std::rc::Rc;

use crate::compose::{Entry, Map, Node, ReadError, Value, dotenv, paths};
use crate::diag::{Diagnostic, Level, Span};

use super::layer::Scope;
use super::limits;
use super::{InputFile, Loader};

const SECTIONS: [&str; 6] = ["services", "volumes", "networks", "secrets", "configs", "models"];

impl Loader<'_> {
    /// Loads what `include` names and puts its resources into the document.
    pub(super) fn include(&mut self, document: &mut Node, file: &FilePath, scope: &Scope) {
        let Some(include) = document.as_map_mut().and_then(|map| map.remove("include")) else { return };
        if include.node.is_null() {
            return;
        }
        let Value::Seq(items) = &include.node.value else {
            let message = format!("`include` must be a list, found a {}", include.node.type_name());
            self.diagnostics.push(
                Diagnostic::new("schema-invalid", Level::Error, include.node.span, "include", message)
                    .hint("write one `- path` a line"),
            );
            return;
        };
        for item in items {
            match self.included(item, file, scope) {
                Some(model) => self.import(document, model, item.span),
                None => self.lacks_include = true,
            }
        }
    }

    fn included(&mut self, item: &Node, file: &FilePath, scope: &Scope) -> Option<Node> {
        let names: Vec<&Node> = match &item.value {
            Value::Str(_) => vec![item],
            Value::Map(map) => list(map.get("path")),
            _ => Vec::new(),
        };
        let files: Vec<(PathBuf, Span)> =
            names.iter().filter_map(|node| Some((paths::join(&scope.folder, node.as_str()?), node.span))).collect();
        let Some((main, main_span)) = files.first().cloned() else {
            let message = "an entry of `include` needs a path";
            self.diagnostics.push(
                Diagnostic::new("schema-invalid", Level::Error, item.span, "include", message)
                    .hint("write `- path: FILE`"),
            );
            return None;
        };
        let mut included = scope.included.clone();
        included.push(file.to_owned());
        if included.contains(&main) {
            let chain: Vec<String> = included.iter().chain([&main]).map(|path| self.display(path)).collect();
            let message = format!("`include` goes round in a circle: {}", chain.join(" -> "));
            self.diagnostics.push(
                Diagnostic::new("reference-invalid", Level::Error, main_span, "include", message)
                    .hint("remove the `include` that leads back"),
            );
            return None;
        }
        if included.len() > limits::INCLUDE_DEPTH {
            let message = format!("files include one another more than {} deep", limits::INCLUDE_DEPTH);
            self.too_much(main_span, message);
            return None;
        }
        let folder = match item.get("project_directory").and_then(Node::as_str).filter(|folder| !folder.is_empty()) {
            Some(folder) => paths::join(&scope.folder, folder),
            None => main.parent().unwrap_or(FilePath::new("/")).to_owned(),
        };
        let environment = Rc::new(self.included_environment(item, &folder, scope)?);
        let inputs: Vec<InputFile> = files.iter().map(|(path, _)| self.input(path.clone())).collect();
        for input in &inputs {
            let bytes =
                self.documents(input, Some(main_span)).map_or(0, |parsed| self.map.file(parsed.file()).text().len());
            if !self.budget.include(bytes) {
                self.too_much(main_span, "the included files are too much altogether".to_owned());
                return None;
            }
        }
        self.model(&inputs, &Scope { folder, environment, included }, Some(main_span))
    }

    fn too_much(&mut self, span: Span, message: String) {
        self.diagnostics.push(
            Diagnostic::new("reference-invalid", Level::Error, span, "include", message)
                .hint("include every file once, from the file at the top"),
        );
    }

    /// The environment around over that of the env files.
    fn included_environment(
        &mut self,
        item: &Node,
        folder: &FilePath,
        scope: &Scope,
    ) -> Option<std::collections::BTreeMap<String, String>> {
        let mut environment = (*scope.environment).clone();
        let named = list(item.get("env_file"));
        let files: Vec<(PathBuf, Option<Span>)> = if named.is_empty() {
            vec![(folder.join(".env"), None)]
        } else {
            named
                .iter()
                .filter_map(|node| Some((paths::join(&scope.folder, node.as_str()?), Some(node.span))))
                .collect()
        };
        let mut from_files = std::collections::BTreeMap::new();
        for (path, asked_at) in files {
            let (id, text) = match (self.side_file(&path), asked_at) {
                (Ok(file), _) => file,
                (Err(ReadError::NotFound | ReadError::IsDirectory), None) => continue,
                (Err(error), span) => {
                    let message = format!("cannot read the env file `{}`: {error}", self.display(&path));
                    let span = span.unwrap_or(item.span);
                    self.diagnostics.push(
                        Diagnostic::new("reference-invalid", Level::Error, span, "include", message)
                            .hint("create the file, or correct the path"),
                    );
                    return None;
                }
            };
            match dotenv::parse_after(&text, &*scope.environment, &from_files) {
                Ok(entries) => {
                    for entry in entries {
                        if let Some(value) = entry.value {
                            from_files.insert(entry.key, value);
                        }
                    }
                }
                Err(error) => {
                    let span = Span::new(id, error.range.start, error.range.end);
                    self.diagnostics.push(Diagnostic::new(
                        "reference-invalid",
                        Level::Error,
                        span,
                        "include",
                        error.message,
                    ));
                }
            }
        }
        for (key, value) in from_files {
            environment.entry(key).or_insert(value);
        }
        Some(environment)
    }

    /// Resources of the included model; one that is there already must be the same.
    fn import(&mut self, document: &mut Node, model: Node, at: Span) {
        let (Some(target), Value::Map(sections)) = (document.as_map_mut(), model.value) else { return };
        for section in sections {
            if !SECTIONS.contains(&section.key.as_str()) {
                continue;
            }
            let Value::Map(resources) = section.node.value else { continue };
            if target.get(&section.key).is_none_or(Node::is_null) {
                let empty = Node::derived(Value::Map(Map::default()), section.node.span);
                target.insert(section.key.clone(), section.key_span, empty);
            }
            let Some(existing) = target.get_mut(&section.key).and_then(Node::as_map_mut) else { continue };
            for resource in resources {
                match existing.entry(&resource.key) {
                    None => existing.push(Entry { node: resource.node, ..resource }),
                    Some(known) if same(&known.node, &resource.node) => {}
                    Some(known) => {
                        let path = format!("{}.{}", section.key, resource.key);
                        let message = format!("`{path}` is defined here and, differently, in an included file");
                        self.diagnostics.push(
                            Diagnostic::new("reference-invalid", Level::Error, known.key_span, path, message)
                                .related(resource.key_span, "the included definition")
                                .related(at, "included from here")
                                .hint("rename one of them, or move the change into an override file"),
                        );
                    }
                }
            }
        }
    }
}

fn list(node: Option<&Node>) -> Vec<&Node> {
    match node {
        Some(node) => match &node.value {
            Value::Seq(items) => items.iter().collect(),
            Value::Str(_) => vec![node],
            _ => Vec::new(),
        },
        None => Vec::new(),
    }
}

/// Equal values, wherever they are written and in whatever order their keys are.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().all(|entry| b.get(&entry.key).is_some_and(|other| same(&entry.node, other)))
        }
        (Value::Seq(a), Value::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (a, b) => a == b,
    }
}
