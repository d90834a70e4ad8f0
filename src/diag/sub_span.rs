// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From a part of a scalar's value to the bytes it was written with.
//!
//! The value of a scalar differs from its source where quotes, escapes, folding or interpolation stand. The mapping is
//! therefore only given where it is certain; everywhere else the whole scalar is the answer.

use std::ops::Range;

use super::{SourceMap, Span};

impl SourceMap {
    /// The place of a part of a scalar.
    ///
    /// `span` is the scalar as written, `value` its value after escapes and interpolation, `part` a byte range of
    /// `value`. Returns the bytes behind `part` when the text before it, or the text after it, is written exactly as it
    /// reads, or when the text of the part occurs only once; else `span`.
    #[must_use]
    pub fn sub_span(&self, span: Span, value: &str, part: Range<usize>) -> Span {
        locate(self.slice(span), value, &part).map_or(span, |found| span.slice(found.start, found.end))
    }

    /// The place of a part of a quoted scalar on one line, its escapes followed.
    ///
    /// Takes the same arguments as [`Self::sub_span`]; `value` may also be only what follows the `=` of the scalar. `None`
    /// when the scalar is not quoted, runs over several lines, or reads otherwise than `value` (variables).
    #[must_use]
    pub fn quoted_span(&self, span: Span, value: &str, part: Range<usize>) -> Option<Span> {
        through_escapes(self.slice(span), value, &part).map(|found| span.slice(found.start, found.end))
    }
}

fn locate(raw: &str, value: &str, part: &Range<usize>) -> Option<Range<usize>> {
    let wanted = value.get(part.clone()).filter(|text| !text.is_empty())?;
    let (body, offset) = unquoted(raw);
    let head = value.get(..part.end)?;
    if body.starts_with(head) {
        return Some(offset + part.start..offset + part.end);
    }
    let tail = value.get(part.start..)?;
    if body.ends_with(tail) {
        let start = offset + body.len() - tail.len();
        return Some(start..start + part.len());
    }
    if let Some(found) = through_escapes(raw, value, part) {
        return Some(found);
    }
    let at = only_occurrence(body, wanted)?;
    only_occurrence(value, wanted)?;
    Some(offset + at..offset + at + wanted.len())
}

/// The text between the quotes of a quoted scalar with its offset, or the text itself.
fn unquoted(raw: &str) -> (&str, usize) {
    for quote in ['"', '\''] {
        if let Some(body) = raw.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return (body, 1);
        }
    }
    (raw, 0)
}

fn through_escapes(raw: &str, value: &str, part: &Range<usize>) -> Option<Range<usize>> {
    let (decoded, offsets) = decoded(raw)?;
    let before = decoded.strip_suffix(value).filter(|before| before.is_empty() || before.ends_with('='))?.len();
    Some(*offsets.get(before + part.start)?..*offsets.get(before + part.end)?)
}

/// What a quoted scalar reads, and for each of its bytes, and its end, where in `raw` that is written.
fn decoded(raw: &str) -> Option<(String, Vec<usize>)> {
    let quote = raw.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let body = raw[1..].strip_suffix(quote).filter(|body| !body.contains(['\n', '\r']))?;
    let mut text = String::with_capacity(body.len());
    let mut offsets = Vec::with_capacity(body.len() + 1);
    let mut rest = body;
    while let Some(first) = rest.chars().next() {
        let at = 1 + body.len() - rest.len();
        let (character, length) = match (quote, first) {
            ('\'', '\'') => rest.starts_with("''").then_some(('\'', 2))?,
            ('"', '\\') => escape(rest)?,
            _ => (first, first.len_utf8()),
        };
        text.push(character);
        offsets.resize(text.len(), at);
        rest = rest.get(length..)?;
    }
    offsets.push(1 + body.len());
    Some((text, offsets))
}

/// The character of the escape that `rest` begins with, and how many bytes it takes.
fn escape(rest: &str) -> Option<(char, usize)> {
    let coded = |digits: usize| {
        let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        Some((char::from_u32(code)?, 2 + digits))
    };
    match rest.as_bytes().get(1)? {
        b'x' => coded(2),
        b'u' => coded(4),
        b'U' => coded(8),
        b'n' => Some(('\n', 2)),
        b't' => Some(('\t', 2)),
        b'r' => Some(('\r', 2)),
        b'0' => Some(('\0', 2)),
        b'"' => Some(('"', 2)),
        b'\\' => Some(('\\', 2)),
        b' ' => Some((' ', 2)),
        _ => None,
    }
}

fn only_occurrence(text: &str, wanted: &str) -> Option<usize> {
    let at = text.find(wanted)?;
    (text.rfind(wanted) == Some(at)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<'a>(raw: &'a str, value: &str, wanted: &str) -> Option<&'a str> {
        let start = value.find(wanted).unwrap_or_default();
        locate(raw, value, &(start..start + wanted.len())).map(|range| &raw[range])
    }

    #[test]
    fn plain_and_quoted_scalars_map_byte_for_byte() {
        assert_eq!(shown("curl x || true", "curl x || true", "|| true"), Some("|| true"));
        assert_eq!(shown("\"curl x || true\"", "curl x || true", "|| true"), Some("|| true"));
        assert_eq!(locate("'a || a'", "a || a", &(5..6)), Some(6..7));
    }

    #[test]
    fn interpolation_before_the_part_does_not_move_it() {
        assert_eq!(locate("curl ${PORT} || true", "curl 80 || true", &(8..15)), Some(13..20));
    }

    #[test]
    fn a_part_that_is_written_otherwise_is_the_whole_scalar() {
        assert_eq!(locate("\"a\\tb $${X}\"", "a\tb ${X}", &(0..3)), None);
    }

    #[test]
    fn escapes_of_quoted_scalars_are_followed() {
        assert_eq!(
            shown(r#""echo \"l\u00e4uft\" || true""#, "echo \"läuft\" || true", "\"läuft\""),
            Some(r#"\"l\u00e4uft\""#)
        );
        assert_eq!(shown("'it''s || it''s'", "it's || it's", "it's"), Some("it''s"));
        assert_eq!(locate(r#""a \" a""#, "a \" a", &(4..5)), Some(6..7));
        assert_eq!(through_escapes("'KEY=it''s'", "it's", &(0..4)), Some(5..10));
        assert_eq!(through_escapes(r#""a\x4""#, "aJ", &(0..2)), None);
        assert_eq!(through_escapes("'", "", &(0..0)), None);
    }

    #[test]
    fn a_block_scalar_is_searched_for_the_only_occurrence() {
        assert_eq!(shown("|\n    curl x\n    || true\n", "curl x\n|| true\n", "|| true"), Some("|| true"));
    }
}
