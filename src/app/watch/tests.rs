// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whole watches over engines in memory, with outages, broken streams and slow answers by script.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::*;
use crate::health::Verdict;
use crate::health::board::{CauseKind, Source};
use crate::health::verdict::State;
use crate::sys::engine::{ContainerPlan, Deadline, Grace, HealthCheck, Labels, RestartPolicy};
use crate::sys::fake::{FakeEngine, FakeFault, Flavour, OomVictim};

/// The clock of the machine that the engine runs on.
struct SameClock(FakeEngine);

impl Clock for SameClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// A clock that is an hour behind the engine's.
struct Behind(FakeEngine);
impl Clock for Behind {
    fn now(&self) -> DateTime<Utc> {
        self.0.now() - chrono::TimeDelta::hours(1)
    }
}

pub(super) struct Stage {
    pub(super) engine: FakeEngine,
    pub(super) backlog: Backlog,
    pub(super) cancelled: CancellationToken,
}

impl Stage {
    pub(super) fn new(flavour: Flavour) -> Self {
        let backlog = Backlog::new(CAPACITY, Overflow::Fold);
        Self { engine: FakeEngine::new(flavour), backlog, cancelled: CancellationToken::new() }
    }

    /// Lets time pass for the engine and for the watch.
    pub(super) async fn pass(&self, seconds: u64) {
        for _ in 0..seconds * 10 {
            self.engine.advance(Duration::from_millis(100));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(super) async fn run(&self, service: &str, command: &[&str], shape: impl FnOnce(&mut ContainerPlan)) -> String {
        let labels = [("com.docker.compose.project", "voice"), ("com.docker.compose.service", service)];
        let mut plan = ContainerPlan {
            name: format!("voice-{service}-1"),
            image: "stackctl-test:1".to_owned(),
            command: command.iter().map(|word| (*word).to_owned()).collect(),
            labels: labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Labels>(),
            ..ContainerPlan::default()
        };
        shape(&mut plan);
        let id = self.engine.create_container(&plan, Deadline::CHANGE).await.unwrap();
        self.engine.start_container(&id, Deadline::CHANGE).await.unwrap();
        id
    }

    pub(super) async fn sleeper(&self, service: &str) -> String {
        self.run(service, &["sleep", "100000"], |_| ()).await
    }

    pub(super) async fn checked(&self, service: &str) -> String {
        self.run(service, &["sleep", "100000"], |plan| {
            plan.health_check = Some(HealthCheck {
                test: ["CMD", "test", "!", "-e", "/sick"].map(str::to_owned).to_vec(),
                interval: Some(Duration::from_secs(2)),
                retries: Some(2),
                ..HealthCheck::default()
            });
        })
        .await
    }

    pub(super) async fn sicken(&self, id: &str) {
        let command = ["touch", "/sick"].map(str::to_owned).to_vec();
        let touch = crate::sys::engine::ExecRequest { command, keep_bytes: 10, ..Default::default() };
        self.engine.exec(id, &touch, Deadline::CHANGE).await.unwrap();
    }

    /// What was told since the last time, in short: `service from>to cause source`.
    pub(super) fn told(&self) -> Vec<String> {
        self.backlog.take_all().items.iter().map(|told| short(&told.news)).collect()
    }

    /// Watches while `script` runs; gives what the watch could not reach.
    async fn watch(&self, request: &Request, script: impl Future<Output = ()>) -> Vec<Failure> {
        let clock = SameClock(self.engine.clone());
        let watched = [Watched { context: "default", engine: &self.engine, place: Place::Elsewhere }];
        let surroundings = Surroundings { clock: &clock, catalog: Catalog::default(), observer: &self.backlog };
        let watching = watch(&watched, request, surroundings, &self.cancelled);
        tokio::pin!(watching);
        tokio::select! {
            failures = &mut watching => return failures,
            () = script => self.cancelled.cancel(),
        }
        watching.await
    }
}

fn short(news: &News) -> String {
    match news {
        News::Transition(one) => {
            let one = &one.transition;
            let from = one.from.as_ref().map_or("", Verdict::word);
            format!("{} {from}>{} {} {}", one.key.service, one.to.word(), one.cause.kind.word(), one.source.word())
        }
        News::Engine { change: EngineNews::Lost { .. }, .. } => "engine lost".to_owned(),
        News::Engine { change: EngineNews::Back { .. }, .. } => "engine back".to_owned(),
    }
}

pub(super) fn ongoing() -> Request {
    Request {
        scope: Scope::Everything,
        services: BTreeSet::new(),
        file: None,
        is_only_engine: true,
        extent: Extent::Ongoing,
    }
}

pub(super) const BOTH: [Flavour; 2] = [Flavour::DieThenStop, Flavour::StopThenDie];
pub(super) const NOW: Grace = Grace(Some(Duration::ZERO));

#[tokio::test(start_paused = true)]
async fn once_tells_the_present_state_and_ends() {
    let stage = Stage::new(Flavour::StopThenDie);
    stage.sleeper("a").await;
    let gone = stage.run("b", &["sh", "-c", "exit 3"], |_| ()).await;
    stage.engine.advance(Duration::from_secs(1));
    let request = Request { extent: Extent::Once, ..ongoing() };
    let failures = stage.watch(&request, std::future::pending()).await;
    assert_eq!(failures, []);
    assert_eq!(stage.told(), ["a >no_check first_seen resync", "b >stopped first_seen resync"], "{gone}");
    assert_eq!(stage.engine.calls().iter().filter(|call| **call == "list containers").count(), 1);
    assert_eq!(stage.engine.calls().iter().filter(|call| **call == "inspect container").count(), 2);
}

#[tokio::test(start_paused = true)]
async fn health_crash_stop_and_pause_are_told_as_they_happen() {
    for flavour in BOTH {
        let stage = Stage::new(flavour);
        let sick = stage.checked("sick").await;
        let plain = stage.sleeper("plain").await;
        stage
            .watch(&ongoing(), async {
                stage.pass(5).await;
                let first = stage.told();
                assert!(first.contains(&"plain >no_check first_seen resync".to_owned()), "{first:?}");
                assert_eq!(first.last().map(String::as_str), Some("sick starting>ok health event"), "{first:?}");
                stage.sicken(&sick).await;
                stage.pass(6).await;
                assert_eq!(stage.told(), ["sick ok>unhealthy health event"]);
                stage.engine.pause_container(&plain, Deadline::CHANGE).await.unwrap();
                stage.pass(1).await;
                stage.engine.unpause_container(&plain, Deadline::CHANGE).await.unwrap();
                stage.pass(1).await;
                assert_eq!(
                    stage.told(),
                    ["plain no_check>paused paused event", "plain paused>no_check unpaused event"]
                );
                stage.engine.crash("voice-plain-1", 3);
                stage.pass(1).await;
                assert_eq!(stage.told(), ["plain no_check>stopped exited event"]);
                stage.engine.stop_container(&sick, NOW, Deadline::CHANGE).await.unwrap();
                stage.pass(8).await;
                let told = stage.told();
                assert_eq!(told.len(), 1, "{told:?}");
                assert!(told[0].starts_with("sick unhealthy>stopped stopped_on_request"), "{told:?}");
            })
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_by_hand_is_one_piece_of_news() {
    for flavour in BOTH {
        let stage = Stage::new(flavour);
        let id = stage.sleeper("a").await;
        stage
            .watch(&ongoing(), async {
                stage.pass(2).await;
                stage.told();
                stage.engine.restart_container(&id, NOW, Deadline::CHANGE).await.unwrap();
                stage.pass(10).await;
                assert_eq!(stage.told(), ["a no_check>no_check restarted event"]);
            })
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_loop_and_a_childs_end_for_memory_are_told_once() {
    for flavour in BOTH {
        let stage = Stage::new(flavour);
        stage.sleeper("child").await;
        stage
            .watch(&ongoing(), async {
                stage.pass(2).await;
                stage.told();
                stage.engine.run_out_of_memory("voice-child-1", OomVictim::Child);
                stage.pass(3).await;
                assert_eq!(stage.told(), ["child no_check>degraded out_of_memory event"]);
                stage
                    .run("again", &["sh", "-c", "exit 1"], |plan| {
                        plan.restart_policy = RestartPolicy { name: "always".to_owned(), maximum_retries: 0 };
                    })
                    .await;
                stage.pass(90).await;
                let loops = stage.told().into_iter().filter(|told| told.contains(">loop")).count();
                assert_eq!(loops, 1);
            })
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_told_once_and_what_was_missed_afterwards() {
    for flavour in BOTH {
        let stage = Stage::new(flavour);
        stage.checked("fine").await;
        stage.sleeper("dies").await;
        stage
            .watch(&ongoing(), async {
                stage.pass(5).await;
                stage.told();
                stage.engine.go_away();
                stage.engine.crash("voice-dies-1", 3);
                stage.pass(20).await;
                assert_eq!(stage.told(), ["engine lost"]);
                stage.engine.come_back();
                stage.pass(40).await;
                // The check of `fine` began anew, which is no news.
                assert_eq!(stage.told(), ["engine back", "dies no_check>stopped exited resync"]);
            })
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_breaks_is_no_outage_and_loses_nothing() {
    let stage = Stage::new(Flavour::StopThenDie);
    let id = stage.sleeper("a").await;
    stage.engine.plan_fault("read events", 0, 3, FakeFault::StreamBreaksAfter(1));
    stage
        .watch(&ongoing(), async {
            stage.pass(2).await;
            stage.told();
            for _ in 0..3 {
                stage.engine.pause_container(&id, Deadline::CHANGE).await.unwrap();
                stage.pass(2).await;
                stage.engine.unpause_container(&id, Deadline::CHANGE).await.unwrap();
                stage.pass(2).await;
            }
            let told = stage.told();
            let words: Vec<&str> = told.iter().filter_map(|line| line.split(' ').nth(1)).collect();
            assert_eq!(words, ["no_check>paused", "paused>no_check"].repeat(3), "{told:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn events_during_the_first_comparison_are_not_lost() {
    let stage = Stage::new(Flavour::StopThenDie);
    stage.sleeper("a").await;
    // The answer takes three seconds, in which the container crashes.
    stage.run("b", &["sh", "-c", "sleep 5; exit 3"], |_| ()).await;
    stage.engine.advance(Duration::from_secs(3));
    stage.engine.plan_fault("list containers", 0, 1, FakeFault::Slow(Duration::from_secs(3)));
    stage
        .watch(&ongoing(), async {
            stage.pass(3).await;
            let told = stage.told();
            assert!(told.iter().any(|line| line.starts_with("b ") && line.contains(">stopped")), "{told:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_container_that_cannot_be_inspected_is_not_taken_for_gone() {
    let stage = Stage::new(Flavour::StopThenDie);
    stage.sleeper("a").await;
    stage.sleeper("b").await;
    stage
        .watch(&ongoing(), async {
            stage.pass(2).await;
            assert_eq!(stage.told().len(), 2);
            stage.engine.plan_fault("inspect container", 0, 2, FakeFault::Refused(500, "busy".to_owned()));
            stage.pass(130).await;
            assert_eq!(stage.told(), Vec::<String>::new());
        })
        .await;
    assert_eq!(stage.engine.calls().iter().filter(|call| **call == "list containers").count(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_failed_probe_is_told_with_the_fault_and_a_slow_look_delays_it_little() {
    for refused in [0, 1] {
        let stage = Stage::new(Flavour::StopThenDie);
        let id = stage
            .run("sick", &["sleep", "100000"], |plan| {
                plan.health_check = Some(HealthCheck {
                    test: ["CMD-SHELL", "echo no answer; exit 4"].map(str::to_owned).to_vec(),
                    interval: Some(Duration::from_secs(2)),
                    retries: Some(2),
                    ..HealthCheck::default()
                });
            })
            .await;
        stage
            .watch(&ongoing(), async {
                stage.pass(3).await;
                stage.told();
                stage.engine.plan_fault("inspect container", 0, refused, FakeFault::Refused(500, id.clone()));
                stage.pass(3).await;
                let items = stage.backlog.take_all().items;
                assert_eq!(items.len(), 1, "{items:?}");
                let News::Transition(one) = &items[0].news else { unreachable!("a transition") };
                assert_eq!(one.transition.to.state(), State::Unhealthy);
                if refused == 0 {
                    assert_eq!(one.transition.cause.streak, Some(2));
                    assert_eq!(one.transition.cause.probe_output.as_deref(), Some("no answer"));
                }
            })
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_recreate_is_one_piece_of_news_and_a_removal_another() {
    let stage = Stage::new(Flavour::DieThenStop);
    let old = stage.sleeper("a").await;
    stage
        .watch(&ongoing(), async {
            stage.pass(2).await;
            stage.told();
            stage.engine.stop_container(&old, NOW, Deadline::CHANGE).await.unwrap();
            stage.engine.remove_container(&old, Deadline::CHANGE).await.unwrap();
            let new = stage.sleeper("a").await;
            stage.pass(10).await;
            assert_eq!(stage.told(), ["a no_check>no_check recreated event"]);
            stage.engine.remove_container(&new, Deadline::CHANGE).await.unwrap();
            stage.pass(10).await;
            let told = stage.told();
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with("a no_check>missing removed"), "{told:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn services_are_filtered_and_numbers_have_no_gap() {
    let stage = Stage::new(Flavour::StopThenDie);
    let (a, b) = (stage.sleeper("a").await, stage.sleeper("b").await);
    let request = Request { services: BTreeSet::from(["b".to_owned()]), ..ongoing() };
    stage
        .watch(&request, async {
            stage.pass(2).await;
            for id in [&a, &b, &a] {
                stage.engine.pause_container(id, Deadline::CHANGE).await.unwrap();
                stage.engine.unpause_container(id, Deadline::CHANGE).await.unwrap();
            }
            stage.pass(2).await;
            let items = stage.backlog.take_all().items;
            let seen: Vec<(u64, String)> = items.iter().map(|told| (told.seq, short(&told.news))).collect();
            assert!(seen.iter().all(|(_, line)| line.starts_with("b ")), "{seen:?}");
            assert_eq!(seen.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [1, 2, 3], "{seen:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn two_thousand_events_with_a_stalled_reader_are_all_told() {
    let stage = Stage::new(Flavour::StopThenDie);
    let id = stage.sleeper("a").await;
    stage
        .watch(&ongoing(), async {
            stage.pass(1).await;
            stage.told();
            for _ in 0..1000 {
                stage.engine.pause_container(&id, Deadline::CHANGE).await.unwrap();
                stage.engine.unpause_container(&id, Deadline::CHANGE).await.unwrap();
                tokio::task::yield_now().await;
            }
            stage.pass(1).await;
            let taken = stage.backlog.take_all();
            assert_eq!((taken.dropped, taken.items.iter().map(|told| told.count).sum::<u64>()), (0, 2000));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn no_engine_at_all_fails_at_once_and_one_of_two_is_enough() {
    let stage = Stage::new(Flavour::StopThenDie);
    stage.engine.go_away();
    let failures = stage.watch(&ongoing(), std::future::pending()).await;
    assert_eq!(failures.len(), 1);
    assert!(failures[0].error.is_outage());

    let other = Stage::new(Flavour::StopThenDie);
    other.sleeper("a").await;
    let clock = SameClock(other.engine.clone());
    let watched = [
        Watched { context: "away", engine: &stage.engine, place: Place::Elsewhere },
        Watched { context: "here", engine: &other.engine, place: Place::Elsewhere },
    ];
    let surroundings = Surroundings { clock: &clock, catalog: Catalog::default(), observer: &other.backlog };
    let request = ongoing();
    let watching = watch(&watched, &request, surroundings, &other.cancelled);
    let script = async {
        other.pass(3).await;
        let mut told = other.told();
        told.sort();
        assert_eq!(told, ["a >no_check first_seen resync", "engine lost"]);
        stage.engine.come_back();
        other.pass(40).await;
        assert_eq!(other.told(), ["engine back"]);
        other.cancelled.cancel();
    };
    let (failures, ()) = tokio::join!(watching, script);
    assert_eq!(failures, []);
}

#[tokio::test(start_paused = true)]
async fn the_engines_clock_counts_where_the_two_differ() {
    let stage = Stage::new(Flavour::StopThenDie);
    let id = stage.sleeper("a").await;
    let clock = Behind(stage.engine.clone());
    let watched = [Watched { context: "default", engine: &stage.engine, place: Place::Elsewhere }];
    let surroundings = Surroundings { clock: &clock, catalog: Catalog::default(), observer: &stage.backlog };
    let request = ongoing();
    let watching = watch(&watched, &request, surroundings, &stage.cancelled);
    let script = async {
        stage.pass(2).await;
        stage.told();
        stage.engine.pause_container(&id, Deadline::CHANGE).await.unwrap();
        stage.pass(1).await;
        let items = stage.backlog.take_all().items;
        let News::Transition(one) = &items[0].news else { unreachable!("a transition") };
        assert!((stage.engine.now() - one.transition.at).num_seconds() < 5, "{}", one.transition.at);
        assert_eq!((one.transition.cause.kind, one.transition.source), (CauseKind::Paused, Source::Event));
        assert_eq!(one.transition.to.state(), State::Paused);
        stage.cancelled.cancel();
    };
    tokio::join!(watching, script);
}
