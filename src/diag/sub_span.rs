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
}

/// Byte range of `part` of `value` in `raw`, when it is certain.
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
    fn a_block_scalar_is_searched_for_the_only_occurrence() {
        assert_eq!(shown("|\n    curl x\n    || true\n", "curl x\n|| true\n", "|| true"), Some("|| true"));
    }
}
