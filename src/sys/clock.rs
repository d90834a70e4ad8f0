// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The time of day.

use chrono::{DateTime, FixedOffset, Offset as _, Utc};

/// Tells the time.
pub trait Clock {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;

    /// How far the reader's own time is from UTC at that moment.
    fn offset(&self, _at: DateTime<Utc>) -> FixedOffset {
        Utc.fix()
    }
}
