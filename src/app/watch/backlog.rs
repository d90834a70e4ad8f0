// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What stands between those who see and the one who writes: a bounded queue that never makes a writer of it wait.
//!
//! When its reader is slow, a queue for people drops the oldest lines and counts them; a queue for programs folds the
//! transitions of one service into one, from the first state to the last, with their number. Nothing is lost unsaid.
//!
//! Limits: a folding queue may grow past its size by one item a service and engine.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::news::News;
use crate::health::board::SlotKey;

/// Items that wait before anything is dropped or folded: above the largest burst that a stack makes by itself (50
/// services in a restart storm), and a few megabytes at most.
pub const CAPACITY: usize = 4096;

/// What happens to news that find the queue full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overflow {
    /// The oldest item goes, and is counted.
    DropOldest,
    /// Items of one service become one.
    Fold,
}

/// What a backlog holds.
pub trait Item {
    /// Whom it is about.
    fn subject(&self) -> Subject<'_>;

    /// Makes one item, this one, out of it and an earlier one of the same subject.
    fn follow(&mut self, earlier: Self);
}

/// Whom an item is about: items of one subject may be folded into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The state of a service.
    Service(&'a SlotKey),
    /// An engine.
    Engine(&'a str),
    /// Something of its own, which stands for itself alone.
    Itself,
}

/// One item on its way out.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<T = News> {
    /// Counts all news from 1, without a gap.
    pub seq: u64,
    /// The number of the first of the news that this stands for; the same as `seq` unless some were folded.
    pub first_seq: u64,
    /// How many news this stands for.
    pub count: u64,
    /// The news.
    pub news: T,
}

impl<T> Told<T> {
    /// The same numbers for a part of the news, or for something made of them.
    pub fn with<U>(&self, news: U) -> Told<U> {
        Told { seq: self.seq, first_seq: self.first_seq, count: self.count, news }
    }
}

/// What the reader gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken<T = News> {
    /// News dropped right before these.
    pub dropped: u64,
    /// Items in order, not empty unless the last were dropped.
    pub items: Vec<Told<T>>,
}

#[derive(Debug)]
struct Inner<T> {
    queue: VecDeque<Told<T>>,
    seq: u64,
    dropped: u64,
    is_closed: bool,
}

/// The queue.
#[derive(Debug)]
pub struct Backlog<T = News> {
    inner: Mutex<Inner<T>>,
    filled: Condvar,
    capacity: usize,
    overflow: Overflow,
}

impl<T: Item> Backlog<T> {
    /// An empty queue that holds `capacity` items before it drops or folds.
    #[must_use]
    pub fn new(capacity: usize, overflow: Overflow) -> Self {
        let inner = Inner { queue: VecDeque::new(), seq: 0, dropped: 0, is_closed: false };
        Self { inner: Mutex::new(inner), filled: Condvar::new(), capacity: capacity.max(1), overflow }
    }

    fn open(&self) -> MutexGuard<'_, Inner<T>> {
        // Every change below is whole before anything can fail.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds news. Never waits for the reader.
    pub fn push(&self, news: T) {
        let mut inner = self.open();
        inner.seq += 1;
        let seq = inner.seq;
        let mut told = Told { seq, first_seq: seq, count: 1, news };
        if inner.queue.len() >= self.capacity {
            match self.overflow {
                Overflow::DropOldest => inner.dropped += inner.queue.pop_front().map_or(0, |oldest| oldest.count),
                Overflow::Fold => {
                    let subject = told.news.subject();
                    let is_same = |other: &Told<T>| subject != Subject::Itself && other.news.subject() == subject;
                    if let Some(at) = inner.queue.iter().position(is_same)
                        && let Some(earlier) = inner.queue.remove(at)
                    {
                        told = fold(earlier, told);
                    }
                }
            }
        }
        inner.queue.push_back(told);
        drop(inner);
        self.filled.notify_one();
    }

    /// Waits for news and takes up to `most` of them; `None` when the queue is closed and empty. Blocks its thread.
    #[must_use]
    pub fn take(&self, most: usize) -> Option<Taken<T>> {
        let mut inner = self.open();
        while inner.queue.is_empty() && !inner.is_closed {
            inner = self.filled.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        if inner.queue.is_empty() {
            return None;
        }
        let count = inner.queue.len().min(most.max(1));
        Some(Taken { dropped: std::mem::take(&mut inner.dropped), items: inner.queue.drain(..count).collect() })
    }

    /// Takes what is there without waiting.
    #[must_use]
    pub fn take_all(&self) -> Taken<T> {
        let mut inner = self.open();
        Taken { dropped: std::mem::take(&mut inner.dropped), items: inner.queue.drain(..).collect() }
    }

    /// Nothing more will come: the reader ends when it has read the rest.
    pub fn close(&self) {
        self.open().is_closed = true;
        self.filled.notify_all();
    }

    /// Items that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.open().queue.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Two items of one subject as one that goes from the state before the first to the state after the second.
fn fold<T: Item>(earlier: Told<T>, later: Told<T>) -> Told<T> {
    let mut news = later.news;
    news.follow(earlier.news);
    Told { seq: later.seq, first_seq: earlier.first_seq, count: earlier.count + later.count, news }
}

impl Item for News {
    fn subject(&self) -> Subject<'_> {
        match self {
            Self::Transition(one) => Subject::Service(&one.transition.key),
            Self::Engine { context, .. } => Subject::Engine(context),
        }
    }

    fn follow(&mut self, earlier: Self) {
        if let (Self::Transition(earlier), Self::Transition(later)) = (earlier, self) {
            later.transition.from = earlier.transition.from;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::app::watch::testing::{change, engine_lost};
    use crate::health::Verdict;
    use crate::health::verdict::State;

    fn states(told: &Told) -> (Option<State>, State) {
        match &told.news {
            News::Transition(one) => (one.transition.from.as_ref().map(Verdict::state), one.transition.to.state()),
            News::Engine { .. } => (None, State::Unknown),
        }
    }

    #[test]
    fn a_full_queue_for_people_drops_the_oldest_and_counts_them() {
        let backlog = Backlog::new(2, Overflow::DropOldest);
        for number in 0..5 {
            backlog.push(change(&format!("s{number}"), State::Ok, State::Paused));
        }
        let taken = backlog.take(10).unwrap_or_else(|| backlog.take_all());
        assert_eq!(taken.dropped, 3);
        assert_eq!(taken.items.iter().map(|told| told.seq).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(backlog.take_all().dropped, 0);
    }

    #[test]
    fn a_full_queue_for_programs_folds_one_service_from_first_to_last_state() {
        let backlog = Backlog::new(2, Overflow::Fold);
        backlog.push(change("a", State::Ok, State::Paused));
        backlog.push(change("b", State::Ok, State::Paused));
        backlog.push(change("a", State::Paused, State::Ok));
        backlog.push(change("a", State::Ok, State::NoCheck));
        backlog.push(engine_lost("default"));
        let taken = backlog.take_all();
        assert_eq!(taken.dropped, 0);
        let seen: Vec<(u64, u64, u64)> =
            taken.items.iter().map(|told| (told.first_seq, told.seq, told.count)).collect();
        assert_eq!(seen, [(2, 2, 1), (1, 4, 3), (5, 5, 1)]);
        assert_eq!(states(&taken.items[1]), (Some(State::Ok), State::NoCheck));
    }

    #[test]
    fn closing_lets_the_reader_finish_and_ends_it() {
        let backlog = Arc::new(Backlog::new(9, Overflow::Fold));
        let reader = Arc::clone(&backlog);
        #[expect(clippy::disallowed_methods, reason = "a reader of its own, as in a run")]
        let reads = std::thread::spawn(move || {
            let mut count = 0;
            while let Some(taken) = reader.take(2) {
                count += taken.items.len();
            }
            count
        });
        for _ in 0..5 {
            backlog.push(change("a", State::Ok, State::Paused));
        }
        backlog.close();
        assert_eq!(reads.join().ok(), Some(5));
    }

    proptest! {
        #[test]
        fn every_news_is_told_folded_or_counted(
            pushes in proptest::collection::vec((0_usize..4, any::<bool>()), 0..80),
            capacity in 1_usize..6,
            folds in any::<bool>(),
        ) {
            let backlog = Backlog::new(capacity, if folds { Overflow::Fold } else { Overflow::DropOldest });
            let (mut told, mut dropped) = (0, 0);
            for (service, reads) in &pushes {
                backlog.push(change(&format!("s{service}"), State::Ok, State::Paused));
                prop_assert!(backlog.len() <= capacity + 4);
                if *reads {
                    let taken = backlog.take_all();
                    told += taken.items.iter().map(|one| one.count).sum::<u64>();
                    dropped += taken.dropped;
                    prop_assert!(taken.items.windows(2).all(|pair| pair[0].seq < pair[1].seq));
                }
            }
            let taken = backlog.take_all();
            told += taken.items.iter().map(|one| one.count).sum::<u64>();
            dropped += taken.dropped;
            prop_assert_eq!(told + dropped, pushes.len() as u64);
            prop_assert!(!folds || dropped == 0);
        }
    }
}
