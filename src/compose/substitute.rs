// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Variables replaced in a whole tree, every reference noted, and the results cast to what the place wants.
//!
//! Source: Compose 2.40. Only values are replaced, never keys; every string at a typed place is cast, also one without
//! variables (`privileged: "true"`); a value is never replaced twice.

use std::rc::Rc;

use super::interpolate::{self, Lookup, Missing, TemplateErrorKind};
use super::model::VariableUse;
use super::path::Path;
use super::schema::{Cast, cast_for};
use super::{Node, Value, scalar};
use crate::diag::{Diagnostic, Level, SourceMap, Span};

/// Replaces variables in a tree.
pub(super) struct Substitution<'a> {
    /// Values of variables.
    pub lookup: &'a dyn Lookup,
    /// Values that stand in for validation only.
    pub examples: &'a dyn Lookup,
    /// What an unset required variable does.
    pub missing: Missing,
    /// The texts, to find the bytes of a reference.
    pub sources: &'a SourceMap,
    /// Where references are noted.
    pub variables: &'a mut Vec<VariableUse>,
    /// Where faults are noted.
    pub faults: &'a mut Vec<Diagnostic>,
}

impl Substitution<'_> {
    /// Replaces variables in `node` and below.
    pub(super) fn apply(&mut self, node: &mut Node, path: &Path<'_>) {
        match &mut node.value {
            Value::Map(map) => {
                for entry in map {
                    let child = path.child(&entry.key);
                    self.apply(&mut entry.node, &child);
                }
            }
            Value::Seq(items) => {
                for item in items {
                    let child = path.child("[]");
                    self.apply(item, &child);
                }
            }
            Value::Str(_) => self.scalar(node, path),
            _ => {}
        }
    }

    /// Notes the references in `node` and below, and replaces nothing.
    pub(super) fn observe(&mut self, node: &Node, path: &Path<'_>) {
        match &node.value {
            Value::Map(map) => map.iter().for_each(|entry| self.observe(&entry.node, &path.child(&entry.key))),
            Value::Seq(items) => items.iter().for_each(|item| self.observe(item, &path.child("[]"))),
            Value::Str(text) if text.contains('$') => {
                self.note(text, node, path, &interpolate::references(text));
            }
            _ => {}
        }
    }

    fn scalar(&mut self, node: &mut Node, path: &Path<'_>) {
        let Value::Str(text) = &node.value else { return };
        if text.contains('$') {
            let text: Rc<str> = text.as_str().into();
            match interpolate::interpolate_with(&text, self.lookup, self.missing) {
                Ok(result) => {
                    self.note(&text, node, path, &result.references);
                    node.value = Value::Str(result.value);
                }
                Err(error) => {
                    let range = error.range.clone();
                    let span = self.place(node, &text, range);
                    self.note(&text, node, path, &interpolate::references(&text));
                    let fault = match error.kind {
                        TemplateErrorKind::Required { name, message } => {
                            let why = if message.is_empty() { String::new() } else { format!(": {message}") };
                            Diagnostic::new(
                                "unset-variable",
                                Level::Error,
                                span,
                                path.to_string(),
                                format!("required variable `{name}` is missing a value{why}"),
                            )
                            .hint(format!("set `{name}` in the environment or in `.env`"))
                        }
                        _ => Diagnostic::new(
                            "schema-invalid",
                            Level::Error,
                            span,
                            path.to_string(),
                            "invalid variable reference",
                        )
                        .hint("write `${NAME}` with letters, digits and `_`, or `$$` for a dollar sign"),
                    };
                    self.faults.push(fault);
                    return;
                }
            }
        }
        self.cast(node, path);
    }

    /// The bytes of a reference, or the whole scalar where they cannot be told.
    fn place(&self, node: &Node, text: &str, range: std::ops::Range<usize>) -> Span {
        let raw = self.sources.slice(node.span);
        super::locate(raw, text, range).map_or(node.span, |found| node.span.slice(found.start, found.end))
    }

    fn note(&mut self, text: &str, node: &Node, path: &Path<'_>, references: &[interpolate::Reference]) {
        for reference in references {
            let span = self.place(node, text, reference.range.clone());
            let is_set = self.lookup.get(&reference.name).is_some() || self.examples.get(&reference.name).is_some();
            self.variables.push(VariableUse {
                name: reference.name.clone(),
                span,
                operator: reference.operator,
                is_set,
                operand: reference.operand.clone(),
                path: path.to_string(),
            });
        }
    }

    fn cast(&mut self, node: &mut Node, path: &Path<'_>) {
        let Value::Str(text) = &node.value else { return };
        let Some(cast) = path.with_keys(cast_for) else { return };
        let value = match cast {
            Cast::Bool => scalar::parse_bool_word(text).map(Value::Bool),
            Cast::Int => text.parse().ok().map(Value::Int),
            Cast::Float | Cast::Float32 => text.parse::<f64>().ok().map(Value::Float),
        };
        if let Some(value) = value {
            node.value = value;
        } else {
            let wanted = match cast {
                Cast::Bool => "a boolean",
                Cast::Int => "a whole number",
                Cast::Float | Cast::Float32 => "a number",
            };
            self.faults.push(Diagnostic::new(
                "schema-invalid",
                Level::Error,
                node.span,
                path.to_string(),
                format!("`{path}` must be {wanted}, not `{text}`"),
            ));
        }
    }
}
