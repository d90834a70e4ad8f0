// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Listeners in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::sys::net::{Enough, Listen, Listener, TalkError, Talked, Talker};

/// What listens where. Nobody listens anywhere else: a talk there is unreachable.
#[derive(Debug, Default)]
pub struct FakeTalker {
    answers: BTreeMap<String, Result<Vec<u8>, TalkError>>,
    interfaces: BTreeSet<String>,
    asked: Mutex<Vec<String>>,
}

impl FakeTalker {
    /// Listeners by `host:port`, each with what it answers.
    #[must_use]
    pub fn new<'t>(answers: impl IntoIterator<Item = (&'t str, Result<&'t str, TalkError>)>) -> Self {
        let answers =
            answers.into_iter().map(|(at, answer)| (at.to_owned(), answer.map(|text| text.as_bytes().to_vec())));
        Self { answers: answers.collect(), ..Self::default() }
    }

    /// The same, on a machine with this network interface.
    #[must_use]
    pub fn with_interface(mut self, name: &str) -> Self {
        self.interfaces.insert(name.to_owned());
        self
    }

    /// Whom it was talked with, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn answer(&self, listener: &Listener) -> Result<Vec<u8>, TalkError> {
        let at = listener.to_string();
        let answer = self.answers.get(&at).cloned();
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(at);
        answer.unwrap_or_else(|| Err(TalkError::Unreachable("no route to host".to_owned())))
    }
}

impl Talker for FakeTalker {
    fn bytes<'a>(
        &'a self,
        listener: &'a Listener,
        _: &'a [u8],
        enough: Enough,
        _: usize,
        _: Duration,
    ) -> Talked<'a, Vec<u8>> {
        Box::pin(async move {
            match self.answer(listener) {
                // The connection stands before anything else can go wrong.
                Err(error) if enough == Enough::Connected && !error.is_before_connection() => Ok(Vec::new()),
                answer => answer,
            }
        })
    }

    fn websocket<'a>(
        &'a self,
        listener: &'a Listener,
        _: &'a str,
        _: Listen,
        _: usize,
        _: Duration,
    ) -> Talked<'a, String> {
        Box::pin(async move { Ok(String::from_utf8_lossy(&self.answer(listener)?).into_owned()) })
    }

    fn has_interface(&self, name: &str) -> bool {
        self.interfaces.contains(name)
    }
}
