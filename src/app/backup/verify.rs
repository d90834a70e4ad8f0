// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Reads all files of a set and holds them against its manifest.

use std::collections::BTreeMap;
use std::io::Read;

use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::{BackupError, Outside};
use crate::backup::hex;
use crate::backup::id::SetId;
use crate::backup::manifest::{DIGEST_FILE, FILE, FileRef};
use crate::backup::marks::{Marks, Verified};
use crate::error::UserError as _;
use crate::sys::store::{SetFault, Store};

/// Bytes that are read between two looks at the wish to end.
const AT_ONCE: usize = 1 << 20;

/// How far something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that are done.
    pub done_bytes: u64,
    /// All bytes.
    pub total_bytes: u64,
}

/// Something that is wrong with a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The file.
    pub path: String,
    /// What is wrong, as a fragment.
    pub what: String,
}

/// What came of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The set.
    pub id: SetId,
    /// Files that were read.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// What is wrong.
    pub flaws: Vec<Flaw>,
    /// Why the result could not be kept, if it could not.
    pub unmarked: Option<String>,
}

impl Verdict {
    /// Whether the set is whole.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.flaws.is_empty()
    }
}

/// Reads to the end of a file and gives its size and SHA-256; `each` sees every piece. Hears the wish to end.
pub(super) async fn digest_of(
    mut file: Box<dyn Read + Send>,
    cancelled: &CancellationToken,
    each: &mut dyn FnMut(&[u8]) -> Result<(), BackupError>,
) -> Result<(u64, String), ReadFault> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; AT_ONCE];
    let mut bytes = 0;
    loop {
        // Reading blocks the thread; between two pieces signals are heard.
        tokio::task::yield_now().await;
        if cancelled.is_cancelled() {
            return Err(ReadFault::Other(BackupError::Cancelled));
        }
        let count = match file.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(ReadFault::Unreadable(error.to_string())),
        };
        if count == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        let piece = buffer.get(..count).unwrap_or_default();
        hash.update(piece);
        bytes += count as u64;
        each(piece).map_err(ReadFault::Other)?;
    }
}

/// Why a file was not read to its end.
pub(super) enum ReadFault {
    /// The file's own.
    Unreadable(String),
    /// Any other.
    Other(BackupError),
}

/// What is wrong with a file that has this size and digest.
pub(super) fn flaw_of(file: &FileRef, bytes: u64, digest: &str) -> Option<String> {
    if bytes != file.bytes {
        Some(format!("it has {bytes} bytes instead of {}", file.bytes))
    } else if digest != file.sha256 {
        Some("its content is another".to_owned())
    } else {
        None
    }
}

/// Verifies a set, and marks it with what was found.
///
/// # Errors
/// No such set, one of a newer format, or the wish to end. Damage is no error but the result.
pub async fn verify(
    outside: Outside<'_>,
    store: &Store<'_>,
    id: SetId,
    cancelled: &CancellationToken,
    told: &mut dyn FnMut(Progress),
) -> Result<Verdict, BackupError> {
    let mut verdict = Verdict { id, files: 0, bytes: 0, flaws: Vec::new(), unmarked: None };
    let manifest = match store.manifest(id) {
        Ok(manifest) => manifest,
        Err(SetFault::Manifest(error)) if error.code() != "set_format_newer" => {
            verdict.flaws.push(Flaw { path: FILE.to_owned(), what: error.message() });
            mark(outside, store, &mut verdict);
            return Ok(verdict);
        }
        Err(error) => return Err(error.into()),
    };
    let mut there: BTreeMap<String, Option<u64>> = store.files(id)?.into_iter().collect();
    there.remove(FILE);
    there.remove(DIGEST_FILE);
    let mut progress = Progress { done_bytes: 0, total_bytes: manifest.stored_bytes() };
    told(progress);
    for file in manifest.files() {
        let mut flaw = |what: String| verdict.flaws.push(Flaw { path: file.path.clone(), what });
        match there.remove(&file.path) {
            None => {
                flaw("it is missing".to_owned());
                continue;
            }
            Some(None) => {
                flaw("it is no file".to_owned());
                continue;
            }
            Some(Some(_)) => {}
        }
        let open = match store.open_file(id, &file.path) {
            Ok(open) => open,
            Err(error) => {
                flaw(error.message());
                continue;
            }
        };
        let before = progress.done_bytes;
        let mut each = |piece: &[u8]| {
            progress.done_bytes += piece.len() as u64;
            told(progress);
            Ok(())
        };
        match digest_of(open, cancelled, &mut each).await {
            Ok((bytes, digest)) => {
                verdict.files += 1;
                verdict.bytes += bytes;
                if let Some(what) = flaw_of(file, bytes, &digest) {
                    verdict.flaws.push(Flaw { path: file.path.clone(), what });
                }
            }
            Err(ReadFault::Unreadable(reason)) => {
                verdict.flaws.push(Flaw { path: file.path.clone(), what: format!("it cannot be read: {reason}") });
            }
            Err(ReadFault::Other(error)) => return Err(error),
        }
        progress.done_bytes = before + file.bytes;
    }
    let strangers = there.into_keys().map(|path| Flaw { path, what: "it is not in the manifest".to_owned() });
    verdict.flaws.extend(strangers);
    mark(outside, store, &mut verdict);
    Ok(verdict)
}

/// Keeps the result. A store that cannot be written can be verified all the same.
fn mark(outside: Outside<'_>, store: &Store<'_>, verdict: &mut Verdict) {
    let verified = Verified { at: outside.now(), good: verdict.is_good() };
    let marks = Marks { verified: Some(verified), ..store.marks(verdict.id) };
    let kept = store.lock("`stackctl backup verify`").and_then(|_held| store.set_marks(verdict.id, &marks));
    verdict.unmarked = kept.err().map(|error| error.message());
}
