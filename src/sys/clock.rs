// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The time of day.

use chrono::{DateTime, Utc};

/// Tells the time.
pub trait Clock {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}
