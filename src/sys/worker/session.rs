// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The asking end of a worker's talk: one request after the other, each to its answer.
//!
//! A session is dropped when it is not wanted any more, also in the middle of a request: the worker ends with it. After a
//! failure on this side, and after a request that was dropped in its middle, nothing more can be asked; after
//! [`WorkerError::Failed`] that the worker told, everything can.

use std::io::{self, Read};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Line, WorkerError};
use crate::backup::id::OperationId;
use crate::volume::frame::{FrameError, Message, Received, Talk, Trailer};
use crate::volume::request::{Answer, Content, Mark, Part, Request, RootAttributes, Survey};
use crate::volume::text;

/// Data is sent in pieces of this size, and read in pieces of up to this size, in bytes.
const PIECE: usize = 256 * 1024;

/// How far a worker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Entries so far.
    pub entries: u64,
    /// Bytes of content so far.
    pub bytes: u64,
}

/// What a worker saw in its tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Operations that left something, and how far they came.
    pub marks: Vec<(String, Mark)>,
    /// Whether there is nothing else at the top of the tree.
    pub is_empty: bool,
    /// What may still be written on its file system, in bytes.
    pub free_bytes: u64,
    /// The attributes of the root.
    pub root: RootAttributes,
}

/// Takes what a capture sends. Both are called in the thread that awaits, so they should not block for long.
pub trait Sink {
    /// The next bytes of the packed archive.
    ///
    /// # Errors
    /// When they cannot be kept; the capture ends.
    fn data(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// The next bytes of the text of the index.
    ///
    /// # Errors
    /// When they cannot be kept; the capture ends.
    fn records(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// A talk with one worker.
pub struct Session {
    talk: Talk,
    line: Line,
    tree: String,
    /// What is still to be written, how much of it was, and whether some of that may lie in a buffer of the line.
    out: Vec<u8>,
    written: usize,
    is_flushed: bool,
    buffer: Vec<u8>,
    /// Why nothing more can be asked.
    fault: Option<WorkerError>,
    /// Whether the worker takes no more; it may still say why.
    is_deaf: bool,
}

/// What happened while a session waited.
enum Event {
    Heard(Received),
    /// All that was to be written is.
    Written,
}

impl Session {
    /// Begins a talk and waits for the worker's greeting. `tree` is how people know what the worker holds.
    ///
    /// # Errors
    /// When it ends without a greeting, or says something else.
    pub async fn open(line: Line, tree: &str) -> Result<Self, WorkerError> {
        let mut session = Self {
            talk: Talk::asker(),
            line,
            tree: tree.to_owned(),
            out: Vec::new(),
            written: 0,
            is_flushed: true,
            buffer: vec![0; PIECE],
            fault: None,
            is_deaf: false,
        };
        session.put(Talk::hello)?;
        loop {
            // Takes the greeting in silence.
            match session.talk.take() {
                Ok(Some(_)) => return Err(session.garbled("it speaks out of turn")),
                Ok(None) if session.talk.is_greeted() => return Ok(session),
                Ok(None) => {}
                Err(error) => return Err(session.misunderstood(&error)),
            }
            session.step(false).await?;
        }
    }

    /// What is there.
    ///
    /// # Errors
    /// See [`WorkerError`]; so for all that follows.
    pub async fn look(&mut self) -> Result<Seen, WorkerError> {
        match self.ask_plainly(&Request::Look).await? {
            Answer::Seen { marks, is_empty, free_bytes, root } => Ok(Seen { marks, is_empty, free_bytes, root }),
            _ => Err(self.garbled("the answer is to another request")),
        }
    }

    /// The files of the tree, and what the small ones say that are wanted by their name or that of a folder. Not all of a
    /// large tree: see [`Survey::is_cut`].
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub async fn survey(&mut self, wanted: &[&str]) -> Result<Survey, WorkerError> {
        let wanted = wanted.iter().map(|name| (*name).to_owned()).collect();
        match self.ask_plainly(&Request::Survey { wanted }).await? {
            Answer::Surveyed(survey) => Ok(survey),
            _ => Err(self.garbled("the answer is to another request")),
        }
    }

    /// Takes the packed archive and the index of the tree; of one name at its top with `only`. The digest in the trailer is
    /// that of what the worker sent: what was kept must be read back and held against it.
    ///
    /// # Errors
    /// Also [`WorkerError::Failed`] with the code `no_space` or `sink_failed` when the sink does.
    pub async fn capture(
        &mut self,
        only: Option<&[u8]>,
        sink: &mut (impl Sink + ?Sized),
        told: &mut (impl FnMut(Progress) + ?Sized),
    ) -> Result<(Content, Trailer), WorkerError> {
        self.ask(&Request::Capture { only: only.map(text::escape) })?;
        let mut trailer = None;
        loop {
            let kept = match self.hear().await? {
                Received::Data(bytes) => sink.data(&bytes),
                Received::Records(bytes) => sink.records(&bytes),
                Received::Progress { entries, bytes } => {
                    told(Progress { entries, bytes });
                    Ok(())
                }
                Received::Whole(all) => {
                    trailer = Some(all);
                    self.put(|talk, into| talk.say(&Message::Ack, into))?;
                    Ok(())
                }
                Received::Warning { .. } => Ok(()),
                Received::Answer(answer) => {
                    let (Answer::Captured(content), Some(trailer)) = (self.read(&answer)?, trailer) else {
                        return Err(self.garbled("the answer does not fit"));
                    };
                    if content.entries != trailer.entries {
                        return Err(self.garbled("the archive and the index have different numbers of entries"));
                    }
                    return Ok((content, trailer));
                }
                Received::Failed { code, message } => return Err(self.failed(code, message)),
                Received::Ack | Received::Request(_) => return Err(self.garbled("it speaks out of turn")),
            };
            kept.map_err(|error| self.broken("sink_failed", "what was captured cannot be kept", &error))?;
        }
    }

    /// Words that are the same for the same tree, taken without reading content: those of a capture's
    /// [`Content::fingerprint`]. None where nothing would show a change. `only` as for a capture.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub async fn fingerprint(&mut self, only: Option<&[u8]>) -> Result<Option<String>, WorkerError> {
        match self.ask_plainly(&Request::Fingerprint { only: only.map(text::escape) }).await? {
            Answer::Fingerprinted { words } => Ok(words),
            _ => Err(self.garbled("the answer is to another request")),
        }
    }

    /// Takes the text of the index of a tree. `only` as for a capture.
    ///
    /// # Errors
    /// Also [`WorkerError::Failed`] with the code `no_space` or `sink_failed` when `each` does.
    pub async fn index(
        &mut self,
        part: Part,
        only: Option<&[u8]>,
        each: &mut (impl FnMut(&[u8]) -> io::Result<()> + ?Sized),
        told: &mut (impl FnMut(Progress) + ?Sized),
    ) -> Result<Content, WorkerError> {
        self.ask(&Request::Index { of: part, only: only.map(text::escape) })?;
        loop {
            match self.hear().await? {
                Received::Records(bytes) => {
                    each(&bytes).map_err(|error| self.broken("sink_failed", "the index cannot be kept", &error))?;
                }
                Received::Progress { entries, bytes } => told(Progress { entries, bytes }),
                Received::Warning { .. } => {}
                Received::Answer(answer) => {
                    return match self.read(&answer)? {
                        Answer::Indexed(content) => Ok(content),
                        _ => Err(self.garbled("the answer is to another request")),
                    };
                }
                Received::Failed { code, message } => return Err(self.failed(code, message)),
                _ => return Err(self.garbled("it speaks out of turn")),
            }
        }
    }

    /// Unpacks a packed archive beside the tree, and gives the number of entries when it is durable. `source` is read
    /// in the thread that awaits, piece by piece, with others in between.
    ///
    /// # Errors
    /// Also [`WorkerError::Failed`] with the code `source_failed` when the source does.
    pub async fn stage(
        &mut self,
        operation: OperationId,
        entries: u64,
        source: &mut (impl Read + ?Sized),
        told: &mut (impl FnMut(Progress) + ?Sized),
    ) -> Result<u64, WorkerError> {
        self.ask(&Request::Stage { operation: operation.to_string(), entries })?;
        let mut piece = vec![0; PIECE];
        let (mut is_sent, mut is_whole) = (false, false);
        loop {
            match self.step(!is_sent).await? {
                Some(Event::Written) => {
                    let read = read_some(source, &mut piece);
                    let length =
                        read.map_err(|error| self.broken("source_failed", "the archive cannot be read", &error))?;
                    is_sent = length == 0;
                    if is_sent {
                        self.put(|talk, into| talk.trailer(entries, into).map(|_| ()))?;
                    } else {
                        self.put(|talk, into| talk.data(&piece[..length], into))?;
                        tokio::task::yield_now().await;
                    }
                }
                Some(Event::Heard(Received::Progress { entries, bytes })) => told(Progress { entries, bytes }),
                Some(Event::Heard(Received::Ack)) if is_sent && !is_whole => is_whole = true,
                Some(Event::Heard(Received::Answer(answer))) => {
                    return match self.read(&answer)? {
                        Answer::Staged { entries: made } if is_whole && made == entries => Ok(made),
                        _ => Err(self.garbled("the answer does not fit")),
                    };
                }
                Some(Event::Heard(Received::Failed { code, message })) => {
                    let failed = self.failed(code, message);
                    if !is_sent {
                        // It drops what is on its way up to here, and hears the next request. When it is gone, the next
                        // request finds out.
                        self.put(|talk, into| talk.trailer(entries, into).map(|_| ()))?;
                    }
                    return Err(failed);
                }
                Some(Event::Heard(Received::Warning { .. })) | None => {}
                Some(Event::Heard(_)) => return Err(self.garbled("it speaks out of turn")),
            }
        }
    }

    /// Deletes the content of the tree. There is no way back from it.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub async fn empty(&mut self, operation: OperationId) -> Result<(), WorkerError> {
        self.move_names(&Request::Empty { operation: operation.to_string() }).await
    }

    /// Puts the staged tree in the place of the old one; one name alone with `only`.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub async fn commit(&mut self, operation: OperationId, only: Option<&[u8]>) -> Result<(), WorkerError> {
        let (operation, only) = (operation.to_string(), only.map(text::escape));
        self.move_names(&Request::Commit { operation, only }).await
    }

    /// Puts the old tree back.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub async fn back(&mut self, operation: OperationId) -> Result<(), WorkerError> {
        self.move_names(&Request::Back { operation: operation.to_string() }).await
    }

    /// Removes what the operation keeps beside the tree.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub async fn remove_aside(&mut self, operation: OperationId) -> Result<(), WorkerError> {
        self.move_names(&Request::RemoveAside { operation: operation.to_string() }).await
    }

    /// Ends the talk, and waits until the worker has ended.
    ///
    /// # Errors
    /// When it says something, or does not end well.
    pub async fn close(mut self) -> Result<(), WorkerError> {
        while self.written < self.out.len() {
            if let Some(Event::Heard(_)) = self.step(true).await? {
                return Err(self.garbled("it speaks out of turn"));
            }
        }
        // A pipe is closed by dropping it alone, a socket that is shared by being shut down alone. One that fails has told
        // the worker's end, which the other direction tells better.
        let mut input = std::mem::replace(&mut self.line.input, Box::new(tokio::io::sink()));
        let _ = input.shutdown().await;
        drop(input);
        loop {
            match self.line.output.read(&mut self.buffer).await {
                Ok(0) => break,
                Ok(length) => self.talk.feed(&self.buffer[..length]),
                Err(error) => return Err(self.gone(Some(error.to_string()))),
            }
        }
        let ended = self.talk.end();
        ended.map_err(|error| self.misunderstood(&error))
    }

    async fn move_names(&mut self, request: &Request) -> Result<(), WorkerError> {
        match self.ask_plainly(request).await? {
            Answer::Moved => Ok(()),
            _ => Err(self.garbled("the answer is to another request")),
        }
    }

    /// A request that has no data.
    async fn ask_plainly(&mut self, request: &Request) -> Result<Answer, WorkerError> {
        self.ask(request)?;
        loop {
            match self.hear().await? {
                Received::Progress { .. } | Received::Warning { .. } => {}
                Received::Answer(answer) => return self.read(&answer),
                Received::Failed { code, message } => return Err(self.failed(code, message)),
                _ => return Err(self.garbled("it speaks out of turn")),
            }
        }
    }

    fn ask(&mut self, request: &Request) -> Result<(), WorkerError> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let text = serde_json::to_vec(request).map_err(|error| self.garbled(&error.to_string()))?;
        self.put(|talk, into| talk.say(&Message::Request(text), into))
    }

    fn read(&mut self, answer: &[u8]) -> Result<Answer, WorkerError> {
        serde_json::from_slice(answer).map_err(|error| self.garbled(&error.to_string()))
    }

    /// The next thing that the worker says.
    async fn hear(&mut self) -> Result<Received, WorkerError> {
        loop {
            if let Some(Event::Heard(received)) = self.step(false).await? {
                return Ok(received);
            }
        }
    }

    /// Reads and writes at once, so that neither side waits for the other with both pipes full. Gives none when
    /// something came or went that makes no event yet.
    async fn step(&mut self, wants_written: bool) -> Result<Option<Event>, WorkerError> {
        let was_greeted = self.talk.is_greeted();
        match self.talk.take() {
            Ok(Some(received)) => return Ok(Some(Event::Heard(received))),
            // A greeting is taken in silence, and may be all that was waited for.
            Ok(None) if !was_greeted && self.talk.is_greeted() => return Ok(None),
            Ok(None) => {}
            Err(error) => return Err(self.misunderstood(&error)),
        }
        let rest = &self.out[self.written..];
        let has_rest = !rest.is_empty() && !self.is_deaf;
        if wants_written && !has_rest && !self.is_deaf {
            return Ok(Some(Event::Written));
        }
        let Line { input, output } = &mut self.line;
        tokio::select! {
            biased;
            length = output.read(&mut self.buffer) => match length {
                Ok(0) => return Err(self.gone(None)),
                Ok(length) => self.talk.feed(&self.buffer[..length]),
                Err(error) => return Err(self.gone(Some(error.to_string()))),
            },
            sent = send(input, rest), if (has_rest || !self.is_flushed) && !self.is_deaf => match sent {
                Ok(length) => {
                    self.is_flushed = !has_rest;
                    self.written += length;
                    if self.written == self.out.len() {
                        self.out.clear();
                        self.written = 0;
                    }
                }
                // Its last words may be on their way.
                Err(_) => self.is_deaf = true,
            },
        }
        Ok(None)
    }

    fn put(&mut self, say: impl FnOnce(&mut Talk, &mut Vec<u8>) -> Result<(), FrameError>) -> Result<(), WorkerError> {
        let said = say(&mut self.talk, &mut self.out);
        said.map_err(|error| self.misunderstood(&error))
    }

    fn failed(&self, code: String, message: String) -> WorkerError {
        WorkerError::Failed { tree: self.tree.clone(), code, message }
    }

    fn garbled(&mut self, reason: &str) -> WorkerError {
        self.over(WorkerError::Garbled { tree: self.tree.clone(), reason: reason.to_owned() })
    }

    fn misunderstood(&mut self, error: &FrameError) -> WorkerError {
        match error {
            FrameError::Ended => self.gone(None),
            error => self.garbled(&error.to_string()),
        }
    }

    fn gone(&mut self, reason: Option<String>) -> WorkerError {
        self.over(WorkerError::Gone { tree: self.tree.clone(), reason })
    }

    /// This side failed.
    fn broken(&mut self, code: &str, what: &str, error: &io::Error) -> WorkerError {
        let is_full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        let code = if is_full { "no_space" } else { code }.to_owned();
        let fault = self.failed(code, format!("{what}: {error}"));
        self.over(fault)
    }

    fn over(&mut self, fault: WorkerError) -> WorkerError {
        self.fault.get_or_insert(fault).clone()
    }
}

/// Writes a part; with nothing to write, sees that what was written goes out.
async fn send(input: &mut (impl tokio::io::AsyncWrite + Unpin + ?Sized), rest: &[u8]) -> io::Result<usize> {
    if rest.is_empty() {
        return input.flush().await.map(|()| 0);
    }
    match input.write(rest).await? {
        0 => Err(io::ErrorKind::WriteZero.into()),
        length => Ok(length),
    }
}

/// One read, again after a signal.
fn read_some(source: &mut (impl Read + ?Sized), piece: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
