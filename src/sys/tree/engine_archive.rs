// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engine's own archives of a tree: to an archive of ours with its index, to an index alone, and an archive of ours
//! to one that the engine unpacks.
//!
//! An engine ends an archive that it could not complete just like a whole one, so it is read strictly to its two closing
//! blocks. Memory: what [`Reader`] holds, and one buffer.

use std::io::{Read, Write};

use super::capture::{IntoArchive, RecordsAlone};
use super::scan::Visitor;
use super::{Control, TreeError};
use crate::volume::commit::PREFIX;
use crate::volume::digest::ContentHasher;
use crate::volume::index::Record;
use crate::volume::pax::{PaxError, Reader, Tally, Writer};
use crate::volume::{Entry, Fidelity, Kind, Meta, TreePath};

/// Data is handed on in pieces of this size, in bytes.
const PIECE: usize = 256 * 1024;

/// Whether an entry belongs to what operations keep at the top of a tree.
#[must_use]
pub fn is_aside(path: &TreePath) -> bool {
    path.names().next().is_some_and(|name| name.starts_with(PREFIX))
}

/// Writes the archive of a tree that an engine's archive tells of, and hands every record of its index to `each`, in
/// order. What operations keep at its top is left out. The root of the engine's archive is the one directory that
/// everything in it is in.
///
/// # Errors
/// When the engine's archive is cut, damaged or odd, when `archive` or `each` fails, and when the caller wants no more.
/// What was written then has no end, and is no archive.
pub fn convert<R: Read, W: Write>(
    source: R,
    archive: W,
    each: &mut dyn FnMut(Record) -> Result<(), TreeError>,
    control: &mut Control<'_>,
) -> Result<(Tally, W), TreeError> {
    let mut into = IntoArchive { writer: Writer::new(archive), each };
    walk(source, &mut into, control)?;
    Ok(into.writer.finish()?)
}

/// Hands every record of the index of such a tree to `each`, in order.
///
/// # Errors
/// As [`convert`].
pub fn index_of<R: Read>(
    source: R,
    each: &mut dyn FnMut(Record) -> Result<(), TreeError>,
    control: &mut Control<'_>,
) -> Result<(), TreeError> {
    walk(source, &mut RecordsAlone(each), control)
}

fn walk<R: Read>(source: R, visitor: &mut dyn Visitor, control: &mut Control<'_>) -> Result<(), TreeError> {
    let mut reader = Reader::new(source, Fidelity::EngineArchive);
    let mut buffer = vec![0; PIECE];
    while let Some(entry) = reader.entry()? {
        control.check()?;
        if is_aside(&entry.path) {
            continue;
        }
        if let Kind::HardLink(target) = &entry.kind
            && is_aside(target)
        {
            // Its content is left out.
            return Err(PaxError::LinkTarget { path: entry.path.to_string(), target: target.to_string() }.into());
        }
        visitor.entry(&entry)?;
        let mut hasher = ContentHasher::default();
        loop {
            control.check()?;
            let length = reader.data(&mut buffer)?;
            if length == 0 {
                break;
            }
            hasher.data(&buffer[..length]);
            visitor.data(&buffer[..length])?;
            control.bytes(length);
        }
        visitor.record(Record::of(&entry, hasher.finish()))?;
        control.entry();
    }
    reader.finish(None)?;
    Ok(())
}

/// Writes an archive of ours anew so that an engine unpacks it into the directory `below` at the top of a container: an
/// engine sets the attributes of every directory but that of the one that it unpacks into. Gives what was written of ours,
/// and the source behind it.
///
/// # Errors
/// When the archive is none of ours, when `into` fails, and when the caller wants no more.
pub fn rebase<R: Read, W: Write>(
    mut archive: Reader<R>,
    expected: u64,
    below: &[u8],
    into: W,
    control: &mut Control<'_>,
) -> Result<(Tally, R), TreeError> {
    let fault = |path: &TreePath| {
        let path = path.clone();
        move |fault| TreeError::Path { path, fault }
    };
    let root = TreePath::root();
    let below = root.join(below).map_err(fault(&root))?;
    let moved = |path: &TreePath| path.names().try_fold(below.clone(), |path, name| path.join(name));
    let mut writer = Writer::new(into);
    // The engine passes over the entry of the directory that it unpacks into.
    writer.entry(&Entry { path: root, meta: Meta { mode: 0o755, ..Meta::default() }, kind: Kind::Directory })?;
    let mut buffer = vec![0; PIECE];
    while let Some(mut entry) = archive.entry()? {
        control.check()?;
        let at = entry.path.clone();
        entry.path = moved(&at).map_err(fault(&at))?;
        if let Kind::HardLink(target) = &mut entry.kind {
            *target = moved(target).map_err(fault(&at))?;
        }
        writer.entry(&entry)?;
        loop {
            control.check()?;
            let length = archive.data(&mut buffer)?;
            if length == 0 {
                break;
            }
            writer.data(&buffer[..length])?;
            control.bytes(length);
        }
        control.entry();
    }
    let whole = archive.finish(Some(expected))?;
    writer.finish()?;
    Ok(whole)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use proptest::prelude::*;

    use super::*;
    use crate::volume::index::{IndexWriter, Record};
    use crate::volume::testing::{self, Tree};

    fn unwatched<T>(work: impl FnOnce(&mut Control<'_>) -> T) -> T {
        work(&mut Control::new(&|| false, &mut |_| ()))
    }

    fn converted(source: &[u8]) -> Result<(Vec<Record>, Vec<u8>), TreeError> {
        let mut records = Vec::new();
        let mut each = |record| {
            records.push(record);
            Ok(())
        };
        let (_, archive) = unwatched(|control| convert(source, Vec::new(), &mut each, control))?;
        Ok((records, archive))
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(tree in testing::tree()) {
            let (records, archive) = converted(&testing::archive(&tree).unwrap()).unwrap();
            prop_assert_eq!(records.len(), tree.len());
            // Read again, it is the same: nothing of it depends on how its names were spelled.
            let (again, same) = converted(&archive).unwrap();
            prop_assert_eq!(&again, &records);
            prop_assert_eq!(&same, &archive);
            let mut index = IndexWriter::new(Vec::new(), Fidelity::EngineArchive).unwrap();
            records.iter().try_for_each(|record| index.record(record)).unwrap();
        }

        #[test]
        fn what_an_engine_unpacks_lies_one_folder_deeper(tree in testing::tree()) {
            let (archive, count) = (testing::archive(&tree).unwrap(), tree.len() as u64);
            let mut moved = Vec::new();
            let reader = Reader::new(archive.as_slice(), Fidelity::Exact);
            let (tally, _) = unwatched(|control| rebase(reader, count, b"tree", &mut moved, control)).unwrap();
            prop_assert_eq!(tally.entries, count);
            let mut reader = Reader::new(moved.as_slice(), Fidelity::Exact);
            prop_assert!(reader.entry().unwrap().is_some_and(|entry| entry.path.is_root()));
            for (entry, data) in &tree {
                let made = reader.entry().unwrap().unwrap();
                let path = [&b"tree"[..], entry.path.as_bytes()].join(&b'/');
                let path = path.strip_suffix(b"/").unwrap_or(&path);
                prop_assert_eq!(made.path.as_bytes(), path);
                prop_assert_eq!((&made.meta, made.kind.word()), (&entry.meta, entry.kind.word()));
                let mut content = vec![0; data.len() + 1];
                let mut length = 0;
                while let more @ 1.. = reader.data(&mut content[length..]).unwrap() {
                    length += more;
                }
                prop_assert_eq!(&content[..length], data);
            }
            reader.finish(Some(count + 1)).unwrap();
            let short = Reader::new(archive.as_slice(), Fidelity::Exact);
            prop_assert!(unwatched(|control| rebase(short, count + 1, b"tree", Vec::new(), control)).is_err());
        }

        #[test]
        fn a_cut_anywhere_is_seen(tree in testing::tree(), cut: prop::sample::Index) {
            let whole = testing::archive(&tree).unwrap();
            let end = whole.len() - 2 * 512;
            prop_assert!(converted(&whole[..cut.index(whole.len())]).is_err());
            prop_assert!(converted(&whole[..end]).is_err(), "without its end it is none");
        }
    }

    #[test]
    fn what_operations_keep_is_left_out() {
        let directory = |path: &[u8]| {
            let entry = Entry { path: TreePath::parse(path).unwrap(), meta: Meta::default(), kind: Kind::Directory };
            (entry, Vec::new())
        };
        let tree: Tree = [&b""[..], b".stackctl-x", b".stackctl-x/old", b"data"].map(directory).into();
        let (records, _) = converted(&testing::archive(&tree).unwrap()).unwrap();
        let paths: Vec<String> = records.iter().map(|record| record.path.to_string()).collect();
        assert_eq!(paths, [".", "data"]);
    }
}
