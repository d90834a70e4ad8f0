// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Asks the engines, all at once, and puts what they say on a board.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};

use super::container::{VERBS, container, event};
use super::project::{Scope, Subject};
use crate::app::Context;
use crate::app::engines::{EngineFault, EngineLink, Place};
use crate::health::{Board, Event, Timestamp};
use crate::sys::engine::{
    ContainerDetail, Deadline, Engine, EngineError, EventQuery, EventSubject, EventTime, Idle, Port,
};
use crate::sys::lock::Machine;
use crate::sys::programs::Programs;
use crate::sys::{Clock, Host};

/// Inspections under way at one engine at one time.
const AT_ONCE: usize = 8;

/// How far back the engine's events are asked for; it rarely remembers that much.
const REMEMBERED: TimeDelta = TimeDelta::minutes(30);

/// Events that end are told at once; a stream silent for so long is left.
const SILENCE: Duration = Duration::from_secs(2);

/// What use cases that talk to engines are given.
#[derive(Clone, Copy)]
pub struct Live<'a> {
    /// Files, environment and catalog.
    pub context: Context<'a>,
    /// The engines, in the order asked for.
    pub engines: &'a [EngineLink],
    /// The time of this machine.
    pub clock: &'a dyn Clock,
    /// What this machine is like.
    pub host: &'a dyn Host,
    /// Its locks and processes.
    pub machine: &'a dyn Machine,
    /// The programs on it.
    pub programs: &'a dyn Programs,
    /// Opens the stream for results that a thread of its own writes as they come.
    pub stream: fn() -> Box<dyn std::io::Write + Send>,
}

impl std::fmt::Debug for Live<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Live").field("engines", &self.engines).finish_non_exhaustive()
    }
}

/// What an engine says of one container beside its health.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Everything of it.
    pub detail: ContainerDetail,
    /// Its ports, which only the list has.
    pub ports: Vec<Port>,
}

/// What one engine said.
#[derive(Debug, Clone)]
pub struct Look {
    /// When the engine began to be asked, on its own clock; on ours when it could not be. What it says is at least as new.
    as_of: Timestamp,
    /// When it had said all, on the same clock: nothing that it told of is later.
    pub now: Timestamp,
    /// Its containers by id, or why it could not be asked.
    pub seen: Result<BTreeMap<String, Seen>, EngineFault>,
    /// What happened lately, oldest first, as far as the engine remembers.
    pub events: Vec<Event>,
}

/// Looks at every engine and tells the board. The looks come in the order of the engines.
pub async fn look_at_all(live: &Live<'_>, subject: &Subject, board: &mut Board) -> Vec<Look> {
    let looks = join_all(live.engines.iter().map(|link| look(link, &subject.scope, live.clock))).await;
    let has_project = |look: &Look, name: &str| {
        let seen = look.seen.as_ref().ok();
        seen.is_some_and(|seen| {
            seen.values().any(|one| one.detail.labels.get(super::PROJECT_LABEL).is_some_and(|label| label == name))
        })
    };
    let is_anywhere = subject.file.as_ref().is_some_and(|(name, _)| looks.iter().any(|look| has_project(look, name)));
    for (index, (link, look)) in live.engines.iter().zip(&looks).enumerate() {
        if let Some((name, services)) = &subject.file {
            // With several engines the file counts where its project is; nowhere at all: at the first.
            let counts = if is_anywhere { has_project(look, name) } else { index == 0 };
            if counts || (live.engines.len() == 1) {
                board.set_file(&link.name, name, Some(services.clone()), look.now);
            }
        }
        match &look.seen {
            Ok(seen) => {
                // Before the first list they cost least, and the board takes them in any order.
                for event in &look.events {
                    board.event(&link.name, event, look.now);
                }
                let containers: Vec<_> = seen.values().map(|one| container(&one.detail)).collect();
                board.resync(&link.name, look.as_of, &containers, look.now);
            }
            Err(_) => drop(board.lost(&link.name, look.now)),
        }
    }
    looks
}

async fn look(link: &EngineLink, scope: &Scope, clock: &dyn Clock) -> Look {
    let here = clock.now();
    let engine = match &link.engine {
        Ok(engine) => engine.as_ref(),
        Err(fault) => return silent(here, fault.clone()),
    };
    let as_of = match link.place {
        Place::Here => here,
        Place::Elsewhere => match engine.info(Deadline::QUESTION).await {
            Ok(info) => info.time.unwrap_or(here),
            Err(fault) => return silent(here, fault.into()),
        },
    };
    let (seen, events) = tokio::join!(containers(engine, scope), events(engine, scope, as_of));
    // Under load the answers take seconds, and a container may die in them.
    let now = as_of + (clock.now() - here).max(TimeDelta::zero());
    Look { as_of, now, seen: seen.map_err(EngineFault::from), events }
}

/// An engine that could not be asked.
fn silent(here: Timestamp, fault: EngineFault) -> Look {
    Look { as_of: here, now: here, seen: Err(fault), events: Vec::new() }
}

async fn containers(engine: &dyn Engine, scope: &Scope) -> Result<BTreeMap<String, Seen>, EngineError> {
    let listed = engine.list_containers(&scope.filter(), Deadline::QUESTION).await?;
    let mut answers = stream::iter(listed)
        .map(|summary| async move {
            let detail = engine.inspect_container(&summary.id, Deadline::QUESTION).await;
            (detail, summary.ports)
        })
        .buffer_unordered(AT_ONCE);
    let mut seen = BTreeMap::new();
    while let Some((detail, ports)) = answers.next().await {
        match detail {
            Ok(detail) => {
                seen.insert(detail.id.clone(), Seen { detail, ports });
            }
            // Gone between the list and the question.
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(seen)
}

/// What happened lately. Nothing rests on it alone, so a fault is no more than silence.
async fn events(engine: &dyn Engine, scope: &Scope, now: Timestamp) -> Vec<Event> {
    let query = EventQuery {
        since: Some(EventTime::from(now - REMEMBERED)),
        until: Some(EventTime::from(now)),
        subjects: vec![EventSubject::Container],
        verbs: VERBS.iter().map(|verb| (*verb).to_owned()).collect(),
        labels: vec![scope.label()],
    };
    let mut found = Vec::new();
    if let Ok(mut feed) = engine.events(&query, Deadline::QUESTION, Idle(Some(SILENCE))).await {
        while let Some(Ok(told)) = feed.next().await {
            found.extend(event(&told));
        }
    }
    found.sort();
    found
}
