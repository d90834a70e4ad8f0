// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! HTTP/1.1 by hyper, one connection an exchange.
//!
//! Limits: no redirects, no proxy, no compression. Certificates are judged by the system's authorities (or the file of
//! `SSL_CERT_FILE`), read when the first `https` address is asked and kept.

use std::error::Error;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::rt::{Read, Write};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::Tls;
use crate::sys::Files;
use crate::sys::endpoint::TlsFiles;
use crate::sys::net::{HttpClient, HttpError, HttpRequest, HttpResponse};

/// The real network.
pub struct OsHttp<'a> {
    files: &'a dyn Files,
    authority: Option<PathBuf>,
    tls: OnceLock<Result<Tls, String>>,
}

impl std::fmt::Debug for OsHttp<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("OsHttp").finish_non_exhaustive()
    }
}

impl<'a> OsHttp<'a> {
    /// `files` has the certificates of the authorities to be trusted: those in `authority`, else those of the system.
    #[must_use]
    pub fn new(files: &'a dyn Files, authority: Option<PathBuf>) -> Self {
        Self { files, authority, tls: OnceLock::new() }
    }

    fn tls(&self) -> Result<&Tls, HttpError> {
        let wanted = TlsFiles { authority: self.authority.clone(), identity: None, verify: true };
        let tls = self.tls.get_or_init(|| Tls::new(&wanted, self.files));
        tls.as_ref().map_err(|error| HttpError::Untrusted(error.clone()))
    }

    async fn ask(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        let uri: Uri = request.url.parse().map_err(|_| HttpError::BadRequest("the address is no URL"))?;
        let target = Target::of(&uri)?;
        let message = message(request, &uri, &target)?;
        let stream = TcpStream::connect((target.host, target.port)).await;
        let stream = stream.map_err(|error| HttpError::Unreachable(error.to_string()))?;
        stream.set_nodelay(true).map_err(|error| HttpError::Unreachable(error.to_string()))?;
        if target.is_encrypted {
            let wrapped = self.tls()?.wrap(target.host, stream).await;
            let wrapped = wrapped.map_err(|error| HttpError::Untrusted(error.to_string()))?;
            converse(TokioIo::new(wrapped), message, request.keep_bytes).await
        } else {
            converse(TokioIo::new(stream), message, request.keep_bytes).await
        }
    }
}

impl HttpClient for OsHttp<'_> {
    fn exchange<'a>(
        &'a self,
        request: &'a HttpRequest,
        within: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + 'a>> {
        Box::pin(async move {
            match tokio::time::timeout(within, self.ask(request)).await {
                Ok(answer) => answer,
                Err(_) => Err(HttpError::TimedOut(within)),
            }
        })
    }
}

/// Whom to connect to.
struct Target<'a> {
    host: &'a str,
    port: u16,
    is_encrypted: bool,
}

impl<'a> Target<'a> {
    fn of(uri: &'a Uri) -> Result<Self, HttpError> {
        let (is_encrypted, usual) = match uri.scheme_str() {
            Some("http") => (false, 80),
            Some("https") => (true, 443),
            _ => return Err(HttpError::BadRequest("the address begins with neither http:// nor https://")),
        };
        let authority = uri.authority().ok_or(HttpError::BadRequest("the address names no host"))?;
        if authority.as_str().contains('@') {
            return Err(HttpError::BadRequest("the address holds a user; name it in a header"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(HttpError::BadRequest("the address names no host"));
        }
        Ok(Self { host, port: authority.port_u16().unwrap_or(usual), is_encrypted })
    }
}

fn message(request: &HttpRequest, uri: &Uri, target: &Target<'_>) -> Result<Request<Full<Bytes>>, HttpError> {
    let host = uri.authority().map_or(target.host, |authority| authority.as_str());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut builder =
        Request::builder().method(request.method).uri(path).header(HOST, host).header(CONNECTION, "close");
    if !request.body.is_empty() {
        builder = builder.header(CONTENT_LENGTH, request.body.len());
    }
    for (name, value) in &request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| HttpError::BadRequest("a header's name"))?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| HttpError::BadRequest("a header's value"))?;
        builder = builder.header(name, value);
    }
    let body = Full::new(Bytes::copy_from_slice(&request.body));
    builder.body(body).map_err(|_| HttpError::BadRequest("the method or the path"))
}

/// Sends the request and reads the answer. Both ends of the connection move in this one future.
async fn converse<S: Read + Write + Unpin>(
    stream: S,
    message: Request<Full<Bytes>>,
    keep_bytes: usize,
) -> Result<HttpResponse, HttpError> {
    let (mut sender, connection) = http1::handshake(stream).await.map_err(|error| broken(&error))?;
    let mut connection = pin!(connection);
    let mut talk = pin!(async move {
        let response = sender.send_request(message).await.map_err(|error| broken(&error))?;
        read(response, keep_bytes).await
    });
    let ended = tokio::select! {
        biased;
        answer = &mut talk => return answer,
        ended = &mut connection => ended,
    };
    // The connection may end before the last of what it brought is read.
    match ended {
        Ok(()) => talk.await,
        Err(error) => Err(broken(&error)),
    }
}

async fn read(response: Response<Incoming>, keep_bytes: usize) -> Result<HttpResponse, HttpError> {
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let mut answer = HttpResponse::new(response.status().as_u16(), Vec::new());
    answer.retry_after = retry_after.map(Duration::from_secs);
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| broken(&error))?.into_data() else { continue };
        let room = keep_bytes - answer.body.len();
        answer.body.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            answer.cut = true;
            break;
        }
    }
    Ok(answer)
}

/// The innermost reason: hyper's own words hide it.
fn broken(error: &hyper::Error) -> HttpError {
    let mut inner: &dyn Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    HttpError::Broken(inner.to_string())
}
