// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What can be wrong with settings.

use crate::error::UserError;

/// A fault in a settings file, a `STACKCTL_*` variable or a flag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The file is no TOML.
    #[error("`{file}` line {line}: {message}")]
    Syntax {
        /// The file as shown to people.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// The parser's words.
        message: String,
    },
    /// A key that nobody reads.
    #[error("`{file}` line {line}: unknown key `{key}`")]
    UnknownKey {
        /// The file as shown to people.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// The key.
        key: String,
        /// The key that was probably meant.
        closest: Option<String>,
        /// The keys that are read there.
        known: &'static [&'static str],
    },
    /// A value of the right kind that is not taken, or a table that lacks something.
    #[error("{place}: `{key}` {message}")]
    Refused {
        /// File and line.
        place: String,
        /// The key, or the table.
        key: String,
        /// What is wrong.
        message: String,
        /// The next step.
        hint: String,
    },
    /// A value of the wrong kind.
    #[error("{place}: `{key}` takes {expected}, not `{found}`")]
    BadValue {
        /// File and line, or the variable.
        place: String,
        /// The key.
        key: String,
        /// What it takes.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A rule name that no rule has.
    #[error("{place}: no rule is called `{name}`")]
    UnknownRule {
        /// File and line, variable or flag.
        place: String,
        /// The name.
        name: String,
        /// The rule that was probably meant.
        closest: Option<String>,
    },
    /// The file is there but cannot be read.
    #[error("cannot read `{file}`: {reason}")]
    Unreadable {
        /// The file as shown to people.
        file: String,
        /// Why.
        reason: String,
    },
}

impl UserError for SettingsError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownRule { .. } => "rule_unknown",
            _ => "bad_settings",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::UnknownKey { closest: Some(key), .. } => vec![format!("did you mean `{key}`?")],
            Self::UnknownKey { closest: None, known, .. } => vec![format!("known keys: {}", known.join(", "))],
            Self::UnknownRule { closest: Some(name), .. } => vec![format!("did you mean `{name}`?")],
            Self::UnknownRule { closest: None, .. } => vec!["`stackctl rules` lists all rules".into()],
            Self::Refused { hint, .. } => vec![hint.clone()],
            Self::Syntax { .. } | Self::BadValue { .. } | Self::Unreadable { .. } => Vec::new(),
        }
    }
}
