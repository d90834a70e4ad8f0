// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A connection that has become the standard input and output of a container.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncWrite, WriteHalf};

use super::feed;
use crate::sys::engine::Attached;

/// The two directions of the connection.
pub(super) fn attached(connection: Upgraded, call: &'static str, address: &str) -> Attached {
    let (output, input) = tokio::io::split(TokioIo::new(connection));
    Attached { input: Box::new(Input(input)), output: feed::output(output, call, address) }
}

/// What the container hears. Its end is that of this direction of the connection, which engines pass on.
struct Input(WriteHalf<TokioIo<Upgraded>>);

impl AsyncWrite for Input {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

impl Drop for Input {
    /// The connection stays open as long as somebody reads, so the end must be said. Nothing of it waits but the closing
    /// word of an encrypted connection; where there is no room for that one, the end comes with the reader's.
    fn drop(&mut self) {
        let _ = Pin::new(&mut self.0).poll_shutdown(&mut Context::from_waker(Waker::noop()));
    }
}
