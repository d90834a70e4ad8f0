// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Two back-offs: the engine's own between restarts, and the supervisor's between attempts.

use chrono::TimeDelta;

use super::observation::{Container, Phase, Timestamp};

/// The engine's first wait.
const ENGINE_FIRST: TimeDelta = TimeDelta::milliseconds(100);
/// The engine's longest wait.
const ENGINE_LONGEST: TimeDelta = TimeDelta::minutes(1);
/// A run at least this long makes the engine begin with its first wait again.
pub const ENGINE_RESET: TimeDelta = TimeDelta::seconds(10);

/// How long an engine waits before the `restart`-th restart in a row (counted from 1) of a container whose runs were all
/// shorter than [`ENGINE_RESET`] (moby, restart manager: 100 ms, doubled each time, one minute at most).
#[must_use]
pub fn engine_wait(restart: u32) -> TimeDelta {
    let doublings = restart.saturating_sub(1).min(16);
    (ENGINE_FIRST * (1 << doublings)).min(ENGINE_LONGEST)
}

/// When the engine starts a waiting container again; `None` when it does not wait.
///
/// Limit: how many of the restarts were in a row is not recorded by any engine. `in_a_row` is what we saw ourselves; the
/// engine's own count, which may include earlier spells, stands in where it is `None`.
#[must_use]
pub fn next_retry(container: &Container, in_a_row: Option<u32>) -> Option<Timestamp> {
    if container.phase() != Phase::Waiting {
        return None;
    }
    let ended = container.finished_at?;
    let was_long = container.last_run().is_some_and(|run| run >= ENGINE_RESET);
    let restart = if was_long { 1 } else { in_a_row.unwrap_or(container.restart_count).max(1) };
    Some(ended + engine_wait(restart))
}

/// The wait before attempt `attempt` (counted from 1): `first` doubled each time up to `longest`, then up to a tenth
/// more or less, as `seed` decides. The same seed gives the same wait.
#[must_use]
pub fn supervisor_wait(first: TimeDelta, longest: TimeDelta, attempt: u32, seed: u64) -> TimeDelta {
    let doublings = attempt.saturating_sub(1).min(20);
    let plain = first.checked_mul(1 << doublings).unwrap_or(longest).min(longest);
    let milliseconds = plain.num_milliseconds();
    // 0..=200 thousandths, so that the wait is between nine and eleven tenths.
    let part = i64::try_from(scramble(seed.wrapping_add(u64::from(attempt))) % 201).unwrap_or(100);
    TimeDelta::milliseconds(milliseconds + milliseconds * (part - 100) / 1_000)
}

/// Spreads a number over all 64 bits (the finishing steps of `SplitMix64`).
fn scramble(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::health::observation::Status;
    use crate::health::testing::{at, running};

    #[test]
    fn the_engine_doubles_from_a_tenth_of_a_second_to_a_minute() {
        let waits: Vec<i64> = (1..=12).map(|restart| engine_wait(restart).num_milliseconds()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000]);
        assert_eq!(engine_wait(u32::MAX), TimeDelta::minutes(1));
    }

    #[test]
    fn a_run_of_ten_seconds_resets_the_wait() {
        let mut container = running("web");
        container.status = Status::Restarting;
        container.restart_count = 40;
        container.started_at = Some(at(0));
        container.finished_at = Some(at(11));
        assert_eq!(next_retry(&container, None), Some(at(11) + TimeDelta::milliseconds(100)));
        container.finished_at = Some(at(9));
        assert_eq!(next_retry(&container, None), Some(at(69)));
        assert_eq!(next_retry(&container, Some(2)), Some(at(9) + TimeDelta::milliseconds(200)));
    }

    proptest! {
        #[test]
        fn the_supervisor_stays_within_a_tenth_of_its_curve(attempt in 1_u32..40, seed: u64) {
            let first = TimeDelta::seconds(10);
            let longest = TimeDelta::minutes(5);
            let plain = (10_i64 << (attempt - 1).min(10)).min(300) * 1_000;
            let wait = supervisor_wait(first, longest, attempt, seed).num_milliseconds();
            prop_assert!((plain * 9 / 10..=plain * 11 / 10).contains(&wait));
            prop_assert_eq!(wait, supervisor_wait(first, longest, attempt, seed).num_milliseconds());
        }
    }
}
