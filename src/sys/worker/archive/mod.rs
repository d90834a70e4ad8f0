// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Workers that run nothing at the engine: each is a thread of this process that reads and writes the engine's archives
//! of a container that is made and never started. Works with every engine, whatever its processor and its policy, and
//! loses what engines lose, see `volume::Fidelity`.

mod holder;
mod line;
mod orders;

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use super::claim::{Claim, fresh_name};
use super::serve::serve_archives;
use super::{Access, Call, Line, Part, Session, Tree, WorkerError, Workers};
use crate::backup::id::OperationId;
use crate::backup::manifest::DataPath;
use crate::sys::engine::{Deadline, Engine, VolumePlan};
use crate::sys::tree::FrameWriter;
use crate::volume::pax::Writer;
use crate::volume::{Entry, Kind, Meta, TreePath};
use holder::{Holder, ensure_image};

/// The archive that is tried out has so many entries.
const TRIAL_ENTRIES: u64 = 2;

/// Starts threads.
pub trait Threads: Send + Sync {
    /// Does this in a thread of its own, which ends with it.
    ///
    /// # Errors
    /// The system has none to give.
    fn start(&self, work: Box<dyn FnOnce() + Send>) -> io::Result<()>;
}

/// Makes workers that use an engine's archives.
pub struct ArchiveWorkers {
    engine: Arc<dyn Engine>,
    threads: Arc<dyn Threads>,
    claim: Claim,
}

impl ArchiveWorkers {
    /// Workers at this engine. `host` is this machine's name, `project` is whose lock is held.
    #[must_use]
    pub fn new(engine: Arc<dyn Engine>, threads: Arc<dyn Threads>, (host, project): (String, String)) -> Self {
        Self { engine, threads, claim: Claim::new(host, project) }
    }

    async fn launch(&self, tree: &Tree, access: Access, operation: &str) -> Result<Line, WorkerError> {
        let labels = self.claim.labels(operation);
        let whose = (operation.to_owned(), labels);
        let mut holder = Holder::new(Arc::clone(&self.engine), (tree.clone(), access), whose);
        if let Tree::Volume(name) = tree {
            // Naming a volume that is not there would make it.
            let before = self.engine.inspect_volume(name, Deadline::QUESTION).await?;
            let id = holder.container(None).await?;
            if let Err(error) = self.claim.is_still(&*self.engine, &before, (&id, operation)).await {
                // What is left is for the sweep.
                let _ = self.engine.remove_container(&id, Deadline::CHANGE).await;
                return Err(error.into());
            }
        }
        let failed = |error: io::Error| WorkerError::Impossible(format!("no thread can be started for it: {error}"));
        let (ours, theirs) = UnixStream::pair().map_err(failed)?;
        let (orders, taken) = orders::orders();
        let work = move || {
            if let Err(error) = serve_archives(&orders, &theirs, &theirs) {
                tracing::debug!(%error, "a worker came to a bad end");
            }
        };
        self.threads.start(Box::new(work)).map_err(failed)?;
        line::line(ours, Box::pin(taken.carry_out(holder))).map_err(failed)
    }

    /// Fills an empty volume and reads it back.
    async fn attempt(&self, operation: OperationId) -> Result<(), WorkerError> {
        let word = operation.to_string();
        let name = fresh_name(&word);
        let plan = VolumePlan { name: name.clone(), labels: self.claim.labels(&word), ..VolumePlan::default() };
        self.engine.create_volume(&plan, Deadline::CHANGE).await?;
        let tried = self.fill_and_read(&name, operation).await;
        self.claim.sweep(&*self.engine, operation).await?;
        tried
    }

    async fn fill_and_read(&self, volume: &str, operation: OperationId) -> Result<(), WorkerError> {
        let word = operation.to_string();
        let line = self.launch(&Tree::Volume(volume.to_owned()), Access::Write, &word).await?;
        let mut session = Session::open(line, volume).await?;
        let archive = trial().map_err(|error| WorkerError::Impossible(error.to_string()))?;
        session.stage(operation, TRIAL_ENTRIES, &mut archive.as_slice(), &mut |_| ()).await?;
        let read = session.index(Part::Staged(word), None, &mut |_| Ok(()), &mut |_| ()).await?;
        session.close().await?;
        if read.entries == TRIAL_ENTRIES && read.root.mode == TRIAL_MODE {
            return Ok(());
        }
        Err(WorkerError::Impossible("the engine does not give back what it was given".to_owned()))
    }
}

/// The mode of the root that is tried out: no engine makes a volume with it by itself.
const TRIAL_MODE: u16 = 0o1710;

/// A packed archive of a root and a file.
fn trial() -> Result<Vec<u8>, crate::volume::pax::PaxError> {
    let mut writer = Writer::new(FrameWriter::new(Vec::new(), 1)?);
    let root = Meta { mode: TRIAL_MODE, uid: 1, gid: 1, ..Meta::default() };
    writer.entry(&Entry { path: TreePath::root(), meta: root, kind: Kind::Directory })?;
    if let Ok(path) = TreePath::root().join(b"file") {
        writer.entry(&Entry { path, meta: Meta { mode: 0o600, ..Meta::default() }, kind: Kind::full_file(4) })?;
        writer.data(b"data")?;
    }
    Ok(writer.finish()?.1.finish()?)
}

impl Workers for ArchiveWorkers {
    fn path(&self) -> DataPath {
        DataPath::EngineArchive
    }

    fn prepare(&self, operation: OperationId) -> Call<'_, ()> {
        Box::pin(async move {
            ensure_image(&*self.engine).await?;
            self.attempt(operation).await
        })
    }

    fn of(&self, project: &str) -> Option<Box<dyn Workers>> {
        let (engine, threads) = (Arc::clone(&self.engine), Arc::clone(&self.threads));
        Some(Box::new(Self { engine, threads, claim: self.claim.of(project) }))
    }

    fn start<'a>(&'a self, tree: &'a Tree, access: Access, operation: OperationId) -> Call<'a, Line> {
        Box::pin(async move { self.launch(tree, access, &operation.to_string()).await })
    }

    fn sweep(&self, operation: OperationId) -> Call<'_, ()> {
        Box::pin(self.claim.sweep(&*self.engine, operation))
    }

    fn sweep_all(&self) -> Call<'_, ()> {
        Box::pin(self.claim.sweep_all(&*self.engine))
    }
}
