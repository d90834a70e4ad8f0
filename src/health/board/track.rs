// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One container as known from inspections and events, in whatever order they come.
//!
//! What is known is kept as it came (the newest inspection, the set of events after it) and put together when asked for,
//! so that order and repetition cannot matter.
//!
//! Limits: the newest 64 events after an inspection; inspect again after events, and at least once a minute.

use std::collections::BTreeSet;

use super::announce::{KILLED, SURVIVED};
use crate::health::event::{Event, EventKind};
use crate::health::memory::Memory;
use crate::health::observation::{Container, Health, HealthStatus, RestartPolicy, Status, Timestamp};

/// Events kept after the newest inspection.
const KEPT: usize = 64;

/// Everything known of one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tracked {
    /// The newest inspection, with the moment on the engine's clock that it holds for.
    inspected: Option<(Timestamp, Container)>,
    /// Who it is, from its first event, for the time before the first inspection.
    unseen: Container,
    /// Events after the inspection.
    events: BTreeSet<(Timestamp, EventKind)>,
    /// The newest moment that anything is known of.
    newest: Timestamp,
    /// A list that was complete at this moment did not have it.
    absent: Option<Timestamp>,
    destroyed: bool,
    pub(super) memory: Memory,
}

impl Tracked {
    pub(super) fn from_event(event: &Event) -> Self {
        let unseen = Container::unseen(&event.container, &event.name, &event.image, event.labels.clone(), event.time);
        Self {
            inspected: None,
            unseen,
            events: BTreeSet::new(),
            newest: event.time,
            absent: None,
            destroyed: false,
            memory: Memory::default(),
        }
    }

    pub(super) fn from_inspection(as_of: Timestamp, container: &Container) -> Self {
        Self {
            inspected: None,
            unseen: container.clone(),
            events: BTreeSet::new(),
            newest: as_of,
            absent: None,
            destroyed: false,
            memory: Memory::default(),
        }
    }

    pub(super) fn apply(&mut self, event: &Event) {
        self.memory.record(event);
        if event.time < self.unseen.created_at && self.inspected.is_none() {
            self.unseen.created_at = event.time;
        }
        // A recreated container is renamed on its way; its last name is its name.
        if event.time >= self.newest && self.inspected.is_none() {
            self.unseen.name.clone_from(&event.name);
        }
        self.newest = self.newest.max(event.time);
        match event.kind {
            EventKind::Destroyed => self.destroyed = true,
            EventKind::ExecDied { .. } | EventKind::Stopped | EventKind::Killed { .. } | EventKind::Restarted => {}
            _ if self.inspected.as_ref().is_some_and(|(as_of, _)| event.time <= *as_of) => {}
            _ => {
                self.events.insert((event.time, event.kind.clone()));
                while self.events.len() > KEPT {
                    self.events.pop_first();
                }
            }
        }
    }

    pub(super) fn inspect(&mut self, as_of: Timestamp, container: &Container) {
        self.memory.observe(container);
        self.newest = self.newest.max(as_of);
        if self.inspected.as_ref().is_some_and(|(known, _)| *known > as_of) {
            return;
        }
        self.inspected = Some((as_of, container.clone()));
        self.events.retain(|(time, _)| *time > as_of);
    }

    /// A complete list of the moment `as_of` did not have it.
    pub(super) fn miss(&mut self, as_of: Timestamp) {
        self.absent = self.absent.max(Some(as_of));
    }

    /// As it is when a list complete at `as_of` did not have it.
    pub(super) fn missed(mut self, as_of: Option<Timestamp>) -> Self {
        self.absent = as_of;
        self
    }

    pub(super) fn is_gone(&self) -> bool {
        self.destroyed || self.absent.is_some_and(|absent| absent >= self.newest)
    }

    pub(super) fn project(&self) -> Option<&str> {
        let known = self.inspected.as_ref().map_or(&self.unseen, |(_, container)| container);
        known.project.as_deref()
    }

    pub(super) const fn newest(&self) -> Timestamp {
        self.newest
    }

    /// When it was made, as far as its events tell.
    pub(super) const fn first(&self) -> Timestamp {
        self.unseen.created_at
    }

    /// Whether it was ever inspected: before that, whether it has a check is not known.
    pub(super) const fn was_inspected(&self) -> bool {
        self.inspected.is_some()
    }

    /// The container as it must be now.
    pub(super) fn container(&self) -> Container {
        let mut container = self.inspected.as_ref().map_or_else(|| self.unseen.clone(), |(_, seen)| seen.clone());
        for (time, kind) in &self.events {
            advance(&mut container, *time, kind);
            if matches!(kind, EventKind::Died { .. }) && self.is_restarted_by_engine(&container, *time) {
                container.status = Status::Restarting;
                container.restarting = true;
                container.running = true;
                container.restart_count += 1;
            }
        }
        if !self.was_inspected() && container.status == Status::Running && container.health.is_none() {
            // Whether there is a check is not known; "on its way" is true until the first inspection.
            container.health = Some(health(HealthStatus::Starting));
        }
        container
    }

    /// Whether the engine will start a container again that died at `died`. The next inspection tells for sure.
    fn is_restarted_by_engine(&self, container: &Container, died: Timestamp) -> bool {
        let wants = match container.restart_policy {
            RestartPolicy::No => false,
            RestartPolicy::Always | RestartPolicy::UnlessStopped => true,
            RestartPolicy::OnFailure(most) => {
                container.exit_code != 0 && most.is_none_or(|most| most == 0 || container.restart_count < most)
            }
        };
        wants && !self.memory.was_asked(container.started_at, died)
    }
}

/// Whether the container died by SIGKILL right before `time`. Engines tell of the kill for memory in their own time; a busy
/// one after the death.
fn has_just_been_killed(container: &Container, time: Timestamp) -> bool {
    let is_recent = container.finished_at.is_some_and(|end| time >= end && time - end <= SURVIVED);
    container.status == Status::Exited && container.exit_code == KILLED && is_recent
}

fn health(status: HealthStatus) -> Health {
    Health { status, failing_streak: None, log: Vec::new() }
}

/// What an event makes of a container.
fn advance(container: &mut Container, time: Timestamp, kind: &EventKind) {
    match kind {
        EventKind::Started => {
            container.status = Status::Running;
            container.running = true;
            container.restarting = false;
            container.paused = false;
            container.oom_killed = false;
            container.start_error.clear();
            container.started_at = Some(time);
            // The log stays, as the engine keeps it: its entries are told apart by their time. One that was inspected
            // before its first start has a check and no record of it yet.
            if container.health.is_none() && container.check.is_some() {
                container.health = Some(health(HealthStatus::Starting));
            }
            if let Some(health) = &mut container.health {
                health.status = HealthStatus::Starting;
                health.failing_streak = Some(0);
            }
        }
        EventKind::Died { exit_code } => {
            container.status = Status::Exited;
            container.running = false;
            container.paused = false;
            container.restarting = false;
            container.exit_code = *exit_code;
            container.finished_at = Some(time);
        }
        EventKind::OutOfMemory if container.status == Status::Running || has_just_been_killed(container, time) => {
            container.oom_killed = true;
        }
        EventKind::Paused => {
            container.status = Status::Paused;
            container.paused = true;
        }
        EventKind::Unpaused => {
            container.status = Status::Running;
            container.paused = false;
            if let Some(health) = &mut container.health {
                health.status = HealthStatus::Starting;
                health.failing_streak = Some(0);
            }
        }
        EventKind::Health(status) => {
            let health = container.health.get_or_insert_with(|| health(*status));
            health.status = *status;
            health.failing_streak = (*status == HealthStatus::Healthy).then_some(0);
        }
        _ => {}
    }
}
