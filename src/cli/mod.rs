// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The command line: arguments to requests, outcomes to output and exit status. clap is named here and nowhere else.
//!
//! Flags for all commands may stand before or after the command's name; lists given in both places are joined.

mod backup;
mod config;
mod dashboard;
mod doctor;
mod engine;
mod error;
mod explain;
mod global;
mod health;
mod length;
mod logs;
mod notify;
mod operation;
mod outlet;
mod recover;
pub mod reference;
mod restore;
mod rules;
mod status;
mod supervise;
mod telling;
mod unknown_service;
mod validate;
mod verify;
mod watch;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use clap::{CommandFactory, Parser, Subcommand};
use tokio_util::sync::CancellationToken;

pub use error::UsageError;
pub use global::{GlobalArgs, Startup};

use crate::app::Context;
use crate::app::backup as sets;
use crate::app::engines::EngineWish;
use crate::app::observe::Live;
use crate::app::sinks;
use crate::app::verify::Tools;
use crate::config::Settings;
use crate::error::UserError;
use crate::exit::Exit;
use crate::output::{Layout, Printer, Theme};

/// The program's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The version, with the git hash when the build knew it (`BUILT_FROM_COMMIT`, set by the build script).
fn version_line() -> &'static str {
    static LINE: LazyLock<String> = LazyLock::new(|| match option_env!("BUILT_FROM_COMMIT") {
        Some(hash) if !hash.is_empty() => format!("{VERSION} ({hash})"),
        _ => VERSION.to_owned(),
    });
    &LINE
}

/// Docker Compose stack manager: checks compose files, and shows what Compose makes of them.
#[derive(Debug, Parser)]
#[command(name = "stackctl", version = version_line(), arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "\
Examples:
  stackctl validate                      judge the project in this folder
  stackctl validate --format sarif .     every project below, for a code scanner
  stackctl -f compose.yaml config        show what Compose makes of the file
  stackctl explain image-tag-mutable     why a rule exists and how to satisfy it

Exit status: 0 done, 1 failed or findings, 2 bad command line or no input; the rest is in guides/reference/cli.md.")]
pub struct Cli {
    #[command(flatten)]
    global: GlobalArgs,

    /// Format of the result; the values depend on the command.
    #[arg(long, value_name = "FORMAT", help_heading = "Output options")]
    format: Option<String>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Validate(validate::ValidateArgs),
    Config(config::ConfigArgs),
    Rules(rules::RulesArgs),
    Explain(explain::ExplainArgs),
    #[command(visible_alias = "ps")]
    Status(status::StatusArgs),
    Health(health::HealthArgs),
    Logs(logs::LogsArgs),
    Doctor(doctor::DoctorArgs),
    Watch(watch::WatchArgs),
    #[command(visible_alias = "tui")]
    Dashboard(dashboard::DashboardArgs),
    Supervise(supervise::SuperviseArgs),
    Verify(verify::VerifyArgs),
    Notify(notify::NotifyArgs),
    Backup(Box<backup::BackupArgs>),
    Restore(Box<restore::RestoreArgs>),
    Recover(recover::RecoverArgs),
}

/// What a command is given to run with.
pub struct Session<'s, 'p> {
    /// The outside.
    pub context: Context<'s>,
    /// The settings that hold for the run as a whole.
    pub settings: &'s Settings,
    /// Where output goes.
    pub printer: &'s mut Printer<'p>,
    /// How standard output is dressed.
    pub theme: Theme,
    /// How standard error is dressed.
    pub error_theme: Theme,
    /// When the run began.
    pub started: DateTime<Utc>,
    /// The engines, and what belongs to talking with them. Empty for commands that name none.
    pub live: Live<'s>,
    /// What verifying needs of the outside beside the engines.
    pub tools: Tools<'s>,
    /// What sets need of the outside.
    pub sets: sets::Outside<'s>,
    /// Who makes those that read and write volumes.
    pub make_workers: &'s dyn sets::MakeWorkers,
    /// What telling others needs of the outside.
    pub sinks: sinks::Outside<'s>,
    /// Whether standard input and output are one terminal's.
    pub has_terminal: bool,
    /// Stops this process as a job of its shell; returns when it goes on.
    pub stop_self: fn(),
    /// How tables and the like are laid out.
    pub layout: Layout,
    /// Told when a signal asks the run to end.
    pub cancelled: CancellationToken,
}

impl Session<'_, '_> {
    /// Tells the fault that ends the command, and the exit status that belongs to it.
    fn fail(&mut self, fault: &dyn UserError) -> Exit {
        self.printer.error(fault);
        crate::exit::of_error(fault.code())
    }
}

/// For hands that are used to another `logs -f`.
fn follow_hint(words: &[OsString]) -> &'static str {
    let is_logs = words.iter().any(|word| word == "logs") && words.last().is_some_and(|word| word == "-f");
    if is_logs { "  = hint: `-f` names the compose file, as everywhere; `stackctl logs -F` follows\n" } else { "" }
}

/// A command line that asks for something other than a command: help, version, or a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Text for standard output; the run is done.
    Shown(String),
    /// A complaint for standard error; the command line is bad.
    Refused(String),
}

impl Cli {
    /// Reads a command line, the program's name first. `theme` dresses help and complaints.
    ///
    /// # Errors
    /// The answer, when there is no command to run.
    pub fn read(arguments: impl IntoIterator<Item = OsString>, theme: Theme) -> Result<Self, Answer> {
        let words: Vec<OsString> = arguments.into_iter().collect();
        Self::try_parse_from(&words).map_err(|error| {
            let text = match theme {
                Theme::Plain => error.render().to_string(),
                Theme::Styled => error.render().ansi().to_string(),
            };
            if error.use_stderr() {
                Answer::Refused(text.replacen("error:", "error[usage]:", 1) + follow_hint(&words))
            } else {
                Answer::Shown(text)
            }
        })
    }

    /// What must be known before the outside is set up.
    ///
    /// # Errors
    /// A value that no setting takes.
    pub fn startup(&self) -> Result<Startup, UsageError> {
        let (global, targets) = match &self.command {
            Command::Validate(args) => (&args.global, args.targets.as_slice()),
            Command::Config(args) => (&args.global, [].as_slice()),
            Command::Rules(args) => (&args.global, [].as_slice()),
            Command::Explain(args) => (&args.global, [].as_slice()),
            Command::Status(args) => (&args.global, [].as_slice()),
            Command::Health(args) => (&args.global, [].as_slice()),
            Command::Logs(args) => (&args.global, [].as_slice()),
            Command::Doctor(args) => (&args.global, [].as_slice()),
            Command::Watch(args) => (&args.global, [].as_slice()),
            Command::Dashboard(args) => (&args.global, [].as_slice()),
            Command::Supervise(args) => (&args.global, [].as_slice()),
            Command::Verify(args) => (&args.global, [].as_slice()),
            Command::Notify(args) => (args.global(), [].as_slice()),
            Command::Backup(args) => (args.global(), [].as_slice()),
            Command::Restore(args) => (&args.global, [].as_slice()),
            Command::Recover(args) => (&args.global, [].as_slice()),
        };
        let mut startup = self.global.clone().joined(global.clone()).startup(targets)?;
        if let Command::Validate(args) = &self.command {
            args.set(self.format.as_deref(), &mut startup.flags)?;
        }
        Ok(startup)
    }

    /// The engines that the command talks to; `None` for one that needs none.
    #[must_use]
    pub fn engines(&self) -> Option<EngineWish> {
        match &self.command {
            Command::Status(args) => Some(args.engine.wish()),
            Command::Health(args) => Some(args.engine.wish()),
            Command::Logs(args) => Some(args.engine.wish()),
            Command::Doctor(args) => Some(args.engine.wish()),
            Command::Watch(args) => Some(args.engine.wish()),
            Command::Dashboard(args) => Some(args.engine.wish()),
            Command::Supervise(args) => Some(args.engine.wish()),
            Command::Verify(args) => Some(args.engine.wish()),
            Command::Validate(_)
            | Command::Config(_)
            | Command::Rules(_)
            | Command::Explain(_)
            | Command::Notify(_) => None,
            Command::Backup(args) => args.engine(),
            Command::Restore(args) => Some(args.engine.wish()),
            Command::Recover(args) => Some(args.engine.wish()),
        }
    }

    /// Whether the command has the terminal to itself, so that a line of the log would spoil it.
    #[must_use]
    pub fn has_screen(&self) -> bool {
        matches!(&self.command, Command::Dashboard(args) if !args.is_plain())
    }

    /// Whether the command waits for somebody outside: an engine, or another server.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.engines().is_some() || matches!(self.command, Command::Notify(_) | Command::Backup(_))
    }

    /// Runs the command and tells how it ended.
    pub async fn run(self, startup: &Startup, session: &mut Session<'_, '_>) -> Exit {
        let format = self.format.as_deref();
        let result = match self.command {
            Command::Validate(args) => args.run(startup, session),
            Command::Config(args) => args.run(format, startup, session),
            Command::Rules(args) => args.run(format, session),
            Command::Explain(args) => args.run(format, session),
            Command::Status(args) => args.run(format, startup, session).await,
            Command::Health(args) => args.run(format, startup, session).await,
            Command::Logs(args) => args.run(format, startup, session).await,
            Command::Doctor(args) => args.run(format, startup, session).await,
            Command::Watch(args) => args.run(format, startup, session).await,
            Command::Dashboard(args) => args.run(format, startup, session).await,
            Command::Supervise(args) => args.run(format, startup, session).await,
            Command::Verify(args) => args.run(format, startup, session).await,
            Command::Notify(args) => args.run(format, session).await,
            Command::Backup(args) => args.run(format, startup, session).await,
            Command::Restore(args) => args.run(format, startup, session).await,
            Command::Recover(args) => args.run(startup, session).await,
        };
        result.unwrap_or_else(|error| session.fail(&error))
    }
}

/// The command line as clap sees it, for the generated reference.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Variables of the environment that nobody reads, as notes.
pub(crate) fn environment_notes(environment: &BTreeMap<String, String>) -> Vec<String> {
    let unknown = crate::config::env::unknown(environment);
    unknown
        .into_iter()
        .map(|(name, closest)| match closest {
            Some(closest) => format!("`{name}` is not read; did you mean `{closest}`?"),
            None => format!("`{name}` is not read by this version"),
        })
        .collect()
}

#[cfg(test)]
#[path = "cli_tests.rs"]
mod tests;
