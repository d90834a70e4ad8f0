// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Does a service do its work: what is asked in its own protocol, and what the answer means. Pure: it is told the
//! answers, it does not fetch them.
//!
//! A [`Dialogue`] says what to send ([`Exchange`]), takes what came back ([`Reply`]), and ends with a [`Finding`].
//! Questions need no credentials and change nothing. Limits: an answer shows that the program behind the port works as
//! far as it was asked, no further; what it said is passed on unmasked, cut to [`SAID`] characters.

mod greeting;
mod mqtt;
mod ollama;
mod postgres;
#[cfg(test)]
mod property_tests;
mod question;
mod redis;
mod url;
mod wyoming;

pub use question::Question;
pub use url::{BadProbeUrl, ProbeUrl};

use super::verdict::Degraded;
use crate::catalog::Speech;

/// Characters of an answer that are passed on.
pub const SAID: usize = 200;

/// The longest answer that is read, in bytes.
pub const LONGEST_ANSWER: usize = 1 << 20;

/// One thing to send, and when the answer is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exchange {
    /// `GET` this path.
    Get {
        /// With its query; begins with a slash.
        path: String,
    },
    /// Open a websocket.
    Websocket {
        /// With its query; begins with a slash.
        path: String,
        /// Whether the first text message is waited for.
        awaits: Awaits,
    },
    /// Connect, send these bytes, read.
    Bytes {
        /// What is sent; may be empty.
        send: Vec<u8>,
        /// When the answer is complete.
        until: Until,
    },
}

/// Whether a websocket is to speak first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaits {
    /// Its first text message is the answer.
    Message,
    /// The handshake is the answer.
    Handshake,
}

/// When an answer in bytes is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// As soon as the connection stands.
    Connected,
    /// At the first line feed.
    Line,
    /// After so many bytes.
    Count(usize),
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An HTTP answer.
    Http {
        /// Its status.
        status: u16,
        /// Its body, as far as it was read.
        body: Vec<u8>,
    },
    /// The websocket stands; with its first message where that was waited for.
    Websocket {
        /// The message.
        message: String,
    },
    /// Bytes, up to the end that was asked for or to the end of the connection.
    Bytes(Vec<u8>),
}

/// Whether the service was given a GPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gpu {
    /// It was.
    Given,
    /// It was not, as far as can be told.
    NotGiven,
}

/// What a dialogue shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It works.
    Works {
        /// What it said, in a few words.
        said: String,
    },
    /// It does not.
    Fault(Degraded),
}

/// What follows an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// One more exchange.
    Ask(Exchange),
    /// The end.
    Done(Finding),
}

/// A question on its way to a finding.
#[derive(Debug, Clone)]
pub struct Dialogue<'q> {
    question: &'q Question,
    gpu: Gpu,
    /// What Ollama said its version is, once it did.
    version: Option<String>,
}

impl<'q> Dialogue<'q> {
    /// Begins with this question.
    #[must_use]
    pub const fn new(question: &'q Question, gpu: Gpu) -> Self {
        Self { question, gpu, version: None }
    }

    /// The first exchange.
    #[must_use]
    pub fn open(&self) -> Exchange {
        let path = || self.question.path.clone();
        match self.question.speech {
            Speech::Http => Exchange::Get { path: path() },
            Speech::Ollama => Exchange::Get { path: ollama::VERSION.to_owned() },
            Speech::Websocket => Exchange::Websocket {
                path: path(),
                awaits: if self.question.greeting.is_some() { Awaits::Message } else { Awaits::Handshake },
            },
            Speech::Wyoming => Exchange::Bytes { send: wyoming::DESCRIBE.to_vec(), until: Until::Line },
            Speech::Mqtt => Exchange::Bytes { send: mqtt::CONNECT.to_vec(), until: Until::Count(mqtt::CONNACK_BYTES) },
            Speech::Redis => Exchange::Bytes { send: redis::PING.to_vec(), until: Until::Line },
            Speech::Postgres => Exchange::Bytes { send: postgres::SSL_REQUEST.to_vec(), until: Until::Count(1) },
            Speech::Tcp => Exchange::Bytes { send: Vec::new(), until: Until::Connected },
        }
    }

    /// Takes the answer to the last exchange.
    #[must_use]
    pub fn hear(&mut self, reply: &Reply) -> Step {
        if self.question.speech == Speech::Ollama {
            return self.hear_ollama(reply);
        }
        let finding = match (self.question.speech, reply) {
            (Speech::Http, Reply::Http { status, .. }) => self.judge_status(*status),
            (Speech::Websocket, Reply::Websocket { message }) => match &self.question.greeting {
                Some(wanted) => greeting::judge(wanted, message),
                None => Ok("the handshake succeeded".to_owned()),
            },
            (Speech::Wyoming, Reply::Bytes(bytes)) => wyoming::judge(bytes),
            (Speech::Mqtt, Reply::Bytes(bytes)) => mqtt::judge(bytes),
            (Speech::Redis, Reply::Bytes(bytes)) => redis::judge(bytes),
            (Speech::Postgres, Reply::Bytes(bytes)) => postgres::judge(bytes),
            (Speech::Tcp, Reply::Bytes(_)) => Ok("the connection was taken".to_owned()),
            _ => Err("the answer is of another protocol".to_owned()),
        };
        Step::Done(self.finding(finding))
    }

    /// The finding when there was no answer, or none that could be read.
    #[must_use]
    pub fn fault(&self, detail: impl Into<String>) -> Finding {
        self.finding(Err(detail.into()))
    }

    fn finding(&self, judged: Result<String, String>) -> Finding {
        match judged {
            Ok(said) => Finding::Works { said },
            Err(detail) => Finding::Fault(Degraded::NotWorking { probe: self.question.name(), detail }),
        }
    }

    fn judge_status(&self, status: u16) -> Result<String, String> {
        match self.question.status {
            Some(wanted) if status == wanted => Ok(format!("status {status}")),
            Some(wanted) => Err(format!("status {status} instead of {wanted}")),
            None if (200..300).contains(&status) => Ok(format!("status {status}")),
            None => Err(format!("status {status}")),
        }
    }

    fn hear_ollama(&mut self, reply: &Reply) -> Step {
        let Reply::Http { status, body } = reply else {
            return Step::Done(self.fault("the answer is of another protocol"));
        };
        let Some(version) = &self.version else {
            return match ollama::version(*status, body) {
                Ok(version) => {
                    self.version = Some(version);
                    Step::Ask(Exchange::Get { path: ollama::LOADED.to_owned() })
                }
                Err(detail) => Step::Done(self.fault(detail)),
            };
        };
        Step::Done(match ollama::loaded(*status, body) {
            Err(detail) => self.fault(detail),
            Ok(models) => ollama::judge(version, &models, self.gpu),
        })
    }
}

/// The beginning of what was said, on one line.
fn excerpt(bytes: &[u8]) -> String {
    // Characters are at most four bytes, so this much is enough whatever is cut.
    let head = &bytes[..bytes.len().min(SAID * 4)];
    let text: String = String::from_utf8_lossy(head).chars().take(SAID).collect();
    let shown = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    shown.collect::<String>().trim().to_owned()
}

/// What was said, quoted; or that nothing was.
fn quoted(bytes: &[u8]) -> String {
    let said = excerpt(bytes);
    if said.is_empty() { "nothing".to_owned() } else { format!("`{said}`") }
}
