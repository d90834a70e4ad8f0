// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl watch`.

use std::collections::BTreeSet;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::engine::{EngineArgs, tell_faults};
use super::error::choose_format;
use super::length::length;
use super::outlet::{FORMATS, Form, Outlet, wait};
use super::unknown_service::NoSuchService;
use super::{GlobalArgs, Session, Startup, UsageError};
use crate::app::engines::EngineFault;
use crate::app::observe::subject;
use crate::app::watch::{Extent, Request, Surroundings, Watched, unknown_services, watch};
use crate::exit::Exit;
use crate::output::render::transition::json_line;
use crate::output::render::transition_text::text_line;

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
        let exit = tell_faults(links.iter().filter_map(|link| link.engine.as_ref().err()), session);
        let watched = Watched::all(links);
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
        let mut outlet = match Outlet::open(Form { json: json_line, text: text_line }, format, session) {
            Ok(outlet) => outlet,
            Err(fault) => return Ok(session.fail(&fault)),
        };
        let backlog = outlet.backlog();
        let surroundings =
            Surroundings { clock: session.live.clock, catalog: *session.context.catalog, observer: backlog.as_ref() };
        let stop = session.cancelled.child_token();
        let failures = tokio::select! {
            failures = watch(&watched, &request, surroundings, &stop) => failures,
            () = wait(self.limit) => Vec::new(),
            () = outlet.gone() => Vec::new(),
        };
        let faults: Vec<EngineFault> = failures.into_iter().map(|failure| failure.error.into()).collect();
        let failed = tell_faults(&faults, session);
        if let Err(fault) = outlet.close().await {
            return Ok(session.fail(&fault));
        }
        Ok(exit.or(failed).unwrap_or(Exit::Done))
    }
}
