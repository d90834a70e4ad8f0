// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Records to lines.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::line::{Closing, Line, Opening};
use super::{FORMAT, IndexError, Record, VERSION};
use crate::volume::{Fidelity, TreePath, text};

/// Writes an index, record by record, in order.
pub struct IndexWriter<W> {
    sink: W,
    digest: Sha256,
    entries: u64,
    last: Option<TreePath>,
}

impl<W: Write> IndexWriter<W> {
    /// An index into this; its first line is written.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn new(sink: W, fidelity: Fidelity) -> Result<Self, IndexError> {
        let mut writer = Self { sink, digest: Sha256::new(), entries: 0, last: None };
        let fidelity = fidelity.word().to_owned();
        writer.line(&Opening { format: FORMAT.to_owned(), version: VERSION, fidelity })?;
        Ok(writer)
    }

    /// The next entry.
    ///
    /// # Errors
    /// When it is not at its place, and when the stream fails.
    pub fn record(&mut self, record: &Record) -> Result<(), IndexError> {
        if self.last.as_ref().is_some_and(|last| record.path <= *last) {
            return Err(IndexError::Order { line: self.entries + 2 });
        }
        self.line(&Line::of(record))?;
        self.entries += 1;
        self.last = Some(record.path.clone());
        Ok(())
    }

    /// Writes the last line.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn finish(mut self) -> Result<W, IndexError> {
        let closing = Closing { entries: self.entries, sha256: text::hex(&self.digest.clone().finalize()) };
        self.line(&closing)?;
        self.sink.flush()?;
        Ok(self.sink)
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), IndexError> {
        let mut text = serde_json::to_vec(line).map_err(io::Error::from)?;
        text.push(b'\n');
        self.digest.update(&text);
        Ok(self.sink.write_all(&text)?)
    }
}
