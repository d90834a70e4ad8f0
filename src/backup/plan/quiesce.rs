// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Who is kept still for the captures, how, and in which order.
//!
//! Whoever runs and can write to something that is captured is a writer, whatever its project. Whoever lives in a
//! namespace of one that stops loses it, and so stops too.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Container, Facts, Hooks, MountSource, is_in};
use super::request::{Quiesce, Request};
use super::{Capture, Draft, Refusal, What};
use crate::backup::manifest::{Consistency, State};
use crate::backup::order::{Need, stop_waves};

/// What is done to a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Nothing but its hooks.
    Hook,
    /// It is frozen.
    Pause,
    /// It is stopped.
    Stop,
}

impl Act {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hook => "hook",
            Self::Pause => "pause",
            Self::Stop => "stop",
        }
    }
}

/// A container that something is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// Its id. After a crash it is looked up by project, service and number instead, for it may have been made anew.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its project.
    pub project: Option<String>,
    /// Its service.
    pub service: Option<String>,
    /// The number of the replica.
    pub number: u32,
    /// What it does now.
    pub state: State,
    /// What is done.
    pub act: Act,
    /// Its hooks.
    pub hooks: Hooks,
    /// How long the engine waits for it to end, in seconds.
    pub grace_s: Option<u64>,
    /// Its restart policy.
    pub restart_policy: String,
}

/// Whether a container can write to what is captured.
fn can_write(container: &Container, what: &What) -> bool {
    container.mounts.iter().filter(|mount| mount.writable).any(|mount| match (&mount.source, what) {
        (MountSource::Volume(volume), What::Volume { name, .. }) => volume == name,
        (MountSource::Path(path), What::Bind { source, .. }) => is_in(path, source) || is_in(source, path),
        _ => false,
    })
}

/// How one container is to be kept still, and `None` when it runs on.
fn act_of(facts: &Facts, request: &Request, container: &Container) -> Option<Act> {
    // Labels of other people's containers were not written for this project.
    let is_own = container.project.as_deref() == Some(&facts.project);
    let labelled = container.quiesce.filter(|_| is_own);
    match request.quiesce.or(labelled).unwrap_or(Quiesce::Stop) {
        Quiesce::Pause => Some(Act::Pause),
        Quiesce::Hook if is_own && !container.hooks.is_empty() => Some(Act::Hook),
        Quiesce::Stop | Quiesce::Hook => Some(Act::Stop),
        Quiesce::None => None,
    }
}

fn consistency(container: &Container, act: Option<Act>) -> Consistency {
    match (container.state, act) {
        (State::Stopped, _) | (State::Running, Some(Act::Stop)) => Consistency::Stopped,
        (State::Paused, _) | (State::Running, Some(Act::Pause)) => Consistency::Paused,
        (State::Running, Some(Act::Hook)) => Consistency::Hook,
        (State::Running, None) => Consistency::Live,
    }
}

/// Adds all that live in a namespace of one that stops, until nobody is added.
pub(crate) fn close_over_namespaces(facts: &Facts, of: &[State], acts: &mut BTreeMap<String, Act>) {
    loop {
        let stops = |id: &String| acts.get(id) == Some(&Act::Stop);
        let lives_in_stopped = |one: &&Container| one.lives_in.iter().any(stops);
        let more: Vec<String> = facts
            .containers
            .iter()
            .filter(|one| of.contains(&one.state) && !stops(&one.id))
            .filter(lives_in_stopped)
            .map(|one| one.id.clone())
            .collect();
        if more.is_empty() {
            return;
        }
        acts.extend(more.into_iter().map(|id| (id, Act::Stop)));
    }
}

/// The needs of containers, from those of services and from shared namespaces.
fn needs(facts: &Facts) -> Vec<Need> {
    let of_service = |name: &str| {
        let name = name.to_owned();
        facts.own().filter(move |one| one.service.as_ref() == Some(&name))
    };
    let mut found = Vec::new();
    for need in &facts.needs {
        for from in of_service(&need.from) {
            found.extend(of_service(&need.to).map(|to| Need { from: from.id.clone(), to: to.id.clone() }));
        }
    }
    for container in &facts.containers {
        found.extend(container.lives_in.iter().map(|id| Need { from: container.id.clone(), to: id.clone() }));
    }
    found
}

fn refuse_foreign(facts: &Facts, request: &Request, acts: &BTreeMap<String, Act>, draft: &mut Draft) {
    for container in &facts.containers {
        let is_own = container.project.as_deref() == Some(&facts.project);
        if is_own || !acts.contains_key(&container.id) || request.stop_foreign.contains(&container.name) {
            continue;
        }
        let written = draft.captures.iter().find(|one| can_write(container, &one.what));
        let does = match written {
            Some(capture) => format!("runs and can write to `{}`", capture.what.name()),
            None => "runs in the namespace of a container that would be stopped".to_owned(),
        };
        let refusal = Refusal::Foreign { container: container.name.clone(), project: container.project.clone(), does };
        draft.refuse(refusal);
    }
}

fn note_ways(facts: &Facts, request: &Request, acts: &BTreeMap<String, Act>, draft: &mut Draft) {
    let wants_hook = |one: &&Container| request.quiesce.or(one.quiesce) == Some(Quiesce::Hook);
    let stopped = facts.own().filter(wants_hook).filter(|one| acts.get(&one.id) == Some(&Act::Stop));
    let notes: Vec<String> =
        stopped.map(|one| format!("`{}` has no hooks, so it is stopped instead", one.name)).collect();
    draft.notes.extend(notes);
    let live = draft.captures.iter().filter(|one| one.consistency == Consistency::Live);
    let live: Vec<String> = live
        .map(|one| format!("`{}` is read while {} may write: it may be torn", one.what.name(), one.writers.join(", ")))
        .collect();
    draft.notes.extend(live);
}

/// Decides what is done to whom, and notes in the captures what that makes of them.
pub(super) fn decide(facts: &Facts, request: &Request, draft: &mut Draft) -> Vec<Vec<Affected>> {
    let mut acts: BTreeMap<String, Act> = BTreeMap::new();
    let captured: Vec<What> = draft.captures.iter().map(|one| one.what.clone()).collect();
    for container in facts.containers.iter().filter(|one| one.state == State::Running) {
        if captured.iter().any(|what| can_write(container, what))
            && let Some(act) = act_of(facts, request, container)
        {
            acts.insert(container.id.clone(), act);
        }
    }
    close_over_namespaces(facts, &[State::Running], &mut acts);
    for capture in &mut draft.captures {
        settle(facts, &acts, capture);
    }
    refuse_foreign(facts, request, &acts, draft);
    note_ways(facts, request, &acts, draft);
    waves(facts, &acts)
}

/// What is done to each container, in waves: whoever needs another stops before it.
pub(crate) fn waves(facts: &Facts, acts: &BTreeMap<String, Act>) -> Vec<Vec<Affected>> {
    let nodes: BTreeSet<String> = facts.containers.iter().map(|one| one.id.clone()).collect();
    let by_id: BTreeMap<&str, &Container> = facts.containers.iter().map(|one| (one.id.as_str(), one)).collect();
    let affected = |id: &String| {
        let (container, act) = (by_id.get(id.as_str())?, *acts.get(id)?);
        Some(Affected {
            id: container.id.clone(),
            name: container.name.clone(),
            project: container.project.clone(),
            service: container.service.clone(),
            number: container.number,
            state: container.state,
            act,
            hooks: container.hooks.clone(),
            grace_s: container.grace_s,
            restart_policy: container.restart_policy.clone(),
        })
    };
    let waves = stop_waves(&nodes, &needs(facts));
    let waves = waves.iter().map(|wave| wave.iter().filter_map(affected).collect::<Vec<_>>());
    waves.filter(|wave| !wave.is_empty()).collect()
}

fn settle(facts: &Facts, acts: &BTreeMap<String, Act>, capture: &mut Capture) {
    let writers = facts.containers.iter().filter(|one| one.state != State::Stopped && can_write(one, &capture.what));
    let writers: Vec<&Container> = writers.collect();
    let worst = writers.iter().map(|one| consistency(one, acts.get(&one.id).copied())).max();
    capture.consistency = worst.unwrap_or(Consistency::Stopped);
    capture.writers = writers.iter().map(|one| one.name.clone()).collect();
    capture.writers.sort();
}
