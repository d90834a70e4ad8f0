// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What must be done when an operation was cut short: steps from its journal and from what is found.
//!
//! Each step may be done twice, so a recovery that is cut short itself is simply begun anew, and ends in the same
//! state. Of the content of a volume its markers tell the truth, not the journal: they are on the same file system as
//! the data, and survive a lost journal. A restore that had decided goes forward in every volume, one that had not
//! leaves every volume as it was, and one that had turned back goes back in every volume.

use std::collections::{BTreeMap, BTreeSet};

use super::id::{OperationId, OperationKind, SetId};
use super::journal::{Event, Journal, OnUnhealthy, Target};
use super::manifest::State;

/// How far a restore came in a volume, by what it left there. Ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Marker {
    /// A folder of the operation, without a decision: the volume is as it was.
    Staged,
    /// Decided; the old content was deleted, or is being, and what is there may be a part of something.
    Emptied,
    /// Decided; names are being exchanged.
    Committing,
    /// Exchanged; the old content lies beside the new.
    Committed,
    /// Turned back; names are being exchanged again.
    RollingBack,
    /// As it was; the content that was not wanted lies beside it.
    RolledBack,
}

/// What was found outside the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Markers of this operation: volume and how far it came. Volumes without one have nothing of it.
    pub markers: Vec<(String, Option<Marker>)>,
    /// Whether the set of a backup is published and verifies in full.
    pub is_published: bool,
    /// Volumes that this operation made and that are empty.
    pub empty_volumes: Vec<String>,
    /// Volumes that this operation made and was filling: what they hold is at most what the set has.
    pub filled_volumes: Vec<String>,
    /// Sets in the trash.
    pub trash: Vec<SetId>,
}

/// One step of a recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Kill and remove the helper containers with the operation's label, and wait until they are gone. A helper may
    /// still write after its starter died, so this comes before anything else.
    RemoveHelpers,
    /// Remove the operation's staging area in the store.
    DiscardStaging,
    /// Stop the container if it runs: names are about to be exchanged below it.
    KeepStill(Target),
    /// Remove the operation's folder in the volume; its content is not touched.
    DiscardStage(String),
    /// Delete what the volume holds, and fill it from the set.
    Refill(String, SetId),
    /// Exchange names until the new content is in place.
    RollForward(String),
    /// Exchange names until the old content is in place.
    RollBack(String),
    /// Remove a volume that the operation made: one that is empty, or that was being filled.
    RemoveVolume(String),
    /// Run the hook for afterwards in this container.
    PostHook(Target),
    /// Give the container its restart policy back, then let it do what it did. Looked up by project, service and
    /// number where the id is gone; one that does it already is left alone.
    Resume(Target),
    /// Write down that the stack goes back: the way is decided.
    RecordRollback,
    /// See whether the stack is healthy. When it is not, a restore that is to turn back does: the journal gets its
    /// decision, and recovery is asked anew. One that is to keep skips to [`Step::RecordRecovered`]: the old content
    /// stays beside the new.
    Gate(OnUnhealthy),
    /// Write down that it is healthy.
    RecordHealthy,
    /// Remove the content that lies beside that of the volume.
    RemoveAside(String),
    /// Empty the trash of these sets.
    EmptyTrash(Vec<SetId>),
    /// Write down that all is done.
    RecordRecovered,
}

/// What a journal says, gathered.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent things that a journal says or does not")]
struct Said<'a> {
    targets: &'a [Target],
    hooks: Vec<&'a str>,
    is_resumed: bool,
    is_decided: bool,
    is_healthy: bool,
    is_back: bool,
    is_closed: bool,
    on_unhealthy: Option<OnUnhealthy>,
    keep_old: bool,
    pruned: &'a [SetId],
    set: Option<SetId>,
    /// The set that holds what was there, where volumes are emptied before they are filled.
    before: Option<SetId>,
    /// The set that a volume holds, of those that were filled.
    filled: BTreeMap<&'a str, SetId>,
}

fn gather(journal: &Journal) -> Said<'_> {
    let mut said = Said::default();
    for record in &journal.records {
        match &record.event {
            Event::RestoreBegun { set, on_unhealthy, keep_old, .. } => {
                said.set = Some(*set);
                said.on_unhealthy = Some(*on_unhealthy);
                said.keep_old = *keep_old;
            }
            Event::PruneBegun { sets } => said.pruned = sets,
            Event::Quiescing { targets } => said.targets = targets,
            Event::HookBegun { container } => said.hooks.push(container),
            Event::HookEnded { container } => said.hooks.retain(|one| one != container),
            Event::Resumed => said.is_resumed = true,
            Event::CommitAll { .. } => said.is_decided = true,
            Event::InPlace { before, .. } => said.before = Some(*before),
            Event::Filled { volume, set } => {
                said.filled.insert(volume, *set);
            }
            Event::Healthy => said.is_healthy = true,
            Event::RollbackAll { .. } => said.is_back = true,
            Event::Ended { .. } | Event::Recovered => said.is_closed = true,
            Event::BackupBegun { .. }
            | Event::VolumeCreating { .. }
            | Event::Captured { .. }
            | Event::Staging { .. }
            | Event::Filling { .. }
            | Event::Publishing
            | Event::Published => {}
        }
    }
    said
}

/// The containers to resume, in the order in which they start.
fn resumes(said: &Said<'_>) -> Vec<Step> {
    let mut targets: Vec<&Target> = said.targets.iter().filter(|target| target.state != State::Stopped).collect();
    targets.sort_by_key(|target| std::cmp::Reverse(target.wave));
    targets.into_iter().cloned().map(Step::Resume).collect()
}

fn post_hooks(said: &Said<'_>) -> Vec<Step> {
    let targets = said.targets.iter().filter(|target| said.hooks.contains(&target.id.as_str()));
    targets.cloned().map(Step::PostHook).collect()
}

fn backup(said: &Said<'_>, steps: &mut Vec<Step>) {
    // A published set was moved out of the staging area; a folder that is left there is of no use either way.
    steps.push(Step::DiscardStaging);
    steps.extend(resumes(said).into_iter().filter(|_| !said.is_resumed));
    // Hooks run inside the containers, so after these run again.
    steps.extend(post_hooks(said));
}

fn restore(said: &Said<'_>, found: &Found, steps: &mut Vec<Step>) {
    let furthest = found.markers.iter().filter_map(|(_, marker)| *marker).max();
    let is_back = said.is_back || furthest >= Some(Marker::RollingBack);
    // A decision in any volume was taken for all of them.
    let is_decided = said.is_decided || furthest >= Some(Marker::Committing);
    let volumes = found.markers.iter().filter_map(|(volume, marker)| marker.map(|marker| (volume, marker)));
    let volumes: Vec<(&String, Marker)> = volumes.collect();
    if is_back && !said.is_back {
        steps.push(Step::RecordRollback);
    }
    let mut exchanges = Vec::new();
    for (volume, marker) in &volumes {
        let volume = (*volume).clone();
        exchanges.extend(match (is_back, is_decided, marker) {
            (true, _, Marker::Staged) | (false, false, _) => Some(Step::DiscardStage(volume)),
            (true, _, Marker::RolledBack) | (false, true, Marker::Committed) => None,
            (true, ..) => Some(Step::RollBack(volume)),
            (false, true, _) => Some(Step::RollForward(volume)),
        });
    }
    if exchanges.iter().any(|step| matches!(step, Step::RollBack(_) | Step::RollForward(_))) {
        let mut targets: Vec<&Target> = said.targets.iter().collect();
        targets.sort_by_key(|target| target.wave);
        steps.extend(targets.into_iter().cloned().map(Step::KeepStill));
    }
    steps.append(&mut exchanges);
    if !is_decided || is_back {
        let volumes: BTreeSet<&String> = found.empty_volumes.iter().chain(&found.filled_volumes).collect();
        steps.extend(volumes.into_iter().cloned().map(Step::RemoveVolume));
    }
    steps.extend(resumes(said).into_iter().filter(|_| !(said.is_healthy && said.is_resumed)));
    steps.extend(post_hooks(said));
    if is_decided && !is_back && !said.is_healthy {
        // With a lost journal nobody knows what was wanted: what is there stays, and so does the way back.
        steps.push(Step::Gate(said.on_unhealthy.unwrap_or(OnUnhealthy::Keep)));
        steps.push(Step::RecordHealthy);
    }
    let keeps_old = said.keep_old || said.on_unhealthy.is_none();
    let removes = is_back || (is_decided && !keeps_old);
    let aside = volumes.iter().filter(|(_, marker)| !(is_back && *marker == Marker::Staged));
    steps.extend(aside.filter(|_| removes).map(|(volume, _)| Step::RemoveAside((*volume).clone())));
}

/// Of a restore that decided to delete what the volumes hold before they are filled. There is no way to exchange anything:
/// each volume is filled from the set that the way leads to, unless it was, or was never begun on the way back.
fn in_place(said: &Said<'_>, found: &Found, (set, before): (SetId, SetId), steps: &mut Vec<Step>) {
    let wanted = if said.is_back { before } else { set };
    let is_left = |volume: &str, marker: Option<Marker>| match said.filled.get(volume) {
        Some(filled) => *filled != wanted,
        // The marker is there before the first of the old content goes.
        None => !said.is_back || marker.is_some(),
    };
    let (refills, rest): (Vec<_>, Vec<_>) = found.markers.iter().partition(|(volume, marker)| is_left(volume, *marker));
    if !refills.is_empty() {
        let mut targets: Vec<&Target> = said.targets.iter().collect();
        targets.sort_by_key(|target| target.wave);
        steps.extend(targets.into_iter().cloned().map(Step::KeepStill));
    }
    steps.extend(refills.into_iter().map(|(volume, _)| Step::Refill(volume.clone(), wanted)));
    let aside = rest.into_iter().filter(|(_, marker)| marker.is_some());
    steps.extend(aside.map(|(volume, _)| Step::RemoveAside(volume.clone())));
    steps.extend(resumes(said).into_iter().filter(|_| !(said.is_healthy && said.is_resumed)));
    steps.extend(post_hooks(said));
    if !said.is_back && !said.is_healthy {
        steps.push(Step::Gate(said.on_unhealthy.unwrap_or(OnUnhealthy::Rollback)));
        steps.push(Step::RecordHealthy);
    }
}

/// What must be done for an operation whose run is gone; nothing for one that came to its end. An empty journal with
/// markers is one that was lost.
#[must_use]
pub fn recovery(operation: OperationId, journal: &Journal, found: &Found) -> Vec<Step> {
    let said = gather(journal);
    if said.is_closed {
        return Vec::new();
    }
    let mut steps = vec![Step::RemoveHelpers];
    match operation.kind {
        OperationKind::Backup | OperationKind::Export => backup(&said, &mut steps),
        OperationKind::Restore => match (said.set, said.before) {
            (Some(set), Some(before)) if said.is_decided => in_place(&said, found, (set, before), &mut steps),
            _ => restore(&said, found, &mut steps),
        },
        OperationKind::Prune => {
            let named: BTreeSet<SetId> = said.pruned.iter().copied().collect();
            // Sets that were not moved yet stay: whoever wants them gone asks again.
            let trash: Vec<SetId> = found.trash.iter().copied().filter(|id| named.contains(id)).collect();
            steps.push(Step::EmptyTrash(trash));
        }
    }
    steps.push(Step::RecordRecovered);
    steps
}

#[cfg(test)]
#[path = "recovery_tests.rs"]
mod tests;
