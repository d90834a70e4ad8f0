// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl.toml`: text to layer. Unknown keys are errors.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ColorChoice, FindingFormat, Layer, LogFormat, PersonaChoice, SettingsError};
use super::{level_word, parse_size};
use crate::diag::closest;

/// The name of the settings file.
pub const FILE_NAME: &str = "stackctl.toml";

/// All keys, sorted. `rules` is a table from rule name to `"error"`, `"warning"`, `"info"` or `"off"`.
pub const KEYS: &[&str] =
    &["color", "fail_on", "format", "ignore", "log_format", "log_level", "max_file_size", "persona", "rules", "select"];

/// Reads a settings file. `name` is shown in errors.
///
/// # Errors
/// The first fault, with its line.
pub fn parse_file(name: &str, text: &str) -> Result<Layer, SettingsError> {
    let place = Place { name, text };
    let table = DeTable::parse(text).map_err(|error| SettingsError::Syntax {
        file: name.into(),
        line: place.line(error.span().map_or(0, |span| span.start)),
        message: error.message().replace('\n', "; "),
    })?;
    let mut layer = Layer::default();
    for (key, value) in table.get_ref() {
        let at = Field { place: &place, key: key.get_ref(), value };
        match key.get_ref().as_ref() {
            "color" => layer.color = Some(at.word(ColorChoice::from_word, ColorChoice::WORDS)?),
            "fail_on" => layer.fail_on = Some(at.word(level_word, &["error", "warning", "info"])?),
            "format" => layer.format = Some(at.word(FindingFormat::from_word, FindingFormat::WORDS)?),
            "ignore" => layer.ignore = Some(at.names()?),
            "log_format" => layer.log_format = Some(at.word(LogFormat::from_word, LogFormat::WORDS)?),
            "log_level" => layer.log_level = Some(at.text()?.to_owned()),
            "max_file_size" => layer.max_file_size = Some(at.size()?),
            "persona" => layer.persona = Some(at.word(PersonaChoice::from_word, PersonaChoice::WORDS)?),
            "rules" => at.levels(&mut layer)?,
            "select" => layer.select = Some(at.names()?),
            other => {
                return Err(SettingsError::UnknownKey {
                    file: name.into(),
                    line: place.line(key.span().start),
                    key: other.into(),
                    closest: closest(other, KEYS.iter().copied()).map(str::to_owned),
                });
            }
        }
    }
    Ok(layer)
}

struct Place<'a> {
    name: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }
}

struct Field<'a> {
    place: &'a Place<'a>,
    key: &'a str,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Field<'a> {
    fn bad(&self, expected: impl Into<String>) -> SettingsError {
        let found = self.place.text.get(self.value.span()).unwrap_or_default();
        SettingsError::BadValue {
            place: format!("`{}` line {}", self.place.name, self.place.line(self.value.span().start)),
            key: self.key.into(),
            expected: expected.into(),
            found: found.chars().take(40).collect(),
        }
    }

    fn text(&self) -> Result<&'a str, SettingsError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.bad("a string")),
        }
    }

    fn word<T>(&self, parse: impl Fn(&str) -> Option<T>, words: &[&str]) -> Result<T, SettingsError> {
        let expected = || words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        match self.value.get_ref() {
            DeValue::String(text) => parse(text).ok_or_else(|| self.bad(expected())),
            _ => Err(self.bad(expected())),
        }
    }

    fn names(&self) -> Result<Vec<String>, SettingsError> {
        let expected = "a list of rule names";
        let DeValue::Array(items) = self.value.get_ref() else { return Err(self.bad(expected)) };
        items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::String(name) => Ok(name.to_string()),
                _ => Err(self.bad(expected)),
            })
            .collect()
    }

    fn size(&self) -> Result<u64, SettingsError> {
        let size = match self.value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            DeValue::String(text) => parse_size(text),
            _ => None,
        };
        size.ok_or_else(|| self.bad("a number of bytes such as \"16MiB\""))
    }

    fn levels(&self, layer: &mut Layer) -> Result<(), SettingsError> {
        let DeValue::Table(rules) = self.value.get_ref() else {
            return Err(self.bad("a table from rule name to level"));
        };
        for (rule, value) in rules {
            let field = Field { place: self.place, key: rule.get_ref(), value };
            let level = field.word(
                |word| if word == "off" { Some(None) } else { level_word(word).map(Some) },
                &["error", "warning", "info", "off"],
            )?;
            layer.levels.insert(rule.get_ref().to_string(), level);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::diag::Level;
    use crate::error::UserError as _;

    #[test]
    fn reads_every_key() {
        let layer = parse_file(
            "stackctl.toml",
            "color = \"never\"\nfail_on = \"warning\"\nformat = \"json\"\nignore = [\"a\"]\nlog_format = \"json\"\n\
             log_level = \"debug\"\nmax_file_size = \"1m\"\npersona = \"pedantic\"\nselect = []\n\
             [rules]\nport-unbound = \"off\"\nrestart-policy-missing = \"error\"\n",
        )
        .unwrap();
        assert_eq!(layer.color, Some(ColorChoice::Never));
        assert_eq!(layer.max_file_size, Some(1 << 20));
        assert_eq!(layer.levels["port-unbound"], None);
        assert_eq!(layer.levels["restart-policy-missing"], Some(Level::Error));
        assert_eq!(layer.select, Some(Vec::new()));
    }

    #[test]
    fn an_unknown_key_is_an_error_with_a_suggestion() {
        let error = parse_file("stackctl.toml", "\nselct = []\n").unwrap_err();
        assert_eq!(error.to_string(), "`stackctl.toml` line 2: unknown key `selct`");
        assert_eq!(error.hints(), ["did you mean `select`?"]);
    }

    #[test]
    fn a_bad_value_says_what_is_taken() {
        let error = parse_file("stackctl.toml", "[rules]\nport-unbound = \"loud\"\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`stackctl.toml` line 2: `port-unbound` takes \"error\", \"warning\", \"info\", \"off\", not `\"loud\"`"
        );
        assert!(parse_file("s", "color = 1").is_err());
    }

    #[test]
    fn broken_toml_names_the_line() {
        let error = parse_file("stackctl.toml", "a = 1\nb = \n").unwrap_err();
        assert!(matches!(error, SettingsError::Syntax { line: 2, .. }), "{error}");
    }

    #[test]
    fn keys_are_sorted() {
        assert!(KEYS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
