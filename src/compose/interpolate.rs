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

/// An operator as written.
#[derive(Debug, Clone, Copy)]
struct Sign {
    kind: Operator,
    /// With a colon.
    empty_is_unset: bool,
}

/// A reference by its bytes in the template.
struct Parts {
    name: Range<usize>,
    operand: Option<(Sign, Range<usize>)>,
    range: Range<usize>,
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

enum Token {
    /// Bytes that stay as they are; for `$$` the second dollar.
    Text(Range<usize>),
    Reference(Parts),
    /// `${` that begins no reference, and the text that Compose quotes for it.
    Invalid {
        start: usize,
        within: Range<usize>,
    },
}

/// Cuts a part of a template into tokens.
struct Scanner<'a> {
    template: &'a str,
    part: Range<usize>,
    position: usize,
    /// After a reference with an operator, Compose treats the rest up to the last brace of the line as a template of
    /// its own; it shows in errors only.
    rest: Range<usize>,
    /// The line looked at last, and its last closing brace.
    line: (Range<usize>, Option<usize>),
}

impl<'a> Scanner<'a> {
    fn new(template: &'a str, part: Range<usize>) -> Self {
        Self { template, position: part.start, rest: 0..0, line: (0..0, None), part }
    }

    fn next_token(&mut self) -> Option<Token> {
        let bytes = &self.template.as_bytes()[..self.part.end];
        let start = self.position;
        if start >= bytes.len() {
            return None;
        }
        let mut at = start;
        while let Some(offset) = bytes[at..].iter().position(|byte| *byte == b'$') {
            at += offset;
            let named = self.name_at(at + 1);
            match bytes.get(at + 1) {
                Some(b'$' | b'{') => {}
                _ if !named.is_empty() => {}
                // A dollar that begins nothing is kept.
                _ => {
                    at += 1;
                    continue;
                }
            }
            if at > start {
                self.position = at;
                return Some(Token::Text(start..at));
            }
            return Some(if bytes[at + 1] == b'$' {
                self.position = at + 2;
                Token::Text(at + 1..at + 2)
            } else if bytes[at + 1] == b'{' {
                self.braced(at)
            } else {
                self.position = named.end;
                Token::Reference(Parts { range: at..named.end, name: named, operand: None })
            });
        }
        self.position = bytes.len();
        Some(Token::Text(start..bytes.len()))
    }

    /// The name that begins here; empty when none does.
    fn name_at(&self, start: usize) -> Range<usize> {
        let text = &self.template[..self.part.end];
        let length = text.get(start..).map_or(0, |text| {
            text.char_indices()
                .find(|(at, character)| !(is_name_start(*character) || *at > 0 && character.is_ascii_digit()))
                .map_or(text.len(), |(at, _)| at)
        });
        start..start + length
    }

    /// A reference in braces whose dollar is at `start`.
    fn braced(&mut self, start: usize) -> Token {
        let bytes = &self.template.as_bytes()[..self.part.end];
        let name = self.name_at(start + 2);
        if name.is_empty() {
            return self.invalid(start);
        }
        let (sign, operand_start) = match &bytes[name.end..] {
            [b'}', ..] => {
                self.position = name.end + 1;
                return Token::Reference(Parts { range: start..self.position, name, operand: None });
            }
            [b':', sign @ (b'-' | b'+' | b'?'), ..] => (Sign::new(*sign, true), name.end + 2),
            [sign @ (b'-' | b'+' | b'?'), ..] => (Sign::new(*sign, false), name.end + 1),
            _ => return self.invalid(start),
        };
        // The pattern takes all up to the last brace of the line; then the matching brace is looked for in that.
        let Some(last) = self.last_brace(operand_start) else {
            return self.invalid(start);
        };
        let close = closing_brace(&bytes[start..=last]).map_or(last, |offset| start + offset);
        self.position = close + 1;
        self.rest = self.position..last + 1;
        let range = start..self.position;
        Token::Reference(Parts { name, operand: Some((sign, operand_start..close)), range })
    }

    /// The last closing brace at or after `from` in its line.
    fn last_brace(&mut self, from: usize) -> Option<usize> {
        let bytes = &self.template.as_bytes()[..self.part.end];
        if !self.line.0.contains(&from) {
            let end = bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |offset| from + offset);
            let last = bytes[from..end].iter().rposition(|byte| *byte == b'}').map(|offset| from + offset);
            self.line = (from..end, last);
        }
        self.line.1.filter(|last| *last >= from)
    }

    fn invalid(&mut self, start: usize) -> Token {
        let within = if self.rest.contains(&start) { self.rest.clone() } else { self.part.clone() };
        self.position = start + 2;
        Token::Invalid { start, within }
    }
}

impl Sign {
    fn new(sign: u8, empty_is_unset: bool) -> Self {
        let kind = match sign {
            b'-' => Operator::Default,
            b'+' => Operator::Alternative,
            _ => Operator::Required,
        };
        Self { kind, empty_is_unset }
    }
}

/// Letters that Go's case-insensitive `[_a-z]` matches; the long s and the Kelvin sign fold to ASCII letters.
fn is_name_start(character: char) -> bool {
    matches!(character, '_' | 'a'..='z' | 'A'..='Z' | '\u{17f}' | '\u{212a}')
}

/// The brace that closes the first one, as compose-go counts: the byte after every opening brace is skipped.
fn closing_brace(bytes: &[u8]) -> Option<usize> {
    let mut open = 0usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'}' => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Some(at);
                }
            }
            b'{' => {
                open += 1;
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
#[path = "interpolate_tests.rs"]
mod tests;
