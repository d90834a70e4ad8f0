// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The worker's end of the talk, over what it reads from and writes to.

use std::cell::RefCell;
use std::io::{self, Read, Write};

use super::ServeError;
use crate::sys::tree::Progress;
use crate::volume::frame::{FrameError, Message, Received, Talk, Trailer};

/// So much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// How far it is, is told after so many bytes or entries more: about ten times a second of a usual disk.
const TELL_BYTES: u64 = 4 * 1024 * 1024;
const TELL_ENTRIES: u64 = 1024;

/// The streams, and what is said over them. Everything that is said is sent at once.
pub(super) struct Wire<'a> {
    talk: Talk,
    input: &'a mut dyn Read,
    output: &'a mut dyn Write,
    out: Vec<u8>,
    piece: Vec<u8>,
    /// What was told last.
    told: Progress,
    fault: Option<ServeError>,
}

impl<'a> Wire<'a> {
    pub(super) fn new(input: &'a mut dyn Read, output: &'a mut dyn Write) -> Self {
        let (out, piece) = (Vec::new(), vec![0; PIECE]);
        Self { talk: Talk::worker(), input, output, out, piece, told: Progress::default(), fault: None }
    }

    /// Why the talk is over before its time.
    pub(super) fn fault(self) -> Option<ServeError> {
        self.fault
    }

    /// Fails when the talk is over before its time.
    pub(super) fn whole(&self) -> io::Result<()> {
        if self.fault.is_some() { Err(io::Error::other("the talk is cut")) } else { Ok(()) }
    }

    /// What came has no place here. What comes back has no meaning but to end the work.
    pub(super) fn out_of_turn(&mut self, word: &'static str) -> io::Error {
        self.fail(FrameError::OutOfTurn { word })
    }

    fn fail(&mut self, fault: impl Into<ServeError>) -> io::Error {
        let fault = self.fault.get_or_insert(fault.into());
        io::Error::other(fault.to_string())
    }

    pub(super) fn hello(&mut self) -> io::Result<()> {
        self.put(Talk::hello)
    }

    pub(super) fn say(&mut self, message: &Message) -> io::Result<()> {
        self.told = Progress::default();
        self.put(|talk, into| talk.say(message, into))
    }

    /// How far the work is, when that is much more than was told last.
    pub(super) fn progress(&mut self, now: Progress) -> io::Result<()> {
        let is_much = now.bytes >= self.told.bytes + TELL_BYTES || now.entries >= self.told.entries + TELL_ENTRIES;
        if !is_much {
            return Ok(());
        }
        self.say(&Message::Progress { entries: now.entries, bytes: now.bytes })?;
        self.told = now;
        Ok(())
    }

    /// Ends the data, and waits until the other side has it.
    pub(super) fn trailer(&mut self, entries: u64) -> io::Result<()> {
        self.put(|talk, into| talk.trailer(entries, into).map(|_| ()))?;
        match self.hear()? {
            Some(Received::Ack) => Ok(()),
            Some(_) => Err(self.out_of_turn("a message")),
            None => Err(self.fail(FrameError::Ended)),
        }
    }

    /// The next thing to act on; none at an end of the input that is in order.
    pub(super) fn hear(&mut self) -> io::Result<Option<Received>> {
        self.whole()?;
        loop {
            match self.talk.take() {
                Ok(Some(received)) => return Ok(Some(received)),
                Ok(None) => {}
                Err(error) => return Err(self.fail(error)),
            }
            match self.input.read(&mut self.piece) {
                Ok(0) => return self.talk.end().map(|()| None).map_err(|error| self.fail(error)),
                Ok(length) => self.talk.feed(&self.piece[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.fail(error)),
            }
        }
    }

    fn put(&mut self, say: impl FnOnce(&mut Talk, &mut Vec<u8>) -> Result<(), FrameError>) -> io::Result<()> {
        self.whole()?;
        self.out.clear();
        say(&mut self.talk, &mut self.out).map_err(|error| self.fail(error))?;
        let written = self.output.write_all(&self.out).and_then(|()| self.output.flush());
        written.map_err(|error| self.fail(error))
    }
}

/// What is written to it is said as data.
pub(super) struct Outgoing<'w, 'a>(pub(super) &'w RefCell<Wire<'a>>);

/// What is written to it is said as text of an index.
pub(super) struct Records<'w, 'a>(pub(super) &'w RefCell<Wire<'a>>);

impl Write for Outgoing<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().put(|talk, into| talk.data(bytes, into))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for Records<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().put(|talk, into| talk.records(bytes, into))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The data of a request, to be read. Its trailer is answered when it comes.
pub(super) struct Incoming<'w, 'a> {
    wire: &'w RefCell<Wire<'a>>,
    piece: Vec<u8>,
    at: usize,
    trailer: Option<Trailer>,
}

impl<'w, 'a> Incoming<'w, 'a> {
    pub(super) fn new(wire: &'w RefCell<Wire<'a>>) -> Self {
        Self { wire, piece: Vec::new(), at: 0, trailer: None }
    }

    /// What was sent, once all of it was read.
    pub(super) fn trailer(&self) -> Option<Trailer> {
        self.trailer
    }
}

impl Read for Incoming<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() && self.trailer.is_none() {
            let mut wire = self.wire.borrow_mut();
            match wire.hear()? {
                Some(Received::Data(piece)) => (self.piece, self.at) = (piece, 0),
                Some(Received::Whole(trailer)) => {
                    wire.say(&Message::Ack)?;
                    self.trailer = Some(trailer);
                }
                Some(_) => return Err(wire.out_of_turn("a message")),
                None => return Err(wire.fail(FrameError::Ended)),
            }
        }
        let rest = &self.piece[self.at..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}
