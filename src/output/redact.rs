// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Source text without its secrets. Works on lines, so that it holds for files that no parser understands, and keeps
//! every byte and column in its place.
//!
//! Limits: a secret is known by the name beside it (`KEY: value`, `KEY=value`, `--key value`), by standing between user
//! and host in a URL, or by a PEM header. A secret that stands under a harmless name is not seen.

use std::borrow::Cow;
use std::ops::Range;

use crate::diag::secret;

/// Secrets of at least this many bytes are also hidden where a message repeats them; shorter ones are too likely to be
/// parts of other words.
const REPEATED: usize = 4;

/// A text with its secrets painted over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    text: String,
    hidden: Vec<Range<usize>>,
}

impl Redaction {
    /// Paints over the secrets of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let hidden = find(text);
        let mut painted = String::with_capacity(text.len());
        let mut at = 0;
        for range in &hidden {
            painted.push_str(&text[at..range.start]);
            paint(&text[range.clone()], &mut painted);
            at = range.end;
        }
        painted.push_str(&text[at..]);
        Self { text: painted, hidden }
    }

    /// The painted text: as long as the original, byte for byte.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The secrets that touch a range of bytes of the original.
    pub fn hidden_in(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        let first = self.hidden.partition_point(|hidden| hidden.end <= range.start);
        self.hidden[first..].iter().take_while(move |hidden| hidden.start < range.end).cloned()
    }
}

/// A message in which each of these secrets is masked.
#[must_use]
pub(super) fn mask_in<'a>(message: &'a str, secrets: &[&str]) -> Cow<'a, str> {
    let mut message = Cow::Borrowed(message);
    for secret in secrets.iter().filter(|secret| secret.len() >= REPEATED) {
        if message.contains(secret) {
            message = Cow::Owned(message.replace(secret, &secret::mask(secret)));
        }
    }
    message
}

/// Writes a secret in hidden form, with the same number of bytes and characters.
fn paint(secret_text: &str, painted: &mut String) {
    let count = secret_text.chars().count();
    let shows_ends = secret::mask(secret_text).chars().count() > 4;
    for (at, letter) in secret_text.chars().enumerate() {
        let shown = letter == '\n' || letter == '\r' || (shows_ends && (at < 4 || at + 2 >= count));
        painted.push(match letter.len_utf8() {
            _ if shown => letter,
            1 => '*',
            2 => '·',
            3 => '•',
            _ => '𐄂',
        });
    }
}

/// The byte ranges of all secrets, in order, without overlap.
fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut block: Option<usize> = None;
    let mut in_pem = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let indent = content.len() - content.trim_start().len();
        let line_start = start;
        start += line.len();
        if content.trim_start().is_empty() {
            continue;
        }
        let ends = content.contains("-----END");
        if in_pem || (content.contains("PRIVATE KEY-----") && !ends) {
            if in_pem && !ends {
                found.push(line_start + indent..line_start + content.len());
            }
            in_pem = !ends;
            continue;
        }
        if let Some(parent) = block {
            if indent > parent {
                found.push(line_start + indent..line_start + content.len());
                continue;
            }
            block = None;
        }
        let mut line_found = Line { text: content, found: Vec::new(), opens_block: false };
        line_found.scan();
        if line_found.opens_block {
            block = Some(indent);
        }
        line_found.found.sort_by_key(|range| range.start);
        for range in line_found.found {
            let range = line_start + range.start..line_start + range.end;
            if found.last().is_none_or(|last| last.end <= range.start) {
                found.push(range);
            }
        }
    }
    found
}

/// One line under the eye.
struct Line<'a> {
    text: &'a str,
    found: Vec<Range<usize>>,
    opens_block: bool,
}

impl Line<'_> {
    fn scan(&mut self) {
        let bytes = self.text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'#' if at == 0 || bytes[at - 1] == b' ' => {
                    // A commented-out setting may still hold a secret: go on reading.
                }
                b':' if self.text[at..].starts_with("://") => self.scan_url(at + 3),
                b':' | b'=' => self.scan_pair(at),
                b' ' | b',' if at > 0 => self.scan_option(at),
                _ => {}
            }
        }
    }

    /// `scheme://user:password@host`.
    fn scan_url(&mut self, start: usize) {
        let rest = &self.text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || "/\"'?#,".contains(c)).unwrap_or(rest.len());
        if let Some(at) = rest[..end].rfind('@')
            && let Some(colon) = rest[..at].find(':')
            && !rest[colon + 1..at].starts_with('$')
            && colon + 1 < at
        {
            self.found.push(start + colon + 1..start + at);
        }
    }

    /// `name: value` and `name=value`; `at` is the place of the sign.
    fn scan_pair(&mut self, at: usize) {
        let Some(name) = name_before(self.text, at) else { return };
        let after = &self.text[at + 1..];
        let is_colon = self.text.as_bytes()[at] == b':';
        if is_colon && !(after.is_empty() || after.starts_with([' ', '"', '\''])) {
            return;
        }
        let value_start = at + 1 + (after.len() - after.trim_start().len());
        let rest = &self.text[value_start..];
        let rest = match rest.strip_prefix('!').and_then(|tagged| tagged.find(' ')) {
            Some(blank) => rest[blank + 1..].trim_start(),
            None => rest,
        };
        let value_start = self.text.len() - rest.len();
        if is_colon && rest.starts_with(['|', '>']) {
            self.opens_block |= secret::is_secret_key(name.text);
            return;
        }
        let value = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => value_start + 1..value_start + 1 + until(&rest[1..], &[quote]),
            Some(_) => value_start..value_start + self.plain_end(rest, &name, is_colon),
            None => return,
        };
        self.push_value(name.text, value);
    }

    /// `--name value` and `"--name", "value"`; `at` is the place after the name.
    fn scan_option(&mut self, at: usize) {
        let Some(name) = name_before(self.text, at) else { return };
        let before = self.text[..name.start].trim_end_matches(['"', '\'']);
        if !before.ends_with('-') || !secret::is_secret_key(name.text) {
            return;
        }
        let rest = &self.text[at..];
        let skipped = rest.len() - rest.trim_start_matches([' ', ',', '"', '\'']).len();
        let value = &rest[skipped..];
        if value.starts_with('-') {
            return;
        }
        let end = until(value, &['"', '\'', ' ', ',', ']']);
        self.push_value(name.text, at + skipped..at + skipped + end);
    }

    fn push_value(&mut self, name: &str, value: Range<usize>) {
        let text = self.text[value.clone()].trim_end();
        if secret::is_secret(name, text) {
            self.found.push(value.start..value.start + text.len());
        }
    }

    /// Where an unquoted value ends: at a comment, at the end of a flow collection's item, or, in the middle of a command,
    /// at a blank.
    fn plain_end(&self, rest: &str, name: &Name<'_>, is_colon: bool) -> usize {
        let before = &self.text[..name.start];
        let in_flow = before.contains(['{', '[']);
        let opening = before.trim_end_matches(['-', ' ']).chars().next_back().filter(|c| *c == '"' || *c == '\'');
        let starts_item = before.trim_start_matches(['-', ' ', '#', '"', '\'']).is_empty();
        let comment = rest.find(" #").unwrap_or(rest.len());
        let end = match opening {
            Some(quote) => until(rest, &[quote]),
            None if in_flow => until(rest, &[',', '}', ']']),
            None if is_colon || starts_item => comment,
            None => until(rest, &[' ', '"', '\'', '&', ';']),
        };
        if starts_item || is_colon {
            end.min(if opening.is_some() { end } else { comment })
        } else {
            end.min(until(rest, &[' ']))
        }
    }
}

/// The length of the part before the first of these characters.
fn until(text: &str, ends: &[char]) -> usize {
    text.find(ends).unwrap_or(text.len())
}

struct Name<'a> {
    text: &'a str,
    start: usize,
}

/// The name that ends at `at`, a closing quote and blanks between left out.
fn name_before(line: &str, at: usize) -> Option<Name<'_>> {
    let before = line[..at].trim_end_matches([' ', '"', '\'']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.';
    let start = before
        .rfind(|c: char| !is_name(c))
        .map_or(0, |found| found + before[found..].chars().next().map_or(1, char::len_utf8));
    let text = before[start..].trim_start_matches('-');
    let start = before.len() - text.len();
    (!text.is_empty()).then_some(Name { text, start })
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
