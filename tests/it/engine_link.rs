// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What happens between this program and an engine that is missing, silent, cut off or something else altogether.
//! No engine is needed: small servers on sockets of their own play the part.

#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use stackctl::error::UserError as _;
use stackctl::sys::docker::DockerEngine;
use stackctl::sys::endpoint::{EngineAddress, TlsFiles};
use stackctl::sys::engine::{
    ApiVersion, ContainerFilter, Deadline, Engine as _, EngineError, EventQuery, Idle, LinkFault,
};
use stackctl::sys::os::OsFiles;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixListener;

const SOON: Deadline = Deadline::within(Duration::from_secs(10));
const PONG: &str = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK";

fn at(path: &Path) -> DockerEngine {
    DockerEngine::new(&EngineAddress::Unix(path.to_owned()), &OsFiles).unwrap()
}

/// Serves one answer a request, by the beginning of the request line; whatever is not named gets a ping's answer. An empty
/// answer closes the connection. Gives the request lines.
fn serve(path: &Path, answers: &'static [(&'static str, &'static str)]) -> tokio::sync::mpsc::Receiver<String> {
    let listener = UnixListener::bind(path).unwrap();
    let (sender, receiver) = tokio::sync::mpsc::channel(100);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                let mut bytes = vec![0; 65536];
                while let Ok(length @ 1..) = stream.read(&mut bytes).await {
                    let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
                    let line = text.lines().next().unwrap_or_default().to_owned();
                    let answer =
                        answers.iter().find(|(begin, _)| line.starts_with(begin)).map_or(PONG, |(_, answer)| answer);
                    let _ = sender.send(line).await;
                    let _ = stream.write_all(answer.as_bytes()).await;
                    if answer.is_empty() || answer.contains("close") {
                        break;
                    }
                }
            });
        }
    });
    receiver
}

async fn list(engine: &DockerEngine, deadline: Deadline) -> EngineError {
    engine.list_containers(&ContainerFilter::default(), deadline).await.unwrap_err()
}

#[tokio::test]
async fn missing_socket_and_dead_socket_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.sock");
    let missing = list(&at(&path), SOON).await;
    assert!(matches!(missing, EngineError::Unreachable { fault: LinkFault::Missing, .. }), "{missing:?}");
    assert!(missing.message().contains(&format!("unix://{}", path.display())));
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let dead = list(&at(&path), SOON).await;
    assert!(matches!(dead, EngineError::Unreachable { fault: LinkFault::Refused, .. }), "{dead:?}");
}

#[tokio::test]
async fn closed_port_is_refused() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let engine = DockerEngine::new(&EngineAddress::Tcp { host: "127.0.0.1".into(), port }, &OsFiles).unwrap();
    let refused = list(&engine, SOON).await;
    assert!(matches!(refused, EngineError::Unreachable { fault: LinkFault::Refused, .. }), "{refused:?}");
}

#[tokio::test]
async fn engine_that_never_answers_is_a_timeout_that_names_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let _listener = UnixListener::bind(&path).unwrap();
    let silent = list(&at(&path), Deadline::within(Duration::from_millis(200))).await;
    assert!(matches!(silent, EngineError::Timeout { call: "list containers", .. }), "{silent:?}");
}

#[tokio::test]
async fn connection_closed_in_mid_answer_is_an_outage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let _lines = serve(
        &path,
        &[("GET /v1.41/containers", "HTTP/1.1 200 OK\r\nContent-Length: 900\r\nConnection: close\r\n\r\n[")],
    );
    let cut = list(&at(&path), SOON).await;
    assert!(matches!(cut, EngineError::Unreachable { fault: LinkFault::Closed, .. }), "{cut:?}");
}

#[tokio::test]
async fn something_else_behind_the_socket_is_not_understood() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let _lines = serve(&path, &[("GET /_ping", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")]);
    let strange = list(&at(&path), SOON).await;
    assert!(matches!(strange, EngineError::Protocol { .. }), "{strange:?}");
    let path = folder.path().join("garbage");
    let _lines = serve(&path, &[("GET", "SSH-2.0-OpenSSH_9.2\r\nclose")]);
    let garbage = list(&at(&path), SOON).await;
    assert!(matches!(garbage, EngineError::Unreachable { .. } | EngineError::Protocol { .. }), "{garbage:?}");
}

#[tokio::test]
async fn proxy_that_forbids_is_denied_and_an_error_page_is_passed_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let _lines = serve(
        &path,
        &[
            ("GET /v1.41/containers", "HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nForbidden"),
            ("GET /v1.41/volumes/v", "HTTP/1.1 500 Oops\r\nContent-Length: 17\r\n\r\n{\"message\":\"bad\"}"),
            ("GET /v1.41/volumes", "HTTP/1.1 502 Bad\r\nContent-Length: 4\r\n\r\nboom"),
        ],
    );
    let engine = at(&path);
    assert!(matches!(list(&engine, SOON).await, EngineError::Denied { .. }));
    let failed = engine.inspect_volume("v", SOON).await.unwrap_err();
    assert_eq!(failed.message(), "inspect volume: the engine answered 500: bad");
    let failed = engine.list_volumes("", SOON).await.unwrap_err();
    assert_eq!(failed.message(), "list volumes: the engine answered 502: boom");
}

#[tokio::test]
async fn requests_name_a_version_that_the_engine_speaks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old");
    let mut lines = serve(&path, &[("GET /v1.41/containers", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")]);
    let engine = at(&path);
    engine.list_containers(&ContainerFilter::default(), SOON).await.unwrap();
    assert_eq!(lines.recv().await.unwrap(), "GET /_ping HTTP/1.1");
    assert!(lines.recv().await.unwrap().starts_with("GET /v1.41/containers/json?all=true"));

    let path = folder.path().join("new");
    let mut lines = serve(
        &path,
        &[
            ("GET /_ping", "HTTP/1.1 200 OK\r\nApi-Version: 1.99\r\nContent-Length: 2\r\n\r\nOK"),
            ("GET /v1.51/info", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
        ],
    );
    let engine = at(&path);
    assert_eq!(engine.ping(SOON).await.unwrap(), ApiVersion::new(1, 99));
    engine.info(SOON).await.unwrap();
    lines.recv().await.unwrap();
    assert_eq!(lines.recv().await.unwrap(), "GET /v1.51/info HTTP/1.1");
}

#[tokio::test]
async fn event_stream_ends_when_the_engine_goes_and_breaks_when_it_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let _lines = serve(
        &path,
        &[
            (
                "GET /v1.41/events?filters=%7B%7D&since",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n18\r\n{\"Action\":\"a\",\"time\":1}\n\r\n0\r\n\r\n",
            ),
            (
                "GET /v1.41/events",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n18\r\n{\"Action\":\"a\",\"time\":1}\n\r\n5\r\n{\"Ac",
            ),
        ],
    );
    let engine = at(&path);
    let since = EventQuery { since: Some(stackctl::sys::engine::EventTime(0)), ..EventQuery::default() };
    let mut whole = engine.events(&since, SOON, Idle(None)).await.unwrap();
    assert_eq!(whole.next().await.unwrap().unwrap().time.0, 1_000_000_000);
    assert!(whole.next().await.is_none());
    let mut cut = engine.events(&EventQuery::default(), SOON, Idle(None)).await.unwrap();
    assert!(cut.next().await.unwrap().is_ok());
    let broken = cut.next().await.unwrap().unwrap_err();
    assert!(matches!(broken, EngineError::Unreachable { fault: LinkFault::Closed, .. }), "{broken:?}");
    assert!(cut.next().await.is_none());
}

#[tokio::test]
async fn answer_that_is_no_json_names_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let _lines = serve(&path, &[("GET /v1.41/containers", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[{]")]);
    let strange = list(&at(&path), SOON).await;
    assert!(matches!(strange, EngineError::Protocol { call: "list containers", .. }), "{strange:?}");
}

#[test]
fn certificates_that_are_missing_are_named() {
    let files = TlsFiles { authority: Some("/no/ca.pem".into()), identity: None, verify: true };
    let refused =
        DockerEngine::new(&EngineAddress::parse("tcp://far:2376", Some(files)).unwrap(), &OsFiles).unwrap_err();
    assert!(refused.message().starts_with("no encrypted connection to `tcp://far:2376`: cannot read `/no/ca.pem`"));
    assert!(refused.hints()[0].contains("DOCKER_CERT_PATH"));
}

#[tokio::test]
async fn plain_answer_to_an_encrypted_question_is_about_certificates() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    });
    let files = TlsFiles { authority: None, identity: None, verify: false };
    let address = EngineAddress::parse(&format!("tcp://127.0.0.1:{port}"), Some(files)).unwrap();
    let refused = list(&DockerEngine::new(&address, &OsFiles).unwrap(), SOON).await;
    assert!(matches!(refused, EngineError::Certificates { .. }), "{refused:?}");
}
