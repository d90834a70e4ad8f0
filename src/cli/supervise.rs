// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl supervise`.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::engine::{EngineArgs, tell_faults};
use super::error::choose_format;
use super::length::length;
use super::{GlobalArgs, Session, Startup, UsageError};
use crate::app::engines::EngineFault;
use crate::app::observe::subject;
use crate::app::probe::Side;
use crate::app::state_folder::state_folder;
use crate::app::supervise::{Alone, Listener, Outside, Probing, Report, Request, policy, rivals, supervise};
use crate::app::tasks::{Thread, spawn_thread};
use crate::app::watch::{self, Backlog, CAPACITY, Extent, Overflow, Taken, Watched};
use crate::error::UserError;
use crate::exit::Exit;
use crate::health::policy::Execution;
use crate::output::render::supervision::json_line;
use crate::output::render::supervision_text::text_line;
use crate::output::render::transition_text::{Engines, dropped_line};
use crate::output::{Drained, Layout, drain};

const FORMATS: &[&str] = &["human", "json"];

/// How long a reader that has stopped reading is waited for at the end.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How often services are asked whether they do their work, unless settings say otherwise.
const PROBE_EVERY: Duration = Duration::from_mins(1);

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

/// What keeps a supervisor from its work.
#[derive(Debug)]
enum SuperviseFault {
    NoThread(String),
    Unwritten(String),
    NoState,
}

impl UserError for SuperviseFault {
    fn code(&self) -> &'static str {
        match self {
            Self::NoThread(_) => "internal",
            Self::Unwritten(_) => "output_failed",
            Self::NoState => "state_unwritable",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NoThread(reason) => format!("cannot start the thread that writes: {reason}"),
            Self::Unwritten(reason) => format!("cannot write the result: {reason}"),
            Self::NoState => "no folder for the state is named".to_owned(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoThread(_) | Self::Unwritten(_) => Vec::new(),
            Self::NoState => {
                vec!["name a folder that you may write to in `STACKCTL_STATE_DIR`".to_owned()]
            }
        }
    }
}

/// Passes reports on to standard output.
struct ToOutput(Arc<Backlog<Report>>);

impl Listener for ToOutput {
    fn tell(&self, report: Report) {
        self.0.push(report);
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
        let reachable = links.iter().filter_map(|link| link.engine.as_ref().ok().map(|engine| (link, engine)));
        let watched: Vec<Watched<'_>> = reachable
            .map(|(link, engine)| Watched { context: &link.name, engine: engine.as_ref(), place: link.place })
            .collect();
        if let (true, Some(exit)) = (watched.is_empty(), exit) {
            return Ok(exit);
        }
        let Some(state) = state_folder(session.context.environment) else {
            return Ok(session.fail(&SuperviseFault::NoState));
        };
        let lock_folder = state.join("locks");
        let execution = if self.dry_run { Execution::DryRun } else { Execution::Real };
        let alone = match execution {
            Execution::DryRun => None,
            Execution::Real => {
                let project = subject.project();
                match Alone::with(links, project.as_deref(), &lock_folder, session.live.machine) {
                    Ok(alone) => Some(alone),
                    Err(fault) => return Ok(session.fail(&fault)),
                }
            }
        };
        for one in &watched {
            let names = rivals(one.engine).await.unwrap_or_default();
            for name in names {
                session.printer.note(&format!("`{name}` restarts containers too; let only one of the two do it"));
            }
        }
        let request = Request {
            watch: watch::Request {
                scope: subject.scope,
                services: std::collections::BTreeSet::new(),
                file: subject.file,
                is_only_engine: links.len() == 1,
                extent: Extent::Ongoing,
            },
            policy: policy(&session.settings.supervise, execution),
            seed: session.started.timestamp_subsec_nanos().into(),
        };
        let overflow = if format == Some("json") { Overflow::Fold } else { Overflow::DropOldest };
        let backlog = Arc::new(Backlog::new(CAPACITY, overflow));
        let engines = if links.len() == 1 { Engines::One } else { Engines::Several };
        let form = Form { format, engines, layout: session.layout, run_id: session.printer.run_id().to_owned() };
        let mut writing = match form.start(&backlog, (session.live.stream)()) {
            Ok(writing) => writing,
            Err(error) => return Ok(session.fail(&SuperviseFault::NoThread(error.to_string()))),
        };
        let probing = Probing {
            outside: session.tools.probe,
            every: session.settings.supervise.probe_every.unwrap_or(PROBE_EVERY),
            sides: links.iter().map(|link| (link.name.clone(), Side::of(link))).collect(),
        };
        let listener = ToOutput(Arc::clone(&backlog));
        let outside = Outside {
            clock: session.live.clock,
            catalog: *session.context.catalog,
            machine: session.live.machine,
            programs: session.live.programs,
            probing: Some(&probing),
            lock_folder: &lock_folder,
            listener: &listener,
        };
        let stop = session.cancelled.child_token();
        let supervising = supervise(&watched, &request, outside, &stop);
        tokio::pin!(supervising);
        let mut drained = None;
        let failures = tokio::select! {
            failures = &mut supervising => failures,
            () = wait(self.limit) => {
                stop.cancel();
                supervising.await
            }
            ended = writing.ended() => {
                drained = ended;
                stop.cancel();
                supervising.await
            }
        };
        backlog.close();
        let drained = match drained {
            Some(drained) => Some(drained),
            None => writing.join(LAST_WORDS).await,
        };
        drop(alone);
        let faults: Vec<EngineFault> = failures.into_iter().map(|failure| failure.error.into()).collect();
        let failed = tell_faults(&faults, session);
        if let Some(Drained::Failed(error)) = drained {
            return Ok(session.fail(&SuperviseFault::Unwritten(error.to_string())));
        }
        Ok(exit.or(failed).unwrap_or(Exit::Done))
    }
}

/// How reports become text.
struct Form {
    format: Option<&'static str>,
    engines: Engines,
    layout: Layout,
    run_id: String,
}

impl Form {
    fn start(
        self,
        backlog: &Arc<Backlog<Report>>,
        mut stream: Box<dyn Write + Send>,
    ) -> std::io::Result<Thread<Drained>> {
        let backlog = Arc::clone(backlog);
        spawn_thread("writer", move || drain(&backlog, &mut stream, &|taken| self.text(taken)))
    }

    fn text(&self, taken: &Taken<Report>) -> String {
        if self.format == Some("json") {
            return taken.items.iter().map(|told| json_line(told, &self.run_id)).collect();
        }
        let dropped = (taken.dropped > 0).then(|| dropped_line(taken.dropped, self.layout));
        let lines = taken.items.iter().map(|told| text_line(told, self.engines, self.layout));
        dropped.into_iter().chain(lines).collect()
    }
}

/// Waits for this long; for ever without a limit.
async fn wait(limit: Option<Duration>) {
    match limit {
        Some(limit) => tokio::time::sleep(limit).await,
        None => std::future::pending().await,
    }
}
