// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A person in memory.

use std::sync::{Mutex, PoisonError};

use crate::sys::{Answered, Prompt, Reaction, Typed};

/// Somebody who always says the same, or nobody.
#[derive(Debug, Default)]
pub struct FakePrompt {
    says: Option<Reaction>,
    asked: Mutex<Vec<String>>,
}

impl FakePrompt {
    /// Somebody who says this to every question; `None`: nobody is there.
    #[must_use]
    pub fn new(says: Option<Reaction>) -> Self {
        Self { says, asked: Mutex::default() }
    }

    /// The questions so far.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Prompt for FakePrompt {
    fn can_ask(&self) -> bool {
        self.says.is_some()
    }

    fn confirm<'a>(&'a self, question: &'a str) -> Answered<'a> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(question.to_owned());
        let says = self.says.unwrap_or(Reaction::No);
        Box::pin(async move { says })
    }

    /// Types `yes`, or nothing.
    fn line<'a>(&'a self, question: &'a str) -> Typed<'a> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(question.to_owned());
        let typed = if self.says == Some(Reaction::Yes) { "yes".to_owned() } else { String::new() };
        Box::pin(async move { typed })
    }
}
