// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The sets of a store.

use std::path::Path;

use super::{BackupError, Outside};
use crate::backup::diff::{Difference, diff};
use crate::backup::id::SetId;
use crate::backup::manifest::Manifest;
use crate::backup::marks::Marks;
use crate::error::UserError as _;
use crate::sys::store::Store;

/// A set that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Its manifest.
    pub manifest: Manifest,
    /// What was said of it since.
    pub marks: Marks,
}

impl Set {
    /// Whether it may not be removed.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.marks.protected.unwrap_or(self.manifest.protected)
    }

    /// Whether its files were found good the last time that they were read. `None`: they never were.
    #[must_use]
    pub fn is_verified(&self) -> Option<bool> {
        let since = self.marks.verified.as_ref().map(|verified| verified.good);
        since.or_else(|| self.manifest.verified.map(|_| true))
    }
}

/// A set of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub id: SetId,
    /// The set, or why it cannot be read.
    pub set: Result<Box<Set>, String>,
}

/// Opens the store in a folder.
///
/// # Errors
/// None there, or one that cannot be used.
pub fn open<'a>(outside: Outside<'a>, folder: &Path) -> Result<Store<'a>, BackupError> {
    Ok(Store::open(outside.disk, folder)?)
}

/// All sets, the newest first. Sets that cannot be read are among them.
///
/// # Errors
/// A store that cannot be listed.
pub fn list(store: &Store<'_>) -> Result<Vec<Listed>, BackupError> {
    let mut sets = store.sets()?;
    sets.reverse();
    let listed =
        sets.into_iter().map(|id| Listed { id, set: show(store, id).map(Box::new).map_err(|error| error.message()) });
    Ok(listed.collect())
}

/// One set.
///
/// # Errors
/// No such set, or one that cannot be read.
pub fn show(store: &Store<'_>, id: SetId) -> Result<Set, BackupError> {
    Ok(Set { manifest: store.manifest(id)?, marks: store.marks(id) })
}

/// The set that a person means: its name, its number, or `latest` for the newest complete one that is not known to be
/// bad.
///
/// # Errors
/// None fits.
pub fn resolve(store: &Store<'_>, text: &str) -> Result<SetId, BackupError> {
    if text == "latest" {
        let is_good = |set: &Set| set.manifest.is_complete() && set.is_verified() != Some(false);
        let listed = list(store)?;
        let newest = listed.iter().find(|listed| listed.set.as_ref().is_ok_and(|set| is_good(set)));
        return newest.map(|listed| listed.id).ok_or(BackupError::NoSets);
    }
    let sets = store.sets()?;
    let number = text.trim_start_matches('#').parse::<u64>().ok();
    let fits = |id: &&SetId| id.to_string() == text || Some(id.number()) == number;
    let shown = || text.chars().filter(|letter| !letter.is_control()).take(64).collect();
    sets.iter().find(fits).copied().ok_or_else(|| BackupError::NoSet(shown()))
}

/// Whether a set may be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// It may not.
    On,
    /// It may, when no rule keeps it.
    Off,
}

/// Says whether a set may be removed. Whether that changed anything.
///
/// # Errors
/// No such set, another run at work, or a disk that does not take it.
pub fn protect(store: &Store<'_>, id: SetId, wish: Protection) -> Result<bool, BackupError> {
    let _held = store.lock("`stackctl backup protect`")?;
    let is_protected = wish == Protection::On;
    let set = show(store, id)?;
    if set.is_protected() == is_protected {
        return Ok(false);
    }
    store.set_marks(id, &Marks { protected: Some(is_protected), ..set.marks })?;
    Ok(true)
}

/// How two sets differ, by their manifests.
///
/// # Errors
/// A set that cannot be read.
pub fn compare(store: &Store<'_>, before: SetId, after: SetId) -> Result<Vec<Difference>, BackupError> {
    Ok(diff(&store.manifest(before)?, &store.manifest(after)?))
}
