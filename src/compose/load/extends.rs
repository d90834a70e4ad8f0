// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `extends`: a service laid over another one, of this file or of another.

use std::collections::HashMap;
use std::path::{Path as FilePath, PathBuf};
use std::rc::Rc;

use crate::compose::path::Path;
use crate::compose::{Map, Node, Value, merge, paths};
use crate::diag::{Diagnostic, Level, Span, closest};

use super::Loader;
use super::layer::Scope;
use super::limits;

/// The services of one file, as raw material for `extends`.
struct Origin<'a> {
    path: &'a FilePath,
    /// Folder that `extends.file` counts from.
    folder: &'a FilePath,
    services: &'a Map,
}

/// A service on the way: its file and name.
type Step = (PathBuf, String, Span);

impl Loader<'_> {
    /// Replaces every service that extends another by the merged one.
    pub(super) fn extends(&mut self, document: &mut Node, file: &FilePath, scope: &Scope) {
        // Merging would pass over a null; Compose 2.40 looks here first.
        if let Some(entry) =
            document.as_map().and_then(|map| map.entry("services")).filter(|entry| entry.node.is_null())
        {
            let message = "`services` must be a mapping, found nothing";
            let fault = Diagnostic::new("schema-invalid", Level::Error, entry.key_span, "services", message);
            self.diagnostics.push(fault.hint("add a service, or remove the key"));
            return;
        }
        let Some(services) = document.as_map_mut().and_then(|map| map.get_mut("services")).and_then(Node::as_map_mut)
        else {
            return;
        };
        if !services.iter().any(|entry| entry.node.get("extends").is_some()) {
            return;
        }
        let original = services.clone();
        let origin = Origin { path: file, folder: &scope.folder, services: &original };
        let mut done = HashMap::new();
        for entry in services {
            if entry.node.get("extends").is_some()
                && let Some(merged) = self.extended(&entry.key, &origin, scope, &mut Vec::new(), &mut done)
            {
                entry.node = merged;
            }
        }
    }

    fn extended(
        &mut self,
        name: &str,
        origin: &Origin<'_>,
        scope: &Scope,
        steps: &mut Vec<Step>,
        done: &mut HashMap<(PathBuf, String), Node>,
    ) -> Option<Node> {
        let place = (origin.path.to_owned(), name.to_owned());
        if let Some(node) = done.get(&place) {
            return Some(node.clone());
        }
        let entry = origin.services.entry(name)?;
        let own_place = entry.node.span;
        let mut service = entry.node.clone();
        let Some(extends) = service.as_map_mut().and_then(|map| map.remove("extends")) else { return Some(service) };
        let span = extends.node.used_at.unwrap_or(extends.node.span);
        if let Some(at) = steps.iter().position(|(path, step, _)| path == origin.path && step == name) {
            self.extends_cycle(&steps[at..], name, span);
            return None;
        }
        if self.budget.extends_stopped {
            self.unfinished.insert(name.to_owned());
            return None;
        }
        if steps.len() >= limits::EXTENDS_DEPTH {
            let message = format!("services extend one another more than {} deep", limits::EXTENDS_DEPTH);
            self.too_much_extends(name, span, message);
            return None;
        }
        steps.push((origin.path.to_owned(), name.to_owned(), span));
        let base = self.base(name, &extends.node, origin, scope, steps, done);
        if base.is_none() {
            self.unfinished.extend(steps.iter().map(|(_, step, _)| step.clone()));
        }
        steps.pop();
        let merged = match base {
            Some(base) if base.as_map().is_some() && !self.budget.extend(&base) => {
                self.too_much_extends(name, span, "services take over too much by `extends` altogether".to_owned());
                service
            }
            Some(mut base) if base.as_map().is_some() => {
                merge::drop_tags(&mut base);
                let base = used_at(base, span);
                let services = Path::ROOT.child("services");
                let merged = merge::merge(base, service, &services.child(name), &mut self.diagnostics);
                // The service stands where it is written, not where its base is.
                Node { span: own_place, ..merged }
            }
            // Compose 2.40 leaves the key when there is nothing to lay the service over.
            Some(base) if base.is_null() => entry.node.clone(),
            _ => service,
        };
        done.insert(place, merged.clone());
        Some(merged)
    }

    fn base(
        &mut self,
        name: &str,
        extends: &Node,
        origin: &Origin<'_>,
        scope: &Scope,
        steps: &mut Vec<Step>,
        done: &mut HashMap<(PathBuf, String), Node>,
    ) -> Option<Node> {
        let subject = format!("services.{name}.extends");
        let (target, file) = match &extends.value {
            Value::Str(_) => (Some(extends), None),
            Value::Map(map) => (map.get("service"), map.get("file").filter(|file| !file.is_null())),
            _ => (None, None),
        };
        let Some((target_name, target_span)) = target.and_then(|node| Some((node.as_str()?, node.span))) else {
            let message = "`extends` needs the name of a service";
            self.diagnostics.push(
                Diagnostic::new("schema-invalid", Level::Error, extends.span, subject, message)
                    .hint("write `extends: {service: NAME}`, with `file:` for a service of another file"),
            );
            return None;
        };
        let Some(file) = file else {
            if !origin.services.contains_key(target_name) {
                self.no_such_service(&subject, target_name, target_span, origin.services, None);
                return None;
            }
            return self.extended(target_name, origin, scope, steps, done);
        };
        let Some(file_name) = file.as_str() else {
            let message = format!("`extends.file` must be a string, found a {}", file.type_name());
            self.diagnostics.push(Diagnostic::new("schema-invalid", Level::Error, file.span, subject, message));
            return None;
        };
        let path = paths::join(origin.folder, file_name);
        let services = self.extended_file(&path, file.span, scope)?;
        let folder = path.parent().unwrap_or(FilePath::new("/")).to_owned();
        if !services.contains_key(target_name) {
            let display = self.display(&path);
            self.no_such_service(&subject, target_name, target_span, &services, Some(&display));
            return None;
        }
        let other = Origin { path: &path, folder: &folder, services: &services };
        self.extended(target_name, &other, scope, steps, done)
    }

    /// The services of another file: variables replaced, in long form, paths absolute, `extends` still in.
    fn extended_file(&mut self, path: &FilePath, asked_at: Span, scope: &Scope) -> Option<Rc<Map>> {
        let key = (path.to_owned(), Rc::as_ptr(&scope.environment) as usize);
        if let Some(services) = self.extended_files.get(&key) {
            return services.clone();
        }
        let input = self.input(path.to_owned());
        let services = self.take_documents(&input, Some(asked_at)).and_then(|documents| {
            let mut merged: Option<Node> = None;
            for mut document in documents {
                self.substitute(&mut document, scope);
                merged = Some(match merged {
                    None => document,
                    Some(below) => merge::merge(below, document, &Path::ROOT, &mut self.diagnostics),
                });
            }
            let mut root = merged?;
            self.canonical(&mut root);
            self.resolve_paths(&mut root, path.parent().unwrap_or(FilePath::new("/")));
            let services = root.as_map_mut().and_then(|map| map.remove("services"));
            if let Some(Value::Map(map)) = services.map(|entry| entry.node.value) {
                Some(Rc::new(map))
            } else {
                let message = format!("`{}` has no services to extend", input.display);
                self.diagnostics.push(
                    Diagnostic::new("reference-invalid", Level::Error, asked_at, "", message)
                        .hint("name a file that has the service under `services:`"),
                );
                None
            }
        });
        self.extended_files.insert(key, services.clone());
        services
    }

    fn no_such_service(&mut self, subject: &str, name: &str, span: Span, services: &Map, file: Option<&str>) {
        let place = file.map_or(String::new(), |file| format!(" in `{file}`"));
        let mut fault = Diagnostic::new(
            "reference-invalid",
            Level::Error,
            span,
            subject,
            format!("there is no service `{name}`{place} to extend"),
        );
        fault = match closest(name, services.iter().map(|entry| entry.key.as_str())) {
            Some(near) => fault.hint(format!("did you mean `{near}`?")),
            None => fault.hint("name a service that is there, or add `file:` for one of another file"),
        };
        self.diagnostics.push(fault);
    }

    fn too_much_extends(&mut self, name: &str, span: Span, message: String) {
        self.budget.extends_stopped = true;
        self.unfinished.insert(name.to_owned());
        self.diagnostics.push(
            Diagnostic::new("reference-invalid", Level::Error, span, format!("services.{name}.extends"), message)
                .hint("let the services extend one common service"),
        );
    }

    fn extends_cycle(&mut self, steps: &[Step], name: &str, span: Span) {
        let chain: Vec<&str> = steps.iter().map(|(_, step, _)| step.as_str()).chain([name]).collect();
        let first = steps.first().map_or(span, |(_, _, span)| *span);
        let message = format!("`extends` goes round in a circle: {}", chain.join(" -> "));
        let mut fault =
            Diagnostic::new("reference-invalid", Level::Error, first, format!("services.{name}.extends"), message)
                .hint("remove one of these `extends`");
        for (_, step, span) in steps.iter().skip(1) {
            fault = fault.related(*span, format!("`{step}` extends from here"));
        }
        self.diagnostics.push(fault);
    }
}

/// Marks what comes from the base with the place of `extends`.
fn used_at(mut base: Node, span: Span) -> Node {
    if let Some(map) = base.as_map_mut() {
        for entry in map {
            entry.node.used_at.get_or_insert(span);
        }
    }
    base
}
