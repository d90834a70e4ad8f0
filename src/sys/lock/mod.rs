// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One lock for everything that changes a stack: backup, restore, deploy, and the supervisor's acts.
//!
//! Two parts. A locked file keeps runs of one user on one machine apart; it dies with the process and leaves nothing behind.
//! A volume on the engine, `stackctl-lock-<project>`, keeps machines and users apart; its labels tell who holds it. Making a
//! volume that is there gives the one that is there, so the engine decides who was first.
//!
//! A volume outlives its maker. A holder on this machine that is dead is replaced at once; one that cannot be looked at
//! only after [`BREAKABLE_AFTER`] and when asked to. Only one taker can win: it must first make a second volume, named
//! after the very lock that it replaces.

mod error;
mod machine;
mod owner;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

pub use error::LockError;
pub use machine::{HeldFile, Machine};
pub use owner::{LockOwner, ProcessIdentity};

use crate::sys::engine::{Deadline, Engine, EngineError, Volume, VolumePlan};

/// A lock of a process that cannot be looked at may be broken after this time.
pub const BREAKABLE_AFTER: Duration = Duration::from_mins(15);
/// A taker that has not finished after this time never will.
const TAKEOVER_LASTS: Duration = Duration::from_mins(1);
/// How often a lock that changes hands under our eyes is tried anew; each taker that died at it costs one attempt too.
const ATTEMPTS: usize = 8;

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct LockRequest<'a> {
    /// The project's name, as Compose allows it.
    pub project: &'a str,
    /// The folder for locked files, private to the user.
    pub folder: &'a Path,
    /// What the run does, such as `backup`.
    pub command: &'a str,
    /// The time now.
    pub now: DateTime<Utc>,
    /// Whether a lock that nobody can vouch for may be taken away (`--break-lock`).
    pub break_lock: bool,
}

/// A lock that is held. Give it back with [`ProjectLock::release`]; a lock that is only dropped leaves its volume, which the
/// next run on this machine replaces.
#[derive(Debug)]
pub struct ProjectLock {
    project: String,
    token: String,
    /// Whom the lock was taken from, if anyone.
    replaced: Option<LockOwner>,
    _file: Box<dyn HeldFile>,
}

/// The name of the lock's volume.
fn volume_name(project: &str) -> String {
    format!("stackctl-lock-{project}")
}

/// Who holds the lock of a project, as far as the engine knows: `None` when it is free, or when its holder is known to be
/// dead.
///
/// # Errors
/// The engine's.
pub async fn holder(
    engine: &dyn Engine,
    machine: &dyn Machine,
    project: &str,
) -> Result<Option<LockOwner>, EngineError> {
    match engine.inspect_volume(&volume_name(project), Deadline::QUESTION).await {
        Ok(volume) => {
            let owner = LockOwner::read(&volume.labels);
            Ok(Some(owner).filter(|owner| !is_dead(machine, owner)))
        }
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a holder was a process of this machine and is no more.
fn is_dead(machine: &dyn Machine, holder: &LockOwner) -> bool {
    holder.process.shares_machine_with(&machine.identity()) && machine.lives(&holder.process) == Some(false)
}

/// A word that no other lock has.
fn token(owner: &LockOwner) -> String {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let process = &owner.process;
    let text = format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n{number}",
        process.machine,
        process.host,
        process.boot,
        process.namespace,
        process.birth,
        owner.started.timestamp_nanos_opt().unwrap_or(0)
    );
    let digest = Sha256::digest(format!("{text}\n{}", process.pid).as_bytes());
    digest.iter().take(8).fold(String::new(), |word, byte| format!("{word}{byte:02x}"))
}

/// How old a volume is by the engine's own clock, so that clocks of machines need not agree.
async fn age(engine: &dyn Engine, volume: &Volume) -> Result<Duration, EngineError> {
    let now = engine.info(Deadline::QUESTION).await?.time;
    let age = now.zip(volume.created).and_then(|(now, created)| (now - created).to_std().ok());
    Ok(age.unwrap_or(Duration::ZERO))
}

/// Removes a volume that may be gone already.
async fn discard(engine: &dyn Engine, name: &str) -> Result<(), EngineError> {
    match engine.remove_volume(name, Deadline::CHANGE).await {
        Err(error) if error.is_not_found() => Ok(()),
        result => result,
    }
}

impl ProjectLock {
    /// Takes the lock, or says who has it. Waits for nothing.
    ///
    /// # Errors
    /// `HeldHere` and `Held` when another run has it; the rest when it cannot be told.
    pub async fn acquire(
        engine: &dyn Engine,
        machine: &dyn Machine,
        request: LockRequest<'_>,
    ) -> Result<Self, LockError> {
        let project = request.project.to_owned();
        let owner =
            LockOwner { process: machine.identity(), started: request.now, command: request.command.to_owned() };
        let path = request.folder.join(format!("{project}.lock"));
        let note =
            format!("`{}`, process {}, since {}\n", owner.command, owner.process.pid, owner.started.to_rfc3339());
        let file = match machine.try_lock(&path, &note) {
            Ok(Some(file)) => file,
            Ok(None) => return Err(LockError::HeldHere { project, note: machine.note(&path) }),
            Err(reason) => return Err(LockError::File { path: path.display().to_string(), reason }),
        };
        let token = token(&owner);
        let labels = owner.labels(&project, &token);
        let plan = VolumePlan { name: volume_name(&project), labels, ..VolumePlan::default() };
        let mut replaced = None;
        for _ in 0..ATTEMPTS {
            let found = engine.create_volume(&plan, Deadline::CHANGE).await?;
            if LockOwner::token(&found.labels) == token {
                return Ok(Self { project, token, replaced, _file: file });
            }
            let holder = LockOwner::read(&found.labels);
            let age = age(engine, &found).await?;
            let dead = is_dead(machine, &holder);
            let breakable = age >= BREAKABLE_AFTER;
            let may_take = dead || (request.break_lock && breakable);
            if !may_take {
                return Err(LockError::Held { project, owner: Box::new(holder), age, breakable });
            }
            take_over(engine, machine, &plan, &found).await?;
            replaced = Some(holder);
        }
        // It changed hands each time: somebody alive has it.
        let found = engine.inspect_volume(&plan.name, Deadline::QUESTION).await?;
        let owner = Box::new(LockOwner::read(&found.labels));
        Err(LockError::Held { project, owner, age: Duration::ZERO, breakable: false })
    }

    /// Whom the lock was taken from: a run that died, or whose lock was broken. Its work may be half done.
    #[must_use]
    pub fn replaced(&self) -> Option<&LockOwner> {
        self.replaced.as_ref()
    }

    /// Makes sure that the lock is still ours. To be asked before every step that cannot be undone.
    ///
    /// # Errors
    /// `Lost` when it was broken or its volume removed; the engine's error when it cannot be told.
    pub async fn verify(&self, engine: &dyn Engine) -> Result<(), LockError> {
        let lost = |by| LockError::Lost { project: self.project.clone(), by };
        match engine.inspect_volume(&volume_name(&self.project), Deadline::QUESTION).await {
            Ok(volume) if LockOwner::token(&volume.labels) == self.token => Ok(()),
            Ok(volume) => Err(lost(Some(Box::new(LockOwner::read(&volume.labels))))),
            Err(error) if error.is_not_found() => Err(lost(None)),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the lock back. One that was taken away is left to who has it.
    ///
    /// # Errors
    /// The engine's; the volume then stays, and the next run on this machine replaces it.
    pub async fn release(self, engine: &dyn Engine) -> Result<(), LockError> {
        match self.verify(engine).await {
            Ok(()) => Ok(discard(engine, &volume_name(&self.project)).await?),
            Err(LockError::Lost { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Removes the lock that was found, unless another taker is at it. The second volume is named after the lock it replaces,
/// so of all takers one makes it, and a lock that was taken meanwhile is never removed.
async fn take_over(
    engine: &dyn Engine,
    machine: &dyn Machine,
    plan: &VolumePlan,
    found: &Volume,
) -> Result<(), EngineError> {
    let old = LockOwner::token(&found.labels);
    // A volume of that name that nobody of us made has no token; it is named after its emptiness.
    let name = format!("{}.{}", plan.name, if old.is_empty() { "foreign" } else { old });
    let claim = VolumePlan { name: name.clone(), ..plan.clone() };
    let claimed = engine.create_volume(&claim, Deadline::CHANGE).await?;
    if LockOwner::token(&claimed.labels) != LockOwner::token(&plan.labels) {
        // Another taker is at work. One that died at it has its claim taken over in the same way, so that of all takers one
        // removes it; the next attempt claims anew.
        let has_died = is_dead(machine, &LockOwner::read(&claimed.labels));
        if has_died || age(engine, &claimed).await? >= TAKEOVER_LASTS {
            Box::pin(take_over(engine, machine, &claim, &claimed)).await?;
        }
        return Ok(());
    }
    let current = engine.inspect_volume(&plan.name, Deadline::QUESTION).await;
    let still_old = current.as_ref().is_ok_and(|current| LockOwner::token(&current.labels) == old);
    if still_old {
        discard(engine, &plan.name).await?;
    }
    discard(engine, &name).await
}
