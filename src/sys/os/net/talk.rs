// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Talks over TCP; websockets by tungstenite, without encryption.

use std::fs;
use std::io;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::sys::net::{Enough, Listen, Listener, TalkError, Talked, Talker};

/// How long a websocket is given to say goodbye.
const GOODBYE: Duration = Duration::from_millis(200);

/// The real network.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsTalker;

impl Talker for OsTalker {
    fn bytes<'a>(
        &'a self,
        listener: &'a Listener,
        send: &'a [u8],
        enough: Enough,
        keep_bytes: usize,
        within: Duration,
    ) -> Talked<'a, Vec<u8>> {
        Box::pin(async move {
            let end = Instant::now() + within;
            let stream = connect(listener, end, within).await?;
            match timeout_at(end, read(stream, send, enough, keep_bytes)).await {
                Ok(answer) => answer.map_err(|error| TalkError::Broken(error.to_string())),
                Err(_) => Err(TalkError::TimedOut(within)),
            }
        })
    }

    fn websocket<'a>(
        &'a self,
        listener: &'a Listener,
        path: &'a str,
        listen: Listen,
        keep_bytes: usize,
        within: Duration,
    ) -> Talked<'a, String> {
        Box::pin(async move {
            let end = Instant::now() + within;
            let stream = connect(listener, end, within).await?;
            let url = format!("ws://{listener}{path}");
            match timeout_at(end, listen_to(stream, &url, listen, keep_bytes)).await {
                Ok(answer) => answer,
                Err(_) => Err(TalkError::TimedOut(within)),
            }
        })
    }

    fn has_interface(&self, name: &str) -> bool {
        // Below /proc it is that of this process; /sys shows the namespace that mounted it.
        let listed = fs::read_to_string("/proc/self/net/dev").unwrap_or_default();
        listed.lines().filter_map(|line| line.split_once(':')).any(|(found, _)| found.trim() == name)
    }
}

async fn connect(listener: &Listener, end: Instant, within: Duration) -> Result<TcpStream, TalkError> {
    match timeout_at(end, TcpStream::connect((listener.host.as_str(), listener.port))).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => Err(TalkError::Refused),
        Ok(Err(error)) => Err(TalkError::Unreachable(error.to_string())),
        Err(_) => Err(TalkError::Unreachable(format!("no connection within {} s", within.as_secs_f32()))),
    }
}

async fn read(mut stream: TcpStream, send: &[u8], enough: Enough, keep_bytes: usize) -> io::Result<Vec<u8>> {
    stream.write_all(send).await?;
    let (mut kept, mut buffer) = (Vec::new(), [0; 4096]);
    let is_enough = |kept: &[u8]| match enough {
        Enough::Connected => true,
        Enough::Line => kept.contains(&b'\n'),
        Enough::Count(count) => kept.len() >= count,
    };
    while !is_enough(&kept) && kept.len() < keep_bytes {
        match stream.read(&mut buffer).await {
            Ok(0) => break,
            Ok(length) => kept.extend_from_slice(&buffer[..length]),
            // What came before the reset is an answer all the same.
            Err(_) if !kept.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    kept.truncate(match enough {
        Enough::Count(count) => count.min(keep_bytes),
        Enough::Connected | Enough::Line => keep_bytes,
    });
    Ok(kept)
}

async fn listen_to(stream: TcpStream, url: &str, listen: Listen, keep_bytes: usize) -> Result<String, TalkError> {
    let config = WebSocketConfig::default().max_message_size(Some(keep_bytes)).max_frame_size(Some(keep_bytes));
    let (mut socket, _) = client_async_with_config(url, stream, Some(config)).await.map_err(reason)?;
    let heard = match listen {
        Listen::Handshake => Ok(String::new()),
        Listen::FirstText => loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => break Ok(text.to_string()),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Binary(_))) => {
                    break Err(TalkError::Foreign("its first message is no text".to_owned()));
                }
                Some(Ok(Message::Close(_))) | None => {
                    break Err(TalkError::Broken("it was closed before a message".to_owned()));
                }
                Some(Err(error)) => break Err(reason(error)),
            }
        },
    };
    // A client that just goes leaves an error in the logs of some servers.
    let _ = timeout(GOODBYE, socket.close(None)).await;
    heard
}

fn reason(error: tungstenite::Error) -> TalkError {
    match error {
        tungstenite::Error::Http(answer) => {
            TalkError::Foreign(format!("the handshake is answered with status {}", answer.status().as_u16()))
        }
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => {
            TalkError::Broken("it was closed".to_owned())
        }
        tungstenite::Error::Io(error) => TalkError::Broken(error.to_string()),
        other => TalkError::Foreign(format!("no websocket: {other}")),
    }
}
