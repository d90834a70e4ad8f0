// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a watch tells.

use chrono::TimeDelta;

use crate::health::{Timestamp, Transition, Why};

/// One piece of news.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// A service went from one verdict to another.
    Transition(Box<Explained>),
    /// An engine went away or came back.
    Engine {
        /// When, by that engine's clock.
        at: Timestamp,
        /// Its name.
        context: String,
        /// What.
        change: EngineNews,
    },
}

/// A transition with its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The transition. Its own number counts the changes of one engine, the filtered ones among them.
    pub transition: Transition,
    /// Why the service is what it is now; `None` where nothing is left to explain.
    pub why: Option<Why>,
    /// What must not be shown: values of the container's environment that are secrets by their names.
    pub secrets: Vec<String>,
}

/// What became of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineNews {
    /// It cannot be asked: what is known of its services is getting old.
    Lost {
        /// Why, as a lower-case fragment.
        message: String,
        /// The likeliest next step.
        hint: Option<String>,
    },
    /// It can be asked again; what was missed follows.
    Back {
        /// How long it could not.
        outage: TimeDelta,
    },
}
