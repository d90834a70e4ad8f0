// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How a service was over the last hour, one sign a part of it.

use chrono::TimeDelta;

use crate::health::Timestamp;
use crate::health::history::Change;
use crate::health::verdict::State;

/// The time that is drawn.
pub(super) const SPAN: TimeDelta = TimeDelta::hours(1);

/// The worst state in each of so many parts of the last hour, oldest first; `None` where nothing is known.
pub(super) fn parts(changes: &[Change], now: Timestamp, count: usize) -> Vec<Option<State>> {
    let begin = now - SPAN;
    let count_as_int = i32::try_from(count).unwrap_or(i32::MAX).max(1);
    let length = SPAN / count_as_int;
    let at = |part: usize| begin + length * i32::try_from(part).unwrap_or(i32::MAX);
    let part = |index: usize| {
        let (from, until) = (at(index), at(index + 1));
        let before = changes.iter().rfind(|change| change.at <= from).map(|change| change.to);
        let within = changes.iter().filter(|change| change.at > from && change.at <= until).map(|change| change.to);
        within.chain(before).min()
    };
    (0..count).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_worst_state() {
        let now = Timestamp::UNIX_EPOCH + TimeDelta::hours(2);
        let change = |minutes: i64, to| Change { at: now - TimeDelta::minutes(minutes), from: None, to };
        let changes = [change(44, State::Ok), change(25, State::Unhealthy), change(22, State::Ok)];
        let wanted = [None, Some(State::Ok), Some(State::Unhealthy), Some(State::Ok)];
        assert_eq!(parts(&changes, now, 4), wanted);
        assert!(parts(&changes, now, 0).is_empty());
    }
}
