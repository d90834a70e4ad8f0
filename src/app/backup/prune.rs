// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Removes sets that no rule keeps.

use std::collections::{BTreeMap, BTreeSet};

use super::recover::journal_of;
use super::restore::in_place::sets;
use super::sets::{Listed, list};
use super::{BackupError, Outside};
use crate::backup::id::SetId;
use crate::backup::manifest::Manifest;
use crate::backup::retention::{self, Fate, Point, Policy};
use crate::backup::unchanged::freed;
use crate::sys::store::Store;

/// What becomes of every set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pruning {
    /// The sets that can be read, the newest first.
    pub fates: Vec<Fate>,
    /// Bytes of each of them, in the same order.
    pub bytes: Vec<u64>,
    /// The bytes that are free afterwards: files that a kept set shares stay.
    pub freed_bytes: u64,
    /// Sets that cannot be read: never touched.
    pub unreadable: Vec<SetId>,
}

impl Pruning {
    /// The sets that go, the oldest first.
    #[must_use]
    pub fn going(&self) -> Vec<SetId> {
        self.fates.iter().rev().filter(|fate| fate.goes()).map(|fate| fate.id).collect()
    }
}

/// What retention does not look at.
#[derive(Default)]
struct Rest {
    manifests: BTreeMap<SetId, Manifest>,
    unreadable: Vec<SetId>,
}

/// The sets that a restore still needs that was cut short after it had deleted what they hold. A journal that cannot be
/// relied on may name any.
fn needed(store: &Store<'_>) -> Result<BTreeSet<SetId>, BackupError> {
    let mut needed = BTreeSet::new();
    for operation in store.journals()? {
        let journal = journal_of(store, operation)?;
        if let (Some((before, _)), false) = (sets(&journal), journal.is_closed()) {
            needed.insert(before);
            needed.extend(journal.restored_set());
        }
    }
    Ok(needed)
}

fn points(store: &Store<'_>) -> Result<(Vec<Point>, Rest), BackupError> {
    let (mut points, mut rest) = (Vec::new(), Rest::default());
    let needed = needed(store)?;
    for Listed { id, set } in list(store)? {
        match set {
            Ok(set) => {
                points.push(Point {
                    id,
                    captured: set.manifest.captured,
                    complete: set.manifest.is_complete(),
                    verified: set.is_verified() == Some(true),
                    protected: set.is_protected() || needed.contains(&id),
                });
                rest.manifests.insert(id, set.manifest);
            }
            Err(_) => rest.unreadable.push(id),
        }
    }
    Ok((points, rest))
}

/// What would become of the sets of a store.
///
/// # Errors
/// No rule, or a store that cannot be read.
pub fn simulate(outside: Outside<'_>, store: &Store<'_>, policy: Policy) -> Result<Pruning, BackupError> {
    let (points, rest) = points(store)?;
    let Rest { manifests, unreadable } = rest;
    let fates = retention::simulate(&points, policy, outside.clock.offset(outside.now()))?;
    let bytes = fates.iter().map(|fate| manifests.get(&fate.id).map_or(0, Manifest::stored_bytes)).collect();
    let of = |goes: bool| {
        let manifests = &manifests;
        fates.iter().filter(move |fate| fate.goes() == goes).filter_map(|fate| manifests.get(&fate.id))
    };
    let freed_bytes = freed(of(true), of(false));
    Ok(Pruning { fates, bytes, freed_bytes, unreadable })
}

/// What would become of the sets of a store once one more is in it, complete and verified. The one that is to come is not
/// among them.
///
/// # Errors
/// As [`simulate`].
pub fn forecast(outside: Outside<'_>, store: &Store<'_>, policy: Policy) -> Result<Vec<SetId>, BackupError> {
    let (mut points, _) = points(store)?;
    let now = outside.now();
    let id = SetId::next(store.taken()?, now);
    points.push(Point { id, captured: now, complete: true, verified: true, protected: false });
    let fates = retention::simulate(&points, policy, outside.clock.offset(now))?;
    let going = fates.into_iter().rev().filter(|fate| fate.goes() && fate.id != id);
    Ok(going.map(|fate| fate.id).collect())
}

/// Removes the sets that were agreed to, and tells which went. A set that meanwhile is protected, or kept by the rules,
/// stays.
///
/// # Errors
/// Another run at work, or a disk that does not take it; sets that were removed by then stay removed.
pub fn prune(
    outside: Outside<'_>,
    store: &Store<'_>,
    policy: Policy,
    agreed: &[SetId],
) -> Result<Vec<SetId>, BackupError> {
    let _held = store.lock("`stackctl backup prune`")?;
    remove(outside, store, policy, agreed)
}

/// The same, for who holds the lock of the store.
///
/// # Errors
/// As [`prune`].
pub(super) fn remove(
    outside: Outside<'_>,
    store: &Store<'_>,
    policy: Policy,
    agreed: &[SetId],
) -> Result<Vec<SetId>, BackupError> {
    // What an earlier run left; whatever is there is out of the list for good.
    for id in store.trash()? {
        store.empty_trash(id)?;
    }
    let mut going = simulate(outside, store, policy)?.going();
    going.retain(|id| agreed.contains(id));
    for id in &going {
        store.move_to_trash(*id)?;
    }
    for id in &going {
        store.empty_trash(*id)?;
    }
    Ok(going)
}
