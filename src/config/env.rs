// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Every `STACKCTL_*` variable, declared once. Takes a snapshot of the environment, never the process's own.

use std::collections::BTreeMap;

use super::{ColorChoice, FindingFormat, Layer, LogFormat, Origin, PersonaChoice, Secret, SettingsError, SinkLayer};
use super::{level_word, parse_size};
use crate::diag::closest;
use crate::error::quoted;

/// A variable that stackctl reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// The name.
    pub name: &'static str,
    /// What it sets, as a fragment.
    pub about: &'static str,
    /// First version that reads it.
    pub since: &'static str,
}

/// How every variable begins.
const PREFIX: &str = "STACKCTL_";

/// How the variables of the project's own tests begin; the program does not read them, and they are nobody's mistake.
const TESTS: &str = "STACKCTL_TEST_";

/// Colour.
pub const COLOR: &str = "STACKCTL_COLOR";
/// Threshold of failure.
pub const FAIL_ON: &str = "STACKCTL_FAIL_ON";
/// Format of findings.
pub const FORMAT: &str = "STACKCTL_FORMAT";
/// Silent rules.
pub const IGNORE: &str = "STACKCTL_IGNORE";
/// Format of log lines.
pub const LOG_FORMAT: &str = "STACKCTL_LOG_FORMAT";
/// Filter of log lines.
pub const LOG_LEVEL: &str = "STACKCTL_LOG_LEVEL";
/// Limit of file size.
pub const MAX_FILE_SIZE: &str = "STACKCTL_MAX_FILE_SIZE";
/// Password at the broker.
pub const MQTT_PASSWORD: &str = "STACKCTL_MQTT_PASSWORD";
/// Who asks.
pub const PERSONA: &str = "STACKCTL_PERSONA";
/// Fixed run id.
pub const RUN_ID: &str = "STACKCTL_RUN_ID";
/// The only rules that speak.
pub const SELECT: &str = "STACKCTL_SELECT";
/// Where stackctl keeps its state.
pub const STATE_DIR: &str = "STACKCTL_STATE_DIR";
/// Where sets are kept.
pub const STORE: &str = "STACKCTL_STORE";
/// Token of the first webhook.
pub const WEBHOOK_TOKEN: &str = "STACKCTL_WEBHOOK_TOKEN";
/// Address of the first webhook.
pub const WEBHOOK_URL: &str = "STACKCTL_WEBHOOK_URL";

/// All variables, sorted by name.
pub const VARIABLES: &[Variable] = &[
    Variable { name: COLOR, about: "when to use colour: `auto`, `always` or `never`", since: "0.1.0" },
    Variable {
        name: FAIL_ON,
        about: "lowest level that fails `validate`: `error`, `warning` or `info`",
        since: "0.1.0",
    },
    Variable { name: FORMAT, about: "format of findings: `human`, `json`, `sarif` or `github`", since: "0.1.0" },
    Variable { name: IGNORE, about: "rules that are silent, separated by commas", since: "0.1.0" },
    Variable { name: LOG_FORMAT, about: "format of log lines: `text` or `json`", since: "0.1.0" },
    Variable { name: LOG_LEVEL, about: "which log lines are written, such as `debug`", since: "0.1.0" },
    Variable { name: MAX_FILE_SIZE, about: "largest file that is read, such as `16MiB`", since: "0.1.0" },
    Variable {
        name: MQTT_PASSWORD,
        about: "the password at the MQTT broker; beats `mqtt.password_file`",
        since: "0.1.0",
    },
    Variable { name: PERSONA, about: "which rules speak: `default` or `pedantic`", since: "0.1.0" },
    Variable { name: RUN_ID, about: "the run id in logs, errors and JSON, instead of a fresh one", since: "0.1.0" },
    Variable { name: SELECT, about: "the only rules that speak, separated by commas", since: "0.1.0" },
    Variable {
        name: STATE_DIR,
        about: "the folder for locks and records, instead of `~/.local/state/stackctl`",
        since: "0.1.0",
    },
    Variable {
        name: STORE,
        about: "the store of `stackctl backup`, instead of `~/.local/share/stackctl/backups/<project>`",
        since: "0.1.0",
    },
    Variable {
        name: WEBHOOK_TOKEN,
        about: "the bearer token of the first webhook; beats its `token_file`",
        since: "0.1.0",
    },
    Variable {
        name: WEBHOOK_URL,
        about: "the address of the first webhook; beats its `url` and `url_file`, and needs no `[[webhook]]`",
        since: "0.1.0",
    },
];

/// What the environment says.
///
/// # Errors
/// A variable with a value that it does not take. An empty value counts as unset.
pub fn layer(environment: &BTreeMap<String, String>) -> Result<Layer, SettingsError> {
    let value = |name: &'static str| environment.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let list = |name| value(name).map(split_names);
    Ok(Layer {
        backup: None,
        dashboard: None,
        levels: BTreeMap::new(),
        select: list(SELECT),
        ignore: list(IGNORE),
        persona: word(value(PERSONA), PERSONA, PersonaChoice::from_word, PersonaChoice::WORDS)?,
        fail_on: word(value(FAIL_ON), FAIL_ON, level_word, &["error", "warning", "info"])?,
        max_file_size: word(value(MAX_FILE_SIZE), MAX_FILE_SIZE, parse_size, &["16MiB"])?,
        color: word(value(COLOR), COLOR, ColorChoice::from_word, ColorChoice::WORDS)?,
        format: word(value(FORMAT), FORMAT, FindingFormat::from_word, FindingFormat::WORDS)?,
        log_format: word(value(LOG_FORMAT), LOG_FORMAT, LogFormat::from_word, LogFormat::WORDS)?,
        log_level: value(LOG_LEVEL).map(str::to_owned),
        supervise: None,
        sinks: SinkLayer {
            mqtt_password: value(MQTT_PASSWORD).map(Secret::new),
            webhook_url: value(WEBHOOK_URL).map(Secret::new),
            webhook_token: value(WEBHOOK_TOKEN).map(Secret::new),
            ..SinkLayer::default()
        },
    })
}

/// Names separated by commas or blanks.
pub(super) fn split_names(text: &str) -> Vec<String> {
    text.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn word<T>(
    value: Option<&str>,
    name: &'static str,
    parse: impl Fn(&str) -> Option<T>,
    words: &[&str],
) -> Result<Option<T>, SettingsError> {
    let Some(text) = value else { return Ok(None) };
    parse(text).map(Some).ok_or_else(|| SettingsError::BadValue {
        place: "environment".into(),
        key: name.into(),
        expected: quoted(words),
        found: text.into(),
    })
}

/// Variables that start with `STACKCTL_` and that nobody reads, each with the name that was probably meant.
#[must_use]
pub fn unknown(environment: &BTreeMap<String, String>) -> Vec<(String, Option<&'static str>)> {
    environment
        .keys()
        .filter(|name| name.starts_with(PREFIX) && !name.starts_with(TESTS))
        .filter(|name| !VARIABLES.iter().any(|variable| variable.name == *name))
        .map(|name| {
            // The common start would make every name look near.
            let known = VARIABLES.iter().filter_map(|variable| variable.name.strip_prefix(PREFIX));
            let meant = closest(name.trim_start_matches(PREFIX), known);
            (name.clone(), VARIABLES.iter().map(|v| v.name).find(|known| known.strip_prefix(PREFIX) == meant))
        })
        .collect()
}

/// The origin of a value that comes from this variable.
pub(super) fn origin(name: &'static str) -> Origin {
    Origin::Environment(name)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn variables_are_sorted_and_read() {
        assert!(VARIABLES.windows(2).all(|pair| pair[0].name < pair[1].name));
        let layer = layer(&environment(&[(SELECT, "a, b"), (MAX_FILE_SIZE, "1k"), (COLOR, "")])).unwrap();
        assert_eq!(layer.select, Some(vec!["a".into(), "b".into()]));
        assert_eq!(layer.max_file_size, Some(1024));
        assert_eq!(layer.color, None);
    }

    #[test]
    fn a_bad_value_names_the_variable() {
        let error = layer(&environment(&[(COLOR, "pink")])).unwrap_err();
        assert_eq!(error.to_string(), "environment: `STACKCTL_COLOR` takes `auto`, `always`, `never`, not `pink`");
    }

    #[test]
    fn a_mistyped_variable_is_pointed_out() {
        assert_eq!(
            unknown(&environment(&[("STACKCTL_COLOUR", "x"), ("STACKCTL_RUN_ID", "r")])),
            [("STACKCTL_COLOUR".to_owned(), Some(COLOR))]
        );
        assert_eq!(unknown(&environment(&[("STACKCTL_HOME", "x")])), [("STACKCTL_HOME".to_owned(), None)]);
    }
}
