// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One entry of a tree, with everything that a backup must bring back.
//!
//! Sockets have no entry: they are nothing without the process that listens. Access and change times neither: they say
//! when somebody looked, and no call can set the second.

use std::collections::BTreeMap;

use super::TreePath;

/// The highest user or group id. 2^32-1 is "leave as it is" for `chown`, so no file can have it.
pub const MAX_ID: u32 = u32::MAX - 1;

/// The longest target of a symbolic link in bytes (`PATH_MAX` without its end).
pub const MAX_LINK: usize = 4095;

/// How many runs of data one file may be cut into; 16 MiB of memory. A file with more is taken with its last holes full.
pub const MAX_EXTENTS: usize = 1 << 20;

/// What fits into 63 bits of nanoseconds, in whole seconds.
const LAST_SECOND_OF_ENGINES: i64 = i64::MAX / 1_000_000_000;

/// Extended attributes: name to value, both as the kernel has them. ACLs are among them in the kernel's binary form.
pub type Xattrs = BTreeMap<Vec<u8>, Vec<u8>>;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub path: TreePath,
    /// Attributes. Of a hard link they are those of the file that it is another name of, and nothing is done with them.
    pub meta: Meta,
    /// What it is.
    pub kind: Kind,
}

/// The attributes of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// Permissions with setuid, setgid and sticky: 12 bits. Linux has no mode of its own for a symbolic link.
    pub mode: u16,
    /// Owner, at most [`MAX_ID`].
    pub uid: u32,
    /// Group, at most [`MAX_ID`].
    pub gid: u32,
    /// When the content was last changed.
    pub mtime: Timestamp,
    /// Extended attributes.
    pub xattrs: Xattrs,
}

/// A point in time: seconds since 1970, before it negative, and the nanoseconds after that second (below 10^9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp {
    /// Whole seconds, rounded down.
    pub seconds: i64,
    /// Nanoseconds after them.
    pub nanoseconds: u32,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File {
        /// Length in bytes, holes included.
        size: u64,
        /// Where its data is, ascending, apart from each other, none empty. What lies between reads as zeros.
        extents: Vec<Extent>,
    },
    /// A directory.
    Directory,
    /// A symbolic link and where it points, as it was written.
    Symlink(Vec<u8>),
    /// Another name of an entry that comes earlier and is no directory.
    HardLink(TreePath),
    /// A named pipe.
    Fifo,
    /// A character device.
    CharDevice(Device),
    /// A block device.
    BlockDevice(Device),
}

/// A run of data in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// First byte.
    pub offset: u64,
    /// Length in bytes.
    pub length: u64,
}

/// The number of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Device {
    /// Which driver.
    pub major: u32,
    /// Which of its devices.
    pub minor: u32,
}

impl Timestamp {
    /// What an engine that unpacks an archive makes of it: it knows the years 1970 to 2262, and sets 1970 for all others.
    #[must_use]
    pub fn as_engines_set_it(self) -> Self {
        if (0..=LAST_SECOND_OF_ENGINES).contains(&self.seconds) { self } else { Self::default() }
    }
}

impl Kind {
    /// A file without holes.
    #[must_use]
    pub fn full_file(size: u64) -> Self {
        let extents = if size == 0 { Vec::new() } else { vec![Extent { offset: 0, length: size }] };
        Self::File { size, extents }
    }

    /// The bytes that an archive carries for it: the data of a file, without its holes.
    #[must_use]
    pub fn stored(&self) -> u64 {
        match self {
            Self::File { extents, .. } => extents.iter().fold(0, |sum, extent| sum.saturating_add(extent.length)),
            _ => 0,
        }
    }

    /// Whether it is a file with a hole.
    #[must_use]
    pub fn has_holes(&self) -> bool {
        matches!(self, Self::File { size, .. } if self.stored() < *size)
    }

    /// A word for messages and for the index.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::File { .. } => "file",
            Self::Directory => "directory",
            Self::Symlink(_) => "symlink",
            Self::HardLink(_) => "hardlink",
            Self::Fifo => "fifo",
            Self::CharDevice(_) => "char-device",
            Self::BlockDevice(_) => "block-device",
        }
    }
}

/// Whether runs are ascending, apart, none empty, inside `size`, and few enough.
#[must_use]
pub fn extents_fit(extents: &[Extent], size: u64) -> bool {
    let mut free_from = 0_u64;
    for extent in extents {
        let Some(end) = extent.offset.checked_add(extent.length) else { return false };
        if extent.length == 0 || extent.offset < free_from || end > size {
            return false;
        }
        free_from = end;
    }
    extents.len() <= MAX_EXTENTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_data_must_fit() {
        let run = |offset, length| Extent { offset, length };
        assert!(extents_fit(&[run(0, 4), run(4, 2), run(9, 1)], 10));
        for wrong in
            [&[run(0, 0)][..], &[run(4, 2), run(0, 2)], &[run(0, 4), run(3, 4)], &[run(8, 3)], &[run(u64::MAX, 2)]]
        {
            assert!(!extents_fit(wrong, 10), "{wrong:?}");
        }
    }

    #[test]
    fn a_full_file_has_no_holes() {
        assert!(!Kind::full_file(0).has_holes() && !Kind::full_file(9).has_holes());
        assert!(Kind::File { size: 9, extents: Vec::new() }.has_holes());
        assert_eq!(Kind::full_file(9).stored(), 9);
    }
}
