// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Source text without its secrets. Works on lines, so that it holds for files that no parser understands, and keeps
//! every byte and column in its place.
//!
//! Limits: a secret is known by the name beside it (`KEY: value`, `KEY=value`, `--key value`), by standing between user
//! and host in a URL, or by a PEM header. A secret that stands under a harmless name is not seen.

use std::borrow::Cow;
use std::ops::Range;

use super::secret;

/// Secrets of at least this many bytes are also hidden where a message repeats them; shorter ones are too likely to be
/// parts of other words.
const REPEATED: usize = 4;

/// How cuts are shown: by us, and by container engines.
const CUT: [&str; 2] = ["…", "..."];

/// How far to look back in a line for a name, in bytes. Looking back without a limit would cost the square of the length
/// of a line made for that purpose.
const FARTHEST_NAME: usize = 128;

/// How far to look back in a line for the opening of a flow list or mapping, in bytes.
const FARTHEST_OPENING: usize = 1024;

/// A text with its secrets painted over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    text: String,
    hidden: Vec<Range<usize>>,
}

impl Redaction {
    /// Paints over the secrets of a text, and over these places of it, which a rule knows to hold secrets.
    #[must_use]
    pub fn new(text: &str, known: &[Range<usize>]) -> Self {
        let hidden = join(text, find(text), known);
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

/// A message in which each of these secrets is masked, also where the message was cut in the middle of one.
#[must_use]
pub fn mask_in<'a>(message: &'a str, secrets: &[&str]) -> Cow<'a, str> {
    let mut message = Cow::Borrowed(message);
    for secret in secrets.iter().filter(|secret| secret.len() >= REPEATED) {
        if message.contains(secret) {
            message = Cow::Owned(message.replace(secret, &secret::mask(secret)));
        }
        for sign in CUT {
            if message.contains(sign)
                && let Some(masked) = mask_cut(&message, sign, secret)
            {
                message = Cow::Owned(masked);
            }
        }
    }
    message
}

/// A message in which the beginning of a secret before a sign of a cut is masked; `None` where there is none.
fn mask_cut(message: &str, sign: &str, secret: &str) -> Option<String> {
    let mut parts: Vec<String> = message.split(sign).map(str::to_owned).collect();
    let last = parts.len().saturating_sub(1);
    let lengths = || secret.char_indices().map(|(at, _)| at).filter(|length| *length >= REPEATED).rev();
    let mut is_masked = false;
    for part in &mut parts[..last] {
        if let Some(length) = lengths().find(|length| part.ends_with(&secret[..*length])) {
            part.truncate(part.len() - length);
            part.push_str(secret::HIDDEN);
            is_masked = true;
        }
    }
    is_masked.then(|| parts.join(sign))
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

/// Both sets of ranges in order, those that touch joined. Ranges that are none of the text are left out, and a quote is
/// not hidden.
fn join(text: &str, mut found: Vec<Range<usize>>, known: &[Range<usize>]) -> Vec<Range<usize>> {
    for range in known {
        let Some(part) = text.get(range.clone()) else { continue };
        let inner = part.trim_matches(['"', '\'']);
        let start = range.start + (part.len() - part.trim_start_matches(['"', '\'']).len());
        if !inner.is_empty() {
            found.push(start..start + inner.len());
        }
    }
    found.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match joined.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
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
    /// Looks at every sign that may stand between a name and a value. What was taken for a value is not looked into
    /// again, so that the time stays linear in the length of the line. Comments are read too: a setting that is commented
    /// out may still hold a secret.
    fn scan(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let end = match bytes[at] {
                b':' if self.text[at..].starts_with("://") => self.scan_url(at + 3),
                b':' | b'=' => self.scan_pair(at),
                b'$' => self.scan_default(at).or_else(|| self.scan_hash(at)),
                b' ' | b',' if at > 0 && !matches!(bytes[at - 1], b' ' | b',') => self.scan_option(at),
                _ => None,
            };
            at = end.unwrap_or(0).max(at + 1);
        }
    }

    /// `${NAME:-value}`: the value that a variable has when nothing sets it.
    fn scan_default(&mut self, at: usize) -> Option<usize> {
        let inner = self.text[at..].strip_prefix("${")?;
        let length = until(inner, &[':', '-', '+', '=', '?', '}', ' ', '$']);
        let (name, rest) = inner.split_at(length);
        let value = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'))?;
        if !secret::is_secret_key(name) || value.starts_with('$') {
            return None;
        }
        let start = self.text.len() - value.len();
        Some(self.push_value(name, start..start + until(value, &['}'])))
    }

    /// `$2y$10$…`, `$apr1$…` and their kind, also with doubled dollars: the hash of a password, which can be guessed from.
    fn scan_hash(&mut self, at: usize) -> Option<usize> {
        const KINDS: &[&str] = &["1", "2a", "2b", "2y", "5", "6", "apr1", "argon2d", "argon2i", "argon2id", "y"];
        // Two dollars at most, and no long look ahead: a line may be made of dollars.
        let sign = if self.text[at..].starts_with("$$") { "$$" } else { "$" };
        let rest = &self.text[at + sign.len()..];
        let kind = KINDS.iter().find(|kind| rest.strip_prefix(*kind).is_some_and(|rest| rest.starts_with(sign)))?;
        let hash = &rest[kind.len() + sign.len()..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || "./$=,_+-".contains(c);
        let length = hash.len() - hash.trim_start_matches(is_part).len();
        if length < 8 {
            return None;
        }
        let start = self.text.len() - hash.len();
        self.found.push(start..start + length);
        Some(start + length)
    }

    /// `scheme://user:password@host`.
    fn scan_url(&mut self, start: usize) -> Option<usize> {
        let rest = &self.text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || "/\"'?#,".contains(c)).unwrap_or(rest.len());
        if let Some(at) = rest[..end].rfind('@')
            && let Some(colon) = rest[..at].find(':')
            && !rest[colon + 1..at].starts_with('$')
            && colon + 1 < at
        {
            self.found.push(start + colon + 1..start + at);
        }
        None
    }

    /// `name: value` and `name=value`; `at` is the place of the sign.
    fn scan_pair(&mut self, at: usize) -> Option<usize> {
        let name = name_before(self.text, at).filter(|name| secret::is_secret_key(name.text))?;
        let after = &self.text[at + 1..];
        let is_colon = self.text.as_bytes()[at] == b':';
        if is_colon && !(after.is_empty() || after.starts_with([' ', '"', '\''])) {
            return None;
        }
        let value_start = at + 1 + (after.len() - after.trim_start().len());
        let rest = &self.text[value_start..];
        let rest = match rest.strip_prefix('!').and_then(|tagged| tagged.find(' ')) {
            Some(blank) => rest[blank + 1..].trim_start(),
            None => rest,
        };
        let value_start = self.text.len() - rest.len();
        if is_colon && rest.starts_with(['|', '>']) {
            self.opens_block = true;
            return None;
        }
        let value = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => value_start + 1..value_start + 1 + until(&rest[1..], &[quote]),
            Some(_) => value_start..value_start + self.plain_end(rest, &name, is_colon),
            None => return None,
        };
        Some(self.push_value(name.text, value))
    }

    /// `--name value` and `"--name", "value"`; `at` is the place after the name.
    fn scan_option(&mut self, at: usize) -> Option<usize> {
        let name = name_before(self.text, at)?;
        let before = self.text[..name.start].trim_end_matches(['"', '\'']);
        if !before.ends_with('-') || !secret::is_secret_key(name.text) {
            return None;
        }
        let rest = &self.text[at..];
        let skipped = rest.len() - rest.trim_start_matches([' ', ',', '"', '\'']).len();
        let value = &rest[skipped..];
        if value.starts_with('-') {
            return None;
        }
        let end = until(value, &['"', '\'', ' ', ',', ']']);
        Some(self.push_value(name.text, at + skipped..at + skipped + end))
    }

    /// Keeps a value that is a secret, and tells where the value ends.
    fn push_value(&mut self, name: &str, value: Range<usize>) -> usize {
        let text = self.text[value.clone()].trim_end();
        if secret::is_secret(name, text) {
            self.found.push(value.start..value.start + text.len());
        }
        value.end
    }

    /// Where an unquoted value ends: at a comment, at the end of a flow collection's item, or, in the middle of a command,
    /// at a blank.
    fn plain_end(&self, rest: &str, name: &Name<'_>, is_colon: bool) -> usize {
        let before = lookback(self.text, name.start, FARTHEST_OPENING);
        let starts_item = before.trim_start_matches(['-', ' ', '#', '"', '\'']).is_empty();
        if let Some(quote) = before.trim_end_matches(['-', ' ']).chars().next_back().filter(|c| matches!(c, '"' | '\''))
        {
            let item = until(rest, &[quote]);
            return if starts_item { item } else { item.min(until(rest, &[' '])) };
        }
        if before.contains(['{', '[']) {
            return until(rest, &[',', '}', ']']);
        }
        if is_colon || starts_item {
            return rest.find(" #").unwrap_or(rest.len());
        }
        until(rest, &[' ', '"', '\'', '&', ';'])
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
    let before = lookback(line, at, FARTHEST_NAME);
    let shift = at - before.len();
    let before = before.trim_end_matches([' ', '"', '\'']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.';
    let name = &before[before.trim_end_matches(is_name).len()..];
    let text = name.trim_start_matches('-');
    (!text.is_empty()).then_some(Name { text, start: shift + before.len() - text.len() })
}

/// What stands before `at` in a line, at most `limit` bytes of it.
fn lookback(line: &str, at: usize, limit: usize) -> &str {
    &line[line.floor_char_boundary(at.saturating_sub(limit))..at]
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
