// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Volumes that are emptied before they are filled, for old and new data do not fit side by side.
//!
//! The way back is a set, made of exactly what is there: once all stand still, and before the decision. From the decision on
//! each volume is filled from its beginning, from the one set or the other, until the journal says that it was.

use std::collections::BTreeMap;

use super::run::{ROOM_MARGIN, Restoring, compare};
use super::volumes::{Sessions, names};
use crate::app::backup::{BackupError, Site, Wish, create, prepare};
use crate::app::operate::{JournalWriter, Tell, Told};
use crate::backup::id::{OperationId, SetId};
use crate::backup::journal::{Event, Journal};
use crate::backup::machine::Phase;
use crate::backup::manifest::{Data, Manifest};
use crate::backup::plan::Request;
use crate::error::UserError as _;
use crate::sys::worker::{Part, Progress};

/// The set that holds what was there, and what each volume is called in the one that is restored; `None`: the operation
/// exchanges names, or has not come that far.
pub(crate) fn sets(journal: &Journal) -> Option<(SetId, &BTreeMap<String, String>)> {
    journal.records.iter().find_map(|record| match &record.event {
        Event::InPlace { before, from } => Some((*before, from)),
        _ => None,
    })
}

/// The volumes that are emptied and filled, once that is decided.
pub(crate) fn decided(journal: &Journal) -> Vec<String> {
    let volumes = journal.records.iter().find_map(|record| match &record.event {
        Event::CommitAll { volumes } => Some(volumes.clone()),
        _ => None,
    });
    volumes.filter(|_| sets(journal).is_some()).unwrap_or_default()
}

fn is_filled(journal: &Journal, name: &str) -> bool {
    journal.records.iter().any(|record| matches!(&record.event, Event::Filled { volume, .. } if volume == name))
}

fn data_of<'m>(manifest: &'m Manifest, name: &str) -> Option<&'m Data> {
    manifest.volumes.iter().find(|volume| volume.name == name).map(|volume| &volume.data)
}

/// Empties a volume and fills it from a set, whatever was done of that before, and writes down that it was.
///
/// # Errors
/// The first that fails. To be done again from the beginning, or from the other set.
pub(crate) async fn refill(
    site: Site<'_>,
    sessions: &mut Sessions<'_>,
    (operation, journal): (OperationId, &mut JournalWriter<'_>),
    (volume, set): (&str, SetId),
    tell: Tell<'_>,
) -> Result<(), BackupError> {
    let name = match sets(journal.journal()) {
        Some((before, from)) if before != set => from.get(volume).map_or(volume, String::as_str),
        _ => volume,
    };
    let manifest = site.store.manifest(set)?;
    let missing = || BackupError::NotWhole { name: volume.to_owned(), set: set.to_string() };
    let data = data_of(&manifest, name).ok_or_else(missing)?;
    // Opened first: a set that is not there must not cost what is.
    let mut source = site.store.open_file(set, &data.archive.path)?;
    let index = site.store.open_file(set, &data.index.path)?;
    let session = sessions.with(volume).await?;
    tell(Told::Step(format!("emptying `{volume}`")));
    session.empty(operation).await?;
    tell(Told::Step(format!("unpacking `{name}` of {set}")));
    let mut told = |progress: Progress| tell(Told::Bytes { done: progress.bytes, total: data.bytes });
    session.stage(operation, data.entries, &mut source, &mut told).await?;
    tell(Told::Step(format!("verifying what was unpacked of `{name}`")));
    compare(session, index, (Part::Staged(operation.to_string()), None), name).await?;
    session.commit(operation, None).await?;
    journal.write(Event::Filled { volume: volume.to_owned(), set })?;
    Ok(session.remove_aside(operation).await?)
}

impl Restoring<'_, '_> {
    /// Does a phase that is another one than where names are exchanged. Whether it is one.
    pub(super) async fn act_in_place(&mut self, phase: Phase, tell: Tell<'_>) -> Result<bool, BackupError> {
        match phase {
            // Nothing can be beside.
            Phase::Stage | Phase::VerifyStage => {}
            Phase::Decide => self.decide_in_place(tell).await?,
            Phase::Commit => {
                for name in names(&self.prepared.plan.targets) {
                    self.refill(&name, self.prepared.plan.set, &mut *tell).await?;
                }
                self.sessions.close().await?;
            }
            Phase::Rollback => self.roll_back_in_place(tell).await?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    async fn refill(&mut self, name: &str, set: SetId, tell: Tell<'_>) -> Result<(), BackupError> {
        refill(self.site, &mut self.sessions, (self.operation, &mut self.journal), (name, set), tell).await
    }

    /// Puts what is there into a set, sees that what is put back fits in its room, and decides.
    async fn decide_in_place(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        let before = self.keep(&mut *tell).await?;
        self.check_room(&before).await?;
        let targets = &self.prepared.plan.targets;
        let from = names(targets).into_iter().zip(targets.iter().map(|target| target.from.clone())).collect();
        self.journal.write(Event::InPlace { before: before.id, from })?;
        self.decide().await
    }

    /// Makes a set of what is there. All who could write stand still since before it is read until after the decision, so it
    /// is exactly what is deleted.
    async fn keep(&self, tell: Tell<'_>) -> Result<Manifest, BackupError> {
        tell(Told::Step("making a restore point of what is there".to_owned()));
        let (site, plan) = (self.site, &self.prepared.plan);
        let volumes = names(&plan.targets);
        let stop_foreign = self.wish.request.stop_foreign.clone();
        let wish = Wish {
            request: Request { volumes: volumes.clone(), stop_foreign, ..Request::default() },
            note: Some(format!("before the restore of {}", plan.set)),
            gate_limit: self.wish.gate_limit,
            ..Wish::default()
        };
        let place = (site.store.place(), site.store.free_bytes().ok());
        let planned = prepare(&site.context, site.engine, &self.prepared.selection, &wish, place).await?;
        if let Some(refusal) = planned.plan.refusals.first() {
            tell(Told::Note(refusal.message()));
            return Err(BackupError::NotKept);
        }
        let made = Box::pin(create(site, &planned, &wish, self.cancelled, &mut *tell)).await?;
        let is_good = made.manifest.is_complete() && made.manifest.verified.is_some();
        let is_whole = |name: &&String| {
            is_good && data_of(&made.manifest, name).is_some_and(|data| data.changed_during_read.is_empty())
        };
        if let Some(name) = volumes.iter().find(|name| !is_whole(name)) {
            return Err(BackupError::NotWhole { name: name.clone(), set: made.id.to_string() });
        }
        tell(Told::Note(format!(
            "what is there is in `{}`; the way back is `stackctl restore {} --in-place`",
            made.id, made.id
        )));
        Ok(made.manifest)
    }

    /// Volumes that report the same room share a file system, as far as anybody can tell.
    async fn check_room(&mut self, before: &Manifest) -> Result<(), BackupError> {
        let mut needed: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
        for (name, target) in names(&self.prepared.plan.targets).into_iter().zip(&self.prepared.plan.targets) {
            let free = self.sessions.with(&name).await?.look().await?.free_bytes;
            let freed = data_of(before, &name).map_or(0, |data| data.allocated);
            let (want, room) = needed.entry(free).or_insert((ROOM_MARGIN, free));
            *want = want.saturating_add(target.data.allocated);
            *room = room.saturating_add(freed);
        }
        match needed.into_values().find(|(want, room)| want > room) {
            Some((needed_bytes, free_bytes)) => Err(BackupError::NoRoomInPlace { needed_bytes, free_bytes }),
            None => Ok(()),
        }
    }

    async fn roll_back_in_place(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        tell(Told::Step("putting back what was there before".to_owned()));
        self.record_rollback()?;
        // The worker at whose word it failed may be gone.
        self.sessions.close().await?;
        let Some((before, _)) = sets(self.journal.journal()) else { return Ok(()) };
        for name in names(&self.prepared.plan.targets) {
            // One that was never begun holds it still.
            if is_filled(self.journal.journal(), &name) || self.sessions.mark(&name).await?.is_some() {
                self.refill(&name, before, &mut *tell).await?;
            }
        }
        self.sessions.close().await
    }
}
