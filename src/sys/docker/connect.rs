// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Opens connections to an engine, whatever the way: socket, TCP, or `ssh` with the engine's own stdio bridge. The HTTP
//! client above it keeps idle connections, so one is opened a burst, not a request.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::Uri;
use hyper::rt::ReadBufCursor;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

use super::bridge::Bridge;
use crate::sys::endpoint::EngineAddress;
use crate::sys::os::net::Tls;

/// Both directions of a connection.
trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// An open connection.
pub(super) struct Link(TokioIo<Box<dyn Duplex>>);

impl Link {
    fn new(stream: impl Duplex + 'static) -> Self {
        Self(TokioIo::new(Box::new(stream)))
    }
}

impl hyper::rt::Read for Link {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl hyper::rt::Write for Link {
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

impl Connection for Link {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

/// Opens connections to one address.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    pub(super) address: EngineAddress,
    /// For addresses that are encrypted.
    pub(super) tls: Option<Tls>,
}

impl tower_service::Service<Uri> for Connector {
    type Response = Link;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Link>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(open(connector))
    }
}

async fn open(Connector { address, tls }: Connector) -> io::Result<Link> {
    match address {
        EngineAddress::Unix(path) => Ok(Link::new(UnixStream::connect(path).await?)),
        EngineAddress::Tcp { host, port } => Ok(Link::new(dial(&host, port).await?)),
        EngineAddress::Tls { host, port, .. } => {
            let tls = tls.ok_or_else(|| io::Error::other("no certificates were read"))?;
            Ok(Link::new(tls.wrap(&host, dial(&host, port).await?).await?))
        }
        EngineAddress::Ssh { target, port, socket } => Ok(Link::new(Bridge::open(&target, port, socket.as_deref())?)),
    }
}

async fn dial(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
