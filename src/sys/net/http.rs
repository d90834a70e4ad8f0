// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One HTTP exchange: a request, and an answer or the reason why there is none.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Talks HTTP/1.1 with any server.
pub trait HttpClient {
    /// Sends one request over a connection of its own and reads the answer, all `within` this time. An answer is an
    /// answer, whatever its status: a redirect is not followed. The future may be dropped at any moment.
    ///
    /// # Errors
    /// What kept an answer from coming. No error repeats the path, the query, a header or the body of the request: they
    /// may be secrets.
    fn exchange<'a>(
        &'a self,
        request: &'a HttpRequest,
        within: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + 'a>>;
}

/// What is asked.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method, such as `GET`.
    pub method: &'static str,
    /// The whole address, `http` or `https`, without a user in it.
    pub url: String,
    /// Headers beside `Host` and `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// The body; empty = none.
    pub body: Vec<u8>,
    /// How much of the answer's body is read, in bytes.
    pub keep_bytes: usize,
}

impl HttpRequest {
    /// Asks for what is at an address, and reads up to `keep_bytes` of it.
    #[must_use]
    pub fn get(url: impl Into<String>, keep_bytes: usize) -> Self {
        Self { method: "GET", url: url.into(), headers: Vec::new(), body: Vec::new(), keep_bytes }
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address and the headers may be secrets.
        formatter
            .debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("to", &origin(&self.url))
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The scheme and host of an address, which may be shown: some paths and queries are secrets.
#[must_use]
pub fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if scheme.is_empty() { "an address without a scheme".to_owned() } else { format!("{scheme}://{host}") }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status, such as 200.
    pub status: u16,
    /// The body, as much of it as was to be kept.
    pub body: Vec<u8>,
    /// Whether more came than was to be kept.
    pub cut: bool,
    /// How long the server wants to be left alone: `Retry-After` in seconds; a date there is not read.
    pub retry_after: Option<Duration>,
}

impl HttpResponse {
    /// A whole answer.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, body: body.into(), cut: false, retry_after: None }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The request cannot be sent to anybody.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// No connection: the name is not known, or nobody listens.
    #[error("cannot connect: {0}")]
    Unreachable(String),
    /// No encryption that can be trusted.
    #[error("no trusted connection: {0}")]
    Untrusted(String),
    /// It took too long.
    #[error("no answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    /// The connection broke, or the other side does not speak HTTP.
    #[error("no HTTP answer: {0}")]
    Broken(String),
}

impl HttpError {
    /// A stable word.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "http_bad_request",
            Self::Unreachable(_) => "http_unreachable",
            Self::Untrusted(_) => "http_untrusted",
            Self::TimedOut(_) => "http_timed_out",
            Self::Broken(_) => "http_broken",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_not_shown() {
        for url in ["https://hooks.test/T0/secret", "https://me:secret@hooks.test?secret", "https://hooks.test#secret"]
        {
            assert_eq!(origin(url), "https://hooks.test");
        }
        assert_eq!(origin("secret"), "an address without a scheme");
        let request = HttpRequest {
            headers: vec![("Authorization".to_owned(), "Bearer secret".to_owned())],
            body: b"secret".to_vec(),
            ..HttpRequest::get("http://hooks.test:8080/secret", 0)
        };
        let shown = format!("{request:?}");
        assert!(shown.contains("http://hooks.test:8080") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn time_is_told_in_seconds() {
        assert_eq!(HttpError::TimedOut(Duration::from_millis(500)).to_string(), "no answer within 0.5 s");
    }
}
