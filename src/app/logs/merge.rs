// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Several logs as one, by time.
//!
//! Each log is read one line ahead. Of the lines that are there the oldest goes first. A log that has nothing to say is
//! waited for a moment, then no longer: it must not hold up the others.

use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use super::Writer;
use crate::health::Timestamp;
use crate::sys::engine::{EngineError, Feed, LogLine};

/// How long the others wait for a log that may have an older line.
const PATIENCE: Duration = Duration::from_millis(200);

/// A log.
pub(super) struct Source {
    pub(super) writer: Writer,
    pub(super) id: String,
    /// The time of the last line that was read.
    pub(super) last: Option<Timestamp>,
    feed: Option<Feed<LogLine>>,
    head: Option<LogLine>,
    fault: Option<EngineError>,
    is_quiet: bool,
}

impl Source {
    pub(super) fn new(writer: Writer, id: String, feed: Feed<LogLine>, last: Option<Timestamp>) -> Self {
        Self { writer, id, last, feed: Some(feed), head: None, fault: None, is_quiet: false }
    }

    /// Whether a line may still come and none is there yet.
    fn is_open(&self) -> bool {
        self.head.is_none() && self.feed.is_some()
    }

    /// Waits for the next line, the end, or a fault. May be dropped without losing anything.
    async fn fill(&mut self) {
        let Some(feed) = &mut self.feed else { return };
        match feed.next().await {
            Some(Ok(line)) => {
                self.last = line.time.or(self.last);
                self.head = Some(line);
                self.is_quiet = false;
            }
            Some(Err(fault)) => {
                self.feed = None;
                self.fault = Some(fault);
            }
            None => self.feed = None,
        }
    }
}

/// What comes next.
pub(super) enum Next<'a> {
    /// A line.
    Line(&'a Source, LogLine),
    /// A log broke off.
    Broken(EngineError),
    /// Nobody has said anything for a while.
    Silence,
    /// Every log has ended.
    End,
}

/// Logs that are read together.
#[derive(Default)]
pub(super) struct Merge {
    sources: Vec<Source>,
}

impl Merge {
    pub(super) fn add(&mut self, source: Source) {
        self.sources.push(source);
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }

    /// Takes out the logs that have ended.
    pub(super) fn take_ended(&mut self) -> Vec<Source> {
        let is_ended = |source: &mut Source| source.feed.is_none() && source.head.is_none() && source.fault.is_none();
        self.sources.extract_if(.., is_ended).collect()
    }

    /// The next line of logs that come to an end: every one is waited for.
    pub(super) async fn next(&mut self) -> Next<'_> {
        let open: FuturesUnordered<_> =
            self.sources.iter_mut().filter(|source| source.is_open()).map(Source::fill).collect();
        open.collect::<Vec<()>>().await;
        self.take()
    }

    /// The next line of logs that go on; [`Next::Silence`] when none comes within `patience`.
    pub(super) async fn next_within(&mut self, patience: Duration) -> Next<'_> {
        for source in self.sources.iter_mut().filter(|source| source.is_quiet && source.is_open()) {
            source.fill().now_or_never();
        }
        {
            let lively = self.sources.iter_mut().filter(|source| !source.is_quiet && source.is_open());
            let lively: FuturesUnordered<_> = lively.map(Source::fill).collect();
            // Whoever has nothing by then is quiet.
            drop(tokio::time::timeout(PATIENCE, lively.collect::<Vec<()>>()).await);
        }
        for source in self.sources.iter_mut().filter(|source| source.is_open()) {
            source.is_quiet = true;
        }
        if self.sources.iter().all(|source| source.head.is_none() && source.fault.is_none())
            && self.sources.iter().any(Source::is_open)
        {
            let mut open: FuturesUnordered<_> =
                self.sources.iter_mut().filter(|source| source.is_open()).map(Source::fill).collect();
            if tokio::time::timeout(patience, open.next()).await.is_err() {
                return Next::Silence;
            }
        }
        let has_nothing = self.sources.iter().all(|source| source.head.is_none() && source.fault.is_none());
        if has_nothing && self.sources.iter().any(Source::is_open) {
            // One has ended, others go on.
            return Next::Silence;
        }
        self.take()
    }

    /// The oldest of what is there.
    fn take(&mut self) -> Next<'_> {
        if let Some(fault) = self.sources.iter_mut().find_map(|source| source.fault.take()) {
            return Next::Broken(fault);
        }
        let oldest = (0..self.sources.len())
            .filter(|&at| self.sources[at].head.is_some())
            .min_by_key(|&at| self.sources[at].head.as_ref().and_then(|line| line.time));
        let Some(at) = oldest else { return Next::End };
        match self.sources[at].head.take() {
            Some(line) => Next::Line(&self.sources[at], line),
            None => Next::End,
        }
    }
}
