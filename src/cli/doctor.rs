// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl doctor`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::engine::EngineArgs;
use super::error::choose_format;
use super::{GlobalArgs, Session, Startup, UsageError, VERSION};
use crate::app::doctor::{Level, Points, Request, run};
use crate::app::status::Breadth;
use crate::exit::Exit;
use crate::output::Verbosity;
use crate::output::render::live::doctor::{self, Detail};

const FORMATS: &[&str] = &["human", "json"];

/// Find out what is wrong: with this machine, with the engine, and with the services.
///
/// Looks at platform, Compose, context, permissions, API, disk, clock, GPU runtime and leftovers, then searches the live
/// stack for known faults. What cannot be looked at from here is counted, and listed with `-v`. Changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl doctor
  stackctl doctor --all               every compose project of the engine
  stackctl doctor --format json

Exit status: 0 nothing fails, 1 something does.")]
pub(super) struct DoctorArgs {
    /// Every compose project of the engine.
    #[arg(short, long)]
    all: bool,

    /// How the answer is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

impl DoctorArgs {
    /// Looks, prints, and tells how it ended.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let format = choose_format("doctor", self.format.clone(), before, FORMATS)?;
        let breadth = if self.all { Breadth::Everything } else { Breadth::Project };
        let points = Points { outside: session.sets, max_age: session.settings.backup.max_age };
        let request = Request { selection: startup.selection.clone(), breadth, points: Some(points) };
        let Some(outcome) = session.cancelled.run_until_cancelled(run(&session.live, &request)).await else {
            return Ok(Exit::Interrupted);
        };
        let outcome = outcome?;
        session.printer.notes(&outcome.notes);
        let is_asked = session.printer.verbosity() == Verbosity::Verbose;
        let detail = if is_asked { Detail::Full } else { Detail::Brief };
        let text = match format {
            Some("json") => doctor::json(&outcome, session.printer.run_id(), VERSION),
            _ => doctor::render(&outcome, detail, session.layout),
        };
        session.printer.result(&text);
        Ok(if outcome.worst() == Level::Fail { Exit::Failed } else { Exit::Done })
    }
}
