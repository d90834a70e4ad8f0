// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What keeps a use case about sets from its end.

use crate::app::AppError;
use crate::app::engines::EngineFault;
use crate::app::operate::OperateError;
use crate::backup::class::ClassFault;
use crate::backup::journal::JournalError;
use crate::backup::retention::EmptyPolicy;
use crate::error::UserError;
use crate::sys::engine::EngineError;
use crate::sys::lock::LockError;
use crate::sys::store::{SetFault, StoreError};
use crate::sys::worker::{Mark, WorkerError};

impl From<ClassFault> for BackupError {
    fn from(fault: ClassFault) -> Self {
        Self::Class(fault)
    }
}

/// A fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// The project cannot be told.
    #[error(transparent)]
    App(#[from] AppError),
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A set's.
    #[error(transparent)]
    Set(#[from] SetFault),
    /// No rule for retention.
    #[error(transparent)]
    Policy(#[from] EmptyPolicy),
    /// Nobody says where the store is.
    #[error("no folder is known where the store could be")]
    NoPlace,
    /// The name fits no set.
    #[error("there is no set `{0}`")]
    NoSet(String),
    /// There is none at all.
    #[error("there is no complete set yet")]
    NoSets,
    /// What was copied is not what was there.
    #[error("`{path}` of set `{set}` is damaged: {flaw}")]
    Damaged {
        /// The set.
        set: String,
        /// The file.
        path: String,
        /// What is wrong, as a fragment.
        flaw: String,
    },
    /// The engine's.
    #[error(transparent)]
    Engine(EngineError),
    /// A worker's.
    #[error(transparent)]
    Worker(WorkerError),
    /// Containers did not do as they should.
    #[error(transparent)]
    Operate(#[from] OperateError),
    /// The engine cannot be asked.
    #[error(transparent)]
    EngineFault(#[from] EngineFault),
    /// The lock of the project cannot be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// One engine is needed.
    #[error("{0} engines are named, and one is needed")]
    ManyEngines(usize),
    /// No way leads to the data.
    #[error("no way leads to the volumes of the engine at {address}")]
    NoPath {
        /// The engine.
        address: String,
    },
    /// Nobody says where locks lie.
    #[error("no folder is known where locks are kept")]
    NoState,
    /// A word for a class of data is none.
    #[error("{0}")]
    Class(ClassFault),
    /// A volume is another than when the plan was made.
    #[error("volume `{name}` is another than when the plan was made")]
    Moved {
        /// The volume.
        name: String,
    },
    /// Somebody wrote although nobody who could was running.
    #[error("somebody wrote to `{name}` while it was read: {paths}")]
    Disturbed {
        /// The volume or path.
        name: String,
        /// Some of what changed.
        paths: String,
    },
    /// A container was started while it was to be still.
    #[error("`{container}` was started by somebody while its data was read")]
    StartedMeanwhile {
        /// The container.
        container: String,
    },
    /// An operation that was cut short left something there.
    #[error("`{operation}` was cut short in `{name}` ({mark:?})")]
    Unfinished {
        /// The volume or path.
        name: String,
        /// The operation.
        operation: String,
        /// How far it came.
        mark: Mark,
    },
    /// What is put back needs more room than there is.
    #[error("{needed_bytes} bytes are needed beside what is there, and {free_bytes} are free")]
    NoRoom {
        /// What is needed.
        needed_bytes: u64,
        /// What is free.
        free_bytes: u64,
    },
    /// What is put back needs more room than there is without what is there.
    #[error("{needed_bytes} bytes are needed, and {free_bytes} will be free when what is there is deleted")]
    NoRoomInPlace {
        /// What is needed.
        needed_bytes: u64,
        /// What is free then.
        free_bytes: u64,
    },
    /// What is there cannot be put into a restore point first.
    #[error("no restore point can be made of what is there, so nothing is restored over it")]
    NotKept,
    /// What would be deleted is not in a set as a whole.
    #[error("what is in `{name}` is not in set `{set}` as a whole, so nothing is deleted")]
    NotWhole {
        /// The volume.
        name: String,
        /// The set that was made of it.
        set: String,
    },
    /// The data was restored, and an image of the set was not.
    #[error("the data is in place, and the images are not: {reason}")]
    ImagesNotBack {
        /// The set.
        set: String,
        /// Why.
        reason: String,
    },
    /// What was loaded is not what was saved.
    #[error("the engine does not know image {id} after it was loaded")]
    ImageStrange {
        /// The id.
        id: String,
    },
    /// A journal cannot be relied on.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The way that data takes cannot exchange names.
    #[error("the engine's archive requests cannot put back what was there before")]
    NoRenames,
    /// Nothing is kept of an earlier restore.
    #[error("no earlier restore kept what was there before it")]
    NothingKept,
    /// What was read back is not what was written, or should have been.
    #[error("the archive of `{name}` is damaged: {flaw}")]
    Unreadable {
        /// The volume or path.
        name: String,
        /// What is wrong, as a fragment.
        flaw: String,
    },
    /// Files that were taken over from an earlier set are not as they were.
    #[error("the archive of `{name}`, which is that of set `{set}`, is damaged: {flaw}")]
    Spoiled {
        /// The volume or path.
        name: String,
        /// The set in which it was read.
        set: String,
        /// What is wrong, as a fragment.
        flaw: String,
    },
    /// Somebody asked for the end.
    #[error("ended on request")]
    Cancelled,
}

impl UserError for BackupError {
    fn code(&self) -> &'static str {
        match self {
            Self::App(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Set(error) => error.code(),
            Self::Policy(error) => error.code(),
            Self::NoPlace => "store_missing",
            Self::NoSet(_) | Self::NoSets => "set_missing",
            Self::Damaged { .. } => "set_damaged",
            Self::Engine(error) => error.code(),
            Self::Worker(error) => error.code(),
            Self::Operate(error) => error.code(),
            Self::EngineFault(error) => error.code(),
            Self::Lock(error) => error.code(),
            Self::ManyEngines(_) => "engines_many",
            Self::NoPath { .. } => "data_path_none",
            Self::NoState => "state_folder_missing",
            Self::Class(error) => error.code(),
            Self::Moved { .. } => "volume_moved",
            Self::Disturbed { .. } => "data_disturbed",
            Self::StartedMeanwhile { .. } => "started_meanwhile",
            Self::Unreadable { .. } | Self::Spoiled { .. } => "archive_damaged",
            Self::Unfinished { .. } => "operation_unfinished",
            Self::NoRoom { .. } | Self::NoRoomInPlace { .. } => "volume_full",
            Self::Journal(error) => error.code(),
            Self::ImagesNotBack { .. } => "images_not_restored",
            Self::ImageStrange { .. } => "image_strange",
            Self::NotKept | Self::NotWhole { .. } => "restore_point_impossible",
            Self::NoRenames => "archive_path_no_renames",
            Self::NothingKept => "undo_missing",
            Self::Cancelled => "cancelled",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::App(error) => return error.hints(),
            Self::Store(error) => return error.hints(),
            Self::Set(error) => return error.hints(),
            Self::Policy(error) => return error.hints(),
            Self::Engine(error) => return error.hints(),
            Self::Worker(error) => return error.hints(),
            Self::Operate(error) => return error.hints(),
            Self::Class(error) => return error.hints(),
            Self::EngineFault(error) => return error.hints(),
            Self::Lock(error) => return error.hints(),
            Self::ManyEngines(_) => "name one with `--host` or `--context`",
            Self::NoPath { .. } => {
                "run stackctl on the engine's own machine; `--data-path archive` works from here, with losses"
            }
            Self::NoState => "set `STACKCTL_STATE_DIR` to an absolute path",
            Self::Journal(error) => return error.hints(),
            Self::Cancelled => return Vec::new(),
            Self::Unfinished { .. } => "`stackctl recover` brings it to its end",
            Self::NoRoom { .. } => {
                "the old data stays until the stack is well; make room, restore fewer with `--volumes`, or let \
                 `stackctl restore --in-place` delete it first"
            }
            Self::NoRoomInPlace { .. } => {
                "nothing was deleted; make room, or restore fewer with `stackctl restore --in-place --volumes`"
            }
            Self::ImagesNotBack { set, .. } => {
                return vec![format!(
                    "`stackctl restore {set} --with-images` does it again; by hand: `zstd -dc FILE | docker load`, below `images/`"
                )];
            }
            Self::ImageStrange { .. } => "`stackctl backup verify` tells whether the set is whole",
            Self::NotKept => {
                "`--no-backup` restores without one; `--keep-undo` keeps what is there beside the new data"
            }
            Self::NotWhole { .. } => {
                "`stackctl backup show SET` tells what is missing; without `--in-place` nothing is deleted"
            }
            Self::NoRenames => "use `--data-path helper`, or `--data-path host` on the engine's own machine",
            Self::NothingKept => {
                "`stackctl restore --keep-undo` keeps it; sets made before a restore are in `stackctl backup list`"
            }
            Self::Moved { .. } => "somebody made it anew; run the command again and look at the plan",
            Self::Disturbed { .. } => {
                "find who writes: `docker ps --filter volume=NAME`; `--quiesce none` takes it as it is, torn or not"
            }
            Self::StartedMeanwhile { .. } => "keep other supervisors away while a backup runs, then try again",
            Self::Spoiled { .. } => {
                "run it again: it is read anew; check the disk of the store, for every set that `stackctl backup list` calls damaged has it"
            }
            Self::Unreadable { .. } => "check the disk of the store, or use another with `--store DIR`",
            Self::NoPlace => "name the store with `--store DIR`, or the project with `-p NAME`",
            Self::NoSet(_) => "`stackctl backup list` shows the sets; a number or `latest` will do",
            Self::NoSets => "`stackctl backup list` shows what is there",
            Self::Damaged { .. } => "`stackctl backup verify` tells all that is damaged; keep the other sets",
        };
        vec![hint.to_owned()]
    }
}
