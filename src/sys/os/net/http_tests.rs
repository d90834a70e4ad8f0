// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Exchanges with servers that answer, lie, hang, and go away.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::OsHttp;
use crate::sys::fake::FakeFiles;
use crate::sys::net::{HttpClient as _, HttpError, HttpRequest, HttpResponse};

const PATIENCE: Duration = Duration::from_mins(1);

/// What a server does after it has read a request.
enum Then<'a> {
    Says(&'a str),
    SaysAndStays(&'a str),
    Hangs,
}

/// One exchange with a server that does this; what it answered, and what it was told.
async fn exchange(then: Then<'_>, change: impl FnOnce(&mut HttpRequest)) -> (Result<HttpResponse, HttpError>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut request = HttpRequest::get(format!("http://{}/a?b=c", listener.local_addr().unwrap()), 64);
    change(&mut request);
    let within = if matches!(then, Then::Hangs) { Duration::from_millis(50) } else { PATIENCE };
    let files = FakeFiles::default();
    let client = OsHttp::new(&files, None);
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = vec![0; 4096];
        let length = stream.read(&mut heard).await.unwrap();
        let heard = String::from_utf8_lossy(&heard[..length]).into_owned();
        match then {
            Then::Says(text) => stream.write_all(text.as_bytes()).await.unwrap(),
            Then::SaysAndStays(text) => {
                stream.write_all(text.as_bytes()).await.unwrap();
                return (heard, Some(stream));
            }
            Then::Hangs => return (heard, Some(stream)),
        }
        (heard, None)
    };
    let (answer, (heard, _open)) = tokio::join!(client.exchange(&request, within), server);
    (answer, heard)
}

#[tokio::test]
async fn a_request_is_sent_whole_and_its_answer_read() {
    let answer = "HTTP/1.1 201 Created\r\nRetry-After: 7\r\nContent-Length: 5\r\n\r\nhello";
    let (answer, heard) = exchange(Then::Says(answer), |request| {
        request.method = "POST";
        request.headers.push(("Title".to_owned(), "è".to_owned()));
        request.body = b"body".to_vec();
    })
    .await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.body.as_slice(), answer.cut), (201, b"hello".as_slice(), false));
    assert_eq!(answer.retry_after, Some(Duration::from_secs(7)));
    let heard = heard.to_ascii_lowercase();
    assert!(heard.starts_with("post /a?b=c http/1.1\r\n") && heard.ends_with("\r\n\r\nbody"), "{heard}");
    assert!(heard.contains("\r\nhost: 127.0.0.1:") && heard.contains("\r\ntitle: "), "{heard}");
}

#[tokio::test]
async fn a_body_that_ends_with_its_connection_is_whole() {
    let (answer, _) = exchange(Then::Says("HTTP/1.1 200 OK\r\n\r\nto the end"), |_| {}).await;
    assert_eq!(answer.unwrap(), HttpResponse::new(200, "to the end"));
}

#[tokio::test]
async fn no_more_is_read_than_is_kept() {
    let text = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(4000));
    let (answer, _) = exchange(Then::SaysAndStays(&text), |request| request.keep_bytes = 3).await;
    assert_eq!(answer.unwrap(), HttpResponse { cut: true, ..HttpResponse::new(200, "xxx") });
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let text = "HTTP/1.1 302 Found\r\nLocation: http://elsewhere.test/\r\nContent-Length: 0\r\n\r\n";
    let (answer, _) = exchange(Then::Says(text), |_| {}).await;
    assert_eq!(answer.unwrap().status, 302);
}

#[tokio::test]
async fn a_server_that_hangs_costs_the_time_it_was_given() {
    let (answer, _) = exchange(Then::Hangs, |_| {}).await;
    assert_eq!(answer.unwrap_err(), HttpError::TimedOut(Duration::from_millis(50)));
}

#[tokio::test]
async fn what_is_no_http_or_breaks_off_is_told_apart_from_nobody() {
    let (answer, _) = exchange(Then::Says("SSH-2.0-OpenSSH\r\n"), |_| {}).await;
    assert_eq!(answer.unwrap_err().code(), "http_broken");
    let (answer, _) = exchange(Then::Says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"), |_| {}).await;
    assert_eq!(answer.unwrap_err().code(), "http_broken");
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let files = FakeFiles::default();
    let request = HttpRequest::get(format!("http://{nobody}/"), 1);
    let answer = OsHttp::new(&files, None).exchange(&request, PATIENCE).await;
    assert_eq!(answer.unwrap_err().code(), "http_unreachable");
}

#[tokio::test]
async fn requests_that_nobody_could_answer_are_refused_without_their_words() {
    let files = FakeFiles::default();
    let client = OsHttp::new(&files, None);
    for url in ["secret", "ftp://secret/", "http://me:secret@localhost/", "http://:80/secret", "http://h/ secret"] {
        let error = client.exchange(&HttpRequest::get(url, 1), PATIENCE).await.unwrap_err();
        assert_eq!(error.code(), "http_bad_request", "{url}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let mut request = HttpRequest::get("http://localhost/", 1);
    request.headers.push(("Authorization".to_owned(), "Bearer secret\nX: y".to_owned()));
    let error = client.exchange(&request, PATIENCE).await.unwrap_err();
    assert_eq!(error, HttpError::BadRequest("a header's value"));
}

#[tokio::test]
async fn without_authorities_nothing_is_trusted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let request = HttpRequest::get(format!("https://{}/", listener.local_addr().unwrap()), 1);
    let files = FakeFiles::default();
    let error = OsHttp::new(&files, None).exchange(&request, PATIENCE).await.unwrap_err();
    assert_eq!(error.code(), "http_untrusted");
}
