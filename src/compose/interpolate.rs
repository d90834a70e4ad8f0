// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Replaces variable references in scalars: `$NAME`, `${NAME}` and the operators `:-  -  :+  +  :?  ?`.
//!
//! Follows compose-go's `template` package to the letter, oddities included: the operand of an operator is evaluated
//! even when it is not needed, and a brace after a brace is not counted.
//!
//! Limits: operands may nest 64 deep; Compose has no limit but the memory.

use std::collections::BTreeMap;
use std::ops::Range;

use super::gofmt::quote;
use super::model::Operator;
use super::template_scan::{Parts, Scanner, Token};

pub use super::locate::{Locator, locate};

/// How deep operands may hold references in their turn.
const MAX_DEPTH: usize = 64;

/// Where values of variables come from.
pub trait Lookup {
    /// The value of a variable; `None` when it is not set.
    fn get(&self, name: &str) -> Option<&str>;
}

impl Lookup for BTreeMap<String, String> {
    fn get(&self, name: &str) -> Option<&str> {
        Self::get(self, name).map(String::as_str)
    }
}

/// What becomes of a required variable without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is an error, as in Compose.
    Fault,
    /// It is empty, and noted in `Interpolated::required_unset`.
    Empty,
}

/// One reference to a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The name.
    pub name: String,
    /// How an unset variable is treated.
    pub operator: Operator,
    /// The default, alternative or message as written; `None` without an operator.
    pub operand: Option<String>,
    /// Bytes in the template, from `$` to the end of the name or the closing brace.
    pub range: Range<usize>,
    /// Whether it stands in the operand of another reference.
    pub nested: bool,
}

/// A plain reference without a value: it becomes empty, with a warning in Compose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unset {
    /// The name.
    pub name: String,
    /// Bytes in the template.
    pub range: Range<usize>,
}

/// A required variable without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredUnset {
    /// The name.
    pub name: String,
    /// The message, interpolated; may be empty.
    pub message: String,
    /// Bytes in the template.
    pub range: Range<usize>,
}

/// A template with its variables replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interpolated {
    /// The text.
    pub value: String,
    /// Every reference, outer before inner, in order.
    pub references: Vec<Reference>,
    /// Plain references without a value, also in operands that are not used: Compose warns of them too.
    pub unset: Vec<Unset>,
    /// Required variables without a value, when these are no fault.
    pub required_unset: Vec<RequiredUnset>,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateErrorKind {
    /// `${` that begins no reference.
    #[error("Invalid template: {}", quote(.template))]
    Invalid {
        /// The text that Compose names: the operand when the fault is in one.
        template: String,
    },
    /// A required variable is unset, or empty with `:?`.
    #[error("required variable {name} is missing a value{}{message}", if .message.is_empty() { "" } else { ": " })]
    Required {
        /// The name.
        name: String,
        /// The message, interpolated; may be empty.
        message: String,
    },
    /// Operands nest deeper than the limit.
    #[error("variables nest more than {MAX_DEPTH} deep")]
    TooDeep,
}

/// Why a template has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct TemplateError {
    /// What is wrong.
    pub kind: TemplateErrorKind,
    /// Bytes in the template.
    pub range: Range<usize>,
}

/// Whether a text needs `interpolate` at all; most do not.
#[must_use]
pub fn has_dollar(text: &str) -> bool {
    text.as_bytes().contains(&b'$')
}

/// Replaces the variables of a template; a required one without a value is an error.
///
/// # Errors
/// A malformed reference, or a required variable without a value.
pub fn interpolate(template: &str, lookup: &dyn Lookup) -> Result<Interpolated, TemplateError> {
    interpolate_with(template, lookup, Missing::Fault)
}

/// Replaces the variables of a template.
///
/// # Errors
/// A malformed reference, or, with `Missing::Fault`, a required variable without a value.
pub fn interpolate_with(template: &str, lookup: &dyn Lookup, missing: Missing) -> Result<Interpolated, TemplateError> {
    if !has_dollar(template) {
        return Ok(Interpolated { value: template.to_owned(), ..Interpolated::default() });
    }
    let mut expansion = Expansion { template, lookup, missing, found: Interpolated::default() };
    let value = expansion.expand(0..template.len(), 0)?;
    expansion.found.value = value;
    Ok(expansion.found)
}

/// Every reference in a template, without evaluating any; malformed ones are left out.
#[must_use]
pub fn references(template: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    if has_dollar(template) {
        collect(template, 0..template.len(), 0, &mut found);
    }
    found
}

fn collect(template: &str, range: Range<usize>, depth: usize, found: &mut Vec<Reference>) {
    let mut scanner = Scanner::new(template, range);
    while let Some(token) = scanner.next_token() {
        if let Token::Reference(parts) = token {
            found.push(parts.reference(template, depth));
            if let Some((_, operand)) = parts.operand
                && depth < MAX_DEPTH
            {
                collect(template, operand, depth + 1, found);
            }
        }
    }
}

/// The state of one `interpolate`.
struct Expansion<'a> {
    template: &'a str,
    lookup: &'a dyn Lookup,
    missing: Missing,
    found: Interpolated,
}

impl Expansion<'_> {
    /// The value of a part of the template.
    fn expand(&mut self, range: Range<usize>, depth: usize) -> Result<String, TemplateError> {
        if depth > MAX_DEPTH {
            return Err(TemplateError { kind: TemplateErrorKind::TooDeep, range });
        }
        let mut value = String::with_capacity(range.len());
        let mut scanner = Scanner::new(self.template, range);
        while let Some(token) = scanner.next_token() {
            match token {
                Token::Text(text) => value.push_str(&self.template[text]),
                Token::Invalid { start, within } => return Err(self.invalid(start, within)),
                Token::Reference(parts) => self.replace(&parts, depth, &mut value)?,
            }
        }
        Ok(value)
    }

    fn invalid(&self, start: usize, within: Range<usize>) -> TemplateError {
        let text = &self.template[start..within.end];
        // All of it when a brace closes it in its line, else the opening alone.
        let length = text.lines().next().and_then(|line| line.find('}')).map_or(2, |at| at + 1);
        let kind = TemplateErrorKind::Invalid { template: self.template[within].to_owned() };
        TemplateError { kind, range: start..start + length }
    }

    fn replace(&mut self, parts: &Parts, depth: usize, value: &mut String) -> Result<(), TemplateError> {
        self.found.references.push(parts.reference(self.template, depth));
        let name = &self.template[parts.name.clone()];
        let Some((operator, operand)) = &parts.operand else {
            match self.lookup.get(name) {
                Some(text) => value.push_str(text),
                None => self.found.unset.push(Unset { name: name.to_owned(), range: parts.range.clone() }),
            }
            return Ok(());
        };
        // Compose 2.40 evaluates the operand before it looks whether it needs it: `${SET:-${UNSET:?}}` fails.
        let operand = self.expand(operand.clone(), depth + 1)?;
        let current = self.lookup.get(name);
        let counts = current.filter(|text| !(operator.empty_is_unset && text.is_empty()));
        match operator.kind {
            Operator::Default => value.push_str(counts.unwrap_or(&operand)),
            Operator::Alternative => value.push_str(counts.map_or(current.unwrap_or(""), |_| &operand)),
            Operator::Plain | Operator::Required => match (counts, self.missing) {
                (Some(text), _) => value.push_str(text),
                (None, Missing::Empty) => self.found.required_unset.push(RequiredUnset {
                    name: name.to_owned(),
                    message: operand,
                    range: parts.range.clone(),
                }),
                (None, Missing::Fault) => {
                    let kind = TemplateErrorKind::Required { name: name.to_owned(), message: operand };
                    return Err(TemplateError { kind, range: parts.range.clone() });
                }
            },
        }
        Ok(())
    }
}

impl Parts {
    fn reference(&self, template: &str, depth: usize) -> Reference {
        Reference {
            name: template[self.name.clone()].to_owned(),
            operator: self.operand.as_ref().map_or(Operator::Plain, |(sign, _)| sign.kind),
            operand: self.operand.as_ref().map(|(_, operand)| template[operand.clone()].to_owned()),
            range: self.range.clone(),
            nested: depth > 0,
        }
    }
}

#[cfg(test)]
#[path = "interpolate_tests.rs"]
mod tests;
