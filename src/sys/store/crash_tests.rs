// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A store that dies at every step, and what is found after it.

#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::collections::BTreeMap;
use std::path::Path;

use super::testing::{PLACE, archive, described, is_whole, publish, store};
use super::*;
use crate::backup::id::SetId;
use crate::backup::manifest::testing::id;
use crate::sys::fake::{Crash, DiskFault, FakeDisk};

/// What a crash may leave.
fn crashes() -> impl Iterator<Item = Crash> {
    [Crash::Keeps, Crash::Loses].into_iter().chain((1..24).map(Crash::Mixes))
}

/// Every byte of every set.
fn content(store: &Store<'_>) -> BTreeMap<(SetId, String), Vec<u8>> {
    let mut found = BTreeMap::new();
    for set in store.sets().unwrap() {
        for (path, _) in store.files(set).unwrap() {
            let mut bytes = Vec::new();
            store.open_file(set, &path).unwrap().read_to_end(&mut bytes).unwrap();
            found.insert((set, path), bytes);
        }
    }
    found
}

/// A store with two sets, on disk.
fn two_sets() -> FakeDisk {
    let disk = FakeDisk::default();
    let store = store(&disk, Path::new(PLACE)).unwrap();
    publish(&store, &described(id(1))).unwrap();
    publish(&store, &described(id(2))).unwrap();
    disk.after(Crash::Loses)
}

/// Does something with the store until it dies at every step in turn, and hands over what is found in every way that a
/// crash may leave it.
fn die_everywhere(
    start: &FakeDisk,
    work: impl Fn(&Store<'_>) -> Result<(), StoreError>,
    judge: impl Fn(usize, &FakeDisk),
) {
    for step in 1.. {
        let disk = start.after(Crash::Keeps);
        let store = Store::open(&disk, Path::new(PLACE)).unwrap();
        disk.fail_at(step, DiskFault::Die);
        let ended = work(&store);
        crashes().for_each(|crash| judge(step, &disk.after(crash)));
        if ended.is_ok() && disk.steps() < step {
            return;
        }
    }
}

#[test]
fn whatever_is_listed_is_whole_and_older_sets_are_unchanged() {
    let start = two_sets();
    let before = content(&Store::open(&start, Path::new(PLACE)).unwrap());
    die_everywhere(
        &start,
        |store| publish(store, &described(id(3))),
        |step, found| {
            let store = Store::open(found, Path::new(PLACE)).unwrap();
            let after = content(&store);
            assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)), "step {step}");
            for set in store.sets().unwrap() {
                assert!(is_whole(&store, set), "step {step}: {set}");
            }
        },
    );
}

#[test]
fn what_was_said_to_be_published_stays() {
    let disk = two_sets();
    publish(&Store::open(&disk, Path::new(PLACE)).unwrap(), &described(id(3))).unwrap();
    for crash in crashes() {
        let found = disk.after(crash);
        let store = Store::open(&found, Path::new(PLACE)).unwrap();
        assert!(is_whole(&store, id(3)), "{crash:?}");
    }
}

#[test]
fn a_crash_leaves_a_store_in_which_the_next_backup_works() {
    die_everywhere(
        &two_sets(),
        |store| publish(store, &described(id(3))),
        |step, found| {
            let store = Store::open(found, Path::new(PLACE)).unwrap();
            for operation in store.stages().unwrap() {
                store.discard(operation).unwrap();
            }
            let next = SetId::next(store.taken().unwrap(), id(9).at());
            publish(&store, &described(next)).unwrap();
            assert!(is_whole(&store, next), "step {step}");
        },
    );
}

#[test]
fn a_set_is_removed_as_a_whole() {
    let remove = |store: &Store<'_>| {
        store.move_to_trash(id(1))?;
        store.empty_trash(id(1))
    };
    die_everywhere(&two_sets(), remove, |step, found| {
        let store = Store::open(found, Path::new(PLACE)).unwrap();
        for set in store.sets().unwrap() {
            assert!(is_whole(&store, set), "step {step}: {set}");
        }
        assert!(store.sets().unwrap().contains(&id(2)));
        for set in store.trash().unwrap() {
            store.empty_trash(set).unwrap();
        }
        assert_eq!(store.trash().unwrap(), []);
    });
}

#[test]
fn marks_are_the_old_ones_or_the_new_ones() {
    let mark = |wish| crate::backup::marks::Marks { protected: Some(wish), ..Default::default() };
    let start = two_sets();
    Store::open(&start, Path::new(PLACE)).unwrap().set_marks(id(1), &mark(true)).unwrap();
    die_everywhere(
        &start,
        |store| store.set_marks(id(1), &mark(false)),
        |step, found| {
            let store = Store::open(found, Path::new(PLACE)).unwrap();
            assert!(store.marks(id(1)).protected.is_some(), "step {step}");
            store.set_marks(id(1), &mark(false)).unwrap();
        },
    );
}

#[test]
fn a_journaled_line_is_never_lost() {
    let operation = super::testing::backup(id(5));
    let disk = two_sets();
    let store = Store::open(&disk, Path::new(PLACE)).unwrap();
    store.append_journal(operation, "one\n").unwrap();
    for crash in crashes() {
        let found = disk.after(crash);
        let store = Store::open(&found, Path::new(PLACE)).unwrap();
        assert_eq!(store.read_journal(operation).unwrap(), b"one\n", "{crash:?}");
    }
}

#[test]
fn a_maker_that_died_is_completed_by_the_next() {
    for step in 1..60 {
        let disk = FakeDisk::default();
        disk.fail_at(step, DiskFault::Die);
        let _ = store(&disk, Path::new(PLACE));
        for crash in crashes() {
            let found = disk.after(crash);
            let store = store(&found, Path::new(PLACE)).unwrap();
            publish(&store, &described(id(1))).unwrap();
            assert!(is_whole(&store, id(1)), "step {step}, {crash:?}");
        }
    }
}

#[test]
fn a_full_or_bad_disk_publishes_nothing_and_says_so() {
    let start = two_sets();
    for step in 1.. {
        let disk = start.after(Crash::Keeps);
        let store = Store::open(&disk, Path::new(PLACE)).unwrap();
        disk.fail_at(step, DiskFault::Fail(std::io::ErrorKind::StorageFull));
        let ended = publish(&store, &described(id(3)));
        for set in store.sets().unwrap() {
            assert!(is_whole(&store, set), "step {step}: {set}");
        }
        match ended {
            Err(error) => assert_eq!(error.code(), "store_full", "step {step}"),
            Ok(()) if disk.steps() < step => break,
            // Only what is left behind could not be removed.
            Ok(()) => assert!(is_whole(&store, id(3))),
        }
    }
}

#[test]
fn the_disk_forgets_what_was_not_synced() {
    let disk = two_sets();
    let stray = Path::new(PLACE).join("stray");
    disk.create(&stray).unwrap().write_all(b"x").unwrap();
    assert!(disk.open(&stray).is_ok() && disk.after(Crash::Keeps).open(&stray).is_ok());
    assert!(disk.after(Crash::Loses).open(&stray).is_err());
    disk.flip(&Path::new(PLACE).join(format!("sets/{}/volumes/lab_data.tar.zst", id(1))), 0).unwrap();
    let store = Store::open(&disk, Path::new(PLACE)).unwrap();
    assert!(!is_whole(&store, id(1)) && is_whole(&store, id(2)) && archive(id(1)) != archive(id(2)));
}
