// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How a staged tree takes the place of the old one by renames alone, and how it goes back.
//!
//! The volume's root keeps its place (the engine mounts it). Beside the old names stands one directory of ours with
//! `new/` (the staged tree) and `old/` (empty). Forward: every old name goes into `old/`, every new name comes out of
//! `new/`, then the root gets its new attributes. Back: the same the other way round.
//!
//! Every step says for itself whether it was done: a name that goes out is done when `old/` (or `new/`) has it, one that
//! comes in when that directory no longer has it. So a list can be run from its beginning after a crash at any point,
//! in either direction, and ends in exactly the new or exactly the old tree.

mod list;
mod steps;
#[cfg(test)]
mod tests;

pub use list::{CommitError, CommitList};
pub use steps::{Direction, Side, Step, Work, steps, work};

/// What the names of our directories in a volume begin with. No entry of a tree at its top may be called so.
pub const PREFIX: &[u8] = b".stackctl-";
/// The file with the list. Where it is there and whole, the renames have begun.
pub const LIST: &str = "COMMIT";
/// The directory with the staged tree.
pub const NEW: &str = "new";
/// The directory that takes the old tree.
pub const OLD: &str = "old";
