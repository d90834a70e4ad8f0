// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whatever the order in which the same facts arrive, one model comes of them.

use proptest::prelude::*;

use super::*;
use crate::health::observation::{HealthStatus, RestartPolicy};
use crate::health::testing::{at, checked, ended, event, running};
use crate::health::verdict::{State, Wanted};

/// One input, with the moment it is about.
#[derive(Debug, Clone)]
enum Fact {
    Event(Box<Event>),
    Inspection(Timestamp, Box<Container>),
}

fn kind() -> impl Strategy<Value = EventKind> {
    prop_oneof![
        Just(EventKind::Created),
        Just(EventKind::Started),
        Just(EventKind::Killed { signal: 15 }),
        Just(EventKind::Stopped),
        Just(EventKind::OutOfMemory),
        (0_i64..3).prop_map(|exit_code| EventKind::Died { exit_code }),
        Just(EventKind::Paused),
        Just(EventKind::Unpaused),
        Just(EventKind::Health(HealthStatus::Healthy)),
        Just(EventKind::Health(HealthStatus::Unhealthy)),
        Just(EventKind::ExecDied { exit_code: 1, output: None }),
        Just(EventKind::Restarted),
        Just(EventKind::Destroyed),
    ]
}

fn fact() -> impl Strategy<Value = Fact> {
    let service = prop_oneof![Just("web"), Just("db")];
    let id = 0_u8..3;
    let happening = (service.clone(), id.clone(), 2_i64..400, kind()).prop_map(|(service, id, second, kind)| {
        let mut one = event(service, at(second), kind);
        one.container = format!("{service}-{id}");
        Fact::Event(Box::new(one))
    });
    let inspection = (service, id, 2_i64..400, 0_u8..4).prop_map(|(service, id, second, form)| {
        let mut container = match form {
            0 => running(service),
            1 => checked(service, HealthStatus::Healthy),
            2 => checked(service, HealthStatus::Unhealthy),
            _ => ended(service, second, 1),
        };
        container.id = format!("{service}-{id}");
        container.created_at = at(i64::from(id));
        container.restart_policy = if id == 1 { RestartPolicy::Always } else { RestartPolicy::No };
        Fact::Inspection(at(second), Box::new(container))
    });
    prop_oneof![4 => happening, 1 => inspection]
}

/// Facts in two orders. Two inspections of one container have different moments, as inspections do.
fn two_orders() -> impl Strategy<Value = (Vec<Fact>, Vec<Fact>)> {
    proptest::collection::vec(fact(), 0..60)
        .prop_map(|mut facts| {
            let mut seen = BTreeSet::new();
            facts.retain(|fact| match fact {
                Fact::Event(_) => true,
                Fact::Inspection(as_of, container) => seen.insert((container.id.clone(), *as_of)),
            });
            facts
        })
        .prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle()))
}

fn fed(facts: &[Fact]) -> (Board, Vec<Notice>) {
    let mut board = Board::new();
    let mut notices = board.resync("default", at(1), &[], at(1));
    for (index, fact) in facts.iter().enumerate() {
        let now = at(500) + chrono::TimeDelta::milliseconds(i64::try_from(index).unwrap_or(0));
        notices.extend(match fact {
            Fact::Event(event) => board.event("default", event, now),
            Fact::Inspection(as_of, container) => board.inspect("default", *as_of, container, now),
        });
    }
    (board, notices)
}

/// A stop, a restart and a kill by hand as the two engines tell of them: 20.10 tells of the death before the stop, newer
/// ones after it. The moments are of the engine; in which order the news arrive is another matter.
fn by_hand(stop_first: bool) -> Vec<(i64, EventKind)> {
    let asked = |second| [(second, EventKind::Killed { signal: 15 }), (second + 10, EventKind::Killed { signal: 9 })];
    let ends = |second: i64| {
        let (stop, die) = if stop_first { (second, second + 1) } else { (second + 1, second) };
        [(die, EventKind::Died { exit_code: 137 }), (stop, EventKind::Stopped)]
    };
    let mut story: Vec<(i64, EventKind)> = Vec::new();
    // Restarted, and later stopped.
    story.extend(asked(20).into_iter().chain(ends(30)));
    story.extend([
        (32, EventKind::Started),
        (33, EventKind::Restarted),
        (34, EventKind::Health(HealthStatus::Healthy)),
    ]);
    story.extend(asked(60).into_iter().chain(ends(70)));
    story
}

/// What a user sees, without what depends on when it was told.
fn seen(board: &Board) -> Vec<(SlotKey, Option<Container>, Verdict)> {
    board.rows(at(1_000)).into_iter().map(|row| (row.key, row.container, row.verdict)).collect()
}

/// The last state told of each slot.
fn last_told(notices: &[Notice]) -> BTreeMap<SlotKey, State> {
    let transitions = notices.iter().filter_map(Notice::transition);
    transitions.map(|one| (one.key.clone(), one.to.state())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_order_gives_one_model((one, two) in two_orders()) {
        prop_assert_eq!(seen(&fed(&one).0), seen(&fed(&two).0));
    }

    #[test]
    fn the_orders_of_both_engines_give_one_verdict(
        stop_first: bool,
        order in Just((0..11_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let story = by_hand(stop_first);
        prop_assert_eq!(story.len(), order.len());
        let mut board = Board::new();
        let mut container = checked("web", HealthStatus::Healthy);
        container.started_at = Some(at(0));
        board.resync("default", at(10), &[container], at(10));
        for index in order {
            let (second, kind) = story[index].clone();
            board.event("default", &event("web", at(second), kind), at(100));
        }
        let rows = board.rows(at(200));
        let is_asked = matches!(rows[0].verdict, Verdict::Stopped { wanted: Wanted::Asked, exit_code: Some(137), .. });
        prop_assert!(is_asked, "{:?}", rows[0].verdict);
    }

    #[test]
    fn repetition_changes_nothing((one, two) in two_orders()) {
        let twice: Vec<Fact> = one.iter().chain(&two).cloned().collect();
        prop_assert_eq!(seen(&fed(&one).0), seen(&fed(&twice).0));
    }

    #[test]
    fn in_the_end_everything_has_been_told((one, _) in two_orders()) {
        let (mut board, mut notices) = fed(&one);
        notices.extend(board.tick(at(700)));
        notices.extend(board.tick(at(1_000)));
        let told = last_told(&notices);
        for (key, _, verdict) in seen(&board) {
            prop_assert_eq!(told.get(&key), Some(&verdict.state()), "{}", key);
        }
        for (key, state) in told {
            let is_there = seen(&board).iter().any(|(other, _, _)| *other == key);
            prop_assert!(is_there || state == State::Absent, "{} is gone and was told as {:?}", key, state);
        }
    }

    #[test]
    fn every_transition_starts_where_the_last_one_ended((one, _) in two_orders()) {
        let (_, notices) = fed(&one);
        let mut last: BTreeMap<SlotKey, Verdict> = BTreeMap::new();
        for transition in notices.iter().filter_map(Notice::transition) {
            let known = last.insert(transition.key.clone(), transition.to.clone());
            prop_assert_eq!(transition.from.as_ref().map(Verdict::state), known.as_ref().map(Verdict::state));
        }
    }

    #[test]
    fn a_complete_list_has_the_last_word((one, _) in two_orders()) {
        let (mut board, _) = fed(&one);
        board.resync("default", at(600), &[checked("only", HealthStatus::Healthy)], at(600));
        let rows = board.rows(at(601));
        prop_assert_eq!(rows.len(), 1);
        prop_assert_eq!(rows[0].verdict.state(), State::Ok);
    }
}
