// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whether a tree is what an unpacking leaves that was cut short.

use std::io::BufRead;

use super::parse::Pieces;
use super::record::Record;
use super::{IndexError, IndexReader};

/// Holds the text of an index, in pieces as they come, against that of the tree that was being unpacked: entries come in
/// order, so what is there is the beginning of it, and of the last entry alone the content may be another. Attributes are
/// not compared: those of folders are set at the end.
pub struct PartCheck<R> {
    pieces: Pieces,
    whole: IndexReader<R>,
    so_far: SoFar,
}

/// What was found so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SoFar {
    Same,
    /// The last one differs: nothing may follow.
    LastDiffers,
    Other,
}

impl<R: BufRead> PartCheck<R> {
    /// Against this index.
    #[must_use]
    pub fn new(whole: IndexReader<R>) -> Self {
        Self { pieces: Pieces::default(), whole, so_far: SoFar::Same }
    }

    /// The next bytes of the text, of any number.
    ///
    /// # Errors
    /// When one of the two is damaged or cannot be read.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        let (whole, so_far) = (&mut self.whole, &mut self.so_far);
        self.pieces.feed(bytes, &mut |record: Record, _| {
            let expected = whole.record()?;
            *so_far = match (*so_far, expected) {
                (SoFar::Same, Some(expected)) if expected.path == record.path => {
                    if expected.stamp == record.stamp {
                        SoFar::Same
                    } else {
                        SoFar::LastDiffers
                    }
                }
                _ => SoFar::Other,
            };
            Ok(())
        })
    }

    /// Whether it is.
    ///
    /// # Errors
    /// When the text is not whole.
    pub fn finish(self) -> Result<bool, IndexError> {
        self.pieces.finish()?;
        Ok(self.so_far != SoFar::Other)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::super::IndexWriter;
    use super::*;
    use crate::volume::digest::ContentHasher;
    use crate::volume::{Entry, Fidelity, Kind, Meta, TreePath};

    /// The index of files with these names and contents; a name alone is a folder.
    fn index(files: &[(&str, Option<&str>)]) -> Vec<u8> {
        let mut writer = IndexWriter::new(Vec::new(), Fidelity::Exact).unwrap();
        for (path, content) in [("", None)].iter().chain(files) {
            let mut hasher = ContentHasher::default();
            hasher.data(content.unwrap_or_default().as_bytes());
            let kind = content.map_or(Kind::Directory, |content| Kind::full_file(content.len() as u64));
            let path = TreePath::parse(path.as_bytes()).unwrap();
            writer.record(&Record::of(&Entry { path, meta: Meta::default(), kind }, hasher.finish())).unwrap();
        }
        writer.finish().unwrap()
    }

    fn is_part(there: &[(&str, Option<&str>)]) -> bool {
        let whole = index(&[("a", None), ("a/one", Some("1")), ("a/two", Some("2")), ("b", Some("3"))]);
        let mut check = PartCheck::new(IndexReader::new(whole.as_slice()).unwrap());
        index(there).chunks(7).try_for_each(|piece| check.feed(piece)).unwrap();
        check.finish().unwrap()
    }

    #[test]
    fn a_beginning_is_a_part_and_its_last_file_may_be_cut() {
        let (folder, one, two) = (("a", None), ("a/one", Some("1")), ("a/two", Some("2")));
        assert!(is_part(&[]) && is_part(&[folder]) && is_part(&[folder, one, two]));
        assert!(is_part(&[folder, one, two, ("b", Some("3"))]) && is_part(&[folder, ("a/one", Some(""))]));
    }

    #[test]
    fn what_somebody_changed_is_none() {
        let (folder, one, two) = (("a", None), ("a/one", Some("1")), ("a/two", Some("2")));
        assert!(!is_part(&[folder, ("a/new", Some("")), one]), "something came");
        assert!(!is_part(&[folder, ("a/one", Some("x")), two]), "something changed");
        assert!(!is_part(&[folder, two]), "something went");
        assert!(!is_part(&[folder, one, two, ("b", Some("3")), ("c", None)]), "something came at the end");
    }

    #[test]
    fn an_index_that_is_cut_tells_nothing() {
        let whole = index(&[]);
        let mut check = PartCheck::new(IndexReader::new(whole.as_slice()).unwrap());
        check.feed(&whole[..whole.len() - 4]).unwrap();
        assert!(check.finish().is_err());
    }
}
