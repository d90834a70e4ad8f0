// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is asked of a service.

use crate::catalog::{KnownProbe, Speech};

/// What is asked of a service, wherever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is spoken.
    pub speech: Speech,
    /// The path, for HTTP and websockets; begins with a slash.
    pub path: String,
    /// The status of a good HTTP answer; `None` = any from 200 to 299.
    pub status: Option<u16>,
    /// The `type` of the JSON object that a websocket greets with; `None` = no greeting is waited for.
    pub greeting: Option<String>,
}

impl Question {
    /// A question with nothing but its protocol.
    #[must_use]
    pub fn new(speech: Speech) -> Self {
        Self { speech, path: "/".to_owned(), status: None, greeting: None }
    }

    /// What it is called, such as `wyoming describe`.
    #[must_use]
    pub fn name(&self) -> String {
        match self.speech {
            Speech::Http => format!("GET {}", self.path),
            Speech::Ollama => "ollama models".to_owned(),
            Speech::Websocket => format!("websocket {}", self.path),
            Speech::Wyoming => "wyoming describe".to_owned(),
            Speech::Mqtt => "mqtt connect".to_owned(),
            Speech::Redis => "redis ping".to_owned(),
            Speech::Postgres => "postgres greeting".to_owned(),
            Speech::Tcp => "tcp connection".to_owned(),
        }
    }

    /// The scheme of its address, such as `http`.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        match self.speech {
            Speech::Http => "http",
            Speech::Ollama => "ollama",
            Speech::Websocket => "ws",
            Speech::Wyoming => "wyoming",
            Speech::Mqtt => "mqtt",
            Speech::Redis => "redis",
            Speech::Postgres => "postgres",
            Speech::Tcp => "tcp",
        }
    }
}

impl From<&KnownProbe> for Question {
    fn from(known: &KnownProbe) -> Self {
        Self {
            path: known.path.clone().unwrap_or_else(|| "/".to_owned()),
            status: known.status,
            greeting: known.greeting.clone(),
            ..Self::new(known.speaks)
        }
    }
}
