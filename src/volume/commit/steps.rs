// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The steps, and what is left to do of each.

use super::{CommitError, CommitList};
use crate::volume::text;

/// Which way a list is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the new tree.
    Forward,
    /// To the old tree.
    Back,
}

/// The directory beside the root that a name goes into or comes out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// That of the old tree.
    Old,
    /// That of the new tree.
    New,
}

/// One step. Names are those at the top of the volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// From the root into the side directory.
    Out(Side, Vec<u8>),
    /// All renames so far reach the disk.
    Sync,
    /// From the side directory into the root.
    In(Side, Vec<u8>),
    /// The root gets the attributes that it has in this tree.
    Root(Side),
}

/// What is left to do of a rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Nothing: it was done before.
    Done,
    /// The rename.
    Rename,
}

/// The steps of a list, in order. Run them all, from the first, whatever was done before.
#[must_use]
pub fn steps(list: &CommitList, direction: Direction) -> Vec<Step> {
    let (out, into) = match direction {
        Direction::Forward => ((Side::Old, &list.old), (Side::New, &list.new)),
        Direction::Back => ((Side::New, &list.new), (Side::Old, &list.old)),
    };
    let leave = out.1.iter().map(|name| Step::Out(out.0, name.clone()));
    let enter = into.1.iter().map(|name| Step::In(into.0, name.clone()));
    // Between them the disk must know that all have left: a name may leave and enter, as two different things.
    leave.chain([Step::Sync]).chain(enter).chain([Step::Sync, Step::Root(into.0), Step::Sync]).collect()
}

/// What is left of a rename, from where its name is now.
///
/// # Errors
/// When the name is where no crash can have left it: somebody else changed the volume.
pub fn work(step: &Step, in_root: bool, in_side: bool) -> Result<Work, CommitError> {
    let lost = |name: &[u8]| CommitError::Disturbed { name: text::escape(name) };
    match step {
        Step::Out(..) if in_side => Ok(Work::Done),
        Step::Out(_, name) => in_root.then_some(Work::Rename).ok_or_else(|| lost(name)),
        Step::In(_, name) => match (in_side, in_root) {
            (true, false) => Ok(Work::Rename),
            (false, true) => Ok(Work::Done),
            _ => Err(lost(name)),
        },
        Step::Sync | Step::Root(_) => Ok(Work::Done),
    }
}
