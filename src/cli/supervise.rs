// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl supervise`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;
use tokio_util::sync::CancellationToken;

use super::engine::{EngineArgs, tell_faults};
use super::error::choose_format;
use super::length::length;
use super::outlet::{FORMATS, Form, Outlet, wait};
use super::{GlobalArgs, Session, Startup, UsageError, VERSION};
use crate::app::engines::EngineFault;
use crate::app::observe::{self, subject};
use crate::app::probe::Side;
use crate::app::sinks::{RunName, Sinks};
use crate::app::state_folder::state_folder;
use crate::app::supervise::{Alone, Listener, Outside, Picture, Probing, Report, Request, policy, rivals, supervise};
use crate::app::watch::{self, Backlog, Extent, Failure, Watched};
use crate::config::SinkSettings;
use crate::error::UserError;
use crate::exit::Exit;
use crate::health::policy::Execution;
use crate::output::render::supervision::json_line;
use crate::output::render::supervision_text::text_line;

/// How often services are asked whether they do their work, unless settings say otherwise.
const PROBE_EVERY: Duration = Duration::from_mins(1);

/// What a person may not expect of the mode `observe`.
const SILENT: &str = "webhooks hear of services with the label `stackctl.heal` alone; set `heal = \"notify\"` under \
                      `[supervise]` to be told of all";

/// Watch, and act where that is allowed: restart what is unhealthy, within limits, and tell people.
///
/// Does nothing to a service unless `stackctl.toml` or its label `stackctl.heal` allows it (`notify`, `restart`,
/// `restart-stack` or `command`). Never touches what somebody stopped or paused, waits longer before each attempt, gives up
/// after five in 15 minutes and says so once, treats the cause before what depends on it, and holds still while the engine
/// or the host is in trouble, in maintenance windows, and while a backup or deployment holds the project's lock.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl supervise --dry-run            what would be done, without doing it
  stackctl supervise                      the project in this folder
  stackctl supervise --all --format json  every compose project, one JSON object a line

Exit status: 0 ended as asked, 1 failed, 8 another supervisor runs, 9 no engine, 130 and 143 ended by a signal.
Settings and labels: guides/reference/supervise.md.")]
pub(super) struct SuperviseArgs {
    /// Supervise every compose project of the engine.
    #[arg(short, long)]
    all: bool,

    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,

    /// End after this time.
    #[arg(long = "for", value_name = "TIME", value_parser = length)]
    limit: Option<Duration>,

    /// How reports are written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// No folder for the state is named.
#[derive(Debug)]
struct NoState;

impl UserError for NoState {
    fn code(&self) -> &'static str {
        "state_folder_missing"
    }

    fn message(&self) -> String {
        "no folder is known where locks are kept".to_owned()
    }

    fn hints(&self) -> Vec<String> {
        vec!["set `STACKCTL_STATE_DIR` to an absolute path".to_owned()]
    }
}

/// Passes reports on to standard output and to the sinks.
struct Ears<'a> {
    backlog: Arc<Backlog<Report>>,
    sinks: &'a Sinks<'a>,
}

impl Listener for Ears<'_> {
    fn tell(&self, report: Report) {
        self.sinks.tell(&report);
        self.backlog.push(report);
    }

    fn show(&self, picture: Picture) {
        self.sinks.show(picture);
    }

    fn wants_picture(&self) -> bool {
        self.sinks.wants_picture()
    }
}

impl SuperviseArgs {
    /// Supervises, and tells how it ended.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let format = choose_format("supervise", self.format.clone(), before, FORMATS)?;
        let subject = subject(&session.context, &startup.selection, self.all)?;
        session.printer.notes(&subject.notes);
        let links = session.live.engines;
        let exit = tell_faults(links.iter().filter_map(|link| link.engine.as_ref().err()), session);
        let watched = Watched::all(links);
        if let (true, Some(exit)) = (watched.is_empty(), exit) {
            return Ok(exit);
        }
        let Some(state) = state_folder(session.context.environment) else { return Ok(session.fail(&NoState)) };
        let lock_folder = state.join("locks");
        let project = subject.project();
        let alone = match self.execution() {
            Execution::DryRun => None,
            Execution::Real => match Alone::with(links, project.as_deref(), &lock_folder, session.live.machine) {
                Ok(alone) => Some(alone),
                Err(fault) => return Ok(session.fail(&fault)),
            },
        };
        let run = RunName {
            run_id: session.printer.run_id().to_owned(),
            host: session.live.machine.identity().host,
            version: VERSION,
        };
        // A rehearsal tells nobody but whoever looks at it.
        let told_by = match self.execution() {
            Execution::DryRun => SinkSettings::default(),
            Execution::Real => session.settings.sinks.clone(),
        };
        let sinks = match Sinks::new(&told_by, session.sinks, &run) {
            Ok(sinks) => sinks,
            Err(fault) => return Ok(session.fail(&fault)),
        };
        tell_rivals(&watched, session).await;
        if self.would_be_silent(session) {
            session.printer.note(SILENT);
        }
        let mut outlet = match Outlet::open(Form { json: json_line, text: text_line }, format, session) {
            Ok(outlet) => outlet,
            Err(fault) => return Ok(session.fail(&fault)),
        };
        let listener = Ears { backlog: outlet.backlog(), sinks: &sinks };
        let request = self.request(subject, session);
        // The sinks go on until the last report is in, so that how it ended is told too.
        let told = CancellationToken::new();
        let work = async {
            let failures = self.supervise(&watched, &request, &lock_folder, &listener, &mut outlet, session).await;
            told.cancel();
            failures
        };
        let (failures, ()) = tokio::join!(work, sinks.run(&told));
        drop(alone);
        let faults: Vec<EngineFault> = failures.into_iter().map(|failure| failure.error.into()).collect();
        let failed = tell_faults(&faults, session);
        if let Err(fault) = outlet.close().await {
            return Ok(session.fail(&fault));
        }
        Ok(exit.or(failed).unwrap_or(Exit::Done))
    }

    /// Whether there are webhooks, and nothing in the settings lets them be told of a service.
    fn would_be_silent(&self, session: &Session<'_, '_>) -> bool {
        let supervise = &session.settings.supervise;
        let says_nothing = supervise.default.heal.is_none() && supervise.services.is_empty();
        !self.dry_run && !session.settings.sinks.webhooks.is_empty() && says_nothing
    }

    const fn execution(&self) -> Execution {
        if self.dry_run { Execution::DryRun } else { Execution::Real }
    }

    fn request(&self, subject: observe::Subject, session: &Session<'_, '_>) -> Request {
        Request {
            watch: watch::Request {
                scope: subject.scope,
                services: BTreeSet::new(),
                file: subject.file,
                is_only_engine: session.live.engines.len() == 1,
                extent: Extent::Ongoing,
            },
            policy: policy(&session.settings.supervise, self.execution()),
            seed: session.started.timestamp_subsec_nanos().into(),
        }
    }

    /// Supervises until a signal, the end of the time, or the end of whoever reads.
    async fn supervise(
        &self,
        watched: &[Watched<'_>],
        request: &Request,
        lock_folder: &Path,
        listener: &Ears<'_>,
        outlet: &mut Outlet<Report>,
        session: &Session<'_, '_>,
    ) -> Vec<Failure> {
        let live = session.live;
        let probing = Probing {
            outside: session.tools.probe,
            every: session.settings.supervise.probe_every.unwrap_or(PROBE_EVERY),
            sides: live.engines.iter().map(|link| (link.name.clone(), Side::of(link))).collect(),
        };
        let outside = Outside {
            clock: live.clock,
            catalog: *session.context.catalog,
            machine: live.machine,
            programs: live.programs,
            probing: Some(&probing),
            lock_folder,
            listener,
        };
        let stop = session.cancelled.child_token();
        let supervising = supervise(watched, request, outside, &stop);
        tokio::pin!(supervising);
        tokio::select! {
            failures = &mut supervising => return failures,
            () = wait(self.limit) => {}
            () = outlet.gone() => {}
        }
        stop.cancel();
        supervising.await
    }
}

/// Tells of other programs that restart containers. That an engine cannot be asked is told elsewhere.
async fn tell_rivals(watched: &[Watched<'_>], session: &mut Session<'_, '_>) {
    for one in watched {
        for name in rivals(one.engine).await.unwrap_or_default() {
            session.printer.note(&format!("`{name}` restarts containers too; let only one of the two do it"));
        }
    }
}
