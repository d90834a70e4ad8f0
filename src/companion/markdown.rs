// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The headings and fenced blocks of a Markdown text, line by line.
//!
//! Limits: what stands in an HTML comment is left out. A fence counts at any indentation, because guides indent those of
//! lists; code that is merely indented is not looked at.

use crate::diag::{FileId, Span};

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'t> {
    /// A heading.
    Heading(Heading<'t>),
    /// A fenced block.
    Fence(Fence<'t>),
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading<'t> {
    /// 1 for the highest.
    pub level: usize,
    /// Its words, without marks.
    pub text: &'t str,
    /// Its line.
    pub span: Span,
}

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence<'t> {
    /// The first word behind the opening fence; empty without one.
    pub language: &'t str,
    /// Its lines without fences, as many blanks taken from their beginning as the opening fence has.
    pub lines: Vec<&'t str>,
    /// From the first byte of its first line to the last byte of its last; empty for an empty block.
    pub span: Span,
}

/// A line and where it begins.
#[derive(Clone, Copy)]
struct Line<'t> {
    start: usize,
    text: &'t str,
}

impl Line<'_> {
    fn end(self) -> usize {
        self.start + self.text.len()
    }
}

/// The headings and fenced blocks of a text, in order. Never fails: whatever is none of them is left out.
#[must_use]
pub fn parts(text: &str, file: FileId) -> Vec<Part<'_>> {
    let lines = lines(text);
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if let Some(opening) = opening(line.text) {
            let length = lines[at..].iter().position(|line| closes(line.text, &opening)).unwrap_or(lines.len() - at);
            parts.push(Part::Fence(fence(&opening, &lines[at..at + length], line.end(), file)));
            at += length + 1;
        } else if line.text.trim_start().starts_with("<!--") {
            at -= 1;
            while let Some(line) = lines.get(at) {
                at += 1;
                if line.text.contains("-->") {
                    break;
                }
            }
        } else if let Some((level, words)) = atx(line.text) {
            parts.push(Part::Heading(Heading { level, text: words, span: Span::new(file, line.start, line.end()) }));
        } else if let Some(level) = lines.get(at).and_then(|next| setext(line.text, next.text)) {
            let span = Span::new(file, line.start, line.end());
            parts.push(Part::Heading(Heading { level, text: line.text.trim(), span }));
            at += 1;
        }
    }
    parts
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let split = text.split_inclusive('\n').map(|whole| {
        let line = Line { start, text: whole.trim_end_matches('\n').trim_end_matches('\r') };
        start += whole.len();
        line
    });
    split.collect()
}

/// An opening fence.
struct Opening<'t> {
    mark: char,
    count: usize,
    indent: usize,
    language: &'t str,
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn opening(line: &str) -> Option<Opening<'_>> {
    let indent = indent(line);
    let rest = &line[indent..];
    let mark = rest.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let words = rest.trim_start_matches(mark);
    let count = rest.len() - words.len();
    // A backtick behind backticks is code within a line.
    if count < 3 || (mark == '`' && words.contains('`')) {
        return None;
    }
    Some(Opening { mark, count, indent, language: words.split_whitespace().next().unwrap_or_default() })
}

fn closes(line: &str, opening: &Opening<'_>) -> bool {
    let marks = line.trim();
    marks.len() >= opening.count && marks.chars().all(|letter| letter == opening.mark)
}

fn fence<'t>(opening: &Opening<'t>, lines: &[Line<'t>], opened_at: usize, file: FileId) -> Fence<'t> {
    let start = lines.first().map_or(opened_at, |line| line.start);
    let end = lines.last().map_or(start, |line| line.end());
    Fence {
        language: opening.language,
        lines: lines.iter().map(|line| &line.text[indent(line.text).min(opening.indent)..]).collect(),
        span: Span::new(file, start, end),
    }
}

/// A heading with `#`.
fn atx(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start_matches(' ');
    let words = rest.trim_start_matches('#');
    let level = rest.len() - words.len();
    let is_heading =
        (1..=6).contains(&level) && line.len() - rest.len() <= 3 && !words.starts_with(|c: char| !c.is_whitespace());
    is_heading.then(|| (level, words.trim().trim_end_matches('#').trim_end()))
}

/// The level of a heading that is underlined.
fn setext(line: &str, next: &str) -> Option<usize> {
    let mark = next.trim();
    let is_text = !line.trim().is_empty() && indent(line) <= 3 && !line.trim_start().starts_with(['-', '>', '|', '*']);
    match mark.chars().next().filter(|_| is_text)? {
        '=' if mark.chars().all(|letter| letter == '=') => Some(1),
        '-' if mark.len() > 1 && mark.chars().all(|letter| letter == '-') => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let parts = parts(text, FileId::from_index(0));
        let show = |part: &Part<'_>| match part {
            Part::Heading(heading) => format!("{} {}", heading.level, heading.text),
            Part::Fence(fence) => format!("[{}] {}", fence.language, fence.lines.join("|")),
        };
        parts.iter().map(show).collect()
    }

    #[test]
    fn headings_of_both_kinds_and_fences_are_found() {
        let text = "# A #\n\ntext\n---\n\nB\n===\n```sh x\n# no\n```\n~~~\n```\n~~~\n#none\n####### seven\n";
        assert_eq!(shown(text), ["1 A", "2 text", "1 B", "[sh] # no", "[] ```"]);
    }

    #[test]
    fn comments_hide_what_is_in_them_and_open_ends_reach_the_end() {
        assert_eq!(shown("<!-- x -->\n# A\n<!--\n# B\n```\n-->\n# C\n<!--\n# D"), ["1 A", "1 C"]);
        assert_eq!(shown("```sh\na\nb"), ["[sh] a|b"]);
        assert_eq!(shown("```sh"), ["[sh] "]);
    }

    #[test]
    fn blanks_of_an_indented_fence_go_and_windows_lines_are_read() {
        assert_eq!(shown("1. x\n     ```bash\n     a\n       b\n   c\n     ```\n"), ["[bash] a|  b|c"]);
        assert_eq!(shown("# A\r\n```sh\r\nx\r\n```\r\n"), ["1 A", "[sh] x"]);
    }

    #[test]
    fn spans_are_the_bytes_of_the_lines() {
        let text = "é\n# Über\n```\nx\ny\n```\n";
        let spans: Vec<&str> = parts(text, FileId::from_index(0))
            .iter()
            .map(|part| match part {
                Part::Heading(heading) => &text[heading.span.range()],
                Part::Fence(fence) => &text[fence.span.range()],
            })
            .collect();
        assert_eq!(spans, ["# Über", "x\ny"]);
    }
}
