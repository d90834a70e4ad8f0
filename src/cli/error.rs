// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a command may fail with before it has a result.

use crate::app::AppError;
use crate::error::{UserError, quoted};

/// A command line that clap takes and the command does not, or a use case that could not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// A format that the command does not write.
    #[error("`{command}` does not write the format `{format}`")]
    Format {
        /// The command.
        command: &'static str,
        /// The format asked for.
        format: String,
        /// The formats it writes.
        known: &'static [&'static str],
    },
    /// Flags that exclude each other.
    #[error("{0}")]
    Conflict(&'static str),
    /// No rule has this name.
    #[error("no rule is called `{name}`")]
    UnknownRule {
        /// The name.
        name: String,
        /// The rule that was probably meant.
        closest: Option<String>,
    },
    /// The use case could not start.
    #[error(transparent)]
    App(#[from] AppError),
}

impl UserError for UsageError {
    fn code(&self) -> &'static str {
        match self {
            Self::Format { .. } | Self::Conflict(_) => "usage",
            Self::UnknownRule { .. } => "rule_unknown",
            Self::App(error) => error.code(),
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Format { known, .. } => {
                vec![format!("use one of {}", quoted(known))]
            }
            Self::Conflict(_) => vec!["`stackctl help` shows what goes together".into()],
            Self::UnknownRule { closest: Some(name), .. } => vec![format!("did you mean `{name}`?")],
            Self::UnknownRule { closest: None, .. } => vec!["`stackctl rules` lists all rules".into()],
            Self::App(error) => error.hints(),
        }
    }
}

/// The format of a command: that given after its name, else that before, checked against what it writes.
///
/// # Errors
/// A format that the command does not write.
pub(super) fn choose_format(
    command: &'static str,
    own: Option<String>,
    before: Option<&str>,
    known: &'static [&'static str],
) -> Result<Option<&'static str>, UsageError> {
    let Some(format) = own.or_else(|| before.map(str::to_owned)) else { return Ok(None) };
    match known.iter().find(|word| **word == format) {
        Some(word) => Ok(Some(word)),
        None => Err(UsageError::Format { command, format, known }),
    }
}
