// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Finds where a part of a decoded scalar stands in the source.
//!
//! Limits: only parts that begin with a dollar sign; gives up rather than guess when dollars are written as escapes.

use std::ops::Range;

/// Maps references of one scalar to its source.
#[derive(Debug)]
pub struct Locator<'a> {
    raw: &'a str,
    decoded: &'a str,
    /// Offsets of the dollars in both texts; empty when their number differs.
    dollars: Vec<(usize, usize)>,
}

/// Maps a range of `decoded` that begins with `$` to the same in `raw`, the scalar as written with its quotes,
/// escapes, block header and line folds. For many ranges of one scalar use `Locator`.
///
/// Returns `None` when it is not sure.
#[must_use]
pub fn locate(raw: &str, decoded: &str, range: Range<usize>) -> Option<Range<usize>> {
    Locator::new(raw, decoded).locate(range)
}

impl<'a> Locator<'a> {
    /// Prepares the search. `raw` is the scalar as written, `decoded` its value.
    #[must_use]
    pub fn new(raw: &'a str, decoded: &'a str) -> Self {
        let offsets = |text: &'a str| text.bytes().enumerate().filter(|(_, byte)| *byte == b'$').map(|(at, _)| at);
        let dollars = if offsets(raw).count() == offsets(decoded).count() {
            offsets(decoded).zip(offsets(raw)).collect()
        } else {
            Vec::new()
        };
        Self { raw, decoded, dollars }
    }

    /// The bytes of `raw` that are the range of `decoded`.
    #[must_use]
    pub fn locate(&self, range: Range<usize>) -> Option<Range<usize>> {
        let wanted = self.decoded.get(range.clone())?;
        let known = self.dollars.binary_search_by_key(&range.start, |(decoded, _)| *decoded).ok()?;
        let start = self.dollars.get(known)?.1;
        let quote = self.raw.as_bytes().first().copied();
        let mut source = Source { rest: self.raw.get(start..)?, quote };
        let mut wanted = wanted.chars().peekable();
        while let Some(character) = wanted.next() {
            if character.is_whitespace() {
                // Line folds change the number and kind of blanks, so a run stands for a run.
                while wanted.next_if(|next| next.is_whitespace()).is_some() {}
                if !source.skip_blanks() {
                    return None;
                }
            } else {
                source.skip_line_continuations();
                if source.next()? != character {
                    return None;
                }
            }
        }
        Some(start..self.raw.len() - source.rest.len())
    }
}

/// The source read as the decoder reads it.
struct Source<'a> {
    rest: &'a str,
    quote: Option<u8>,
}

impl Source<'_> {
    /// The next character, escapes resolved.
    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let first = characters.next()?;
        match (first, self.quote) {
            // A doubled quote is one; a single one ends the scalar.
            ('\'', Some(b'\'')) if characters.next()? != '\'' => return None,
            ('"', Some(b'"')) => return None,
            ('\\', Some(b'"')) => {
                let escape = characters.next()?;
                self.rest = characters.as_str();
                return self.escaped(escape);
            }
            _ => {}
        }
        self.rest = characters.as_str();
        Some(first)
    }

    fn escaped(&mut self, escape: char) -> Option<char> {
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '"' | '\\' | '/' => return Some(escape),
            '0' => return Some('\0'),
            'a' => return Some('\u{7}'),
            'b' => return Some('\u{8}'),
            'v' => return Some('\u{b}'),
            'f' => return Some('\u{c}'),
            'e' => return Some('\u{1b}'),
            _ => return None,
        };
        let (code, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        char::from_u32(u32::from_str_radix(code, 16).ok()?)
    }

    /// Skips blanks, line breaks and their escapes; says whether there was one.
    fn skip_blanks(&mut self) -> bool {
        let before = self.rest.len();
        loop {
            self.rest = self.rest.trim_start();
            let escape = self.rest.strip_prefix('\\').filter(|_| self.quote == Some(b'"'));
            match escape.and_then(|rest| rest.strip_prefix([' ', 't', '\t', 'n', 'r', '\n', '\r', 'N', '_', 'L', 'P']))
            {
                Some(rest) => self.rest = rest,
                None => return self.rest.len() < before,
            }
        }
    }

    /// In double quotes a backslash at the end of a line joins it to the next.
    fn skip_line_continuations(&mut self) {
        while self.quote == Some(b'"') {
            let Some(rest) = self.rest.strip_prefix('\\').filter(|rest| rest.starts_with(['\n', '\r'])) else {
                return;
            };
            self.rest = rest.trim_start();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The source of the first reference, given as its decoded text.
    fn found<'a>(raw: &'a str, decoded: &str, reference: &str) -> Option<&'a str> {
        let start = decoded.find(reference)?;
        raw.get(locate(raw, decoded, start..start + reference.len())?)
    }

    #[test]
    fn references_are_found_in_every_style() {
        for (raw, decoded, reference, expected) in [
            ("a${X}b", "a${X}b", "${X}", "${X}"),
            ("\"é ${X:-\\\"q\\\"} $Y\"", "é ${X:-\"q\"} $Y", "${X:-\"q\"}", "${X:-\\\"q\\\"}"),
            ("\"é ${X:-\\\"q\\\"} $Y\"", "é ${X:-\"q\"} $Y", "$Y", "$Y"),
            ("'it''s ${X:-it''s}'", "it's ${X:-it's}", "${X:-it's}", "${X:-it''s}"),
            ("|\n  a $X\n  b $Y\n", "a $X\nb $Y\n", "$Y", "$Y"),
            (">-\n  ${X:-a\n  b}", "${X:-a b}", "${X:-a b}", "${X:-a\n  b}"),
            ("\"${X:-a\\\n   b}\"", "${X:-ab}", "${X:-ab}", "${X:-a\\\n   b}"),
            ("\"${X:-a\\tb\\x41}\"", "${X:-a\tbA}", "${X:-a\tbA}", "${X:-a\\tb\\x41}"),
            ("\"$$X ${Y}\"", "$$X ${Y}", "${Y}", "${Y}"),
        ] {
            assert_eq!(found(raw, decoded, reference), Some(expected), "{raw}");
        }
    }

    #[test]
    fn doubt_gives_nothing() {
        assert_eq!(found("\"\\x24X $Y\"", "$X $Y", "$Y"), None);
        assert_eq!(found("'$X'", "$Y", "$Y"), None);
        assert_eq!(locate("$X", "$X", 1..2), None);
        assert_eq!(locate("$X", "$X", 0..9), None);
    }

    proptest! {
        #[test]
        fn any_pair_is_survived(raw in "[\"' \\\\$xUé{}\n]{0,20}", decoded in "[$xé{} \n]{0,20}", start in 0usize..20) {
            if let Some(range) = locate(&raw, &decoded, start..decoded.len().max(start)) {
                prop_assert!(raw.get(range).is_some());
            }
        }
    }
}
