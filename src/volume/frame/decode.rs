// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Messages to bytes and back, whatever the pieces in which the bytes come.

use super::{FrameError, HEAD, MAX_PAYLOAD, Message, TAIL};

/// Puts messages into frames.
#[derive(Debug, Default)]
pub struct Encoder {
    number: u64,
}

/// Takes frames apart.
#[derive(Debug, Default)]
pub struct Decoder {
    number: u64,
    buffer: Vec<u8>,
    /// Where the next frame begins.
    start: usize,
}

impl Encoder {
    /// Adds the frame of a message to `into`. Payloads up to [`MAX_PAYLOAD`]; [`super::Talk`] cuts data.
    ///
    /// # Errors
    /// When the payload is too long.
    pub fn put(&mut self, message: &Message, into: &mut Vec<u8>) -> Result<(), FrameError> {
        let begin = into.len();
        into.extend([0; HEAD]);
        message.put(into);
        let length = into.len() - begin - HEAD;
        let told = u32::try_from(length).ok().filter(|_| length <= MAX_PAYLOAD);
        let Some(told) = told else {
            into.truncate(begin);
            return Err(FrameError::TooLong { length: length as u64 });
        };
        into[begin..begin + 4].copy_from_slice(&told.to_le_bytes());
        into[begin + 4] = message.kind();
        let sum = checksum(self.number, &into[begin..]);
        into.extend(sum.to_le_bytes());
        self.number += 1;
        Ok(())
    }
}

impl Decoder {
    /// The next bytes of the stream. Take out all messages before the next piece, and memory stays at one frame.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next message; none while more bytes are needed.
    ///
    /// # Errors
    /// When the bytes are no frame in its turn. There is no going on after it.
    pub fn message(&mut self) -> Result<Option<Message>, FrameError> {
        let frame = &self.buffer[self.start..];
        let Some(head) = frame.first_chunk::<HEAD>() else { return Ok(None) };
        let [l0, l1, l2, l3, kind] = *head;
        let told = u32::from_le_bytes([l0, l1, l2, l3]);
        let length = usize::try_from(told).ok().filter(|length| *length <= MAX_PAYLOAD);
        let length = length.ok_or(FrameError::TooLong { length: u64::from(told) })?;
        let Some((body, rest)) = frame.split_at_checked(HEAD + length) else { return Ok(None) };
        let Some(sum) = rest.first_chunk::<TAIL>() else { return Ok(None) };
        if u32::from_le_bytes(*sum) != checksum(self.number, body) {
            return Err(FrameError::Checksum);
        }
        let message = Message::of(kind, &body[HEAD..]).ok_or(FrameError::Malformed)?;
        self.start += HEAD + length + TAIL;
        self.number += 1;
        Ok(Some(message))
    }

    /// Whether no part of a frame is left over.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.buffer.len()
    }
}

fn checksum(number: u64, frame: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(frame);
    hasher.finalize()
}
