// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A packed archive against the index beside it, without unpacking it.

use std::io::{BufReader, Read};

use super::{Control, FrameReader, TreeError};
use crate::volume::Kind;
use crate::volume::digest::{ContentDigest, ContentHasher};
use crate::volume::index::{Difference, IndexReader, Record, RecordCheck};
use crate::volume::pax::{PaxError, Reader, Tally};
use crate::volume::{Entry, Fidelity};

/// Reads in pieces of this size, in bytes.
pub(super) const PIECE: usize = 256 * 1024;

/// An index that was packed as an archive is.
pub type PackedIndex<R> = IndexReader<BufReader<FrameReader<R>>>;

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What the archive has.
    pub tally: Tally,
    /// What it has else than the index says; none when it is good.
    pub differences: Vec<Difference>,
}

/// Opens a packed index; its first line is read.
///
/// # Errors
/// When it cannot be read, or is none.
pub fn packed_index<R: Read>(packed: R) -> Result<PackedIndex<R>, TreeError> {
    let unpacked = FrameReader::new(packed).map_err(PaxError::from)?;
    Ok(IndexReader::new(BufReader::with_capacity(PIECE, unpacked))?)
}

/// Reads a packed archive strictly to its end, computes the digests of its contents, and compares every entry with the
/// index; what is compared is said at [`RecordCheck`]. Both are read once, side by side. Memory: a piece of each, and what
/// [`Reader`] holds.
///
/// # Errors
/// When one of them cannot be read, is damaged or cut, and when the caller wants no more. An archive that is whole but
/// another than the index says is no error: see [`Checked::differences`].
pub fn check_archive<A: Read, I: Read>(
    archive: A,
    index: PackedIndex<I>,
    fidelity: Fidelity,
    control: &mut Control<'_>,
) -> Result<Checked, TreeError> {
    let unpacked = FrameReader::new(archive).map_err(PaxError::from)?;
    let mut archive = Reader::new(BufReader::with_capacity(PIECE, unpacked), fidelity);
    let mut check = RecordCheck::new(index, fidelity)?;
    let mut buffer = vec![0; PIECE];
    while let Some(entry) = archive.entry()? {
        control.check()?;
        let digest = content(&entry, &mut archive, &mut buffer, control, &mut |_| Ok(()))?;
        check.record(Record::of(&entry, digest))?;
        control.entry();
    }
    let (tally, _) = archive.finish(None)?;
    Ok(Checked { tally, differences: check.finish()? })
}

/// Hands what an archive has for this entry to `each`, piece by piece, and gives the digest of it.
pub(super) fn content<R: Read>(
    entry: &Entry,
    archive: &mut Reader<R>,
    buffer: &mut [u8],
    control: &mut Control<'_>,
    each: &mut dyn FnMut(&[u8]) -> Result<(), TreeError>,
) -> Result<ContentDigest, TreeError> {
    let (mut hasher, mut at) = (ContentHasher::default(), 0);
    if let Kind::File { size, extents } = &entry.kind {
        for run in extents {
            hasher.hole(run.offset - at);
            at = run.offset + run.length;
            let mut left = run.length;
            while left > 0 {
                control.check()?;
                let most = usize::try_from(left).unwrap_or(PIECE).min(buffer.len());
                let length = archive.data(&mut buffer[..most])?;
                hasher.data(&buffer[..length]);
                each(&buffer[..length])?;
                left -= length as u64;
                control.bytes(length);
            }
        }
        hasher.hole(size - at);
    }
    Ok(hasher.finish())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use std::io::Write as _;

    use proptest::prelude::*;

    use super::super::FrameWriter;
    use super::*;
    use crate::error::UserError as _;
    use crate::volume::index::IndexWriter;
    use crate::volume::testing::{self, Tree};

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut sink = FrameWriter::new(Vec::new(), 1).unwrap();
        sink.write_all(bytes).unwrap();
        sink.finish().unwrap()
    }

    /// The packed archive and the packed index of a tree.
    fn files(tree: &Tree) -> (Vec<u8>, Vec<u8>) {
        let mut index = IndexWriter::new(Vec::new(), Fidelity::Exact).unwrap();
        for (entry, data) in tree {
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
            index.record(&Record::of(entry, hasher.finish())).unwrap();
        }
        (packed(&testing::archive(tree).unwrap()), packed(&index.finish().unwrap()))
    }

    fn check(archive: &[u8], index: &[u8]) -> Result<Checked, TreeError> {
        let mut tell = |_| {};
        let mut control = Control::new(&|| false, &mut tell);
        check_archive(archive, packed_index(index)?, Fidelity::Exact, &mut control)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn an_archive_fits_its_own_index_and_no_other(one in testing::tree(), other in testing::tree(), at: proptest::sample::Index, flip in 1_u8..) {
            let ((archive, index), (_, other_index)) = (files(&one), files(&other));
            let good = check(&archive, &index).unwrap();
            prop_assert_eq!(good.differences, vec![]);
            prop_assert_eq!(good.tally.entries, one.len() as u64);
            let is_same = index == other_index;
            prop_assert_eq!(check(&archive, &other_index).unwrap().differences.is_empty(), is_same);
            for (file, is_archive) in [(&archive, true), (&index, false)] {
                let at = at.index(file.len());
                let mut damaged = file.clone();
                damaged[at] ^= flip;
                for wrong in [&damaged, &file[..at]] {
                    let told = if is_archive { check(wrong, &index) } else { check(&archive, wrong) };
                    // A bit of zstd's header that means nothing may turn; the content is proven all the same.
                    prop_assert!(wrong.len() == file.len() && told.as_ref().is_ok_and(|told| told.differences.is_empty()) || told.is_err());
                }
            }
        }
    }

    #[test]
    fn what_differs_and_what_is_damaged_are_two_things() {
        let file = |data: &[u8]| -> Tree {
            let meta = crate::volume::Meta::default();
            let root = Entry { path: crate::volume::TreePath::root(), meta: meta.clone(), kind: Kind::Directory };
            let path = crate::volume::TreePath::parse(b"a").unwrap();
            let kind = Kind::full_file(data.len() as u64);
            vec![(root, Vec::new()), (Entry { path, meta, kind }, data.to_vec())]
        };
        let ((archive, _), (_, index)) = (files(&file(b"one")), files(&file(b"two")));
        let told = check(&archive, &index).unwrap().differences;
        assert_eq!(told.len(), 1);
        assert!(told[0].to_string().starts_with("a: content was sha256:"), "{}", told[0]);
        let whole = testing::archive(&file(b"one")).unwrap();
        let cut = packed(&whole[..whole.len() - 512]);
        assert_eq!(check(&cut, &index).unwrap_err().code(), "archive_truncated");
        let longer = packed(&[&whole[..], b"x"].concat());
        assert_eq!(check(&longer, &index).unwrap_err().code(), "archive_trailing_data");
    }
}
