// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::*;
use crate::backup::id::SetId;
use crate::backup::manifest::testing::{id, moment};
use crate::backup::retention::Policy;
use crate::error::UserError as _;
use crate::sys::fake::{DiskFault, FakeClock, FakeDisk};
use crate::sys::store::Store;
use crate::sys::store::testing::{PLACE, filled, is_whole, partial};

const ELSEWHERE: &str = "/mnt/nas/lab";

fn lab(numbers: &[u64]) -> FakeDisk {
    let disk = FakeDisk::default();
    filled(&disk, numbers, |_| {});
    disk
}

fn outside<'a>(disk: &'a FakeDisk, clock: &'a FakeClock) -> Outside<'a> {
    Outside { disk, clock }
}

fn clock() -> FakeClock {
    FakeClock(moment(12, 1, 0))
}

fn opened(disk: &FakeDisk) -> Store<'_> {
    Store::open(disk, Path::new(PLACE)).unwrap()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn verified(disk: &FakeDisk, id: SetId) -> Verdict {
    let clock = clock();
    run(verify(outside(disk, &clock), &opened(disk), id, &CancellationToken::new(), &mut |_| {})).unwrap()
}

#[test]
fn sets_are_listed_newest_first_and_found_by_name_number_and_latest() {
    let disk = lab(&[1, 2]);
    filled(&disk, &[3], partial);
    let store = opened(&disk);
    let numbers: Vec<u64> = list(&store).unwrap().iter().map(|listed| listed.id.number()).collect();
    assert_eq!(numbers, [3, 2, 1]);
    let named = id(1).to_string();
    for (text, number) in [("latest", 2), ("3", 3), ("#1", 1), (named.as_str(), 1)] {
        assert_eq!(resolve(&store, text).unwrap().number(), number, "{text}");
    }
    assert_eq!(resolve(&store, "9").unwrap_err().code(), "set_missing");
    assert_eq!(resolve(&opened(&lab(&[])), "latest").unwrap_err(), BackupError::NoSets);
}

#[test]
fn a_whole_set_is_good_and_progress_reaches_its_end() {
    let disk = lab(&[1]);
    let (clock, mut last) = (clock(), None);
    let store = opened(&disk);
    let verdict = run(verify(outside(&disk, &clock), &store, id(1), &CancellationToken::new(), &mut |progress| {
        last = Some(progress);
    }));
    let verdict = verdict.unwrap();
    assert!(verdict.is_good() && verdict.files == 3 && verdict.unmarked.is_none());
    assert!(last.is_some_and(|progress| progress.done_bytes == progress.total_bytes && progress.total_bytes > 0));
    assert_eq!(store.marks(id(1)).verified.map(|found| (found.at, found.good)), Some((moment(12, 1, 0), true)));
}

#[test]
fn every_damage_is_found_and_such_a_set_is_no_longer_the_latest() {
    let set = |number| Path::new(PLACE).join("sets").join(id(number).to_string());
    let disk = lab(&[1, 2]);
    disk.flip(&set(2).join("volumes/lab_data.tar.zst"), 3).unwrap();
    crate::sys::store::Disk::remove_file(&disk, &set(2).join("RESTORE.txt")).unwrap();
    crate::sys::store::Disk::create(&disk, &set(2).join("stray")).unwrap();
    let found: Vec<(String, String)> =
        verified(&disk, id(2)).flaws.into_iter().map(|flaw| (flaw.path, flaw.what)).collect();
    let expected = [
        ("volumes/lab_data.tar.zst", "its content is another"),
        ("RESTORE.txt", "it is missing"),
        ("stray", "it is not in the manifest"),
    ];
    assert_eq!(found, expected.map(|(path, what)| (path.to_owned(), what.to_owned())));
    assert_eq!(resolve(&opened(&disk), "latest").unwrap(), id(1));
    disk.flip(&set(1).join("manifest.json"), 9).unwrap();
    assert_eq!(verified(&disk, id(1)).flaws[0].path, "manifest.json");
    assert!(list(&opened(&disk)).unwrap()[1].set.is_err());
}

#[test]
fn verifying_hears_the_wish_to_end() {
    let disk = lab(&[1]);
    let (clock, cancelled) = (clock(), CancellationToken::new());
    cancelled.cancel();
    let ended = run(verify(outside(&disk, &clock), &opened(&disk), id(1), &cancelled, &mut |_| {}));
    assert_eq!(ended.unwrap_err(), BackupError::Cancelled);
}

#[test]
fn protection_is_said_once_and_leaves_the_set_alone() {
    let disk = lab(&[1]);
    let store = opened(&disk);
    assert_eq!(protect(&store, id(1), Protection::On), Ok(true));
    assert_eq!(protect(&store, id(1), Protection::On), Ok(false));
    assert!(show(&store, id(1)).unwrap().is_protected() && is_whole(&store, id(1)));
    let _held = store.lock("another").unwrap();
    assert_eq!(protect(&store, id(1), Protection::Off).unwrap_err().code(), "locked");
}

#[test]
fn pruning_removes_what_was_agreed_and_nothing_else() {
    let disk = lab(&[1, 2, 3, 4, 5]);
    let (clock, store) = (clock(), opened(&disk));
    let outside = outside(&disk, &clock);
    let policy = Policy { last: 2, ..Policy::default() };
    protect(&store, id(1), Protection::On).unwrap();
    let pruning = simulate(outside, &store, policy).unwrap();
    assert_eq!(pruning.going(), [id(2), id(3)]);
    assert!(pruning.freed_bytes > 0 && store.sets().unwrap().len() == 5);
    assert_eq!(prune(outside, &store, policy, &[id(3), id(5)]).unwrap(), [id(3)]);
    assert_eq!(store.sets().unwrap(), [1, 2, 4, 5].map(id));
    assert_eq!(simulate(outside, &store, Policy::default()).unwrap_err().code(), "retention_empty");
}

#[test]
fn a_forecast_counts_the_set_that_is_to_come() {
    let disk = lab(&[1, 2, 3]);
    let (clock, store) = (clock(), opened(&disk));
    let outside = outside(&disk, &clock);
    let going = |last| forecast(outside, &store, Policy { last, ..Policy::default() }).unwrap();
    assert_eq!(going(4), []);
    assert_eq!(going(2), [id(1), id(2)]);
    // The newest verified one is the one that is to come.
    assert_eq!(going(1), [id(1), id(2), id(3)]);
    protect(&store, id(2), Protection::On).unwrap();
    assert_eq!(going(1), [id(1), id(3)]);
    assert_eq!(forecast(outside, &store, Policy::default()).unwrap_err().code(), "retention_empty");
}

#[test]
fn a_prune_that_died_is_finished_by_the_next() {
    let policy = Policy { last: 1, ..Policy::default() };
    for step in 1..30 {
        let disk = lab(&[1, 2, 3]);
        let clock = clock();
        disk.fail_at(step, DiskFault::Die);
        let _ = prune(outside(&disk, &clock), &opened(&disk), policy, &[id(1), id(2)]);
        let found = disk.after(crate::sys::fake::Crash::Loses);
        let store = opened(&found);
        assert!(store.sets().unwrap().iter().all(|set| is_whole(&store, *set)), "step {step}");
        prune(outside(&found, &clock), &store, policy, &[id(1), id(2)]).unwrap();
        assert_eq!((store.sets().unwrap(), store.trash().unwrap()), (vec![id(3)], vec![]), "step {step}");
    }
}

fn exported(disk: &FakeDisk, id: SetId) -> Result<Exported, BackupError> {
    let clock = clock();
    let target = Path::new(ELSEWHERE);
    run(export(outside(disk, &clock), &opened(disk), id, target, &CancellationToken::new(), &mut |_| {}))
}

#[test]
fn a_copy_is_whole_and_made_once() {
    let disk = lab(&[1]);
    assert_eq!(exported(&disk, id(1)).unwrap().files, 3);
    let target = Store::open(&disk, Path::new(ELSEWHERE)).unwrap();
    assert!(is_whole(&target, id(1)) && target.stages().unwrap().is_empty());
    assert_eq!(target.manifest(id(1)), opened(&disk).manifest(id(1)));
    assert_eq!(exported(&disk, id(1)).unwrap_err().code(), "set_exists");
}

#[test]
fn a_damaged_set_is_not_copied() {
    let disk = lab(&[1]);
    let path = Path::new(PLACE).join("sets").join(id(1).to_string()).join("volumes/lab_data.tar.zst");
    disk.flip(&path, 0).unwrap();
    assert_eq!(exported(&disk, id(1)).unwrap_err().code(), "set_damaged");
    let target = Store::open(&disk, Path::new(ELSEWHERE)).unwrap();
    assert_eq!((target.sets().unwrap(), target.stages().unwrap()), (vec![], vec![]));
}

#[test]
fn a_copy_that_died_is_made_by_the_next() {
    for step in (1..80).step_by(3) {
        let disk = lab(&[1]);
        disk.fail_at(step, DiskFault::Die);
        let _ = exported(&disk, id(1));
        let found = disk.after(crate::sys::fake::Crash::Mixes(step as u64));
        match exported(&found, id(1)) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.code(), "set_exists", "step {step}"),
        }
        assert!(is_whole(&Store::open(&found, Path::new(ELSEWHERE)).unwrap(), id(1)), "step {step}");
    }
}
