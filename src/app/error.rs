// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What keeps a use case from starting.

use crate::compose::ReadError;
use crate::config::SettingsError;
use crate::error::{UserError, quoted};

/// A fault before the first compose file is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// No compose file anywhere.
    #[error("no compose file found in `{place}`{}", if *.parents { " or the folders above it" } else { "" })]
    ProjectMissing {
        /// The folder that was searched.
        place: String,
        /// Whether the folders above it were searched too.
        parents: bool,
    },
    /// More than one file could be meant.
    #[error("several compose files could be meant in `{place}`: {}", quoted(.files))]
    ProjectAmbiguous {
        /// The folder that was searched.
        place: String,
        /// The files, sorted.
        files: Vec<String>,
    },
    /// A named file is not there.
    #[error("no such file: `{path}`")]
    InputMissing {
        /// The file as shown to people.
        path: String,
    },
    /// A named file or standard input cannot be read.
    #[error("cannot read `{path}`: {reason}")]
    InputUnreadable {
        /// The file as shown to people.
        path: String,
        /// Why.
        reason: ReadError,
    },
    /// A named env file is not there.
    #[error("no such env file: `{path}`")]
    EnvFileMissing {
        /// The file as shown to people.
        path: String,
    },
    /// An env file cannot be read or understood.
    #[error("cannot use env file `{path}`: {reason}")]
    EnvFileInvalid {
        /// The file as shown to people.
        path: String,
        /// Why.
        reason: String,
    },
    /// A project name that Compose refuses.
    #[error("`{name}` from {origin} is no project name")]
    BadProjectName {
        /// The name.
        name: String,
        /// Where it comes from: a flag or a variable.
        origin: &'static str,
    },
    /// A `COMPOSE_*` variable with a value that Compose refuses.
    #[error("`{variable}` is set to `{value}`, which is no {expected}")]
    BadEnvironment {
        /// The variable.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What it takes.
        expected: &'static str,
    },
    /// Settings are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

impl UserError for AppError {
    fn code(&self) -> &'static str {
        match self {
            Self::ProjectMissing { .. } => "project_missing",
            Self::ProjectAmbiguous { .. } => "project_ambiguous",
            Self::InputMissing { .. } => "input_missing",
            Self::InputUnreadable { .. } => "input_unreadable",
            Self::EnvFileMissing { .. } => "env_file_missing",
            Self::EnvFileInvalid { .. } => "env_file_invalid",
            Self::BadProjectName { .. } => "bad_project_name",
            Self::BadEnvironment { .. } => "bad_environment",
            Self::Settings(error) => error.code(),
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::ProjectMissing { .. } => "name a file with `-f FILE`, or change to the folder of the project",
            Self::ProjectAmbiguous { .. } => "name the one that is meant with `-f FILE`",
            Self::InputMissing { .. } => "check the spelling; relative paths count from the working directory",
            Self::InputUnreadable { reason: ReadError::TooLarge { .. }, .. } => {
                "raise `max_file_size` in `stackctl.toml`, or set `STACKCTL_MAX_FILE_SIZE`"
            }
            Self::EnvFileMissing { .. } => "relative paths of `--env-file` count from the working directory",
            Self::BadProjectName { .. } => "use small letters, digits, `-` and `_`, and start with a letter or a digit",
            Self::BadEnvironment { .. } | Self::InputUnreadable { .. } | Self::EnvFileInvalid { .. } => {
                return Vec::new();
            }
            Self::Settings(error) => return error.hints(),
        };
        vec![hint.to_owned()]
    }
}
