// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the loader is asked, and what it answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::compose::Node;
use crate::compose::model::{Project, VariableUse};
use crate::diag::{Diagnostic, SourceMap};

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No such file.
    #[error("no such file")]
    NotFound,
    /// A directory stands there.
    #[error("is a directory")]
    IsDirectory,
    /// Not allowed.
    #[error("permission denied")]
    Denied,
    /// Larger than the limit, in bytes.
    #[error("larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// Anything else, in the system's words.
    #[error("{0}")]
    Other(String),
}

/// Where the loader gets the files that compose files name: `extends`, `include` and `env_file` find them as they go.
pub trait Sources {
    /// The bytes of a file. `path` is absolute or relative to the working directory.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError>;
}

/// A compose file given to the loader.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// Absolute path; for standard input a path that names no file, in the working directory.
    pub path: PathBuf,
    /// The name shown in findings.
    pub display: String,
    /// The content when it does not come from `path` (standard input).
    pub content: Option<Vec<u8>>,
}

/// What the project is loaded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To print it as `docker compose config` does: services of disabled profiles are dropped, unset required
    /// variables are faults.
    Config,
    /// To judge it: all services are kept, an unset required variable is a finding and becomes empty.
    Validate,
}

/// What to load, and how.
#[derive(Debug, Clone)]
pub struct LoadRequest {
    /// The compose files in merge order.
    pub files: Vec<InputFile>,
    /// Absolute project directory; relative paths of the files count from here.
    pub project_dir: PathBuf,
    /// Absolute working directory, to show short names.
    pub working_dir: PathBuf,
    /// Project name from the flag or the environment; it beats the files' `name`. Already checked.
    pub project_name: Option<String>,
    /// Name to take when neither flag, environment nor file gives one; already normalised (empty when nothing is left).
    pub default_name: String,
    /// The environment: the process's over that of the env files.
    pub environment: BTreeMap<String, String>,
    /// Names that only `.env.example` sets (they count as set, with a note).
    pub example_environment: BTreeMap<String, String>,
    /// Enabled profiles; `*` enables all.
    pub profiles: Vec<String>,
    /// Whether variables are replaced.
    pub interpolate: bool,
    /// What for.
    pub purpose: Purpose,
}

/// What came of it: as much as could be made, and everything that is wrong.
#[derive(Debug)]
pub struct Loaded {
    /// The texts that spans point into.
    pub sources: SourceMap,
    /// Faults that Compose refuses (level error) and its warnings, in order of files and places. Rules:
    /// `yaml-invalid`, `schema-invalid`, `reference-invalid`, `depends-on-*`, `unset-variable`.
    pub diagnostics: Vec<Diagnostic>,
    /// The typed project, for `Purpose::Validate`, unless the files could not even be parsed.
    pub project: Option<Project>,
    /// What `config` prints, for `Purpose::Config`, unless there are errors.
    pub resolved: Option<Resolved>,
}

/// A project as `config` prints it.
#[derive(Debug)]
pub struct Resolved {
    /// The project name.
    pub name: String,
    /// All profiles that services name, sorted.
    pub profiles: Vec<String>,
    /// Every variable reference outside unused `x-` blocks, in order of files and places.
    pub variables: Vec<VariableUse>,
    /// The tree: normalised, with implied values, services of disabled profiles and unused resources dropped.
    pub tree: Node,
}
