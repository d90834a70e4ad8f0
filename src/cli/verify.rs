// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl verify`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::engine::{EngineArgs, tell_faults};
use super::error::choose_format;
use super::length::length;
use super::unknown_service::NoSuchService;
use super::{GlobalArgs, Session, Startup, UsageError, VERSION};
use crate::app::state_folder::state_folder;
use crate::app::verify::record::Mark;
use crate::app::verify::{Approval, Commands, Outcome, Plan, Request, last, plan, run};
use crate::error::UserError;
use crate::exit::Exit;
use crate::health::functional::ProbeUrl;
use crate::output::render::live::{verify, verify_json};

const FORMATS: &[&str] = &["human", "json"];

/// How long a guide's command may run unless told otherwise.
const PATIENCE: &str = "60s";

/// Verify that every service is well, does its work, and passes the verification of its setup guide.
///
/// Three checks a service: the verdict of `stackctl health`; a question in its own protocol, from the catalogue, the
/// label `stackctl.probe` or `--probe`; the first block of commands below a heading about verifying in
/// its setup guide. The commands of guides are shown and run only after a yes. What cannot be checked from
/// here is said and fails nothing. The result is recorded for `--last`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl verify                                    every service of the project
  stackctl verify ollama --no-commands               one, without the commands of its guide
  stackctl verify --yes                              in scripts: guide commands are agreed to
  stackctl verify --probe web=http://:8080/health    ask a port inside the container of `web`
  stackctl verify --last                             what was found last; asks nothing

Probes: http:// ws:// wyoming:// ollama:// mqtt:// redis:// postgres:// tcp://; without a host the container is asked.

Exit status: 0 all that was checked is good, 1 something failed, 2 no such service, 4 a confirmation is needed, 9 no engine.")]
pub(super) struct VerifyArgs {
    /// Only these services.
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,

    /// Ask this service so, whatever is known of it; may be given more than once.
    #[arg(long = "probe", value_name = "SERVICE=URL", value_parser = named_probe)]
    probes: Vec<(String, ProbeUrl)>,

    /// Agree to the commands of guides.
    #[arg(short, long)]
    yes: bool,

    /// Leave the commands of guides out.
    #[arg(long, conflicts_with = "yes")]
    no_commands: bool,

    /// How long one command may run.
    #[arg(long, value_name = "TIME", value_parser = length, default_value = PATIENCE)]
    timeout: Duration,

    /// Show what was recorded last; asks no engine.
    #[arg(long, conflicts_with_all = ["probes", "yes", "no_commands", "timeout"])]
    last: bool,

    /// How the result is written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// Reads `SERVICE=URL`.
fn named_probe(text: &str) -> Result<(String, ProbeUrl), String> {
    let (service, url) = text
        .split_once('=')
        .filter(|(service, _)| !service.is_empty())
        .ok_or("write it like `web=http://:8080/health`")?;
    Ok((service.to_owned(), ProbeUrl::parse(url).map_err(|error| error.to_string())?))
}

/// What keeps a run from its end.
#[derive(Debug)]
enum VerifyFault {
    ConfirmationNeeded(usize),
    NoStateFolder,
    NothingRecorded,
}

impl UserError for VerifyFault {
    fn code(&self) -> &'static str {
        match self {
            Self::ConfirmationNeeded(_) => "confirmation_needed",
            Self::NoStateFolder => "state_folder_missing",
            Self::NothingRecorded => "verify_record_missing",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::ConfirmationNeeded(1) => "a guide has a command to run, and nobody is here to agree to it".to_owned(),
            Self::ConfirmationNeeded(count) => {
                format!("guides have {count} commands to run, and nobody is here to agree to them")
            }
            Self::NoStateFolder => "no folder is known where records are kept".to_owned(),
            Self::NothingRecorded => "nothing is recorded of this project".to_owned(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::ConfirmationNeeded(_) => vec![
                "`--yes` agrees to what is shown above".to_owned(),
                "`--no-commands` leaves the commands of guides out".to_owned(),
            ],
            Self::NoStateFolder => vec!["set `STACKCTL_STATE_DIR` to an absolute path".to_owned()],
            Self::NothingRecorded => vec!["`stackctl verify` verifies and records".to_owned()],
        }
    }
}

impl VerifyArgs {
    /// Looks, asks, runs, prints, records, and tells how it ended.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let format = choose_format("verify", self.format.clone(), before, FORMATS)?;
        let request = Request {
            selection: startup.selection.clone(),
            services: self.services,
            probes: self.probes.into_iter().collect(),
            timeout: self.timeout,
            commands: if self.no_commands { Commands::LeftOut } else { Commands::Sought },
        };
        let state = state_folder(session.live.context.environment);
        if self.last {
            return show_last(&request, state, format, session);
        }
        let cancelled = session.cancelled.clone();
        let Some(plan) = cancelled.run_until_cancelled(plan(&session.live, &request)).await else {
            return Ok(Exit::Interrupted);
        };
        let plan = plan?;
        session.printer.notes(&plan.notes);
        if let Some(name) = plan.unknown.first().filter(|_| plan.all_answered()) {
            return Ok(session.fail(&NoSuchService::new(name)));
        }
        let Some(approval) = cancelled.run_until_cancelled(approval(&plan, self.yes, session)).await else {
            return Ok(Exit::Interrupted);
        };
        let approval = match approval {
            Ok(approval) => approval,
            Err(fault) => return Ok(session.fail(&fault)),
        };
        let running = run(&session.live, &request, plan, approval, session.tools);
        let Some(outcome) = cancelled.run_until_cancelled(running).await else {
            return Ok(Exit::Interrupted);
        };
        match state {
            Some(state) => {
                let notes = outcome.keep(&session.live, &request.services, session.tools.records, &state);
                session.printer.notes(&notes);
            }
            None => {
                session.printer.note(&format!("the result is not recorded: {}", VerifyFault::NoStateFolder.message()));
            }
        }
        let text = match format {
            Some("json") => verify_json::render(&outcome, session.printer.run_id(), VERSION),
            _ => verify::render(&outcome, session.layout),
        };
        session.printer.result(&text);
        Ok(end(&outcome, session))
    }
}

/// Shows the commands and asks whether they may run. Nothing is asked where there is none.
async fn approval(plan: &Plan, yes: bool, session: &mut Session<'_, '_>) -> Result<Approval, VerifyFault> {
    let count = plan.commands().count();
    if count == 0 {
        return Ok(Approval::Refused);
    }
    let shown =
        verify::commands(plan.commands(), crate::output::Layout { theme: session.error_theme, ..session.layout });
    session.printer.beside(&shown);
    if yes {
        return Ok(Approval::Given);
    }
    if !session.tools.can_ask() {
        return Err(VerifyFault::ConfirmationNeeded(count));
    }
    let question = if count == 1 { "run this command?".to_owned() } else { format!("run these {count} commands?") };
    Ok(session.tools.ask(&question).await)
}

fn show_last(
    request: &Request,
    state: Option<PathBuf>,
    format: Option<&str>,
    session: &mut Session<'_, '_>,
) -> Result<Exit, UsageError> {
    let Some(state) = state else { return Ok(session.fail(&VerifyFault::NoStateFolder)) };
    let found = last(&session.live, request, &state)?;
    for reason in &found.unusable {
        session.printer.note(&format!("{reason}; `stackctl verify` writes it anew"));
    }
    let now = session.live.clock.now();
    if found.services.is_empty() {
        return Ok(session.fail(&VerifyFault::NothingRecorded));
    }
    let text = match format {
        Some("json") => verify_json::recorded(&found.services, now, session.printer.run_id(), VERSION),
        _ => verify::recorded(&found.services, now, session.layout),
    };
    session.printer.result(&text);
    let has_failed = found.services.iter().any(|one| one.result == Mark::Failed);
    Ok(if has_failed { Exit::Failed } else { Exit::Done })
}

fn end(outcome: &Outcome, session: &mut Session<'_, '_>) -> Exit {
    if let Some(exit) = tell_faults(outcome.engines.iter().filter_map(|engine| engine.fault.as_ref()), session) {
        return exit;
    }
    if outcome.result() == Mark::Failed { Exit::Failed } else { Exit::Done }
}
