// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The files of an image as a tar archive: the same files give the same bytes. It is made piece by piece, for programs
//! that carry all that a debugger wants are large.

use std::collections::btree_map;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{Stream, stream};
use sha2::{Digest as _, Sha256};

use super::program::{Binaries, Contents};
use crate::volume::pax::{PaxError, Writer};
use crate::volume::{Entry, Kind, Meta, TreePath};

/// How much is read at a time, in bytes.
const PIECE: usize = 256 << 10;

/// SHA-256 of an archive.
pub(super) type Sum = [u8; 32];

/// What the writer wrote since it was last taken.
#[derive(Clone, Default)]
struct Out(Arc<Mutex<Vec<u8>>>);

impl Out {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An archive in the making.
struct Making {
    binaries: Arc<dyn Binaries>,
    files: btree_map::IntoIter<String, Option<PathBuf>>,
    /// The file under way, its path, and what is left of it.
    open: Option<(Box<dyn Read + Send>, PathBuf, u64)>,
    /// None at the end.
    writer: Option<Writer<Out>>,
    out: Out,
    sum: Sha256,
    /// What the whole must be.
    expected: Option<Sum>,
}

/// The archive as it is made. With `expected`, it ends in a failure instead of with other bytes.
pub(super) fn pieces(
    binaries: Arc<dyn Binaries>,
    contents: &Contents,
    expected: Option<Sum>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let out = Out::default();
    let making = Making {
        binaries,
        files: contents.files.clone().into_iter(),
        open: None,
        writer: Some(Writer::new(out.clone())),
        out,
        sum: Sha256::new(),
        expected,
    };
    stream::unfold(Some(making), |making| async {
        let mut making = making?;
        // Others have their turn between two pieces.
        tokio::task::yield_now().await;
        match making.next() {
            Ok(Some(piece)) => Some((Ok(piece), Some(making))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
}

/// The sum of the archive.
///
/// # Errors
/// When a file cannot be read.
pub(super) async fn sum(binaries: Arc<dyn Binaries>, contents: &Contents) -> io::Result<Sum> {
    use futures_util::StreamExt as _;
    let mut pieces = Box::pin(pieces(binaries, contents, None));
    let mut sum = Sha256::new();
    while let Some(piece) = pieces.next().await {
        sum.update(piece?);
    }
    Ok(sum.finalize().into())
}

fn pax(error: PaxError) -> io::Error {
    match error {
        PaxError::Io(error) => error,
        error => io::Error::other(error),
    }
}

impl Making {
    fn next(&mut self) -> io::Result<Option<Bytes>> {
        let Some(writer) = &mut self.writer else { return Ok(None) };
        let mut is_end = false;
        if let Some((file, path, left)) = &mut self.open {
            let mut piece = Vec::with_capacity(PIECE);
            file.take((*left).min(PIECE as u64)).read_to_end(&mut piece)?;
            if piece.is_empty() {
                return Err(io::Error::other(format!("`{}` became shorter while it was read", path.display())));
            }
            writer.data(&piece).map_err(pax)?;
            *left -= piece.len() as u64;
            if *left == 0 {
                self.open = None;
            }
        } else if let Some((name, source)) = self.files.next() {
            self.open = match source {
                None => {
                    writer.entry(&entry(&name, Kind::Directory)?).map_err(pax)?;
                    None
                }
                Some(path) => {
                    let (length, file) = self.binaries.open(&path)?;
                    writer.entry(&entry(&name, Kind::full_file(length))?).map_err(pax)?;
                    (length > 0).then_some((file, path, length))
                }
            };
        } else if let Some(writer) = self.writer.take() {
            writer.finish().map_err(pax)?;
            is_end = true;
        }
        let piece = self.out.take();
        self.sum.update(&piece);
        if is_end && self.expected.is_some_and(|expected| expected != Sum::from(self.sum.clone().finalize())) {
            return Err(io::Error::other("a file of this program changed while it was read"));
        }
        Ok(Some(piece.into()))
    }
}

/// Everything belongs to root, and everybody may read and run it.
fn entry(name: &str, kind: Kind) -> io::Result<Entry> {
    let path = TreePath::parse(name.as_bytes()).map_err(io::Error::other)?;
    Ok(Entry { path, meta: Meta { mode: 0o755, ..Meta::default() }, kind })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::TryStreamExt as _;

    use super::*;
    use crate::sys::fake::FakeBinaries;
    use crate::volume::Fidelity;
    use crate::volume::pax::Reader;

    fn contents() -> Contents {
        let file = |path: &str| Some(PathBuf::from(path));
        let files = [("", None), ("lib", None), ("lib/a", file("/a")), ("lib/b", file("/b")), ("stackctl", file("/c"))];
        let files = files.map(|(name, path)| (name.to_owned(), path)).into();
        Contents { files, entrypoint: Vec::new() }
    }

    async fn made(binaries: Arc<dyn Binaries>, expected: Option<Sum>) -> io::Result<Vec<u8>> {
        pieces(binaries, &contents(), expected).map_ok(|piece| piece.to_vec()).try_concat().await
    }

    #[tokio::test]
    async fn it_holds_the_files_and_has_the_sum_of_its_bytes() {
        let big = vec![7; 3 * PIECE + 5];
        let binaries = Arc::new(FakeBinaries::new(&[("/a", b"one"), ("/b", b""), ("/c", &big)]));
        let bytes = made(binaries.clone(), None).await.unwrap();
        let sum = sum(binaries.clone(), &contents()).await.unwrap();
        assert_eq!(sum, Sum::from(Sha256::digest(&bytes)));
        assert_eq!(made(binaries, Some(sum)).await.unwrap(), bytes);
        let mut reader = Reader::new(&bytes[..], Fidelity::Exact);
        let mut found = Vec::new();
        while let Some(entry) = reader.entry().unwrap() {
            found.push((entry.path.to_string(), entry.kind.stored()));
        }
        let names = [("", 0), ("lib", 0), ("lib/a", 3), ("lib/b", 0), ("stackctl", big.len() as u64)];
        assert_eq!(found.len(), names.len());
        assert!(names.iter().skip(1).zip(&found[1..]).all(|(wanted, found)| *wanted == (found.0.as_str(), found.1)));
    }

    /// Every look finds another content, or less of it.
    struct Changing(AtomicUsize, u64);

    impl Binaries for Changing {
        fn processor(&self) -> String {
            String::new()
        }

        fn open(&self, _: &Path) -> io::Result<(u64, Box<dyn Read + Send>)> {
            let byte = u8::try_from(self.0.fetch_add(1, Ordering::Relaxed)).unwrap();
            Ok((9 + self.1, Box::new(io::Cursor::new(vec![byte; 9]))))
        }
    }

    #[tokio::test]
    async fn a_file_that_changes_is_a_failure() {
        let changing: Arc<dyn Binaries> = Arc::new(Changing(AtomicUsize::new(0), 0));
        let sum = sum(Arc::clone(&changing), &contents()).await.unwrap();
        let told = made(changing, Some(sum)).await.unwrap_err().to_string();
        assert!(told.contains("changed while it was read"), "{told}");
        let shrinking: Arc<dyn Binaries> = Arc::new(Changing(AtomicUsize::new(0), 1));
        let told = made(shrinking, None).await.unwrap_err().to_string();
        assert!(told.contains("became shorter"), "{told}");
    }
}
