// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a tree was: a line of JSON an entry, sorted, small enough to compare trees that are too large to hold.
//!
//! The first line names format, version and fidelity, the last one the number of entries and the SHA-256 of all lines
//! before it: an index that is cut or edited is refused. Names are spelled by [`super::text::escape`].

mod check;
mod compare;
mod line;
mod parse;
mod part;
mod read;
mod record;
#[cfg(test)]
mod tests;
mod write;

pub use check::{IndexCheck, RecordCheck};
pub use compare::{Change, Difference, MAX_DIFFERENCES, compare, compare_streams};
pub use part::PartCheck;
pub use read::IndexReader;
pub use record::{Attributes, Record, Stamp};
pub use write::IndexWriter;

use std::io;

use crate::error::UserError;

/// The name of the format in the first line.
pub const FORMAT: &str = "stackctl-volume-index";
/// The version that is written, and the only one that is read.
pub const VERSION: u32 = 1;
/// The longest line, in bytes. An entry's line is far shorter: long values of attributes are digests.
pub const MAX_LINE: usize = 1024 * 1024;

/// Why an index was refused, or could not be written.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The stream under it failed.
    #[error("cannot read or write the index: {0}")]
    Io(#[from] io::Error),
    /// It ends before its last line.
    #[error("the index is cut off after line {line}")]
    Truncated {
        /// The last line that was whole, counted from 1.
        line: u64,
    },
    /// It is of another format or version.
    #[error("this is no index of version {VERSION}")]
    Format,
    /// A line is not as it should be.
    #[error("line {line} of the index is damaged")]
    Line {
        /// Which, counted from 1.
        line: u64,
    },
    /// An entry comes twice or not at its place.
    #[error("line {line} of the index is out of order")]
    Order {
        /// Which, counted from 1.
        line: u64,
    },
    /// The last line does not fit the lines before it.
    #[error("the index was changed: its own digest or count does not fit")]
    Digest,
}

impl UserError for IndexError {
    fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "index_io",
            Self::Truncated { .. } => "index_truncated",
            Self::Format => "index_format",
            Self::Line { .. } => "index_line",
            Self::Order { .. } => "index_order",
            Self::Digest => "index_digest",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }
}
