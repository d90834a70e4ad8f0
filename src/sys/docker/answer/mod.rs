// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engine's answers as JSON, read leniently: what is absent or null gets its empty value, unknown words are kept out
//! of the way, so that neither an old nor a new engine loses a whole list to one field.

mod container;
mod event;
mod storage;
mod summary;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Utc};
use serde::{Deserialize, Deserializer};

pub(super) use container::Inspected;
pub(super) use event::Told;
pub(super) use storage::{Listed as ListedVolumes, Room, StoredVolume};
pub(super) use summary::{Listed as ListedContainer, status};

/// Null and absent alike give the empty value: Go writes null for empty lists and maps.
fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A time of the API; Go's zero time (year 1) means never.
pub(super) fn time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
    (time.year() > 1).then_some(time)
}

/// Numbers that the API signs although they count something.
pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A map with its keys in order.
pub(super) type Words = BTreeMap<String, String>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_time_is_never() {
        assert_eq!(time("0001-01-01T00:00:00Z"), None);
        assert_eq!(time(""), None);
        assert!(time("2026-11-20T08:00:00.123456789+01:00").is_some());
    }
}
