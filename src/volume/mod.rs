// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a volume's content is when it is not on a disk: its entries, the archive that carries them, the index that
//! says what they were, the fingerprint that shows whether they still are, the frames between two processes, and the list of renames that puts a tree in place.
//!
//! Pure: everything here works on values, on `Read` and on `Write`. Walking, extracting and renaming is `sys::tree`.

pub mod acl;
pub mod commit;
pub mod digest;
mod entry;
mod fidelity;
pub mod fingerprint;
pub mod frame;
pub mod index;
mod path;
pub mod pax;
pub mod request;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;

pub use entry::{Device, Entry, Extent, Kind, MAX_EXTENTS, MAX_ID, MAX_LINK, Meta, Timestamp, Xattrs, extents_fit};
pub use fidelity::{Fidelity, Loss};
pub use path::{MAX_DEPTH, MAX_NAME, MAX_PATH, PathFault, TreePath};
