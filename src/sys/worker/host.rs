// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Workers on this machine: this program again, as a child, with a folder that this machine can see.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::{Access, Call, Line, Session, Tree, WorkerError, Workers};
use crate::backup::id::OperationId;
use crate::backup::manifest::DataPath;

/// Starts this program as a worker.
pub trait Launch: Send + Sync {
    /// A worker for a folder, in a process group of its own: what a terminal tells all of its programs is not for it. It
    /// is killed when its line is dropped, and ends by itself when this process dies. A read of the line's output fails
    /// with what the worker said of its own end.
    ///
    /// # Errors
    /// When it cannot be started.
    fn launch(&self, folder: &Path) -> io::Result<Line>;
}

/// Knows where volumes lie on this machine.
pub trait Mountpoints: Send + Sync {
    /// The folder of a volume. A volume that is mounted on use (driver options) is empty there while nobody uses it, so
    /// it must not be given.
    fn mountpoint<'a>(&'a self, volume: &'a str) -> Call<'a, PathBuf>;
}

impl Mountpoints for BTreeMap<String, PathBuf> {
    fn mountpoint<'a>(&'a self, volume: &'a str) -> Call<'a, PathBuf> {
        let known = self.get(volume).cloned();
        let unknown = || WorkerError::Impossible(format!("nobody knows where the volume `{volume}` lies"));
        Box::pin(std::future::ready(known.ok_or_else(unknown)))
    }
}

impl<T: Launch + ?Sized> Launch for &T {
    fn launch(&self, folder: &Path) -> io::Result<Line> {
        (**self).launch(folder)
    }
}

impl<T: Mountpoints + ?Sized> Mountpoints for &T {
    fn mountpoint<'a>(&'a self, volume: &'a str) -> Call<'a, PathBuf> {
        (**self).mountpoint(volume)
    }
}

/// Workers on this machine. What they do needs root, for a volume has files of many owners.
pub struct HostWorkers<L, M> {
    launch: L,
    mountpoints: M,
}

impl<L: Launch, M: Mountpoints> HostWorkers<L, M> {
    /// Workers that are started so, for volumes that lie there.
    #[must_use]
    pub fn new(launch: L, mountpoints: M) -> Self {
        Self { launch, mountpoints }
    }

    fn start_in(&self, folder: &Path) -> Result<Line, WorkerError> {
        let failed = |error| WorkerError::Impossible(format!("this program cannot be started again: {error}"));
        self.launch.launch(folder).map_err(failed)
    }
}

impl<L: Launch, M: Mountpoints> Workers for HostWorkers<L, M> {
    fn path(&self) -> DataPath {
        DataPath::Host
    }

    /// Also lets a worker greet: what can fail with the program itself fails here.
    fn prepare(&self, _: OperationId) -> Call<'_, ()> {
        Box::pin(async {
            if !rustix::process::geteuid().is_root() {
                return Err(WorkerError::Impossible(
                    "reading and writing volumes on this machine needs root".to_owned(),
                ));
            }
            let greeted = Session::open(self.start_in(Path::new("/"))?, "/").await;
            greeted.map_err(|error| WorkerError::Impossible(error.to_string()))?.close().await
        })
    }

    fn of(&self, _: &str) -> Option<Box<dyn Workers>> {
        None
    }

    fn start<'b>(&'b self, tree: &'b Tree, _: Access, _: OperationId) -> Call<'b, Line> {
        Box::pin(async move {
            match tree {
                Tree::Folder(folder) => self.start_in(folder),
                Tree::Volume(name) => self.start_in(&self.mountpoints.mountpoint(name).await?),
            }
        })
    }

    /// Nothing is left: own workers end with their lines. One whose stackctl was killed ends when its input does, and
    /// until then holds the folder of its operation, for which others wait.
    fn sweep(&self, _: OperationId) -> Call<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn sweep_all(&self) -> Call<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }
}
