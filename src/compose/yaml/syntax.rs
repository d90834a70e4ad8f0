// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Syntax errors of the parser with a next step.
//!
//! Limits: the words of the message are the parser's; only its quotes are made ours.

use crate::diag::{Diagnostic, Span};

/// Parts of the parser's messages, and what to do about them.
const STEPS: &[(&str, &str)] = &[
    ("tab", "indent with spaces, not with tabs"),
    ("quoted scalar", "close the quote, here or on a line above"),
    ("unexpected character", "put the value in quotes"),
    ("cannot start any token", "put the value in quotes"),
    ("mapping values", "put a text with `: ` in it in quotes, or check the indentation"),
    ("flow", "close the bracket, here or on a line above"),
    ("unclosed", "close the bracket, here or on a line above"),
    ("placement of ':'", "close what is open above, or put the value in quotes"),
    ("invalid indentation", "check the indentation, and close what is open above"),
    ("unknown anchor", "define the anchor above, with `&name`"),
    ("expected key", "check the indentation here and on the lines above"),
];

/// The fault of a syntax error.
pub(super) fn fault(span: Span, info: &str) -> Diagnostic {
    let step = STEPS.iter().find(|(part, _)| info.contains(part));
    let hint = step.map_or("check the indentation and the quotes, here and on the line above", |(_, hint)| hint);
    super::fault(span, own_quotes(info)).hint(hint)
}

/// `` `x' `` as `` `x` ``.
fn own_quotes(info: &str) -> String {
    let mut text = String::with_capacity(info.len());
    let mut is_open = false;
    for letter in info.chars() {
        let closes = is_open && letter == '\'';
        is_open = letter == '`' || (is_open && !closes);
        text.push(if closes { '`' } else { letter });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::yaml::parse;
    use crate::diag::SourceMap;

    fn hint(text: &str) -> String {
        let file = SourceMap::default().add("a.yml".to_owned(), text);
        let faults = parse(file, text).faults;
        faults.into_iter().find_map(|fault| fault.hint).unwrap_or_default()
    }

    #[test]
    fn syntax_errors_have_a_next_step() {
        for (text, step) in [
            ("a:\n\tb: c\n", "indent with spaces"),
            ("a: \"b\nc: d\n", "close the quote"),
            ("a: %b\n", "put the value in quotes"),
            ("a: [b, c\n", "close the bracket"),
            ("a: [b, c\nd: e\n", "above"),
            ("a: *b\n", "define the anchor"),
            ("a: b: c\n", "in quotes"),
        ] {
            assert!(hint(text).contains(step), "{text}: {}", hint(text));
        }
    }

    #[test]
    fn quotes_of_messages_are_ours() {
        assert_eq!(own_quotes("unexpected character: `%'"), "unexpected character: `%`");
        assert_eq!(own_quotes("it isn't so"), "it isn't so");
    }
}
