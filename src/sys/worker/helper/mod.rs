// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Workers in containers of their own: this program, in an image made of its own file, with the tree mounted and as few
//! powers as the work needs. Works with every engine whose machine has our kind of processor, wherever it is.
//!
//! A helper has no network, no log, no project: it carries our label and none of Compose's, or `docker compose` would
//! take it for an orphan. It ends when its input does. What is left after a crash is found by its label.

mod archive;
mod elf;
mod image;
mod output;
mod program;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;

use super::claim::{Claim, fresh_name};
use super::{Access, Call, Line, Session, Tree, VERB, WorkerError, Workers};
use crate::backup::id::OperationId;
use crate::backup::manifest::DataPath;
use crate::sys::engine::{ContainerPlan, Deadline, Engine, EngineError, MountKind, MountPlan, VolumePlan};
use image::Image;
use output::Output;

pub use super::claim::HOST_LABEL;
pub use program::{Binaries, Program};

/// The variable by which a worker is told to fail at some point.
const FAIL_POINT: &str = "STACKCTL_TEST_FAILPOINT";

/// Powers of root that reading everything needs.
const READ_POWERS: &[&str] = &["DAC_READ_SEARCH"];

/// Powers of root that making everything as it was needs.
const WRITE_POWERS: &[&str] = &["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "MKNOD", "SETFCAP"];

/// How often a container is made anew when its image is gone.
const ATTEMPTS: u32 = 5;

/// How long a first helper may take for its first answer. An engine that is busy starts containers slowly.
const TRIAL: Duration = Duration::from_mins(2);

/// Makes workers that run in containers at an engine.
pub struct HelperWorkers {
    engine: Arc<dyn Engine>,
    binaries: Arc<dyn Binaries>,
    program: Program,
    claim: Claim,
    fail_point: Option<String>,
    image: OnceCell<Image>,
}

impl HelperWorkers {
    /// Workers at this engine. `binaries` reads the files of `program`, which is mostly [`Program::own`]; `host` is this
    /// machine's name; `project` is whose lock is held: operations of others may have the same name, and their helpers
    /// are none of ours; `fail_point` is where they are to fail, and is heeded in debug builds alone.
    #[must_use]
    pub fn new(
        engine: Arc<dyn Engine>,
        binaries: Arc<dyn Binaries>,
        program: Program,
        (host, project): (String, String),
        fail_point: Option<String>,
    ) -> Self {
        let fail_point = fail_point.filter(|_| cfg!(debug_assertions));
        let claim = Claim::new(host, project);
        Self { engine, binaries, program, claim, fail_point, image: OnceCell::new() }
    }

    /// The image, which the engine had at least once since this program began.
    async fn image(&self) -> Result<&Image, WorkerError> {
        let make = || async {
            let image = Image::of(&self.binaries, &self.program).await?;
            image.ensure(&*self.engine, &self.binaries).await?;
            Ok(image)
        };
        self.image.get_or_try_init(make).await
    }

    /// Whether this program can run at the engine at all.
    async fn fits(&self) -> Result<(), WorkerError> {
        let version = self.engine.version(Deadline::QUESTION).await?;
        let (theirs, ours) = ((version.os, version.architecture), ("linux".to_owned(), self.binaries.processor()));
        if theirs == ours {
            return Ok(());
        }
        Err(WorkerError::Impossible(format!(
            "the engine runs on {}/{} and this program on {}/{}",
            theirs.0, theirs.1, ours.0, ours.1
        )))
    }

    fn plan(&self, image: &Image, tree: &Tree, access: Access, operation: &str) -> Result<ContainerPlan, WorkerError> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let target = format!("/{}", program::TREE);
        let (kind, source) = match tree {
            Tree::Volume(name) => (MountKind::Volume, name.clone()),
            Tree::Folder(path) => {
                let path = path.to_str().ok_or_else(|| program::unreadable(path, &"the engine takes text alone"))?;
                (MountKind::Bind, path.to_owned())
            }
        };
        let labels = self.claim.labels(operation);
        let powers = if access == Access::Read { READ_POWERS } else { WRITE_POWERS };
        Ok(ContainerPlan {
            name: fresh_name(operation),
            image: image.name.clone(),
            entrypoint: image.entrypoint.clone(),
            command: words(&[VERB, &target]),
            environment: self.fail_point.iter().map(|point| format!("{FAIL_POINT}={point}")).collect(),
            // The image's own label must not show through.
            labels: labels.clone(),
            user: "0:0".to_owned(),
            mounts: vec![MountPlan { kind, source, target, read_only: access == Access::Read, labels }],
            network_mode: "none".to_owned(),
            read_only: true,
            open_stdin: true,
            cap_drop: words(&["ALL"]),
            cap_add: words(powers),
            security_options: words(&["no-new-privileges"]),
            log_driver: "none".to_owned(),
            ..ContainerPlan::default()
        })
    }

    /// Makes the container; makes the image again when somebody removed it, as another version of this program does.
    async fn create(&self, tree: &Tree, access: Access, operation: &str) -> Result<String, WorkerError> {
        let image = self.image().await?;
        let plan = self.plan(image, tree, access, operation)?;
        for _ in 1..ATTEMPTS {
            match self.engine.create_container(&plan, Deadline::CHANGE).await {
                Err(EngineError::NotFound { .. }) => image.ensure(&*self.engine, &self.binaries).await?,
                made => return Ok(made?),
            }
        }
        Ok(self.engine.create_container(&plan, Deadline::CHANGE).await?)
    }

    /// Starts a helper; gives its container, too.
    async fn launch(&self, tree: &Tree, access: Access, operation: &str) -> Result<(String, Line), WorkerError> {
        // Naming a volume that is not there would make it.
        let volume = match tree {
            Tree::Volume(name) => Some(self.engine.inspect_volume(name, Deadline::QUESTION).await?),
            Tree::Folder(_) => None,
        };
        let id = self.create(tree, access, operation).await?;
        let still = match &volume {
            Some(volume) => self.claim.is_still(&*self.engine, volume, (&id, operation)).await,
            None => Ok(()),
        };
        let talk = match still {
            Ok(()) => self.talk(&id).await,
            Err(error) => Err(error),
        };
        if talk.is_err() {
            // What is left is for the sweep.
            let _ = self.engine.remove_container(&id, Deadline::CHANGE).await;
        }
        Ok((id, talk?))
    }

    async fn talk(&self, id: &str) -> Result<Line, EngineError> {
        let attached = self.engine.attach(id, Deadline::CHANGE).await?;
        self.engine.start_container(id, Deadline::CHANGE).await?;
        let output = Output::new(Arc::clone(&self.engine), id.to_owned(), attached.output);
        Ok(Line { input: attached.input, output: Box::new(output) })
    }

    /// Lets a helper look at an empty volume that it may write to.
    async fn attempt(&self, operation: &str) -> Result<(), WorkerError> {
        let name = fresh_name(operation);
        let plan = VolumePlan { name: name.clone(), labels: self.claim.labels(operation), ..VolumePlan::default() };
        self.engine.create_volume(&plan, Deadline::CHANGE).await?;
        let tried = match self.launch(&Tree::Volume(name.clone()), Access::Write, operation).await {
            Ok((id, line)) => {
                let answered = tokio::time::timeout(TRIAL, first_look(line, &name)).await;
                let removed = self.engine.remove_container(&id, Deadline::CHANGE).await;
                let late = || WorkerError::Impossible(format!("the first one said nothing in {} s", TRIAL.as_secs()));
                answered.unwrap_or_else(|_| Err(late())).and(removed.map_err(WorkerError::from))
            }
            Err(error) => Err(error),
        };
        let removed = self.engine.remove_volume(&name, Deadline::CHANGE).await;
        tried.and(removed.map_err(WorkerError::from))
    }
}

async fn first_look(line: Line, volume: &str) -> Result<(), WorkerError> {
    let mut session = Session::open(line, volume).await?;
    session.look().await?;
    session.close().await
}

impl Workers for HelperWorkers {
    fn path(&self) -> DataPath {
        DataPath::Helper
    }

    fn prepare(&self, operation: OperationId) -> Call<'_, ()> {
        Box::pin(async move {
            self.fits().await?;
            self.image().await?;
            match self.attempt(&operation.to_string()).await {
                Err(WorkerError::Gone { reason, .. }) => {
                    let reason = reason.unwrap_or_else(|| "it ended without a word".to_owned());
                    Err(WorkerError::Impossible(format!("the first one did not work: {reason}")))
                }
                tried => tried,
            }
        })
    }

    fn of(&self, project: &str) -> Option<Box<dyn Workers>> {
        Some(Box::new(Self {
            engine: Arc::clone(&self.engine),
            binaries: Arc::clone(&self.binaries),
            program: self.program.clone(),
            claim: self.claim.of(project),
            fail_point: self.fail_point.clone(),
            image: OnceCell::new(),
        }))
    }

    fn start<'a>(&'a self, tree: &'a Tree, access: Access, operation: OperationId) -> Call<'a, Line> {
        Box::pin(async move { Ok(self.launch(tree, access, &operation.to_string()).await?.1) })
    }

    fn sweep(&self, operation: OperationId) -> Call<'_, ()> {
        Box::pin(self.claim.sweep(&*self.engine, operation))
    }

    fn sweep_all(&self) -> Call<'_, ()> {
        Box::pin(self.claim.sweep_all(&*self.engine))
    }
}
