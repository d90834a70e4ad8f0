// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The two ends of a stream of data: who sends it, and who takes it and proves that it is whole.

use sha2::{Digest as _, Sha256};

use super::{Decoder, Encoder, FrameError, MAX_PAYLOAD, Message, Trailer, VERSION};

/// The sending end. Every call adds bytes to `into`; the caller writes them.
#[derive(Default)]
pub struct Sender {
    encoder: Encoder,
    digest: Sha256,
    bytes: u64,
}

impl Sender {
    /// The first thing that is said.
    ///
    /// # Errors
    /// Never in fact.
    pub fn hello(&mut self, into: &mut Vec<u8>) -> Result<(), FrameError> {
        self.encoder.put(&Message::Hello { version: VERSION }, into)
    }

    /// Something between the data. Data and trailers have their own calls.
    ///
    /// # Errors
    /// When it is too long for a frame, and for DATA and TRAILER.
    pub fn say(&mut self, message: &Message, into: &mut Vec<u8>) -> Result<(), FrameError> {
        match message {
            Message::Data(_) | Message::Trailer(_) => Err(FrameError::OutOfTurn { word: message.word() }),
            _ => self.encoder.put(message, into),
        }
    }

    /// Data, in as many frames as it needs.
    ///
    /// # Errors
    /// Never in fact.
    pub fn data(&mut self, bytes: &[u8], into: &mut Vec<u8>) -> Result<(), FrameError> {
        for piece in bytes.chunks(MAX_PAYLOAD) {
            self.digest.update(piece);
            self.bytes += piece.len() as u64;
            self.encoder.put(&Message::Data(piece.to_vec()), into)?;
        }
        Ok(())
    }

    /// The last thing that is said when all went well.
    ///
    /// # Errors
    /// Never in fact.
    pub fn finish(mut self, entries: u64, into: &mut Vec<u8>) -> Result<Trailer, FrameError> {
        let trailer = Trailer { entries, bytes: self.bytes, sha256: self.digest.finalize().into() };
        self.encoder.put(&Message::Trailer(trailer), into)?;
        Ok(trailer)
    }
}

/// The taking end.
#[derive(Default)]
pub struct Receiver {
    decoder: Decoder,
    digest: Sha256,
    bytes: u64,
    greeted: bool,
    trailer: Option<Trailer>,
    /// A failure is final.
    failed: Option<FrameError>,
}

/// What the taker has to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// What is to be done.
    Request(Vec<u8>),
    /// The next bytes.
    Data(Vec<u8>),
    /// How far the other side is.
    Progress {
        /// Entries so far.
        entries: u64,
        /// Bytes of content so far.
        bytes: u64,
    },
    /// Something that does not stop the work.
    Warning {
        /// A stable word.
        code: String,
        /// The entry; may be empty.
        path: Vec<u8>,
    },
    /// All has come, and it is what was sent.
    Whole(Trailer),
    /// The other side has what this one sent.
    Ack,
}

impl Receiver {
    /// The next bytes of the stream.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.decoder.feed(bytes);
    }

    /// The next thing to act on; none while more bytes are needed. The HELLO is taken in silence.
    ///
    /// # Errors
    /// When the stream is damaged or out of turn, when the other side reports that it failed, and when what came is not
    /// what its trailer says. The same again at every later call.
    pub fn take(&mut self) -> Result<Option<Received>, FrameError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        loop {
            let taken = self.decoder.message().and_then(|message| match message {
                Some(message) => self.judge(message).map(|received| (received, false)),
                None => Ok((None, true)),
            });
            match taken {
                Ok((None, false)) => {}
                Ok((received, _)) => return Ok(received),
                Err(error) => {
                    self.failed = Some(error.clone());
                    return Err(error);
                }
            }
        }
    }

    /// To be called at the end of the stream, by whoever takes data. (Who sends it is done with [`Received::Ack`].)
    ///
    /// # Errors
    /// Unless a trailer came that fits, and nothing after it.
    pub fn finish(mut self) -> Result<Trailer, FrameError> {
        if self.take()?.is_some() || !self.decoder.is_empty() {
            return Err(FrameError::Ended);
        }
        self.trailer.ok_or(FrameError::Ended)
    }

    fn judge(&mut self, message: Message) -> Result<Option<Received>, FrameError> {
        let word = message.word();
        let in_turn = self.trailer.is_none() && self.greeted != matches!(message, Message::Hello { .. });
        if !in_turn {
            return Err(FrameError::OutOfTurn { word });
        }
        Ok(Some(match message {
            Message::Hello { version } if version != VERSION => return Err(FrameError::Version { theirs: version }),
            Message::Hello { .. } => {
                self.greeted = true;
                return Ok(None);
            }
            Message::Request(request) => Received::Request(request),
            Message::Data(data) => {
                self.digest.update(&data);
                self.bytes += data.len() as u64;
                Received::Data(data)
            }
            Message::Progress { entries, bytes } => Received::Progress { entries, bytes },
            Message::Warning { code, path } => Received::Warning { code, path },
            Message::Trailer(trailer) => {
                let sha256: [u8; 32] = self.digest.clone().finalize().into();
                if trailer.bytes != self.bytes || trailer.sha256 != sha256 {
                    return Err(FrameError::Mismatch);
                }
                self.trailer = Some(trailer);
                Received::Whole(trailer)
            }
            Message::Error { code, message } => return Err(FrameError::Reported { code, message }),
            Message::Ack => Received::Ack,
        }))
    }
}
