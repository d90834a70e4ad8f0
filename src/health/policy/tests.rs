// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The policy, second by second, over small worlds.

use chrono::TimeDelta;

use super::*;
use crate::compose::model::Condition;
use crate::health::definition::Need;
use crate::health::testing::at;
use crate::health::verdict::{Counted, Degraded, Verdict, Wanted};

pub(super) fn unhealthy() -> Verdict {
    Verdict::Unhealthy { streak: Some(3), last: None }
}

pub(super) fn crashed() -> Verdict {
    stopped(Wanted::Unasked)
}

pub(super) fn stopped(wanted: Wanted) -> Verdict {
    Verdict::Stopped { exit_code: Some(1), oom: false, wanted, next_retry: None }
}

pub(super) fn ok() -> Verdict {
    Verdict::Ok { completed: false }
}

pub(super) fn subject(service: &str, verdict: Verdict) -> Subject {
    Subject {
        key: SlotKey {
            context: "default".to_owned(),
            project: "voice".to_owned(),
            service: service.to_owned(),
            number: 1,
            one_off: None,
        },
        verdict,
        started_at: Some(at(-1_000)),
        grace: TimeDelta::seconds(30),
        is_one_shot: false,
        is_quiet: false,
        needs: Vec::new(),
        label: Some("restart".to_owned()),
    }
}

fn needing(mut subject: Subject, service: &str) -> Subject {
    subject.needs.push(Need {
        service: service.to_owned(),
        condition: Condition::Healthy,
        shares_namespace: false,
        restart: false,
        required: true,
    });
    subject
}

/// What a restart does to a service.
#[derive(Clone, Copy, PartialEq)]
enum Cure {
    Heals,
    Fails,
}

struct World {
    supervisor: Supervisor,
    subjects: Vec<Subject>,
    settings: PolicySettings,
    link: Link,
    locked: BTreeSet<String>,
    cure: Cure,
    now: i64,
    lines: Vec<String>,
}

fn world(subjects: Vec<Subject>, cure: Cure) -> World {
    World {
        supervisor: Supervisor::new(),
        subjects,
        settings: PolicySettings::default(),
        link: Link::LiveSince(at(-100)),
        locked: BTreeSet::new(),
        cure,
        now: 0,
        lines: Vec::new(),
    }
}

impl World {
    /// Lets the seconds up to and without `end` pass.
    fn run(&mut self, end: i64) -> &mut Self {
        while self.now < end {
            let conditions = Conditions {
                now: at(self.now),
                link: self.link,
                locked: &self.locked,
                seed: 7,
                settings: &self.settings,
            };
            for decision in self.supervisor.step(&self.subjects, &conditions) {
                self.take(&decision);
            }
            self.now += 1;
        }
        self
    }

    fn take(&mut self, decision: &Decision) {
        match decision {
            Decision::Act(action) => {
                let names: Vec<&str> = action.targets.iter().map(|key| key.service.as_str()).collect();
                let half = if action.is_half_open { " half-open" } else { "" };
                let dry = if action.execution == Execution::DryRun { " dry" } else { "" };
                let kind = match &action.kind {
                    ActionKind::Restart => "restart".to_owned(),
                    ActionKind::RestartStack => "stack".to_owned(),
                    ActionKind::Command(words) => words.join(" "),
                };
                self.lines.push(format!("{} {kind} {} #{}{half}{dry}", self.now, names.join(","), action.attempt));
                for subject in self.subjects.iter_mut().filter(|one| action.targets.contains(&one.key)) {
                    if action.execution == Execution::Real {
                        subject.started_at = Some(at(self.now));
                        if self.cure == Cure::Heals {
                            subject.verdict = ok();
                        }
                    }
                }
            }
            Decision::Notify(notice) => {
                let name = notice.key.as_ref().map_or("-", |key| key.service.as_str());
                self.lines.push(format!("{} {:?} {name}", self.now, notice.kind));
            }
        }
    }

    fn set(&mut self, service: &str, verdict: &Verdict) -> &mut Self {
        for subject in self.subjects.iter_mut().filter(|one| one.key.service == service) {
            subject.verdict = verdict.clone();
        }
        self
    }

    /// The lines since the last call, without their seconds.
    fn lines(&mut self) -> Vec<String> {
        let strip = |line: String| line.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        std::mem::take(&mut self.lines).into_iter().map(strip).collect()
    }

    /// The seconds of the actions so far.
    fn action_seconds(&self) -> Vec<i64> {
        let actions = self.lines.iter().filter(|line| line.contains('#'));
        actions.filter_map(|line| line.split(' ').next()?.parse().ok()).collect()
    }
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_service_that_a_restart_heals_is_restarted_once_and_told_as_recovered() {
    let mut world = world(vec![subject("web", ok())], Cure::Heals);
    world.run(5).set("web", &unhealthy()).run(100);
    let seconds = world.action_seconds();
    assert!((14..=16).contains(&seconds[0]), "the first wait is ten seconds, more or less a tenth: {seconds:?}");
    assert_eq!(world.lines(), ["Bad web", "restart web #1", "Recovered web"]);
}

#[test]
fn waits_double_then_the_breaker_opens_with_one_notice_then_tries_once() {
    let mut world = world(vec![subject("web", unhealthy())], Cure::Fails);
    world.run(3_000);
    let seconds = world.action_seconds();
    let waits: Vec<i64> = seconds.windows(2).map(|pair| pair[1] - pair[0]).take(4).collect();
    for (wait, plain) in waits.iter().zip([20, 40, 80, 160]) {
        assert!((plain * 9 / 10..=plain * 11 / 10 + 2).contains(wait), "{waits:?}");
    }
    let lines = world.lines();
    let first: Vec<&str> = lines.iter().map(String::as_str).take(8).collect();
    assert_eq!(
        first,
        [
            "Bad web",
            "restart web #1",
            "restart web #2",
            "restart web #3",
            "restart web #4",
            "restart web #5",
            "GaveUp web",
            "restart web #1 half-open",
        ]
    );
    assert!(seconds[5] - seconds[4] >= 900, "the cool-down");
    assert_eq!(lines.iter().filter(|line| line.starts_with("GaveUp")).count(), 1);
    assert!(lines[8..].iter().all(|line| line.ends_with("half-open")));
}

#[test]
fn half_open_heals_and_the_breaker_closes() {
    let mut world = world(vec![subject("web", unhealthy())], Cure::Fails);
    world.run(600);
    let key = world.subjects[0].key.clone();
    assert!(world.supervisor.is_open(&key));
    world.cure = Cure::Heals;
    world.run(2_500);
    assert!(!world.supervisor.is_open(&key));
    assert_eq!(world.lines().last().map(String::as_str), Some("Recovered web"));
    world.set("web", &unhealthy()).run(2_520);
    assert_eq!(world.lines(), ["Bad web", "restart web #1"], "settled: the first wait again");
}

#[test]
fn reset_by_hand_closes_the_breaker() {
    let mut world = world(vec![subject("web", unhealthy())], Cure::Fails);
    world.run(600).lines();
    let key = world.subjects[0].key.clone();
    world.supervisor.reset(&key);
    world.run(620);
    assert_eq!(world.lines(), ["Bad web", "restart web #1"]);
}

#[test]
fn modes_decide_what_happens() {
    let cases: [(Option<&str>, &[&str]); 7] = [
        (None, &[]),
        (Some("observe"), &[]),
        (Some("reboot"), &[]),
        (Some("notify"), &["Bad web"]),
        (Some("restart"), &["Bad web", "restart web #1"]),
        (Some("restart-stack"), &["Bad web", "stack web #1"]),
        (Some("command"), &["Bad web", "notify-me now web #1"]),
    ];
    for (label, expected) in cases {
        let mut world =
            world(vec![Subject { label: label.map(str::to_owned), ..subject("web", unhealthy()) }], Cure::Heals);
        world.settings.default.command = vec!["notify-me".to_owned(), "now".to_owned()];
        world.run(25);
        assert_eq!(world.lines(), expected, "{label:?}");
    }
}

#[test]
fn verdicts_decide_what_happens() {
    let looping = Verdict::Loop {
        count: 6,
        counted: Counted::SinceStartByHand,
        next_retry: None,
        exit_code: Some(1),
        oom: false,
    };
    let retrying =
        Verdict::Stopped { exit_code: Some(1), oom: false, wanted: Wanted::Unasked, next_retry: Some(at(5)) };
    let never_started = Verdict::Stopped { exit_code: None, oom: false, wanted: Wanted::Unasked, next_retry: None };
    let child = Verdict::Degraded { reason: Degraded::ChildOutOfMemory { kills: 1 } };
    let treated: &[&str] = &["Bad web", "restart web #1"];
    let told: &[&str] = &["Bad web"];
    let nothing: &[&str] = &[];
    let cases = [
        (ok(), nothing),
        (Verdict::NoCheck, nothing),
        (Verdict::Starting { since: None, latest: None }, nothing),
        (Verdict::Unknown { age: None }, nothing),
        (Verdict::Paused, nothing),
        (Verdict::Orphan, nothing),
        (stopped(Wanted::Asked), nothing),
        (stopped(Wanted::Inferred), nothing),
        (stopped(Wanted::Unknown), nothing),
        (Verdict::Missing { expected: false }, nothing),
        (Verdict::Missing { expected: true }, told),
        (looping, told),
        (retrying, told),
        (never_started, told),
        (child, told),
        (Verdict::Degraded { reason: Degraded::GpuLost }, treated),
        (unhealthy(), treated),
        (crashed(), treated),
    ];
    for (verdict, expected) in cases {
        let mut world = world(vec![subject("web", verdict.clone())], Cure::Heals);
        assert_eq!(world.run(25).lines(), expected, "{verdict:?}");
    }
}

#[test]
fn a_job_is_never_run_again() {
    let job = Subject { is_one_shot: true, ..subject("job", crashed()) };
    assert_eq!(world(vec![job], Cure::Heals).run(100).lines(), ["Bad job"]);
}

#[test]
fn what_ended_well_by_itself_is_told_and_not_run_again() {
    let done = Verdict::Stopped { exit_code: Some(0), oom: false, wanted: Wanted::Unasked, next_retry: None };
    assert_eq!(world(vec![subject("migrate", done)], Cure::Heals).run(100).lines(), ["Bad migrate"]);
}

#[test]
fn a_dependant_is_left_alone_while_its_dependency_is_the_cause() {
    let subjects = vec![needing(subject("app", unhealthy()), "db"), subject("db", unhealthy())];
    let mut world = world(subjects, Cure::Heals);
    world.run(12);
    assert_eq!(world.lines(), ["Bad db", "restart db #1"], "neither told nor treated");
    // Freed, it first gets the time to recover by itself.
    world.run(38);
    assert_eq!(world.lines(), NOTHING);
    world.run(45);
    assert_eq!(world.lines(), ["Bad app", "restart app #1", "Recovered db"]);
}

#[test]
fn what_somebody_stopped_blocks_its_dependants_and_is_not_touched() {
    let subjects = vec![needing(subject("app", unhealthy()), "db"), subject("db", stopped(Wanted::Asked))];
    assert_eq!(world(subjects, Cure::Heals).run(300).lines(), NOTHING);
}

#[test]
fn what_shares_a_namespace_follows_without_a_wait() {
    let mut app = subject("app", ok());
    app.needs = vec![Need {
        service: "vpn".to_owned(),
        condition: Condition::Started,
        shares_namespace: true,
        restart: false,
        required: true,
    }];
    let mut world = world(vec![app, needing(subject("web", ok()), "vpn"), subject("vpn", ok())], Cure::Heals);
    world.run(5).subjects[2].started_at = Some(at(4));
    world.run(100);
    assert_eq!(world.lines(), ["restart app #1"]);
    world.subjects[0].verdict = stopped(Wanted::Asked);
    world.subjects[2].started_at = Some(at(99));
    world.run(200);
    assert_eq!(world.lines(), NOTHING, "a stop by hand is respected");
}

#[test]
fn a_stack_is_restarted_in_order_without_what_was_stopped_or_opted_out() {
    let stack = |one: Subject| Subject { label: Some("restart-stack".to_owned()), ..one };
    let by_default = |one: Subject| Subject { label: None, ..one };
    let subjects = vec![
        stack(subject("app", unhealthy())),
        by_default(needing(subject("a_client", ok()), "bus")),
        by_default(subject("bus", ok())),
        Subject { label: Some("observe".to_owned()), ..subject("camera", ok()) },
        by_default(subject("down", stopped(Wanted::Asked))),
        Subject { is_one_shot: true, ..by_default(subject("init", Verdict::Ok { completed: true })) },
    ];
    let mut world = world(subjects, Cure::Heals);
    assert_eq!(world.run(15).lines(), ["Bad app", "stack app,bus,a_client #1"]);
}

#[test]
fn an_engine_that_is_away_or_just_back_stops_everything() {
    let mut world = world(vec![subject("web", unhealthy())], Cure::Heals);
    world.link = Link::Lost;
    assert_eq!(world.run(60).lines(), ["EngineLost -"]);
    world.link = Link::LiveSince(at(60));
    assert_eq!(world.run(90).lines(), ["EngineBack -"]);
    assert_eq!(world.run(120).lines(), ["Bad web", "restart web #1"]);
}

#[test]
fn many_at_once_are_the_host_and_nothing_is_done() {
    let names = ["a", "b", "c", "d"];
    let mut world = world(names.iter().map(|name| subject(name, ok())).collect(), Cure::Heals);
    world.run(5).set("a", &unhealthy()).set("b", &crashed()).set("c", &unhealthy()).run(200);
    assert_eq!(world.lines(), ["HostTrouble -"]);
    world.set("a", &ok()).set("c", &ok()).run(260);
    let lines = world.lines();
    assert_eq!(lines[..2], ["HostRecovered -", "Bad b"]);
    assert!(lines.contains(&"restart b #1".to_owned()));
}

#[test]
fn trouble_of_the_host_that_stays_is_treated_one_by_one_in_the_end() {
    let mut world = world(["a", "b", "c"].iter().map(|name| subject(name, unhealthy())).collect(), Cure::Heals);
    world.run(299);
    assert_eq!(world.lines(), ["HostTrouble -"]);
    world.run(400);
    assert_eq!(world.lines().iter().filter(|line| line.starts_with("restart")).count(), 3);
}

#[test]
fn dependants_of_one_cause_are_no_trouble_of_the_host() {
    let mut subjects = vec![subject("db", unhealthy())];
    subjects.extend(["a", "b", "c"].map(|name| needing(subject(name, unhealthy()), "db")));
    let mut world = world(subjects, Cure::Fails);
    assert_eq!(world.run(15).lines(), ["Bad db", "restart db #1"]);
}

#[test]
fn a_window_or_a_held_lock_mutes_and_does_not_tell_old_news_again() {
    let mut world = world(vec![subject("web", unhealthy()), subject("db", ok())], Cure::Heals);
    world.run(2);
    assert_eq!(world.lines(), ["Bad web"]);
    world.settings.windows = vec![Window { schedule: Schedule::Once { start: at(2), end: at(100) }, service: None }];
    world.set("db", &unhealthy()).run(100);
    assert_eq!(world.lines(), NOTHING);
    world.run(101);
    assert_eq!(world.lines(), ["Bad db"], "only what the window hid");
    world.locked = BTreeSet::from(["voice".to_owned()]);
    assert_eq!(world.run(300).lines(), NOTHING);
}

#[test]
fn a_recreate_under_way_is_waited_for() {
    let mut world = world(vec![Subject { is_quiet: true, ..subject("web", unhealthy()) }], Cure::Heals);
    assert_eq!(world.run(100).lines(), NOTHING);
}

#[test]
fn a_dry_run_says_what_it_would_do_within_the_same_limits() {
    let mut world = world(vec![subject("web", unhealthy())], Cure::Heals);
    world.settings.execution = Execution::DryRun;
    world.run(900);
    let lines = world.lines();
    assert_eq!(lines.iter().filter(|line| line.ends_with("dry")).count(), 5);
    assert!(lines.contains(&"GaveUp web".to_owned()));
}

#[test]
fn a_flapping_service_is_told_once() {
    let mut world = world(vec![Subject { label: Some("notify".to_owned()), ..subject("web", ok()) }], Cure::Fails);
    for _ in 0..10 {
        let now = world.now;
        world.set("web", &unhealthy()).run(now + 10).set("web", &ok()).run(now + 20);
    }
    let end = world.now + 40;
    world.run(end);
    assert_eq!(world.lines(), ["Bad web", "Recovered web"]);
}

#[test]
fn the_stop_that_begins_our_own_restart_is_not_taken_for_somebody_elses() {
    let mut world = world(vec![subject("web", unhealthy())], Cure::Fails);
    while world.action_seconds().is_empty() {
        let next = world.now + 1;
        world.run(next);
    }
    assert_eq!(world.lines(), ["Bad web", "restart web #1"]);
    world.set("web", &stopped(Wanted::Asked)).run(15);
    world.subjects[0].started_at = Some(at(15));
    world.set("web", &ok()).run(60);
    assert_eq!(world.lines(), ["Recovered web"]);
}

#[test]
fn rows_of_a_board_are_subjects() {
    use crate::health::board::Board;
    use crate::health::definition::Definition;
    use crate::health::event::EventKind;
    use crate::health::observation::HealthStatus;
    use crate::health::testing::{checked, event};

    let mut container = checked("web", HealthStatus::Unhealthy);
    container.labels.insert(LABEL.to_owned(), "restart".to_owned());
    let mut board = Board::new();
    board.resync("default", at(1), &[container], at(1));
    let definition = Definition { name: "web".to_owned(), expected: true, ..Definition::default() };
    board.set_file("default", "voice", Some(BTreeMap::from([("web".to_owned(), definition)])), at(1));
    let settings = PolicySettings::default();
    let mut supervisor = Supervisor::new();
    let mut decide = |board: &Board, second: i64| {
        let rows = board.rows(at(second));
        let subjects: Vec<Subject> = rows.iter().map(|row| Subject::new(row, board.definition(&row.key))).collect();
        assert_eq!(subjects[0].grace, TimeDelta::seconds(45));
        let link = Link::LiveSince(at(-60));
        let conditions = Conditions { now: at(second), link, locked: &BTreeSet::new(), seed: 1, settings: &settings };
        supervisor.step(&subjects, &conditions)
    };
    assert!(matches!(decide(&board, 2)[..], [Decision::Notify(_)]));
    // Somebody stops it while the supervisor waits for its first attempt.
    for (second, kind) in [(3, EventKind::Killed { signal: 15 }), (4, EventKind::Died { exit_code: 143 })] {
        board.event("default", &event("web", at(second), kind), at(second));
    }
    board.tick(at(10));
    for second in 10..200 {
        assert_eq!(decide(&board, second), []);
    }
}
