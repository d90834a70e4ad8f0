// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Names of sets and operations: the moment, and a number that grows with every operation of a store.
//!
//! The number makes the order, so a clock that jumps back changes nothing: names stay unique and the newest set stays
//! the newest. The moment is for people, and for what they type.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, SubsecRound as _, Utc};
use serde::{Deserialize, Serialize};

/// How the moment is written.
const MOMENT: &str = "%Y%m%dT%H%M%SZ";

/// The name of a set, such as `20261120T114131Z-0007`. Ordered by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SetId {
    at: DateTime<Utc>,
    number: u64,
}

/// A text that is no name of a set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no set; they are called like `20261120T114131Z-0007`")]
pub struct BadSetId(String);

impl SetId {
    /// The name that comes after all of `taken`, made at `now`. `taken` must hold every number that the store still
    /// knows: sets, those in the trash, and operations with a journal.
    #[must_use]
    pub fn next(taken: impl IntoIterator<Item = Self>, now: DateTime<Utc>) -> Self {
        let last = taken.into_iter().map(|id| id.number).max().unwrap_or(0);
        Self { at: now.trunc_subsecs(0), number: last.saturating_add(1) }
    }

    /// What the clock said when it was made, in whole seconds. Not to be used for order.
    #[must_use]
    pub fn at(self) -> DateTime<Utc> {
        self.at
    }

    /// Its number: the order.
    #[must_use]
    pub fn number(self) -> u64 {
        self.number
    }
}

impl PartialOrd for SetId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SetId {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.number, self.at).cmp(&(other.number, other.at))
    }
}

impl fmt::Display for SetId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{:04}", self.at.format(MOMENT), self.number)
    }
}

impl FromStr for SetId {
    type Err = BadSetId;

    fn from_str(text: &str) -> Result<Self, BadSetId> {
        let bad = || BadSetId(text.chars().filter(|letter| !letter.is_control()).take(64).collect());
        let (moment, number) = text.split_once('-').ok_or_else(bad)?;
        let at = NaiveDateTime::parse_from_str(moment, MOMENT).map_err(|_| bad())?.and_utc();
        let number = number.parse().map_err(|_| bad())?;
        let id = Self { at, number };
        // One name has one spelling: it is the name of a folder.
        if id.to_string() == text { Ok(id) } else { Err(bad()) }
    }
}

impl TryFrom<String> for SetId {
    type Error = BadSetId;

    fn try_from(text: String) -> Result<Self, BadSetId> {
        text.parse()
    }
}

impl From<SetId> for String {
    fn from(id: SetId) -> Self {
        id.to_string()
    }
}

/// What an operation does to a stack or a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperationKind {
    /// Makes a set.
    Backup,
    /// Copies a set from elsewhere into a store.
    Export,
    /// Removes sets.
    Prune,
    /// Puts a set back.
    Restore,
}

impl OperationKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Backup, Self::Export, Self::Prune, Self::Restore];

    /// The word in names of operations.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Export => "export",
            Self::Prune => "prune",
            Self::Restore => "restore",
        }
    }
}

/// The name of an operation, such as `backup-20261120T114131Z-0007`. Ordered by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OperationId {
    /// Moment and number. A set takes over those of the operation that made it.
    pub stamp: SetId,
    /// What it does.
    pub kind: OperationKind,
}

impl fmt::Display for OperationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.kind.word(), self.stamp)
    }
}

impl FromStr for OperationId {
    type Err = BadSetId;

    fn from_str(text: &str) -> Result<Self, BadSetId> {
        let (word, stamp) = text.split_once('-').unwrap_or((text, ""));
        let stamp = stamp.parse()?;
        let kind = OperationKind::ALL.into_iter().find(|kind| kind.word() == word);
        kind.map(|kind| Self { stamp, kind }).ok_or_else(|| BadSetId(word.to_owned()))
    }
}

impl TryFrom<String> for OperationId {
    type Error = BadSetId;

    fn try_from(text: String) -> Result<Self, BadSetId> {
        text.parse()
    }
}

impl From<OperationId> for String {
    fn from(id: OperationId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use chrono::{TimeDelta, TimeZone as _};

    use super::*;

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 20, 11, 41, 31).unwrap()
    }

    #[test]
    fn names_are_read_back_and_have_one_spelling() {
        let id = SetId::next([], now() + TimeDelta::milliseconds(7));
        assert_eq!(id.to_string(), "20261120T114131Z-0001");
        assert_eq!(id.to_string().parse::<SetId>().unwrap(), id);
        for bad in ["", "latest", "20261120T114131Z-1", "20261120T114131Z", "../x-0001", "20261120T114131Z-0001/"] {
            assert!(bad.parse::<SetId>().is_err(), "{bad}");
        }
        let operation = OperationId { stamp: id, kind: OperationKind::Restore };
        assert_eq!(operation.to_string(), "restore-20261120T114131Z-0001");
        assert_eq!(operation.to_string().parse::<OperationId>().unwrap(), operation);
        assert!("shave-20261120T114131Z-0001".parse::<OperationId>().is_err());
    }

    #[test]
    fn a_clock_that_jumps_back_keeps_order_and_uniqueness() {
        let mut taken = Vec::new();
        for hours in [0, 5, -3, -3, 0] {
            taken.push(SetId::next(taken.clone(), now() + TimeDelta::hours(hours)));
        }
        let mut sorted = taken.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted, taken);
    }
}
