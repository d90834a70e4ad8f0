// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A server on a port of this machine that takes messages, refuses them, or never answers. Gone with the value.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::stage::PATIENCE;

/// What a server does with a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Temper {
    Status(u16),
    /// A status, and the seconds of `Retry-After`.
    Rest(u16, u32),
    /// Takes everything and says nothing.
    Hangs,
}

/// What was heard.
#[derive(Debug, Default)]
struct Heard {
    connections: usize,
    /// Whole requests.
    requests: Vec<(Instant, String)>,
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Hook {
    scheme: &'static str,
    port: u16,
    heard: Arc<Mutex<Heard>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Hook {
    /// One temper a request; the last for ever.
    pub(crate) fn new(tempers: &'static [Temper]) -> Self {
        Self::start(tempers, None)
    }

    /// Behind TLS.
    pub(crate) fn encrypted(tempers: &'static [Temper], acceptor: TlsAcceptor) -> Self {
        Self::start(tempers, Some(acceptor))
    }

    fn start(tempers: &'static [Temper], acceptor: Option<TlsAcceptor>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let heard = Arc::new(Mutex::new(Heard::default()));
        let (stop, stopped) = oneshot::channel();
        let kept = Arc::clone(&heard);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                tokio::select! {
                    () = accept(listener, acceptor, tempers, kept) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        Self { scheme, port, heard, stop: Some(stop), thread: Some(thread) }
    }

    /// Its address, with a path that is a secret.
    pub(crate) fn url(&self) -> String {
        format!("{}://127.0.0.1:{}/hook/path-secret", self.scheme, self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How many have connected.
    pub(crate) fn connections(&self) -> usize {
        self.heard.lock().expect("what was heard").connections
    }

    /// Every whole request.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.heard.lock().expect("what was heard").requests.iter().map(|(_, text)| text.clone()).collect()
    }

    /// The times between requests.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        let heard = self.heard.lock().expect("what was heard");
        heard.requests.windows(2).map(|two| two[1].0 - two[0].0).collect()
    }

    /// The kinds of the notices of each request.
    pub(crate) fn kinds(&self) -> Vec<Vec<String>> {
        let kinds = |request: &String| {
            let (_, body) = request.split_once("\r\n\r\n").expect("a body");
            let body: Value = serde_json::from_str(body).expect("JSON");
            let notices = body["notices"].as_array().expect("notices").clone();
            notices.iter().map(|one| one["kind"].as_str().expect("a kind").to_owned()).collect()
        };
        self.requests().iter().map(kinds).collect()
    }

    /// Waits until it is as it should be.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, is: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !is(self) {
            assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}; heard: {:#?}", self.heard.lock());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    tempers: &'static [Temper],
    heard: Arc<Mutex<Heard>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        heard.lock().expect("what was heard").connections += 1;
        let (acceptor, heard) = (acceptor.clone(), Arc::clone(&heard));
        tokio::spawn(async move {
            match acceptor {
                // A client that turns away is what some tests are about.
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        talk(stream, tempers, &heard).await;
                    }
                }
                None => talk(stream, tempers, &heard).await,
            }
        });
    }
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, tempers: &[Temper], heard: &Mutex<Heard>) {
    let Some(request) = read(&mut stream).await else { return };
    let temper = {
        let mut heard = heard.lock().expect("what was heard");
        heard.requests.push((Instant::now(), request));
        tempers[(heard.requests.len() - 1).min(tempers.len() - 1)]
    };
    let (status, more) = match temper {
        Temper::Status(status) => (status, String::new()),
        Temper::Rest(status, seconds) => (status, format!("Retry-After: {seconds}\r\n")),
        Temper::Hangs => return std::future::pending().await,
    };
    let answer = format!("HTTP/1.1 {status} X\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// A request with its body; `None` when it ends before.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut heard = Vec::new();
    loop {
        let mut bytes = [0; 4096];
        let length = stream.read(&mut bytes).await.ok().filter(|length| *length > 0)?;
        heard.extend_from_slice(&bytes[..length]);
        let text = String::from_utf8_lossy(&heard);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let named = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= named.map_or(0, |length| length.parse().expect("a length")) {
                return Some(text.into_owned());
            }
        }
    }
}
