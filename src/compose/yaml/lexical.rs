// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What Go's yaml.v3 refuses or reads differently although the YAML parser here does not mind.
//!
//! Source: the character classes of yaml.v3's reader ("control characters are not allowed") and its version check.

use crate::diag::{Diagnostic, FileId, Span};

use super::fault;

/// Appends a fault for every character or directive that Compose's parser refuses outright.
pub(super) fn check(file: FileId, text: &str, faults: &mut Vec<Diagnostic>) {
    control_characters(file, text, faults);
    version_directive(file, text, faults);
}

fn control_characters(file: FileId, text: &str, faults: &mut Vec<Diagnostic>) {
    let suspicious = text.bytes().any(|b| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || b >= 0x7F);
    if !suspicious {
        return;
    }
    for (at, character) in text.char_indices() {
        let refused = match character {
            '\t' | '\n' | '\r' | '\u{85}' => false,
            '\u{feff}' => at != 0,
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => true,
            _ => false,
        };
        if refused {
            let span = Span::new(file, at, at + character.len_utf8());
            let code = character as u32;
            let what =
                if character == '\u{feff}' { "a byte order mark inside the file" } else { "a control character" };
            faults.push(fault(span, format!("{what} (U+{code:04X}) is not allowed")).hint("remove the character"));
        }
    }
}

/// yaml.v3 reads YAML 1.1 only: any other `%YAML` line is "incompatible".
fn version_directive(file: FileId, text: &str, faults: &mut Vec<Diagnostic>) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(version) = line.trim_end().trim_start_matches('\u{feff}').strip_prefix("%YAML ")
            && version.split_whitespace().next() != Some("1.1")
        {
            let end = start + line.trim_end().len();
            faults.push(
                fault(Span::new(file, start, end), "Compose reads YAML 1.1 only and refuses this version directive")
                    .hint("remove the `%YAML` line"),
            );
        }
        start += line.len();
    }
}

/// Walks along the tokens and looks at what stands between them, and at line breaks inside them.
pub(super) struct Between<'t> {
    file: FileId,
    text: &'t str,
    end: usize,
    after_plain: bool,
}

/// What a token is, as far as the blanks around it matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A scalar without quotes.
    Plain,
    /// A scalar in quotes: may hold any line break.
    Quoted,
    /// A block scalar.
    Block,
    /// A comment.
    Comment,
    /// Anything else.
    Other,
}

/// Where the token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// Inside brackets or braces, where tabs are blanks.
    Flow,
    /// Elsewhere.
    Block,
}

impl<'t> Between<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        Self { file, text, end: 0, after_plain: false }
    }

    /// Looks at the text from the last token to the end of this one.
    pub(super) fn step(&mut self, span: Span, token: Token, context: Context, faults: &mut Vec<Diagnostic>) {
        let (start, end) = (span.start as usize, span.end as usize);
        if start > self.end && context == Context::Block {
            self.tabs(start, faults);
        }
        if matches!(token, Token::Plain | Token::Block | Token::Comment) {
            self.breaks(span, faults);
        }
        if end > self.end || start > self.end {
            self.end = end.max(start);
            self.after_plain = token == Token::Plain;
        }
    }

    /// A tab among the blanks that open a line: no indentation for yaml.v3, not even before a comment or on an empty line.
    /// After a scalar without quotes it may still stand behind a blank.
    fn tabs(&self, until: usize, faults: &mut Vec<Diagnostic>) {
        let gap = &self.text[self.end..until];
        if !gap.contains('\t') {
            return;
        }
        let first = (self.end == 0).then_some(0);
        for start in first.into_iter().chain(gap.match_indices('\n').map(|(newline, _)| newline + 1)) {
            let line = &gap[start..];
            let blanks = line.len() - line.trim_start_matches(' ').len();
            if line[blanks..].starts_with('\t') && (blanks == 0 || !self.after_plain) {
                let at = self.end + start + blanks;
                faults.push(
                    fault(Span::new(self.file, at, at + 1), "a tab cannot indent a line")
                        .hint("use blanks for indentation"),
                );
            }
        }
    }

    /// yaml.v3 ends a line at U+0085, U+2028 and U+2029 too, and then reads the rest as something else.
    fn breaks(&self, span: Span, faults: &mut Vec<Diagnostic>) {
        let raw = &self.text[span.range()];
        if raw.is_ascii() {
            return;
        }
        for (at, character) in raw.char_indices() {
            if matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}') {
                let code = character as u32;
                faults.push(
                    fault(
                        span.slice(at, at + character.len_utf8()),
                        format!("Compose ends the line at this character (U+{code:04X})"),
                    )
                    .hint("remove the character, or put the text in quotes"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<(usize, String)> {
        let mut faults = Vec::new();
        check(FileId::from_index(0), text, &mut faults);
        faults.into_iter().map(|f| (f.primary.span.start as usize, f.message)).collect()
    }

    #[test]
    fn control_characters_are_found_where_they_are() {
        assert_eq!(messages("a: \"\u{7}\"")[0].0, 4);
        assert_eq!(messages("a: 1\0")[0].0, 4);
        assert_eq!(messages("a: \u{feff}b")[0].0, 3);
        assert!(messages("\u{feff}a: 1\r\n\tb: é").is_empty());
    }

    #[test]
    fn other_yaml_versions_are_refused() {
        assert_eq!(messages("%YAML 1.2\n---\na: 1\n").len(), 1);
        assert!(messages("%YAML 1.1\n---\na: 1\n").is_empty());
    }
}
