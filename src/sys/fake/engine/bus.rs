// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The event stream: a ring of the last 256 events, and listeners that lose what they do not take, as with real engines.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use crate::sys::engine::{Event, EventQuery, EventTime};

/// The engine remembers so many events, before any filter.
const RING: usize = 256;
/// A listener may lag behind so many events before it loses some.
const LAG: usize = 1024;

struct Listener {
    query: EventQuery,
    sender: mpsc::Sender<Event>,
    /// Items until the stream breaks.
    left: Option<usize>,
}

#[derive(Default)]
pub(super) struct Bus {
    ring: VecDeque<Event>,
    listeners: Vec<Listener>,
}

fn wanted(query: &EventQuery, event: &Event) -> bool {
    let label = |wanted: &String| match wanted.split_once('=') {
        Some((name, value)) => event.attributes.get(name).is_some_and(|found| found == value),
        None => event.attributes.contains_key(wanted),
    };
    (query.subjects.is_empty() || query.subjects.contains(&event.subject))
        && (query.verbs.is_empty() || query.verbs.iter().any(|verb| verb == event.verb() || *verb == event.action))
        && query.labels.iter().all(label)
        && query.until.is_none_or(|until| event.time <= until)
}

impl Bus {
    /// Tells an event to everyone who listens.
    pub(super) fn tell(&mut self, event: Event) {
        self.listeners.retain_mut(|listener| {
            if !wanted(&listener.query, &event) {
                return !listener.sender.is_closed();
            }
            if let Some(left) = &mut listener.left {
                if *left == 0 {
                    return false;
                }
                *left -= 1;
            }
            // A full listener loses the event and is not told.
            !matches!(listener.sender.try_send(event.clone()), Err(mpsc::error::TrySendError::Closed(_)))
        });
        self.ring.push_back(event);
        if self.ring.len() > RING {
            self.ring.pop_front();
        }
    }

    /// Begins to listen; remembered events come first when a time is given.
    pub(super) fn listen(
        &mut self,
        query: &EventQuery,
        breaks_after: Option<usize>,
        now: EventTime,
    ) -> mpsc::Receiver<Event> {
        let (sender, receiver) = mpsc::channel(LAG);
        let mut left = breaks_after;
        if query.since.is_some() {
            // As in real engines (moby, daemon/events), `since` is about what is remembered alone: a clock may be set back.
            let is_after = |event: &&Event| query.since.is_none_or(|since| event.time >= since);
            for event in self.ring.iter().filter(|event| wanted(query, event)).filter(is_after) {
                if left == Some(0) {
                    return receiver;
                }
                left = left.map(|left| left - 1);
                // The ring is shorter than the lag.
                let _ = sender.try_send(event.clone());
            }
        }
        if query.until.is_none_or(|until| until > now) {
            self.listeners.push(Listener { query: query.clone(), sender, left });
        }
        receiver
    }

    /// Ends the streams whose time is over.
    pub(super) fn pass(&mut self, now: EventTime) {
        self.listeners.retain(|listener| listener.query.until.is_none_or(|until| until > now));
    }

    /// Ends all streams, as an engine that stops does.
    pub(super) fn close(&mut self) {
        self.listeners.clear();
    }

    /// Forgets what was, as a new engine has.
    pub(super) fn forget(&mut self) {
        self.ring.clear();
    }
}
