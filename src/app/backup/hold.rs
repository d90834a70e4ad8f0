// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What an operation holds from before its plan to its end: the lock of the project and that of the store, and those of
//! the projects that earlier runs with the store were on and did not finish.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::recover::projects;
use super::{BackupError, Outside, Store};
use crate::app::engines::{EngineLink, Place};
use crate::app::observe::Live;
use crate::app::state_folder::state_folder;
use crate::backup::manifest::DataPath;
use crate::sys::engine::{Deadline, Engine};
use crate::sys::lock::{HeldFile, LockRequest, ProjectLock};
use crate::sys::store::About;
use crate::sys::worker::{MakeWorkers, Workers};

/// The locks.
#[derive(Debug)]
pub struct Hold {
    projects: Vec<ProjectLock>,
    _store: Box<dyn HeldFile>,
}

/// How a lock is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaking {
    /// One that is held is respected.
    Never,
    /// One that nobody can vouch for, and that is old, is taken away.
    Stale,
}

impl Hold {
    /// Takes all, or says who has one.
    ///
    /// # Errors
    /// Another run works on the project or with the store.
    pub async fn take(
        live: &Live<'_>,
        engine: &dyn Engine,
        store: &Store<'_>,
        (project, command): (&str, &str),
        breaking: Breaking,
    ) -> Result<Self, BackupError> {
        let state = state_folder(live.context.environment).ok_or(BackupError::NoState)?;
        let folder = state.join("locks");
        let request = |project| LockRequest {
            project,
            folder: &folder,
            command,
            now: live.clock.now(),
            break_lock: breaking == Breaking::Stale,
        };
        let lock = ProjectLock::acquire(engine, live.machine, request(project)).await?;
        let store_lock = match store.lock(&format!("`stackctl {command}` of `{project}`")) {
            Ok(lock) => lock,
            Err(error) => {
                drop(lock.release(engine).await);
                return Err(error.into());
            }
        };
        let mut hold = Self { projects: vec![lock], _store: store_lock };
        for other in projects(store)?.iter().filter(|other| *other != project) {
            match ProjectLock::acquire(engine, live.machine, request(other)).await {
                Ok(lock) => hold.projects.push(lock),
                Err(error) => {
                    drop(hold.release(engine).await);
                    return Err(error.into());
                }
            }
        }
        Ok(hold)
    }

    /// Gives all back.
    ///
    /// # Errors
    /// The engine's, the first; the next run on this machine takes over what is left.
    pub async fn release(self, engine: &dyn Engine) -> Result<(), BackupError> {
        let mut released = Ok(());
        for lock in self.projects {
            released = released.and(lock.release(engine).await);
        }
        Ok(released?)
    }
}

/// Opens the store, or makes it.
///
/// # Errors
/// A folder with other things in it, or the disk's fault.
pub fn open_or_make<'d>(outside: Outside<'d>, folder: &Path) -> Result<Store<'d>, BackupError> {
    let now = outside.now();
    let about = About::new(&format!("{}-{}", now.timestamp(), now.timestamp_subsec_nanos()), now);
    Ok(Store::create(outside.disk, folder, &about)?)
}

/// The one engine that is meant.
///
/// # Errors
/// It cannot be reached, or several are named.
pub(super) fn one_engine<'l>(live: &Live<'l>) -> Result<(&'l EngineLink, Arc<dyn Engine>), BackupError> {
    let [link] = live.engines else { return Err(BackupError::ManyEngines(live.engines.len())) };
    match &link.engine {
        Ok(engine) => Ok((link, Arc::clone(engine))),
        Err(fault) => Err(BackupError::EngineFault(fault.clone())),
    }
}

/// Chooses the way that data takes: as wished; else through a helper container where this program runs at the engine;
/// else directly, where the engine is on this machine; else through the engine's archives, which are not exact.
///
/// # Errors
/// No way, or an engine that does not answer.
pub(super) async fn choose_workers(
    link: &EngineLink,
    engine: &Arc<dyn Engine>,
    make: &dyn MakeWorkers,
    (project, wish): (&str, Option<DataPath>),
) -> Result<Box<dyn Workers>, BackupError> {
    let is_here = link.place == Place::Here;
    let chosen = if let Some(path) = wish {
        path
    } else {
        let architecture = engine.version(Deadline::QUESTION).await?.architecture;
        match (architecture == make.architecture(), is_here) {
            (true, _) => DataPath::Helper,
            (false, true) => DataPath::Host,
            (false, false) => DataPath::EngineArchive,
        }
    };
    match chosen {
        DataPath::Helper => Ok(make.helper(Arc::clone(engine), project)),
        DataPath::Host if is_here => Ok(make.host(mountpoints(engine.as_ref()).await?)),
        DataPath::EngineArchive => Ok(make.archive(Arc::clone(engine), project)),
        DataPath::Host => Err(BackupError::NoPath { address: link.address.clone() }),
    }
}

/// Where volumes lie on this machine: those whose content surely is in the engine's own folder.
async fn mountpoints(engine: &dyn Engine) -> Result<BTreeMap<String, PathBuf>, BackupError> {
    let volumes = engine.list_volumes("", Deadline::QUESTION).await?;
    // With options the driver mounts something when a container starts; before, the folder is empty.
    let plain = volumes.into_iter().filter(|volume| volume.driver == "local" && volume.options.is_empty());
    Ok(plain.map(|volume| (volume.name, PathBuf::from(volume.mountpoint))).collect())
}
