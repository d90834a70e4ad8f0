// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Trees of files on a disk: to an archive, from an archive, to an index; renamed into place, removed. Linux alone.
//!
//! Everything starts from an open directory and goes down one name at a time, never through a symbolic link, never onto
//! another mount. Everything blocks: it is run in a thread of its own, or in a process of its own.

mod attributes;
mod capture;
mod check;
mod commit;
mod content;
mod control;
mod engine_archive;
mod error;
mod extract;
mod fingerprint;
mod open;
mod rebase;
mod remove;
mod scan;
mod survey;
#[cfg(test)]
mod tests;
mod zstd;

pub use crate::volume::Fidelity;
pub use capture::{Captured, capture, index};
pub use check::{Checked, PackedIndex, check_archive, packed_index};
pub use commit::{all_names, attributes, begin, check_movable, get, names, put, read_list, run};
pub use control::{Control, Progress};
pub use engine_archive::{convert, index_of, is_aside};
pub use error::TreeError;
pub use extract::{Durability, extract};
pub use fingerprint::{fingerprint, has_change_times};
pub use open::open_root;
pub use rebase::rebase;
pub use remove::remove_tree;
pub use scan::{Listed, Notes};
pub use survey::survey;

pub use zstd::{FRAME, FrameReader, FrameWriter};
