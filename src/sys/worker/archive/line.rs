// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The line to a worker in a thread. Whoever listens to it carries out what the thread orders from the engine, so nothing
//! goes on that nobody waits for, and everything ends when the line is dropped.

use std::io;
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::unix::OwnedReadHalf;

use crate::sys::worker::Line;

/// What is carried out meanwhile.
type Carrying = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Output {
    carrying: Option<Carrying>,
    said: OwnedReadHalf,
}

impl AsyncRead for Output {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(carrying) = &mut self.carrying
            && carrying.as_mut().poll(context).is_ready()
        {
            self.carrying = None;
        }
        Pin::new(&mut self.said).poll_read(context, buffer)
    }
}

/// The line over this end of a pair of sockets.
pub(super) fn line(socket: UnixStream, carrying: Carrying) -> io::Result<Line> {
    socket.set_nonblocking(true)?;
    let (said, input) = tokio::net::UnixStream::from_std(socket)?.into_split();
    Ok(Line { input: Box::new(input), output: Box::new(Output { carrying: Some(carrying), said }) })
}
