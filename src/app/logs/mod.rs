// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Use case: what the containers of a stack write, merged by time.
//!
//! Limits: lines are merged as the engine stamps them. While following, a line that arrives later than a fifth of a
//! second after younger ones of others stands behind them.

mod merge;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use chrono::TimeDelta;

use super::engines::EngineFault;
use super::observe::{Live, subject};
use super::status::{Breadth, secrets};
use super::{AppError, Selection};
use crate::health::Timestamp;
use crate::health::board::SlotKey;
use crate::sys::engine::{ContainerFilter, ContainerSummary, Deadline, Engine, EngineError, EventTime, Idle, LogQuery};
use merge::{Merge, Next, Source};

pub use crate::sys::engine::OutputStream;

/// While following, how often new and restarted containers are looked for.
const REFRESH: Duration = Duration::from_secs(2);

/// A log that is read to its end and says nothing for so long is left.
const SILENCE: Duration = Duration::from_secs(10);

/// Whether to go on when all that is there was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Until {
    /// Stop there.
    #[default]
    End,
    /// Go on until the run is ended.
    Cancelled,
}

/// Where a log begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So long before now.
    Ago(TimeDelta),
    /// Then.
    At(Timestamp),
}

/// Whether case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Case {
    /// It does.
    #[default]
    Counts,
    /// It does not.
    Ignored,
}

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The flags that choose a project.
    pub selection: Selection,
    /// Services; empty: all.
    pub services: Vec<String>,
    /// Only the containers in these places; empty: all.
    pub only: Vec<SlotKey>,
    /// How many projects.
    pub breadth: Breadth,
    /// When to stop.
    pub until: Until,
    /// The last so many lines of each container.
    pub tail: Option<u64>,
    /// From then on.
    pub since: Option<Moment>,
    /// Only lines with this text.
    pub grep: Option<String>,
    /// Whether its case counts.
    pub case: Case,
    /// Whether the containers' own secrets are looked up, so that they can be hidden.
    pub secrets: Secrets,
}

/// Whether secrets are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Secrets {
    /// They are not.
    #[default]
    Ignored,
    /// They are.
    Known,
}

/// Whose line it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// The engine.
    pub context: String,
    /// The project.
    pub project: String,
    /// The service.
    pub service: String,
    /// The number of the replica.
    pub number: u32,
    /// The container's id where it was made by `compose run`.
    pub one_off: Option<String>,
    /// The container's name.
    pub container: String,
    /// The values of its environment that must not be shown; empty unless asked for.
    pub secrets: Vec<String>,
}

impl Writer {
    /// Its place.
    #[must_use]
    pub fn key(&self) -> SlotKey {
        SlotKey {
            context: self.context.clone(),
            project: self.project.clone(),
            service: self.service.clone(),
            number: self.number,
            one_off: self.one_off.clone(),
        }
    }
}

/// What reading tells as it goes.
#[derive(Debug)]
pub enum Told<'a> {
    /// The containers that are read, before the first line and whenever there are more.
    Writers(Vec<&'a Writer>),
    /// A line, as it was written.
    Line {
        /// Whose.
        writer: &'a Writer,
        /// On which stream.
        stream: OutputStream,
        /// When, by the engine's clock.
        at: Option<Timestamp>,
        /// The line.
        text: &'a str,
    },
    /// An engine that could not be asked, or whose answer broke off; the outcome has it too, but following ends late.
    Fault(&'a EngineFault),
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Engines that could not be asked, or whose answer broke off.
    pub faults: Vec<EngineFault>,
    /// Services that were asked for and have no container.
    pub unknown: Vec<String>,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

/// Reads the logs and tells each line. Ends by itself unless the request says otherwise, and when `tell` breaks off;
/// dropping it ends it too.
///
/// # Errors
/// When the compose file that was named cannot be used.
pub async fn run(
    live: &Live<'_>,
    request: &Request,
    tell: &mut dyn FnMut(Told<'_>) -> ControlFlow<()>,
) -> Result<Outcome, AppError> {
    let subject = subject(&live.context, &request.selection, request.breadth == Breadth::Everything)?;
    let mut outcome = Outcome { notes: subject.notes.clone(), ..Outcome::default() };
    let now = live.clock.now();
    let since = request.since.map(|moment| match moment {
        Moment::Ago(length) => now - length,
        Moment::At(at) => at,
    });
    let mut reading = Reading {
        live,
        request,
        since,
        filter: subject.scope.filter(),
        merge: Merge::default(),
        ends: BTreeMap::new(),
    };
    reading.attach(Attach::All, &mut outcome.faults).await;
    let is_in_file = |name: &String| subject.file.as_ref().is_some_and(|(_, services)| services.contains_key(name));
    let is_known =
        |name: &String| is_in_file(name) || reading.merge.sources().any(|source| source.writer.service == *name);
    outcome.unknown = request.services.iter().filter(|name| !is_known(name)).cloned().collect();
    if outcome.faults.iter().any(|fault| tell(Told::Fault(fault)).is_break()) {
        return Ok(outcome);
    }
    if tell(Told::Writers(reading.merge.sources().map(|source| &source.writer).collect())).is_break() {
        return Ok(outcome);
    }
    let wanted = request.grep.as_ref().map(|text| fold(text, request.case));
    loop {
        let next = match request.until {
            Until::End => reading.merge.next().await,
            Until::Cancelled => reading.merge.next_within(REFRESH).await,
        };
        match next {
            Next::Line(source, entry) => {
                let text = String::from_utf8_lossy(&entry.text);
                let is_wanted = wanted.as_ref().is_none_or(|wanted| fold(&text, request.case).contains(wanted));
                let told = Told::Line { writer: &source.writer, stream: entry.stream, at: entry.time, text: &text };
                if is_wanted && tell(told).is_break() {
                    return Ok(outcome);
                }
            }
            Next::Broken(fault) => {
                let fault = fault.into();
                if tell(Told::Fault(&fault)).is_break() {
                    return Ok(outcome);
                }
                outcome.faults.push(fault);
            }
            Next::End if request.until == Until::End => return Ok(outcome),
            Next::End | Next::Silence => {
                if matches!(next, Next::End) {
                    tokio::time::sleep(REFRESH).await;
                }
                let before = reading.merge.sources().count();
                // Its faults come and go with the engine; the reading goes on.
                reading.attach(Attach::Running, &mut Vec::new()).await;
                if reading.merge.sources().count() != before {
                    let writers = reading.merge.sources().map(|source| &source.writer).collect();
                    if tell(Told::Writers(writers)).is_break() {
                        return Ok(outcome);
                    }
                }
            }
        }
    }
}

fn fold(text: &str, case: Case) -> String {
    match case {
        Case::Counts => text.to_owned(),
        Case::Ignored => text.to_lowercase(),
    }
}

/// Which containers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attach {
    All,
    Running,
}

struct Reading<'a> {
    live: &'a Live<'a>,
    request: &'a Request,
    since: Option<Timestamp>,
    filter: ContainerFilter,
    merge: Merge,
    /// The time of the last line of each container, by engine and id, so that nothing is read twice.
    ends: BTreeMap<(String, String), Timestamp>,
}

impl Reading<'_> {
    /// Begins to read the containers that are not being read.
    async fn attach(&mut self, attach: Attach, faults: &mut Vec<EngineFault>) {
        for source in self.merge.take_ended() {
            let end = source.last.or(self.since).unwrap_or_default();
            self.ends.insert((source.writer.context.clone(), source.id.clone()), end);
        }
        for link in self.live.engines {
            let engine = match &link.engine {
                Ok(engine) => engine.as_ref(),
                Err(fault) => {
                    faults.push(fault.clone());
                    continue;
                }
            };
            let filter = ContainerFilter { only_running: attach == Attach::Running, ..self.filter.clone() };
            let listed = match engine.list_containers(&filter, Deadline::QUESTION).await {
                Ok(listed) => listed,
                Err(fault) => {
                    faults.push(fault.into());
                    continue;
                }
            };
            for summary in listed {
                let is_read =
                    self.merge.sources().any(|source| source.id == summary.id && source.writer.context == link.name);
                if !is_read
                    && let Some(writer) = self.writer(&link.name, engine, &summary).await
                    && let Err(fault) = self.read(engine, writer, &summary.id).await
                    && !fault.is_not_found()
                {
                    faults.push(fault.into());
                }
            }
        }
    }

    /// Whose log this is; `None` when it was not asked for.
    async fn writer(&self, context: &str, engine: &dyn Engine, summary: &ContainerSummary) -> Option<Writer> {
        let label = |name: &str| summary.labels.get(name).cloned();
        let service = label(crate::app::observe::SERVICE_LABEL)?;
        if !self.request.services.is_empty() && !self.request.services.contains(&service) {
            return None;
        }
        let is_one_off = label("com.docker.compose.oneoff").is_some_and(|text| text.eq_ignore_ascii_case("true"));
        let mut writer = Writer {
            context: context.to_owned(),
            project: label(super::observe::PROJECT_LABEL).unwrap_or_default(),
            service,
            number: label(super::observe::NUMBER_LABEL).and_then(|text| text.parse().ok()).unwrap_or(1),
            one_off: is_one_off.then(|| summary.id.clone()),
            container: summary.name.clone(),
            secrets: Vec::new(),
        };
        if !self.request.only.is_empty() && !self.request.only.contains(&writer.key()) {
            return None;
        }
        writer.secrets = match self.request.secrets {
            Secrets::Ignored => Vec::new(),
            Secrets::Known => {
                let detail = engine.inspect_container(&summary.id, Deadline::QUESTION).await.ok()?;
                secrets(&detail.environment)
            }
        };
        Some(writer)
    }

    async fn read(&mut self, engine: &dyn Engine, writer: Writer, id: &str) -> Result<(), EngineError> {
        let end = self.ends.get(&(writer.context.clone(), id.to_owned())).copied();
        let follow = self.request.until == Until::Cancelled;
        let query = LogQuery {
            follow,
            tail: self.request.tail.filter(|_| end.is_none()),
            since: end.map(|end| EventTime::from(end).next()).or(self.since.map(EventTime::from)),
            until: None,
        };
        let idle = Idle((!follow).then_some(SILENCE));
        let feed = engine.logs(id, &query, Deadline::QUESTION, idle).await?;
        self.merge.add(Source::new(writer, id.to_owned(), feed, end));
        Ok(())
    }
}
