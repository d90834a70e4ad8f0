// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The restore points of a store, for a screen.

use std::path::Path;

use chrono::TimeDelta;

use super::answer::Answer;
use super::serve::Hands;
use super::trouble::Trouble;
use crate::app::Selection;
use crate::app::backup::{BackupError, Listed, Outside, Set, StoreError, list, open, store_folder};
use crate::backup::manifest::Data;
use crate::diag::visible;
use crate::health::Timestamp;

/// Sets that a screen is given at most, the newest first.
const MOST: usize = 1000;
/// Volumes, paths and things left out of one set that it is given at most, of each.
const MOST_PARTS: usize = 100;

/// What was read of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetsRead {
    /// When, by our clock.
    pub at: Timestamp,
    /// The store; or why it cannot be read.
    pub store: Result<StoreRead, Trouble>,
}

/// A store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreRead {
    /// Its folder.
    pub folder: String,
    /// Whether it is there: the first backup makes it.
    pub is_there: bool,
    /// Its sets, the newest first.
    pub sets: Vec<SetRow>,
    /// Older sets that are not among them.
    pub left_out: usize,
    /// The age from which the newest verified set is too old.
    pub max_age: TimeDelta,
}

/// A set of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRow {
    /// Its name.
    pub id: String,
    /// Its number, by which it can be named too.
    pub number: u64,
    /// When its data was read; of one that is damaged, when it was begun.
    pub at: Timestamp,
    /// What is in it, or why that cannot be told.
    pub set: Result<Box<SetRead>, String>,
}

/// What is in a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRead {
    /// Its project.
    pub project: String,
    /// Bytes that it takes.
    pub stored_bytes: u64,
    /// Bytes of the data in it.
    pub data_bytes: u64,
    /// Whether all that was asked for is in it.
    pub is_complete: bool,
    /// Whether it may not be removed.
    pub is_protected: bool,
    /// When all its files were last read, and whether they were good.
    pub verified: Option<(Timestamp, bool)>,
    /// What somebody wrote about it.
    pub note: Option<String>,
    /// Volumes and paths.
    pub parts: Vec<PartRead>,
    /// What is not in it, each with the reason, and whether it was asked for.
    pub lacks: Vec<Lack>,
}

/// A volume or path of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRead {
    /// The volume's name, or the path.
    pub name: String,
    /// Entries of it.
    pub entries: u64,
    /// Bytes of contents.
    pub bytes: u64,
    /// How still it was meanwhile, in a word.
    pub consistency: &'static str,
    /// Entries that could not be kept.
    pub skipped: usize,
}

/// Something that is not in a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The volume's name, or the path.
    pub name: String,
    /// Why, as a fragment.
    pub reason: &'static str,
    /// Whether it was asked for.
    pub is_required: bool,
}

impl SetRead {
    /// Whether it is whole, and its files were found good.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.is_complete && self.verified.is_some_and(|(_, good)| good)
    }
}

impl StoreRead {
    /// The newest set that is whole and verified.
    #[must_use]
    pub fn newest_good(&self) -> Option<&SetRow> {
        self.sets.iter().find(|row| row.set.as_ref().is_ok_and(|set| set.is_good()))
    }
}

/// Reads the store of a project; without a name, of the one that the flags and folders tell.
pub(super) fn read(hands: Hands<'_>, project: Option<String>) {
    let mut selection: Selection = hands.selection.clone();
    selection.project_name = project.or(selection.project_name);
    let max_age = TimeDelta::from_std(hands.settings.backup.max_age).unwrap_or(TimeDelta::MAX);
    let folder = store_folder(&hands.live.context, &selection, None);
    let store = folder.and_then(|folder| store(hands.sets, &folder, max_age)).map_err(|error| Trouble::of(&error));
    hands.screen.answer(Answer::Sets(SetsRead { at: hands.live.clock.now(), store }));
}

fn store(outside: Outside<'_>, folder: &Path, max_age: TimeDelta) -> Result<StoreRead, BackupError> {
    let shown = visible(&folder.display().to_string());
    let opened = match open(outside, folder) {
        // Before the first backup there is nothing to list, which is no fault.
        Err(BackupError::Store(StoreError::Missing { .. })) => {
            return Ok(StoreRead { folder: shown, is_there: false, sets: Vec::new(), left_out: 0, max_age });
        }
        opened => opened?,
    };
    let listed = list(&opened)?;
    let left_out = listed.len().saturating_sub(MOST);
    let sets = listed.iter().take(MOST).map(row).collect();
    Ok(StoreRead { folder: shown, is_there: true, sets, left_out, max_age })
}

fn row(listed: &Listed) -> SetRow {
    let at = listed.set.as_ref().map_or_else(|_| listed.id.at(), |set| set.manifest.captured);
    let set = match &listed.set {
        Ok(set) => Ok(Box::new(of(set))),
        Err(reason) => Err(visible(reason)),
    };
    SetRow { id: listed.id.to_string(), number: listed.id.number(), at, set }
}

fn of(set: &Set) -> SetRead {
    let manifest = &set.manifest;
    let since = set.marks.verified.as_ref().map(|verified| (verified.at, verified.good));
    let part = |(name, data): (&str, &Data)| PartRead {
        name: visible(name),
        entries: data.entries,
        bytes: data.bytes,
        consistency: data.consistency.word(),
        skipped: data.skipped.len(),
    };
    let lacks = manifest.left_out.iter().take(MOST_PARTS);
    SetRead {
        project: visible(&manifest.project.name),
        stored_bytes: manifest.stored_bytes(),
        data_bytes: manifest.data_bytes(),
        is_complete: manifest.is_complete(),
        is_protected: set.is_protected(),
        verified: since.or_else(|| manifest.verified.map(|at| (at, true))),
        note: manifest.note.as_deref().map(visible),
        parts: manifest.data().take(MOST_PARTS).map(part).collect(),
        lacks: lacks
            .map(|left| Lack { name: visible(&left.name), reason: left.reason.phrase(), is_required: left.required })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::backup::manifest::testing::id;
    use crate::sys::fake::{FakeClock, FakeDisk};
    use crate::sys::store::testing::{PLACE, filled, partial};

    fn read_of(disk: &FakeDisk) -> StoreRead {
        let clock = FakeClock(Timestamp::UNIX_EPOCH);
        store(Outside { disk, clock: &clock }, Path::new(PLACE), TimeDelta::days(8)).unwrap()
    }

    #[test]
    fn a_store_that_is_not_there_yet_is_no_fault() {
        let read = read_of(&FakeDisk::default());
        assert!(!read.is_there && read.sets.is_empty() && read.folder == PLACE, "{read:?}");
    }

    #[test]
    fn sets_come_newest_first_with_what_is_in_them_and_damaged_ones_among_them() {
        let disk = FakeDisk::default();
        filled(&disk, &[1, 2], |manifest| manifest.note = Some("before\u{1b}[2J".to_owned()));
        filled(&disk, &[3], partial);
        let damaged = Path::new(PLACE).join("sets").join(id(1).to_string()).join("manifest.json");
        disk.flip(&damaged, 9).unwrap();
        let read = read_of(&disk);
        let numbers: Vec<u64> = read.sets.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [3, 2, 1]);
        assert!(read.sets[2].set.is_err() && !read.sets[0].set.as_ref().unwrap().is_complete);
        let set = read.sets[1].set.as_ref().unwrap();
        assert_eq!((set.parts[0].name.as_str(), set.parts[0].consistency), ("lab_data", "stopped"));
        assert!(set.note.as_ref().is_some_and(|note| !note.contains('\u{1b}')));
        assert_eq!(read.newest_good().map(|row| row.number), Some(2), "verified when it was made");
    }
}
