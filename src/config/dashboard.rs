// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `[dashboard]`: colours, signs, columns and keys of the screen. What names there are is known by the screen itself.

use std::collections::BTreeMap;

use super::SettingsError;
use super::reader::Field;

const KEYS: &[&str] = &["columns", "keys", "signs", "theme"];

/// What a settings file says of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DashboardSettings {
    /// The columns of the stack, in their order; empty: all.
    pub columns: Vec<String>,
    /// Keys by command, as people write them.
    pub keys: BTreeMap<String, Vec<String>>,
    /// The theme; `None`: dark.
    pub theme: Option<String>,
    /// Whether only ASCII is shown; `None`: as the locale says.
    pub is_ascii: Option<bool>,
}

/// Reads the table.
///
/// # Errors
/// Its first fault.
pub(super) fn dashboard(at: &Field<'_>) -> Result<DashboardSettings, SettingsError> {
    let mut settings = DashboardSettings::default();
    for field in at.table("a table")? {
        match field.name() {
            "columns" => settings.columns = field.names("a list of columns")?,
            "keys" => {
                for command in field.table_of_names("a table from command to list of keys")? {
                    settings.keys.insert(command.name().to_owned(), command.names("a list of keys")?);
                }
            }
            "signs" => {
                let is_ascii = |word: &str| {
                    [("unicode", false), ("ascii", true)].iter().find(|one| one.0 == word).map(|one| one.1)
                };
                settings.is_ascii = Some(field.word(is_ascii, &["unicode", "ascii"])?);
            }
            "theme" => {
                let names = &["dark", "light", "contrast", "mono"];
                let known = |word: &str| names.iter().find(|one| **one == word).map(|one| (*one).to_owned());
                settings.theme = Some(field.word(known, names)?);
            }
            _ => return Err(field.unknown(KEYS)),
        }
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::config::parse_file;

    #[test]
    fn says_what_the_screen_is_like() {
        let text = "[dashboard]\ntheme = \"contrast\"\nsigns = \"ascii\"\ncolumns = [\"cpu\"]\n[dashboard.keys]\nrestart = [\"x\"]\n";
        let read = parse_file("stackctl.toml", text).unwrap().dashboard.unwrap();
        assert_eq!((read.theme.as_deref(), read.is_ascii, read.columns.len()), (Some("contrast"), Some(true), 1));
        assert_eq!(read.keys["restart"], ["x"]);
        for text in
            ["[dashboard]\ntheme = \"pink\"\n", "[dashboard]\nthema = \"dark\"\n", "[dashboard.keys]\nstop = 1\n"]
        {
            assert!(parse_file("stackctl.toml", text).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_are_sorted() {
        assert!(KEYS.is_sorted());
    }
}
