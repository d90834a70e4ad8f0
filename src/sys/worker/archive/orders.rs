// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Between the thread of a worker, which may block, and the engine, which is awaited: what the thread orders, and who
//! carries it out.

use std::io::{self, Read, Write};

use bytes::{Buf as _, Bytes};
use futures_util::{StreamExt as _, stream};
use tokio::sync::{mpsc, oneshot};

use super::holder::{Holder, place};
use crate::sys::engine::{Body, Deadline, EngineError, Idle};
use crate::sys::worker::serve::{Archives, Refused};

/// How long an engine may be silent in the middle of an archive: the disk of a volume may sleep.
const SILENCE: Idle = Idle(Some(std::time::Duration::from_mins(5)));

/// How many pieces may be on their way, in each direction.
const AHEAD: usize = 4;

/// Something that the engine is to do.
enum Order {
    /// Send its archive. An empty piece says that it came to its end.
    Read { only: Option<String>, into: mpsc::Sender<Result<Bytes, EngineError>> },
    /// Unpack what comes, an empty piece being its end.
    Write { body: mpsc::Receiver<Bytes>, done: oneshot::Sender<Result<(), EngineError>> },
}

/// The end of the thread.
pub(super) struct Orders(mpsc::Sender<Order>);

/// The other end.
pub(super) struct Taken(mpsc::Receiver<Order>);

/// Both ends. When one is dropped, the other comes to its end too.
pub(super) fn orders() -> (Orders, Taken) {
    let (sender, receiver) = mpsc::channel(1);
    (Orders(sender), Taken(receiver))
}

impl Taken {
    /// Carries orders out until there are no more.
    pub(super) async fn carry_out(mut self, mut holder: Holder) {
        while let Some(order) = self.0.recv().await {
            match order {
                Order::Read { only, into } => read(&mut holder, only, into).await,
                Order::Write { body, done } => {
                    let written = write(&mut holder, body).await;
                    // Whoever has gone meanwhile does not want to know.
                    let _ = done.send(written);
                }
            }
        }
    }
}

async fn read(holder: &mut Holder, only: Option<String>, into: mpsc::Sender<Result<Bytes, EngineError>>) {
    let opened = match holder.container(only).await {
        Ok(id) => holder.engine.read_archive(&id, &place(), Deadline::CHANGE, SILENCE).await,
        Err(error) => Err(error),
    };
    let mut feed = match opened {
        Ok(feed) => feed,
        Err(error) => return drop(into.send(Err(error)).await),
    };
    while let Some(piece) = feed.next().await {
        let is_empty = piece.as_ref().is_ok_and(Bytes::is_empty);
        if !is_empty && into.send(piece).await.is_err() {
            // The thread has seen enough.
            return;
        }
    }
    drop(into.send(Ok(Bytes::new())).await);
}

async fn write(holder: &mut Holder, body: mpsc::Receiver<Bytes>) -> Result<(), EngineError> {
    let id = holder.container(None).await?;
    let pieces = stream::unfold(Some(body), |body| async {
        let mut body = body?;
        match body.recv().await {
            Some(piece) if piece.is_empty() => None,
            Some(piece) => Some((Ok(piece), Some(body))),
            // A thread that is gone has not written all; the end of a stream would say that it has.
            None => Some((Err(io::ErrorKind::BrokenPipe.into()), None)),
        }
    });
    let body: Body = Box::pin(pieces);
    holder.engine.write_archive(&id, "/", body, Deadline::CHANGE).await
}

impl Archives for Orders {
    fn read(&self, only: Option<&str>) -> Box<dyn Read + '_> {
        let (into, coming) = mpsc::channel(AHEAD);
        // One that is not taken drops its sender, which the first read tells.
        let _ = self.0.blocking_send(Order::Read { only: only.map(str::to_owned), into });
        Box::new(Pieces { coming, rest: Bytes::new(), is_over: false })
    }

    fn write(&self, fill: &mut dyn FnMut(&mut dyn Write) -> Result<(), Refused>) -> Result<(), EngineError> {
        let (pieces, body) = mpsc::channel(AHEAD);
        let (done, written) = oneshot::channel();
        let nobody = || EngineError::Source { call: "write into container", message: "nobody waits for it".to_owned() };
        self.0.blocking_send(Order::Write { body, done }).map_err(|_| nobody())?;
        if fill(&mut Filling(&pieces)).is_ok() {
            // An engine that has failed takes no more, and says so below.
            let _ = pieces.blocking_send(Bytes::new());
        }
        drop(pieces);
        written.blocking_recv().unwrap_or_else(|_| Err(nobody()))
    }
}

/// An archive as it comes.
struct Pieces {
    coming: mpsc::Receiver<Result<Bytes, EngineError>>,
    rest: Bytes,
    is_over: bool,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() && !self.is_over {
            match self.coming.blocking_recv() {
                Some(Ok(piece)) if piece.is_empty() => self.is_over = true,
                Some(Ok(piece)) => self.rest = piece,
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => return Err(io::Error::other("nobody waits for it")),
            }
        }
        let length = self.rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.rest[..length]);
        self.rest.advance(length);
        Ok(length)
    }
}

/// An archive as it goes.
struct Filling<'a>(&'a mpsc::Sender<Bytes>);

impl Write for Filling<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            let sent = self.0.blocking_send(Bytes::copy_from_slice(bytes));
            sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
