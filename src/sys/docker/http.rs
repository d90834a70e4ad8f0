// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Plain requests over the shared connections. They serve where bollard 0.21 falls short: `df` comes out empty, events
//! are asked for only when first polled, log times are whole seconds, and one unknown word in a list loses the list.
//!
//! Every request, bollard's too, names an API version that the engine speaks; bollard 0.21 alone would name none.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bollard::BollardRequest;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue, UPGRADE};
use hyper::upgrade::Upgraded;
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::connect::Connector;
use super::failure::Fault;
use crate::sys::endpoint::EngineAddress;
use crate::sys::engine::ApiVersion;
use crate::sys::os::net::Tls;

/// The body type of bollard's requests, which ours share.
pub(super) type Body = http_body_util::Either<
    http_body_util::Full<Bytes>,
    http_body_util::StreamBody<
        std::pin::Pin<Box<dyn futures_util::Stream<Item = Result<hyper::body::Frame<Bytes>, std::io::Error>> + Send>>,
    >,
>;

/// A shared HTTP client for one engine.
#[derive(Clone)]
pub(super) struct Http {
    client: Client<Connector, Body>,
    /// The version that requests name, as major x 65536 + minor; 0 = none yet.
    version: Arc<AtomicU32>,
}

#[derive(Deserialize)]
struct Complaint {
    message: String,
}

impl Http {
    pub(super) fn new(address: EngineAddress, tls: Option<Tls>) -> Self {
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(8).build(Connector { address, tls });
        Self { client, version: Arc::new(AtomicU32::new(0)) }
    }

    /// The API version that the engine speaks, as last heard.
    pub(super) fn version(&self) -> Option<ApiVersion> {
        let known = self.version.load(Ordering::Relaxed);
        #[expect(clippy::cast_possible_truncation, reason = "both halves are 16 bits")]
        (known != 0).then(|| ApiVersion::new((known >> 16) as u16, known as u16))
    }

    fn learn(&self, version: ApiVersion) {
        let (major, minor) = version.numbers();
        self.version.store(u32::from(major) << 16 | u32::from(minor), Ordering::Relaxed);
    }

    /// Asks for a sign of life and learns the version from it.
    pub(super) async fn ping(&self) -> Result<ApiVersion, Fault> {
        let response = self.send(request(Method::GET, "/_ping")?).await?;
        let header = response.headers().get("api-version").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let response = checked(response).await?;
        response.into_body().collect().await?;
        let version: ApiVersion = header
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Fault::Nonsense("it names no API version".to_owned()))?;
        self.learn(version);
        Ok(version)
    }

    /// Learns the version unless it is known.
    pub(super) async fn negotiate(&self) -> Result<ApiVersion, Fault> {
        match self.version() {
            Some(version) => Ok(version),
            None => self.ping().await,
        }
    }

    /// Sends any request, bollard's included, under the version that was learned.
    pub(super) async fn send(
        &self,
        request: BollardRequest,
    ) -> Result<Response<Incoming>, hyper_util::client::legacy::Error> {
        let (mut head, body) = request.into_parts();
        if let Some(version) = self.version().map(|version| version.min(ApiVersion::NEWEST_KNOWN)) {
            let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
            // What does not parse with a prefix would not have parsed without it.
            if target != "/_ping"
                && let Ok(uri) = format!("http://engine/v{version}{target}").parse()
            {
                head.uri = uri;
            }
        }
        self.client.request(Request::from_parts(head, body)).await
    }

    /// An open answer to a GET, after its status was looked at.
    pub(super) async fn open(&self, path: &str, query: &[(&str, String)]) -> Result<Response<Incoming>, Fault> {
        checked(self.send(request(Method::GET, &target(path, query))?).await?).await
    }

    /// A connection that goes on as what the engine makes of it, after its status was looked at.
    pub(super) async fn upgrade(&self, path: &str, query: &[(&str, String)]) -> Result<Upgraded, Fault> {
        let mut request = request(Method::POST, &target(path, query))?;
        let headers = request.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("tcp"));
        let response = self.send(request).await?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(hyper::upgrade::on(response).await?);
        }
        checked(response).await?;
        Err(Fault::Nonsense("it did not switch to a stream".to_owned()))
    }

    /// The whole answer to a GET, read as JSON.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)]) -> Result<T, Fault> {
        let body = self.open(path, query).await?.into_body().collect().await?.to_bytes();
        Ok(serde_json::from_slice(&body)?)
    }

    /// The whole answer to a POST without a body, read as JSON.
    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)]) -> Result<T, Fault> {
        let answer = checked(self.send(request(Method::POST, &target(path, query))?).await?).await?;
        Ok(serde_json::from_slice(&answer.into_body().collect().await?.to_bytes())?)
    }
}

pub(super) fn target(path: &str, query: &[(&str, String)]) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query {
        pairs.append_pair(name, value);
    }
    format!("{path}?{}", pairs.finish())
}

fn request(method: Method, target: &str) -> Result<BollardRequest, Fault> {
    let uri: Uri =
        format!("http://engine{target}").parse().map_err(|error| Fault::Nonsense(format!("bad request: {error}")))?;
    let body = bollard::body_full(Bytes::new());
    Request::builder().method(method).uri(uri).body(body).map_err(|error| Fault::Nonsense(error.to_string()))
}

/// The answer, or the engine's complaint.
pub(super) async fn checked(response: Response<Incoming>) -> Result<Response<Incoming>, Fault> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.into_body().collect().await?.to_bytes();
    let message = serde_json::from_slice::<Complaint>(&body)
        .map_or_else(|_| String::from_utf8_lossy(&body).trim().to_owned(), |complaint| complaint.message);
    Err(Fault::Status { status: status.as_u16(), message })
}
