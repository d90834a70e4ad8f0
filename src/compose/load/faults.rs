// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the steps find wrong, put together: one fault is one finding, and a fault that a variable makes names it.

use std::collections::HashSet;

use crate::compose::model::{Operator, VariableUse};
use crate::diag::{Diagnostic, Level, Span};

use super::Loader;

impl Loader<'_> {
    /// Adds the faults of a later step, but not a second one about a place that an earlier step refused.
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

    /// In order of files and places, each once; references noted once each.
    pub(super) fn tidy(&mut self) {
        if self.request.interpolate {
            self.blame_variables();
        }
        self.diagnostics
            .sort_by(|a, b| (a.primary.span, a.rule, &a.message).cmp(&(b.primary.span, b.rule, &b.message)));
        self.diagnostics
            .dedup_by(|a, b| a.primary.span == b.primary.span && a.rule == b.rule && a.message == b.message);
        self.variables.retain(|variable| !variable.path.starts_with("x-"));
        self.variables.sort_by(|a, b| (a.span, &a.name).cmp(&(b.span, &b.name)));
        self.variables.dedup_by(|a, b| a.span == b.span && a.name == b.name);
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
}
