// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why two sides of an encrypted connection do not trust each other.

/// What is wrong with the certificates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustFault {
    /// Our own files cannot be read or understood.
    #[error("{0}")]
    Unreadable(String),
    /// Nobody that we trust has signed the engine's certificate.
    #[error("the engine's certificate is of an authority that is not trusted")]
    UnknownAuthority,
    /// The engine's certificate is no longer, or not yet, valid.
    #[error("the engine's certificate is not valid now: {0}")]
    OutOfTime(String),
    /// The engine's certificate is for somebody else.
    #[error("the engine's certificate is not for this name: {0}")]
    WrongName(String),
    /// The engine asks for a certificate of ours, and we have none.
    #[error("the engine asks for a client certificate, and there is none")]
    NoIdentity,
    /// The engine does not take our certificate.
    #[error("the engine does not take our client certificate: {0}")]
    Refused(String),
    /// Anything else, such as an answer that is not encrypted.
    #[error("{0}")]
    Other(String),
}

impl TrustFault {
    /// The next step.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable(_) | Self::Other(_) => {
                "look at `ca.pem`, `cert.pem` and `key.pem` in the folder of the context, or in `DOCKER_CERT_PATH`"
            }
            Self::UnknownAuthority => {
                "put the authority that signed the engine's certificate into `ca.pem` of the context, or of `DOCKER_CERT_PATH`"
            }
            Self::OutOfTime(_) => "give the engine a new certificate; compare both clocks first",
            Self::WrongName(_) => {
                "use a host name that the certificate names, or give the engine a certificate for this one"
            }
            Self::NoIdentity => {
                "put `cert.pem` and `key.pem` beside `ca.pem` in the folder of the context, or in `DOCKER_CERT_PATH`"
            }
            Self::Refused(_) => "get a client certificate from the authority that the engine trusts (`--tlscacert`)",
        }
    }
}
