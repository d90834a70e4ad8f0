// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What stands between those who see and the one who draws: bounded, and nobody waits to put something in.
//!
//! Of each engine only the newest view is kept. Of news and lines of logs the oldest go when the screen stands still for
//! so long that there are too many; what the next view shows is right all the same.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::msg::Msg;
use crate::app::dashboard::{Answer, Happened, Host, Screen};
use crate::health::board::SlotKey;

/// Messages that wait at most.
const CAPACITY: usize = 4096;

#[derive(Debug, Default)]
struct Inner {
    queue: VecDeque<Msg>,
    hosts: BTreeMap<String, Box<Host>>,
    close: Option<SlotKey>,
    is_closed: bool,
}

/// The queue.
#[derive(Debug, Default)]
pub struct Inbox {
    inner: Mutex<Inner>,
    filled: Condvar,
}

impl Inbox {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a message in.
    pub fn put(&self, msg: Msg) {
        let mut inner = self.inner();
        if inner.queue.len() >= CAPACITY {
            inner.queue.pop_front();
        }
        inner.queue.push_back(msg);
        self.filled.notify_one();
    }

    /// Nothing more comes, and who waits is told.
    pub fn close(&self) {
        self.inner().is_closed = true;
        self.filled.notify_all();
    }

    /// Says which service is looked at closely.
    pub(super) fn look_closely(&self, key: Option<SlotKey>) {
        self.inner().close = key;
    }

    /// Waits until something is there or it is closed. Gives what is there, in order, the views of engines first; `None`
    /// when it is closed.
    pub(super) fn take(&self) -> Option<Vec<Msg>> {
        let is_empty = |inner: &mut Inner| inner.queue.is_empty() && inner.hosts.is_empty() && !inner.is_closed;
        let mut inner = self.filled.wait_while(self.inner(), is_empty).unwrap_or_else(PoisonError::into_inner);
        if inner.is_closed {
            return None;
        }
        let hosts = std::mem::take(&mut inner.hosts);
        let mut taken: Vec<Msg> = hosts.into_values().map(Msg::Host).collect();
        taken.extend(inner.queue.drain(..));
        Some(taken)
    }

    /// What is there, without waiting.
    #[cfg(test)]
    pub(super) fn drain(&self) -> Vec<Msg> {
        let mut inner = self.inner();
        let hosts = std::mem::take(&mut inner.hosts);
        hosts.into_values().map(Msg::Host).chain(inner.queue.drain(..)).collect()
    }

    /// Waits so long, or until it is closed.
    pub(super) fn rest(&self, time: Duration) {
        drop(self.filled.wait_timeout_while(self.inner(), time, |inner| !inner.is_closed));
    }
}

impl Screen for Inbox {
    fn host(&self, host: Host) {
        self.inner().hosts.insert(host.context.clone(), Box::new(host));
        self.filled.notify_one();
    }

    fn happened(&self, happened: Happened) {
        self.put(Msg::Happened(Box::new(happened)));
    }

    fn answer(&self, answer: Answer) {
        self.put(Msg::Answer(answer));
    }

    fn close(&self) -> Option<SlotKey> {
        self.inner().close.clone()
    }
}
