// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a helper process and stackctl say to each other over standard input and output.
//!
//! A frame: length of the payload (u32), kind (u8), payload, CRC-32 over the frame's number and all before it; numbers
//! are little-endian. The number is never sent: a frame that is lost, doubled or out of place has a wrong checksum.
//!
//! A talk: both sides say HELLO, then stackctl asks, as often as it likes, one thing after the other. Each begins with
//! its REQUEST and is over with the worker's ANSWER or ERROR. Between them the worker may say PROGRESS, WARNING and
//! RECORDS (the text of an index, in pieces, so that neither side holds one), and whoever has data sends DATA and ends it
//! with TRAILER, which the other answers with ACK. After an ERROR stackctl still ends the data that it has begun; the
//! worker drops it. The end of the stream is never success: engines end a stream that was cut just like one that is
//! whole.

mod decode;
mod error;
mod message;
mod talk;
#[cfg(test)]
mod tests;

pub use decode::{Decoder, Encoder};
pub use error::FrameError;
pub use message::{Message, Trailer};
pub use talk::{Received, Talk};

/// The version of the protocol.
pub const VERSION: u32 = 1;

/// The longest payload, in bytes.
pub const MAX_PAYLOAD: usize = 1024 * 1024;

/// What a frame has before its payload: length and kind.
const HEAD: usize = 5;
/// What it has after it: the checksum.
const TAIL: usize = 4;
