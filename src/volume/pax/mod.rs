// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The archive of a tree: POSIX pax (IEEE Std 1003.1-2017, pax, "pax Interchange Format"), written and read strictly.
//!
//! Extended headers carry what a ustar block cannot: long names, large ids and sizes, times with nanoseconds, extended
//! attributes (`SCHILY.xattr.*`), ACLs (`SCHILY.acl.*`), and holes as GNU tar writes them (`GNU.sparse` 1.0). Names are
//! raw bytes, as GNU tar 1.34 and Docker write and read them. The same tree gives the same bytes: entries are sorted, and
//! no time of reading, no name of a user, no process id gets in.
//!
//! GNU tar 1.34 restores it with `tar --xattrs --xattrs-include='*' --acls --numeric-owner -xpSf`.

mod error;
mod header;
mod reader;
mod records;
mod sparse;
#[cfg(test)]
mod tests;
mod writer;

pub use error::PaxError;
pub use reader::Reader;
pub use writer::Writer;

/// The unit of an archive, in bytes.
pub(crate) const BLOCK: usize = 512;

/// The longest extended header, in bytes. All extended attributes of a file together are far below on every file system.
pub const MAX_RECORDS: u64 = 4 * 1024 * 1024;

/// What went through an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Entries, the root among them.
    pub entries: u64,
    /// Bytes of data of files, without holes.
    pub bytes: u64,
}

/// What fills `length` bytes up to a whole block.
pub(crate) fn padding(length: u64) -> u64 {
    let block = BLOCK as u64;
    (block - length % block) % block
}
