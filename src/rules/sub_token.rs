// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Places of words inside a scalar, found in its text as it is written.
//!
//! For a byte range of a value see [`SourceMap::sub_span`]. Where a word is not found with certainty the answer is the
//! place of the whole scalar.

use crate::diag::{SourceMap, Span};

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

    fn shown(text: &str, place: fn(&SourceMap, Span, &str) -> Span, word: &str) -> String {
        let mut sources = SourceMap::default();
        let file = sources.add("compose.yml", text);
        sources.slice(place(&sources, Span::new(file, 0, text.len()), word)).to_owned()
    }

    #[test]
    fn a_word_is_found_when_it_stands_there_once() {
        assert_eq!(shown("http://localhost:80/", only, "localhost:80"), "localhost:80");
        assert_eq!(shown("a:1 a:1", only, "a:1"), "a:1 a:1");
        assert_eq!(shown("${H}:80", only, "localhost:80"), "${H}:80");
    }

    #[test]
    fn the_first_field_is_found_behind_a_quote() {
        assert_eq!(shown("\"/run/x:/y\"", leading, "/run/x"), "/run/x");
        assert_eq!(shown("${D}:/y", leading, "/run/x"), "${D}:/y");
    }
}
