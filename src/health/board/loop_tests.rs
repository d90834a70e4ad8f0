// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A loop is not told as over until a run has lasted: an engine with a container that dies is played, whatever the
//! lengths of its runs, whatever is inspected, and whenever the watch begins.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::health::backoff::{ENGINE_RESET, engine_wait};
use crate::health::crashes::STEADY;
use crate::health::observation::{RestartPolicy, Status};
use crate::health::testing::{at, event, running};
use crate::health::verdict::State;

/// A container with the policy `always`, and the watch of it.
struct Play {
    board: Board,
    container: Container,
    now: Timestamp,
    /// Short runs in a row.
    in_a_row: u32,
    told: Vec<Told>,
}

/// A change that was told, and how long the run had lasted by then.
#[derive(Debug)]
struct Told {
    from: Option<State>,
    to: State,
    run: TimeDelta,
}

/// One run, and what is inspected of it.
#[derive(Debug, Clone)]
struct Run {
    milliseconds: i64,
    inspects_start: bool,
    inspects_end: bool,
}

impl Play {
    fn new(restarts: u32, is_waiting: bool) -> Self {
        let mut container = running("web");
        container.restart_policy = RestartPolicy::Always;
        container.restart_count = restarts;
        container.created_at = at(-i64::from(restarts) * 11 - 1);
        let mut play = Self { board: Board::new(), container, now: at(0), in_a_row: restarts, told: Vec::new() };
        play.container.finished_at = (restarts > 0).then(|| at(-1));
        if is_waiting {
            play.now = at(1);
            play.turn_waiting();
        }
        let notices = play.board.resync("default", play.now, std::slice::from_ref(&play.container), play.now);
        play.take(&notices);
        play
    }

    fn turn_waiting(&mut self) {
        self.container.finished_at = Some(self.now);
        self.container.status = Status::Restarting;
        self.container.restarting = true;
        self.container.restart_count += 1;
    }

    fn take(&mut self, notices: &[Notice]) {
        let run = self.container.started_at.map_or(TimeDelta::zero(), |start| self.now - start);
        self.told.extend(notices.iter().filter_map(Notice::transition).map(|one| Told {
            from: one.from.as_ref().map(Verdict::state),
            to: one.to.state(),
            run,
        }));
    }

    fn hear(&mut self, kind: EventKind) {
        let notices = self.board.event("default", &event("web", self.now, kind), self.now);
        self.take(&notices);
    }

    fn inspect(&mut self) {
        let notices = self.board.inspect("default", self.now, &self.container, self.now);
        self.take(&notices);
    }

    /// Time passes, looked at each second.
    fn pass(&mut self, length: TimeDelta) {
        let end = self.now + length;
        while self.now + TimeDelta::seconds(1) < end {
            self.now += TimeDelta::seconds(1);
            let notices = self.board.tick(self.now);
            self.take(&notices);
        }
        self.now = end;
    }

    fn run(&mut self, run: &Run) {
        if self.container.status == Status::Restarting {
            self.pass(engine_wait(self.in_a_row.max(1)));
            self.container.status = Status::Running;
            self.container.restarting = false;
            self.container.started_at = Some(self.now);
            self.hear(EventKind::Started);
            if run.inspects_start {
                self.inspect();
            }
        }
        self.pass(TimeDelta::milliseconds(run.milliseconds));
        let is_long = TimeDelta::milliseconds(run.milliseconds) >= ENGINE_RESET;
        self.in_a_row = if is_long { 1 } else { self.in_a_row + 1 };
        self.container.exit_code = 1;
        self.turn_waiting();
        self.hear(EventKind::Died { exit_code: 1 });
        if run.inspects_end {
            self.inspect();
        }
    }
}

fn run() -> impl Strategy<Value = Run> {
    let length =
        prop_oneof![4 => 50_i64..3_000, 3 => 9_000_i64..13_000, 2 => 20_000_i64..70_000, 1 => 100_000_i64..200_000];
    (length, any::<bool>(), any::<bool>()).prop_map(|(milliseconds, inspects_start, inspects_end)| Run {
        milliseconds,
        inspects_start,
        inspects_end,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_loop_is_over_only_after_a_run_that_lasted(
        restarts in prop_oneof![Just(0_u32), 1..9_u32, Just(200)],
        is_waiting: bool,
        runs in proptest::collection::vec(run(), 1..25),
    ) {
        let mut play = Play::new(restarts, is_waiting);
        for run in &runs {
            play.run(run);
        }
        for told in &play.told {
            let is_flap = told.from == Some(State::Loop) && told.to != State::Loop && told.run < STEADY;
            prop_assert!(!is_flap, "{told:?} of {:#?}", play.told);
        }
    }
}

/// Dying every two minutes: the oldest of five deaths leaves the window a moment before the next one enters it.
#[test]
fn a_slow_loop_stays_one_while_the_window_moves_on() {
    let mut play = Play::new(0, false);
    for _ in 0..12 {
        play.run(&Run { milliseconds: 121_000, inspects_start: true, inspects_end: true });
    }
    let loops = play.told.iter().filter(|told| told.to == State::Loop).count();
    assert_eq!(loops, 1, "{:#?}", play.told);
}

#[test]
fn a_run_that_lasts_ends_the_loop_and_one_crash_later_is_no_loop() {
    let mut play = Play::new(0, false);
    let short = Run { milliseconds: 500, inspects_start: true, inspects_end: true };
    for _ in 0..4 {
        play.run(&short);
    }
    assert_eq!(play.told.last().map(|told| told.to), Some(State::Loop));
    play.run(&Run { milliseconds: 90_000, ..short.clone() });
    let words: Vec<State> = play.told.iter().rev().take(2).rev().map(|told| told.to).collect();
    assert_eq!(words, [State::NoCheck, State::Crashed]);
}

/// A busy engine answers a look before the event of the death comes. Of a container that runs again it says exit code 0.
#[test]
fn a_loop_seen_by_a_look_before_the_event_of_its_death_is_told_with_the_exit_code_of_that() {
    let mut play = Play::new(0, false);
    let key = play.board.rows(at(0))[0].key.clone();
    play.now = at(1);
    play.turn_waiting();
    play.hear(EventKind::Died { exit_code: 3 });
    play.now = at(2);
    play.hear(EventKind::Started);
    play.container.status = Status::Running;
    play.container.restarting = false;
    play.container.restart_count = 2;
    play.container.exit_code = 0;
    play.container.started_at = Some(at(4));
    play.container.finished_at = Some(at(3));
    // The look holds for the moment up to which events were heard.
    let seen = play.container.clone();
    let mut said = Vec::new();
    let mut say = |board: &Board, notices: &[Notice], now: Timestamp| {
        if notices.iter().filter_map(Notice::transition).any(|one| one.to.state() == State::Loop) {
            said.push(board.why(&key, Background::default(), now).map(|why| why.sentence).unwrap_or_default());
        }
    };
    let notices = play.board.inspect("default", at(2), &seen, at(4));
    say(&play.board, &notices, at(4));
    let died = event("web", at(3), EventKind::Died { exit_code: 3 });
    let notices = play.board.event("default", &died, at(4));
    say(&play.board, &notices, at(4));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("last with exit 3"), "{said:?}");
}
