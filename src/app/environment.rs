// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The environment that a project is read in: the process's own over that of the env files.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::{AppError, Context};
use crate::compose::{ReadError, dotenv};
use crate::diag::{Diagnostic, Level, SourceMap, Span};

/// An env file that could not be understood.
#[derive(Debug, Clone)]
pub(super) struct EnvFault {
    /// The file as shown to people.
    display: String,
    /// Its text.
    text: String,
    /// What is wrong.
    message: String,
    /// The bytes that are wrong.
    range: Range<usize>,
}

impl EnvFault {
    /// The fault as an error that stops a command.
    pub(super) fn into_error(self) -> AppError {
        AppError::EnvFileInvalid { path: self.display, reason: self.message }
    }

    /// The fault as a finding in `sources`, which get the file.
    pub(super) fn into_finding(self, sources: &mut SourceMap) -> Diagnostic {
        let file = sources.add(self.display, self.text);
        let span = Span::new(file, self.range.start, self.range.end);
        Diagnostic::new("schema-invalid", Level::Error, span, "env-file", format!("invalid env file: {}", self.message))
            .hint("write one `NAME=value` a line; put values with blanks or `#` in quotes")
    }
}

/// A variable in the value of an env file that nothing sets.
#[derive(Debug, Clone)]
pub(super) struct EnvWarning {
    fault: EnvFault,
    variable: String,
}

impl EnvWarning {
    /// The warning as a finding in `sources`, which get the file.
    pub(super) fn into_finding(self, sources: &mut SourceMap) -> Diagnostic {
        let EnvFault { display, text, message, range } = self.fault;
        let known = sources.files().find(|(_, file)| file.name() == display).map(|(id, _)| id);
        let span = Span::new(known.unwrap_or_else(|| sources.add(display, text)), range.start, range.end);
        let subject = format!("variables.{}", self.variable);
        Diagnostic::new("unset-variable", Level::Warning, span, subject, message).hint(dotenv::LITERAL_DOLLAR)
    }
}

/// What the env files say, and what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct EnvFiles {
    /// Names and values that the process environment does not set.
    pub(super) values: BTreeMap<String, String>,
    /// Files that could not be understood; nothing of them is in `values`.
    pub(super) faults: Vec<EnvFault>,
    /// Variables in values that nothing sets.
    pub(super) warnings: Vec<EnvWarning>,
}

/// Reads env files in order, a later one over an earlier one. References in values are looked up in `environment` first,
/// then in the files before (Compose 2.40: `dotenv.GetEnvFromFile`).
///
/// # Errors
/// A file that is missing, or that cannot be read.
pub(super) fn read_env_files(
    context: &Context<'_>,
    environment: &BTreeMap<String, String>,
    files: &[PathBuf],
) -> Result<EnvFiles, AppError> {
    let mut result = EnvFiles::default();
    for path in files {
        let display = context.display(path);
        let bytes = context.files.read(path, context.max_file_size).map_err(|reason| match reason {
            ReadError::NotFound => AppError::EnvFileMissing { path: display.clone() },
            reason => AppError::EnvFileInvalid { path: display.clone(), reason: reason.to_string() },
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match dotenv::parse_after(&text, environment, &result.values) {
            Ok(entries) => {
                for entry in &entries {
                    result.warnings.extend(entry.warnings().map(|(variable, message)| EnvWarning {
                        fault: EnvFault {
                            display: display.clone(),
                            text: text.clone(),
                            message,
                            range: entry.reference(&text, variable),
                        },
                        variable: variable.to_owned(),
                    }));
                }
                result.values.extend(entries.into_iter().filter_map(|entry| Some((entry.key, entry.value?))));
            }
            Err(error) => {
                result.faults.push(EnvFault { display, text, message: error.message, range: error.range });
            }
        }
    }
    result.values.retain(|name, _| !environment.contains_key(name));
    Ok(result)
}

/// The `.env` file of a folder, when there is one. A directory of that name counts as none, as in Compose.
pub(super) fn default_env_file(context: &Context<'_>, directory: &Path) -> Option<PathBuf> {
    let path = directory.join(".env");
    context.files.is_file(&path).then_some(path)
}
