// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A wire between the program and whom it talks to, which a test can cut and join again, also to another.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::watch;

/// The other end.
#[derive(Debug, Clone)]
pub(crate) enum End {
    Socket(PathBuf),
    Port(SocketAddr),
}

/// A wire; it ends with the value.
#[derive(Debug)]
pub(crate) struct Relay {
    end: Arc<Mutex<Option<End>>>,
    /// Each change cuts what is connected; without a sender all ends.
    cut: Option<watch::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Relay {
    /// From a socket that is made here.
    pub(crate) fn from_socket(path: &Path, end: End) -> Self {
        let listener = std::os::unix::net::UnixListener::bind(path).expect("a socket");
        listener.set_nonblocking(true).expect("a listener");
        Self::start(end, async move |wire: Wire| {
            let listener = UnixListener::from_std(listener).expect("a listener");
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(wire.clone().pass(stream));
            }
        })
    }

    /// From a port of this machine, and its address.
    pub(crate) fn from_port(end: End) -> (Self, SocketAddr) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let relay = Self::start(end, async move |wire: Wire| {
            let listener = TcpListener::from_std(listener).expect("a listener");
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(wire.clone().pass(stream));
            }
        });
        (relay, address)
    }

    fn start<F>(end: End, accept: F) -> Self
    where
        F: AsyncFnOnce(Wire) + Send + 'static,
    {
        let end = Arc::new(Mutex::new(Some(end)));
        let (cut, is_cut) = watch::channel(());
        let mut ended = is_cut.clone();
        let wire = Wire { end: Arc::clone(&end), is_cut };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                tokio::select! {
                    () = accept(wire) => {}
                    () = async { while ended.changed().await.is_ok() {} } => {}
                }
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        Self { end, cut: Some(cut), thread: Some(thread) }
    }

    /// Ends every connection, and those that come are ended at once.
    pub(crate) fn cut(&self) {
        *self.end.lock().expect("the end") = None;
        self.stir();
    }

    /// Joins the wire to this end; what is connected to another is cut.
    pub(crate) fn join(&self, end: End) {
        *self.end.lock().expect("the end") = Some(end);
        self.stir();
    }

    fn stir(&self) {
        self.cut.as_ref().expect("it runs").send_replace(());
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        drop(self.cut.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[derive(Clone)]
struct Wire {
    end: Arc<Mutex<Option<End>>>,
    is_cut: watch::Receiver<()>,
}

impl Wire {
    async fn pass(mut self, near: impl AsyncRead + AsyncWrite + Unpin) {
        self.is_cut.mark_unchanged();
        let end = self.end.lock().expect("the end").clone();
        let passing = async {
            match end {
                Some(End::Socket(path)) => join(near, UnixStream::connect(path).await).await,
                Some(End::Port(address)) => join(near, TcpStream::connect(address).await).await,
                None => {}
            }
        };
        tokio::select! {
            () = passing => {}
            _ = self.is_cut.changed() => {}
        }
    }
}

async fn join(
    mut near: impl AsyncRead + AsyncWrite + Unpin,
    far: std::io::Result<impl AsyncRead + AsyncWrite + Unpin>,
) {
    if let Ok(mut far) = far {
        let _ = copy_bidirectional(&mut near, &mut far).await;
    }
}
