// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl watch`.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::engine::{EngineArgs, tell_faults};
use super::error::choose_format;
use super::length::length;
use super::unknown_service::NoSuchService;
use super::{GlobalArgs, Session, Startup, UsageError};
use crate::app::engines::EngineFault;
use crate::app::observe::subject;
use crate::app::tasks::{Thread, spawn_thread};
use crate::app::watch::{
    Backlog, CAPACITY, Extent, Overflow, Request, Surroundings, Taken, Watched, unknown_services, watch,
};
use crate::error::UserError;
use crate::exit::Exit;
use crate::output::render::transition::json_line;
use crate::output::render::transition_text::{Engines, dropped_line, text_line};
use crate::output::{Drained, Layout, drain};

const FORMATS: &[&str] = &["human", "json"];

/// How long a reader that has stopped reading is waited for at the end.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Tell what changes, as it happens: one line a change, with its reason.
///
/// Begins with the present state. An engine that goes away is told once; what was missed meanwhile is told when it is
/// back. A reader that is slow never slows the watch: in human format the oldest lines are left out and counted, in JSON
/// the changes of one service become one line that says how many.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl watch                          the project in this folder
  stackctl watch --all                    every compose project of the engine
  stackctl watch bus ollama               two services
  stackctl watch --format json | jq .     one JSON object a line
  stackctl watch --for 10m                ten minutes
  stackctl watch --once --format json     the present state, and end

Exit status: 0 ended as asked, 1 failed, 2 no such service, 9 no engine, 130 and 143 ended by a signal.")]
pub(super) struct WatchArgs {
    /// Only these services.
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,

    /// Watch every compose project of the engine.
    #[arg(short, long)]
    all: bool,

    /// End after this time.
    #[arg(long = "for", value_name = "TIME", value_parser = length)]
    limit: Option<Duration>,

    /// Tell the present state and end.
    #[arg(long, conflicts_with = "limit")]
    once: bool,

    /// How changes are written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// What keeps a watch from telling.
#[derive(Debug)]
enum WatchFault {
    NoThread(String),
    Unwritten(String),
}

impl UserError for WatchFault {
    fn code(&self) -> &'static str {
        match self {
            Self::NoThread(_) => "internal",
            Self::Unwritten(_) => "output_failed",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NoThread(reason) => format!("cannot start the thread that writes: {reason}"),
            Self::Unwritten(reason) => format!("cannot write the result: {reason}"),
        }
    }
}

impl WatchArgs {
    /// Watches, and tells how it ended.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let format = choose_format("watch", self.format.clone(), before, FORMATS)?;
        let subject = subject(&session.context, &startup.selection, self.all)?;
        session.printer.notes(&subject.notes);
        let links = session.live.engines;
        let mut exit = tell_faults(links.iter().filter_map(|link| link.engine.as_ref().err()), session);
        let reachable = links.iter().filter_map(|link| link.engine.as_ref().ok().map(|engine| (link, engine)));
        let watched: Vec<Watched<'_>> = reachable
            .map(|(link, engine)| Watched { context: &link.name, engine: engine.as_ref(), place: link.place })
            .collect();
        if let (true, Some(exit)) = (watched.is_empty(), exit) {
            return Ok(exit);
        }
        let request = Request {
            scope: subject.scope,
            services: self.services.into_iter().collect::<BTreeSet<_>>(),
            file: subject.file,
            is_only_engine: links.len() == 1,
            extent: if self.once { Extent::Once } else { Extent::Ongoing },
        };
        let asking = unknown_services(&watched, &request);
        match session.cancelled.run_until_cancelled(asking).await.as_deref() {
            None => return Ok(Exit::Interrupted),
            Some([first, ..]) => return Ok(session.fail(&NoSuchService::near(&first.name, first.closest.as_deref()))),
            Some([]) => {}
        }
        let overflow = if format == Some("json") { Overflow::Fold } else { Overflow::DropOldest };
        let backlog = Arc::new(Backlog::new(CAPACITY, overflow));
        let engines = if links.len() == 1 { Engines::One } else { Engines::Several };
        let writer = Form { format, engines, layout: session.layout, run_id: session.printer.run_id().to_owned() };
        let mut writing = match writer.start(&backlog, (session.live.stream)()) {
            Ok(writing) => writing,
            Err(error) => {
                return Ok(session.fail(&WatchFault::NoThread(error.to_string())));
            }
        };
        let surroundings =
            Surroundings { clock: session.live.clock, catalog: *session.context.catalog, observer: backlog.as_ref() };
        let stop = session.cancelled.child_token();
        let watching = watch(&watched, &request, surroundings, &stop);
        let mut drained = None;
        let failures = tokio::select! {
            failures = watching => failures,
            () = wait(self.limit) => Vec::new(),
            ended = writing.ended() => {
                drained = ended;
                Vec::new()
            }
        };
        backlog.close();
        let drained = match drained {
            Some(drained) => Some(drained),
            None => writing.join(LAST_WORDS).await,
        };
        let faults: Vec<EngineFault> = failures.into_iter().map(|failure| failure.error.into()).collect();
        let failed = tell_faults(&faults, session);
        exit = exit.or(failed);
        if let Some(Drained::Failed(error)) = drained {
            let fault = WatchFault::Unwritten(error.to_string());
            session.printer.error(&fault);
            return Ok(Exit::Failed);
        }
        Ok(exit.unwrap_or(Exit::Done))
    }
}

/// How news become text.
struct Form {
    format: Option<&'static str>,
    engines: Engines,
    layout: Layout,
    run_id: String,
}

impl Form {
    fn start(self, backlog: &Arc<Backlog>, mut stream: Box<dyn Write + Send>) -> std::io::Result<Thread<Drained>> {
        let backlog = Arc::clone(backlog);
        spawn_thread("writer", move || drain(&backlog, &mut stream, &|taken| self.text(taken)))
    }

    fn text(&self, taken: &Taken) -> String {
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
