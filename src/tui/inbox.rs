// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What stands between those who see and the one who draws: bounded, and nobody waits to put something in.
//!
//! Of each engine only the newest view is kept. Of news and lines of logs the oldest go when the screen stands still for
//! so long that there are too many; what the next view shows is right all the same.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::msg::Msg;
use crate::app::dashboard::{Answer, Happened, Host, LogLine, Screen};
use crate::health::board::SlotKey;

/// Messages that wait at most.
const CAPACITY: usize = 4096;
/// Bytes of lines of logs that wait at most: as much as the tab keeps.
const MOST_OF_LINES: usize = 4 << 20;

#[derive(Debug, Default)]
struct Inner {
    queue: VecDeque<Msg>,
    hosts: BTreeMap<String, Box<Host>>,
    /// Bytes of lines of logs in the queue.
    lines: usize,
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
        if inner.queue.len() >= CAPACITY
            && let Some(oldest) = inner.queue.pop_front()
        {
            inner.lines -= weight(&oldest);
        }
        inner.lines += weight(&msg);
        inner.queue.push_back(msg);
        inner.bound_lines();
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
        inner.lines = 0;
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

/// Bytes of lines of logs in a message.
fn weight(msg: &Msg) -> usize {
    match msg {
        Msg::Answer(Answer::Lines { lines, .. }) => {
            lines.iter().map(|line| size_of::<LogLine>() + line.text.len()).sum()
        }
        _ => 0,
    }
}

impl Inner {
    /// Lets the oldest lines of logs go while there are too many; the next ones tell of it.
    fn bound_lines(&mut self) {
        let mut gone = 0;
        while self.lines > MOST_OF_LINES
            && let Some(at) = self.queue.iter().position(|msg| weight(msg) > 0)
            && let Some(oldest) = self.queue.remove(at)
        {
            self.lines -= weight(&oldest);
            if let Msg::Answer(Answer::Lines { lines, missing, .. }) = oldest {
                gone += lines.len() + missing;
            }
        }
        let next = self.queue.iter_mut().find_map(|msg| match msg {
            Msg::Answer(Answer::Lines { missing, .. }) if gone > 0 => Some(missing),
            _ => None,
        });
        if let Some(missing) = next {
            *missing += gone;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_logs_wait_in_bounded_memory_and_keys_are_not_lost() {
        let inbox = Inbox::default();
        inbox.put(Msg::Size(80, 24));
        let key = SlotKey {
            context: String::new(),
            project: String::new(),
            service: String::new(),
            number: 1,
            one_off: None,
        };
        let line = LogLine { key, at: None, is_error: false, text: "x".repeat(1 << 20) };
        for _ in 0..10 {
            inbox.put(Msg::Answer(Answer::Lines { number: 1, lines: vec![line.clone()], missing: 0 }));
        }
        let taken = inbox.take().unwrap_or_default();
        assert_eq!((taken.len(), &taken[0]), (4, &Msg::Size(80, 24)));
        assert!(matches!(&taken[1], Msg::Answer(Answer::Lines { missing: 7, .. })));
    }
}
