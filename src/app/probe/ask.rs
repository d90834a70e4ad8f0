// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Carries a dialogue out over the first way that takes a connection.

use super::Outside;
use super::reach::{Failure, Ways};
use crate::health::functional::{
    Awaits, Dialogue, Exchange, Finding, Gpu, LONGEST_ANSWER, Question, Reply, Step, Until,
};
use crate::sys::net::{Enough, HttpError, HttpRequest, Listen, Listener, TalkError};

/// What came of a question.
pub(super) enum Answer {
    /// It was asked.
    Found {
        /// Where.
        at: String,
        /// What it showed.
        finding: Finding,
    },
    /// Nobody could be asked.
    Unreached {
        /// Why.
        reason: String,
    },
}

/// Why an exchange came to nothing.
enum Failed {
    /// No connection: perhaps another way leads there.
    Way(TalkError),
    /// There was a connection, so this is an answer too.
    Talk(String),
}

impl From<TalkError> for Failed {
    fn from(error: TalkError) -> Self {
        if error.is_before_connection() { Self::Way(error) } else { Self::Talk(error.to_string()) }
    }
}

/// Asks over the first way that takes a connection.
pub(super) async fn ask(question: &Question, gpu: Gpu, ways: &Ways, outside: Outside<'_>) -> Answer {
    let mut refused: Option<&Listener> = None;
    let mut failures: Vec<String> = Vec::new();
    for listener in &ways.listeners {
        match talk(question, gpu, listener, outside).await {
            Ok(finding) => return Answer::Found { at: listener.to_string(), finding },
            Err(error) => {
                failures.push(format!("{listener}: {error}"));
                if error == TalkError::Refused {
                    refused = Some(listener);
                }
            }
        }
    }
    let blamed = match ways.failure {
        Failure::Blames => ways.listeners.first(),
        Failure::BlamesWhenRefused => refused,
        Failure::Excuses => None,
    };
    if let Some(listener) = blamed {
        let finding = Dialogue::new(question, gpu).fault(failures.join("; "));
        return Answer::Found { at: listener.to_string(), finding };
    }
    let reason = if failures.is_empty() {
        ways.reason.clone()
    } else {
        format!("it could not be reached from here: {}", failures.join("; "))
    };
    Answer::Unreached { reason }
}

/// One dialogue with one listener; an error where no connection came about.
async fn talk(question: &Question, gpu: Gpu, listener: &Listener, outside: Outside<'_>) -> Result<Finding, TalkError> {
    let mut dialogue = Dialogue::new(question, gpu);
    let mut exchange = dialogue.open();
    loop {
        let reply = match carry_out(&exchange, listener, outside).await {
            Ok(reply) => reply,
            Err(Failed::Way(error)) => return Err(error),
            Err(Failed::Talk(words)) => return Ok(dialogue.fault(words)),
        };
        match dialogue.hear(&reply) {
            Step::Ask(next) => exchange = next,
            Step::Done(finding) => return Ok(finding),
        }
    }
}

async fn carry_out(exchange: &Exchange, listener: &Listener, outside: Outside<'_>) -> Result<Reply, Failed> {
    match exchange {
        Exchange::Get { path } => get(path, listener, outside).await,
        Exchange::Websocket { path, awaits } => {
            let listen = match awaits {
                Awaits::Message => Listen::FirstText,
                Awaits::Handshake => Listen::Handshake,
            };
            let message = outside.talker.websocket(listener, path, listen, LONGEST_ANSWER, outside.step).await?;
            Ok(Reply::Websocket { message })
        }
        Exchange::Bytes { send, until } => {
            let enough = match until {
                Until::Connected => Enough::Connected,
                Until::Line => Enough::Line,
                Until::Count(count) => Enough::Count(*count),
            };
            Ok(Reply::Bytes(outside.talker.bytes(listener, send, enough, LONGEST_ANSWER, outside.step).await?))
        }
    }
}

async fn get(path: &str, listener: &Listener, outside: Outside<'_>) -> Result<Reply, Failed> {
    let mut request = HttpRequest::get(format!("http://{listener}{path}"), LONGEST_ANSWER);
    request.headers.push(("User-Agent".to_owned(), "stackctl".to_owned()));
    let error = match outside.http.exchange(&request, outside.step).await {
        Ok(answer) => return Ok(Reply::Http { status: answer.status, body: answer.body }),
        Err(error) => error,
    };
    if matches!(error, HttpError::Unreachable(_) | HttpError::TimedOut(_)) {
        // A bare connection tells a way that leads nowhere from a service that does not answer.
        outside.talker.bytes(listener, &[], Enough::Connected, 0, outside.step).await?;
    }
    Err(Failed::Talk(error.to_string()))
}
