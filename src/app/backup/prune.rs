// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Removes sets that no rule keeps.

use std::collections::BTreeMap;

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

/// What would become of the sets of a store.
///
/// # Errors
/// No rule, or a store that cannot be read.
pub fn simulate(outside: Outside<'_>, store: &Store<'_>, policy: Policy) -> Result<Pruning, BackupError> {
    let (mut points, mut unreadable, mut manifests) = (Vec::new(), Vec::new(), BTreeMap::new());
    for Listed { id, set } in list(store)? {
        match set {
            Ok(set) => {
                points.push(Point {
                    id,
                    captured: set.manifest.captured,
                    complete: set.manifest.is_complete(),
                    verified: set.is_verified() == Some(true),
                    protected: set.is_protected(),
                });
                manifests.insert(id, set.manifest);
            }
            Err(_) => unreadable.push(id),
        }
    }
    let fates = retention::simulate(&points, policy, outside.clock.offset(outside.now()))?;
    let bytes = fates.iter().map(|fate| manifests.get(&fate.id).map_or(0, Manifest::stored_bytes)).collect();
    let of = |goes: bool| {
        let manifests = &manifests;
        fates.iter().filter(move |fate| fate.goes() == goes).filter_map(|fate| manifests.get(&fate.id))
    };
    let freed_bytes = freed(of(true), of(false));
    Ok(Pruning { fates, bytes, freed_bytes, unreadable })
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
