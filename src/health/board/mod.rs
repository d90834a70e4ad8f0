// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! All services of all engines: fed with inspections, events, files and probes in any order, it tells what changed.
//!
//! How to feed it: subscribe to events, list and inspect everything, [`Board::resync`], replay what the subscription has
//! buffered, go on live; inspect a container after each of its events; resync each minute and after every reconnect;
//! [`Board::tick`] every second. Events that come twice, late or out of order do no harm.
//!
//! Limits: containers without Compose's labels are left out. Moments are of the engine's clock; where it differs from
//! the local one, the caller corrects `now` and `as_of`.

mod announce;
#[cfg(test)]
mod loop_tests;
pub mod notice;
#[cfg(test)]
mod property_tests;
mod row;
#[cfg(test)]
mod tests;
mod track;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::definition::Definition;
use super::event::{Event, EventKind};
use super::explain::{Background, Why, explain};
use super::history::{Change, History};
use super::observation::{Container, Phase, Timestamp};
use super::verdict::{FunctionalResult, Verdict, Waiting};
use announce::Announcer;
pub use notice::{Cause, CauseKind, EngineChange, Notice, SlotKey, Source, Transition};
use track::Tracked;

/// Gone containers remembered for each engine, so that late events of theirs do no harm.
const TOMBSTONES: usize = 256;

/// One line of a table of services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub key: SlotKey,
    /// Its container.
    pub container: Option<Container>,
    /// The verdict.
    pub verdict: Verdict,
    /// Dependencies that are not yet there.
    pub waiting_for: Vec<Waiting>,
    /// Since when it is in this state, as far as we saw.
    pub since: Option<Timestamp>,
    /// Whether a restart or recreate is perhaps under way: act on nothing now.
    pub is_quiet: bool,
}

/// A container that was made under our eyes is told of once it was inspected, or after this time.
const INSPECTED_WITHIN: TimeDelta = TimeDelta::seconds(3);

/// What is known of one engine.
#[derive(Debug, Clone, Default)]
struct Engine {
    /// Since when it cannot be asked; `None` while it can.
    lost: Option<Timestamp>,
    /// Whether it was ever asked.
    was_asked: bool,
    /// When the last word of it came.
    last_word: Option<Timestamp>,
    /// The moment of the newest complete list: a container not known since is gone unless something later tells of it.
    complete: Option<Timestamp>,
    containers: BTreeMap<String, Tracked>,
    /// The compose files that were read, by project.
    files: BTreeMap<String, BTreeMap<String, Definition>>,
}

/// What is remembered of one slot.
#[derive(Debug, Clone, Default)]
struct Slot {
    announcer: Announcer,
    since: Option<Timestamp>,
    history: History,
    functional: Option<FunctionalResult>,
}

/// The model.
#[derive(Debug, Clone, Default)]
pub struct Board {
    engines: BTreeMap<String, Engine>,
    slots: BTreeMap<SlotKey, Slot>,
    seq: u64,
}

impl Board {
    /// A board that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the services of a compose file; `None` when it is no longer known. Returns what that changes.
    pub fn set_file(
        &mut self,
        context: &str,
        project: &str,
        services: Option<BTreeMap<String, Definition>>,
        now: Timestamp,
    ) -> Vec<Notice> {
        let files = &mut self.engine(context).files;
        match services {
            Some(services) => files.insert(project.to_owned(), services),
            None => files.remove(project),
        };
        self.announce(context, Source::Clock, None, now)
    }

    /// Takes all containers of an engine at the moment `as_of`, and thereby that it can be asked. What was missed in
    /// between comes back as transitions.
    pub fn resync(&mut self, context: &str, as_of: Timestamp, containers: &[Container], now: Timestamp) -> Vec<Notice> {
        let engine = self.engine(context);
        let outage = engine.lost.take();
        let is_return = outage.is_some() && engine.was_asked;
        engine.was_asked = true;
        engine.last_word = Some(now);
        let mut listed = BTreeSet::new();
        for container in containers.iter().filter(|one| is_ours(one)) {
            listed.insert(container.id.as_str());
            engine.inspect(as_of, container);
        }
        for (_, tracked) in engine.containers.iter_mut().filter(|(id, _)| !listed.contains(id.as_str())) {
            tracked.miss(as_of);
        }
        engine.complete = engine.complete.max(Some(as_of));
        engine.bury();
        self.observe(context, containers);
        let mut notices = Vec::new();
        if is_return && let Some(since) = outage {
            notices.push(self.engine_notice(context, EngineChange::Back { outage: now - since }, now));
            let rows = self.rows_of(context, None, now);
            for row in rows {
                self.slots.entry(row.key).or_default().announcer.hold(row.container.as_ref(), now);
            }
        }
        notices.extend(self.announce(context, Source::Resync, None, now));
        notices
    }

    /// Takes one container as inspected at the moment `as_of`.
    pub fn inspect(&mut self, context: &str, as_of: Timestamp, container: &Container, now: Timestamp) -> Vec<Notice> {
        if !is_ours(container) {
            return Vec::new();
        }
        let engine = self.engine(context);
        engine.last_word = engine.last_word.max(Some(now));
        engine.inspect(as_of, container);
        self.observe(context, std::slice::from_ref(container));
        self.announce(context, Source::Event, container.project.as_deref(), now)
    }

    /// Takes one event.
    pub fn event(&mut self, context: &str, event: &Event, now: Timestamp) -> Vec<Notice> {
        let project = event.labels.get("com.docker.compose.project");
        if project.is_none() || !event.labels.contains_key("com.docker.compose.service") {
            return Vec::new();
        }
        let engine = self.engine(context);
        engine.last_word = engine.last_word.max(Some(now));
        if matches!(event.kind, EventKind::ExecDied { .. }) {
            return Vec::new();
        }
        engine.apply(event);
        self.announce(context, Source::Event, project.map(String::as_str), now)
    }

    /// Takes the result of a probe that knows the protocol of a service.
    pub fn functional(&mut self, key: &SlotKey, result: FunctionalResult, now: Timestamp) -> Vec<Notice> {
        self.slots.entry(key.clone()).or_default().functional = Some(result);
        self.announce(&key.context, Source::Probe, Some(&key.project), now)
    }

    /// The engine cannot be asked any more. Told once an outage; its rows turn unknown and age.
    pub fn lost(&mut self, context: &str, now: Timestamp) -> Vec<Notice> {
        let engine = self.engine(context);
        if engine.lost.is_some() {
            return Vec::new();
        }
        engine.lost = Some(now);
        vec![self.engine_notice(context, EngineChange::Lost, now)]
    }

    /// Time has passed: what was held back, and what time alone changes.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Notice> {
        let contexts: Vec<String> = self.engines.keys().cloned().collect();
        contexts.iter().flat_map(|context| self.announce(context, Source::Clock, None, now)).collect()
    }

    /// All rows at the moment `now`, by context, project, service and number.
    #[must_use]
    pub fn rows(&self, now: Timestamp) -> Vec<Row> {
        self.engines.keys().flat_map(|context| self.rows_of(context, None, now)).collect()
    }

    /// Why the service is what it is; `None` when the board does not have it.
    #[must_use]
    pub fn why(&self, key: &SlotKey, background: Background<'_>, now: Timestamp) -> Option<Why> {
        let rows = self.rows_of(&key.context, Some(&key.project), now);
        let row = rows.iter().find(|row| row.key == *key)?;
        let nothing = super::memory::Memory::default();
        let evidence = self.evidence(row, &nothing, now);
        Some(explain(&row.verdict, &evidence, background))
    }

    /// What the file says of a service; `None` when no file was read or it lacks the service.
    #[must_use]
    pub fn definition(&self, key: &SlotKey) -> Option<&Definition> {
        self.engines.get(&key.context)?.files.get(&key.project)?.get(&key.service)
    }

    /// A container of an engine as it must be now, by its id; `None` when the board never heard of it.
    #[must_use]
    pub fn container(&self, context: &str, id: &str) -> Option<Container> {
        self.engines.get(context)?.containers.get(id).map(Tracked::container)
    }

    /// The history of a service.
    #[must_use]
    pub fn history(&self, key: &SlotKey) -> Option<&History> {
        self.slots.get(key).map(|slot| &slot.history)
    }

    /// Since when an engine cannot be asked; `None` while it can, or when it is not known.
    #[must_use]
    pub fn lost_since(&self, context: &str) -> Option<Timestamp> {
        self.engines.get(context).and_then(|engine| engine.lost)
    }

    /// Whether a container was just made and runs, and an inspection will soon tell whether it has a check.
    fn awaits_inspection(&self, row: &Row, now: Timestamp) -> bool {
        if row.container.as_ref().is_none_or(|one| one.phase() != Phase::Running) {
            return false;
        }
        let engine = self.engines.get(&row.key.context);
        let tracked = row.container.as_ref().and_then(|one| engine?.containers.get(&one.id));
        tracked.is_some_and(|tracked| !tracked.was_inspected() && now < tracked.first() + INSPECTED_WITHIN)
    }

    fn engine(&mut self, context: &str) -> &mut Engine {
        // Looked up first: a name is copied only for a new engine.
        if !self.engines.contains_key(context) {
            self.engines.insert(context.to_owned(), Engine::default());
        }
        self.engines.entry(context.to_owned()).or_default()
    }

    fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    fn engine_notice(&mut self, context: &str, change: EngineChange, at: Timestamp) -> Notice {
        Notice::Engine { seq: self.next_seq(), at, context: context.to_owned(), change }
    }

    /// Remembers the probes of inspections.
    fn observe(&mut self, context: &str, containers: &[Container]) {
        for container in containers {
            if let Some(key) = row::key(context, container) {
                self.slots.entry(key).or_default().history.observe(container);
            }
        }
    }

    /// The news of an engine's rows, or of one project's alone.
    fn announce(&mut self, context: &str, source: Source, project: Option<&str>, now: Timestamp) -> Vec<Notice> {
        if self.engines.get(context).is_none_or(|engine| engine.lost.is_some() || !engine.was_asked) {
            return Vec::new();
        }
        let mut notices = Vec::new();
        let mut rows = self.rows_of(context, project, now);
        let live: BTreeSet<SlotKey> = rows.iter().map(|row| row.key.clone()).collect();
        rows.extend(self.removed(context, project, &live));
        for row in rows {
            if self.awaits_inspection(&row, now) {
                continue;
            }
            let slot = self.slots.entry(row.key.clone()).or_default();
            let Some(news) = slot.announcer.news(&row.verdict, row.container.as_ref(), source, now) else { continue };
            let from = news.from.as_ref().map(Verdict::state);
            let at = row::moment(&row, &news.cause, now);
            slot.since = Some(row::since(&row, &news.cause, at));
            slot.history.record(Change { at, from, to: row.verdict.state() });
            let seq = self.next_seq();
            notices.push(Notice::Transition(Box::new(Transition {
                seq,
                at,
                container: row.container.map(|one| one.id),
                key: row.key,
                from: news.from,
                to: row.verdict,
                cause: news.cause,
                source: news.source,
            })));
        }
        self.slots.retain(|key, slot| {
            let is_concerned = key.context == context && project.is_none_or(|project| key.project == project);
            !is_concerned || live.contains(key) || !slot.announcer.is_done()
        });
        notices
    }
}

impl Engine {
    fn inspect(&mut self, as_of: Timestamp, container: &Container) {
        self.containers
            .entry(container.id.clone())
            .or_insert_with(|| Tracked::from_inspection(as_of, container).missed(self.complete))
            .inspect(as_of, container);
    }

    fn apply(&mut self, event: &Event) {
        self.containers
            .entry(event.container.clone())
            .or_insert_with(|| Tracked::from_event(event).missed(self.complete))
            .apply(event);
    }

    /// Forgets the containers that are gone the longest.
    fn bury(&mut self) {
        let mut gone: Vec<(Timestamp, String)> = self
            .containers
            .iter()
            .filter(|(_, tracked)| tracked.is_gone())
            .map(|(id, tracked)| (tracked.newest(), id.clone()))
            .collect();
        gone.sort();
        let excess = gone.len().saturating_sub(TOMBSTONES);
        for (_, id) in gone.into_iter().take(excess) {
            self.containers.remove(&id);
        }
    }
}

fn is_ours(container: &Container) -> bool {
    container.project.is_some() && container.service.is_some()
}
