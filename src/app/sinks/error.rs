// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What keeps sinks from being made.

use crate::error::UserError;

/// A fault of the settings of sinks that shows only when they are used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SinkFault {
    /// A file that should hold a secret.
    #[error("cannot read `{path}` for the sink `{sink}`: {reason}")]
    SecretUnreadable {
        /// The sink.
        sink: String,
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// A webhook without an address.
    #[error("the sink `{sink}` has no address")]
    NoAddress {
        /// The sink.
        sink: String,
    },
    /// An address that is none.
    #[error("the address of the sink `{sink}` begins with neither http:// nor https://")]
    BadAddress {
        /// The sink.
        sink: String,
    },
    /// A token that no header can carry.
    #[error("the token of the sink `{sink}` holds line breaks or other control characters")]
    BadToken {
        /// The sink.
        sink: String,
    },
    /// Nobody who takes messages.
    #[error("no sink that takes messages is configured")]
    NoMessages,
    /// Nobody to be told.
    #[error("no sink is configured")]
    None,
    /// No sink of this name.
    #[error("no sink is called `{name}`")]
    Unknown {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
}

impl UserError for SinkFault {
    fn code(&self) -> &'static str {
        match self {
            Self::SecretUnreadable { .. } => "sink_secret_unreadable",
            Self::NoAddress { .. } | Self::BadAddress { .. } => "sink_address_missing",
            Self::BadToken { .. } => "sink_token_bad",
            Self::None | Self::NoMessages => "sinks_none",
            Self::Unknown { .. } => "sink_unknown",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::SecretUnreadable { .. } => {
                vec!["the file holds the secret alone; paths count from the folder of `stackctl.toml`".into()]
            }
            Self::NoAddress { .. } | Self::BadAddress { .. } => {
                vec!["set `url` or `url_file` in its `[[webhook]]`, or STACKCTL_WEBHOOK_URL for the first".into()]
            }
            Self::BadToken { .. } => vec!["the file of the token holds one line".into()],
            Self::NoMessages => vec![
                "add `[mqtt]` or `[[webhook]]` to `stackctl.toml`, or set STACKCTL_WEBHOOK_URL; \
                 guides/reference/sinks.md describes them"
                    .into(),
            ],
            Self::None => vec![
                "add `[prometheus]`, `[mqtt]` or `[[webhook]]` to `stackctl.toml`, or set STACKCTL_WEBHOOK_URL; \
                 guides/reference/sinks.md describes them"
                    .into(),
            ],
            Self::Unknown { known, .. } => vec![format!("there are: {}", known.join(", "))],
        }
    }
}
