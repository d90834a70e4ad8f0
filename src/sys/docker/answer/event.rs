// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One line of `GET /events`.

use serde::Deserialize;

use super::{Words, lenient};
use crate::sys::engine::{Event, EventSubject, EventTime};

/// A told event. The old fields `status`, `id` and `from` beside these are gone with API 1.52 and not looked at.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sys::docker) struct Told {
    #[serde(rename = "Type", default, deserialize_with = "lenient")]
    subject: String,
    #[serde(default, deserialize_with = "lenient")]
    action: String,
    #[serde(default, deserialize_with = "lenient")]
    actor: Actor,
    #[serde(rename = "time", default, deserialize_with = "lenient")]
    seconds: i64,
    #[serde(rename = "timeNano", default, deserialize_with = "lenient")]
    nanoseconds: i64,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Actor {
    #[serde(rename = "ID")]
    id: String,
    #[serde(deserialize_with = "lenient")]
    attributes: Words,
}

impl From<Told> for Event {
    fn from(told: Told) -> Self {
        // Some other engines leave the exact time out.
        let nanoseconds =
            if told.nanoseconds == 0 { told.seconds.saturating_mul(1_000_000_000) } else { told.nanoseconds };
        Self {
            subject: EventSubject::of(&told.subject),
            action: told.action,
            id: told.actor.id,
            attributes: told.actor.attributes,
            time: EventTime(nanoseconds),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[test]
    fn reads_the_form_with_and_without_the_old_fields() {
        for text in [
            r#"{"status":"die","id":"a","from":"x","Type":"container","Action":"die","Actor":{"ID":"a","Attributes":{"exitCode":"3"}},"scope":"local","time":5,"timeNano":5000000007}"#,
            r#"{"Type":"container","Action":"die","Actor":{"ID":"a","Attributes":{"exitCode":"3"}},"time":5,"timeNano":5000000007}"#,
        ] {
            let event = Event::from(serde_json::from_str::<Told>(text).unwrap());
            assert_eq!((event.subject, event.verb(), event.exit_code()), (EventSubject::Container, "die", Some(3)));
            assert_eq!(event.time, EventTime(5_000_000_007));
        }
    }
}
