// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the board tells of scenes as engines play them.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrono::TimeDelta;

use super::*;
use crate::compose::model::Condition;
use crate::health::definition::Need;
use crate::health::observation::{HealthStatus, RestartPolicy, Status};
use crate::health::testing::{at, checked, ended, event, running};
use crate::health::verdict::State;

const HOST: &str = "default";

/// A board whose engine has these containers at second 1.
fn board(containers: &[Container]) -> Board {
    let mut board = Board::new();
    board.resync(HOST, at(1), containers, at(1));
    board
}

/// `service: from -> to (cause)`, or the engine's change.
fn told(notices: &[Notice]) -> Vec<String> {
    let line = |notice: &Notice| match notice {
        Notice::Transition(one) => {
            let from = one.from.as_ref().map_or("-", Verdict::word);
            format!("{}: {from} -> {} ({})", one.key.service, one.to.word(), one.cause.kind.word())
        }
        Notice::Engine { change: EngineChange::Lost, .. } => "engine lost".to_owned(),
        Notice::Engine { change: EngineChange::Back { outage }, .. } => format!("engine back {}", outage.num_seconds()),
    };
    notices.iter().map(line).collect()
}

fn play(board: &mut Board, service: &str, events: &[(i64, EventKind)]) -> Vec<String> {
    let one = |(second, kind): &(i64, EventKind)| {
        told(&board.event(HOST, &event(service, at(*second), kind.clone()), at(*second)))
    };
    events.iter().flat_map(one).collect()
}

fn state(board: &Board, service: &str, now: i64) -> State {
    board.rows(at(now)).iter().find(|row| row.key.service == service).unwrap().verdict.state()
}

const TERM: EventKind = EventKind::Killed { signal: 15 };
const DIE: EventKind = EventKind::Died { exit_code: 143 };

#[test]
fn the_first_resync_tells_what_is_there() {
    let mut board = Board::new();
    let containers = [checked("web", HealthStatus::Healthy), ended("job", 5, 3)];
    let notices = board.resync(HOST, at(1), &containers, at(1));
    assert_eq!(told(&notices), ["job: - -> stopped (first_seen)", "web: - -> ok (first_seen)"]);
    assert_eq!(board.rows(at(1))[1].since, Some(at(0)), "since its start, not since we looked");
}

#[test]
fn a_check_that_fails_and_recovers_is_told_with_its_output() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    let lines = play(&mut board, "web", &[(40, EventKind::Health(HealthStatus::Unhealthy))]);
    assert_eq!(lines, ["web: ok -> unhealthy (health)"]);
    let mut sick = checked("web", HealthStatus::Unhealthy);
    sick.health.as_mut().unwrap().log = vec![crate::health::testing::probe(39, 7, "refused")];
    assert_eq!(board.inspect(HOST, at(41), &sick, at(41)), [], "the details are no news");
    let again = [(60, EventKind::Health(HealthStatus::Healthy)), (61, EventKind::Health(HealthStatus::Healthy))];
    assert_eq!(play(&mut board, "web", &again), ["web: unhealthy -> ok (health)"]);
    let key = board.rows(at(62))[0].key.clone();
    assert_eq!(board.history(&key).unwrap().probes().count(), 1);
    assert_eq!(board.history(&key).unwrap().changes().count(), 3);
}

#[test]
fn a_restart_by_hand_is_one_transition_on_both_engines() {
    let first = [(20, TERM), (30, EventKind::Killed { signal: 9 }), (30, DIE), (31, EventKind::Stopped)];
    let second = [(20, TERM), (30, EventKind::Killed { signal: 9 }), (30, EventKind::Stopped), (31, DIE)];
    for stop in [first, second] {
        let mut board = board(&[running("web")]);
        assert_eq!(play(&mut board, "web", &stop), [""; 0]);
        let start = [(32, EventKind::Started), (32, EventKind::Restarted)];
        // Whether the new run has a check is known: the container is the same.
        assert_eq!(play(&mut board, "web", &start), ["web: no_check -> no_check (restarted)"]);
        assert_eq!(told(&board.tick(at(100))), [""; 0]);
    }
}

#[test]
fn a_stop_by_hand_is_told_after_a_quiet_moment_and_a_crash_at_once() {
    let mut board = board(&[running("web")]);
    assert_eq!(play(&mut board, "web", &[(20, TERM), (21, DIE), (21, EventKind::Stopped)]), [""; 0]);
    assert!(board.rows(at(22))[0].is_quiet);
    assert_eq!(told(&board.tick(at(24))), [""; 0]);
    let notices = board.tick(at(26));
    assert_eq!(told(&notices), ["web: no_check -> stopped (stopped_on_request)"]);
    let transition = notices[0].transition().unwrap();
    assert_eq!((transition.at, transition.cause.signal, transition.source), (at(21), Some(15), Source::Event));

    let mut board = self::board(&[running("web")]);
    let lines = play(&mut board, "web", &[(20, EventKind::Died { exit_code: 3 })]);
    assert_eq!(lines, ["web: no_check -> stopped (exited)"]);
    assert_eq!(state(&board, "web", 21), State::Crashed);
}

#[test]
fn a_recreate_by_compose_is_one_transition() {
    let old = checked("web", HealthStatus::Healthy);
    let mut board = board(&[old]);
    let mut made = event("web", at(20), EventKind::Created);
    made.container = "new-id".to_owned();
    made.name = "abc_voice-web-1".to_owned();
    assert_eq!(told(&board.event(HOST, &made, at(20))), [""; 0]);
    let gone = [(21, TERM), (30, DIE), (30, EventKind::Stopped), (31, EventKind::Destroyed)];
    assert_eq!(play(&mut board, "web", &gone), [""; 0]);
    assert!(board.rows(at(31))[0].is_quiet);
    let started = Event { time: at(32), kind: EventKind::Started, name: "voice-web-1".to_owned(), ..made };
    assert_eq!(told(&board.event(HOST, &started, at(32))), ["web: ok -> starting (recreated)"]);
    let mut new = checked("web", HealthStatus::Healthy);
    new.id = "new-id".to_owned();
    new.created_at = at(20);
    new.started_at = Some(at(32));
    assert_eq!(told(&board.inspect(HOST, at(40), &new, at(40))), ["web: starting -> ok (health)"]);
    assert_eq!(told(&board.tick(at(200))), [""; 0]);
    assert!(!board.rows(at(200))[0].is_quiet);
}

#[test]
fn down_and_up_within_seconds_is_a_recreate_too() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    let down = [(20, TERM), (21, DIE), (21, EventKind::Stopped), (21, EventKind::Destroyed)];
    assert_eq!(play(&mut board, "web", &down), [""; 0]);
    let mut up = event("web", at(22), EventKind::Created);
    up.container = "new-id".to_owned();
    assert_eq!(told(&board.event(HOST, &up, at(22))), [""; 0]);
    up.kind = EventKind::Started;
    up.time = at(23);
    // Whether it has a check is not known before it was inspected.
    assert_eq!(told(&board.event(HOST, &up, at(23))), [""; 0]);
    let mut never_inspected = board.clone();
    assert_eq!(told(&never_inspected.tick(at(26))), ["web: ok -> starting (recreated)"]);
    let mut new = running("web");
    new.id = "new-id".to_owned();
    (new.created_at, new.started_at) = (at(22), Some(at(23)));
    assert_eq!(told(&board.inspect(HOST, at(24), &new, at(24))), ["web: ok -> no_check (recreated)"]);
}

#[test]
fn a_replacement_that_is_never_started_is_told_in_the_end() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    let mut made = event("web", at(20), EventKind::Created);
    made.container = "new-id".to_owned();
    board.event(HOST, &made, at(20));
    assert_eq!(told(&board.tick(at(79))), [""; 0]);
    assert_eq!(told(&board.tick(at(80))), ["web: ok -> stopped (exited)"]);
}

#[test]
fn a_removal_is_told_once_and_the_slot_is_forgotten() {
    let mut board = board(&[running("web")]);
    let down = [(20, TERM), (21, DIE), (21, EventKind::Destroyed)];
    assert_eq!(play(&mut board, "web", &down), [""; 0]);
    assert_eq!(told(&board.tick(at(30))), ["web: no_check -> missing (removed)"]);
    assert_eq!(told(&board.tick(at(60))), [""; 0]);
    assert!(board.slots.is_empty() && board.rows(at(60)).is_empty());
    // Late and repeated events of a container that is gone do no harm.
    assert_eq!(play(&mut board, "web", &[(20, TERM), (21, DIE), (5, EventKind::Started)]), [""; 0]);
    assert!(board.rows(at(70)).is_empty());
}

#[test]
fn a_loop_is_told_once_and_its_end_once() {
    let mut container = running("web");
    container.restart_policy = RestartPolicy::Always;
    let mut board = board(&[container]);
    let mut lines = Vec::new();
    for run in 0..8_i64 {
        let events = [(20 + run * 2, EventKind::Died { exit_code: 3 }), (21 + run * 2, EventKind::Started)];
        lines.extend(play(&mut board, "web", &events));
    }
    assert_eq!(
        lines,
        [
            "web: no_check -> stopped (exited)",
            "web: stopped -> no_check (started)",
            "web: no_check -> loop (loop_began)",
        ]
    );
    assert_eq!(told(&board.tick(at(60))), [""; 0]);
    assert_eq!(told(&board.tick(at(100))), ["web: loop -> no_check (time)"]);
}

#[test]
fn an_outage_is_told_once_rows_age_and_what_was_missed_comes_back() {
    let web = checked("web", HealthStatus::Healthy);
    let mut again = checked("again", HealthStatus::Healthy);
    let mut board = board(&[web, again.clone(), checked("kept", HealthStatus::Healthy)]);
    assert_eq!(told(&board.lost(HOST, at(50))), ["engine lost"]);
    assert_eq!(board.lost(HOST, at(51)), []);
    assert_eq!(board.tick(at(60)), []);
    assert!(board.rows(at(61)).iter().all(|row| row.verdict == Verdict::Unknown { age: Some(TimeDelta::seconds(60)) }));
    let mut dead = ended("web", 55, 137);
    dead.restart_policy = RestartPolicy::No;
    again.started_at = Some(at(58));
    // With live-restore the container is the same and its check begins again.
    let kept = checked("kept", HealthStatus::Starting);
    let notices = board.resync(HOST, at(70), &[dead, again, kept.clone()], at(70));
    assert_eq!(told(&notices), ["engine back 20", "again: ok -> ok (restarted)", "web: ok -> stopped (exited)"]);
    assert!(notices[1..].iter().all(|one| one.transition().unwrap().source == Source::Resync));
    assert_eq!(notices[2].transition().unwrap().at, at(55));
    // No alarm over a check that begins again; its verdict is the news, and its absence in the end.
    assert_eq!(told(&board.inspect(HOST, at(75), &kept, at(75))), [""; 0]);
    assert_eq!(told(&board.tick(at(70 + 44))), [""; 0]);
    assert_eq!(told(&board.tick(at(70 + 45))), ["kept: ok -> starting (health)"]);
}

#[test]
fn a_child_killed_for_memory_is_told_once() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    let burst: Vec<_> = (0..7).map(|_| (20, EventKind::OutOfMemory)).collect();
    assert_eq!(play(&mut board, "web", &burst), [""; 0]);
    let notices = board.tick(at(22));
    assert_eq!(told(&notices), ["web: ok -> degraded (out_of_memory)"]);
    assert_eq!(notices[0].transition().unwrap().source, Source::Event, "the wait is not how it came to be known");
    assert_eq!(told(&board.tick(at(20 + 31 * 60))), ["web: degraded -> ok (time)"]);
}

#[test]
fn the_main_process_killed_for_memory_is_not_told_as_a_child() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    let events = [(20, EventKind::OutOfMemory), (20, EventKind::Died { exit_code: 137 })];
    assert_eq!(play(&mut board, "web", &events), ["web: ok -> stopped (exited)"]);
    assert_eq!(told(&board.tick(at(60))), [""; 0]);
}

#[test]
fn a_kill_for_memory_that_is_told_after_the_death_is_its_reason_all_the_same() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    assert_eq!(play(&mut board, "web", &[(20, EventKind::Died { exit_code: 137 })]), [""; 0], "perhaps for memory");
    let notices = board.event(HOST, &event("web", at(20), EventKind::OutOfMemory), at(20));
    assert_eq!(told(&notices), ["web: ok -> stopped (exited)"]);
    assert!(notices[0].transition().unwrap().cause.oom);
    assert_eq!(told(&board.tick(at(60))), [""; 0]);
}

#[test]
fn a_kill_that_nothing_calls_one_for_memory_is_told_a_moment_later() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    assert_eq!(play(&mut board, "web", &[(20, EventKind::Died { exit_code: 137 })]), [""; 0]);
    let notices = board.tick(at(22));
    assert_eq!(told(&notices), ["web: ok -> stopped (exited)"]);
    assert!(!notices[0].transition().unwrap().cause.oom);
}

#[test]
fn pause_tells_paused_and_nothing_of_health() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    assert_eq!(play(&mut board, "web", &[(20, EventKind::Paused)]), ["web: ok -> paused (paused)"]);
    let mut paused = checked("web", HealthStatus::Unhealthy);
    paused.status = Status::Paused;
    paused.paused = true;
    assert_eq!(board.inspect(HOST, at(21), &paused, at(21)), []);
    let events = [(30, EventKind::Unpaused), (31, EventKind::Health(HealthStatus::Healthy))];
    assert_eq!(
        play(&mut board, "web", &events),
        ["web: paused -> starting (unpaused)", "web: starting -> ok (health)"]
    );
}

#[test]
fn the_file_makes_services_missing_and_containers_orphans() {
    let mut board = board(&[running("old")]);
    let wanted = Definition { name: "web".to_owned(), expected: true, ..Definition::default() };
    let file = BTreeMap::from([("web".to_owned(), wanted)]);
    let notices = board.set_file(HOST, "voice", Some(file), at(5));
    assert_eq!(told(&notices), ["old: no_check -> orphan (file)", "web: - -> missing (first_seen)"]);
    assert_eq!(told(&board.set_file(HOST, "voice", None, at(6))), ["old: orphan -> no_check (file)"]);
}

#[test]
fn a_chain_of_dependencies_names_what_each_waits_for() {
    let need = |service: &str| Need {
        service: service.to_owned(),
        condition: Condition::Healthy,
        shares_namespace: false,
        restart: false,
        required: true,
    };
    let define = |name: &str, needs: Vec<Need>| {
        (name.to_owned(), Definition { name: name.to_owned(), expected: true, needs, ..Definition::default() })
    };
    let file =
        BTreeMap::from([define("app", vec![need("db")]), define("db", vec![]), define("web", vec![need("app")])]);
    let created = |service: &str| {
        let mut container = running(service);
        container.status = Status::Created;
        container.running = false;
        container.started_at = None;
        container
    };
    let board = |db: HealthStatus| {
        let mut board = board(&[created("app"), checked("db", db), created("web")]);
        board.set_file(HOST, "voice", Some(file.clone()), at(2));
        board
    };
    let starting = board(HealthStatus::Starting);
    assert_eq!((state(&starting, "app", 300), state(&starting, "web", 300)), (State::Starting, State::Starting));
    let sick = board(HealthStatus::Unhealthy);
    assert_eq!((state(&sick, "app", 300), state(&sick, "web", 300)), (State::Crashed, State::Crashed));
    let key = sick.rows(at(300)).iter().find(|row| row.key.service == "web").unwrap().key.clone();
    let why = sick.why(&key, Background::default(), at(300)).unwrap();
    assert_eq!(why.sentence, "was never started: it waits for app (stopped)");
}

#[test]
fn a_container_of_compose_run_is_not_taken_for_the_service() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    let mut run = event("web", at(20), EventKind::Created);
    run.container = "run-id".to_owned();
    run.labels.insert("com.docker.compose.oneoff".to_owned(), "True".to_owned());
    board.event(HOST, &run, at(20));
    assert_eq!(board.rows(at(20)).len(), 2);
    assert_eq!(state(&board, "web", 20), State::Ok);
}

#[test]
fn probes_as_events_and_strangers_change_nothing() {
    let mut board = board(&[checked("web", HealthStatus::Healthy)]);
    let exec = EventKind::ExecDied { exit_code: 1, output: Some("no".to_owned()) };
    assert_eq!(play(&mut board, "web", &[(20, exec)]), [""; 0]);
    let mut stranger = event("web", at(20), EventKind::Started);
    stranger.labels.clear();
    stranger.container = "stranger".to_owned();
    assert_eq!(board.event(HOST, &stranger, at(20)), []);
    assert_eq!(board.rows(at(20)).len(), 1);
}

#[test]
fn numbers_of_notices_have_no_gap() {
    let mut board = board(&[running("web")]);
    let mut notices = board.event(HOST, &event("web", at(20), EventKind::Died { exit_code: 3 }), at(20));
    notices.extend(board.lost(HOST, at(21)));
    notices.extend(board.resync(HOST, at(22), &[running("web")], at(22)));
    let numbers: Vec<u64> = notices
        .iter()
        .map(|notice| match notice {
            Notice::Transition(one) => one.seq,
            Notice::Engine { seq, .. } => *seq,
        })
        .collect();
    assert_eq!(numbers, (2..2 + numbers.len() as u64).collect::<Vec<_>>());
}
