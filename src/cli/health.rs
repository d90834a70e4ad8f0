// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl health`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::engine::{EngineArgs, tell_faults};
use super::error::choose_format;
use super::unknown_service::NoSuchService;
use super::{GlobalArgs, Session, Startup, UsageError, VERSION};
use crate::app::health::{Request, run};
use crate::exit::Exit;
use crate::output::render::live::{health, health_json};

const FORMATS: &[&str] = &["human", "json"];

/// Show all that is known of the health of services: the check and its last probes, what happened, what it needs.
///
/// Secrets in the output of probes are hidden.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl health                  every service of the project, worst first
  stackctl health ollama           one
  stackctl health --format json

Exit status: 0 shown, 2 no such service, 9 no engine.")]
pub(super) struct HealthArgs {
    /// Only these services.
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,

    /// How the services are written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

impl HealthArgs {
    /// Looks, prints, and tells how it ended.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let format = choose_format("health", self.format.clone(), before, FORMATS)?;
        let request = Request { selection: startup.selection.clone(), services: self.services };
        let Some(outcome) = session.cancelled.run_until_cancelled(run(&session.live, &request)).await else {
            return Ok(Exit::Interrupted);
        };
        let outcome = outcome?;
        session.printer.notes(&outcome.notes);
        let text = match format {
            Some("json") => health_json::render(&outcome, session.printer.run_id(), VERSION),
            _ => health::render(&outcome, session.layout),
        };
        session.printer.result(&text);
        let faults = outcome.contexts.iter().filter_map(|context| context.fault.as_ref());
        if let Some(exit) = tell_faults(faults, session) {
            return Ok(exit);
        }
        if let Some(name) = outcome.unknown.first() {
            return Ok(session.fail(&NoSuchService::new(name)));
        }
        Ok(Exit::Done)
    }
}
