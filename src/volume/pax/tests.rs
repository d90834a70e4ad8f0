// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::io::Read;

use proptest::prelude::*;

use super::header::{Header, encode, kind};
use super::records::Records;
use super::{BLOCK, PaxError, Reader, Tally, Writer, padding};
use crate::error::UserError as _;
use crate::volume::testing::{Tree, archive, tree};
use crate::volume::{Entry, Fidelity, Kind, Meta, TreePath};

fn read(bytes: &[u8], fidelity: Fidelity) -> Result<(Tree, Tally), PaxError> {
    let mut reader = Reader::new(bytes, fidelity);
    let mut tree = Vec::new();
    while let Some(entry) = reader.entry()? {
        let mut data = Vec::new();
        let mut buffer = [0; 700];
        loop {
            match reader.data(&mut buffer)? {
                0 => break,
                length => data.extend_from_slice(&buffer[..length]),
            }
        }
        tree.push((entry, data));
    }
    let (tally, _) = reader.finish(Some(tree.len() as u64))?;
    Ok((tree, tally))
}

fn code(bytes: &[u8]) -> &'static str {
    read(bytes, Fidelity::Exact).map_or_else(|error| error.code(), |_| "fine")
}

/// A tree of raw headers, each with its records and data, closed as it should be.
fn raw(entries: &[(Header, Records, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut put = |header: &Header, content: &[u8]| {
        bytes.extend(encode(&Header { size: content.len() as u64, ..header.clone() }));
        bytes.extend(content);
        bytes.resize(bytes.len() + usize::try_from(padding(content.len() as u64)).unwrap(), 0);
    };
    for (header, records, data) in entries {
        if !records.is_empty() {
            put(&Header { kind: kind::RECORDS, ..Header::default() }, records.bytes());
        }
        put(header, data);
    }
    bytes.resize(bytes.len() + 2 * BLOCK, 0);
    bytes
}

fn header(name: &str, kind: u8) -> Header {
    Header { name: name.into(), kind, ..Header::default() }
}

fn plain(name: &str, kind: u8) -> (Header, Records, &'static [u8]) {
    (header(name, kind), Records::default(), b"")
}

fn link(name: &str, target: &str) -> (Header, Records, &'static [u8]) {
    (Header { link: target.into(), ..header(name, kind::HARD_LINK) }, Records::default(), b"")
}

fn with(name: &str, kind: u8, records: &[(&str, &str)]) -> (Header, Records, &'static [u8]) {
    let mut all = Records::default();
    for (key, value) in records {
        all.put(key.as_bytes(), value.as_bytes());
    }
    (header(name, kind), all, b"")
}

proptest! {
    #[test]
    fn a_tree_comes_back_and_is_written_the_same_again(tree in tree()) {
        let bytes = archive(&tree).unwrap();
        let (back, tally) = read(&bytes, Fidelity::Exact).unwrap();
        prop_assert_eq!(&back, &tree);
        prop_assert_eq!(tally.entries, tree.len() as u64);
        prop_assert_eq!(archive(&back).unwrap(), bytes);
    }

    #[test]
    fn every_cut_is_seen(tree in tree(), cut: proptest::sample::Index) {
        let bytes = archive(&tree).unwrap();
        prop_assert!(read(&bytes[..cut.index(bytes.len())], Fidelity::Exact).is_err());
    }

    #[test]
    fn damage_never_makes_it_panic(tree in tree(), damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = archive(&tree).unwrap();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] ^= byte;
        }
        let _ = read(&bytes, Fidelity::Exact);
        let _ = read(&bytes, Fidelity::EngineArchive);
    }
}

#[test]
fn a_cut_between_entries_is_seen() {
    let whole = raw(&[plain("./", kind::DIRECTORY), plain("./a", kind::FILE)]);
    assert_eq!(code(&whole), "fine");
    assert_eq!(code(&whole[..whole.len() - 2 * BLOCK]), "archive_truncated");
    assert_eq!(code(&whole[..whole.len() - BLOCK]), "archive_truncated");
    assert_eq!(code(&[]), "archive_truncated");
    // Cut, and closed again: only the count tells.
    let closed = [&whole[..BLOCK], &[0; 2 * BLOCK]].concat();
    let told = Reader::new(closed.as_slice(), Fidelity::Exact).finish(Some(2));
    assert_eq!(told.map(|_| ()).unwrap_err().code(), "archive_wrong_count");
}

#[test]
fn behind_the_end_stand_zeros_alone() {
    let whole = raw(&[plain("./", kind::DIRECTORY)]);
    assert_eq!(code(&[whole.clone(), vec![0; 7 * BLOCK]].concat()), "fine");
    assert_eq!(code(&[whole.clone(), vec![0; 7]].concat()), "archive_trailing_data");
    assert_eq!(code(&[whole.clone(), whole.clone()].concat()), "archive_trailing_data");
    assert_eq!(code(&[whole.clone(), vec![0; 4000 * BLOCK]].concat()), "archive_trailing_data");
    assert_eq!(code(&[&whole[..BLOCK], &[0; BLOCK], &whole[..BLOCK]].concat()), "archive_header");
}

#[test]
fn names_that_lead_out_are_refused() {
    let root = || plain("./", kind::DIRECTORY);
    for (entry, expected) in [
        (plain("/etc/passwd", kind::FILE), "archive_path"),
        (plain("./../a", kind::FILE), "archive_path"),
        (plain("../a", kind::FILE), "archive_path"),
        (plain(".//a", kind::FILE), "archive_path"),
        (plain("./a/", kind::FILE), "archive_path"),
        (plain("./a//", kind::DIRECTORY), "archive_path"),
        (plain("a", kind::FILE), "archive_no_parent"),
        (plain("./", kind::DIRECTORY), "archive_path"),
        (with("./a", kind::FILE, &[("path", "./../../etc/passwd")]), "archive_path"),
        (with("./a", kind::FILE, &[("path", "./a\0b")]), "archive_path"),
        (link("./b", "./../x"), "archive_path"),
        (link("./b", "/etc/passwd"), "archive_path"),
        (link("./b", "./c"), "archive_link_target"),
        (link("./b", "./b"), "archive_link_target"),
        (plain("./x/y", kind::FILE), "archive_no_parent"),
    ] {
        let name = entry.0.name.escape_ascii().to_string();
        assert_eq!(code(&raw(&[root(), entry])), expected, "{name}");
    }
}

#[test]
fn the_tree_must_hold_together() {
    let root = || plain("./", kind::DIRECTORY);
    let symlink = (Header { link: b"/etc".to_vec(), ..header("./a", kind::SYMLINK) }, Records::default(), &b""[..]);
    assert_eq!(code(&raw(&[root(), symlink, plain("./a/passwd", kind::FILE)])), "archive_no_parent");
    assert_eq!(code(&raw(&[root(), plain("./a", kind::FILE), plain("./a/b", kind::FILE)])), "archive_no_parent");
    assert_eq!(code(&raw(&[root(), plain("./a", kind::FILE), plain("./a", kind::FILE)])), "archive_order");
    assert_eq!(code(&raw(&[root(), plain("./b", kind::FILE), plain("./a", kind::FILE)])), "archive_order");
    assert_eq!(code(&raw(&[root(), plain("./a", kind::DIRECTORY), link("./b", "./a")])), "archive_link_target");
    assert_eq!(
        code(&raw(&[root(), plain("./a", kind::FILE), link("./b", "./a"), link("./c", "./b")])),
        "archive_link_target"
    );
    assert_eq!(code(&raw(&[plain("./a", kind::FILE)])), "archive_no_root");
    assert_eq!(code(&raw(&[])), "archive_no_root");
}

#[test]
fn what_is_not_understood_is_refused() {
    let root = || plain("./", kind::DIRECTORY);
    for (records, expected) in [
        (&[("LIBARCHIVE.something", "1")][..], "archive_records"),
        (&[("mtime", "1"), ("mtime", "2")], "archive_records"),
        (&[("uid", "-1")], "archive_records"),
        (&[("uid", "4294967295")], "archive_header"),
        (&[("size", "9")], "archive_truncated"),
        (&[("size", "99999999999999999999")], "archive_records"),
        (&[("GNU.sparse.major", "0"), ("GNU.sparse.minor", "1")], "archive_records"),
        (&[("SCHILY.acl.access", "user:alice:rwx")], "archive_records"),
        (&[("SCHILY.xattr.", "x")], "archive_records"),
    ] {
        assert_eq!(code(&raw(&[root(), with("./a", kind::FILE, records)])), expected, "{records:?}");
    }
    for unknown in [b'7', b'g', b'S', b'L', 0] {
        assert_eq!(code(&raw(&[root(), plain("./a", unknown)])), "archive_header", "{unknown}");
    }
    let with_data = (header("./a", kind::FIFO), Records::default(), &b"data"[..]);
    assert_eq!(code(&raw(&[root(), with_data])), "archive_size");
}

#[test]
fn long_headers_are_not_believed() {
    let mut bytes = raw(&[plain("./", kind::DIRECTORY)]);
    bytes.truncate(BLOCK);
    bytes.extend(encode(&Header { size: 5_000_000_000, kind: kind::RECORDS, ..Header::default() }));
    assert_eq!(code(&bytes), "archive_records_too_long");
}

#[test]
fn an_archive_of_the_engine_is_read() {
    let entry =
        |name: &str, kind, mode| (Header { mode, mtime: 7, ..header(name, kind) }, Records::default(), &b""[..]);
    let mut capability = Records::default();
    capability.put(b"SCHILY.xattr.security.capability", b"\x01\0");
    let mut file = entry("v/data", kind::FILE, 0o100_640);
    (file.1, file.2) = (capability, b"content");
    let bytes = raw(&[entry("v/", kind::DIRECTORY, 0o40_710), file, link("v/more", "v/data")]);
    let (tree, tally) = read(&bytes, Fidelity::EngineArchive).unwrap();
    assert_eq!(tally, Tally { entries: 3, bytes: 7 });
    assert_eq!((tree[0].0.meta.mode, tree[1].0.meta.mode), (0o710, 0o640));
    assert_eq!(tree[1].0.path, TreePath::parse(b"data").unwrap());
    assert_eq!(tree[1].0.meta.xattrs.len(), 1);
    assert_eq!(tree[2].0.kind, Kind::HardLink(tree[1].0.path.clone()));
    assert_eq!(code(&bytes), "archive_no_root");
}

#[test]
fn the_writer_holds_the_order_too() {
    let entry = |path: &[u8], kind| Entry { path: TreePath::parse(path).unwrap(), meta: Meta::default(), kind };
    let begun = || {
        let mut writer = Writer::new(Vec::new());
        writer.entry(&entry(b"", Kind::Directory)).unwrap();
        writer
    };
    assert_eq!(Writer::new(Vec::new()).entry(&entry(b"a", Kind::Fifo)).unwrap_err().code(), "archive_no_root");
    assert_eq!(begun().entry(&entry(b"", Kind::Directory)).unwrap_err().code(), "archive_order");
    assert_eq!(begun().data(b"x").unwrap_err().code(), "archive_size");
    assert_eq!(begun().entry(&entry(b"a", Kind::Symlink(Vec::new()))).unwrap_err().code(), "archive_header");
    let mut writer = begun();
    writer.entry(&entry(b"a", Kind::full_file(3))).unwrap();
    writer.data(b"ab").unwrap();
    assert_eq!(writer.entry(&entry(b"b", Kind::Fifo)).unwrap_err().code(), "archive_size");
    assert!(writer.finish().is_err());
}

#[test]
fn a_failing_stream_is_told_as_such() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::PermissionDenied.into())
        }
    }
    let told = Reader::new(Broken, Fidelity::Exact).entry();
    assert_eq!(told.unwrap_err().code(), "archive_io");
}
