// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A shell command line as tokens: words, operators and where they stand.
//!
//! Knows quotes, escapes, expansions, comments and redirections as far as telling words from operators needs it. It
//! expands nothing. What a line means is `shell_status` and `shell_need`.

use std::ops::Range;

/// What separates or steers commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// `|` or `|&`.
    Pipe,
    /// `||`.
    Or,
    /// `&&`.
    And,
    /// `;`, `;;` or a line break.
    Sequence,
    /// `&`.
    Background,
    /// `<`, `>` and their kin, with the descriptor number before them.
    Redirect,
    /// `<<`: a here-document follows, which this module does not read.
    HereDocument,
    /// `(`.
    Open,
    /// `)`.
    Close,
}

/// A word or an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, quotes included.
    Word,
    /// An operator.
    Operator(Operator),
}

/// A piece of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// The bytes as written.
    pub(super) text: &'a str,
    /// Where they stand in the line.
    pub(super) range: Range<usize>,
}

impl Token<'_> {
    /// Whether this is the given operator.
    pub(super) fn is(&self, operator: Operator) -> bool {
        self.kind == Kind::Operator(operator)
    }

    /// The word without its quotes; `None` when the shell would expand something in it, or it is no word.
    pub(super) fn literal(&self) -> Option<String> {
        if self.kind != Kind::Word {
            return None;
        }
        let mut value = String::new();
        let mut characters = self.text.chars();
        while let Some(character) = characters.next() {
            match character {
                '\'' => value.extend(characters.by_ref().take_while(|inner| *inner != '\'')),
                '"' => loop {
                    match characters.next() {
                        None | Some('"') => break,
                        Some('$' | '`') => return None,
                        Some('\\') => match characters.next() {
                            Some('\n') | None => {}
                            Some(escaped @ ('"' | '\\' | '$' | '`')) => value.push(escaped),
                            Some(other) => value.extend(['\\', other]),
                        },
                        Some(other) => value.push(other),
                    }
                },
                '\\' => value.extend(characters.next().filter(|escaped| *escaped != '\n')),
                '$' | '`' | '*' | '?' | '[' | '{' => return None,
                '~' if value.is_empty() => return None,
                other => value.push(other),
            }
        }
        Some(value)
    }

    /// Whether the word is written with nothing that a shell treats specially, quotes included.
    pub(super) fn is_bare(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }
}

/// The tokens of a command line, in order. Comments are left out; an unfinished quote runs to the end.
pub(super) fn tokens(line: &str) -> Vec<Token<'_>> {
    let bytes = line.as_bytes();
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\r' => at += 1,
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            b'#' => at = line[at..].find('\n').map_or(bytes.len(), |offset| at + offset),
            _ => {
                let start = at;
                let kind = if let Some((operator, length)) = operator(&bytes[at..]) {
                    at += length;
                    Kind::Operator(operator)
                } else {
                    at = word_end(bytes, at);
                    Kind::Word
                };
                let mut range = start..at;
                if matches!(kind, Kind::Operator(Operator::Redirect | Operator::HereDocument))
                    && let Some(number) = found.pop_if(|last| is_descriptor(last, start))
                {
                    range.start = number.range.start;
                }
                found.push(Token { kind, text: &line[range.clone()], range });
            }
        }
    }
    found
}

/// Whether a token is the number that belongs to a redirection starting at `start`, as in `2>&1`.
fn is_descriptor(token: &Token<'_>, start: usize) -> bool {
    token.kind == Kind::Word && token.range.end == start && token.text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The operator at the start of `rest` and its length in bytes.
fn operator(rest: &[u8]) -> Option<(Operator, usize)> {
    const TABLE: &[(&[u8], Operator)] = &[
        (b"&>>", Operator::Redirect),
        (b"<<-", Operator::HereDocument),
        (b"<<<", Operator::Redirect),
        (b"||", Operator::Or),
        (b"|&", Operator::Pipe),
        (b"&&", Operator::And),
        (b"&>", Operator::Redirect),
        (b";;", Operator::Sequence),
        (b"<<", Operator::HereDocument),
        (b">>", Operator::Redirect),
        (b">&", Operator::Redirect),
        (b"<&", Operator::Redirect),
        (b">|", Operator::Redirect),
        (b"<>", Operator::Redirect),
        (b"|", Operator::Pipe),
        (b"&", Operator::Background),
        (b";", Operator::Sequence),
        (b"\n", Operator::Sequence),
        (b"<", Operator::Redirect),
        (b">", Operator::Redirect),
        (b"(", Operator::Open),
        (b")", Operator::Close),
    ];
    TABLE.iter().find(|(text, _)| rest.starts_with(text)).map(|(text, operator)| (*operator, text.len()))
}

/// One past the last byte of the word that starts at `at`.
fn word_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'\\' => at + 2,
            b'\'' => closing(bytes, at + 1, b'\''),
            b'"' => double_quote_end(bytes, at + 1),
            b'`' => closing(bytes, at + 1, b'`'),
            b'$' if matches!(bytes.get(at + 1), Some(b'(' | b'{')) => bracket_end(bytes, at + 1),
            b' ' | b'\t' | b'\r' | b'\n' | b'|' | b'&' | b';' | b'<' | b'>' | b'(' | b')' => return at,
            _ => at + 1,
        };
    }
    bytes.len()
}

fn closing(bytes: &[u8], from: usize, quote: u8) -> usize {
    bytes[from..].iter().position(|byte| *byte == quote).map_or(bytes.len(), |offset| from + offset + 1)
}

fn double_quote_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => return at + 1,
            b'\\' => at + 2,
            b'$' if matches!(bytes.get(at + 1), Some(b'(' | b'{')) => bracket_end(bytes, at + 1),
            _ => at + 1,
        };
    }
    bytes.len()
}

/// One past the bracket that closes the one at `at`; quotes inside are skipped. Depth is counted, not recursed.
fn bracket_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b'\\' => at += 1,
            b'\'' => at = closing(bytes, at + 1, b'\'') - 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<&str> {
        tokens(line).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn operators_end_words_also_without_blanks() {
        assert_eq!(texts("a||b&&c;d|e&"), ["a", "||", "b", "&&", "c", ";", "d", "|", "e", "&"]);
    }

    #[test]
    fn quoted_operators_are_text() {
        assert_eq!(texts("echo '|| true' \"; exit 0\" \\|\\|"), ["echo", "'|| true'", "\"; exit 0\"", "\\|\\|"]);
    }

    #[test]
    fn a_descriptor_belongs_to_its_redirection() {
        assert_eq!(texts("curl x >/dev/null 2>&1"), ["curl", "x", ">", "/dev/null", "2>&", "1"]);
        assert_eq!(texts("echo 2 >f"), ["echo", "2", ">", "f"]);
    }

    #[test]
    fn expansions_stay_in_one_word() {
        assert_eq!(texts("test \"$(a || b)\" = ${X:-(} x"), ["test", "\"$(a || b)\"", "=", "${X:-(} x"]);
        assert_eq!(texts("a `b | c` d"), ["a", "`b | c`", "d"]);
    }

    #[test]
    fn comments_are_left_out_but_a_hash_in_a_word_stays() {
        assert_eq!(texts("a#b # || true\nc"), ["a#b", "\n", "c"]);
    }

    #[test]
    fn literals_lose_quotes_and_refuse_expansions() {
        let literal = |line: &str| tokens(line).first().and_then(Token::literal);
        assert_eq!(literal("'a b'\"c\"d\\ e"), Some("a bcd e".to_owned()));
        for line in ["$X", "\"$X\"", "*.txt", "~/x", "`a`", "{a,b}"] {
            assert_eq!(literal(line), None, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_into_ordered_pieces(line in "[a-z'\"\\\\$(){}`|&;<>#\\n é]{0,40}") {
            let mut last = 0;
            for token in tokens(&line) {
                proptest::prop_assert!(token.range.start >= last);
                proptest::prop_assert_eq!(line.get(token.range.clone()), Some(token.text));
                last = token.range.end;
            }
        }
    }
}
