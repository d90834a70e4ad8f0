// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a worker is asked to do with the tree that it holds, and what it answers. JSON in a frame each.
//!
//! Names at the top of a tree are escaped as in an index (`volume::text`), for JSON has no bytes.

use serde::{Deserialize, Serialize};

/// Something to do. Everything may be asked twice, and ends the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Request {
    /// Say what is there; the answer is [`Answer::Seen`].
    Look,
    /// Send the packed archive as data and the index as records; the answer is [`Answer::Captured`].
    Capture {
        /// The one name at the top that is wanted; `None`: all but the folders of operations.
        only: Option<String>,
    },
    /// Say what shows whether the tree has changed, without reading content; the answer is [`Answer::Fingerprinted`].
    Fingerprint {
        /// As for a capture.
        only: Option<String>,
    },
    /// Send the index as records; the answer is [`Answer::Indexed`].
    Index {
        /// Which tree.
        of: Part,
        /// As for a capture.
        only: Option<String>,
    },
    /// Say which files there are, and what the small ones among them say that are wanted; the answer is
    /// [`Answer::Surveyed`].
    Survey {
        /// Names of files and folders; what is in such a folder is wanted too.
        wanted: Vec<String>,
    },
    /// Delete all content of the tree, so that what is staged next need not fit beside it; the answer is
    /// [`Answer::Moved`]. Not before the operation is decided, and a copy of the content is safe elsewhere: there is no
    /// way back from it. What an earlier attempt of the operation staged goes too.
    Empty {
        /// The operation.
        operation: String,
    },
    /// Unpack the packed archive that follows as data beside the tree, durably; the answer is [`Answer::Staged`]. What
    /// an earlier attempt of the operation left is removed first, unless it was decided.
    Stage {
        /// The operation.
        operation: String,
        /// How many entries the archive has.
        entries: u64,
    },
    /// Put the staged tree in the place of the old one, from the beginning or from where an earlier attempt was cut
    /// off; the answer is [`Answer::Moved`]. With `only`, this name alone is exchanged and the root keeps its attributes.
    Commit {
        /// The operation.
        operation: String,
        /// The one name at the top that is exchanged.
        only: Option<String>,
    },
    /// Put the old tree back, likewise. The staged one is kept beside it.
    Back {
        /// The operation.
        operation: String,
    },
    /// Remove what the operation keeps beside the tree; the tree is not touched. Refused while names are being
    /// exchanged in either direction. The answer is [`Answer::Moved`].
    RemoveAside {
        /// The operation.
        operation: String,
    },
}

/// One of the trees of a volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Its content.
    Root,
    /// What an operation staged beside it.
    Staged(String),
}

/// How far an operation came in a volume. Ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Its folder is there, and nothing was exchanged.
    Staged,
    /// The old content was deleted, or is being. Other content may be there in part, or whole.
    Emptied,
    /// Names are being exchanged.
    Committing,
    /// They are; the old tree lies beside.
    Committed,
    /// Names are being exchanged back.
    RollingBack,
    /// They are; the tree that was not wanted lies beside.
    RolledBack,
}

impl Mark {
    /// Whether somebody must bring the operation to its end. A committed one has come to it: the old tree is kept on purpose.
    #[must_use]
    pub const fn is_unfinished(self) -> bool {
        !matches!(self, Self::Committed)
    }

    /// Whether what is there may be a part of one tree, or parts of two.
    #[must_use]
    pub const fn is_mixed(self) -> bool {
        matches!(self, Self::Emptied | Self::Committing | Self::RollingBack)
    }
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Answer {
    /// What is there.
    Seen {
        /// Operations that left something, and how far they came.
        marks: Vec<(String, Mark)>,
        /// Whether there is nothing else at the top of the tree.
        is_empty: bool,
        /// What may still be written on its file system, in bytes.
        free_bytes: u64,
        /// The attributes of the root.
        root: RootAttributes,
    },
    /// Which files there are.
    Surveyed(Survey),
    /// It was sent.
    Captured(Content),
    /// What shows whether the tree has changed.
    Fingerprinted {
        /// The same words mean the same tree. None where nothing would show a change.
        words: Option<String>,
    },
    /// It was sent.
    Indexed(Content),
    /// It is there, and on the disk.
    Staged {
        /// Entries that were made, the root counted.
        entries: u64,
    },
    /// It is done, and on the disk.
    Moved,
}

/// The files of a tree, in the order of a walk.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Survey {
    /// The files.
    pub files: Vec<SurveyedFile>,
    /// Whether there are more, or deeper ones.
    pub is_cut: bool,
}

/// A file that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyedFile {
    /// Its path, escaped.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// What it says, of a small file that was wanted.
    pub text: Option<String>,
}

/// What a tree holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// Entries, the root counted.
    pub entries: u64,
    /// Bytes of contents, holes counted as zeros.
    pub bytes: u64,
    /// Bytes of contents without holes.
    pub allocated: u64,
    /// The attributes of the root.
    pub root: RootAttributes,
    /// Left out: sockets.
    pub sockets: Paths,
    /// Left out: other mounts, with all below.
    pub mounts: Paths,
    /// Left out: gone while it was read.
    pub vanished: Paths,
    /// Changed while they were read.
    pub changed: Paths,
    /// What later shows whether it has changed since, as [`Answer::Fingerprinted`] gives it. None where nothing would show
    /// it, such as after a change a moment before.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// The attributes of a root that people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RootAttributes {
    /// Permission bits.
    pub mode: u16,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// Paths that a person should hear of, escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Paths {
    /// The first of them.
    pub first: Vec<String>,
    /// How many there are.
    pub total: u64,
}
