// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whose a retained message is. Payloads under short topics have exactly three keys, so nothing in them can say who wrote
//! them; a companion message under a topic of our own names what we wrote last, and what we wrote before that.
//!
//! The companion is sent first. Whenever we die, the message is one of the two that it names: ours. If anybody else wrote
//! since, it is not.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A payload in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mark([u8; 32]);

impl Mark {
    pub(super) fn of(payload: &[u8]) -> Self {
        Self(Sha256::digest(payload).into())
    }

    fn text(self) -> String {
        self.0.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// What a companion says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Companion {
    /// Who wrote it.
    pub(super) client: String,
    /// What is written now.
    now: String,
    /// What was written before.
    before: Option<String>,
}

impl Companion {
    pub(super) fn new(client: &str, now: &[u8], before: Option<Mark>) -> Self {
        Self { client: client.to_owned(), now: Mark::of(now).text(), before: before.map(Mark::text) }
    }

    /// Reads one; `None` when it is none.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        serde_json::from_slice(payload).ok()
    }

    pub(super) fn text(&self) -> String {
        // Three plain fields: this cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether a message is one of the two that were written.
    pub(super) fn wrote(&self, mark: Mark) -> bool {
        let mark = mark.text();
        mark == self.now || Some(&mark) == self.before.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_companion_knows_the_last_two_and_nothing_else() {
        let before = Mark::of(b"old");
        let companion = Companion::read(Companion::new("c", b"new", Some(before)).text().as_bytes());
        let companion = companion.unwrap_or_else(|| Companion::new("", b"", None));
        assert!(companion.wrote(Mark::of(b"new")) && companion.wrote(before));
        assert!(!companion.wrote(Mark::of(b"other")));
        assert_eq!(Companion::read(b"{\"ok\":true}"), None);
    }
}
