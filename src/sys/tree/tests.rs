// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "trees are made and looked at without the code under test"
)]

use std::cell::Cell;
use std::fs;
use std::io::{self, BufReader, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use rustix::fs::OFlags;
use tempfile::TempDir;

use super::open::Opener;
use super::*;
use crate::error::UserError as _;
use crate::volume::commit::{CommitList, Direction};
use crate::volume::digest::ContentHasher;
use crate::volume::index::{Record, compare};
use crate::volume::pax::Reader;
use crate::volume::testing::{self, Tree};
use crate::volume::{Entry, Fidelity, Kind, Meta, TreePath};

/// Runs work that nobody stops or follows.
fn free<T>(work: impl FnOnce(&mut Control<'_>) -> T) -> T {
    work(&mut Control::new(&|| false, &mut |_| {}))
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(path: &Path) -> OwnedFd {
    open_root(path).unwrap()
}

fn captured(path: &Path) -> (Vec<u8>, Vec<Record>, Captured) {
    let mut records = Vec::new();
    let mut keep = |record| {
        records.push(record);
        Ok(())
    };
    let (captured, bytes) = free(|control| capture(open(path).as_fd(), None, Vec::new(), &mut keep, control)).unwrap();
    (bytes, records, captured)
}

fn indexed(path: &Path) -> Vec<Record> {
    let mut records = Vec::new();
    let mut keep = |record| {
        records.push(record);
        Ok(())
    };
    let notes = free(|control| index(open(path).as_fd(), None, &mut keep, control)).unwrap();
    assert_eq!(notes, Notes::default());
    records
}

fn extracted(bytes: &[u8], path: &Path) -> Result<(), TreeError> {
    let reader = Reader::new(bytes, Fidelity::Exact);
    let into = open(path);
    free(|control| extract(reader, into.as_fd(), None, Durability::FileSystem, control)).map(|_| ())
}

/// The index of a tree that was never on a disk.
fn expected(tree: &Tree) -> Vec<Record> {
    let record = |(entry, data): &(Entry, Vec<u8>)| {
        let mut hasher = ContentHasher::default();
        if let Kind::File { size, extents } = &entry.kind {
            let (mut at, mut rest) = (0, data.as_slice());
            for run in extents {
                hasher.hole(run.offset - at);
                let (now, later) = rest.split_at(usize::try_from(run.length).unwrap());
                hasher.data(now);
                (at, rest) = (run.offset + run.length, later);
            }
            hasher.hole(size - at);
        }
        Record::of(entry, hasher.finish())
    };
    tree.iter().map(record).collect()
}

fn told(before: &[Record], after: &[Record]) -> Vec<String> {
    compare(before, after, Fidelity::Exact).iter().map(ToString::to_string).collect()
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// An archive to a disk and back: the tree is the same, the bytes are the same, GNU tar reads and writes the same.
    #[test]
    fn a_tree_goes_to_the_disk_and_comes_back(mut tree in testing::tree()) {
        if !is_root() {
            testing::for_anybody(&mut tree);
        }
        let bytes = testing::archive(&tree).unwrap();
        let (place, other, third) = (folder(), folder(), folder());
        extracted(&bytes, place.path()).unwrap();
        let (again, records, captured) = captured(place.path());
        prop_assert_eq!(told(&expected(&tree), &records), Vec::<String>::new());
        prop_assert_eq!(&captured.notes, &Notes::default());
        prop_assert_eq!(captured.tally.entries, tree.len() as u64);
        prop_assert!(again == bytes, "the archive has other bytes");
        prop_assert_eq!(&indexed(place.path()), &records);
        if is_root() {
            gnu_tar_restores(&bytes, other.path());
            prop_assert_eq!(told(&records, &indexed(other.path())), Vec::<String>::new(), "restored by tar");
            let made = gnu_tar_makes(place.path());
            extracted(&made, third.path()).unwrap();
            let differs = told(&records, &indexed(third.path()));
            // GNU tar 1.34 writes a pipe or a device with two names twice.
            prop_assert!(differs.is_empty() || has_special_with_names(&tree), "made by tar: {differs:?}");
        }
    }
}

fn has_special_with_names(tree: &Tree) -> bool {
    let is_plain = |path: &TreePath| {
        let kinds = tree.iter().filter(|(entry, _)| entry.path == *path).map(|(entry, _)| &entry.kind);
        kinds.into_iter().all(|kind| matches!(kind, Kind::File { .. } | Kind::Symlink(_)))
    };
    tree.iter().any(|(entry, _)| matches!(&entry.kind, Kind::HardLink(target) if !is_plain(target)))
}

/// A tree as `tar` restores it, in the form that is told to people.
fn gnu_tar_restores(bytes: &[u8], path: &Path) {
    let file = folder();
    let archive = file.path().join("a.tar");
    fs::write(&archive, bytes).unwrap();
    let options = ["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "-xpSf"];
    let output = Command::new("tar").arg("-C").arg(path).args(options).arg(&archive).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn gnu_tar_makes(path: &Path) -> Vec<u8> {
    let options = [
        "--format=pax",
        "--sort=name",
        "--xattrs",
        "--xattrs-include=*",
        "--acls",
        "--numeric-owner",
        "-cSf",
        "-",
        ".",
    ];
    let output = Command::new("tar").arg("-C").arg(path).args(options).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn compressed_in_frames_it_is_one_stream() {
    let place = folder();
    fs::write(place.path().join("data"), vec![b'x'; 3_000_000]).unwrap();
    let sink = FrameWriter::new(Vec::new(), 3).unwrap();
    let mut ignore = |_| Ok(());
    let (_, sink) = free(|control| capture(open(place.path()).as_fd(), None, sink, &mut ignore, control)).unwrap();
    let bytes = sink.finish().unwrap();
    let mut plain = Vec::new();
    FrameReader::new(bytes.as_slice()).unwrap().read_to_end(&mut plain).unwrap();
    assert!(plain == captured(place.path()).0);
    let mut cut = FrameReader::new(&bytes[..bytes.len() - 3]).unwrap();
    assert_eq!(cut.read_to_end(&mut Vec::new()).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    let reader = Reader::new(BufReader::new(FrameReader::new(&bytes[..bytes.len() - 3]).unwrap()), Fidelity::Exact);
    assert_eq!(reader.finish(None).map(|_| ()).unwrap_err().code(), "archive_truncated");
    let mut damaged = bytes.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    assert!(FrameReader::new(damaged.as_slice()).unwrap().read_to_end(&mut Vec::new()).is_err());
}

#[test]
fn a_new_frame_begins_when_one_is_full() {
    let mut sink = FrameWriter::new(Vec::new(), 1).unwrap();
    let piece = vec![0; 1024 * 1024];
    for _ in 0..=FRAME / piece.len() as u64 {
        sink.write_all(&piece).unwrap();
    }
    let bytes = sink.finish().unwrap();
    let frames = bytes.windows(4).filter(|window| *window == [0x28, 0xb5, 0x2f, 0xfd]).count();
    assert_eq!(frames, 2);
    let read = io::copy(&mut FrameReader::new(bytes.as_slice()).unwrap(), &mut io::sink()).unwrap();
    assert_eq!(read, FRAME + piece.len() as u64);
}

#[test]
fn sockets_are_left_out_and_told() {
    let place = folder();
    let _socket = std::os::unix::net::UnixListener::bind(place.path().join("socket")).unwrap();
    let (_, records, captured) = captured(place.path());
    assert_eq!((records.len(), captured.notes.sockets.total), (1, 1));
    assert_eq!(captured.notes.sockets.paths, [TreePath::parse(b"socket").unwrap()]);
}

/// Does something to the disk in the middle of a capture, at the n-th call for more.
fn captured_while(path: &Path, at: u32, act: impl Fn()) -> (Vec<u8>, Captured) {
    let calls = Cell::new(0);
    let stop = || {
        calls.set(calls.get() + 1);
        if calls.get() == at {
            act();
        }
        false
    };
    let mut tell = |_| {};
    let mut control = Control::new(&stop, &mut tell);
    let mut ignore = |_| Ok(());
    let (captured, bytes) = capture(open(path).as_fd(), None, Vec::new(), &mut ignore, &mut control).unwrap();
    (bytes, captured)
}

#[test]
fn a_file_that_changes_while_it_is_read_is_told() {
    for grows in [true, false] {
        let place = folder();
        let file = place.path().join("file");
        fs::write(&file, vec![b'x'; 600_000]).unwrap();
        // Root, name, first piece, second piece.
        let (bytes, captured) = captured_while(place.path(), 4, || {
            let file = fs::OpenOptions::new().write(true).open(&file).unwrap();
            if grows { file.write_at(b"more", 700_000).map(|_| ()) } else { file.set_len(300_000) }.unwrap();
        });
        assert_eq!(captured.notes.changed.paths, [TreePath::parse(b"file").unwrap()], "grows: {grows}");
        // The archive is whole nevertheless.
        let (tally, _) = Reader::new(bytes.as_slice(), Fidelity::Exact).finish(Some(2)).unwrap();
        assert_eq!(tally.bytes, 600_000);
    }
}

#[test]
fn what_vanishes_or_becomes_a_link_is_left_out_and_told() {
    let (place, outside) = (folder(), folder());
    fs::write(outside.path().join("secret"), b"secret").unwrap();
    let directory = place.path().join("b");
    fs::create_dir(&directory).unwrap();
    fs::write(place.path().join("a"), b"").unwrap();
    let (bytes, captured) = captured_while(place.path(), 2, || {
        fs::remove_file(place.path().join("a")).unwrap();
        fs::remove_dir(&directory).unwrap();
        symlink(outside.path(), &directory).unwrap();
    });
    assert_eq!(captured.notes.vanished.total, 1);
    assert!(!bytes.windows(6).any(|window| window == b"secret"));
}

#[test]
fn a_directory_that_becomes_a_link_is_never_entered() {
    let (place, outside) = (folder(), folder());
    let link = place.path().join("link");
    symlink(outside.path(), &link).unwrap();
    let root = open(place.path());
    for opener in [Opener::of(root.as_fd()).unwrap(), Opener::of(root.as_fd()).unwrap().without_openat2()] {
        for flags in [OFlags::DIRECTORY, OFlags::empty()] {
            assert!(opener.read(root.as_fd(), b"link", flags).is_err());
        }
        assert!(opener.descend(root.as_fd(), &TreePath::parse(b"link/x").unwrap()).is_err());
        assert!(opener.read(root.as_fd(), b".", OFlags::DIRECTORY).is_ok());
    }
}

#[test]
fn a_caller_may_stop_it() {
    let place = folder();
    fs::write(place.path().join("file"), vec![b'x'; 600_000]).unwrap();
    let (bytes, _, _) = captured(place.path());
    let mut tell = |_| {};
    let mut control = Control::new(&|| true, &mut tell);
    let told = capture(open(place.path()).as_fd(), None, io::sink(), &mut |_| Ok(()), &mut control);
    assert_eq!(told.map(|_| ()).unwrap_err().code(), "cancelled");
    let into = folder();
    let reader = Reader::new(bytes.as_slice(), Fidelity::Exact);
    let told = extract(reader, open(into.path()).as_fd(), None, Durability::EachFile, &mut control);
    assert_eq!(told.map(|_| ()).unwrap_err().code(), "cancelled");
}

#[test]
fn a_full_sink_is_an_error() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let place = folder();
    fs::write(place.path().join("file"), vec![b'x'; 600_000]).unwrap();
    let told = free(|control| capture(open(place.path()).as_fd(), None, Full(400_000), &mut |_| Ok(()), control));
    assert_eq!(told.map(|_| ()).unwrap_err().code(), "archive_io");
}

/// Runs the inner test below with a file system of its own, of 1 MiB, in a mount namespace of its own.
#[test]
fn a_full_disk_is_told() {
    let place = folder();
    let script = "mount -t tmpfs -o size=1m none \"$1\" && exec \"$2\" --exact --include-ignored --quiet \"$3\"";
    let program = std::env::current_exe().unwrap();
    let output = Command::new("unshare")
        .args(["--mount", "--propagation", "private", "sh", "-c", script, "sh"])
        .arg(place.path())
        .arg(program)
        .arg("sys::tree::tests::inside_a_small_file_system")
        .env(SMALL, place.path())
        .output();
    match output {
        Ok(output) if is_root() => {
            let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            // A container may forbid namespaces and mounts even to root.
            let may_not = told.contains("not permitted") || told.contains("denied");
            assert!(output.status.success() || may_not, "{told}");
        }
        // Only root may mount.
        _ => {}
    }
}

/// Names the small file system to the inner test.
const SMALL: &str = "STACKCTL_TEST_SMALL";

#[test]
#[ignore = "run by `a_full_disk_is_told`"]
fn inside_a_small_file_system() {
    let Some(small) = std::env::var_os(SMALL) else { return };
    let place = folder();
    fs::write(place.path().join("large"), vec![b'x'; 3_000_000]).unwrap();
    let (bytes, _, _) = captured(place.path());
    let told = extracted(&bytes, Path::new(&small)).unwrap_err();
    assert_eq!(told.code(), "no_space", "{told}");
}

#[test]
fn only_an_empty_directory_is_unpacked_into_and_a_cut_archive_is_refused() {
    let (place, into) = (folder(), folder());
    fs::write(place.path().join("a"), b"a").unwrap();
    let (bytes, _, _) = captured(place.path());
    assert_eq!(extracted(&bytes, place.path()).unwrap_err().code(), "not_empty");
    assert_eq!(extracted(&bytes[..bytes.len() - 512], into.path()).unwrap_err().code(), "archive_truncated");
}

#[test]
fn an_inherited_acl_does_not_leak_into_the_tree() {
    let (place, into) = (folder(), folder());
    fs::write(place.path().join("a"), b"a").unwrap();
    fs::create_dir(place.path().join("d")).unwrap();
    let (bytes, records, _) = captured(place.path());
    let acl = crate::volume::acl::from_text(b"user::rwx,user:7:rwx,group::rwx,mask::rwx,other::rwx").unwrap();
    let set = rustix::fs::setxattr(into.path(), "system.posix_acl_default", &acl, rustix::fs::XattrFlags::empty());
    if set.is_ok() {
        extracted(&bytes, into.path()).unwrap();
        assert_eq!(told(&records, &indexed(into.path())), Vec::<String>::new());
    }
}

#[test]
fn a_tree_is_removed_and_links_in_it_are_not_followed() {
    let (place, outside) = (folder(), folder());
    fs::write(outside.path().join("kept"), b"").unwrap();
    let inner = place.path().join("x/y/z");
    fs::create_dir_all(&inner).unwrap();
    symlink(outside.path(), inner.join("link")).unwrap();
    fs::write(inner.join("file"), b"").unwrap();
    let root = open(place.path());
    for _ in 0..2 {
        free(|control| remove_tree(root.as_fd(), b"x", control)).unwrap();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
    assert!(outside.path().join("kept").exists());
}

/// A volume with an old tree, and a new one staged in our directory.
fn staged() -> (TempDir, CommitList) {
    let place = folder();
    let root = place.path();
    fs::create_dir_all(root.join(".stackctl-op/new/both")).unwrap();
    fs::write(root.join(".stackctl-op/new/both/inner"), b"new").unwrap();
    fs::write(root.join(".stackctl-op/new/added"), b"new").unwrap();
    fs::write(root.join("both"), b"old").unwrap();
    fs::write(root.join("gone"), b"old").unwrap();
    let top = open(root);
    let new = open(&root.join(".stackctl-op/new"));
    let meta = |mode| {
        let about = fs::metadata(root).unwrap();
        Meta { mode, uid: about.uid(), gid: about.gid(), ..Meta::default() }
    };
    let list =
        CommitList::new(names(top.as_fd()).unwrap(), names(new.as_fd()).unwrap(), meta(0o700), meta(0o1750)).unwrap();
    (place, list)
}

#[test]
fn a_staged_tree_takes_the_place_of_the_old_one_and_goes_back() {
    let (place, list) = staged();
    let side = open(&place.path().join(".stackctl-op"));
    let root = open(place.path());
    assert_eq!(read_list(side.as_fd()).unwrap(), None);
    begin(side.as_fd(), &list).unwrap();
    assert_eq!(read_list(side.as_fd()).unwrap().as_ref(), Some(&list));
    let mode = || fs::metadata(place.path()).unwrap().permissions().mode() & 0o7777;
    for _ in 0..2 {
        run(root.as_fd(), side.as_fd(), &list, Direction::Forward, &mut |_| Ok(())).unwrap();
        assert_eq!(names(root.as_fd()).unwrap(), [b"added".to_vec(), b"both".to_vec()]);
        assert_eq!(fs::read(place.path().join("both/inner")).unwrap(), b"new");
        assert_eq!(mode(), 0o1750);
    }
    for _ in 0..2 {
        run(root.as_fd(), side.as_fd(), &list, Direction::Back, &mut |_| Ok(())).unwrap();
        assert_eq!(fs::read(place.path().join("both")).unwrap(), b"old");
        assert_eq!(names(root.as_fd()).unwrap(), [b"both".to_vec(), b"gone".to_vec()]);
        assert_eq!(mode(), 0o700);
    }
}

#[test]
fn a_disturbed_volume_is_told() {
    let (place, list) = staged();
    let side = open(&place.path().join(".stackctl-op"));
    begin(side.as_fd(), &list).unwrap();
    fs::remove_file(place.path().join("gone")).unwrap();
    let told = run(open(place.path()).as_fd(), side.as_fd(), &list, Direction::Forward, &mut |_| Ok(()));
    assert_eq!(told.unwrap_err().code(), "commit_disturbed");
}

#[test]
fn a_device_that_may_not_be_made_is_told() {
    if is_root() {
        return;
    }
    let mut tree: Tree =
        vec![(Entry { path: TreePath::root(), meta: Meta::default(), kind: Kind::Directory }, Vec::new())];
    let kind = Kind::CharDevice(crate::volume::Device { major: 1, minor: 3 });
    tree.push((Entry { path: TreePath::parse(b"null").unwrap(), meta: Meta::default(), kind }, Vec::new()));
    let told = extracted(&testing::archive(&tree).unwrap(), folder().path());
    assert_eq!(told.unwrap_err().code(), "device_refused");
}
