// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From what is known of containers and files to rows with verdicts.

use std::collections::{BTreeMap, BTreeSet};

use super::notice::{Cause, CauseKind, SlotKey};
use super::track::Tracked;
use super::{Board, Engine, Row};
use crate::compose::model::Condition;
use crate::health::definition::{Definition, Need};
use crate::health::memory::Memory;
use crate::health::observation::{Container, Phase, Timestamp};
use crate::health::verdict::{Evidence, FileView, Freshness, State, Verdict, Waiting, judge};

/// The slot of a container; `None` without Compose's labels.
pub(super) fn key(context: &str, container: &Container) -> Option<SlotKey> {
    Some(SlotKey {
        context: context.to_owned(),
        project: container.project.clone()?,
        service: container.service.clone()?,
        number: container.number,
        one_off: container.one_off.then(|| container.id.clone()),
    })
}

/// When the change happened: a start or an end has a moment of its own.
pub(super) fn moment(row: &Row, cause: &Cause, now: Timestamp) -> Timestamp {
    let container = row.container.as_ref();
    let known = match cause.kind {
        CauseKind::Started | CauseKind::Restarted | CauseKind::Recreated => container.and_then(|one| one.started_at),
        CauseKind::Exited | CauseKind::StoppedOnRequest | CauseKind::Completed => {
            container.and_then(|one| one.finished_at)
        }
        _ => None,
    };
    known.map_or(now, |at| at.min(now))
}

/// Since when a row is in its state: at first sight, the start or end that the engine knows.
pub(super) fn since(row: &Row, cause: &Cause, at: Timestamp) -> Timestamp {
    let container = row.container.as_ref().filter(|_| cause.kind == CauseKind::FirstSeen);
    let known = container.and_then(|one| match one.phase() {
        Phase::Running | Phase::Paused => one.started_at,
        Phase::Waiting | Phase::Ended => one.finished_at,
        Phase::Created => Some(one.created_at),
    });
    known.map_or(at, |known| known.min(at))
}

impl Board {
    /// The rows of one engine, or of one project of it, in order.
    pub(super) fn rows_of(&self, context: &str, project: Option<&str>, now: Timestamp) -> Vec<Row> {
        let Some(engine) = self.engines.get(context) else { return Vec::new() };
        let mut current = engine.current(context, project);
        engine.add_missing(context, project, &mut current);
        let row = |(key, container): (SlotKey, Option<Container>)| {
            let slot = self.slots.get(&key);
            Row {
                container,
                verdict: Verdict::Unknown { age: None },
                waiting_for: Vec::new(),
                since: slot.and_then(|slot| slot.since),
                is_quiet: slot.is_some_and(|slot| slot.announcer.is_quiet()),
                key,
            }
        };
        let mut rows: Vec<Row> = current.into_iter().map(row).collect();
        let nothing = Memory::default();
        for row in &mut rows {
            row.verdict = judge(&self.evidence(row, &nothing, now));
        }
        self.wait_for_dependencies(engine, &mut rows, now);
        rows
    }

    /// Fills in what the services that are not up wait for, and judges them again. That changes only containers never
    /// started, each of which may be waited for in turn, so it is done until nothing changes.
    fn wait_for_dependencies(&self, engine: &Engine, rows: &mut [Row], now: Timestamp) {
        let nothing = Memory::default();
        let is_down = |row: &Row| row.container.as_ref().is_none_or(|one| one.phase() == Phase::Created);
        for _ in 0..rows.len() {
            let mut has_changed = false;
            for index in 0..rows.len() {
                let row = &rows[index];
                let needs = engine.definition(&row.key).map_or(&[][..], |definition| &definition.needs);
                if needs.is_empty() || !is_down(row) {
                    continue;
                }
                let waiting_for: Vec<Waiting> = needs.iter().filter_map(|need| unmet(need, &row.key, rows)).collect();
                if waiting_for == row.waiting_for {
                    continue;
                }
                has_changed = true;
                rows[index].waiting_for = waiting_for;
                let verdict = judge(&self.evidence(&rows[index], &nothing, now));
                rows[index].verdict = verdict;
            }
            if !has_changed {
                return;
            }
        }
    }

    /// All that the verdict on a row rests on.
    pub(super) fn evidence<'a>(&'a self, row: &'a Row, nothing: &'a Memory, now: Timestamp) -> Evidence<'a> {
        let engine = self.engines.get(&row.key.context);
        let tracked = row.container.as_ref().and_then(|one| engine?.containers.get(&one.id));
        let freshness = match engine {
            Some(engine) if engine.was_asked && engine.lost.is_none() => Freshness::Live,
            Some(engine) => Freshness::Stale { last: engine.last_word },
            None => Freshness::Stale { last: None },
        };
        Evidence {
            container: row.container.as_ref(),
            file: engine.map_or(FileView::NotRead, |engine| engine.file(&row.key)),
            memory: tracked.map_or(nothing, |tracked| &tracked.memory),
            functional: self.slots.get(&row.key).and_then(|slot| slot.functional.as_ref()),
            waiting_for: &row.waiting_for,
            freshness,
            now,
        }
    }

    /// Rows for the slots that are gone (no container, in no file) and of which that has not been told.
    pub(super) fn removed(&self, context: &str, project: Option<&str>, live: &BTreeSet<SlotKey>) -> Vec<Row> {
        let is_concerned = |key: &SlotKey| {
            key.context == context && project.is_none_or(|project| key.project == project) && !live.contains(key)
        };
        let gone = self.slots.iter().filter(|(key, slot)| is_concerned(key) && !slot.announcer.is_done());
        gone.map(|(key, slot)| Row {
            key: key.clone(),
            container: None,
            verdict: Verdict::Missing { expected: false },
            waiting_for: Vec::new(),
            since: slot.since,
            is_quiet: slot.announcer.is_quiet(),
        })
        .collect()
    }
}

impl Engine {
    /// The container of each slot: of several, the one made last.
    fn current(&self, context: &str, project: Option<&str>) -> BTreeMap<SlotKey, Option<Container>> {
        let mut current: BTreeMap<SlotKey, Option<Container>> = BTreeMap::new();
        let is_concerned =
            |tracked: &&Tracked| !tracked.is_gone() && project.is_none_or(|project| tracked.project() == Some(project));
        for tracked in self.containers.values().filter(is_concerned) {
            let container = tracked.container();
            let Some(key) = key(context, &container) else { continue };
            let slot = current.entry(key).or_default();
            let is_newer =
                slot.as_ref().is_none_or(|other| (other.created_at, &other.id) < (container.created_at, &container.id));
            if is_newer {
                *slot = Some(container);
            }
        }
        current
    }

    /// Adds a slot for each service of the files that has no container at all.
    fn add_missing(&self, context: &str, project: Option<&str>, current: &mut BTreeMap<SlotKey, Option<Container>>) {
        let present: BTreeSet<(String, String)> = current
            .keys()
            .filter(|key| key.one_off.is_none())
            .map(|key| (key.project.clone(), key.service.clone()))
            .collect();
        for (project, services) in self.files.iter().filter(|(name, _)| project.is_none_or(|only| only == *name)) {
            for service in services.keys().filter(|service| !present.contains(&(project.clone(), (*service).clone()))) {
                let key = SlotKey {
                    context: context.to_owned(),
                    project: project.clone(),
                    service: service.clone(),
                    number: 1,
                    one_off: None,
                };
                current.insert(key, None);
            }
        }
    }

    fn file(&self, key: &SlotKey) -> FileView<'_> {
        match self.files.get(&key.project) {
            None => FileView::NotRead,
            Some(services) => services.get(&key.service).map_or(FileView::Lacks, FileView::Has),
        }
    }

    fn definition(&self, key: &SlotKey) -> Option<&Definition> {
        self.file(key).definition()
    }
}

/// The dependency, while what is asked of it does not hold. The worst of several replicas counts.
fn unmet(need: &Need, of: &SlotKey, rows: &[Row]) -> Option<Waiting> {
    let is_it = |row: &&Row| {
        row.key.context == of.context
            && row.key.project == of.project
            && row.key.service == need.service
            && row.key.one_off.is_none()
    };
    let worst = rows.iter().filter(is_it).max_by_key(|row| row.verdict.severity());
    let Some(row) = worst else {
        return need.required.then(|| Waiting { service: need.service.clone(), state: State::Missing });
    };
    let state = row.verdict.state();
    if state == State::Absent && !need.required {
        return None;
    }
    let is_met = match need.condition {
        Condition::Healthy => state == State::Ok,
        Condition::Completed => row.verdict == Verdict::Ok { completed: true },
        Condition::Started | Condition::Unknown => {
            let is_created = row.container.as_ref().is_none_or(|one| one.phase() == Phase::Created);
            !is_created && !matches!(state, State::Crashed | State::Stopped)
        }
    };
    (!is_met).then(|| Waiting { service: need.service.clone(), state })
}
