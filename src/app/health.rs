// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Use case: all that is known of the health of single services.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::StreamExt as _;

use super::engines::{EngineFault, EngineLink};
use super::observe::{Live, Look, Seen, container::timings, look_at_all, subject};
use super::status::{ServiceReport, service_reports};
use super::{AppError, Selection};
use crate::compose::model::Condition;
use crate::health::board::SlotKey;
use crate::health::definition::{Need, labelled_needs};
use crate::health::event::EventKind;
use crate::health::explain::Background;
use crate::health::observation::{CheckTimings, Probe};
use crate::health::verdict::{Standing, State};
use crate::health::{Board, Timestamp};
use crate::sys::engine::{ContainerDetail, Deadline, Idle, LogQuery};

/// Lines of a log that are searched for the words of known faults.
const LOG_TAIL: u64 = 40;

/// Entries of a timeline.
const TIMELINE: usize = 16;

/// What to look at.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The flags that choose a project.
    pub selection: Selection,
    /// Services; empty: all.
    pub services: Vec<String>,
}

/// The check of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its words: `CMD`, `CMD-SHELL`, and what is run.
    pub test: Vec<String>,
    /// Its timings.
    pub timings: CheckTimings,
    /// Time between probes during the start period, where one is set. Engines before 25 ignore it.
    pub start_interval: Option<TimeDelta>,
}

impl Check {
    /// The longest from a start to the first verdict.
    #[must_use]
    pub fn longest_to_verdict(&self) -> TimeDelta {
        self.timings.longest_to_verdict()
    }

    /// The longest from a fault of a healthy service to the verdict `unhealthy`.
    #[must_use]
    pub fn longest_to_notice(&self) -> TimeDelta {
        CheckTimings { start_period: TimeDelta::zero(), ..self.timings }.longest_to_verdict()
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: String,
}

/// A service that another one needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The other service.
    pub service: String,
    /// What is waited for, as the compose file writes it.
    pub condition: String,
    /// The other's state; `None` when nothing is known of it.
    pub state: Option<State>,
}

/// All of one service.
#[derive(Debug, Clone)]
pub struct HealthReport {
    /// What `status` says of it.
    pub service: ServiceReport,
    /// Its check, where it has one.
    pub check: Option<Check>,
    /// The last probes that the engine keeps, oldest first.
    pub probes: Vec<Probe>,
    /// When the present run began: probes before it are of an earlier run.
    pub started: Option<Timestamp>,
    /// What happened, oldest first.
    pub timeline: Vec<Happening>,
    /// What it needs.
    pub needs: Vec<Link>,
    /// What needs it.
    pub needed_by: Vec<Link>,
}

/// One engine and what is on it.
#[derive(Debug, Clone)]
pub struct ContextReport {
    /// Its name.
    pub name: String,
    /// Its address as shown to people.
    pub address: String,
    /// Why it could not be asked.
    pub fault: Option<EngineFault>,
    /// Its services: by project, then worst first.
    pub services: Vec<HealthReport>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// When it was looked at.
    pub at: Timestamp,
    /// The engines.
    pub contexts: Vec<ContextReport>,
    /// Services that were asked for and are nowhere.
    pub unknown: Vec<String>,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

/// Looks at the services.
///
/// # Errors
/// When the compose file that was named cannot be used. An engine's fault is part of the outcome.
pub async fn run(live: &Live<'_>, request: &Request) -> Result<Outcome, AppError> {
    let subject = subject(&live.context, &request.selection, false)?;
    let mut board = Board::new();
    let looks = look_at_all(live, &subject, &mut board).await;
    let mut contexts = Vec::new();
    for (link, look) in live.engines.iter().zip(&looks) {
        let mut services = Vec::new();
        for report in service_reports(&link.name, look, &board, live.context.catalog, &request.services) {
            services.push(whole(live, link, look, &board, report).await);
        }
        contexts.push(ContextReport {
            name: link.name.clone(),
            address: link.address.clone(),
            fault: look.seen.as_ref().err().cloned(),
            services,
        });
    }
    let is_known = |name: &String| {
        contexts.iter().flat_map(|context| &context.services).any(|report| report.service.service == *name)
    };
    let unknown = request.services.iter().filter(|name| !is_known(name)).cloned().collect();
    Ok(Outcome { at: live.clock.now(), contexts, unknown, notes: subject.notes })
}

async fn whole(live: &Live<'_>, link: &EngineLink, look: &Look, board: &Board, report: ServiceReport) -> HealthReport {
    let report = look_closer(live, link, look, board, report).await;
    let key = report.key(&link.name);
    let seen = report.id.as_ref().and_then(|id| look.seen.as_ref().ok()?.get(id));
    HealthReport {
        check: seen.and_then(|seen| check_of(&seen.detail)),
        probes: seen.map(probes).unwrap_or_default(),
        started: seen.and_then(|seen| seen.detail.state.started),
        timeline: timeline(look, &report, seen),
        needs: needs(board, &key, seen, look.now),
        needed_by: needed_by(board, &key, look),
        service: report,
    }
}

/// The report of a service in trouble, with what its log adds to the reason; any other as it is.
pub(super) async fn look_closer(
    live: &Live<'_>,
    link: &EngineLink,
    look: &Look,
    board: &Board,
    mut report: ServiceReport,
) -> ServiceReport {
    if report.verdict.standing() == Standing::Bad
        && let Some(id) = &report.id
    {
        let log_tail = log_tail(link, id).await;
        let known = report.image.as_ref().and_then(|image| live.context.catalog.find_text(&image.image));
        let background = Background { known, log_tail: &log_tail };
        report.why = board.why(&report.key(&link.name), background, look.now).unwrap_or(report.why);
    }
    report
}

/// The end of a container's log; empty when it cannot be read.
pub(super) async fn log_tail(link: &EngineLink, id: &str) -> Vec<String> {
    let Ok(engine) = &link.engine else { return Vec::new() };
    let query = LogQuery { tail: Some(LOG_TAIL), ..LogQuery::default() };
    let idle = Idle(Some(Duration::from_secs(2)));
    let Ok(mut feed) = engine.logs(id, &query, Deadline::QUESTION, idle).await else { return Vec::new() };
    let mut lines = Vec::new();
    while let Some(Ok(line)) = feed.next().await {
        lines.push(String::from_utf8_lossy(&line.text).into_owned());
    }
    lines
}

/// The check of a container, where it has one.
pub(super) fn check_of(detail: &ContainerDetail) -> Option<Check> {
    let check = detail.health_check.as_ref()?;
    Some(Check {
        test: check.test.clone(),
        timings: timings(check)?,
        start_interval: check.start_interval.and_then(|time| TimeDelta::from_std(time).ok()),
    })
}

fn probes(seen: &Seen) -> Vec<Probe> {
    super::observe::container(&seen.detail).health.map(|health| health.log).unwrap_or_default()
}

/// What the engine remembers of the service, and what the inspection adds to it.
fn timeline(look: &Look, report: &ServiceReport, seen: Option<&Seen>) -> Vec<Happening> {
    let is_it = |label: &str, value: &str, labels: &std::collections::BTreeMap<String, String>| {
        labels.get(label).is_some_and(|found| found == value)
    };
    let mut happenings: Vec<Happening> = look
        .events
        .iter()
        .filter(|event| {
            is_it(crate::app::observe::SERVICE_LABEL, &report.service, &event.labels)
                && is_it(super::observe::PROJECT_LABEL, &report.project, &event.labels)
        })
        .map(|event| Happening { at: event.time, what: words(&event.kind) })
        .collect();
    if let Some(seen) = seen {
        let state = &seen.detail.state;
        let ended = state.finished.filter(|_| !state.running || state.restarting);
        let told = [
            (seen.detail.created, "created".to_owned()),
            (state.started, "started".to_owned()),
            (ended, words(&EventKind::Died { exit_code: state.exit_code })),
        ];
        for (at, what) in told {
            let Some(at) = at else { continue };
            // An event and the inspection of the same happening differ by milliseconds.
            let is_told = |one: &Happening| one.what == what && (one.at - at).abs() < TimeDelta::seconds(1);
            if !happenings.iter().any(is_told) {
                happenings.push(Happening { at, what });
            }
        }
    }
    happenings.sort_by_key(|one| one.at);
    happenings.dedup_by(|later, earlier| later.what == earlier.what && later.at - earlier.at < TimeDelta::seconds(1));
    happenings.split_off(happenings.len().saturating_sub(TIMELINE))
}

fn words(kind: &EventKind) -> String {
    match kind {
        EventKind::Created => "created".to_owned(),
        EventKind::Started => "started".to_owned(),
        EventKind::Killed { signal } => format!("sent signal {signal}"),
        EventKind::Stopped => "stopped on request".to_owned(),
        EventKind::OutOfMemory => "a process killed for memory".to_owned(),
        EventKind::Died { exit_code } => format!("ended with exit {exit_code}"),
        EventKind::Paused => "paused".to_owned(),
        EventKind::Unpaused => "unpaused".to_owned(),
        EventKind::Health(crate::health::observation::HealthStatus::Healthy) => "became healthy".to_owned(),
        EventKind::Health(_) => "became unhealthy".to_owned(),
        EventKind::Restarted => "restarted on request".to_owned(),
        EventKind::Renamed => "renamed".to_owned(),
        EventKind::ExecDied { exit_code, .. } => format!("a program beside it ended with exit {exit_code}"),
        EventKind::Destroyed => "removed".to_owned(),
    }
}

/// The worst state of a service of the same project.
fn state(board: &Board, key: &SlotKey, service: &str, now: Timestamp) -> Option<State> {
    let rows = board.rows(now).into_iter().filter(|row| {
        row.key.context == key.context
            && row.key.project == key.project
            && row.key.service == service
            && row.key.one_off.is_none()
    });
    rows.map(|row| row.verdict.state()).min()
}

/// What the file says that a service needs; without a file, what Compose wrote on its container.
fn needs(board: &Board, key: &SlotKey, seen: Option<&Seen>, now: Timestamp) -> Vec<Link> {
    let named = match board.definition(key) {
        Some(definition) => definition.needs.clone(),
        None => seen.map(|seen| labelled_needs(&seen.detail.labels)).unwrap_or_default(),
    };
    let link = |need: Need| {
        let state = state(board, key, &need.service, now);
        Link { service: need.service, condition: condition(need.condition), state }
    };
    named.into_iter().map(link).collect()
}

fn condition(condition: Condition) -> String {
    match condition {
        Condition::Started | Condition::Unknown => "service_started",
        Condition::Healthy => "service_healthy",
        Condition::Completed => "service_completed_successfully",
    }
    .to_owned()
}

fn needed_by(board: &Board, key: &SlotKey, look: &Look) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    for row in board.rows(look.now) {
        let is_other = row.key.context == key.context && row.key.project == key.project && row.key != *key;
        if !is_other || found.iter().any(|link| link.service == row.key.service) {
            continue;
        }
        let seen = row.container.as_ref().and_then(|one| look.seen.as_ref().ok()?.get(&one.id));
        let need = needs(board, &row.key, seen, look.now).into_iter().find(|need| need.service == key.service);
        if let Some(need) = need {
            let state = state(board, key, &row.key.service, look.now);
            found.push(Link { service: row.key.service, condition: need.condition, state });
        }
    }
    found
}
