// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Carries a dialogue out over the first way that takes a connection.

use super::Outside;
use super::reach::{Failure, Ways};
use crate::health::functional::{
    Awaits, Dialogue, Exchange, Finding, Gpu, LONGEST_ANSWER, Question, Reply, Step, Until,
};
use crate::sys::net::{Enough, HttpRequest, Listen, Listener, TalkError};

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

/// Asks over the first way that takes a connection.
pub(super) async fn ask(question: &Question, gpu: Gpu, ways: &Ways, outside: Outside<'_>) -> Answer {
    let mut dialogue = Dialogue::new(question, gpu);
    let mut refused: Option<&Listener> = None;
    let mut failures: Vec<String> = Vec::new();
    for listener in &ways.listeners {
        // A connection of its own tells a way that leads nowhere from a service that does not answer.
        let connected = outside.talker.bytes(listener, &[], Enough::Connected, 0, outside.step).await;
        match connected {
            Err(error) if error.is_before_connection() => {
                failures.push(format!("{listener}: {error}"));
                if error == TalkError::Refused {
                    refused = Some(listener);
                }
            }
            _ => {
                let finding = talk(&mut dialogue, listener, outside).await;
                return Answer::Found { at: listener.to_string(), finding };
            }
        }
    }
    let blamed = match ways.failure {
        Failure::Blames => ways.listeners.first(),
        Failure::BlamesWhenRefused => refused,
        Failure::Excuses => None,
    };
    if let Some(listener) = blamed {
        return Answer::Found { at: listener.to_string(), finding: dialogue.fault(failures.join("; ")) };
    }
    let reason = if failures.is_empty() {
        ways.reason.clone()
    } else {
        format!("it could not be reached from here: {}", failures.join("; "))
    };
    Answer::Unreached { reason }
}

async fn talk(dialogue: &mut Dialogue<'_>, listener: &Listener, outside: Outside<'_>) -> Finding {
    let mut exchange = dialogue.open();
    loop {
        let reply = match carry_out(&exchange, listener, outside).await {
            Ok(reply) => reply,
            Err(words) => return dialogue.fault(words),
        };
        match dialogue.hear(&reply) {
            Step::Ask(next) => exchange = next,
            Step::Done(finding) => return finding,
        }
    }
}

async fn carry_out(exchange: &Exchange, listener: &Listener, outside: Outside<'_>) -> Result<Reply, String> {
    match exchange {
        Exchange::Get { path } => {
            let mut request = HttpRequest::get(format!("http://{listener}{path}"), LONGEST_ANSWER);
            request.headers.push(("User-Agent".to_owned(), "stackctl".to_owned()));
            let answer = outside.http.exchange(&request, outside.step).await.map_err(|error| error.to_string())?;
            Ok(Reply::Http { status: answer.status, body: answer.body })
        }
        Exchange::Websocket { path, awaits } => {
            let listen = match awaits {
                Awaits::Message => Listen::FirstText,
                Awaits::Handshake => Listen::Handshake,
            };
            let message = outside.talker.websocket(listener, path, listen, LONGEST_ANSWER, outside.step).await;
            Ok(Reply::Websocket { message: message.map_err(|error| error.to_string())? })
        }
        Exchange::Bytes { until: Until::Connected, .. } => Ok(Reply::Bytes(Vec::new())),
        Exchange::Bytes { send, until } => {
            let enough = match until {
                Until::Connected => Enough::Connected,
                Until::Line => Enough::Line,
                Until::Count(count) => Enough::Count(*count),
            };
            let answer = outside.talker.bytes(listener, send, enough, LONGEST_ANSWER, outside.step).await;
            answer.map(Reply::Bytes).map_err(|error| error.to_string())
        }
    }
}
