// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which node a comment speaks about.
//!
//! The answer comes from the lines of the file alone, by indentation: a project merged from several files no longer holds
//! every node that was written, but a comment must bind to it all the same.

use crate::diag::{SourceFile, Span};

/// What a comment speaks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BoundNode {
    /// All its bytes.
    pub(super) span: Span,
    /// Its path in the file, such as `services.web.image`; `None` inside lists.
    pub(super) path: Option<String>,
}

/// The node that a comment binds to: what starts on the comment's own line, or, for a comment on a line of its own, on
/// the line directly below it and further comments. A key takes its whole block along, a list item all its lines.
/// `None` when nothing is directly below.
pub(super) fn bound_node(file: &SourceFile, comment: Span) -> Option<BoundNode> {
    let lines = Lines { text: file.text(), starts: file.line_starts() };
    let own = lines.number_at(comment.start as usize);
    let before = lines.text.get(lines.start(own)..comment.start as usize)?;
    let first = if is_empty(before) { lines.below(own)? } else { lines.opening(own, before) };
    let (start, mut end) = lines.extent(first)?;
    if first < own {
        end = end.max(comment.start as usize);
    }
    Some(BoundNode { span: Span::new(comment.file, start, end), path: lines.path(first) })
}

struct Lines<'a> {
    text: &'a str,
    starts: &'a [u32],
}

impl<'a> Lines<'a> {
    fn number_at(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1)
    }

    fn start(&self, number: usize) -> usize {
        self.starts.get(number).map_or(self.text.len(), |start| *start as usize)
    }

    fn line(&self, number: usize) -> Option<&'a str> {
        (number < self.starts.len())
            .then(|| self.text.get(self.start(number)..self.start(number + 1)).unwrap_or_default().trim_end())
    }

    /// The first line of content directly below a comment line.
    fn below(&self, own: usize) -> Option<usize> {
        let mut number = own + 1;
        loop {
            let content = self.line(number)?.trim_start();
            if content.is_empty() {
                return None;
            }
            if !content.starts_with('#') && content != "---" {
                return Some(number);
            }
            number += 1;
        }
    }

    /// The line on which a flow collection that ends before a comment was opened; mostly the same line.
    fn opening(&self, own: usize, before: &str) -> usize {
        let mut number = own;
        let mut open = closings(before);
        while open > 0 && number > 0 {
            number -= 1;
            open += self.line(number).map_or(0, closings);
        }
        if open > 0 { own } else { number }
    }

    /// The keys that lead to the one on a line, outermost first, by indentation.
    fn path(&self, first: usize) -> Option<String> {
        let mut depth = usize::MAX;
        let mut keys = Vec::new();
        for number in (0..=first).rev() {
            let line = self.line(number)?;
            let content = &line[indentation(line)..];
            if content.is_empty() || content.starts_with('#') || indentation(line) >= depth {
                continue;
            }
            if is_item(line) {
                return None;
            }
            keys.push(key_of(content)?);
            depth = indentation(line);
            if depth == 0 {
                break;
            }
        }
        keys.reverse();
        Some(keys.join("."))
    }

    /// First and last byte of what starts on a line.
    fn extent(&self, first: usize) -> Option<(usize, usize)> {
        let line = self.line(first)?;
        let depth = indentation(line);
        let is_item = is_item(line);
        let mut end = self.start(first) + line.len();
        let mut number = first + 1;
        while let Some(line) = self.line(number) {
            let content = line.trim_start();
            if !content.is_empty() && !content.starts_with('#') {
                // The items of a list may stand as far left as the key that owns it.
                let belongs =
                    indentation(line) > depth || (indentation(line) == depth && !is_item && self::is_item(line));
                if !belongs {
                    break;
                }
                end = self.start(number) + line.len();
            }
            number += 1;
        }
        Some((self.start(first) + depth, end))
    }
}

/// The key that a line of a block mapping starts with, without quotes.
fn key_of(content: &str) -> Option<&str> {
    let (key, _) = content.split_once(": ").or_else(|| content.split_once(':').filter(|(_, rest)| rest.is_empty()))?;
    let key = key.trim_end();
    let unquoted = ['"', '\''].iter().find_map(|quote| key.strip_prefix(*quote)?.strip_suffix(*quote));
    Some(unquoted.unwrap_or(key))
}

fn is_empty(before: &str) -> bool {
    before.trim_start_matches('\u{feff}').trim().is_empty()
}

/// Bytes before the first character that is no blank (a byte order mark counts as one).
fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(['\u{feff}', ' ', '\t']).len()
}

fn is_item(line: &str) -> bool {
    let content = &line[indentation(line)..];
    content == "-" || content.starts_with("- ")
}

/// How many brackets are closed on a line without being opened on it (negative: left open). Quotes are skipped.
fn closings(line: &str) -> i32 {
    let mut quote = None;
    let mut open = 0;
    for character in line.chars() {
        match (quote, character) {
            (Some(closing), _) if closing == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, ']' | '}') => open += 1,
            (None, '[' | '{') => open -= 1,
            _ => {}
        }
    }
    open
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::diag::SourceMap;

    fn bound(text: &str) -> Option<String> {
        let mut sources = SourceMap::default();
        let file = sources.add("compose.yaml", text);
        let at = text.find("# !").unwrap();
        let node = bound_node(sources.file(file), Span::new(file, at, at + 3))?;
        Some(sources.slice(node.span).to_owned())
    }

    fn path(text: &str) -> Option<String> {
        let mut sources = SourceMap::default();
        let file = sources.add("compose.yaml", text);
        let at = text.find("# !").unwrap();
        bound_node(sources.file(file), Span::new(file, at, at + 3))?.path
    }

    #[test]
    fn the_path_follows_the_indentation() {
        let text = "a: 1\nservices: # all\n  x:\n    y: |\n      z: 1\n  \"web\": &w\n\n    # note\n    image: x # !\n";
        assert_eq!(path(text).unwrap(), "services.web.image");
        assert_eq!(path("services: # !\n  a: 1\n").unwrap(), "services");
        assert_eq!(path("ports:\n- 1 # !\n"), None);
        assert_eq!(path("ports:\n- target: 1\n  mode: x # !\n"), None);
    }

    #[test]
    fn a_comment_behind_a_key_takes_the_block() {
        let text = "a:\n  web: # !\n    image: x\n\n    # more\n    user: y\n  db:\n    image: z\n";
        assert_eq!(bound(text).unwrap(), "web: # !\n    image: x\n\n    # more\n    user: y");
    }

    #[test]
    fn a_comment_behind_a_value_takes_the_line() {
        assert_eq!(bound("a:\n  image: x # !\n  user: y\n").unwrap(), "image: x # !");
    }

    #[test]
    fn a_comment_above_binds_over_further_comments_but_not_over_a_gap() {
        assert_eq!(bound("a:\n  # !\n  # more\n  b: 1\n  c: 2\n").unwrap(), "b: 1");
        assert_eq!(bound("# !\n\nb: 1\n"), None);
        assert_eq!(bound("b: 1\n# !\n"), None);
        assert_eq!(bound("\u{feff}# !\r\n---\r\nb: 1\r\n").unwrap(), "b: 1");
    }

    #[test]
    fn lists_as_far_left_as_their_key_belong_to_it() {
        assert_eq!(bound("ports: # !\n- 1\n- 2\nimage: x\n").unwrap(), "ports: # !\n- 1\n- 2");
        assert_eq!(bound("ports:\n- 1\n# !\n- 2\n- 3\n").unwrap(), "- 2");
        assert_eq!(bound("- target: 1 # !\n  mode: x\n- 3\n").unwrap(), "- target: 1 # !\n  mode: x");
    }

    #[test]
    fn a_comment_behind_a_closing_bracket_takes_the_whole_list() {
        let text = "a:\n  test: [\"CMD\",\n    \"x]\"\n  ] # !\n  b: 1\n";
        assert_eq!(bound(text).unwrap(), "test: [\"CMD\",\n    \"x]\"\n  ] ");
    }
}
