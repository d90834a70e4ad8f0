// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Values of a settings file, each with its key and its line, so that a fault names both.

use std::path::PathBuf;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::secret::Secret;
use super::{SettingsError, parse_length, parse_size};
use crate::diag::closest;

/// A settings file.
pub(super) struct Place<'a> {
    /// Its name as shown to people.
    pub(super) name: &'a str,
    /// Its text.
    pub(super) text: &'a str,
}

impl<'a> Place<'a> {
    /// The line of a byte, counted from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The fields of the file's outermost table, in the order of the file.
    pub(super) fn fields<'t>(&self, table: &'t DeTable<'t>) -> Vec<Field<'t>>
    where
        'a: 't,
    {
        fields(self.name, self.text, table, "")
    }
}

/// The fields of a table in the order of the file, so that its first fault is told, not the first in the alphabet. `path`
/// is shown before each name: empty, or such as `mqtt.`.
fn fields<'a>(file: &'a str, text: &'a str, table: &'a DeTable<'a>, path: &str) -> Vec<Field<'a>> {
    let field = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
        let name: &'a std::borrow::Cow<'a, str> = key.get_ref();
        Field {
            file,
            text,
            line: Place { name: file, text }.line(key.span().start),
            key: format!("{path}{name}"),
            name,
            value,
        }
    };
    let mut fields: Vec<Field<'a>> = table.iter().map(field).collect();
    fields.sort_by_key(|field| field.line);
    fields
}

/// One key with its value.
pub(super) struct Field<'a> {
    file: &'a str,
    text: &'a str,
    line: usize,
    key: String,
    name: &'a str,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Field<'a> {
    /// The last part of its key.
    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    fn place(&self) -> Place<'a> {
        Place { name: self.file, text: self.text }
    }

    /// The fault of a key that nobody reads here; these are the names that are read.
    pub(super) fn unknown(&self, known: &'static [&'static str]) -> SettingsError {
        SettingsError::UnknownKey {
            file: self.file.into(),
            line: self.line,
            key: self.key.clone(),
            closest: closest(self.name, known.iter().copied()).map(str::to_owned),
            known,
        }
    }

    /// The fault of a value that is not what the key takes.
    pub(super) fn bad(&self, expected: impl Into<String>) -> SettingsError {
        let found = self.text.get(self.value.span()).unwrap_or_default();
        let short: String = found.chars().take(40).map(|letter| if letter == '\n' { ' ' } else { letter }).collect();
        self.fault(expected.into(), short)
    }

    /// The same for a value that may be a secret: it is not shown.
    pub(super) fn bad_unseen(&self, expected: impl Into<String>) -> SettingsError {
        self.fault(expected.into(), "what stands there".into())
    }

    fn fault(&self, expected: String, found: String) -> SettingsError {
        let line = self.place().line(self.value.span().start);
        SettingsError::BadValue {
            place: format!("`{}` line {line}", self.file),
            key: self.key.clone(),
            expected,
            found,
        }
    }

    /// The fault of a value, or of the table as a whole, that is of the right kind and still not taken.
    pub(super) fn refused(&self, message: impl Into<String>, hint: &str) -> SettingsError {
        SettingsError::Refused {
            place: format!("`{}` line {}", self.file, self.line),
            key: self.key.clone(),
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// A string.
    pub(super) fn text(&self) -> Result<&'a str, SettingsError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.bad("a string")),
        }
    }

    /// A string that is not empty.
    pub(super) fn filled(&self) -> Result<&'a str, SettingsError> {
        self.text()
            .and_then(|text| if text.is_empty() { Err(self.bad("a string that is not empty")) } else { Ok(text) })
    }

    /// A string that is a secret and not empty.
    pub(super) fn secret(&self) -> Result<Secret, SettingsError> {
        match self.value.get_ref() {
            DeValue::String(text) if !text.is_empty() => Ok(Secret::new(text.as_ref())),
            _ => Err(self.bad_unseen("a string that is not empty")),
        }
    }

    /// The path of a file.
    pub(super) fn path(&self) -> Result<PathBuf, SettingsError> {
        self.filled().map(PathBuf::from)
    }

    /// One of some words.
    pub(super) fn word<T>(&self, parse: impl Fn(&str) -> Option<T>, words: &[&str]) -> Result<T, SettingsError> {
        let expected = || words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        match self.value.get_ref() {
            DeValue::String(text) => parse(text).ok_or_else(|| self.bad(expected())),
            _ => Err(self.bad(expected())),
        }
    }

    /// A list of some words.
    pub(super) fn words<T>(&self, parse: impl Fn(&str) -> Option<T>, words: &[&str]) -> Result<Vec<T>, SettingsError> {
        let known = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        let expected = format!("a list of {known}");
        self.names(&expected)?.iter().map(|word| parse(word).ok_or_else(|| self.bad(&*expected))).collect()
    }

    /// A list of strings; `expected` says of what.
    pub(super) fn names(&self, expected: &str) -> Result<Vec<String>, SettingsError> {
        let DeValue::Array(items) = self.value.get_ref() else { return Err(self.bad(expected)) };
        items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::String(name) => Ok(name.to_string()),
                _ => Err(self.bad(expected)),
            })
            .collect()
    }

    /// A number of at least one.
    pub(super) fn count(&self) -> Result<u32, SettingsError> {
        let number = match self.value.get_ref() {
            DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        number.filter(|number| *number > 0).ok_or_else(|| self.bad("a number from 1 on"))
    }

    /// A string that `read` makes something of; `expected` says what.
    pub(super) fn parsed<T>(&self, expected: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, SettingsError> {
        match self.value.get_ref() {
            DeValue::String(text) => read(text).ok_or_else(|| self.bad(expected)),
            _ => Err(self.bad(expected)),
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&self) -> Result<bool, SettingsError> {
        match self.value.get_ref() {
            DeValue::Boolean(flag) => Ok(*flag),
            _ => Err(self.bad("true or false")),
        }
    }

    /// A length of time, such as `"30m"`; a bare number counts seconds.
    pub(super) fn length(&self) -> Result<Duration, SettingsError> {
        let length = match self.value.get_ref() {
            DeValue::Integer(number) => {
                u64::from_str_radix(number.as_str(), number.radix()).ok().map(Duration::from_secs)
            }
            DeValue::String(text) => parse_length(text).ok(),
            _ => None,
        };
        length.ok_or_else(|| self.bad("a length of time such as \"30m\""))
    }

    /// A length of time of at least this much.
    pub(super) fn length_from(&self, least: Duration) -> Result<Duration, SettingsError> {
        let length = self.length()?;
        let expected = || format!("a length of time from {}s on", least.as_secs());
        if length < least { Err(self.bad(expected())) } else { Ok(length) }
    }

    /// A number of bytes.
    pub(super) fn size(&self) -> Result<u64, SettingsError> {
        let size = match self.value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            DeValue::String(text) => parse_size(text),
            _ => None,
        };
        size.ok_or_else(|| self.bad("a number of bytes such as \"16MiB\""))
    }

    /// The fields of a table, in the order of the file; `expected` says of what. Their keys are shown with this one's
    /// before them.
    pub(super) fn table(&self, expected: &str) -> Result<Vec<Field<'a>>, SettingsError> {
        match self.value.get_ref() {
            DeValue::Table(table) => Ok(fields(self.file, self.text, table, &format!("{}.", self.key))),
            _ => Err(self.bad(expected)),
        }
    }

    /// The same for a table whose keys speak for themselves.
    pub(super) fn table_of_names(&self, expected: &str) -> Result<Vec<Field<'a>>, SettingsError> {
        match self.value.get_ref() {
            DeValue::Table(table) => Ok(fields(self.file, self.text, table, "")),
            _ => Err(self.bad(expected)),
        }
    }

    /// The tables of a list of tables (`[[key]]`), each as a field of its own.
    pub(super) fn tables(&self, expected: &str) -> Result<Vec<Field<'a>>, SettingsError> {
        let DeValue::Array(items) = self.value.get_ref() else { return Err(self.bad(expected)) };
        let field = |value: &'a Spanned<DeValue<'a>>| Field {
            line: self.place().line(value.span().start),
            key: self.key.clone(),
            value,
            ..*self
        };
        items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::Table(_) => Ok(field(item)),
                _ => Err(self.bad(expected)),
            })
            .collect()
    }
}
