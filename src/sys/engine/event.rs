// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engine's event stream.

use chrono::{DateTime, Utc};

use super::Labels;

/// The engine's time of an event in nanoseconds since 1970. Exact, so that a stream can be continued behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventTime(pub i64);

impl EventTime {
    /// The moment right behind this one: `since` is inclusive, so this asks for what came after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// As a time of day.
    #[must_use]
    pub const fn at(self) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(self.0)
    }

    /// The API's form: seconds, a point, nanoseconds in nine digits.
    #[must_use]
    pub fn parameter(self) -> String {
        format!("{}.{:09}", self.0.div_euclid(1_000_000_000), self.0.rem_euclid(1_000_000_000))
    }
}

impl From<DateTime<Utc>> for EventTime {
    /// Times outside the years 1677 to 2262 become the nearest that can be told.
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_nanos_opt().unwrap_or(if time.timestamp() < 0 { i64::MIN } else { i64::MAX }))
    }
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventSubject {
    /// A container.
    Container,
    /// A volume.
    Volume,
    /// A network.
    Network,
    /// An image.
    Image,
    /// The engine itself.
    Daemon,
    /// Anything else.
    Other,
}

impl EventSubject {
    /// The API's word; empty for [`Self::Other`].
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Volume => "volume",
            Self::Network => "network",
            Self::Image => "image",
            Self::Daemon => "daemon",
            Self::Other => "",
        }
    }

    /// The subject of the API's word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        [Self::Container, Self::Volume, Self::Network, Self::Image, Self::Daemon]
            .into_iter()
            .find(|subject| subject.word() == word)
            .unwrap_or(Self::Other)
    }
}

/// One event. The order of `stop` and `die` differs by engine: go by `die` and its exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What it is about.
    pub subject: EventSubject,
    /// What happened: `start`, `die`, `oom`, `health_status: healthy`, …; values stand inside the word.
    pub action: String,
    /// The id of the container, the name of the volume, and so on.
    pub id: String,
    /// For containers: `name`, `image`, `exitCode`, `signal` and all labels.
    pub attributes: Labels,
    /// The engine's time.
    pub time: EventTime,
}

impl Event {
    /// The action without the value in it: `health_status` of `health_status: healthy`.
    #[must_use]
    pub fn verb(&self) -> &str {
        self.action.split_once(": ").map_or(&self.action, |(verb, _)| verb)
    }

    /// The value in the action: `healthy` of `health_status: healthy`.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.action.split_once(": ").map(|(_, value)| value)
    }

    /// The exit code of a `die` or `exec_die`.
    #[must_use]
    pub fn exit_code(&self) -> Option<i64> {
        self.attributes.get("exitCode")?.parse().ok()
    }
}

/// Which events are wanted. Conditions of one kind are alternatives; kinds hold together.
///
/// The engine keeps only the last 256 events, three of them a health probe, and filters after that: `since` bridges
/// seconds, never an outage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventQuery {
    /// From this time on, that moment included. Give the engine's own time of just before subscribing: the answer can
    /// begin a moment before the engine listens.
    pub since: Option<EventTime>,
    /// Up to this time; the stream ends there. `None` = for ever.
    pub until: Option<EventTime>,
    /// The subjects; empty = all.
    pub subjects: Vec<EventSubject>,
    /// The verbs, such as `die` or `health_status`; empty = all. Leave `exec_*` out where probes run.
    pub verbs: Vec<String>,
    /// Labels `name` or `name=value`, all of which must be there.
    pub labels: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_parameter_keeps_every_nanosecond() {
        assert_eq!(EventTime(1_700_000_000_000_000_042).parameter(), "1700000000.000000042");
        assert_eq!(EventTime(41).next(), EventTime(42));
    }

    #[test]
    fn action_splits_into_verb_and_value() {
        let event = Event {
            subject: EventSubject::Container,
            action: "health_status: unhealthy".into(),
            id: String::new(),
            attributes: Labels::new(),
            time: EventTime(0),
        };
        assert_eq!((event.verb(), event.value()), ("health_status", Some("unhealthy")));
    }
}
