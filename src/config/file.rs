// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl.toml`: text to layer. Unknown keys are errors.

use toml::de::DeTable;

use super::level_word;
use super::reader::{Field, Place};
use super::{
    ColorChoice, FindingFormat, Layer, LogFormat, PersonaChoice, SettingsError, backup, dashboard, sinks, supervise,
};

/// The name of the settings file.
pub const FILE_NAME: &str = "stackctl.toml";

/// All keys, sorted. `rules` is a table from rule name to `"error"`, `"warning"`, `"info"` or `"off"`.
pub const KEYS: &[&str] = &[
    "backup",
    "color",
    "dashboard",
    "fail_on",
    "format",
    "ignore",
    "log_format",
    "log_level",
    "max_file_size",
    "mqtt",
    "persona",
    "prometheus",
    "rules",
    "select",
    "supervise",
    "webhook",
];

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
    for at in place.fields(table.get_ref()) {
        match at.name() {
            "backup" => layer.backup = Some(backup::backup(&at)?),
            "color" => layer.color = Some(at.word(ColorChoice::from_word, ColorChoice::WORDS)?),
            "dashboard" => layer.dashboard = Some(dashboard::dashboard(&at)?),
            "fail_on" => layer.fail_on = Some(at.word(level_word, &["error", "warning", "info"])?),
            "format" => layer.format = Some(at.word(FindingFormat::from_word, FindingFormat::WORDS)?),
            "ignore" => layer.ignore = Some(at.names(RULE_NAMES)?),
            "log_format" => layer.log_format = Some(at.word(LogFormat::from_word, LogFormat::WORDS)?),
            "log_level" => layer.log_level = Some(at.text()?.to_owned()),
            "max_file_size" => layer.max_file_size = Some(at.size()?),
            "mqtt" => layer.sinks.settings.mqtt = Some(sinks::mqtt(&at)?),
            "persona" => layer.persona = Some(at.word(PersonaChoice::from_word, PersonaChoice::WORDS)?),
            "prometheus" => layer.sinks.settings.prometheus = Some(sinks::prometheus(&at)?),
            "rules" => levels(&at, &mut layer)?,
            "select" => layer.select = Some(at.names(RULE_NAMES)?),
            "supervise" => layer.supervise = Some(supervise::supervise(&at)?),
            "webhook" => layer.sinks.settings.webhooks = sinks::webhooks(&at)?,
            _ => return Err(at.unknown(KEYS)),
        }
    }
    Ok(layer)
}

/// What lists of rules take.
const RULE_NAMES: &str = "a list of rule names";

fn levels(at: &Field<'_>, layer: &mut Layer) -> Result<(), SettingsError> {
    for rule in at.table_of_names("a table from rule name to level")? {
        let level = rule.word(
            |word| if word == "off" { Some(None) } else { level_word(word).map(Some) },
            &["error", "warning", "info", "off"],
        )?;
        layer.levels.insert(rule.name().to_owned(), level);
    }
    Ok(())
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
