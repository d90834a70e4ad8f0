// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Messages that wait for one server. Bounded; what has to go is what is worth least.

use std::collections::VecDeque;

use super::notice::Notice;

/// Messages that wait before one has to go.
pub(super) const CAPACITY: usize = 256;

/// More than this many at once become one message.
pub(super) const DIGEST_ABOVE: usize = 5;

/// Waiting messages, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Queue {
    items: VecDeque<(u64, Notice)>,
    next_id: u64,
    /// Left out since the last message that arrived.
    left_out: u64,
}

/// What is to be sent next: one message, or many as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    /// Their numbers in the queue.
    ids: Vec<u64>,
    /// The messages, the oldest first; never empty.
    pub(super) notices: Vec<Notice>,
    /// How many older ones were left out before them.
    pub(super) left_out: u64,
}

impl Queue {
    /// Adds a message. Returns how many had to go for it: 0 or 1.
    pub(super) fn push(&mut self, notice: Notice) -> u64 {
        self.items.push_back((self.next_id, notice));
        self.next_id += 1;
        if self.items.len() <= CAPACITY {
            return 0;
        }
        let victim = self.victim();
        self.items.remove(victim);
        self.left_out += 1;
        1
    }

    /// The message that is worth least: the oldest that a later one on the same subject has overtaken, else the oldest
    /// that ends nothing (a fault whose end is never told would stand for ever), else the oldest.
    fn victim(&self) -> usize {
        let mut later = std::collections::BTreeSet::new();
        let mut overtaken = None;
        for (at, (_, notice)) in self.items.iter().enumerate().rev() {
            if !later.insert(notice.subject()) {
                overtaken = Some(at);
            }
        }
        overtaken.or_else(|| self.items.iter().position(|(_, notice)| !notice.kind.closes())).unwrap_or(0)
    }

    /// What is to be sent next; it stays until it is [`Self::done`].
    pub(super) fn peek(&self) -> Option<Batch> {
        let count = if self.items.len() > DIGEST_ABOVE { self.items.len() } else { 1 };
        let (ids, notices): (Vec<u64>, Vec<Notice>) = self.items.iter().take(count).cloned().unzip();
        (!ids.is_empty()).then_some(Batch { ids, notices, left_out: self.left_out })
    }

    /// A batch has arrived, or never will.
    pub(super) fn done(&mut self, batch: &Batch) {
        self.items.retain(|(id, _)| !batch.ids.contains(id));
        self.left_out = self.left_out.saturating_sub(batch.left_out);
    }

    /// Whether a message like this waits.
    pub(super) fn has(&self, like: impl Fn(&Notice) -> bool) -> bool {
        self.items.iter().any(|(_, notice)| like(notice))
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }
}
