// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A small HTTP/1.1 server by hyper: one answer a connection, few connections at once, little time for each.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use crate::sys::net::{HttpListener, HttpServer, Served, ServedRequest};

/// Connections at once; more wait in the system's queue.
const AT_ONCE: usize = 16;
/// How long the head of a request may take.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// How long a connection may take as a whole.
const WHOLE_TIME: Duration = Duration::from_secs(15);
/// The longest head of a request, in bytes (hyper takes no less than 8 KiB).
const HEAD_BYTES: usize = 16 << 10;
/// The most headers of a request.
const HEADERS: usize = 64;
/// How long to wait when the system has no connection to give.
const BREATH: Duration = Duration::from_millis(100);

/// The real network.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsServer;

impl HttpServer for OsServer {
    fn bind(&self, address: SocketAddr) -> Result<Box<dyn HttpListener>, String> {
        let listener = std::net::TcpListener::bind(address).map_err(|error| error.to_string())?;
        listener.set_nonblocking(true).map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let listener = TcpListener::from_std(listener).map_err(|error| error.to_string())?;
        Ok(Box::new(Open { listener, address }))
    }
}

struct Open {
    listener: TcpListener,
    address: SocketAddr,
}

impl HttpListener for Open {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn serve<'a>(&'a self, answer: &'a dyn Fn(&ServedRequest) -> Served) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(async move {
            let mut talks = FuturesUnordered::new();
            loop {
                tokio::select! {
                    accepted = self.listener.accept(), if talks.len() < AT_ONCE => match accepted {
                        Ok((stream, _)) => talks.push(tokio::time::timeout(WHOLE_TIME, talk(stream, answer))),
                        Err(_) => tokio::time::sleep(BREATH).await,
                    },
                    Some(_) = talks.next(), if !talks.is_empty() => {}
                }
            }
        })
    }
}

/// One request and its answer. What goes wrong concerns the client alone.
async fn talk(stream: TcpStream, answer: &dyn Fn(&ServedRequest) -> Served) {
    let service = service_fn(|request: Request<hyper::body::Incoming>| {
        let asked = ServedRequest { method: request.method().to_string(), path: request.uri().path().to_owned() };
        std::future::ready(Ok::<_, Infallible>(response(answer(&asked))))
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_BYTES).max_headers(HEADERS);
    let _ = builder.keep_alive(false).serve_connection(TokioIo::new(stream), service).await;
}

fn response(served: Served) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(served.body)));
    *response.status_mut() = StatusCode::from_u16(served.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(served.content_type));
    response
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// Asks a server that answers with what it was asked, and gives what came back.
    async fn ask(request: &[u8]) -> String {
        let server = OsServer.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let answer = |asked: &ServedRequest| Served {
            status: 200,
            content_type: "text/plain",
            body: format!("{} {}\n", asked.method, asked.path),
        };
        let client = async {
            let mut stream = TcpStream::connect(server.address()).await.unwrap();
            stream.write_all(request).await.unwrap();
            let mut heard = Vec::new();
            // A refusal may come as a reset.
            let _ = stream.read_to_end(&mut heard).await;
            String::from_utf8_lossy(&heard).into_owned()
        };
        tokio::select! {
            () = server.serve(&answer) => unreachable!(),
            heard = client => heard,
        }
    }

    #[tokio::test]
    async fn each_connection_gets_one_answer_and_ends() {
        let heard = ask(b"GET /metrics?x=1 HTTP/1.1\r\nHost: a\r\n\r\nGET /again HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert!(heard.starts_with("HTTP/1.1 200 OK\r\n") && heard.ends_with("\r\n\r\nGET /metrics\n"), "{heard}");
        assert!(heard.contains("content-type: text/plain"), "{heard}");
    }

    #[tokio::test]
    async fn head_gets_the_length_and_no_body() {
        let heard = ask(b"HEAD / HTTP/1.0\r\n\r\n").await;
        assert!(heard.ends_with("\r\n\r\n") && heard.contains("content-length: 7"), "{heard}");
    }

    #[tokio::test]
    async fn heads_that_are_too_long_or_no_http_are_refused() {
        let long = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", "a".repeat(HEAD_BYTES * 2));
        for request in [long.as_bytes(), b"\x16\x03\x01\x00\x01\x00\r\n\r\n"] {
            let heard = ask(request).await;
            assert!(!heard.contains(" 200 "), "{heard}");
        }
    }

    #[tokio::test]
    async fn an_address_can_be_had_once() {
        let first = OsServer.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        assert!(OsServer.bind(first.address()).is_err());
    }
}
