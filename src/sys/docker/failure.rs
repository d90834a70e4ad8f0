// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From the HTTP client's and bollard's errors to ours.

use std::error::Error as StdError;
use std::io;

use tokio_rustls::rustls::{AlertDescription, CertificateError, Error as Tls};

use super::bridge::SshEnded;
use crate::sys::engine::{EngineError, LinkFault, TrustFault};

/// A failed step inside a call, before it is known which call and which engine it was.
#[derive(Debug)]
pub(super) enum Fault {
    /// From bollard.
    Client(bollard::errors::Error),
    /// From a request of our own.
    Link(hyper_util::client::legacy::Error),
    /// While the answer's body was read.
    Body(hyper::Error),
    /// From a connection that is no longer HTTP.
    Stream(io::Error),
    /// What was to be sent could not be read.
    Source(String),
    /// An answer with an error status.
    Status {
        /// The HTTP status.
        status: u16,
        /// The engine's words.
        message: String,
    },
    /// An answer that makes no sense.
    Nonsense(String),
    /// Already in our words.
    Known(EngineError),
}

impl From<bollard::errors::Error> for Fault {
    fn from(error: bollard::errors::Error) -> Self {
        Self::Client(error)
    }
}

impl From<hyper_util::client::legacy::Error> for Fault {
    fn from(error: hyper_util::client::legacy::Error) -> Self {
        Self::Link(error)
    }
}

impl From<hyper::Error> for Fault {
    fn from(error: hyper::Error) -> Self {
        Self::Body(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Nonsense(error.to_string())
    }
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Self {
        Self::Known(error)
    }
}

impl Fault {
    /// The error of this call to this engine.
    pub(super) fn of(self, call: &'static str, address: &str) -> EngineError {
        use bollard::errors::Error as Client;
        match self {
            Self::Known(error) => error,
            Self::Status { status, message } => by_status(call, address, status, &message),
            Self::Nonsense(message) => EngineError::Protocol { call, address: address.to_owned(), message },
            Self::Link(error) => by_link(&error, address),
            Self::Body(error) => by_link(&error, address),
            Self::Stream(error) => by_link(&error, address),
            Self::Source(message) => EngineError::Source { call, message },
            Self::Client(Client::DockerResponseServerError { status_code, message }) => {
                by_status(call, address, status_code, &message)
            }
            Self::Client(
                error @ (Client::HyperLegacyError { .. } | Client::HyperResponseError { .. } | Client::IOError { .. }),
            ) => by_link(&error, address),
            Self::Client(error) => {
                EngineError::Protocol { call, address: address.to_owned(), message: error.to_string() }
            }
        }
    }
}

fn by_status(call: &'static str, address: &str, status: u16, message: &str) -> EngineError {
    let message = message.trim().trim_end_matches('.').to_owned();
    match status {
        404 => EngineError::NotFound { call, message },
        409 => EngineError::Conflict { call, message },
        // From proxies in front of the socket, and from authorisation plugins.
        401 | 403 => EngineError::Denied { address: address.to_owned() },
        _ => EngineError::Refused { call, status, message },
    }
}

/// Looks through the causes for the system's own error.
fn by_link(error: &(dyn StdError + 'static), address: &str) -> EngineError {
    let address = address.to_owned();
    let mut root = error;
    let mut closed = false;
    loop {
        if let Some(SshEnded(words)) = root.downcast_ref::<SshEnded>() {
            return EngineError::Unreachable { address, fault: LinkFault::Ssh(words.clone()) };
        }
        if let Some(system) = root.downcast_ref::<io::Error>() {
            let cut = [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe, io::ErrorKind::UnexpectedEof];
            closed |= cut.contains(&system.kind());
            // Its own `source` would skip what it wraps.
            if let Some(wrapped) = system.get_ref() {
                root = wrapped;
                continue;
            }
            let fault = match system.kind() {
                io::ErrorKind::PermissionDenied => return EngineError::Denied { address },
                io::ErrorKind::NotFound => LinkFault::Missing,
                io::ErrorKind::ConnectionRefused => LinkFault::Refused,
                _ if closed => LinkFault::Closed,
                _ => LinkFault::Other(system.to_string()),
            };
            return EngineError::Unreachable { address, fault };
        }
        if let Some(tls) = root.downcast_ref::<Tls>() {
            return EngineError::Certificates { address, fault: trust(tls) };
        }
        if let Some(http) = root.downcast_ref::<hyper::Error>() {
            closed |= http.is_incomplete_message() || http.is_closed() || http.is_canceled();
        }
        match root.source() {
            Some(cause) => root = cause,
            None if closed => return EngineError::Unreachable { address, fault: LinkFault::Closed },
            None => return EngineError::Unreachable { address, fault: LinkFault::Other(root.to_string()) },
        }
    }
}

/// What a failed handshake means.
fn trust(error: &Tls) -> TrustFault {
    match error {
        Tls::InvalidCertificate(bad) => match bad {
            CertificateError::UnknownIssuer | CertificateError::BadSignature => TrustFault::UnknownAuthority,
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TrustFault::OutOfTime(bad.to_string()),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TrustFault::WrongName(bad.to_string())
            }
            _ => TrustFault::Other(error.to_string()),
        },
        Tls::AlertReceived(AlertDescription::CertificateRequired) => TrustFault::NoIdentity,
        // With TLS 1.2 a missing certificate and a bad one are both answered so.
        Tls::AlertReceived(
            alert @ (AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::AccessDenied
            | AlertDescription::DecryptError),
        ) => TrustFault::Refused(format!("{alert:?}")),
        _ => TrustFault::Other(error.to_string()),
    }
}
