// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl status`.

use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::engine::{EngineArgs, tell_faults};
use super::error::choose_format;
use super::length::length;
use super::unknown_service::NoSuchService;
use super::{GlobalArgs, Session, Startup, UsageError, VERSION};
use crate::app::status::{Breadth, Outcome, Request, Waited, run};
use crate::error::UserError;
use crate::exit::Exit;
use crate::health::explain::phrase::duration;
use crate::output::Verbosity;
use crate::output::render::live::{status, status_json};

const FORMATS: &[&str] = &["human", "json"];

/// How long `--wait` waits unless told otherwise.
const PATIENCE: &str = "2m";

/// Show what every service does, whether it is well, and why: worst first.
///
/// Works with a compose file (services without container and containers without service are shown too) and without one,
/// by the labels that Compose writes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl status                         the project in this folder
  stackctl status --all                   every compose project of the engine
  stackctl status --wait --timeout 5m     until all is well
  stackctl status --exit-code --quiet     for scripts: 10 when not all is ok
  stackctl status --context a --context b several engines

Exit status: 0 shown, 1 failed, 9 no engine, 10 not all ok (only with --exit-code); with --wait 1 when not all is well.")]
pub(super) struct StatusArgs {
    /// Only these services.
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,

    /// Show every compose project of the engine.
    #[arg(short, long)]
    all: bool,

    /// Wait until every service is as it should be.
    #[arg(long)]
    wait: bool,

    /// How long to wait at most.
    #[arg(long, value_name = "TIME", value_parser = length, default_value = PATIENCE, requires = "wait")]
    timeout: Duration,

    /// End with status 10 when not all is ok.
    #[arg(long)]
    exit_code: bool,

    /// How the services are written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// A wait that did not end well.
#[derive(Debug)]
enum WaitFault {
    TimedOut(Duration),
    Hopeless(String),
}

impl UserError for WaitFault {
    fn code(&self) -> &'static str {
        match self {
            Self::TimedOut(_) => "wait_timeout",
            Self::Hopeless(_) => "wait_hopeless",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::TimedOut(limit) => {
                let limit = chrono::TimeDelta::from_std(*limit).unwrap_or_default();
                format!("not all is well after {}", duration(limit))
            }
            Self::Hopeless(service) => format!("`{service}` has ended and nothing starts it again"),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::TimedOut(_) => vec!["`--timeout` waits longer; `stackctl health` says more of a service".to_owned()],
            Self::Hopeless(service) => vec![format!("`stackctl logs --tail 50 {service}` shows what it said last")],
        }
    }
}

/// The table once, for who wants no screen.
pub(super) async fn plain(
    is_all: bool,
    before: Option<&str>,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Exit, UsageError> {
    let args = StatusArgs {
        services: Vec::new(),
        all: is_all,
        wait: false,
        timeout: Duration::ZERO,
        exit_code: false,
        format: None,
        engine: EngineArgs::default(),
        global: GlobalArgs::default(),
    };
    args.run(before, startup, session).await
}

impl StatusArgs {
    /// Looks, prints, and tells how it ended.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let format = choose_format("status", self.format.clone(), before, FORMATS)?;
        let request = Request {
            selection: startup.selection.clone(),
            services: self.services,
            breadth: if self.all { Breadth::Everything } else { Breadth::Project },
            wait: self.wait.then_some(self.timeout),
        };
        let Some(outcome) = session.cancelled.run_until_cancelled(run(&session.live, &request)).await else {
            return Ok(Exit::Interrupted);
        };
        let outcome = outcome?;
        session.printer.notes(&outcome.notes);
        let text = match format {
            Some("json") => status_json::render(&outcome, session.printer.run_id(), VERSION),
            _ if session.printer.verbosity() == Verbosity::Quiet => {
                status::render(&outcome, session.layout, status::Hints::Untold)
            }
            _ => status::render(&outcome, session.layout, status::Hints::Told),
        };
        session.printer.result(&text);
        Ok(end(&outcome, &request, self.exit_code, session))
    }
}

fn end(outcome: &Outcome, request: &Request, exit_code: bool, session: &mut Session<'_, '_>) -> Exit {
    if let Some(exit) = tell_faults(outcome.contexts.iter().filter_map(|context| context.fault.as_ref()), session) {
        return exit;
    }
    if let Some(name) = outcome.unknown_services(&request.services).first() {
        return session.fail(&NoSuchService::new(name));
    }
    let fault = match &outcome.waited {
        Some(Waited::TimedOut { limit }) => Some(WaitFault::TimedOut(*limit)),
        Some(Waited::Hopeless { service }) => Some(WaitFault::Hopeless(service.clone())),
        Some(Waited::Well) | None => None,
    };
    if let Some(fault) = &fault {
        session.printer.error(fault);
    }
    match fault {
        _ if exit_code && !outcome.is_all_well() => Exit::Something,
        Some(_) => Exit::Failed,
        None => Exit::Done,
    }
}
