// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engine's own archives of a tree: to an archive of ours with its index, or to an index alone.
//!
//! An engine ends an archive that it could not complete just like a whole one, so it is read strictly to its two closing
//! blocks. Memory: what [`Reader`] holds, and one buffer.

use std::io::{Read, Write};

use super::capture::{IntoArchive, RecordsAlone};
use super::check::{PIECE, content};
use super::scan::Visitor;
use super::{Control, TreeError};
use crate::volume::commit::PREFIX;
use crate::volume::index::Record;
use crate::volume::pax::{PaxError, Reader, Tally, Writer};
use crate::volume::{Fidelity, Kind, TreePath};

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
        // Engines of today send no holes; one that did would not be misread.
        let digest = content(&entry, &mut reader, &mut buffer, control, &mut |piece| visitor.data(piece))?;
        visitor.record(Record::of(&entry, digest))?;
        control.entry();
    }
    reader.finish(None)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use proptest::prelude::*;

    use super::*;
    use crate::volume::index::IndexWriter;
    use crate::volume::testing::{self, Tree};
    use crate::volume::{Entry, Meta};

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
