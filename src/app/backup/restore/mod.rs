// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Puts a set back: verified first, staged beside what is there, exchanged by renames after one decision for all of it, and
//! undone when the stack is not well afterwards.

mod images;
pub(crate) mod in_place;
mod prepare;
pub(crate) mod run;
pub(crate) mod undo;
pub(crate) mod volumes;

pub use images::{put_images_back, verify_images};
pub use prepare::{KeepUndo, Prepared, RestoreWish, Room, WithImages, newest_verified, prepare};
pub use run::{Restored, restore};
pub use undo::{Kept, kept, newest, undo};

/// How a restore ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The data is back and the stack is well.
    Done,
    /// The stack was not well with it, so what was there before is back.
    Undone,
    /// Neither could be had: see the faults.
    Incomplete,
    /// The stack is not well, and the restored data stays, as asked.
    KeptUnhealthy,
}
