// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Reads an archive that was written back from the disk, to its end, and holds every entry against the index.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::BackupError;
use super::hashing::Hashing;
use crate::app::operate::{Tell, Told};
use crate::app::tasks::spawn_thread;
use crate::backup::manifest::{Data, FileRef};
use crate::sys::store::Stage;
use crate::sys::tree::{Checked, Control, Fidelity, check_archive, packed_index};

/// How often it is told how far it is.
const STEP: Duration = Duration::from_millis(200);

/// Counts what is read, for whoever tells.
struct Counting<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

type Opened = Box<dyn Read + Send>;

/// What is wrong with a pair of archive and index; nothing when all is well.
fn flaw(archive: Opened, index: Opened, data: &Data) -> Result<(), String> {
    let (mut archive, mut index) = (Hashing::new(archive), Hashing::new(index));
    let checked = packed_index(&mut index).and_then(|index| {
        check_archive(&mut archive, index, Fidelity::Exact, &mut Control::new(&|| false, &mut |_| ()))
    });
    let Checked { tally, differences } = checked.map_err(|error| error.to_string())?;
    if let Some(first) = differences.first() {
        return Err(format!("{first} ({} in all)", differences.len()));
    }
    if tally.entries != data.entries {
        return Err(format!("it has {} entries instead of {}", tally.entries, data.entries));
    }
    let fits = |(mut hashed, file): (Hashing<Opened>, &FileRef)| {
        // What stands behind the end that readers see belongs to the file too.
        std::io::copy(&mut hashed, &mut std::io::sink()).map_err(|error| error.to_string())?;
        let (_, sum) = hashed.into_parts();
        let (bytes, digest) = (sum.bytes, sum.sha256());
        super::verify::flaw_of(file, bytes, &digest).map_or(Ok(()), Err)
    };
    fits((archive, &data.archive))?;
    fits((index, &data.index))
}

/// Reads back what is in the staging area.
///
/// # Errors
/// What is read is not what was written.
pub(super) async fn read_back(
    stage: &Stage<'_, '_>,
    name: &str,
    data: &Data,
    tell: Tell<'_>,
) -> Result<(), BackupError> {
    let opened = (stage.open(&data.archive.path)?, stage.open(&data.index.path)?);
    check(name, opened, data, tell).await
}

/// Holds an archive against its index, its digest and its size.
///
/// # Errors
/// It does not fit.
pub(crate) async fn check(
    name: &str,
    (archive, index): (Opened, Opened),
    data: &Data,
    tell: Tell<'_>,
) -> Result<(), BackupError> {
    let count = Arc::new(AtomicU64::new(0));
    let archive: Opened = Box::new(Counting { inner: archive, count: Arc::clone(&count) });
    let held = data.clone();
    let damaged = |flaw: String| BackupError::Unreadable { name: name.to_owned(), flaw };
    let thread = spawn_thread("read-back", move || flaw(archive, index, &held));
    let mut thread = thread.map_err(|error| damaged(error.to_string()))?;
    loop {
        tokio::select! {
            ended = thread.ended() => {
                return ended.unwrap_or_else(|| Err("the thread that read it ended".to_owned())).map_err(damaged);
            }
            () = tokio::time::sleep(STEP) => {
                tell(Told::Bytes { done: count.load(Ordering::Relaxed), total: data.archive.bytes });
            }
        }
    }
}
