// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One entry as an index remembers it.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::volume::digest::ContentDigest;
use crate::volume::fidelity::{Loss, is_kept_by_engines};
use crate::volume::{Device, Entry, Fidelity, Kind, Meta, Timestamp, TreePath, text};

/// Values of attributes up to this length stand in the index themselves, in bytes.
const SHORT: usize = 64;

/// One entry: what and where it is, and its attributes unless it is another name of an entry that has them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Record {
    /// Where it is.
    pub path: TreePath,
    /// What it is.
    pub stamp: Stamp,
    /// Mode, owner, group, time. None of a hard link.
    pub meta: Option<Attributes>,
}

/// What an entry is, with what its content is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Stamp {
    /// A file of this size and content.
    File {
        /// Length in bytes.
        size: u64,
        /// Of its content.
        digest: ContentDigest,
    },
    /// A directory.
    Directory,
    /// A symbolic link to this.
    Symlink(Vec<u8>),
    /// Another name of this entry.
    HardLink(TreePath),
    /// A named pipe.
    Fifo,
    /// A character device.
    CharDevice(Device),
    /// A block device.
    BlockDevice(Device),
}

/// The attributes of an entry; extended ones by `hex:` of their value, long ones by `sha256:` of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attributes {
    /// 12 bits.
    pub mode: u16,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// When the content was last changed.
    pub mtime: Timestamp,
    /// Name to value or digest.
    pub xattrs: BTreeMap<Vec<u8>, String>,
}

impl Record {
    /// The record of an entry; `digest` is that of a file's content (of the empty one when there is none).
    #[must_use]
    pub fn of(entry: &Entry, digest: ContentDigest) -> Self {
        let stamp = match &entry.kind {
            Kind::File { size, .. } => Stamp::File { size: *size, digest },
            Kind::Directory => Stamp::Directory,
            Kind::Symlink(target) => Stamp::Symlink(target.clone()),
            Kind::HardLink(target) => Stamp::HardLink(target.clone()),
            Kind::Fifo => Stamp::Fifo,
            Kind::CharDevice(device) => Stamp::CharDevice(*device),
            Kind::BlockDevice(device) => Stamp::BlockDevice(*device),
        };
        let meta = (!matches!(stamp, Stamp::HardLink(_))).then(|| Attributes::of(&entry.meta));
        Self { path: entry.path.clone(), stamp, meta }
    }

    /// What is left of it in an archive of this fidelity.
    #[must_use]
    pub fn as_kept_by(mut self, fidelity: Fidelity) -> Self {
        if let Some(meta) = &mut self.meta {
            for loss in fidelity.losses() {
                match loss {
                    Loss::Xattrs => meta.xattrs.retain(|name, _| is_kept_by_engines(name)),
                    Loss::Nanoseconds => meta.mtime.nanoseconds = 0,
                    Loss::FarTimes => meta.mtime = meta.mtime.as_engines_set_it(),
                    Loss::Holes => {}
                }
            }
        }
        self
    }
}

impl Stamp {
    /// A word for messages and for the line.
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

impl Attributes {
    fn of(meta: &Meta) -> Self {
        let value = |value: &Vec<u8>| {
            if value.len() <= SHORT {
                format!("hex:{}", text::hex(value))
            } else {
                format!("sha256:{}", text::hex(&Sha256::digest(value)))
            }
        };
        let xattrs = meta.xattrs.iter().map(|(name, bytes)| (name.clone(), value(bytes))).collect();
        Self { mode: meta.mode, uid: meta.uid, gid: meta.gid, mtime: meta.mtime, xattrs }
    }
}
