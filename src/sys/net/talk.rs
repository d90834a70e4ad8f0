// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Short talks in other protocols than HTTP: bytes over TCP, and the first message of a websocket.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// What came back, to be awaited. Dropping it closes the connection.
pub type Talked<'a, T> = Pin<Box<dyn Future<Output = Result<T, TalkError>> + 'a>>;

/// Where somebody listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Name or address; IPv6 without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
}

impl std::fmt::Display for Listener {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(formatter, "[{host}]:{port}") } else { write!(formatter, "{host}:{port}") }
    }
}

/// When enough has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enough {
    /// As soon as the connection stands.
    Connected,
    /// At the first line feed.
    Line,
    /// After so many bytes.
    Count(usize),
}

/// What is listened for on a websocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    /// Nothing: the handshake is enough.
    Handshake,
    /// The first text message.
    FirstText,
}

/// Why a talk came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TalkError {
    /// There is a way, and nobody listens.
    #[error("connection refused")]
    Refused,
    /// There is no way: no such name, no route, no answer to the call.
    #[error("{0}")]
    Unreachable(String),
    /// The connection stood, and the answer did not come in time.
    #[error("no answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The other side speaks something else.
    #[error("{0}")]
    Foreign(String),
}

impl TalkError {
    /// Whether it says that no connection came about.
    #[must_use]
    pub const fn is_before_connection(&self) -> bool {
        matches!(self, Self::Refused | Self::Unreachable(_))
    }
}

/// Talks with listeners. Every talk has a connection of its own and ends `within` its time.
pub trait Talker {
    /// Connects, sends, and reads until there is enough, the other side ends, or `keep_bytes` are there.
    ///
    /// # Errors
    /// Why not. An end of the connection after it stood is none: what was read until then is the answer.
    fn bytes<'a>(
        &'a self,
        listener: &'a Listener,
        send: &'a [u8],
        enough: Enough,
        keep_bytes: usize,
        within: Duration,
    ) -> Talked<'a, Vec<u8>>;

    /// Opens a websocket at this path and listens. Empty text when only the handshake was wanted.
    ///
    /// # Errors
    /// Why not; `Foreign` when the handshake is refused or a message is longer than `keep_bytes`.
    fn websocket<'a>(
        &'a self,
        listener: &'a Listener,
        path: &'a str,
        listen: Listen,
        keep_bytes: usize,
        within: Duration,
    ) -> Talked<'a, String>;

    /// Whether this process sees a network interface of this name. False where that cannot be told.
    fn has_interface(&self, name: &str) -> bool;
}
