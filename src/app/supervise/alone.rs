// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One supervisor for one thing: two would undo each other's work.

use std::path::{Path, PathBuf};

use crate::app::engines::EngineLink;
use crate::error::UserError;
use crate::sys::lock::{HeldFile, Machine};

/// That no other supervisor of this user on this machine looks after the same, for as long as this lives.
#[derive(Debug)]
pub struct Alone(#[expect(dead_code, reason = "holding the files is the lock")] Vec<Box<dyn HeldFile>>);

/// Why that cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAlone {
    /// Another one looks after it.
    #[error("another supervisor looks after this: {note}")]
    Running {
        /// What it wrote of itself.
        note: String,
    },
    /// The file that tells cannot be used.
    #[error("cannot use lock file `{}`: {reason}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl UserError for NotAlone {
    fn code(&self) -> &'static str {
        match self {
            Self::Running { .. } => "locked",
            Self::File { .. } => "state_unwritable",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Running { .. } => {
                "`stackctl watch` only looks on, and `supervise --dry-run` does nothing; both may run beside it"
            }
            Self::File { .. } => "name a folder that you may write to in `STACKCTL_STATE_DIR`",
        };
        vec![hint.to_owned()]
    }
}

impl Alone {
    /// Makes sure of it for each engine, and for one project or (`None`) all of them, by locked files in `folder`.
    ///
    /// # Errors
    /// Another one runs, or it cannot be told.
    pub fn with(
        links: &[EngineLink],
        project: Option<&str>,
        folder: &Path,
        machine: &dyn Machine,
    ) -> Result<Self, NotAlone> {
        let note = format!("process {}", machine.identity().pid);
        let take = |link: &EngineLink| {
            let path = folder.join(file_name(&link.address, project));
            match machine.try_lock(&path, &note) {
                Ok(Some(file)) => Ok(file),
                Ok(None) => Err(NotAlone::Running { note: machine.note(&path) }),
                Err(reason) => Err(NotAlone::File { path, reason }),
            }
        };
        links.iter().map(take).collect::<Result<_, _>>().map(Self)
    }
}

/// What the supervisor of this user on this machine that looks after an engine's project, or (`None`) all of them, wrote of
/// itself. `None`: there is none.
///
/// A look makes no file: where none was ever written, none runs. Where one was, it is locked for the blink of an eye, the
/// only way to see that nobody else has it.
///
/// # Errors
/// It cannot be told.
pub fn running(
    link: &EngineLink,
    project: Option<&str>,
    folder: &Path,
    machine: &dyn Machine,
) -> Result<Option<String>, NotAlone> {
    let path = folder.join(file_name(&link.address, project));
    let note = machine.note(&path);
    if note.is_empty() {
        return Ok(None);
    }
    match machine.try_lock(&path, &note) {
        Ok(Some(_)) => Ok(None),
        Ok(None) => Ok(Some(note)),
        Err(reason) => Err(NotAlone::File { path, reason }),
    }
}

/// Two engines may go by the same name, so a file is called after the address.
fn file_name(address: &str, project: Option<&str>) -> String {
    let safe = |text: &str| {
        text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect::<String>()
    };
    format!("supervise-{}-{}.lock", safe(address), project.map_or_else(|| "all".to_owned(), safe))
}
