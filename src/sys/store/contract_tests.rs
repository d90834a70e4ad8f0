// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What every disk must give a store: the real one and the one in memory.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a failed set-up fails the test; the real disk is met here"
)]

use std::path::{Path, PathBuf};

use super::testing::{PLACE, archive, backup, described, is_whole, publish, store};
use super::*;
use crate::backup::manifest::FileRef;
use crate::backup::manifest::testing::id;
use crate::backup::marks::Marks;
use crate::sys::fake::FakeDisk;
use crate::sys::os::OsDisk;

/// Runs a test on both disks.
fn on_both(test: impl Fn(&dyn Disk, &Path)) {
    test(&FakeDisk::default(), Path::new(PLACE));
    let folder = tempfile::tempdir().unwrap();
    let place: PathBuf = folder.path().canonicalize().unwrap().join("a/b/store");
    test(&OsDisk, &place);
}

#[test]
fn a_store_is_made_once_and_found_again() {
    on_both(|disk, place| {
        assert_eq!(Store::open(disk, place).unwrap_err().code(), "store_missing");
        let made = store(disk, place).unwrap();
        assert_eq!(made.sets().unwrap(), []);
        let again = Store::create(disk, place, &About::new("other", chrono::DateTime::UNIX_EPOCH)).unwrap();
        assert_eq!(again.about(), made.about());
        assert!(made.free_bytes().unwrap() > 0);
    });
}

#[test]
fn a_folder_with_other_things_is_left_alone() {
    on_both(|disk, place| {
        make_folders(disk, place).unwrap();
        disk.create(&place.join("thesis.txt")).unwrap();
        assert_eq!(store(disk, place).unwrap_err().code(), "store_format");
        assert_eq!(disk.list(place).unwrap().len(), 1);
    });
}

#[test]
fn a_newer_store_is_not_touched() {
    on_both(|disk, place| {
        make_folders(disk, place).unwrap();
        let text = b"{\"schema\":\"stackctl/store/v2\",\"id\":\"x\",\"created\":\"\"}";
        disk.create(&place.join("STORE.json")).unwrap().write_all(text).unwrap();
        assert_eq!(store(disk, place).unwrap_err().code(), "store_format");
    });
}

#[test]
fn a_set_appears_whole_and_is_read_back() {
    on_both(|disk, place| {
        let store = store(disk, place).unwrap();
        let manifest = described(id(3));
        publish(&store, &manifest).unwrap();
        assert_eq!((store.sets().unwrap(), store.stages().unwrap()), (vec![id(3)], vec![]));
        assert_eq!(store.manifest(id(3)), Ok(manifest.clone()));
        assert!(is_whole(&store, id(3)));
        let mut bytes = Vec::new();
        store.open_file(id(3), "volumes/lab_data.tar.zst").unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, archive(id(3)));
        assert_eq!(publish(&store, &manifest).unwrap_err().code(), "set_exists");
        assert!(is_whole(&store, id(3)));
    });
}

#[test]
fn what_is_not_whole_is_not_published() {
    on_both(|disk, place| {
        let store = store(disk, place).unwrap();
        let attempt = |number: u64, spoil: &dyn Fn(&Stage<'_, '_>)| {
            let stage = store.stage(backup(id(number))).unwrap();
            stage.write("volumes/lab_data.tar.zst", &archive(id(number))).unwrap();
            stage.write("volumes/lab_data.index.zst", b"index").unwrap();
            stage.write("RESTORE.txt", b"how\n").unwrap();
            spoil(&stage);
            stage.settle(id(number)).unwrap_err().to_string()
        };
        let finish = |stage: &Stage<'_, '_>, number| stage.finish(&described(id(number))).unwrap();
        assert!(attempt(1, &|_| {}).contains("does not fit"));
        let missing = attempt(2, &|stage| {
            finish(stage, 2);
            stage.remove("RESTORE.txt").unwrap();
        });
        assert_eq!(missing, "the set is not whole: `RESTORE.txt` is missing");
        let more = attempt(3, &|stage| {
            finish(stage, 3);
            stage.write("stray", b"").unwrap();
        });
        assert_eq!(more, "the set is not whole: `stray` is not in its manifest");
        assert!(attempt(4, &|stage| finish(stage, 5)).contains("its manifest is that of"));
        assert_eq!(store.sets().unwrap(), []);
        assert_eq!(store.stages().unwrap().len(), 4);
        store.discard(backup(id(1))).unwrap();
        store.discard(backup(id(1))).unwrap();
        assert_eq!(store.stages().unwrap().len(), 3);
    });
}

#[test]
fn a_linked_file_outlives_the_set_that_it_comes_from() {
    on_both(|disk, place| {
        let store = store(disk, place).unwrap();
        publish(&store, &described(id(1))).unwrap();
        let mut second = described(id(1));
        second.id = id(2);
        let stage = store.stage(backup(id(2))).unwrap();
        let files: Vec<FileRef> = second.files().cloned().collect();
        for file in &files {
            stage.link(id(1), file, &file.path).unwrap();
            stage.remove(&file.path).unwrap();
            stage.link(id(1), file, &file.path).unwrap();
        }
        // What is not there as it is said to be is not taken.
        for wrong in [
            FileRef { bytes: files[0].bytes + 1, ..files[0].clone() },
            FileRef { path: "volumes/none".to_owned(), ..files[0].clone() },
            FileRef { path: "volumes".to_owned(), ..files[0].clone() },
        ] {
            assert_eq!(stage.link(id(1), &wrong, "volumes/wrong").unwrap_err().code(), "store_failed");
        }
        stage.finish(&second).unwrap();
        stage.settle(id(2)).unwrap();
        stage.publish(id(2)).unwrap();
        store.move_to_trash(id(1)).unwrap();
        store.empty_trash(id(1)).unwrap();
        assert!(is_whole(&store, id(2)));
    });
}

#[test]
fn sets_go_through_the_trash_and_their_numbers_stay_taken_until_they_are_gone() {
    on_both(|disk, place| {
        let store = store(disk, place).unwrap();
        publish(&store, &described(id(1))).unwrap();
        publish(&store, &described(id(2))).unwrap();
        store.set_marks(id(2), &Marks { protected: Some(true), ..Marks::default() }).unwrap();
        store.move_to_trash(id(2)).unwrap();
        assert_eq!((store.sets().unwrap(), store.trash().unwrap()), (vec![id(1)], vec![id(2)]));
        assert_eq!(store.taken().unwrap(), [id(1), id(2)].into());
        assert_eq!(store.move_to_trash(id(2)).unwrap_err().code(), "set_missing");
        store.empty_trash(id(2)).unwrap();
        store.empty_trash(id(2)).unwrap();
        assert_eq!((store.trash().unwrap(), store.marks(id(2))), (vec![], Marks::default()));
    });
}

#[test]
fn marks_lie_beside_the_set() {
    on_both(|disk, place| {
        let store = store(disk, place).unwrap();
        publish(&store, &described(id(1))).unwrap();
        for wish in [true, false] {
            store.set_marks(id(1), &Marks { protected: Some(wish), ..Marks::default() }).unwrap();
            assert_eq!(store.marks(id(1)).protected, Some(wish));
        }
        assert!(is_whole(&store, id(1)));
    });
}

#[test]
fn a_journal_grows_by_lines_and_is_cut() {
    on_both(|disk, place| {
        let store = store(disk, place).unwrap();
        let operation = backup(id(4));
        assert_eq!(store.read_journal(operation).unwrap(), b"");
        store.append_journal(operation, "one\n").unwrap();
        store.append_journal(operation, "two, to").unwrap();
        store.trim_journal(operation, 4).unwrap();
        store.append_journal(operation, "three\n").unwrap();
        assert_eq!(store.read_journal(operation).unwrap(), b"one\nthree\n");
        assert_eq!((store.journals().unwrap(), store.taken().unwrap()), (vec![operation], [id(4)].into()));
        store.remove_journal(operation).unwrap();
        store.remove_journal(operation).unwrap();
        assert_eq!(store.journals().unwrap(), []);
    });
}

#[test]
fn one_run_at_a_time() {
    on_both(|disk, place| {
        let store = store(disk, place).unwrap();
        let held = store.lock("`prune`, process 1").unwrap();
        let refused = store.lock("x").unwrap_err();
        assert_eq!(refused.code(), "locked");
        assert!(refused.to_string().contains("`prune`, process 1"), "{refused}");
        drop(held);
        store.lock("x").unwrap();
    });
}

#[test]
fn paths_that_lead_out_are_refused() {
    on_both(|disk, place| {
        let store = store(disk, place).unwrap();
        publish(&store, &described(id(1))).unwrap();
        for path in ["../../STORE.json", "/etc/passwd", "a//b", "./RESTORE.txt", ""] {
            assert!(store.open_file(id(1), path).is_err(), "{path}");
        }
    });
}

#[test]
fn a_damaged_or_missing_manifest_is_told() {
    on_both(|disk, place| {
        let store = store(disk, place).unwrap();
        publish(&store, &described(id(1))).unwrap();
        let manifest = place.join(format!("sets/{}/manifest.json", id(1)));
        disk.truncate(&manifest, 10).unwrap();
        assert_eq!(store.manifest(id(1)).unwrap_err().code(), "set_digest_mismatch");
        disk.remove_file(&manifest).unwrap();
        assert_eq!(store.manifest(id(1)).unwrap_err().code(), "set_digest_mismatch");
        assert_eq!(store.manifest(id(9)).unwrap_err().code(), "set_missing");
    });
}

#[test]
fn real_stores_are_private_and_links_in_sets_are_not_followed() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("store");
    let store = store(&OsDisk, &place).unwrap();
    publish(&store, &described(id(1))).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let set = place.join("sets").join(id(1).to_string());
    assert_eq!((mode(&place), mode(&set), mode(&set.join("RESTORE.txt"))), (0o700, 0o700, 0o600));
    std::fs::remove_file(set.join("RESTORE.txt")).unwrap();
    symlink("/etc/passwd", set.join("RESTORE.txt")).unwrap();
    assert!(store.open_file(id(1), "RESTORE.txt").is_err());
    assert!(store.files(id(1)).unwrap().contains(&("RESTORE.txt".to_owned(), None)));
}
