// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which data need not be read again: what an earlier set has, while nothing has changed since.
//!
//! The files of that set are taken as hard links, so each set has all its files by itself. That nothing has changed is
//! shown by a fingerprint alone (`volume::fingerprint`), which says nothing where somebody may have had the data open: so
//! only data that nobody held is left unread, then and now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::hex;
use super::id::SetId;
use super::manifest::{Consistency, Data, Manifest, options};
use super::plan::{Capture, Plan, Unchanged, What};

/// A set of the store.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'m> {
    /// Its manifest.
    pub manifest: &'m Manifest,
    /// Whether its files were good when they were last read; `None`: nobody knows.
    pub verified: Option<bool>,
}

/// Where data may be taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The set.
    pub set: SetId,
    /// What it has.
    pub data: Data,
}

/// What a volume is, beside its content.
#[derive(Debug, Clone, Default)]
pub struct Make {
    /// Its driver.
    pub driver: String,
    /// The options of its driver.
    pub options: BTreeMap<String, String>,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
}

/// A fingerprint of a tree that no other place has: `words` are the worker's, `make` is that of a volume. None where the
/// place is not known well enough.
#[must_use]
pub fn fingerprint(engine: &str, what: &What, make: Option<&Make>, words: &str) -> Option<String> {
    let mut parts = vec![engine.to_owned(), what.name().to_owned(), words.to_owned()];
    match what {
        What::Volume { .. } => {
            let make = make?;
            parts.extend([make.driver.clone(), make.created?.to_rfc3339()]);
            let (clean, _) = options::without_secrets(&make.options);
            parts.extend(clean.into_iter().flat_map(|(name, value)| [name, value]));
        }
        What::Bind { is_file, .. } => parts.push(if *is_file { "file" } else { "folder" }.to_owned()),
    }
    let mut hash = Sha256::new();
    for part in &parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    (!engine.is_empty()).then(|| hex(&hash.finalize()))
}

/// Whether a fingerprint of it shows every change.
#[must_use]
pub fn may_be_known(capture: &Capture) -> bool {
    capture.consistency == Consistency::Stopped
}

/// Where the data of a plan may be taken from, by its name: the newest complete and verified set that has it. `sets` come
/// newest first. Files that a damaged set has too are passed over: they may be the very same.
#[must_use]
pub fn sources(plan: &Plan, engine: &str, sets: &[Candidate<'_>]) -> BTreeMap<String, Source> {
    let mut sources = BTreeMap::new();
    if plan.unchanged == Unchanged::Read {
        return sources;
    }
    let wanted: BTreeSet<&str> =
        plan.captures.iter().filter(|one| may_be_known(one)).map(|one| one.what.name()).collect();
    let damaged = sets.iter().filter(|set| set.verified == Some(false));
    let spoiled: BTreeSet<&str> = damaged
        .flat_map(|set| set.manifest.data())
        .flat_map(|(_, data)| data.files())
        .map(|file| file.sha256.as_str())
        .collect();
    let is_good = |set: &&Candidate<'_>| {
        set.verified == Some(true) && set.manifest.is_complete() && set.manifest.engine.id == engine
    };
    for set in sets.iter().filter(is_good) {
        for (name, data) in set.manifest.data().filter(|(name, _)| wanted.contains(name)) {
            let is_known = data.fingerprint.is_some() && data.consistency == Consistency::Stopped;
            let is_whole = data.files().all(|file| !spoiled.contains(file.sha256.as_str()));
            if is_known && is_whole && !sources.contains_key(name) {
                sources.insert(name.to_owned(), Source { set: set.manifest.id, data: data.clone() });
            }
        }
    }
    sources
}

/// The files that data has in common with others: the set in which it was read, and the digest of its archive.
#[must_use]
pub fn origin(set: SetId, data: &Data) -> (SetId, &str) {
    (data.unchanged_since.unwrap_or(set), &data.archive.sha256)
}

/// The bytes that the removal of sets frees: files that a set has that stays are not freed, and others once.
pub fn freed<'m>(
    going: impl IntoIterator<Item = &'m Manifest>,
    staying: impl IntoIterator<Item = &'m Manifest>,
) -> u64 {
    let kept = staying.into_iter().flat_map(|set| set.data().map(|(_, data)| origin(set.id, data)));
    let mut counted: BTreeSet<(SetId, &str)> = kept.collect();
    let mut bytes = 0_u64;
    for set in going {
        bytes = bytes.saturating_add(set.stored_bytes());
        for (_, data) in set.data().filter(|(_, data)| !counted.insert(origin(set.id, data))) {
            bytes = data.files().fold(bytes, |bytes, file| bytes.saturating_sub(file.bytes));
        }
    }
    bytes
}

#[cfg(test)]
#[path = "unchanged_tests.rs"]
mod tests;
