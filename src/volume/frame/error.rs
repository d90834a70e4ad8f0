// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why a talk between two processes came to nothing.

use crate::error::UserError;

/// A talk that did not go as it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The stream ended before the talk did.
    #[error("the other process ended before it was done")]
    Ended,
    /// A frame is longer than any may be: damage, or no frames at all.
    #[error("a frame of {length} bytes is too long; the stream is damaged")]
    TooLong {
        /// What it says of itself, in bytes.
        length: u64,
    },
    /// A checksum is wrong.
    #[error("a frame is damaged or missing")]
    Checksum,
    /// A frame cannot be understood.
    #[error("a frame cannot be understood")]
    Malformed,
    /// It came at the wrong time.
    #[error("{word} came out of turn")]
    OutOfTurn {
        /// What came.
        word: &'static str,
    },
    /// The other side speaks another version.
    #[error("the other process speaks version {theirs} of the protocol, this one {}", super::VERSION)]
    Version {
        /// Its version.
        theirs: u32,
    },
    /// What came is not what the trailer says was sent.
    #[error("what arrived is not what was sent")]
    Mismatch,
}

impl UserError for FrameError {
    fn code(&self) -> &'static str {
        match self {
            Self::Ended => "frame_ended",
            Self::TooLong { .. } => "frame_too_long",
            Self::Checksum => "frame_checksum",
            Self::Malformed => "frame_malformed",
            Self::OutOfTurn { .. } => "frame_out_of_turn",
            Self::Version { .. } => "frame_version",
            Self::Mismatch => "frame_mismatch",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }
}
