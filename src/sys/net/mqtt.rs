// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A connection to an MQTT 3.1.1 broker: one life, from connecting to its end. Reconnecting is the caller's work.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// Connects to brokers.
pub trait MqttClient {
    /// Begins a connection; it comes about while the receiver is awaited. Sessions are clean: the broker keeps nothing of
    /// ours but retained messages.
    fn open(&self, options: &MqttOptions) -> (Box<dyn MqttSender>, Box<dyn MqttReceiver>);
}

/// Whom to connect to, and as whom.
#[derive(Clone, PartialEq, Eq)]
pub struct MqttOptions {
    /// The broker's host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What we call ourselves. A second connection with this name ends the first.
    pub client_id: String,
    /// The user, where there is one.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<String>,
    /// What the broker says for us when we are gone without a word.
    pub will: MqttMessage,
}

impl fmt::Debug for MqttOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The password is left out.
        let mut shown = formatter.debug_struct("MqttOptions");
        shown.field("host", &self.host).field("port", &self.port).field("client_id", &self.client_id);
        shown.finish_non_exhaustive()
    }
}

/// A message under a topic. All are sent with `QoS` 1: at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MqttMessage {
    /// The topic.
    pub topic: String,
    /// What is said. Empty and to be kept: what is kept there is removed.
    pub payload: Vec<u8>,
    /// To be kept by the broker; of a received message: it was kept, and is not new.
    pub retain: bool,
}

/// What comes from a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MqttEvent {
    /// It is open.
    Connected,
    /// A message for us; our own come back too where we listen.
    Received(MqttMessage),
    /// One of our messages has arrived.
    Delivered,
    /// We have taken leave.
    Closed,
    /// Something that concerns nobody, such as a sign of life.
    Other,
}

/// Sends, without ever waiting.
pub trait MqttSender {
    /// Sends a message.
    ///
    /// # Errors
    /// Too much waits to be sent.
    fn publish(&self, message: &MqttMessage) -> Result<(), MqttFull>;

    /// Asks for the messages of a topic, `+` and `#` allowed.
    ///
    /// # Errors
    /// Too much waits to be sent.
    fn subscribe(&self, topic: &str) -> Result<(), MqttFull>;

    /// Takes leave: the will is not said.
    ///
    /// # Errors
    /// Too much waits to be sent.
    fn close(&self) -> Result<(), MqttFull>;
}

/// Moves the connection and receives.
pub trait MqttReceiver {
    /// The next event. To be awaited to its end, again and again: a connection that nobody awaits stands still, and one
    /// whose waiting was broken off may have lost a message.
    fn next<'a>(&'a mut self) -> Pin<Box<dyn Future<Output = Result<MqttEvent, MqttError>> + 'a>>;
}

/// More waits to be sent than a connection keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MqttFull;

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MqttError {
    /// Nobody answers.
    #[error("cannot reach the broker: {0}")]
    Unreachable(String),
    /// The broker does not want us.
    #[error("the broker refuses us: {0}")]
    Refused(String),
    /// It broke.
    #[error("the connection to the broker broke: {0}")]
    Broken(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_not_shown() {
        let options = MqttOptions {
            host: "h".to_owned(),
            port: 1883,
            client_id: "c".to_owned(),
            username: Some("u".to_owned()),
            password: Some("hunter2".to_owned()),
            will: MqttMessage { topic: "t".to_owned(), payload: Vec::new(), retain: true },
        };
        assert!(!format!("{options:?}").contains("hunter2"));
    }
}
