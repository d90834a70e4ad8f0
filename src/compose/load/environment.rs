// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What containers receive: bare names taken over from the environment, env files under `environment`, label files.

use std::collections::{BTreeMap, HashMap};

use crate::compose::interpolate::Lookup;
use crate::compose::model::FileVariable;
use crate::compose::{Entry, Map, Node, ReadError, Value, dotenv};
use crate::diag::{Diagnostic, Level, Span};

use super::Loader;

/// One set of variables over another.
pub(super) struct Layered<'a> {
    pub(super) over: &'a BTreeMap<String, String>,
    pub(super) under: &'a BTreeMap<String, String>,
}

impl Lookup for Layered<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.over.get(name).or_else(|| self.under.get(name)).map(String::as_str)
    }
}

/// Gives bare names in `environment` and build arguments the value of the environment.
pub(super) fn take_over(root: &mut Node, environment: &BTreeMap<String, String>) {
    let Some(services) = root.as_map_mut().and_then(|map| map.get_mut("services")).and_then(Node::as_map_mut) else {
        return;
    };
    for service in services {
        fill(service.node.as_map_mut().and_then(|map| map.get_mut("environment")), environment);
        let build = service.node.as_map_mut().and_then(|map| map.get_mut("build"));
        fill(build.and_then(Node::as_map_mut).and_then(|map| map.get_mut("args")), environment);
    }
}

fn fill(node: Option<&mut Node>, environment: &BTreeMap<String, String>) {
    for entry in node.and_then(Node::as_map_mut).into_iter().flatten() {
        if entry.node.is_null()
            && let Some(value) = environment.get(&entry.key)
        {
            entry.node.value = Value::Str(value.clone());
        }
    }
}

/// Variables of several files, one a name: a later one takes the place of an earlier one.
#[derive(Default)]
struct Found {
    variables: Vec<FileVariable>,
    places: HashMap<String, usize>,
}

impl Found {
    fn put(&mut self, variable: FileVariable) {
        if let Some(at) = self.places.get(&variable.key) {
            self.variables[*at] = variable;
        } else {
            self.places.insert(variable.key.clone(), self.variables.len());
            self.variables.push(variable);
        }
    }
}

impl Loader<'_> {
    /// The variables of a service's env files, in order; a later file wins. Faults for files that cannot be read.
    pub(super) fn env_files(&mut self, name: &str, service: &Node) -> Vec<FileVariable> {
        let mut found = Found::default();
        let own: BTreeMap<String, String> = service
            .get("environment")
            .and_then(Node::as_map)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some((entry.key.clone(), crate::compose::keyvalue::scalar_text(&entry.node.value)?)))
            .collect();
        let entries: Vec<Node> =
            service.get("env_file").and_then(Node::as_seq).map(<[Node]>::to_vec).unwrap_or_default();
        for entry in entries {
            let Some(path) = entry.get("path").filter(|path| path.as_str().is_some_and(|text| !text.is_empty())) else {
                continue;
            };
            let required = entry.get("required").is_none_or(|node| node.value != Value::Bool(false));
            let raw = match entry.get("format").and_then(Node::as_str) {
                None | Some("") => false,
                Some("raw") => true,
                Some(other) => {
                    let message = format!("unknown env file format `{other}`");
                    let span = entry.get("format").map_or(entry.span, |node| node.span);
                    self.diagnostics.push(
                        Diagnostic::new(
                            "schema-invalid",
                            Level::Error,
                            span,
                            format!("services.{name}.env_file"),
                            message,
                        )
                        .hint("the only format beside the default is `raw`"),
                    );
                    continue;
                }
            };
            let text = path.as_str().unwrap_or_default().to_owned();
            let (id, content) = match self.side_file(std::path::Path::new(&text)) {
                Ok(file) => file,
                Err(ReadError::NotFound) if !required => continue,
                Err(error) => {
                    let message =
                        format!("cannot read the env file `{}`: {error}", self.display(std::path::Path::new(&text)));
                    self.diagnostics.push(
                        Diagnostic::new(
                            "reference-invalid",
                            Level::Error,
                            path.span,
                            format!("services.{name}.env_file"),
                            message,
                        )
                        .hint("create the file, or mark it `required: false`"),
                    );
                    continue;
                }
            };
            let environment = self.request.environment.clone();
            let lookup = Layered { over: &environment, under: &own };
            let parsed = if raw { dotenv::parse_raw(&content, &lookup) } else { dotenv::parse(&content, &lookup) };
            match parsed {
                Ok(entries) => {
                    let shown = self.display(std::path::Path::new(&text));
                    for entry in entries {
                        for (variable, message) in entry.warnings() {
                            let place = entry.reference(&content, variable);
                            self.diagnostics.push(
                                Diagnostic::new(
                                    "unset-variable",
                                    Level::Warning,
                                    Span::new(id, place.start, place.end),
                                    format!("variables.{variable}"),
                                    message,
                                )
                                .hint(dotenv::LITERAL_DOLLAR),
                            );
                        }
                        let Some(value) = entry.value else { continue };
                        found.put(FileVariable { key: entry.key, value, file: shown.clone(), asked_at: path.span });
                    }
                }
                Err(error) => {
                    let span = Span::new(id, error.range.start, error.range.end);
                    self.diagnostics.push(
                        Diagnostic::new(
                            "reference-invalid",
                            Level::Error,
                            span,
                            format!("services.{name}.env_file"),
                            error.message,
                        )
                        .related(path.span, "read from here"),
                    );
                }
            }
        }
        found.variables
    }

    /// Puts env files under `environment` and label files under `labels`, and drops the keys that named them.
    pub(super) fn resolve_files(&mut self, name: &str, service: &mut Node) {
        let from_files = self.env_files(name, service);
        under(service, "environment", from_files);
        let labels = self.label_files(name, service);
        under(service, "labels", labels);
        if let Some(map) = service.as_map_mut() {
            map.remove("env_file");
            map.remove("label_file");
        }
    }

    fn label_files(&mut self, name: &str, service: &Node) -> Vec<FileVariable> {
        let mut found = Found::default();
        let files: Vec<Node> =
            service.get("label_file").and_then(Node::as_seq).map(<[Node]>::to_vec).unwrap_or_default();
        for file in files {
            let Some(path) = file.as_str() else { continue };
            match self.side_file(std::path::Path::new(path)) {
                Ok((id, content)) => match dotenv::parse(&content, &self.request.environment) {
                    Ok(entries) => {
                        let shown = self.display(std::path::Path::new(path));
                        for entry in entries {
                            let value = entry.value.unwrap_or_default();
                            found.put(FileVariable { key: entry.key, value, file: shown.clone(), asked_at: file.span });
                        }
                    }
                    Err(error) => {
                        let span = Span::new(id, error.range.start, error.range.end);
                        self.diagnostics.push(Diagnostic::new(
                            "reference-invalid",
                            Level::Error,
                            span,
                            format!("services.{name}.label_file"),
                            error.message,
                        ));
                    }
                },
                Err(error) => {
                    let message =
                        format!("cannot read the label file `{}`: {error}", self.display(std::path::Path::new(path)));
                    self.diagnostics.push(Diagnostic::new(
                        "reference-invalid",
                        Level::Error,
                        file.span,
                        format!("services.{name}.label_file"),
                        message,
                    ));
                }
            }
        }
        found.variables
    }
}

/// Adds what the section does not have yet.
fn under(service: &mut Node, section: &str, from_files: Vec<FileVariable>) {
    if from_files.is_empty() {
        return;
    }
    let span = service.span;
    let Some(map) = service.as_map_mut() else { return };
    if map.get(section).is_none_or(Node::is_null) {
        map.insert(section, span, Node::derived(Value::Map(Map::default()), span));
    }
    let Some(entries) = map.get_mut(section).and_then(Node::as_map_mut) else { return };
    for variable in from_files {
        if !entries.contains_key(&variable.key) {
            let node = Node::string(variable.value, variable.asked_at);
            entries.push(Entry { key: variable.key, key_span: variable.asked_at, node });
        }
    }
}
