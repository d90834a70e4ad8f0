// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why an archive was refused, or could not be written.

use std::io;

use crate::error::UserError;
use crate::volume::{PathFault, text};

/// An archive that is not exactly what it should be.
#[derive(Debug, thiserror::Error)]
pub enum PaxError {
    /// The stream under it failed.
    #[error("cannot read or write the archive: {0}")]
    Io(io::Error),
    /// It ends before its end: inside an entry, or without the two blocks of zeros.
    #[error("the archive is cut off")]
    Truncated,
    /// Something stands behind its end.
    #[error("something stands behind the end of the archive")]
    TrailingData,
    /// It has another number of entries than was promised.
    #[error("the archive has {found} entries, {expected} were expected")]
    WrongCount {
        /// How many were promised.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// A header block is damaged or of another format.
    #[error("header of entry {entry} is damaged: {what}")]
    Header {
        /// Which entry, counted from 1.
        entry: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// An extended header is damaged, or has a record that is not understood.
    #[error("extended header of entry {entry} is damaged: {what}")]
    Records {
        /// Which entry, counted from 1.
        entry: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// An extended header is longer than [`super::MAX_RECORDS`].
    #[error("extended header of entry {entry} has {length} bytes, too many")]
    RecordsTooLong {
        /// Which entry, counted from 1.
        entry: u64,
        /// Its length in bytes.
        length: u64,
    },
    /// A name that leads out of the tree, or that cannot be.
    #[error("name `{}` {fault}", text::escape(.name))]
    Path {
        /// As it stands in the archive.
        name: Vec<u8>,
        /// What is wrong with it.
        fault: PathFault,
    },
    /// The first entry is not the directory that all others are in.
    #[error("the archive does not begin with its root directory")]
    NoRoot,
    /// A name comes twice, or not at its place in the order of a sorted walk.
    #[error("`{path}` comes twice or out of order")]
    Order {
        /// The entry.
        path: String,
    },
    /// An entry is in something that is no directory of the archive.
    #[error("`{path}` is in nothing that is a directory of the archive")]
    NoParent {
        /// The entry.
        path: String,
    },
    /// A hard link to something that does not come before it.
    #[error("`{path}` is a hard link to `{target}`, which does not come before it")]
    LinkTarget {
        /// The entry.
        path: String,
        /// What it should be another name of.
        target: String,
    },
    /// The data of a file is not as long as its header says, or its holes do not fit.
    #[error("sizes of entry {entry} do not fit together")]
    Size {
        /// Which entry, counted from 1.
        entry: u64,
    },
}

impl UserError for PaxError {
    fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "archive_io",
            Self::Truncated => "archive_truncated",
            Self::TrailingData => "archive_trailing_data",
            Self::WrongCount { .. } => "archive_wrong_count",
            Self::Header { .. } => "archive_header",
            Self::Records { .. } => "archive_records",
            Self::RecordsTooLong { .. } => "archive_records_too_long",
            Self::Path { .. } => "archive_path",
            Self::NoRoot => "archive_no_root",
            Self::Order { .. } => "archive_order",
            Self::NoParent { .. } => "archive_no_parent",
            Self::LinkTarget { .. } => "archive_link_target",
            Self::Size { .. } => "archive_size",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }
}

impl From<io::Error> for PaxError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Truncated } else { Self::Io(error) }
    }
}
