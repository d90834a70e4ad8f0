// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Requests with long bodies. Their time is that of each piece, not that of the whole: a large body may take hours, and a
//! stall of either side is seen soon.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use http_body_util::{BodyExt as _, Either, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response};
use serde::Deserialize;
use tokio::sync::watch;

use super::failure::Fault;
use super::http::{self, Http};
use crate::sys::engine::{Body, EngineError};

/// Why the body could not be read, as soon as it could not.
type Reason = Arc<Mutex<Option<String>>>;

/// A request that sends a tar archive.
pub(super) struct Upload<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) query: &'a [(&'a str, String)],
    /// The time of each piece, and of the answer after the last one.
    pub(super) patience: Duration,
    /// What is asked, for the words of a timeout.
    pub(super) call: &'static str,
    pub(super) address: &'a str,
}

impl Upload<'_> {
    /// Sends it; gives the answer's body as it came, after the status was looked at.
    pub(super) async fn send(self, http: &Http, tar: Body) -> Result<Bytes, Fault> {
        let uri = format!("http://engine{}", http::target(self.path, self.query));
        let (counter, mut signs) = watch::channel(());
        let reason = Reason::default();
        let request = Request::builder()
            .method(&self.method)
            .uri(uri)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-tar"))
            .body(counting(tar, counter, Arc::clone(&reason)))
            .map_err(|error| Fault::Nonsense(format!("bad request: {error}")))?;
        let mut answer = pin!(async {
            let response: Response<Incoming> = http::checked(http.send(request).await?).await?;
            Ok::<_, Fault>(response.into_body().collect().await?.to_bytes())
        });
        loop {
            let moved = tokio::select! {
                answered = &mut answer => return judged(answered, &reason),
                moved = tokio::time::timeout(self.patience, signs.changed()) => moved,
            };
            match moved {
                Ok(Ok(())) => {}
                // The last piece is on its way.
                Ok(Err(_)) => break,
                Err(_) => return Err(self.late()),
            }
        }
        match tokio::time::timeout(self.patience, answer).await {
            Ok(answered) => judged(answered, &reason),
            Err(_) => Err(self.late()),
        }
    }

    fn late(&self) -> Fault {
        let (call, address, after) = (self.call, self.address.to_owned(), self.patience);
        Fault::Known(EngineError::Timeout { call, address, after })
    }
}

/// A failure of the source breaks the connection, which is only its consequence.
fn judged(answered: Result<Bytes, Fault>, reason: &Reason) -> Result<Bytes, Fault> {
    let reason = reason.lock().unwrap_or_else(PoisonError::into_inner).take();
    answered.map_err(|fault| reason.map_or(fault, Fault::Source))
}

/// The body, telling of each piece that is taken.
fn counting(tar: Body, counter: watch::Sender<()>, reason: Reason) -> http::Body {
    let pieces = tar.map(move |piece| {
        counter.send_replace(());
        if let Err(error) = &piece {
            *reason.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
        }
        piece.map(Frame::data)
    });
    Either::Right(StreamBody::new(Box::pin(pieces)))
}

/// A line of the answers that tell of progress.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    status: String,
    stream: String,
    error: String,
}

/// What such an answer says, line by line; its failures come under a status of success.
pub(super) fn lines(answer: &[u8]) -> Result<Vec<String>, Fault> {
    let mut said = Vec::new();
    for line in serde_json::Deserializer::from_slice(answer).into_iter::<Line>() {
        let line = line?;
        if !line.error.is_empty() {
            return Err(Fault::Status { status: 500, message: line.error });
        }
        let text = [line.status, line.stream].concat();
        said.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[test]
    fn lines_are_told_and_a_failure_among_them_is_one() {
        let answer = b"{\"status\":\"sha256:ab\"}\r\n{\"stream\":\"Loaded image: a:1\\n\"}\n";
        assert_eq!(lines(answer).unwrap(), ["sha256:ab", "Loaded image: a:1"]);
        assert!(lines(b"").unwrap().is_empty());
        let failed = lines(b"{\"status\":\"x\"}{\"errorDetail\":{\"message\":\"no\"},\"error\":\"no\"}");
        assert!(matches!(failed, Err(Fault::Status { status: 500, message }) if message == "no"));
        assert!(lines(b"<html>").is_err());
    }
}
