// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is done to one container from a screen, after somebody agreed: under the project's lock, like everything that
//! changes a stack.

use crate::app::observe::Live;
use crate::app::state_folder::state_folder;
use crate::error::UserError;
use crate::health::board::SlotKey;
use crate::sys::engine::{Deadline, Engine, EngineError, Grace};
use crate::sys::lock::{LockError, LockRequest, ProjectLock};

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeedKind {
    /// Start it.
    Start,
    /// Stop it, with the time that it has for that.
    Stop,
    /// Stop it and start it.
    Restart,
    /// Let a frozen one run.
    Unpause,
}

impl DeedKind {
    /// The word, which is Docker's too.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Unpause => "unpause",
        }
    }
}

/// Something to do to a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What.
    pub kind: DeedKind,
    /// Whose container.
    pub key: SlotKey,
    /// Its name.
    pub container: String,
    /// Its id, so that another one of the same name is left alone.
    pub id: String,
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeedFault {
    /// The engine is not among those that are watched, or cannot be asked.
    #[error("the engine `{0}` cannot be asked")]
    NoEngine(String),
    /// Nobody says where locks lie.
    #[error("no folder is known where locks are kept")]
    NoState,
    /// Somebody else works on the project.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl UserError for DeedFault {
    fn code(&self) -> &'static str {
        match self {
            Self::NoEngine(_) => "engine_unreachable",
            Self::NoState => "state_folder_missing",
            Self::Lock(error) => error.code(),
            Self::Engine(error) => error.code(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Lock(error) => error.message(),
            Self::Engine(error) => error.message(),
            other => other.to_string(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoEngine(_) => vec!["`stackctl doctor` looks why".to_owned()],
            Self::NoState => vec!["set `STACKCTL_STATE_DIR` to an absolute path".to_owned()],
            Self::Lock(error) => error.hints(),
            Self::Engine(error) => error.hints(),
        }
    }
}

/// Whether the lock of the project is held already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LockHeld {
    /// By this dashboard.
    Here,
    /// Not by it.
    No,
}

/// A project's lock, held so that supervisors and others leave the project alone.
#[derive(Debug)]
pub(super) struct Held {
    context: String,
    project: String,
    lock: ProjectLock,
}

impl Held {
    /// Gives it back.
    pub(super) async fn release(self, live: &Live<'_>) {
        let project = self.project;
        let released = match engine(live, &self.context) {
            Ok(engine) => self.lock.release(engine).await.map_err(|error| error.message()),
            Err(fault) => Err(fault.message()),
        };
        if let Err(error) = released {
            tracing::warn!(error, project, "the project lock is left behind");
        }
    }
}

fn engine<'l>(live: &Live<'l>, context: &str) -> Result<&'l dyn Engine, DeedFault> {
    let link = live.engines.iter().find(|link| link.name == context);
    let engine = link.and_then(|link| link.engine.as_ref().ok());
    engine.map(AsRef::as_ref).ok_or_else(|| DeedFault::NoEngine(context.to_owned()))
}

/// Takes a project's lock.
///
/// # Errors
/// Somebody else has it, or the engine cannot be asked.
pub(super) async fn hold(live: &Live<'_>, context: &str, project: &str) -> Result<Held, DeedFault> {
    let folder = state_folder(live.context.environment).ok_or(DeedFault::NoState)?.join("locks");
    let request =
        LockRequest { project, folder: &folder, command: "dashboard", now: live.clock.now(), break_lock: false };
    let lock = ProjectLock::acquire(engine(live, context)?, live.machine, request).await?;
    Ok(Held { context: context.to_owned(), project: project.to_owned(), lock })
}

/// Does it.
///
/// # Errors
/// Why it was not done.
pub(super) async fn act(live: &Live<'_>, deed: &Deed, held: LockHeld) -> Result<(), DeedFault> {
    let engine = engine(live, &deed.key.context)?;
    if held == LockHeld::Here {
        return Ok(change(engine, deed).await?);
    }
    let lock = hold(live, &deed.key.context, &deed.key.project).await?;
    let done = change(engine, deed).await;
    lock.release(live).await;
    Ok(done?)
}

async fn change(engine: &dyn Engine, deed: &Deed) -> Result<(), EngineError> {
    match deed.kind {
        DeedKind::Start => engine.start_container(&deed.id, Deadline::CHANGE).await,
        DeedKind::Stop => engine.stop_container(&deed.id, Grace::OWN, patience(engine, &deed.id).await).await,
        DeedKind::Restart => engine.restart_container(&deed.id, Grace::OWN, patience(engine, &deed.id).await).await,
        DeedKind::Unpause => engine.unpause_container(&deed.id, Deadline::CHANGE).await,
    }
}

/// The time that the process gets to end, and a minute for the engine.
async fn patience(engine: &dyn Engine, id: &str) -> Deadline {
    let detail = engine.inspect_container(id, Deadline::QUESTION).await;
    let grace = detail.ok().and_then(|detail| detail.stop_grace).unwrap_or(std::time::Duration::from_secs(10));
    Deadline::within(grace + std::time::Duration::from_mins(1))
}
