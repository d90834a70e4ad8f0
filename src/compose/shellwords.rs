// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Splits a command given as one string into words, as Compose does for `command`, `entrypoint` and the like.
//!
//! Limits: this is no shell. Compose silently drops everything from the first unquoted `&`, `|`, `;`, `<` or `>` on;
//! variables, globs and backticks mean nothing.

use std::ops::Range;

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Without quotes and backslashes.
    pub text: String,
    /// The bytes it takes in the input, quotes included.
    pub range: Range<usize>,
}

/// A command split into words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// The words in order.
    pub words: Vec<Word>,
    /// Where Compose stops reading: the offset of the first unquoted `&`, `|`, `;`, `<` or `>`.
    pub cut_at: Option<usize>,
}

/// An open quote or substitution, an unquoted parenthesis, or a backslash at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("invalid command line string")]
pub struct SplitError;

/// What is open. Not one state but four: the library lets quotes open inside of backticks.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent states, as in the library that is followed")]
struct Open {
    single: bool,
    double: bool,
    backtick: bool,
    dollar: bool,
}

impl Open {
    fn any(&self) -> bool {
        self.single || self.double || self.backtick || self.dollar
    }

    fn quote(&self) -> bool {
        self.single || self.double
    }
}

/// The word being read.
struct Pending {
    text: String,
    range: Range<usize>,
    /// An empty pair of quotes makes a word, an opening quote alone does not.
    is_word: bool,
}

impl Pending {
    fn new() -> Self {
        Self { text: String::new(), range: 0..0, is_word: false }
    }

    /// Takes note that bytes of the input belong to the word.
    fn cover(&mut self, range: Range<usize>) {
        if self.range.is_empty() {
            self.range = range;
        } else {
            self.range.end = range.end;
        }
    }

    fn push(&mut self, character: char) {
        self.text.push(character);
        self.is_word = true;
    }

    fn finish(&mut self, words: &mut Vec<Word>) {
        let done = std::mem::replace(self, Self::new());
        if done.is_word {
            words.push(Word { text: done.text, range: done.range });
        }
    }
}

/// Splits a command.
///
/// Source: mattn/go-shellwords 1.0.12 with its defaults, which compose-go calls.
///
/// # Errors
/// What Compose refuses: see `SplitError`.
pub fn split(input: &str) -> Result<Words, SplitError> {
    let mut result = Words::default();
    let mut pending = Pending::new();
    let mut open = Open::default();
    let mut escaped = false;
    for (start, character) in input.char_indices() {
        let range = start..start + character.len_utf8();
        if escaped {
            escaped = false;
            pending.cover(range);
            // Outside of quotes too: `\t` is a tab and `\n` a line break.
            pending.push(match character {
                't' => '\t',
                'n' => '\n',
                other => other,
            });
            continue;
        }
        let is_blank = matches!(character, ' ' | '\t' | '\r' | '\n');
        if is_blank && !open.any() {
            pending.finish(&mut result.words);
            continue;
        }
        if character == '\\' && !open.single {
            pending.cover(range);
            escaped = true;
            continue;
        }
        match character {
            '`' if !open.quote() && !open.dollar => open.backtick = !open.backtick,
            // A lone `)` opens what another one must close; the library does so and then fails at the end.
            ')' if !open.quote() && !open.backtick => open.dollar = !open.dollar,
            '(' if !open.quote() && !open.backtick => {
                if open.dollar || !pending.text.ends_with('$') {
                    return Err(SplitError);
                }
                open.dollar = true;
            }
            '"' if !open.single && !open.dollar => {
                pending.is_word |= open.double;
                open.double = !open.double;
                pending.cover(range);
                continue;
            }
            '\'' if !open.double && !open.dollar => {
                pending.is_word |= open.single;
                open.single = !open.single;
                pending.cover(range);
                continue;
            }
            ';' | '&' | '|' | '<' | '>' if !open.any() => {
                // The digit of `2>` is no word.
                if character == '>' && pending.text.starts_with(|first: char| first.is_ascii_digit()) {
                    pending = Pending::new();
                }
                result.cut_at = Some(start);
                break;
            }
            _ => {}
        }
        pending.cover(range);
        pending.push(character);
    }
    if escaped || open.any() {
        return Err(SplitError);
    }
    pending.finish(&mut result.words);
    Ok(result)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(input: &str) -> Option<Vec<String>> {
        split(input).ok().map(|split| split.words.into_iter().map(|word| word.text).collect())
    }

    #[test]
    fn quotes_and_backslashes_join_words() {
        for (input, expected) in [
            ("", vec![]),
            ("  ", vec![]),
            ("echo \"hello world\" 'a b' c\\ d", vec!["echo", "hello world", "a b", "c d"]),
            ("a\nb\tc\r\nd", vec!["a", "b", "c", "d"]),
            ("a \"\" ''", vec!["a", "", ""]),
            ("a'b'\"c\"d", vec!["abcd"]),
            ("'a\\nb' \"a\\\"b\" a\\nb", vec!["a\\nb", "a\"b", "a\nb"]),
            ("a `b` c", vec!["a", "`b`", "c"]),
            ("a `b c` d", vec!["a", "`b c`", "d"]),
            ("`b \"c  d\"` e", vec!["`b c  d`", "e"]),
            ("a b#c # d", vec!["a", "b#c", "#", "d"]),
            ("a *.txt ~/x", vec!["a", "*.txt", "~/x"]),
            ("echo $(a b) c", vec!["echo", "$(a b)", "c"]),
            ("a 'x && (y)' z", vec!["a", "x && (y)", "z"]),
        ] {
            assert_eq!(words(input).unwrap_or_else(|| vec!["refused".to_owned()]), expected, "{input}");
        }
    }

    #[test]
    fn shell_operators_cut_the_rest_off() {
        for (input, at) in
            [("a && b", 2), ("a | b", 2), ("a > f", 2), ("a; b", 1), ("a & b", 2), ("a < f", 2), ("a 2>&1", 3)]
        {
            let split = split(input);
            assert_eq!(split.as_ref().map(|split| split.cut_at), Ok(Some(at)), "{input}");
            assert_eq!(words(input), Some(vec!["a".to_owned()]), "{input}");
        }
    }

    #[test]
    fn what_is_open_at_the_end_is_refused() {
        for input in ["echo \"oops", "echo 'oops", "a `b", "a $(b", "(a)", "a (b", "a )", "a\\", "$(a $(b))"] {
            assert_eq!(split(input), Err(SplitError), "{input}");
        }
    }

    #[test]
    fn words_know_their_bytes() {
        let input = "sh -c \"é x\" a\\ b";
        let slices: Vec<_> = split(input)
            .map(|split| split.words)
            .unwrap_or_default()
            .into_iter()
            .map(|word| &input[word.range])
            .collect();
        assert_eq!(slices, ["sh", "-c", "\"é x\"", "a\\ b"]);
    }

    proptest! {
        #[test]
        fn any_text_splits_or_is_refused(input in "[a-z0-9 \\\\'\"`$();&|<>\n]{0,40}") {
            if let Ok(split) = split(&input) {
                for word in split.words {
                    prop_assert!(input.get(word.range).is_some());
                }
            }
        }
    }
}
