// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Brings operations that were cut short to their end. May be cut short itself, and begun anew.

use std::collections::BTreeSet;
use std::time::Duration;

use super::gather::Scene;
use super::restore::Kept;
use super::restore::in_place::{decided, refill};
use super::restore::run::{created, is_part_of};
use super::restore::undo::waves;
use super::restore::volumes::{Sessions, staged};
use super::{BackupError, Site};
use crate::app::operate::{Gate, Ill, JournalWriter, Tell, Told, find, gate, let_run, run_hook, targets};
use crate::backup::id::{OperationId, OperationKind};
use crate::backup::journal::{Event, Journal, OnUnhealthy, Target, decode};
use crate::backup::manifest::State;
use crate::backup::plan::{Mount, MountSource, is_in};
use crate::backup::recovery::{Found, Marker, Step, recovery};
use crate::error::UserError as _;
use crate::sys::engine::{Deadline, EngineError, Grace, RestartPolicy};
use crate::sys::worker::Mark;

/// The longest that a container gets to end.
const STOP_TIME: Duration = Duration::from_mins(5);

/// Which way an operation is brought to its end that may still go either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As it was decided.
    Decided,
    /// Back to what was there before, as long as that is there.
    Back,
}

/// How operations are brought to their end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// Which way.
    pub way: Way,
    /// How long containers get to be well again; `None`: what their checks need, and a minute.
    pub gate_limit: Option<Duration>,
}

/// An operation that was brought to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// Which.
    pub operation: OperationId,
    /// What was done, as fragments.
    pub done: Vec<String>,
    /// Containers that are not well.
    pub ill: Vec<Ill>,
}

/// The operations that left a journal or a staging area in the store.
///
/// # Errors
/// The store's.
pub fn unfinished(store: &super::Store<'_>) -> Result<Vec<OperationId>, BackupError> {
    let mut operations = store.journals()?;
    operations.extend(store.stages()?);
    operations.sort();
    operations.dedup();
    Ok(operations)
}

/// The journal of an operation, as far as it is whole.
///
/// # Errors
/// The store's, or a journal that cannot be relied on.
pub(super) fn journal_of(store: &super::Store<'_>, operation: OperationId) -> Result<Journal, BackupError> {
    Ok(decode(operation, &store.read_journal(operation)?)?)
}

/// The projects that unfinished operations of a store are on.
///
/// # Errors
/// The store's, or a journal that cannot be relied on.
pub fn projects(store: &super::Store<'_>) -> Result<BTreeSet<String>, BackupError> {
    let mut projects = BTreeSet::new();
    for operation in unfinished(store)? {
        projects.extend(journal_of(store, operation)?.project().map(str::to_owned));
    }
    Ok(projects)
}

/// Brings every operation of the store to its end, the oldest first. The locks are held by the caller.
///
/// # Errors
/// A journal that cannot be relied on, or the first step that fails: to be tried again.
pub async fn recover(site: Site<'_>, course: Course, tell: Tell<'_>) -> Result<Vec<Recovered>, BackupError> {
    let mut recovered = Vec::new();
    for operation in unfinished(site.store)? {
        let journal = journal_of(site.store, operation)?;
        if journal.is_torn {
            site.store.trim_journal(operation, journal.whole_bytes)?;
        }
        let was_closed = journal.is_closed();
        // A copy beside the project is made by workers of that other project.
        let own = journal.project().and_then(|project| site.workers.of(project));
        let site = Site { workers: own.as_deref().unwrap_or(site.workers), ..site };
        let mut work = Work::new(site, operation, journal, course);
        work.run(&mut *tell).await?;
        if !was_closed {
            recovered.push(work.recovered);
        }
    }
    Ok(recovered)
}

/// Brings operations to their end of which only what they left in volumes is known: their journal is lost.
///
/// # Errors
/// As [`recover`].
pub async fn recover_marks(
    site: Site<'_>,
    scene: &Scene,
    kept: &[Kept],
    course: Course,
    tell: Tell<'_>,
) -> Result<Vec<Recovered>, BackupError> {
    let mut operations: Vec<OperationId> =
        kept.iter().filter(|one| one.mark.is_unfinished()).map(|one| one.operation).collect();
    operations.sort();
    operations.dedup();
    let mut recovered = Vec::new();
    for operation in operations {
        let emptied = kept.iter().filter(|one| one.operation == operation && one.mark == Mark::Emptied);
        let ill: Vec<Ill> = emptied.map(|one| half_filled(operation, &one.name)).collect();
        if !ill.is_empty() {
            recovered.push(Recovered { operation, done: Vec::new(), ill });
            continue;
        }
        let names: Vec<String> =
            kept.iter().filter(|one| one.operation == operation).map(|one| one.name.clone()).collect();
        tell(Told::Note(format!(
            "the journal of `{operation}` is lost; what lies in the volumes tells how far it came"
        )));
        let mut work = Work::new(site, operation, Journal::default(), course);
        for name in &names {
            work.journal.write(Event::Staging { volume: name.clone(), only: None })?;
        }
        work.journal.write(Event::Quiescing { targets: targets(&waves(scene, &names)) })?;
        work.run(&mut *tell).await?;
        work.recovered.ill.extend(unknown(scene, &names));
        recovered.push(work.recovered);
    }
    Ok(recovered)
}

/// A volume of which only the journal knew with what it was being filled.
fn half_filled(operation: OperationId, name: &str) -> Ill {
    let reason = format!(
        "its content was deleted by `{operation}` to be unpacked anew, and the journal of that is lost; unpack a set \
         into it as its RESTORE.txt tells, then remove the folder `.stackctl-{operation}` in it"
    );
    Ill { name: name.to_owned(), reason }
}

/// The containers that stand still over these places: whether they ran, and what the engine was to do when they end, was in
/// the journal alone.
fn unknown(scene: &Scene, names: &[String]) -> Vec<Ill> {
    let is_there = |mount: &Mount| match &mount.source {
        MountSource::Volume(name) => names.contains(name),
        MountSource::Path(path) => names.iter().any(|name| is_in(path, name)),
        MountSource::Other => false,
    };
    let still = scene.facts.own().filter(|one| one.state != State::Running && one.mounts.iter().any(is_there));
    let reason = "it stands still, and whether it ran is not known any more; neither is its restart policy, if that is \
                  `no` now";
    still.map(|one| Ill { name: one.name.clone(), reason: reason.to_owned() }).collect()
}

struct Work<'a> {
    site: Site<'a>,
    course: Course,
    journal: JournalWriter<'a>,
    sessions: Sessions<'a>,
    recovered: Recovered,
}

/// What follows a step.
enum After {
    Next,
    /// The way has changed: the steps are asked for anew.
    Anew,
    /// What is there stays, with its way back beside it.
    ToTheEnd,
}

fn marker(mark: Mark) -> Marker {
    match mark {
        Mark::Staged => Marker::Staged,
        Mark::Emptied => Marker::Emptied,
        Mark::Committing => Marker::Committing,
        Mark::Committed => Marker::Committed,
        Mark::RollingBack => Marker::RollingBack,
        Mark::RolledBack => Marker::RolledBack,
    }
}

impl<'a> Work<'a> {
    fn new(site: Site<'a>, operation: OperationId, journal: Journal, course: Course) -> Self {
        Self {
            site,
            course,
            journal: JournalWriter::new(site.store, site.outside.clock, operation, journal),
            sessions: Sessions::new(site.workers, operation),
            recovered: Recovered { operation, done: Vec::new(), ill: Vec::new() },
        }
    }

    async fn run(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        let operation = self.recovered.operation;
        if self.journal.journal().is_closed() {
            self.site.store.discard(operation)?;
            return Ok(self.site.store.remove_journal(operation)?);
        }
        tell(Told::Step(format!("bringing `{operation}` to its end")));
        if operation.kind != OperationKind::Prune {
            // A helper may still write although its starter is gone.
            self.site.workers.sweep(operation).await?;
        }
        if self.course.way == Way::Back && self.may_turn_back() {
            self.journal.write(Event::RollbackAll { reason: "asked for".to_owned() })?;
        }
        'anew: loop {
            let found = self.found().await?;
            let steps = recovery(operation, self.journal.journal(), &found);
            let mut is_over = false;
            for step in steps {
                if is_over && step != Step::RecordRecovered {
                    continue;
                }
                match self.act(step, &mut *tell).await? {
                    After::Next => {}
                    After::Anew => continue 'anew,
                    After::ToTheEnd => is_over = true,
                }
            }
            return Ok(());
        }
    }

    /// Whether the operation is a restore that was decided and not yet found good.
    fn may_turn_back(&self) -> bool {
        let has = |wanted: fn(&Event) -> bool| self.journal.journal().records.iter().any(|one| wanted(&one.event));
        has(|event| matches!(event, Event::CommitAll { .. }))
            && !has(|event| matches!(event, Event::Healthy | Event::RollbackAll { .. }))
    }

    /// What stands outside the journal.
    async fn found(&mut self) -> Result<Found, BackupError> {
        let operation = self.recovered.operation;
        let mut found = Found { trash: self.site.store.trash()?, ..Found::default() };
        found.is_published = self.site.store.sets()?.contains(&operation.stamp);
        if operation.kind != OperationKind::Restore {
            return Ok(found);
        }
        let mut names: BTreeSet<String> = staged(self.journal.journal()).into_keys().collect();
        names.extend(decided(self.journal.journal()));
        let is_helper_needed = !names.is_empty();
        if is_helper_needed {
            self.site.workers.prepare(operation).await?;
        }
        let made = created(self.journal.journal());
        for name in names {
            let mark = match self.sessions.mark(&name).await {
                Ok(mark) => mark,
                // It is gone, and with it all that was to be done there.
                Err(BackupError::Engine(error)) if error.is_not_found() => continue,
                Err(error) => return Err(error),
            };
            if made.contains(&name) && self.sessions.with(&name).await?.look().await?.is_empty {
                found.empty_volumes.push(name.clone());
            }
            found.markers.push((name, mark.map(marker)));
        }
        if self.leaves_nothing() {
            found.filled_volumes = self.filled().await?;
        }
        for name in made.iter().filter(|name| !found.markers.iter().any(|(known, _)| known == *name)) {
            // Made, and nothing was staged in it yet.
            match self.site.engine.inspect_volume(name, Deadline::QUESTION).await {
                Ok(_) => found.empty_volumes.push(name.clone()),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found)
    }

    /// The volumes that the operation was filling, as far as they hold nothing else: somebody may use one by now.
    async fn filled(&mut self) -> Result<Vec<String>, BackupError> {
        let records = &self.journal.journal().records;
        let set = self.journal.journal().restored_set();
        let filling = records.iter().filter_map(|record| match &record.event {
            Event::Filling { volume, index } => Some((volume.clone(), index.clone())),
            _ => None,
        });
        let (filling, mut filled): (Vec<_>, _) = (filling.collect(), Vec::new());
        for (name, index) in filling {
            let Some(set) = set else { continue };
            match self.site.engine.inspect_volume(&name, Deadline::QUESTION).await {
                Err(error) if error.is_not_found() => continue,
                found => found?,
            };
            let index = self.site.store.open_file(set, &index)?;
            if is_part_of(self.sessions.with(&name).await?, index, &name).await? {
                filled.push(name);
            } else {
                self.recovered.done.push(format!("left `{name}` as it is: it holds something that the set does not"));
            }
        }
        Ok(filled)
    }

    /// Whether the operation had not decided, or has turned back.
    fn leaves_nothing(&self) -> bool {
        let has = |wanted: fn(&Event) -> bool| self.journal.journal().records.iter().any(|one| wanted(&one.event));
        !has(|event| matches!(event, Event::CommitAll { .. }))
            || has(|event| matches!(event, Event::RollbackAll { .. }))
    }

    fn note(&mut self, what: String, tell: Tell<'_>) {
        tell(Told::Step(what.clone()));
        self.recovered.done.push(what);
    }

    async fn act(&mut self, step: Step, tell: Tell<'_>) -> Result<After, BackupError> {
        let operation = self.recovered.operation;
        match step {
            Step::RemoveHelpers => {}
            Step::DiscardStaging => self.site.store.discard(operation)?,
            Step::KeepStill(target) => self.keep_still(&target).await?,
            Step::DiscardStage(name) => {
                self.note(format!("removing what was unpacked beside `{name}`"), tell);
                self.sessions.with(&name).await?.remove_aside(operation).await?;
            }
            Step::RollForward(name) => {
                self.note(format!("putting the restored data of `{name}` in place"), tell);
                let only = staged(self.journal.journal()).remove(&name).flatten();
                self.sessions.with(&name).await?.commit(operation, only.as_deref().map(str::as_bytes)).await?;
            }
            Step::Refill(name, set) => {
                self.note(format!("emptying `{name}`, and filling it from {set}"), &mut *tell);
                let journal = (operation, &mut self.journal);
                refill(self.site, &mut self.sessions, journal, (&name, set), tell).await?;
            }
            Step::RollBack(name) => {
                self.note(format!("putting back what was in `{name}` before"), tell);
                self.sessions.with(&name).await?.back(operation).await?;
            }
            Step::RemoveVolume(name) => {
                self.sessions.close().await?;
                self.site.workers.sweep(operation).await?;
                match self.site.engine.remove_volume(&name, Deadline::CHANGE).await {
                    Err(error) if error.is_outage() => return Err(error.into()),
                    Err(error) if !error.is_not_found() => tell(Told::Note(error.to_string())),
                    _ => self.note(format!("removed the volume `{name}`, which the restore had made"), tell),
                }
            }
            Step::PostHook(target) => {
                if let Some(detail) = find(self.site.engine, &target).await?.filter(|detail| detail.state.running)
                    && !target.post_hook.is_empty()
                {
                    self.note(format!("running the hook of `{}` for afterwards", target.name), &mut *tell);
                    let container = (detail.id.as_str(), target.name.as_str());
                    if let Err(error) = run_hook(self.site.engine, container, &target.post_hook, None).await.ended {
                        tell(Told::Note(error.message()));
                    }
                }
                self.journal.write(Event::HookEnded { container: target.id })?;
            }
            Step::Resume(target) => {
                self.sessions.close().await?;
                self.let_run(&target, tell).await?;
            }
            Step::RecordRollback => {
                self.journal.write(Event::RollbackAll { reason: "as it was decided".to_owned() })?;
            }
            Step::Gate(on_unhealthy) => return self.gate(on_unhealthy, tell).await,
            Step::RecordHealthy => self.journal.write(Event::Healthy)?,
            Step::RemoveAside(name) => {
                self.sessions.with(&name).await?.remove_aside(operation).await?;
            }
            Step::EmptyTrash(sets) => {
                for set in sets {
                    self.site.store.empty_trash(set)?;
                }
            }
            Step::RecordRecovered => {
                self.sessions.close().await?;
                if operation.kind != OperationKind::Prune {
                    self.site.workers.sweep(operation).await?;
                }
                self.remove_undone().await?;
                self.journal.write(Event::Recovered)?;
                self.site.store.remove_journal(operation)?;
            }
        }
        Ok(After::Next)
    }

    /// Volumes that were made for what went back are empty; one that somebody mounts by now is left alone.
    async fn remove_undone(&self) -> Result<(), BackupError> {
        let journal = self.journal.journal();
        if !journal.records.iter().any(|record| matches!(record.event, Event::RollbackAll { .. })) {
            return Ok(());
        }
        for name in created(journal) {
            match self.site.engine.remove_volume(&name, Deadline::CHANGE).await {
                Err(error) if error.is_outage() => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    async fn keep_still(&self, target: &Target) -> Result<(), BackupError> {
        let engine = self.site.engine;
        let Some(detail) = find(engine, target).await? else { return Ok(()) };
        if detail.state.running {
            let never = RestartPolicy { name: "no".to_owned(), maximum_retries: 0 };
            engine.set_restart_policy(&detail.id, &never, Deadline::CHANGE).await?;
            engine.stop_container(&detail.id, Grace::OWN, Deadline::CHANGE.plus(STOP_TIME)).await?;
        }
        Ok(())
    }

    async fn let_run(&mut self, target: &Target, tell: Tell<'_>) -> Result<(), BackupError> {
        let before = find(self.site.engine, target).await?;
        match let_run(self.site.engine, target).await {
            Ok(true) => {
                if before.is_some_and(|detail| !detail.state.running || detail.state.paused) {
                    self.note(format!("started `{}`", target.name), tell);
                }
                Ok(())
            }
            Ok(false) => {
                self.recovered.ill.push(Ill { name: target.name.clone(), reason: "it is gone".to_owned() });
                Ok(())
            }
            Err(error) if error.is_outage() => Err(error.into()),
            // One that cannot start must not keep the others from it.
            Err(error) => {
                self.recovered.ill.push(ill(target, &error));
                Ok(())
            }
        }
    }

    async fn gate(&mut self, on_unhealthy: OnUnhealthy, tell: Tell<'_>) -> Result<After, BackupError> {
        let stopped = self.journal.journal().records.iter().rev().find_map(|record| match &record.event {
            Event::Quiescing { targets } => Some(targets.clone()),
            _ => None,
        });
        let running: Vec<Target> =
            stopped.unwrap_or_default().into_iter().filter(|one| one.state == State::Running).collect();
        match gate(self.site.engine, &running, self.course.gate_limit, &mut *tell).await? {
            Gate::Healthy => Ok(After::Next),
            Gate::Ill(ill) if on_unhealthy == OnUnhealthy::Keep => {
                self.recovered.ill.extend(ill);
                Ok(After::ToTheEnd)
            }
            Gate::Ill(ill) => {
                let reason =
                    ill.iter().map(|ill| format!("{}: {}", ill.name, ill.reason)).collect::<Vec<_>>().join("; ");
                self.note(format!("going back, for {reason}"), tell);
                self.journal.write(Event::RollbackAll { reason })?;
                Ok(After::Anew)
            }
        }
    }
}

fn ill(target: &Target, error: &EngineError) -> Ill {
    Ill { name: target.name.clone(), reason: error.to_string() }
}
