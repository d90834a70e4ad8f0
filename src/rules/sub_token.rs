// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Places inside a scalar: from a byte range of the value to the bytes of the file.
//!
//! Limit: only where the text of the file holds the value byte for byte (plain, or quoted without escapes and without
//! variables). Anything else is answered with the place of the whole scalar.

use std::ops::Range;

use crate::diag::{SourceMap, Span};

/// The place of the bytes `range` of `value`, which was written at `span`; the whole `span` when the text there does
/// not show the value as it is. A list item `NAME=value` whose span covers the name too is understood.
pub(super) fn part(sources: &SourceMap, span: Span, value: &str, range: Range<usize>) -> Span {
    let (body, offset) = body(sources.slice(span));
    let before = if body == value {
        Some(0)
    } else {
        body.strip_suffix(value).filter(|before| before.ends_with('=')).map(str::len)
    };
    match before {
        Some(before) if range.end <= value.len() => {
            span.slice(offset + before + range.start, offset + before + range.end)
        }
        _ => sources.quoted_span(span, value, range).unwrap_or(span),
    }
}

/// The place of `text` inside `span` when it stands there exactly once, else the whole `span`.
pub(super) fn only(sources: &SourceMap, span: Span, text: &str) -> Span {
    let raw = sources.slice(span);
    match (raw.find(text), raw.rfind(text)) {
        (Some(first), Some(last)) if first == last && !text.is_empty() => span.slice(first, first + text.len()),
        _ => span,
    }
}

/// The place of `text` when the scalar at `span` opens with it (the first field of a short form), else the whole `span`.
pub(super) fn leading(sources: &SourceMap, span: Span, text: &str) -> Span {
    let (body, offset) = body(sources.slice(span));
    if body.starts_with(text) { span.slice(offset, offset + text.len()) } else { span }
}

/// The text inside the quotes, and how many bytes the opening quote takes.
fn body(raw: &str) -> (&str, usize) {
    for quote in ['"', '\''] {
        if let Some(inner) = raw.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return (inner, 1);
        }
    }
    (raw, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(text: &str, value: &str, range: Range<usize>) -> String {
        let mut sources = SourceMap::default();
        let file = sources.add("compose.yml", text);
        sources.slice(part(&sources, Span::new(file, 0, text.len()), value, range)).to_owned()
    }

    #[test]
    fn plain_and_quoted_scalars_map_byte_for_byte() {
        assert_eq!(slice("nginx:latest", "nginx:latest", 6..12), "latest");
        assert_eq!(slice("\"nginx:latest\"", "nginx:latest", 6..12), "latest");
        assert_eq!(slice("'nginx:latest'", "nginx:latest", 6..12), "latest");
    }

    #[test]
    fn a_list_item_maps_past_its_name() {
        assert_eq!(slice("\"A=b c\"", "b c", 2..3), "c");
    }

    #[test]
    fn variables_give_the_whole_scalar_and_escapes_are_followed() {
        assert_eq!(slice("a:${T:-latest}", "a:latest", 2..8), "a:${T:-latest}");
        assert_eq!(slice("\"a:l\\x61test\"", "a:latest", 2..8), "l\\x61test");
        assert_eq!(slice("'KEY=it''s'", "it's", 0..4), "it''s");
    }

    #[test]
    fn text_that_stands_twice_gives_the_whole_span() {
        let mut sources = SourceMap::default();
        let file = sources.add("compose.yml", "a b a");
        let span = Span::new(file, 0, 5);
        assert_eq!(only(&sources, span, "b"), Span::new(file, 2, 3));
        assert_eq!(only(&sources, span, "a"), span);
        assert_eq!(only(&sources, span, ""), span);
    }
}
