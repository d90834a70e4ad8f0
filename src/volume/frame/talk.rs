// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One end of a talk: whose turn it is, and the proof that the data that came is what was sent.
//!
//! Every frame has a checksum and its number, and the trailer the size of all data. Its digest is compared by a worker, which
//! acts on what it heard. Who asks keeps the data with that digest and reads it back before it counts for anything: hashing
//! it on its way too would find nothing more, and costs a tenth of a capture.

use sha2::{Digest as _, Sha256};

use super::{Decoder, Encoder, FrameError, MAX_PAYLOAD, Message, Trailer, VERSION};

/// Which end of a talk this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Asker,
    Worker,
}

/// One end of a talk. It neither reads nor writes: what it says is added to `into`, and the caller writes that; what
/// the caller reads, it is fed.
pub struct Talk {
    side: Side,
    encoder: Encoder,
    decoder: Decoder,
    is_greeted: bool,
    /// Whether a request is under way.
    is_open: bool,
    said: Stream,
    heard: Stream,
    /// What was heard wrong is final.
    failed: Option<FrameError>,
}

/// The data of one request, in one direction.
#[derive(Default)]
struct Stream {
    /// Whether there may be more of it.
    is_open: bool,
    /// None for what is not hashed on its way.
    digest: Option<Sha256>,
    bytes: u64,
}

/// What the taker has to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// What is to be done.
    Request(Vec<u8>),
    /// The next bytes of the data.
    Data(Vec<u8>),
    /// The next bytes of the index.
    Records(Vec<u8>),
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
    /// All data has come. A worker has compared its digest; who asked holds what it kept against it.
    Whole(Trailer),
    /// The other side has all the data that this one sent.
    Ack,
    /// What came of the request, which is over.
    Answer(Vec<u8>),
    /// The request failed, and is over.
    Failed {
        /// A stable word.
        code: String,
        /// For a person.
        message: String,
    },
}

impl Stream {
    fn opened(is_hashed: bool) -> Self {
        Self { is_open: true, digest: is_hashed.then(Sha256::new), bytes: 0 }
    }

    fn add(&mut self, bytes: &[u8]) {
        if let Some(digest) = &mut self.digest {
            digest.update(bytes);
        }
        self.bytes += bytes.len() as u64;
    }

    /// The end of what was said.
    fn close(&mut self, entries: u64) -> Trailer {
        self.is_open = false;
        let digest = self.digest.take().unwrap_or_default();
        Trailer { entries, bytes: self.bytes, sha256: digest.finalize().into() }
    }

    /// Whether what was heard is what the other side says that it was.
    fn fits(&mut self, trailer: &Trailer) -> bool {
        self.is_open = false;
        let is_hashed_so = self.digest.take().is_none_or(|digest| digest.finalize()[..] == trailer.sha256);
        is_hashed_so && self.bytes == trailer.bytes
    }
}

impl Talk {
    /// The end that asks.
    #[must_use]
    pub fn asker() -> Self {
        Self::of(Side::Asker)
    }

    /// The end that does what it is asked.
    #[must_use]
    pub fn worker() -> Self {
        Self::of(Side::Worker)
    }

    fn of(side: Side) -> Self {
        Self {
            side,
            encoder: Encoder::default(),
            decoder: Decoder::default(),
            is_greeted: false,
            is_open: false,
            said: Stream::default(),
            heard: Stream::default(),
            failed: None,
        }
    }

    /// The first thing that is said.
    ///
    /// # Errors
    /// Never in fact.
    pub fn hello(&mut self, into: &mut Vec<u8>) -> Result<(), FrameError> {
        self.encoder.put(&Message::Hello { version: VERSION }, into)
    }

    /// Anything but HELLO, DATA, RECORDS and TRAILER, which have calls of their own.
    ///
    /// # Errors
    /// When it is not this end's turn to say it, and when it is too long for a frame.
    pub fn say(&mut self, message: &Message, into: &mut Vec<u8>) -> Result<(), FrameError> {
        let in_turn = match message {
            Message::Request(_) => self.side == Side::Asker && !self.is_open,
            Message::Ack => self.is_open,
            Message::Progress { .. } | Message::Warning { .. } | Message::Answer(_) | Message::Error { .. } => {
                self.side == Side::Worker && self.is_open
            }
            _ => false,
        };
        if !in_turn {
            return Err(FrameError::OutOfTurn { word: message.word() });
        }
        self.encoder.put(message, into)?;
        match message {
            Message::Request(_) => self.open(),
            Message::Answer(_) | Message::Error { .. } => self.is_open = false,
            _ => {}
        }
        Ok(())
    }

    /// Data, in as many frames as it needs. Who asks may go on with it after the request has failed, until its trailer.
    ///
    /// # Errors
    /// When no request is under way, and after the trailer.
    pub fn data(&mut self, bytes: &[u8], into: &mut Vec<u8>) -> Result<(), FrameError> {
        if !self.said.is_open {
            return Err(FrameError::OutOfTurn { word: "DATA" });
        }
        for piece in bytes.chunks(MAX_PAYLOAD) {
            self.said.add(piece);
            self.encoder.put(&Message::Data(piece.to_vec()), into)?;
        }
        Ok(())
    }

    /// Text of an index, in as many frames as it needs.
    ///
    /// # Errors
    /// When no request is under way, and for who asks.
    pub fn records(&mut self, bytes: &[u8], into: &mut Vec<u8>) -> Result<(), FrameError> {
        if !self.is_open || self.side == Side::Asker {
            return Err(FrameError::OutOfTurn { word: "RECORDS" });
        }
        bytes.chunks(MAX_PAYLOAD).try_for_each(|piece| self.encoder.put(&Message::Records(piece.to_vec()), into))
    }

    /// Ends the data of the request under way.
    ///
    /// # Errors
    /// When no request is under way, and when it was ended before.
    pub fn trailer(&mut self, entries: u64, into: &mut Vec<u8>) -> Result<Trailer, FrameError> {
        if !self.said.is_open {
            return Err(FrameError::OutOfTurn { word: "TRAILER" });
        }
        let trailer = self.said.close(entries);
        self.encoder.put(&Message::Trailer(trailer), into)?;
        Ok(trailer)
    }

    /// The next bytes that came.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.decoder.feed(bytes);
    }

    /// The next thing to act on; none while more bytes are needed. The HELLO is taken in silence.
    ///
    /// # Errors
    /// When the stream is damaged or out of turn, and when the data that came is not what its trailer says. The same
    /// again at every later call.
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

    /// Whether the other side has said HELLO.
    #[must_use]
    pub fn is_greeted(&self) -> bool {
        self.is_greeted
    }

    /// Whether more data of the request under way, or of one that failed, is to come.
    #[must_use]
    pub fn hears_data(&self) -> bool {
        self.heard.is_open
    }

    /// To be called at the end of the stream.
    ///
    /// # Errors
    /// Unless the other side may end here: between two requests.
    pub fn end(&mut self) -> Result<(), FrameError> {
        if self.take()?.is_some() || !self.decoder.is_empty() || !self.is_greeted || self.is_open {
            return Err(FrameError::Ended);
        }
        Ok(())
    }

    fn open(&mut self) {
        self.is_open = true;
        self.said = Stream::opened(true);
        self.heard = Stream::opened(self.side == Side::Worker);
    }

    /// Whether the other side may say this now.
    fn in_turn(&self, message: &Message) -> bool {
        let hears = match self.side {
            Side::Asker => self.is_open && self.heard.is_open,
            // What was on its way when the request failed.
            Side::Worker => self.heard.is_open,
        };
        match (self.side, message) {
            (_, Message::Hello { .. }) => !self.is_greeted,
            _ if !self.is_greeted => false,
            (_, Message::Data(_) | Message::Trailer(_)) => hears,
            (Side::Worker, Message::Request(_)) => !self.is_open,
            (Side::Asker, Message::Request(_)) => false,
            (_, Message::Ack) | (Side::Asker, _) => self.is_open,
            (Side::Worker, _) => false,
        }
    }

    fn judge(&mut self, message: Message) -> Result<Option<Received>, FrameError> {
        if !self.in_turn(&message) {
            return Err(FrameError::OutOfTurn { word: message.word() });
        }
        Ok(Some(match message {
            Message::Hello { version } if version != VERSION => return Err(FrameError::Version { theirs: version }),
            Message::Hello { .. } => {
                self.is_greeted = true;
                return Ok(None);
            }
            Message::Request(request) => {
                self.open();
                Received::Request(request)
            }
            Message::Data(data) => {
                self.heard.add(&data);
                Received::Data(data)
            }
            Message::Records(text) => Received::Records(text),
            Message::Progress { entries, bytes } => Received::Progress { entries, bytes },
            Message::Warning { code, path } => Received::Warning { code, path },
            Message::Trailer(trailer) => {
                if !self.heard.fits(&trailer) {
                    return Err(FrameError::Mismatch);
                }
                Received::Whole(trailer)
            }
            Message::Ack => Received::Ack,
            Message::Answer(answer) => {
                self.is_open = false;
                Received::Answer(answer)
            }
            Message::Error { code, message } => {
                self.is_open = false;
                Received::Failed { code, message }
            }
        }))
    }
}
