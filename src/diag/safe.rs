// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Words of others (probes, logs, engines) made safe to show: secrets hidden, nothing that steers a terminal.

use super::redact::{Redaction, mask_in};

/// The text on one line: the given secrets and whatever looks like one hidden, control characters made visible.
#[must_use]
pub fn safe_line(text: &str, secrets: &[String]) -> String {
    let known: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let masked = mask_in(text, &known).into_owned();
    visible(Redaction::new(&masked, &[]).text())
}

/// The text on one line, without characters that would steer a terminal or turn the reading direction.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\n' | '\r' | '\t' => ' ',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            letter if letter.is_control() => '\u{fffd}',
            letter => letter,
        })
        .collect()
}

/// The text with its colours (SGR sequences) and nothing else that steers a terminal; without them too where `colours`
/// says so.
#[must_use]
pub fn without_steering(text: &str, colours: Colours) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        kept.push_str(&visible_but_tabs(&rest[..at]));
        rest = &rest[at + 1..];
        let (sequence, after) = sequence(rest);
        if colours == Colours::Kept && is_colour(sequence) {
            kept.push('\u{1b}');
            kept.push_str(sequence);
        }
        rest = after;
    }
    kept.push_str(&visible_but_tabs(rest));
    kept
}

/// Whether a sequence only dresses what follows. With other signs among its numbers it sets modes of the terminal.
fn is_colour(sequence: &str) -> bool {
    let numbers = sequence.strip_prefix('[').and_then(|rest| rest.strip_suffix('m'));
    numbers.is_some_and(|numbers| numbers.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':')))
}

/// Whether colours in the words of others stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// They do.
    Kept,
    /// They do not.
    Dropped,
}

fn visible_but_tabs(text: &str) -> String {
    text.split('\t').map(visible).collect::<Vec<_>>().join("\t")
}

/// The escape sequence that a text begins with, after its escape character, and what follows (ECMA-48: `[`, parameters,
/// one final letter; `]`, anything, a bell or string end; else one letter).
fn sequence(text: &str) -> (&str, &str) {
    let mut letters = text.char_indices();
    let end = match letters.next() {
        None => 0,
        Some((_, '[')) => letters
            .find(|(_, letter)| !('\u{20}'..='\u{3f}').contains(letter))
            .map_or(text.len(), |(at, letter)| at + letter.len_utf8()),
        Some((_, ']')) => {
            text.find('\u{7}').map(|at| at + 1).or_else(|| text.find("\u{1b}\\").map(|at| at + 2)).unwrap_or(1)
        }
        Some((_, letter)) => letter.len_utf8(),
    };
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_by_value_and_by_name() {
        let shown = safe_line("login with hunter22 failed\npassword=swordfish99", &["hunter22".to_owned()]);
        assert!(!shown.contains("hunter22") && !shown.contains("swordfish99") && !shown.contains('\n'), "{shown}");
    }

    #[test]
    fn only_colours_get_through_and_only_on_request() {
        let text = "\u{1b}[31mred\u{1b}[0m\u{1b}[2J\u{1b}]0;title\u{7}\tend\u{7}";
        assert_eq!(without_steering(text, Colours::Kept), "\u{1b}[31mred\u{1b}[0m\tend\u{fffd}");
        assert_eq!(without_steering(text, Colours::Dropped), "red\tend\u{fffd}");
        assert_eq!(without_steering("\u{1b}", Colours::Kept), "");
        // Which keys the terminal tells apart, and where its cursor is: no colours.
        assert_eq!(without_steering("\u{1b}[>4;2ma\u{1b}[?1mb\u{1b}[4:3mc", Colours::Kept), "ab\u{1b}[4:3mc");
        assert_eq!(without_steering("\u{1b}[31", Colours::Kept), "");
        assert_eq!(without_steering("\u{1b}é", Colours::Kept), "");
    }
}
