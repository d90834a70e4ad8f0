// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl logs`.

use std::ops::ControlFlow;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::engine::{EngineArgs, tell_faults};
use super::error::choose_format;
use super::length::length;
use super::unknown_service::NoSuchService;
use super::{GlobalArgs, Session, Startup, UsageError};
use crate::app::logs::{Case, Moment, Request, Secrets, Told, Until, run};
use crate::app::status::Breadth;
use crate::exit::Exit;
use crate::output::render::Masking;
use crate::output::render::live::log::{self, LogStyle, Shown};

const FORMATS: &[&str] = &["human", "json"];

/// Names of writers are padded to this many columns at most.
const WIDEST_NAME: usize = 32;

/// Show what the containers write, merged by time.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl logs                              everything of the project
  stackctl logs -F --tail 20 ollama whisper  the end, and what follows
  stackctl logs --since 10m --grep error
  stackctl logs --mask --format json         fit for a bug report

Exit status: 0 done, 2 no such service, 9 no engine.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, read once")]
pub(super) struct LogsArgs {
    /// Only these services.
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,

    /// Go on as more is written, over restarts too.
    #[arg(short = 'F', long)]
    follow: bool,

    /// From then on: a time such as `2026-01-31T12:00:00Z`, or a length such as `10m` before now.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Moment>,

    /// Only the last lines of each container.
    #[arg(short = 'n', long, value_name = "LINES")]
    tail: Option<u64>,

    /// Only lines with this text.
    #[arg(long, value_name = "TEXT")]
    grep: Option<String>,

    /// Small and capital letters are the same for --grep.
    #[arg(short, long, requires = "grep")]
    ignore_case: bool,

    /// Show when each line was written.
    #[arg(short, long)]
    timestamps: bool,

    /// Do not show who wrote a line.
    #[arg(long)]
    no_prefix: bool,

    /// Hide secrets.
    #[arg(long)]
    mask: bool,

    /// Every compose project of the engine.
    #[arg(short, long)]
    all: bool,

    /// How lines are written [default: human].
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS), help_heading = "Output options")]
    format: Option<String>,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

fn moment(text: &str) -> Result<Moment, String> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(Moment::At(at.with_timezone(&Utc)));
    }
    let ago = TimeDelta::from_std(length(text)?).map_err(|_| "too long")?;
    Ok(Moment::Ago(ago))
}

const fn shown(yes: bool) -> Shown {
    if yes { Shown::Yes } else { Shown::No }
}

impl LogsArgs {
    /// Reads and prints.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let format = choose_format("logs", self.format.clone(), before, FORMATS)?;
        let request = Request {
            selection: startup.selection.clone(),
            services: self.services,
            only: Vec::new(),
            breadth: if self.all { Breadth::Everything } else { Breadth::Project },
            until: if self.follow { Until::Cancelled } else { Until::End },
            tail: self.tail,
            since: self.since,
            grep: self.grep,
            case: if self.ignore_case { Case::Ignored } else { Case::Counts },
            secrets: if self.mask { Secrets::Known } else { Secrets::Ignored },
        };
        let mut style = LogStyle {
            prefix: shown(!self.no_prefix),
            timestamps: shown(self.timestamps),
            context: shown(session.live.engines.len() > 1),
            masking: if self.mask { Masking::On } else { Masking::Off },
            layout: session.layout,
            name_width: 0,
        };
        let live = session.live;
        let cancelled = session.cancelled.clone();
        let printer = &mut *session.printer;
        let mut tell = |told: Told<'_>| {
            match told {
                Told::Writers(writers) => {
                    let widths = writers.iter().map(|writer| log::name(writer, style.context).chars().count());
                    style.name_width = widths.max().unwrap_or(0).min(WIDEST_NAME);
                }
                Told::Line { writer, stream, at, text } => printer.result(&match format {
                    Some("json") => log::json_line(writer, stream, at, text, style.masking),
                    _ => log::line(writer, at, text, &style),
                }),
                // The outcome has it.
                Told::Fault(_) => {}
            }
            if printer.is_useless() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let Some(outcome) = cancelled.run_until_cancelled(run(&live, &request, &mut tell)).await else {
            return Ok(Exit::Interrupted);
        };
        let outcome = outcome?;
        session.printer.notes(&outcome.notes);
        if let Some(exit) = tell_faults(&outcome.faults, session) {
            return Ok(exit);
        }
        if let Some(name) = outcome.unknown.first() {
            return Ok(session.fail(&NoSuchService::new(name)));
        }
        Ok(Exit::Done)
    }
}
