// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Carries a restore out, phase by phase.

use std::collections::BTreeMap;
use std::io::Read;

use tokio_util::sync::CancellationToken;

use super::Ending;
use super::prepare::{KeepUndo, Prepared, RestoreWish, Room};
use super::volumes::{Sessions, name_of, names};
use crate::app::backup::drive::{Phases, drive};
use crate::app::backup::gather::all_containers;
use crate::app::backup::readback::check;
use crate::app::backup::{BackupError, Site};
use crate::app::operate::{Gate, Ill, JournalWriter, Tell, Told, gate, keep_still, resume, targets};
use crate::app::verify::{Approval, Tools};
use crate::backup::id::{OperationId, OperationKind, SetId};
use crate::backup::journal::{Event, Journal, OnUnhealthy, Target as Stopped};
use crate::backup::machine::{End, Operation, Outcome, Phase};
use crate::backup::manifest::DataPath;
use crate::backup::restore::{Place, Target};
use crate::error::UserError as _;
use crate::sys::engine::{Deadline, RestartPolicy, VolumePlan};
use crate::sys::tree::packed_index;
use crate::sys::worker::{IndexCheck, Part, PartCheck, Session};

/// Differences of a tree that are told in words; all are counted.
const TOLD: usize = 3;

/// Room that must be left beside the data itself, in bytes: names and attributes take some too.
pub(super) const ROOM_MARGIN: u64 = 16 << 20;

/// What came of a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The operation.
    pub operation: OperationId,
    /// How it ended.
    pub ending: Ending,
    /// Containers that are not well.
    pub ill: Vec<Ill>,
    /// The fault that turned it back, where one did.
    pub fault: Option<BackupError>,
    /// The set that holds what was there, where that was deleted to make room.
    pub before: Option<SetId>,
}

pub(super) struct Restoring<'a, 's> {
    pub(super) site: Site<'a>,
    pub(super) prepared: &'s Prepared,
    pub(super) wish: &'s RestoreWish,
    /// Who is asked when the stack is not well; nobody: it is as the wish says.
    judge: Option<&'s Tools<'s>>,
    pub(super) cancelled: &'s CancellationToken,
    pub(super) operation: OperationId,
    pub(super) journal: JournalWriter<'a>,
    pub(super) stopped: Vec<Stopped>,
    pub(super) sessions: Sessions<'a>,
    pub(super) ill: Vec<Ill>,
    /// Whether something is not as it should be, so that the journal must stay for `recover`.
    pub(super) is_left: bool,
    pub(super) fault: Option<BackupError>,
}

/// Restores. The locks are held by the caller, and nothing unfinished is in the store. When the stack is not well and a
/// `judge` can be asked, the answer decides; whoever does not answer wants the old data back.
///
/// # Errors
/// The first fault, when everything is as it was before. Whatever is not is in the journal, for `stackctl recover`.
pub async fn restore(
    site: Site<'_>,
    prepared: &Prepared,
    (wish, judge): (&RestoreWish, Option<&Tools<'_>>),
    cancelled: &CancellationToken,
    tell: Tell<'_>,
) -> Result<Restored, BackupError> {
    let stamp = SetId::next(site.store.taken()?, site.outside.now());
    let operation = OperationId { stamp, kind: OperationKind::Restore };
    let mut journal = JournalWriter::new(site.store, site.outside.clock, operation, Journal::default());
    journal.write(begun(prepared, wish, wish.on_unhealthy))?;
    let mut restoring = Restoring {
        site,
        prepared,
        wish,
        judge,
        cancelled,
        operation,
        journal,
        stopped: targets(&prepared.plan.waves),
        sessions: Sessions::new(site.workers, operation),
        ill: Vec::new(),
        is_left: false,
        fault: None,
    };
    let kind = match wish.on_unhealthy {
        OnUnhealthy::Rollback => Operation::RestoreOrRollback,
        OnUnhealthy::Keep => Operation::RestoreOrKeep,
    };
    let end = drive(&mut restoring, kind, cancelled, tell).await;
    restoring.ended(end)
}

/// How the journal begins; the last record of this kind holds.
fn begun(prepared: &Prepared, wish: &RestoreWish, on_unhealthy: OnUnhealthy) -> Event {
    Event::RestoreBegun {
        project: prepared.plan.project.clone(),
        set: prepared.plan.set,
        on_unhealthy,
        keep_old: wish.keep_undo == KeepUndo::Yes,
    }
}

impl Phases for Restoring<'_, '_> {
    async fn act(&mut self, phase: Phase, tell: Tell<'_>) -> Result<Outcome, BackupError> {
        if self.wish.room == Room::InPlace && Box::pin(self.act_in_place(phase, &mut *tell)).await? {
            return Ok(Outcome::Done);
        }
        match phase {
            Phase::Preflight => self.preflight(tell).await?,
            Phase::VerifySource => self.verify_source(tell).await?,
            Phase::Quiesce => self.keep_still(tell).await?,
            Phase::Stage => self.stage(tell).await?,
            Phase::VerifyStage => self.verify_stage(tell).await?,
            Phase::Decide => self.decide().await?,
            Phase::Commit => self.commit(tell).await?,
            Phase::Start => return self.start_new(tell).await,
            Phase::StartOld | Phase::Resume => self.start(tell).await?,
            Phase::Gate | Phase::GateOld => return self.gate(phase, tell).await,
            Phase::Finalize => self.finalize(tell).await?,
            Phase::StopForRollback => self.stop_for_rollback(tell).await?,
            Phase::Rollback => self.roll_back(tell).await?,
            Phase::Discard => self.discard().await?,
            _ => {}
        }
        Ok(Outcome::Done)
    }

    fn fault(&mut self) -> &mut Option<BackupError> {
        &mut self.fault
    }
}

impl Restoring<'_, '_> {
    fn targets(&self) -> &[Target] {
        &self.prepared.plan.targets
    }

    /// All that can fail before anybody is stopped.
    async fn preflight(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        tell(Told::Step("preparing".to_owned()));
        self.site.workers.prepare(self.operation).await?;
        let mut needed: BTreeMap<u64, u64> = BTreeMap::new();
        for target in &self.prepared.plan.targets {
            if !target.replaces {
                continue;
            }
            let (name, _) = name_of(&target.place);
            let seen = self.sessions.with(&name).await?.look().await?;
            if let Some((operation, mark)) = seen.marks.iter().find(|(_, mark)| mark.is_unfinished()) {
                return Err(BackupError::Unfinished { name, operation: operation.clone(), mark: *mark });
            }
            let want = needed.entry(seen.free_bytes).or_insert(ROOM_MARGIN);
            *want = want.saturating_add(target.data.allocated);
        }
        self.sessions.close().await?;
        if self.wish.room == Room::InPlace {
            // How much is freed is known when what is there is in a set.
            return Ok(());
        }
        // Volumes that report the same room share a file system, as far as anybody can tell.
        match needed.into_iter().find(|(free, want)| want > free) {
            Some((free_bytes, needed_bytes)) => Err(BackupError::NoRoom { needed_bytes, free_bytes }),
            None => Ok(()),
        }
    }

    async fn verify_source(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        for target in &self.prepared.plan.targets {
            tell(Told::Step(format!("verifying `{}` of the set", target.from)));
            let (store, set) = (self.site.store, self.prepared.plan.set);
            let opened =
                (store.open_file(set, &target.data.archive.path)?, store.open_file(set, &target.data.index.path)?);
            check(&target.from, opened, &target.data, &mut *tell).await?;
        }
        Ok(())
    }

    async fn keep_still(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        self.is_left = true;
        let waves = &self.prepared.plan.waves;
        // The engine must not start anybody by itself, should it be restarted meanwhile; the journal knows the policies.
        let quiet: Vec<_> =
            waves.iter().flatten().filter(|one| !matches!(one.restart_policy.as_str(), "" | "no")).collect();
        if !quiet.is_empty() {
            self.journal.write(Event::Quiescing { targets: self.stopped.clone() })?;
        }
        for one in quiet {
            let never = RestartPolicy { name: "no".to_owned(), maximum_retries: 0 };
            self.site.engine.set_restart_policy(&one.id, &never, Deadline::CHANGE).await?;
        }
        keep_still(self.site.engine, &mut self.journal, waves, tell).await?;
        Ok(())
    }

    async fn stage(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        self.is_left = true;
        for target in &self.prepared.plan.targets {
            if let Place::Volume { name, creation: Some(creation) } = &target.place {
                self.make_volume(name, creation).await?;
            } else if let (Place::Path { path, is_file }, false) = (&target.place, target.replaces) {
                let folder = if *is_file { path.rsplit_once('/').map_or("/", |(folder, _)| folder) } else { path };
                make_folder(self.site, folder)?;
            }
            let (name, only) = name_of(&target.place);
            if self.site.workers.path() == DataPath::EngineArchive {
                tell(Told::Step(format!("unpacking `{}`", target.from)));
                let index = target.data.index.path.clone();
                self.journal.write(Event::Filling { volume: name.clone(), index })?;
            } else {
                tell(Told::Step(format!("unpacking `{}` beside what is there", target.from)));
            }
            self.journal.write(Event::Staging { volume: name.clone(), only })?;
            let mut source = self.site.store.open_file(self.prepared.plan.set, &target.data.archive.path)?;
            let total = target.data.bytes;
            let mut told = |progress: crate::sys::worker::Progress| tell(Told::Bytes { done: progress.bytes, total });
            let session = self.sessions.with(&name).await?;
            session.stage(self.operation, target.data.entries, &mut source, &mut told).await?;
        }
        Ok(())
    }

    async fn make_volume(
        &mut self,
        name: &str,
        creation: &crate::backup::restore::Creation,
    ) -> Result<(), BackupError> {
        let engine = self.site.engine;
        match engine.inspect_volume(name, Deadline::QUESTION).await {
            Ok(_) => return Err(BackupError::Moved { name: name.to_owned() }),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
        self.journal.write(Event::VolumeCreating { volume: name.to_owned() })?;
        let plan = VolumePlan {
            name: name.to_owned(),
            driver: creation.driver.clone(),
            labels: creation.labels.clone(),
            options: creation.options.clone(),
        };
        // An engine gives one that somebody made meanwhile, with what that one has, and does not say so.
        let made = engine.create_volume(&plan, Deadline::CHANGE).await?;
        if made.driver == plan.driver && made.labels == plan.labels && made.options == plan.options {
            Ok(())
        } else {
            Err(BackupError::Moved { name: name.to_owned() })
        }
    }

    async fn verify_stage(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        for target in &self.prepared.plan.targets {
            tell(Told::Step(format!("verifying what was unpacked of `{}`", target.from)));
            let (name, only) = name_of(&target.place);
            let index = self.site.store.open_file(self.prepared.plan.set, &target.data.index.path)?;
            let operation = self.operation.to_string();
            let session = self.sessions.with(&name).await?;
            compare(session, index, (Part::Staged(operation), only), &target.from).await?;
        }
        Ok(())
    }

    /// Nobody may run with the data when names are exchanged, whoever started it.
    pub(super) async fn decide(&mut self) -> Result<(), BackupError> {
        for detail in all_containers(self.site.engine).await?.into_iter().filter(|detail| detail.state.running) {
            let mounts = |target: &&Target| {
                detail.mounts.iter().any(|mount| match &target.place {
                    Place::Volume { name, .. } => mount.kind == "volume" && mount.name == *name,
                    Place::Path { path, .. } => mount.kind == "bind" && mount.source == *path,
                })
            };
            let is_ours = detail.labels.contains_key(crate::sys::worker::LABEL);
            if !is_ours && self.targets().iter().any(|target| mounts(&target)) {
                return Err(BackupError::StartedMeanwhile { container: detail.name });
            }
        }
        Ok(self.journal.write(Event::CommitAll { volumes: names(self.targets()) })?)
    }

    async fn commit(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        tell(Told::Step("putting the data in place".to_owned()));
        for target in &self.prepared.plan.targets {
            let (name, only) = name_of(&target.place);
            let only = only.as_deref().map(str::as_bytes);
            self.sessions.with(&name).await?.commit(self.operation, only).await?;
        }
        self.sessions.close().await?;
        Ok(())
    }

    /// One that does not start on the new data is judged like one that is not well with it.
    async fn start_new(&mut self, tell: Tell<'_>) -> Result<Outcome, BackupError> {
        let Err(error) = self.start(&mut *tell).await else { return Ok(Outcome::Done) };
        tell(Told::Note(error.message()));
        match self.judged(tell).await? {
            Outcome::Kept => {
                self.ill.push(Ill { name: "the stack".to_owned(), reason: error.message() });
                Ok(Outcome::Kept)
            }
            _ => Err(error),
        }
    }

    /// Asks whether what was restored stays although the stack is not well with it.
    async fn judged(&mut self, tell: Tell<'_>) -> Result<Outcome, BackupError> {
        let Some(judge) = self.judge.filter(|judge| judge.can_ask()) else { return Ok(Outcome::Failed) };
        for one in &self.ill {
            tell(Told::Note(format!("`{}` is not well: {}", one.name, one.reason)));
        }
        let asked = judge.ask("the stack is not well: keep the restored data? no puts back what was there before");
        match self.cancelled.run_until_cancelled(asked).await {
            Some(Approval::Given) => {
                // Should this run die now, the answer holds.
                self.journal.write(begun(self.prepared, self.wish, OnUnhealthy::Keep))?;
                Ok(Outcome::Kept)
            }
            _ => Ok(Outcome::Failed),
        }
    }

    async fn start(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        resume(self.site.engine, &self.stopped, tell).await?;
        self.journal.write(Event::Resumed)?;
        // Before the decision this is all that is to be done; after it the journal stays until the data is judged.
        if self.journal.journal().records.iter().all(|record| !matches!(record.event, Event::CommitAll { .. })) {
            self.is_left = false;
        }
        Ok(())
    }

    async fn gate(&mut self, phase: Phase, tell: Tell<'_>) -> Result<Outcome, BackupError> {
        match gate(self.site.engine, &self.stopped, self.wish.gate_limit, &mut *tell).await? {
            Gate::Healthy => {
                if phase == Phase::GateOld {
                    self.put_away().await?;
                    self.site.workers.sweep(self.operation).await?;
                    return self.remove_created().await.map(|()| Outcome::Done);
                }
                self.journal.write(Event::Healthy)?;
                Ok(Outcome::Done)
            }
            Gate::Ill(ill) => {
                self.ill.extend(ill);
                if phase == Phase::Gate { self.judged(tell).await } else { Ok(Outcome::Failed) }
            }
        }
    }

    /// Removes what lies beside the data.
    async fn put_away(&mut self) -> Result<(), BackupError> {
        for name in names(&self.prepared.plan.targets) {
            self.sessions.with(&name).await?.remove_aside(self.operation).await?;
        }
        self.sessions.close().await?;
        self.is_left = false;
        Ok(())
    }

    /// Volumes that were made for what is undone are empty now.
    async fn remove_created(&self) -> Result<(), BackupError> {
        for name in created(self.journal.journal()) {
            match self.site.engine.remove_volume(&name, Deadline::CHANGE).await {
                Err(error) if error.is_outage() => return Err(error.into()),
                // In use by a container that was made meanwhile, or gone already.
                _ => {}
            }
        }
        Ok(())
    }

    async fn finalize(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        if self.wish.keep_undo == KeepUndo::Yes {
            self.is_left = false;
            return Ok(());
        }
        tell(Told::Step("removing what was there before".to_owned()));
        self.put_away().await
    }

    async fn stop_for_rollback(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        let reason = self.ill.iter().map(|ill| format!("{}: {}", ill.name, ill.reason)).collect::<Vec<_>>().join("; ");
        self.journal.write(Event::RollbackAll { reason })?;
        keep_still(self.site.engine, &mut self.journal, &self.prepared.plan.waves, tell).await?;
        Ok(())
    }

    pub(super) fn record_rollback(&mut self) -> Result<(), BackupError> {
        let is_recorded =
            self.journal.journal().records.iter().any(|one| matches!(one.event, Event::RollbackAll { .. }));
        if !is_recorded {
            let reason = self.fault.as_ref().map(crate::error::UserError::message).unwrap_or_default();
            self.journal.write(Event::RollbackAll { reason })?;
        }
        Ok(())
    }

    async fn roll_back(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        tell(Told::Step("putting back what was there before".to_owned()));
        self.record_rollback()?;
        for name in names(&self.prepared.plan.targets) {
            // One that was never decided has nothing to go back from.
            let mark = self.sessions.mark(&name).await?;
            if mark.is_some_and(|mark| mark > crate::sys::worker::Mark::Staged) {
                self.sessions.with(&name).await?.back(self.operation).await?;
            }
        }
        self.sessions.close().await?;
        Ok(())
    }

    async fn discard(&mut self) -> Result<(), BackupError> {
        let journal = self.journal.journal();
        let staged = super::volumes::staged(journal);
        let created: Vec<String> = created(journal);
        for name in staged.keys() {
            self.sessions.with(name).await?.remove_aside(self.operation).await?;
        }
        self.sessions.close().await?;
        self.site.workers.sweep(self.operation).await?;
        for name in created {
            self.site.engine.remove_volume(&name, Deadline::CHANGE).await?;
        }
        // Containers that were stopped are still to be started.
        self.is_left = self.journal.journal().records.iter().any(|one| matches!(one.event, Event::Quiescing { .. }));
        Ok(())
    }

    fn ended(mut self, end: End) -> Result<Restored, BackupError> {
        let ending = match end {
            End::Done | End::GoodButUnhealthy => Ending::Done,
            End::Undone => Ending::Undone,
            End::KeptUnhealthy => Ending::KeptUnhealthy,
            End::RollbackIncomplete => Ending::Incomplete,
            End::Failed => {
                let fault = self.fault.take().unwrap_or(BackupError::Cancelled);
                self.close_journal("failed")?;
                return Err(fault);
            }
        };
        // The old data stays beside what is there; `restore --undo` knows it.
        self.is_left &= ending != Ending::KeptUnhealthy;
        self.close_journal(if ending == Ending::Done { "restored" } else { "undone" })?;
        let before = super::in_place::sets(self.journal.journal()).map(|(before, _)| before);
        Ok(Restored { operation: self.operation, ending, ill: self.ill, fault: self.fault, before })
    }

    fn close_journal(&mut self, result: &str) -> Result<(), BackupError> {
        if self.is_left {
            return Ok(());
        }
        self.journal.write(Event::Ended { result: result.to_owned() })?;
        Ok(self.site.store.remove_journal(self.operation)?)
    }
}

/// The volumes that a journal says were made.
pub(crate) fn created(journal: &Journal) -> Vec<String> {
    let created = journal.records.iter().filter_map(|record| match &record.event {
        Event::VolumeCreating { volume } => Some(volume.clone()),
        _ => None,
    });
    created.collect()
}

/// Makes the folder that a path of the host lies in. The engine's machine is this one, or the worker says that it is not
/// there.
fn make_folder(site: Site<'_>, folder: &str) -> Result<(), BackupError> {
    let path = std::path::Path::new(folder);
    let mut missing = Vec::new();
    let mut at = Some(path);
    while let Some(here) = at.filter(|here| site.outside.disk.list(here).is_err()) {
        missing.push(here);
        at = here.parent();
    }
    for here in missing.into_iter().rev() {
        site.outside.disk.make_folder(here).map_err(crate::sys::store::StoreError::io("make", here))?;
    }
    Ok(())
}

/// Holds a tree that a worker holds against an index of a set.
///
/// # Errors
/// They differ, or one of them cannot be read.
pub(crate) async fn compare(
    session: &mut Session,
    index: Box<dyn Read + Send>,
    (part, only): (Part, Option<String>),
    name: &str,
) -> Result<(), BackupError> {
    let damaged = |flaw: String| BackupError::Unreadable { name: name.to_owned(), flaw };
    let packed = packed_index(index).map_err(|error| damaged(error.to_string()))?;
    let mut check = IndexCheck::new(packed).map_err(|error| damaged(error.to_string()))?;
    let mut each = |piece: &[u8]| check.feed(piece).map_err(std::io::Error::other);
    session.index(part, only.as_deref().map(str::as_bytes), &mut each, &mut |_| ()).await?;
    let differences = check.finish().map_err(|error| damaged(error.to_string()))?;
    let told: Vec<String> = differences.iter().take(TOLD).map(ToString::to_string).collect();
    match differences.len() {
        0 => Ok(()),
        count if count > TOLD => Err(damaged(format!("{}; and {} more", told.join("; "), count - TOLD))),
        _ => Err(damaged(told.join("; "))),
    }
}

/// Whether a tree that a worker holds is what the unpacking of an archive leaves that was cut short.
///
/// # Errors
/// One of the two cannot be read.
pub(crate) async fn is_part_of(
    session: &mut Session,
    index: Box<dyn Read + Send>,
    name: &str,
) -> Result<bool, BackupError> {
    let damaged = |flaw: String| BackupError::Unreadable { name: name.to_owned(), flaw };
    let mut check = PartCheck::new(packed_index(index).map_err(|error| damaged(error.to_string()))?);
    let mut each = |piece: &[u8]| check.feed(piece).map_err(std::io::Error::other);
    session.index(Part::Root, None, &mut each, &mut |_| ()).await?;
    check.finish().map_err(|error| damaged(error.to_string()))
}
