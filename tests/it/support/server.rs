// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A server on a port of this machine that plays an engine, or passes everything on to a real one.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// What stands behind the server.
#[derive(Debug, Clone)]
pub(crate) enum Backend {
    /// An engine without containers, by script.
    Scripted,
    /// The engine behind this socket.
    Socket(PathBuf),
}

/// The sockets of the engines to test with.
pub(crate) fn real_sockets() -> Vec<PathBuf> {
    let hosts = std::env::var("STACKCTL_TEST_DOCKER_HOST").unwrap_or_default();
    hosts.split(',').filter_map(|host| host.strip_prefix("unix://")).map(PathBuf::from).collect()
}

/// A running server; it ends with the value.
#[derive(Debug)]
pub(crate) struct Server {
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Without encryption.
    pub(crate) fn plain(backend: Backend) -> Self {
        Self::start(None, backend)
    }

    /// Behind TLS.
    pub(crate) fn encrypted(acceptor: TlsAcceptor, backend: Backend) -> Self {
        Self::start(Some(acceptor), backend)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn start(acceptor: Option<TlsAcceptor>, backend: Backend) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, acceptor, backend) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        Self { port, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: std::net::TcpListener, acceptor: Option<TlsAcceptor>, backend: Backend) {
    let listener = TcpListener::from_std(listener).expect("a listener");
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, backend) = (acceptor.clone(), backend.clone());
        tokio::spawn(async move {
            match acceptor {
                // A client that is turned away, or turns away, is what some tests are about.
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream, backend).await;
                    }
                }
                None => serve(stream, backend).await,
            }
        });
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, backend: Backend) {
    match backend {
        Backend::Socket(path) => {
            let mut engine = UnixStream::connect(path).await.expect("the engine is there");
            let _ = copy_bidirectional(&mut stream, &mut engine).await;
        }
        Backend::Scripted => play(stream).await,
    }
}

/// Answers request after request, by their paths.
async fn play(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut bytes = vec![0; 65536];
    while let Ok(length @ 1..) = stream.read(&mut bytes).await {
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        let path = text.split_whitespace().nth(1).unwrap_or_default();
        let body = match path.split('?').next().unwrap_or_default().rsplit('/').next() {
            Some("_ping") => "OK",
            Some("info") => r#"{"ID":"scripted","SystemTime":"2026-01-01T00:00:00Z"}"#,
            Some("json") => "[]",
            Some("version") => r#"{"ApiVersion":"1.41","Version":"20.10","Os":"linux","Arch":"amd64"}"#,
            Some("volumes") => r#"{"Volumes":[]}"#,
            _ => "",
        };
        let answer = format!("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
