// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Workers: processes that hold one tree of files and do what they are asked, over frames.
//!
//! A worker runs in a container of its own at the engine (`DataPath::Helper`) or on this machine (`DataPath::Host`), or it
//! is a thread that asks the engine for its own archives (`DataPath::EngineArchive`). All speak the same protocol, see
//! `volume::frame` and `volume::request`.

#[cfg(target_os = "linux")]
pub mod archive;
mod claim;
pub mod helper;
mod host;
#[cfg(target_os = "linux")]
pub mod serve;
mod session;
mod sweep;
#[cfg(all(test, target_os = "linux"))]
mod tests;

use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::backup::id::OperationId;
use crate::backup::manifest::DataPath;
use crate::error::UserError;
use crate::sys::engine::EngineError;

pub use host::{HostWorkers, Launch, Mountpoints};
pub use session::{Progress, Seen, Session, Sink};

pub use crate::volume::index::{IndexCheck, PartCheck};
pub use crate::volume::request::{Content, Mark, Part, Paths, Survey, SurveyedFile};

/// The label that every helper container and volume of ours carries; its value is `PROJECT/OPERATION`: names of operations
/// are unique in a store alone.
pub const LABEL: &str = "stackctl.helper";

/// The word after which this program is a worker: `stackctl volume-worker FOLDER`. It is no command for people.
pub const VERB: &str = "volume-worker";

/// The tree that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tree {
    /// A volume of the engine, by name. It must be there: naming another would make it.
    Volume(String),
    /// A folder on the engine's machine.
    Folder(PathBuf),
}

/// What a worker may do with its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read it.
    Read,
    /// Change it.
    Write,
}

/// Why there is no worker, or no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// The engine's fault.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// It could not be made, for a reason that the next attempt will have too.
    #[error("no worker can run: {0}")]
    Impossible(String),
    /// It ended before it was done.
    #[error("the worker of `{tree}` ended before it was done{}", reason.as_ref().map(|it| format!(": {it}")).unwrap_or_default())]
    Gone {
        /// What it held.
        tree: String,
        /// Its last words, or how it ended, as a fragment.
        reason: Option<String>,
    },
    /// What it said cannot be understood or is not whole.
    #[error("what the worker of `{tree}` said is damaged: {reason}")]
    Garbled {
        /// What it held.
        tree: String,
        /// What is wrong, as a fragment.
        reason: String,
    },
    /// It said why it could not do it.
    #[error("`{tree}`: {message}")]
    Failed {
        /// What it held.
        tree: String,
        /// The stable word.
        code: String,
        /// For a person.
        message: String,
    },
}

impl UserError for WorkerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Engine(error) => error.code(),
            Self::Impossible(_) => "worker_impossible",
            Self::Gone { .. } => "worker_gone",
            Self::Garbled { .. } => "worker_garbled",
            Self::Failed { .. } => "worker_failed",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Engine(error) => error.hints(),
            Self::Impossible(_) => vec![
                "`--data-path host` works on the engine's own machine, as root".to_owned(),
                "`--data-path archive` works with every engine, and loses some attributes; the plan names them"
                    .to_owned(),
            ],
            Self::Gone { .. } => vec!["was it killed, or out of memory? `docker events --since 5m` tells".to_owned()],
            Self::Garbled { .. } | Self::Failed { .. } => Vec::new(),
        }
    }
}

/// The two ends of a worker's talk. Dropping it ends the talk; a worker whose input ends between two requests ends too.
pub struct Line {
    /// What it hears.
    pub input: Box<dyn AsyncWrite + Send + Unpin>,
    /// What it says. A failed read says how it ended, as a fragment.
    pub output: Box<dyn AsyncRead + Send + Unpin>,
}

/// The answer to a call, to be awaited.
pub type Call<'a, T> = std::pin::Pin<Box<dyn Future<Output = Result<T, WorkerError>> + Send + 'a>>;

/// Makes workers.
pub trait Workers: Send + Sync {
    /// The way that data takes.
    fn path(&self) -> DataPath;

    /// Sees that workers can be made: whatever can fail fails here, before anybody was stopped.
    fn prepare(&self, operation: OperationId) -> Call<'_, ()>;

    /// Workers of the same kind for operations on another project; none where these are for every project.
    fn of(&self, project: &str) -> Option<Box<dyn Workers>>;

    /// Starts a worker for an operation.
    fn start<'a>(&'a self, tree: &'a Tree, access: Access, operation: OperationId) -> Call<'a, Line>;

    /// Ends and removes what workers of an operation are left, and waits until they are gone. None is well.
    fn sweep(&self, operation: OperationId) -> Call<'_, ()>;

    /// The same for every operation on the project. For who holds its lock: then all of them are of runs that died.
    fn sweep_all(&self) -> Call<'_, ()>;
}

impl Tree {
    /// Its name as people know it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Volume(name) => name.clone(),
            Self::Folder(path) => path.display().to_string(),
        }
    }
}

/// Makes those who make workers.
pub trait MakeWorkers: Send + Sync {
    /// The processor that this program runs on, in the engine's word, such as `amd64`.
    fn architecture(&self) -> String;

    /// Workers in helper containers of an engine, for operations on this project.
    fn helper(&self, engine: std::sync::Arc<dyn crate::sys::engine::Engine>, project: &str) -> Box<dyn Workers>;

    /// Workers on this machine; volumes are where `mountpoints` says, by name.
    fn host(&self, mountpoints: std::collections::BTreeMap<String, PathBuf>) -> Box<dyn Workers>;

    /// Workers that ask an engine for its own archives, for operations on this project.
    fn archive(&self, engine: std::sync::Arc<dyn crate::sys::engine::Engine>, project: &str) -> Box<dyn Workers>;
}
