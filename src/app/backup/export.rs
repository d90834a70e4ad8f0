// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Copies a set into another store, such as one on another disk. The copy is read back before it appears.

use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::verify::{Progress, ReadFault, digest_of, flaw_of};
use super::{BackupError, Outside};
use crate::backup::id::{OperationId, OperationKind, SetId};
use crate::backup::manifest::{DIGEST_FILE, FILE, FileRef};
use crate::error::UserError as _;
use crate::sys::store::{About, DiskFile, Stage, Store, StoreError};

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The set.
    pub id: SetId,
    /// Its files.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

struct Copying<'a> {
    id: SetId,
    cancelled: &'a CancellationToken,
    told: &'a mut dyn FnMut(Progress),
    progress: Progress,
}

impl Copying<'_> {
    fn damaged(&self, path: &str, flaw: String) -> BackupError {
        BackupError::Damaged { set: self.id.to_string(), path: path.to_owned(), flaw }
    }

    /// Reads a file and holds it against the manifest; what is read goes into `copy` too.
    async fn pass(
        &mut self,
        file: &FileRef,
        open: Box<dyn std::io::Read + Send>,
        mut copy: Option<Box<dyn DiskFile>>,
    ) -> Result<(), BackupError> {
        let fault = |error: std::io::Error| StoreError::Io {
            what: "write",
            path: file.path.clone(),
            reason: error.to_string(),
            kind: error.kind(),
        };
        let (progress, told) = (&mut self.progress, &mut *self.told);
        let mut each = |piece: &[u8]| {
            if let Some(copy) = &mut copy {
                copy.write_all(piece).map_err(fault)?;
            }
            progress.done_bytes += piece.len() as u64;
            told(*progress);
            Ok(())
        };
        let read = digest_of(open, self.cancelled, &mut each).await;
        let (bytes, digest) = read.map_err(|read| match read {
            ReadFault::Unreadable(reason) => self.damaged(&file.path, reason),
            ReadFault::Other(error) => error,
        })?;
        if let Some(copy) = &mut copy {
            copy.sync().map_err(fault)?;
        }
        flaw_of(file, bytes, &digest).map_or(Ok(()), |flaw| Err(self.damaged(&file.path, flaw)))
    }

    async fn run(&mut self, store: &Store<'_>, stage: &Stage<'_, '_>) -> Result<Exported, BackupError> {
        let manifest = store.manifest(self.id)?;
        // Each byte is read twice: there, and back from its copy.
        self.progress.total_bytes = manifest.stored_bytes().saturating_mul(2);
        let mut exported = Exported { id: self.id, files: 0, bytes: 0 };
        for file in manifest.files() {
            let copy = stage.create(&file.path)?;
            self.pass(file, store.open_file(self.id, &file.path)?, Some(copy)).await?;
            exported.files += 1;
            exported.bytes += file.bytes;
        }
        for file in manifest.files() {
            self.pass(file, stage.open(&file.path)?, None).await?;
        }
        let (bytes, digest) = store.manifest_bytes(self.id)?;
        stage.write(FILE, &bytes)?;
        stage.write(DIGEST_FILE, &digest)?;
        stage.settle(self.id)?;
        Ok(exported)
    }
}

/// Copies a set into the store in `folder`, which is made when it is not there. The copy has the same name.
///
/// # Errors
/// A damaged set, a copy that does not fit, a set of that name there, no room, the wish to end. Then nothing appears
/// in the other store.
pub async fn export(
    outside: Outside<'_>,
    store: &Store<'_>,
    id: SetId,
    folder: &Path,
    cancelled: &CancellationToken,
    told: &mut dyn FnMut(Progress),
) -> Result<Exported, BackupError> {
    let now = outside.now();
    let about = About::new(&format!("{}-{}", now.timestamp(), now.timestamp_subsec_nanos()), now);
    let target = Store::create(outside.disk, folder, &about)?;
    let _held = target.lock("`stackctl backup export`")?;
    if target.sets()?.contains(&id) {
        return Err(StoreError::SetExists { name: id.to_string() }.into());
    }
    let operation = OperationId { stamp: id, kind: OperationKind::Export };
    // Left by a copy that was cut short; the lock says that it is nobody's.
    target.discard(operation)?;
    let stage = target.stage(operation)?;
    let progress = Progress { done_bytes: 0, total_bytes: 0 };
    match (Copying { id, cancelled, told, progress }).run(store, &stage).await {
        Ok(exported) => {
            stage.publish(id)?;
            Ok(exported)
        }
        Err(error) => {
            if let Err(left) = target.discard(operation) {
                tracing::warn!("the copy that was begun could not be removed: {}", left.message());
            }
            Err(error)
        }
    }
}
