// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Restore points in a store: made, listed, shown, verified, protected, compared, removed, copied elsewhere. Only making one
//! needs an engine.

mod capture;
mod copies;
mod create;
mod drive;
mod error;
mod export;
mod gather;
mod hashing;
mod hold;
mod hooks;
mod images;
mod means;
mod models;
mod place;
mod prune;
mod readback;
mod record;
pub mod recover;
pub mod restore;
mod restore_test;
mod sets;
mod unchanged;
mod verify;

pub use create::{Created, Images, Prepared, Site, Wish, create, prepare};
pub use error::BackupError;
pub use export::{Exported, export};
pub use gather::Scene;
pub use hold::{Breaking, Hold, open_or_make};
pub use means::Means;
pub use place::{project_name, store_folder};
pub use prune::{Pruning, forecast, prune, simulate};
pub use restore_test::restore_test;
pub use sets::{Listed, Protection, Set, compare, list, open, protect, resolve, show};
pub use verify::{Flaw, Progress, Verdict, verify};

pub use crate::sys::store::{Store, StoreError};
pub use crate::sys::worker::MakeWorkers;

use chrono::{DateTime, Utc};

use crate::sys::Clock;
use crate::sys::store::Disk;

/// What the use cases need of the outside.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// Where stores lie.
    pub disk: &'a dyn Disk,
    /// The time.
    pub clock: &'a dyn Clock,
}

impl Outside<'_> {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl std::fmt::Debug for Outside<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Outside").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
