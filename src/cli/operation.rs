// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the commands that change a stack have in common: their flags, how they ask, and how they tell how far they are.

use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::Session;
use super::length::length;
use crate::app::backup::{BackupError, Breaking, Hold, Outside, Site};
use crate::app::operate::Told;
use crate::app::verify::Approval;
use crate::backup::manifest::DataPath;
use crate::error::UserError;
use crate::output::{Pace, Printer};

/// Flags of every command that changes a stack.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, read once")]
pub(super) struct OperationArgs {
    /// Agree to the plan. Where newer data would be lost this is not enough, see `--confirm`.
    #[arg(short, long, help_heading = "Agreement")]
    pub(super) yes: bool,

    /// Agree to the plan, whatever is lost, by the name of the project.
    #[arg(long, value_name = "PROJECT", help_heading = "Agreement")]
    pub(super) confirm: Option<String>,

    /// Only show the plan; nothing is changed.
    #[arg(long)]
    pub(super) dry_run: bool,

    /// How long containers get to be well again [default: what their checks need, and a minute].
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub(super) gate_timeout: Option<Duration>,

    /// The way that data takes [default: helper, where this program runs at the engine].
    #[arg(long, value_name = "PATH", value_parser = PossibleValuesParser::new(["helper", "host", "archive"]))]
    data_path: Option<String>,

    /// Tell the webhooks and the MQTT broker of `stackctl.toml` how it ended.
    #[arg(long)]
    pub(super) notify: bool,

    /// Take a lock away that is older than 15 minutes and whose holder cannot be looked at.
    #[arg(long)]
    break_lock: bool,
}

impl OperationArgs {
    pub(super) fn data_path(&self) -> Option<DataPath> {
        match self.data_path.as_deref() {
            Some("helper") => Some(DataPath::Helper),
            Some("host") => Some(DataPath::Host),
            Some("archive") => Some(DataPath::EngineArchive),
            _ => None,
        }
    }

    pub(super) fn breaking(&self) -> Breaking {
        if self.break_lock { Breaking::Stale } else { Breaking::Never }
    }
}

/// What agreement a plan needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs<'a> {
    /// A yes.
    Yes,
    /// The typed name.
    Name(&'a str),
}

/// Nobody agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Disagreement {
    /// Nobody is here to ask.
    Nobody {
        /// The name that must be given.
        name: Option<String>,
    },
    /// `--confirm` names another project.
    OtherName {
        /// The right one.
        name: String,
    },
    /// Somebody said no.
    Refused,
    /// A signal came.
    Cancelled,
}

impl UserError for Disagreement {
    fn code(&self) -> &'static str {
        match self {
            Self::Nobody { .. } | Self::OtherName { .. } => "confirmation_needed",
            Self::Refused => "refused_by_user",
            Self::Cancelled => "cancelled",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Nobody { name: None } => "nobody is here to agree to the plan".to_owned(),
            Self::Nobody { name: Some(_) } => "newer data may be lost, and nobody is here to agree to that".to_owned(),
            Self::OtherName { name } => format!("`--confirm` names another project; this is `{name}`"),
            Self::Refused => "not agreed to; nothing was changed".to_owned(),
            Self::Cancelled => "ended on request".to_owned(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Nobody { name: None } => vec!["`--yes` agrees to the plan above".to_owned()],
            Self::Nobody { name: Some(name) } | Self::OtherName { name } => {
                vec![format!("`--confirm {name}` agrees to the plan above; `--yes` does not")]
            }
            Self::Refused | Self::Cancelled => Vec::new(),
        }
    }
}

impl Disagreement {
    /// Whether somebody is here and wants nothing done, which is no news to anybody else.
    pub(super) fn is_wanted(&self) -> bool {
        matches!(self, Self::Refused | Self::Cancelled)
    }
}

/// The question, which reminds of what the way of the data loses.
pub(super) fn question(what: &str, path: DataPath) -> String {
    let losses = if path.losses().is_empty() { "" } else { ", without what is named as lost" };
    format!("{what}{losses}?")
}

/// Gets agreement, by flags or by asking.
///
/// # Errors
/// There is none.
pub(super) async fn agree(
    args: &OperationArgs,
    needs: Needs<'_>,
    question: &str,
    session: &Session<'_, '_>,
) -> Result<(), Disagreement> {
    match (needs, &args.confirm) {
        (Needs::Name(name), Some(given)) if given == name => return Ok(()),
        (Needs::Name(name), Some(_)) => return Err(Disagreement::OtherName { name: name.to_owned() }),
        (Needs::Yes, _) if args.yes || args.confirm.is_some() => return Ok(()),
        _ => {}
    }
    if !session.tools.can_ask() {
        let name = match needs {
            Needs::Name(name) => Some(name.to_owned()),
            Needs::Yes => None,
        };
        return Err(Disagreement::Nobody { name });
    }
    let asked = async {
        match needs {
            Needs::Yes => session.tools.ask(question).await,
            Needs::Name(name) => session.tools.ask_for(&format!("{question} type `{name}` to agree:"), name).await,
        }
    };
    match session.cancelled.run_until_cancelled(asked).await {
        Some(Approval::Given) => Ok(()),
        Some(Approval::Refused) => Err(Disagreement::Refused),
        None => Err(Disagreement::Cancelled),
    }
}

/// Does work while the locks of a project and of its store are held. What cannot be given back is told, and taken over by
/// the next run.
///
/// # Errors
/// Another run works on the project or with the store.
pub(super) async fn holding<T>(
    site: Site<'_>,
    (project, command): (&str, &str),
    breaking: Breaking,
    session: &mut Session<'_, '_>,
    work: impl AsyncFnOnce(&mut Session<'_, '_>) -> T,
) -> Result<T, BackupError> {
    let hold = Hold::take(&session.live, site.engine, site.store, (project, command), breaking).await?;
    let ended = work(session).await;
    if let Err(error) = hold.release(site.engine).await {
        session.printer.error(&error);
    }
    Ok(ended)
}

/// Tells what an operation tells, on standard error.
pub(super) fn teller<'t, 'p>(outside: Outside<'t>, printer: &'t mut Printer<'p>) -> impl FnMut(Told) + use<'t, 'p> {
    let mut step = String::new();
    let mut pace = Pace::new(outside.clock.now());
    move |told| match told {
        Told::Step(text) => {
            printer.note(&text);
            pace = Pace::new(outside.clock.now());
            step = text;
        }
        Told::Note(text) => printer.note(&text),
        Told::Bytes { done, total } => {
            if let Some(line) = pace.line(outside.clock.now(), done, total) {
                printer.note(&format!("{step}: {line}"));
            }
        }
    }
}
