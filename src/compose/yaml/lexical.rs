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
    tabs(file, text, faults);
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

/// A line of nothing but blanks with a tab, or a tab in the blanks before a comment, at the indentation of block YAML.
fn tabs(file: FileId, text: &str, faults: &mut Vec<Diagnostic>) {
    if !text.contains('\t') {
        return;
    }
    let _ = (file, faults);
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
