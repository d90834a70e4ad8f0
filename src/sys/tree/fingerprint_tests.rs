// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "trees are made and changed without the code under test"
)]

use std::fs;
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rustix::fs::{CWD, Timespec, Timestamps, XattrFlags, setxattr, utimensat};
use tempfile::TempDir;

use super::*;
use crate::sys::tree::{Durability, capture, extract, open_root};
use crate::volume::Fidelity;
use crate::volume::pax::Reader;
use crate::volume::testing;

fn free<T>(work: impl FnOnce(&mut Control<'_>) -> T) -> T {
    work(&mut Control::new(&|| false, &mut |_| {}))
}

fn taken(path: &Path, only: Option<&[u8]>) -> Fingerprint {
    free(|control| fingerprint(open_root(path).unwrap().as_fd(), only, control)).unwrap()
}

fn captured(path: &Path, only: Option<&[u8]>) -> Fingerprint {
    let root = open_root(path).unwrap();
    let done = free(|control| capture(root.as_fd(), only, io::sink(), &mut |_| Ok(()), control));
    done.unwrap().0.fingerprint
}

/// Waits until the clock of files goes on, so that the next change is not of the same tick.
fn next_tick(newest: Option<crate::volume::Timestamp>) {
    let probe = tempfile::tempdir().unwrap();
    let file = probe.path().join("probe");
    loop {
        fs::write(&file, b"x").unwrap();
        let about = fs::metadata(&file).unwrap();
        let now = (about.ctime(), about.ctime_nsec());
        if newest.is_none_or(|newest| now > (newest.seconds, newest.nanoseconds.into())) {
            return;
        }
    }
}

/// Sets the times of something to what they were.
fn put_back(path: &Path, about: &fs::Metadata) {
    let time = |seconds, nanoseconds| Timespec { tv_sec: seconds, tv_nsec: nanoseconds };
    let times = Timestamps {
        last_access: time(about.atime(), about.atime_nsec()),
        last_modification: time(about.mtime(), about.mtime_nsec()),
    };
    utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW).unwrap();
}

/// A tree with one of each that can be changed.
fn planted() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    let root = place.path();
    fs::create_dir_all(root.join("d/inner")).unwrap();
    fs::write(root.join("file"), b"content").unwrap();
    fs::write(root.join("d/file"), b"content").unwrap();
    symlink("one", root.join("link")).unwrap();
    fs::hard_link(root.join("file"), root.join("d/hard")).unwrap();
    place
}

type Change = (&'static str, fn(&Path));

/// Each changes something and, where that shows in times that can be set, sets them back.
const CHANGES: [Change; 12] = [
    ("content of the same length", |root| {
        let file = root.join("file");
        let about = fs::metadata(&file).unwrap();
        fs::OpenOptions::new().write(true).open(&file).unwrap().write_at(b"CONTENT", 0).unwrap();
        put_back(&file, &about);
    }),
    ("content below a folder", |root| {
        let file = root.join("d/file");
        let about = fs::metadata(&file).unwrap();
        fs::OpenOptions::new().write(true).open(&file).unwrap().write_at(b"C", 3).unwrap();
        put_back(&file, &about);
    }),
    ("size", |root| fs::write(root.join("file"), b"more content").unwrap()),
    ("mode", |root| fs::set_permissions(root.join("file"), fs::Permissions::from_mode(0o600)).unwrap()),
    ("mode of the root", |root| fs::set_permissions(root, fs::Permissions::from_mode(0o711)).unwrap()),
    ("an attribute", |root| {
        // A file system without them has nothing to show, so its time is set instead.
        let set = setxattr(root.join("d/file"), "user.note", b"x", XattrFlags::empty());
        if set.is_err() {
            put_back(&root.join("d/file"), &fs::metadata(root).unwrap());
        }
    }),
    ("the time of a file, to what it is", |root| {
        put_back(&root.join("file"), &fs::metadata(root.join("file")).unwrap());
    }),
    ("a new name", |root| fs::write(root.join("d/new"), b"").unwrap()),
    ("a name less", |root| fs::remove_file(root.join("d/hard")).unwrap()),
    ("another name", |root| {
        let about = fs::metadata(root.join("d")).unwrap();
        fs::rename(root.join("d/file"), root.join("d/life")).unwrap();
        put_back(&root.join("d"), &about);
    }),
    ("another file of the same name and content", |root| {
        let file = root.join("d/file");
        let (about, folder) = (fs::metadata(&file).unwrap(), fs::metadata(root.join("d")).unwrap());
        fs::remove_file(&file).unwrap();
        fs::write(&file, b"content").unwrap();
        put_back(&file, &about);
        put_back(&root.join("d"), &folder);
    }),
    ("the target of a link", |root| {
        let (about, folder) = (fs::symlink_metadata(root.join("link")).unwrap(), fs::metadata(root).unwrap());
        fs::remove_file(root.join("link")).unwrap();
        symlink("two", root.join("link")).unwrap();
        put_back(&root.join("link"), &about);
        put_back(root, &folder);
    }),
];

#[test]
fn every_change_shows_whatever_times_were_set_back() {
    for (what, change) in CHANGES {
        let place = planted();
        let before = taken(place.path(), None);
        assert_eq!(captured(place.path(), None), before, "{what}");
        assert_eq!(taken(place.path(), None), before, "reading changes nothing");
        next_tick(before.newest);
        change(place.path());
        let after = taken(place.path(), None);
        assert_ne!(after.digest, before.digest, "{what}");
        assert!(after.newest > before.newest, "{what}");
    }
}

#[test]
fn a_single_name_is_all_that_counts_beside_the_root() {
    let place = planted();
    let only = |name: &[u8]| taken(place.path(), Some(name));
    let (file, folder) = (only(b"file"), only(b"d"));
    assert_eq!(captured(place.path(), Some(b"file")), file);
    assert_eq!(captured(place.path(), Some(b"d")), folder);
    next_tick(taken(place.path(), None).newest);
    fs::write(place.path().join("d/file"), b"changed").unwrap();
    assert_eq!(only(b"file"), file);
    assert_ne!(only(b"d").digest, folder.digest);
}

#[test]
fn what_operations_keep_at_the_top_does_not_count_and_sockets_do() {
    let place = planted();
    fs::create_dir(place.path().join(".stackctl-op")).unwrap();
    let before = taken(place.path(), None);
    next_tick(before.newest);
    fs::write(place.path().join(".stackctl-op/file"), b"").unwrap();
    assert_eq!(taken(place.path(), None), before);
    let _socket = std::os::unix::net::UnixListener::bind(place.path().join("socket")).unwrap();
    let with_socket = taken(place.path(), None);
    assert_ne!(with_socket.digest, before.digest);
    assert_eq!(captured(place.path(), None), with_socket);
}

/// All regular files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files(&entry.path()));
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A look and a capture see the same, and a byte of any file is not changed without showing.
    #[test]
    fn a_tree_shows_that_any_byte_of_it_changed(mut tree in testing::tree(), which in any::<prop::sample::Index>()) {
        if !rustix::process::geteuid().is_root() {
            testing::for_anybody(&mut tree);
        }
        let place = tempfile::tempdir().unwrap();
        let bytes = testing::archive(&tree).unwrap();
        let reader = Reader::new(bytes.as_slice(), Fidelity::Exact);
        let root = open_root(place.path()).unwrap();
        free(|control| extract(reader, root.as_fd(), None, Durability::FileSystem, control)).unwrap();
        let before = taken(place.path(), None);
        prop_assert_eq!(&captured(place.path(), None), &before);
        let files: Vec<PathBuf> =
            files(place.path()).into_iter().filter(|file| fs::metadata(file).unwrap().len() > 0).collect();
        if files.is_empty() {
            return Ok(());
        }
        let file = which.get(&files);
        let about = fs::metadata(file).unwrap();
        next_tick(before.newest);
        fs::OpenOptions::new().write(true).open(file).unwrap().write_at(b"#", about.len() / 2).unwrap();
        put_back(file, &about);
        let after = taken(place.path(), None);
        prop_assert_ne!(&after.digest, &before.digest);
        prop_assert_eq!(&captured(place.path(), None), &after);
    }
}

#[test]
fn only_file_systems_of_this_kernel_are_relied_on() {
    let place = tempfile::tempdir().unwrap();
    let kind = u32::try_from(rustix::fs::statfs(place.path()).unwrap().f_type).unwrap();
    let root = open_root(place.path()).unwrap();
    assert_eq!(has_change_times(root.as_fd()).unwrap(), FILE_SYSTEMS.contains(&kind));
    assert!(!has_change_times(open_root(Path::new("/proc")).unwrap().as_fd()).unwrap());
}
