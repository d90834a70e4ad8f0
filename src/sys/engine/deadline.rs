// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How long one call may take.

use std::time::Duration;

/// The time that one engine call gets, from asking to the last byte of the answer. Every call takes one, so none can hang.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Duration);

impl Deadline {
    /// Questions that an idle engine answers in milliseconds.
    pub const QUESTION: Self = Self(Duration::from_secs(10));
    /// Changes of one object; also one-shot statistics, which engines before 25 answer only at their next tick.
    pub const CHANGE: Self = Self(Duration::from_mins(1));
    /// What walks the engine's whole disk.
    pub const SURVEY: Self = Self(Duration::from_mins(5));

    /// A call may take this long.
    #[must_use]
    pub const fn within(time: Duration) -> Self {
        Self(time)
    }

    /// This much later, for calls that are told to wait themselves (a stop with its grace period).
    #[must_use]
    pub const fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time))
    }

    /// The time that the call gets.
    #[must_use]
    pub const fn duration(self) -> Duration {
        self.0
    }
}
