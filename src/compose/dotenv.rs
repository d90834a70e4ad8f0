// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Parser of `.env` and `env_file` files after compose-go's `dotenv` package, oddities included.
//!
//! Limits: one text at a time; which file beats which is the caller's business. A required variable without a value
//! is always an error.

use std::collections::BTreeMap;
use std::ops::Range;

use super::gofmt::quote;
use super::interpolate::{Lookup, interpolate};

/// One line, or several when a quoted value spans them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DotenvEntry {
    /// The name. Empty for a bare word at the very end of a file without a line break: Compose 2.40 takes it for a
    /// value.
    pub key: String,
    /// The value, unquoted and expanded; `None` for a bare name that the lookup does not know.
    pub value: Option<String>,
    /// Variables in the value that nothing sets; they became empty, with a warning in Compose.
    pub unset: Vec<String>,
    /// Bytes from the name (or `export`) to the end of the value.
    pub range: Range<usize>,
}

impl DotenvEntry {
    /// The bytes of the first reference to a variable in the text of the file; the whole entry when it is not plain to see.
    #[must_use]
    pub fn reference(&self, text: &str, variable: &str) -> Range<usize> {
        let entry = text.get(self.range.clone()).unwrap_or_default();
        let found = [format!("${{{variable}}}"), format!("${variable}")].into_iter().find_map(|written| {
            let at = entry.find(&written)?;
            Some(self.range.start + at..self.range.start + at + written.len())
        });
        found.unwrap_or_else(|| self.range.clone())
    }

    /// A warning for every variable in the value that nothing sets, as the name of the variable and the words.
    pub fn warnings(&self) -> impl Iterator<Item = (&str, String)> {
        let key = &self.key;
        self.unset.iter().map(move |variable| {
            (
                variable.as_str(),
                format!("the variable `{variable}` in the value of `{key}` is not set and becomes empty"),
            )
        })
    }
}

/// What to do about a variable in an env file that nothing sets.
pub const LITERAL_DOLLAR: &str = "put the value in single quotes if the `$` belongs to it, else set the variable";

/// Why a text is no environment file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DotenvError {
    /// In the words of Compose, with its line number where it gives one.
    pub message: String,
    /// Bytes of the entry concerned.
    pub range: Range<usize>,
}

/// The variables of a file as Compose sees them: of equal keys the last with a value wins.
#[must_use]
pub fn variables(entries: &[DotenvEntry]) -> BTreeMap<String, String> {
    let set = |entry: &DotenvEntry| entry.value.clone().map(|value| (entry.key.clone(), value));
    entries.iter().filter_map(set).collect()
}

/// Parses the usual format: `A=x`, `A = x`, `A: x`, `export A=x`, `A` (inherits from the lookup), quotes, comments
/// after a blank, `$A` and `${A:-d}` in values without quotes and in double quotes.
///
/// A value is looked up in `lookup` first, then among the earlier keys of the text.
///
/// # Errors
/// A name with a character that is not allowed or with a blank, a quote that does not end, a malformed or required
/// variable. Parsing stops there, as in Compose.
pub fn parse(text: &str, lookup: &dyn Lookup) -> Result<Vec<DotenvEntry>, DotenvError> {
    parse_after(text, lookup, &BTreeMap::new())
}

/// Like [`parse`], for a file that follows others: their values come last, after the keys of this text.
///
/// # Errors
/// As [`parse`].
pub fn parse_after(
    text: &str,
    lookup: &dyn Lookup,
    earlier: &BTreeMap<String, String>,
) -> Result<Vec<DotenvEntry>, DotenvError> {
    let start = text.strip_prefix('\u{feff}').map_or(0, |rest| text.len() - rest.len());
    let mut parser = Parser { text, position: start, line: 1, lookup, known: earlier.clone() };
    let mut entries = Vec::new();
    while parser.skip_to_statement() {
        entries.push(parser.statement()?);
    }
    Ok(entries)
}

/// Parses `format: raw` of `env_file`: everything after `=` is the value, with quotes, comments and dollars.
///
/// Source: docker/cli `kvfile`. Lines that begin with `#` are comments.
///
/// # Errors
/// A line without a name, or a blank in the name.
pub fn parse_raw(text: &str, lookup: &dyn Lookup) -> Result<Vec<DotenvEntry>, DotenvError> {
    let mut entries = Vec::new();
    let mut position = 0;
    for line in text.split_inclusive('\n') {
        let end = position + line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line)).len();
        let whole = &text[position..end];
        let whole = if position == 0 { whole.strip_prefix('\u{feff}').unwrap_or(whole) } else { whole };
        // Blanks at the end belong to the value.
        let content = whole.trim_start();
        let range = end - content.len()..end;
        position += line.len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let (key, value) = content.split_once('=').map_or((content, None), |(key, value)| (key, Some(value)));
        let message = if key.is_empty() {
            format!("no variable name on line '{content}'")
        } else if key.contains([' ', '\t']) {
            format!("variable '{key}' contains whitespaces")
        } else {
            let value = value.or_else(|| lookup.get(key)).map(str::to_owned);
            entries.push(DotenvEntry { key: key.to_owned(), value, unset: Vec::new(), range });
            continue;
        };
        return Err(DotenvError { message, range });
    }
    Ok(entries)
}

/// The lookup first, then what the text has set so far.
struct Scope<'a> {
    outer: &'a dyn Lookup,
    known: &'a BTreeMap<String, String>,
}

impl Lookup for Scope<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.outer.get(name).or_else(|| self.known.get(name).map(String::as_str))
    }
}

struct Parser<'a> {
    text: &'a str,
    position: usize,
    /// The line as Compose counts it for its messages.
    line: usize,
    lookup: &'a dyn Lookup,
    known: BTreeMap<String, String>,
}

/// A name and what follows it.
struct Name<'a> {
    key: &'a str,
    /// A line break follows, not `=` or `:`.
    is_bare: bool,
    end: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    /// Skips blanks, empty lines and comments; says whether anything is left.
    fn skip_to_statement(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let content = rest.trim_start();
            self.line += rest[..rest.len() - content.len()].matches('\n').count();
            self.position = self.text.len() - content.len();
            if content.is_empty() {
                return false;
            }
            if !content.starts_with('#') {
                return true;
            }
            match content.find('\n') {
                Some(end) => self.position += end,
                None => return false,
            }
        }
    }

    fn statement(&mut self) -> Result<DotenvEntry, DotenvError> {
        let start = self.position;
        if let Some(rest) = self.rest().strip_prefix("export")
            && rest.starts_with(['\t', '\n', '\u{c}', '\r', ' '])
        {
            self.position = self.text.len() - rest.trim_start_matches(is_blank).len();
        }
        if self.rest().is_empty() {
            return Err(DotenvError { message: "zero length string".to_owned(), range: start..self.text.len() });
        }
        let name = self.name(start)?;
        if name.is_bare && !name.key.contains(' ') {
            self.line += 1;
        }
        let key = name.key.trim_end();
        let key_end = self.position + key.len();
        if key.contains(' ') {
            let message = format!("line {}: key cannot contain a space", self.line);
            return Err(DotenvError { message, range: start..key_end });
        }
        let after = &self.text[name.end..];
        self.position = self.text.len() - after.trim_start_matches(is_blank).len();
        let (value, unset, end) = if name.is_bare {
            (self.lookup.get(key).map(str::to_owned), Vec::new(), key_end)
        } else {
            let (value, unset, end) = self.value(start)?;
            (Some(value), unset, end)
        };
        if let Some(value) = &value {
            self.known.insert(key.to_owned(), value.clone());
        }
        Ok(DotenvEntry { key: key.to_owned(), value, unset, range: start..end.max(key_end) })
    }

    fn name(&self, start: usize) -> Result<Name<'a>, DotenvError> {
        let rest = self.rest();
        for (at, character) in rest.char_indices() {
            match character {
                '=' | ':' | '\n' => {
                    return Ok(Name { key: &rest[..at], is_bare: character == '\n', end: self.position + at + 1 });
                }
                '_' | '.' | '-' | '[' | ']' => {}
                _ if is_blank(character) || character.is_alphabetic() || character.is_numeric() => {}
                _ => {
                    let line = rest.split('\n').next().unwrap_or(rest);
                    let mut buffer = [0; 4];
                    let character = quote(character.encode_utf8(&mut buffer));
                    let message = format!(
                        "line {}: unexpected character {character} in variable name {}",
                        self.line,
                        quote(line)
                    );
                    return Err(DotenvError { message, range: start..self.position + line.trim_end().len() });
                }
            }
        }
        // The text ends before the name does: Compose then reads the same again as a value.
        Ok(Name { key: "", is_bare: false, end: self.position })
    }

    /// The value at the position, what in it is unset, and where it ends.
    fn value(&mut self, start: usize) -> Result<(String, Vec<String>, usize), DotenvError> {
        let rest = self.rest();
        let begin = self.position;
        let Some(quote) = rest.chars().next().filter(|first| matches!(first, '"' | '\'')) else {
            let line = rest.split('\n').next().unwrap_or(rest);
            self.line += 1;
            self.position = (begin + line.len() + 1).min(self.text.len());
            let value = line.split(" #").next().unwrap_or(line).trim_end();
            let end = begin + value.len();
            let (value, unset) = self.expand(value, start..end)?;
            return Ok((value, unset, end));
        };
        let Some((value, length)) = unquote(rest, quote) else {
            self.line += rest.matches('\n').count();
            let first = rest.split('\n').next().unwrap_or(rest);
            let message = format!("line {}: unterminated quoted value {first}", self.line);
            return Err(DotenvError { message, range: start..begin + first.trim_end().len() });
        };
        let end = begin + length;
        self.line += rest[..length].matches('\n').count();
        self.position = end;
        if quote == '\'' {
            return Ok((value, Vec::new(), end));
        }
        let (value, unset) = self.expand(&expand_escapes(&value), start..end)?;
        Ok((value, unset, end))
    }

    fn expand(&self, value: &str, range: Range<usize>) -> Result<(String, Vec<String>), DotenvError> {
        let scope = Scope { outer: self.lookup, known: &self.known };
        let result = interpolate(value, &scope).map_err(|error| DotenvError { message: error.to_string(), range })?;
        Ok((result.value, result.unset.into_iter().map(|unset| unset.name).collect()))
    }
}

/// White space within a line, as compose-go's dotenv sees it.
fn is_blank(character: char) -> bool {
    matches!(character, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// The text between quotes, with the backslash of an escaped quote dropped, and the length with both quotes.
fn unquote(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
            if character != quote {
                value.push('\\');
            }
            value.push(character);
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return Some((value, at + 1));
        } else {
            value.push(character);
        }
    }
    None
}

/// Resolves the escapes that double quotes allow; others stay as they are.
fn expand_escapes(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        rest = &rest[at..];
        let (replacement, length) = match rest.as_bytes().get(1) {
            Some(b'a') => ("\u{7}", 2),
            Some(b'b') => ("\u{8}", 2),
            Some(b'f') => ("\u{c}", 2),
            Some(b'n') => ("\n", 2),
            Some(b'r') => ("\r", 2),
            Some(b't') => ("\t", 2),
            Some(b'v') => ("\u{b}", 2),
            Some(b'"') => ("\"", 2),
            Some(b'\\') => ("\\", 2),
            // The expansion that follows turns it into one dollar.
            Some(b'$') => ("$$", 2),
            Some(b'0') => {
                let digits = rest[2..].bytes().take(3).take_while(u8::is_ascii_digit).count();
                let length = 2 + digits;
                // Three octal digits of at most 255 make a character; Go leaves all else alone.
                match u8::from_str_radix(&rest[2..length], 8).ok().filter(|_| digits == 3) {
                    Some(code) => value.push(char::from(code)),
                    None => value.push_str(&rest[..length]),
                }
                ("", length)
            }
            _ => ("\\", 1),
        };
        value.push_str(replacement);
        rest = &rest[length..];
    }
    value.push_str(rest);
    value
}

#[cfg(test)]
#[path = "dotenv_tests.rs"]
mod tests;
