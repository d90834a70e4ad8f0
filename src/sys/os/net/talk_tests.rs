// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Talks with listeners of this machine.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::time::Duration;

use futures_util::SinkExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket};
use tokio_tungstenite::tungstenite::Message;

use super::OsTalker;
use crate::sys::net::{Enough, Listen, Listener, TalkError, Talker as _};

const PATIENCE: Duration = Duration::from_mins(1);
const SOON: Duration = Duration::from_millis(300);

async fn listen() -> (TcpListener, Listener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, Listener { host: "127.0.0.1".to_owned(), port })
}

#[tokio::test]
async fn bytes_are_read_until_there_is_enough() {
    for (enough, keep, expected) in [
        (Enough::Line, 99, "one\ntwo"),
        (Enough::Count(2), 99, "on"),
        (Enough::Count(99), 99, "one\ntwo"),
        (Enough::Line, 3, "one"),
    ] {
        let (server, at) = listen().await;
        let serve = async {
            let (mut stream, _) = server.accept().await.unwrap();
            let mut asked = [0; 2];
            stream.read_exact(&mut asked).await.unwrap();
            stream.write_all(b"one\ntwo").await.unwrap();
        };
        let (answer, ()) = tokio::join!(OsTalker.bytes(&at, b"hi", enough, keep, PATIENCE), serve);
        assert_eq!(String::from_utf8_lossy(&answer.unwrap()), expected);
    }
}

#[tokio::test]
async fn silence_and_closed_ports_are_told_apart() {
    let (server, at) = listen().await;
    let silent = OsTalker.bytes(&at, b"", Enough::Line, 9, SOON).await;
    assert_eq!(silent, Err(TalkError::TimedOut(SOON)));
    assert_eq!(OsTalker.bytes(&at, b"", Enough::Connected, 9, PATIENCE).await, Ok(Vec::new()));
    // Bound, and not listening: nobody else can get the port meanwhile.
    let closed = TcpSocket::new_v4().unwrap();
    closed.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let at = Listener { port: closed.local_addr().unwrap().port(), ..at };
    let refused = OsTalker.bytes(&at, b"", Enough::Line, 9, PATIENCE).await;
    assert_eq!(refused, Err(TalkError::Refused));
    drop(server);
    let nowhere = Listener { host: "256.256.256.256".to_owned(), port: 1 };
    let unknown = OsTalker.bytes(&nowhere, b"", Enough::Line, 9, PATIENCE).await;
    assert!(unknown.is_err_and(|error| error.is_before_connection() && error != TalkError::Refused));
}

/// A server that shakes hands and then sends these messages.
async fn websocket(messages: Vec<Message>, listen_for: Listen, keep: usize) -> Result<String, TalkError> {
    let (server, at) = listen().await;
    let serve = async {
        let (stream, _) = server.accept().await.unwrap();
        let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { return };
        for message in messages {
            let _ = socket.send(message).await;
        }
        let _ = futures_util::StreamExt::next(&mut socket).await;
    };
    tokio::join!(OsTalker.websocket(&at, "/core?x=1", listen_for, keep, PATIENCE), serve).0
}

#[tokio::test]
async fn the_first_text_of_a_websocket_is_heard() {
    let greeting = vec![Message::Ping(vec![1].into()), Message::text("hello")];
    assert_eq!(websocket(greeting.clone(), Listen::FirstText, 99).await.as_deref(), Ok("hello"));
    assert_eq!(websocket(greeting.clone(), Listen::Handshake, 99).await.as_deref(), Ok(""));
    assert!(matches!(websocket(greeting, Listen::FirstText, 3).await, Err(TalkError::Foreign(_))));
    let binary = websocket(vec![Message::binary(vec![1])], Listen::FirstText, 99).await;
    assert!(matches!(binary, Err(TalkError::Foreign(_))));
    assert!(matches!(websocket(vec![Message::Close(None)], Listen::FirstText, 99).await, Err(TalkError::Broken(_))));
}

#[tokio::test]
async fn other_answers_to_the_handshake_are_foreign() {
    for answer in ["HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "garbage garbage\r\n\r\n"] {
        let (server, at) = listen().await;
        let serve = async {
            let (mut stream, _) = server.accept().await.unwrap();
            let _ = stream.read(&mut [0; 999]).await;
            stream.write_all(answer.as_bytes()).await.unwrap();
        };
        let (heard, ()) = tokio::join!(OsTalker.websocket(&at, "/", Listen::Handshake, 9, PATIENCE), serve);
        assert!(matches!(heard, Err(TalkError::Foreign(_))), "{heard:?}");
    }
}

#[test]
fn interfaces_are_seen() {
    assert!(OsTalker.has_interface("lo"));
    assert!(!OsTalker.has_interface("br-none"));
}
