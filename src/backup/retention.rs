// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which sets are kept. A simulation: nothing is removed here.
//!
//! Never removed: protected sets, the newest complete set that was verified, and partial sets that are newer than every
//! complete one. Everything else is kept as long as a rule wants it. Order is that of the sets' numbers; days, weeks
//! and months are those of the reader's own time.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, FixedOffset, Utc};

use super::id::SetId;
use crate::error::UserError;

/// How many sets of each kind are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// The newest.
    pub last: usize,
    /// The newest of each of so many days.
    pub daily: usize,
    /// The newest of each of so many weeks (ISO 8601, from Monday).
    pub weekly: usize,
    /// The newest of each of so many months.
    pub monthly: usize,
}

/// No rule is given, which would remove nearly everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no rule says which sets to keep")]
pub struct EmptyPolicy;

impl UserError for EmptyPolicy {
    fn code(&self) -> &'static str {
        "retention_empty"
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        vec!["give one or more, such as `--keep-last 3 --keep-daily 7 --keep-weekly 4`".to_owned()]
    }
}

/// A set as retention sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its name.
    pub id: SetId,
    /// When its data was captured.
    pub captured: DateTime<Utc>,
    /// Whether nothing is missing in it.
    pub complete: bool,
    /// Whether its files were read and found good, the last time that they were read.
    pub verified: bool,
    /// Whether somebody protects it.
    pub protected: bool,
}

/// Why a set is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Somebody protects it.
    Protected,
    /// No newer complete set was verified.
    NewestVerified,
    /// A partial set, newer than every complete one: it shows what went wrong.
    NewerThanComplete,
    /// Among the newest.
    Last,
    /// The newest of its day.
    Daily,
    /// The newest of its week.
    Weekly,
    /// The newest of its month.
    Monthly,
}

impl Why {
    /// The reason as a word for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::NewestVerified => "newest_verified",
            Self::NewerThanComplete => "newer_than_complete",
            Self::Last => "last",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// The reason as a fragment for people.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::NewestVerified => "newest verified",
            Self::NewerThanComplete => "newer than any complete set",
            Self::Last => "last",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }
}

/// What becomes of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// The set.
    pub id: SetId,
    /// Why it is kept; empty: it goes.
    pub kept: Vec<Why>,
}

impl Fate {
    /// Whether the set goes.
    #[must_use]
    pub fn goes(&self) -> bool {
        self.kept.is_empty()
    }
}

/// The newest set of each of the newest `count` periods.
fn newest_of_each<K: PartialEq>(points: &[&Point], count: usize, period: impl Fn(&Point) -> K) -> BTreeSet<SetId> {
    let mut seen: Vec<K> = Vec::new();
    let mut kept = BTreeSet::new();
    for point in points {
        let key = period(point);
        if seen.len() < count && !seen.contains(&key) {
            seen.push(key);
            kept.insert(point.id);
        }
    }
    kept
}

/// What becomes of every set, the newest first. `offset` is that of the reader's time from UTC.
///
/// # Errors
/// A policy without any rule.
pub fn simulate(points: &[Point], policy: Policy, offset: FixedOffset) -> Result<Vec<Fate>, EmptyPolicy> {
    if policy == Policy::default() {
        return Err(EmptyPolicy);
    }
    let mut all: Vec<&Point> = points.iter().collect();
    all.sort_by_key(|point| std::cmp::Reverse(point.id));
    let complete: Vec<&Point> = all.iter().copied().filter(|point| point.complete).collect();
    let day = |point: &Point| point.captured.with_timezone(&offset).date_naive();
    let last: BTreeSet<SetId> = complete.iter().take(policy.last).map(|point| point.id).collect();
    let daily = newest_of_each(&complete, policy.daily, day);
    let weekly = newest_of_each(&complete, policy.weekly, |point| day(point).iso_week());
    let monthly = newest_of_each(&complete, policy.monthly, |point| (day(point).year(), day(point).month()));
    let newest = complete.first().map(|point| point.id);
    let newest_verified = complete.iter().find(|point| point.verified).map(|point| point.id);
    let fates = all.into_iter().map(|point| {
        let id = point.id;
        let reasons = [
            (point.protected, Why::Protected),
            // Where none was verified the newest complete one is all there is.
            (newest_verified.or(newest) == Some(id), Why::NewestVerified),
            (!point.complete && newest.is_none_or(|newest| id > newest), Why::NewerThanComplete),
            (last.contains(&id), Why::Last),
            (daily.contains(&id), Why::Daily),
            (weekly.contains(&id), Why::Weekly),
            (monthly.contains(&id), Why::Monthly),
        ];
        Fate { id, kept: reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, why)| why).collect() }
    });
    Ok(fates.collect())
}

#[cfg(test)]
#[path = "retention_tests.rs"]
mod tests;
