// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Flags that every command takes.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args};

use super::UsageError;
use crate::app::Selection;
use crate::config::{ColorChoice, Layer, LogFormat};
use crate::output::Verbosity;

/// Flags that may stand before or after the command's name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct GlobalArgs {
    /// Compose file, `-` for standard input; may be given more than once, later files override earlier ones.
    #[arg(short, long = "file", value_name = "FILE", help_heading = "Project options")]
    files: Vec<String>,

    /// Project name.
    #[arg(short, long, value_name = "NAME", help_heading = "Project options")]
    project_name: Option<String>,

    /// Folder from which relative paths count [default: that of the first compose file].
    #[arg(long, value_name = "DIR", help_heading = "Project options")]
    project_directory: Option<String>,

    /// Env file instead of `.env`; may be given more than once, later files win.
    #[arg(long = "env-file", value_name = "FILE", help_heading = "Project options")]
    env_files: Vec<String>,

    /// Profile to enable, `*` for all; may be given more than once.
    #[arg(id = "enabled_profile", long = "profile", value_name = "NAME", help_heading = "Project options")]
    profiles: Vec<String>,

    /// Say nothing beside the result.
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output options")]
    quiet: bool,

    /// Say and log more; twice for even more.
    #[arg(short, long, action = ArgAction::Count, help_heading = "Output options")]
    verbose: u8,

    /// Log everything, as `-vv`.
    #[arg(long, help_heading = "Output options")]
    debug: bool,

    /// When to use colour [default: auto].
    #[arg(long, value_name = "WHEN", value_parser = PossibleValuesParser::new(ColorChoice::WORDS), help_heading = "Output options")]
    color: Option<String>,

    /// Format of log lines on standard error [default: text].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(LogFormat::WORDS), help_heading = "Output options")]
    log_format: Option<String>,

    /// Which log lines are written: error, warn, info, debug, trace, or a filter such as `stackctl::app=debug`
    /// [default: warn].
    #[arg(long, value_name = "FILTER", help_heading = "Output options")]
    log_level: Option<String>,
}

/// What must be known before the outside is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Startup {
    /// The flags that choose a project.
    pub selection: Selection,
    /// What the command line sets.
    pub flags: Layer,
    /// How much is said beside the result.
    pub verbosity: Verbosity,
    /// The path near which settings are searched: the first file or folder named; `None`: the working directory.
    pub settings_near: Option<PathBuf>,
}

impl GlobalArgs {
    /// These flags and those given after the command's name: lists are joined, single values of `after` win.
    pub(super) fn joined(mut self, after: Self) -> Self {
        self.files.extend(after.files);
        self.env_files.extend(after.env_files);
        self.profiles.extend(after.profiles);
        Self {
            files: self.files,
            project_name: after.project_name.or(self.project_name),
            project_directory: after.project_directory.or(self.project_directory),
            env_files: self.env_files,
            profiles: self.profiles,
            quiet: self.quiet || after.quiet,
            verbose: self.verbose.saturating_add(after.verbose),
            debug: self.debug || after.debug,
            color: after.color.or(self.color),
            log_format: after.log_format.or(self.log_format),
            log_level: after.log_level.or(self.log_level),
        }
    }

    /// What the flags mean for the start of the run.
    pub(super) fn startup(self, targets: &[String]) -> Result<Startup, UsageError> {
        if !targets.is_empty() && !self.files.is_empty() {
            return Err(UsageError::Conflict("name files either with `-f` or as arguments, not both"));
        }
        let level = match (self.debug, self.verbose) {
            (true, _) | (false, 2..) => Some("debug".to_owned()),
            (false, 1) => Some("info".to_owned()),
            (false, 0) => None,
        };
        let flags = Layer {
            color: self.color.as_deref().and_then(ColorChoice::from_word),
            log_format: self.log_format.as_deref().and_then(LogFormat::from_word),
            log_level: self.log_level.or(level),
            ..Layer::default()
        };
        let near = targets.iter().chain(&self.files).find(|name| *name != "-").or(self.project_directory.as_ref());
        Ok(Startup {
            settings_near: near.map(PathBuf::from),
            flags,
            verbosity: match (self.quiet, self.verbose) {
                (true, _) => Verbosity::Quiet,
                (false, 0) => Verbosity::Normal,
                (false, 1..) => Verbosity::Verbose,
            },
            selection: Selection {
                files: self.files,
                project_name: self.project_name,
                project_directory: self.project_directory,
                env_files: self.env_files,
                profiles: self.profiles,
            },
        })
    }
}
