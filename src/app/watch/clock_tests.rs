// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Watches whose clock, or whose engine's clock, is set while they go on.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::cell::Cell;

use chrono::{DateTime, TimeDelta, Utc};

use super::tests::{BOTH, Stage, ongoing};
use super::*;
use crate::sys::engine::{Deadline, RestartPolicy};
use crate::sys::fake::{FakeEngine, OomVictim};

/// A clock that can be set apart from the engine's.
struct Settable {
    engine: FakeEngine,
    by: Cell<TimeDelta>,
}

impl Clock for Settable {
    fn now(&self) -> DateTime<Utc> {
        self.engine.now() + self.by.get()
    }
}

/// Whose clock is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Ours alone: the engine is on another machine.
    Ours,
    /// That of the machine which both run on.
    Shared,
}

#[tokio::test(start_paused = true)]
async fn setting_a_clock_is_no_news_and_keeps_nothing_back() {
    for flavour in BOTH {
        for whose in [Whose::Ours, Whose::Shared] {
            for hours in [1, -1] {
                clock_is_set(&Stage::new(flavour), whose, TimeDelta::hours(hours)).await;
            }
        }
    }
}

async fn clock_is_set(stage: &Stage, whose: Whose, by: TimeDelta) {
    let id = stage.sleeper("plain").await;
    stage.checked("fine").await;
    let sick = stage.checked("sick").await;
    let clock = Settable { engine: stage.engine.clone(), by: Cell::new(TimeDelta::zero()) };
    let place = if whose == Whose::Ours { Place::Elsewhere } else { Place::Here };
    let watched = [Watched { context: "default", engine: &stage.engine, place }];
    let surroundings = Surroundings { clock: &clock, catalog: Catalog::default(), observer: &stage.backlog };
    let request = ongoing();
    let watching = watch(&watched, &request, surroundings, &stage.cancelled);
    let script = async {
        stage.pass(3).await;
        stage.sicken(&sick).await;
        stage.pass(8).await;
        stage.told();
        let set = |by| match whose {
            Whose::Ours => clock.by.set(clock.by.get() + by),
            Whose::Shared => stage.engine.set_clock(by),
        };
        set(by);
        stage.pass(70).await;
        assert_eq!(stage.told(), [""; 0], "{whose:?} {by}");
        // What is held back for five seconds is told after them.
        stage.engine.stop_container(&id, super::tests::NOW, Deadline::CHANGE).await.unwrap();
        stage.pass(2).await;
        set(-by);
        stage.pass(10).await;
        // The comparison after the clock was set may be first.
        let told = stage.told();
        assert!(
            told.len() == 1 && told[0].starts_with("plain no_check>stopped stopped_on_request"),
            "{whose:?} {by} {told:?}"
        );
        stage.cancelled.cancel();
    };
    tokio::join!(watching, script);
}

#[tokio::test(start_paused = true)]
async fn our_own_clock_ends_no_loop_and_forgets_no_kill() {
    for flavour in BOTH {
        let stage = Stage::new(flavour);
        stage.sleeper("child").await;
        let clock = Settable { engine: stage.engine.clone(), by: Cell::new(TimeDelta::zero()) };
        let watched = [Watched { context: "default", engine: &stage.engine, place: Place::Elsewhere }];
        let surroundings = Surroundings { clock: &clock, catalog: Catalog::default(), observer: &stage.backlog };
        let request = ongoing();
        let watching = watch(&watched, &request, surroundings, &stage.cancelled);
        let script = async {
            stage.pass(2).await;
            stage.engine.run_out_of_memory("voice-child-1", OomVictim::Child);
            stage
                .run("again", &["sh", "-c", "exit 1"], |plan| {
                    plan.restart_policy = RestartPolicy { name: "always".to_owned(), maximum_retries: 0 };
                })
                .await;
            stage.pass(20).await;
            let told = stage.told();
            assert!(told.iter().any(|line| line.contains(">loop")), "{told:?}");
            assert!(told.iter().any(|line| line.contains(">degraded")), "{told:?}");
            for by in [TimeDelta::hours(1), TimeDelta::hours(-1)] {
                clock.by.set(clock.by.get() + by);
                stage.pass(20).await;
                assert_eq!(stage.told(), [""; 0], "{by}");
            }
            stage.cancelled.cancel();
        };
        tokio::join!(watching, script);
    }
}
