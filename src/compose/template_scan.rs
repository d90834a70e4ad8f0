// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Cuts a template into text and variable references, by bytes.
//!
//! Limits: evaluates nothing; stands in for the regular expression of compose-go's `template` package.

use std::ops::Range;

use super::model::Operator;

/// An operator as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sign {
    pub(super) kind: Operator,
    /// With a colon.
    pub(super) empty_is_unset: bool,
}

/// A reference by its bytes in the template.
pub(super) struct Parts {
    pub(super) name: Range<usize>,
    pub(super) operand: Option<(Sign, Range<usize>)>,
    pub(super) range: Range<usize>,
}

/// A piece of a template.
pub(super) enum Token {
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
pub(super) struct Scanner<'a> {
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
    pub(super) fn new(template: &'a str, part: Range<usize>) -> Self {
        Self { template, position: part.start, rest: 0..0, line: (0..0, None), part }
    }

    /// The next piece, until nothing is left.
    pub(super) fn next_token(&mut self) -> Option<Token> {
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
