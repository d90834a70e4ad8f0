// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the policy must never do, whatever happens in whatever order.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::tests::{crashed, ok, stopped, subject, unhealthy};
use super::*;
use crate::compose::model::Condition;
use crate::health::definition::Need;
use crate::health::testing::at;
use crate::health::verdict::{Verdict, Wanted};

const SERVICES: [&str; 4] = ["bus", "core", "llm", "voice"];
const MODES: [&str; 4] = ["restart", "restart-stack", "command", "restart"];

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        3 => Just(unhealthy()),
        3 => Just(crashed()),
        2 => Just(ok()),
        1 => Just(Verdict::Starting { since: None, latest: None }),
        1 => Just(Verdict::Unknown { age: None }),
        1 => Just(stopped(Wanted::Asked)),
        1 => Just(stopped(Wanted::Unknown)),
        1 => Just(Verdict::Paused),
    ]
}

/// A step of a story: seconds that pass, then what becomes of one service.
#[derive(Debug, Clone)]
struct Turn {
    seconds: i64,
    service: usize,
    verdict: Verdict,
    is_new_run: bool,
}

fn turn() -> impl Strategy<Value = Turn> {
    (prop_oneof![3 => 1_i64..40, 1 => 40_i64..1_200], 0_usize..4, verdict(), any::<bool>())
        .prop_map(|(seconds, service, verdict, is_new_run)| Turn { seconds, service, verdict, is_new_run })
}

/// What was done to a service, and what it was when that was done.
struct Done {
    second: i64,
    target: SlotKey,
    verdict: Verdict,
    was_open: bool,
}

/// Plays a story in steps of at most five seconds.
fn play(turns: &[Turn], seed: u64, with_needs: bool) -> Vec<Done> {
    let mut subjects: Vec<Subject> = SERVICES.iter().map(|name| subject(name, ok())).collect();
    for (index, subject) in subjects.iter_mut().enumerate() {
        subject.label = Some(MODES[index].to_owned());
        if with_needs && index > 0 {
            subject.needs.push(Need {
                service: SERVICES[index - 1].to_owned(),
                condition: Condition::Started,
                shares_namespace: index == 2,
                restart: index == 3,
                required: true,
            });
        }
    }
    let settings = PolicySettings::default();
    let mut supervisor = Supervisor::new();
    let mut done = Vec::new();
    let mut now = 0;
    let mut fine_since: BTreeMap<SlotKey, i64> = BTreeMap::new();
    for turn in turns {
        let one = &mut subjects[turn.service];
        one.verdict = turn.verdict.clone();
        if turn.is_new_run {
            one.started_at = Some(at(now));
        }
        let end = now + turn.seconds;
        while now < end {
            let open: BTreeMap<SlotKey, bool> =
                subjects.iter().map(|one| (one.key.clone(), supervisor.is_open(&one.key))).collect();
            for one in &subjects {
                if one.verdict == ok() {
                    fine_since.entry(one.key.clone()).or_insert(now);
                } else {
                    fine_since.remove(&one.key);
                }
            }
            let conditions = Conditions {
                now: at(now),
                link: Link::LiveSince(at(-60)),
                locked: &BTreeSet::new(),
                seed,
                settings: &settings,
            };
            for decision in supervisor.step(&subjects, &conditions) {
                let Decision::Act(action) = decision else { continue };
                for target in action.targets {
                    let Some(hit) = subjects.iter_mut().find(|one| one.key == target) else { continue };
                    // A breaker closes too when the service was good for long, in the very step that notices it.
                    let is_settled = fine_since.get(&target).is_some_and(|since| now - since >= 600);
                    let was_open = open[&target] && !action.is_half_open && !is_settled;
                    done.push(Done { second: now, target, verdict: hit.verdict.clone(), was_open });
                    hit.started_at = Some(at(now));
                }
            }
            now += 5.min(end - now).max(1);
        }
    }
    done
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn never_more_attempts_than_allowed_in_any_window(
        turns in proptest::collection::vec(turn(), 1..60),
        seed: u64,
        with_needs: bool,
    ) {
        let limits = Limits::default();
        let done = play(&turns, seed, with_needs);
        for one in &done {
            let until = one.second + limits.window.num_seconds();
            let count = done
                .iter()
                .filter(|other| other.target == one.target && (one.second..until).contains(&other.second))
                .count();
            prop_assert!(count <= limits.attempts as usize, "{} was acted upon {count} times", one.target);
        }
    }

    #[test]
    fn nothing_is_done_to_a_service_whose_breaker_is_open(
        turns in proptest::collection::vec(turn(), 1..60),
        seed: u64,
        with_needs: bool,
    ) {
        for one in play(&turns, seed, with_needs) {
            prop_assert!(!one.was_open, "{} at {}", one.target, one.second);
        }
    }

    #[test]
    fn what_somebody_stopped_or_paused_is_never_touched(
        turns in proptest::collection::vec(turn(), 1..60),
        seed: u64,
        with_needs: bool,
    ) {
        for one in play(&turns, seed, with_needs) {
            let is_left = matches!(
                one.verdict,
                Verdict::Stopped { wanted: Wanted::Asked | Wanted::Unknown, .. } | Verdict::Paused
            );
            prop_assert!(!is_left, "{} was {:?}", one.target, one.verdict);
        }
    }

    #[test]
    fn the_first_attempt_after_an_open_breaker_keeps_the_cool_down(seed: u64, grace in 30_i64..90) {
        let mut one = subject("web", unhealthy());
        one.grace = TimeDelta::seconds(grace);
        let settings = PolicySettings::default();
        let mut supervisor = Supervisor::new();
        let mut opened = None;
        for second in 0..4_000 {
            let conditions = Conditions {
                now: at(second),
                link: Link::LiveSince(at(-60)),
                locked: &BTreeSet::new(),
                seed,
                settings: &settings,
            };
            let subjects = std::slice::from_ref(&one);
            for decision in supervisor.step(subjects, &conditions) {
                if let (Decision::Act(action), Some(opened)) = (&decision, opened) {
                    prop_assert!(action.is_half_open);
                    prop_assert!(second - opened >= 900, "{second} after {opened}");
                }
            }
            opened = supervisor.is_open(&one.key).then(|| opened.unwrap_or(second));
        }
    }

    #[test]
    fn a_clock_that_is_set_back_neither_stops_nor_doubles_anything(back in 1_i64..100_000, seed: u64) {
        let one = subject("web", unhealthy());
        let settings = PolicySettings::default();
        let mut supervisor = Supervisor::new();
        let mut step = |second: i64| {
            let conditions = Conditions {
                now: at(second),
                link: Link::LiveSince(at(-1_000_000)),
                locked: &BTreeSet::new(),
                seed,
                settings: &settings,
            };
            let decisions = supervisor.step(std::slice::from_ref(&one), &conditions);
            decisions.iter().filter(|decision| matches!(decision, Decision::Act(_))).count()
        };
        let before: usize = (0..30).map(&mut step).sum();
        let after: usize = (30 - back..930 - back).map(&mut step).sum();
        prop_assert!(before >= 1);
        prop_assert!((1..=5 - before).contains(&after) || after + before == 5, "{before} and {after}");
    }
}
