// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What became of what a sink was given.

use std::cell::{Cell, RefCell};

/// How a sink is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkState {
    /// Its name.
    pub name: String,
    /// What waits to be delivered.
    pub waiting: usize,
    /// What was delivered: messages, or answers to those who fetch.
    pub delivered: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// What will never be delivered: it found no room, or was refused for good.
    pub dropped: u64,
    /// Why the last attempt failed; `None` once one went well. Holds no secret.
    pub last_error: Option<String>,
    /// What the user should know and nobody will mend by waiting.
    pub notes: Vec<String>,
}

/// Counts for one sink.
#[derive(Debug)]
pub(super) struct Tally {
    name: String,
    delivered: Cell<u64>,
    failed: Cell<u64>,
    dropped: Cell<u64>,
    is_dropping: Cell<bool>,
    last_error: RefCell<Option<String>>,
    notes: RefCell<Vec<String>>,
}

impl Tally {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            delivered: Cell::new(0),
            failed: Cell::new(0),
            dropped: Cell::new(0),
            is_dropping: Cell::new(false),
            last_error: RefCell::default(),
            notes: RefCell::default(),
        }
    }

    /// So much was delivered.
    pub(super) fn delivered(&self, count: u64) {
        self.delivered.set(self.delivered.get() + count);
        self.is_dropping.set(false);
        self.works();
    }

    /// It works again, whether or not there was anything to deliver.
    pub(super) fn works(&self) {
        if self.last_error.take().is_some() {
            tracing::info!(sink = self.name, "works again");
        }
    }

    /// An attempt failed. Said when the reason is new, not at each attempt.
    pub(super) fn failed(&self, reason: &str) {
        self.failed.set(self.failed.get() + 1);
        if self.last_error.borrow().as_deref() != Some(reason) {
            tracing::warn!(sink = self.name, reason, "cannot deliver");
            *self.last_error.borrow_mut() = Some(reason.to_owned());
        }
    }

    /// So much will never be delivered. Said once until something is delivered again.
    pub(super) fn dropped(&self, count: u64) {
        self.dropped.set(self.dropped.get() + count);
        if !self.is_dropping.replace(true) {
            tracing::warn!(sink = self.name, "messages are lost: see its count of dropped ones");
        }
    }

    /// Something that the user should know. Said once.
    pub(super) fn note(&self, text: String) {
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&text) {
            tracing::warn!(sink = self.name, "{text}");
            notes.push(text);
        }
    }

    pub(super) fn state(&self, waiting: usize) -> SinkState {
        SinkState {
            name: self.name.clone(),
            waiting,
            delivered: self.delivered.get(),
            failed: self.failed.get(),
            dropped: self.dropped.get(),
            last_error: self.last_error.borrow().clone(),
            notes: self.notes.borrow().clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_an_error_lasts_until_something_works() {
        let tally = Tally::new("x");
        tally.failed("gone");
        tally.failed("gone");
        tally.dropped(3);
        tally.note("a".to_owned());
        tally.note("a".to_owned());
        let state = tally.state(2);
        assert_eq!((state.waiting, state.failed, state.dropped), (2, 2, 3));
        assert_eq!((state.last_error.as_deref(), state.notes.len()), (Some("gone"), 1));
        tally.delivered(4);
        assert_eq!((tally.state(0).delivered, tally.state(0).last_error), (4, None));
    }
}
