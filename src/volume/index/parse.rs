// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Lines of an index, one after the other, to records; and the proof that they are all.

use sha2::{Digest as _, Sha256};

use super::line::{Closing, Line, Opening};
use super::{FORMAT, IndexError, MAX_LINE, Record, VERSION};
use crate::volume::{Fidelity, TreePath, text};

/// Takes the lines of an index.
#[derive(Default)]
pub(super) struct Parser {
    digest: Sha256,
    lines: u64,
    /// Known from the first line on.
    fidelity: Option<Fidelity>,
    last: Option<TreePath>,
    is_ended: bool,
}

impl Parser {
    pub(super) fn fidelity(&self) -> Option<Fidelity> {
        self.fidelity
    }

    /// Whether the last line was there, and fits all before it.
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// The stream ends here.
    pub(super) fn truncated(&self) -> IndexError {
        IndexError::Truncated { line: self.lines }
    }

    /// The next line is too long.
    pub(super) fn too_long(&self) -> IndexError {
        IndexError::Line { line: self.lines + 1 }
    }

    /// The next line, with its end; none of a record for the first and the last.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<Option<Record>, IndexError> {
        self.lines += 1;
        if self.is_ended {
            return Err(IndexError::Digest);
        }
        if self.fidelity.is_none() {
            let opening: Opening = serde_json::from_slice(line).map_err(|_| IndexError::Format)?;
            if opening.format != FORMAT || opening.version != VERSION {
                return Err(IndexError::Format);
            }
            self.fidelity = Some(Fidelity::of_word(&opening.fidelity).ok_or(IndexError::Format)?);
            self.digest.update(line);
            return Ok(None);
        }
        if let Ok(closing) = serde_json::from_slice::<Closing>(line) {
            self.is_ended = true;
            let digest = text::hex(&self.digest.clone().finalize());
            let fits = closing.entries + 2 == self.lines && closing.sha256 == digest;
            return if fits { Ok(None) } else { Err(IndexError::Digest) };
        }
        let record = serde_json::from_slice::<Line>(line).ok().and_then(Line::record);
        let record = record.ok_or(IndexError::Line { line: self.lines })?;
        if self.last.as_ref().is_some_and(|last| record.path <= *last) {
            return Err(IndexError::Order { line: self.lines });
        }
        self.digest.update(line);
        self.last = Some(record.path.clone());
        Ok(Some(record))
    }
}

/// Takes an index in pieces of any size, as they come. Holds a part of one line.
#[derive(Default)]
pub(super) struct Pieces {
    parser: Parser,
    rest: Vec<u8>,
}

impl Pieces {
    /// The next bytes; hands over every record that is whole now, and how the tree was read.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        each: &mut dyn FnMut(Record, Fidelity) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.rest.len() + piece.len() > MAX_LINE {
                return Err(self.parser.too_long());
            }
            self.rest.extend_from_slice(piece);
            if self.rest.ends_with(b"\n") {
                if let (Some(record), Some(fidelity)) = (self.parser.line(&self.rest)?, self.parser.fidelity()) {
                    each(record, fidelity)?;
                }
                self.rest.clear();
            }
        }
        Ok(())
    }

    /// To be called when there are no more.
    pub(super) fn finish(&self) -> Result<(), IndexError> {
        if self.parser.is_ended() && self.rest.is_empty() { Ok(()) } else { Err(self.parser.truncated()) }
    }
}
