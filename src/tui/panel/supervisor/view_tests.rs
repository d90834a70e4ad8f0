// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::collections::BTreeMap;

use chrono::{FixedOffset, NaiveTime, TimeDelta};

use crate::app::dashboard::{Answer, EngineRead, LockRead, LockedBy, PolicyRead, SinkRead, SupervisorRead, Wish};
use crate::health::policy::{Mode, PolicySettings, Schedule, ServicePolicy, Window};
use crate::tui::panel::fixture::{at, draw_small_and_large, model, press, screen};
use crate::tui::{Effect, Model, Msg, Tab, update};

fn label(service: &str, text: &str) -> ((String, String), String) {
    (("lab".to_owned(), service.to_owned()), text.to_owned())
}

fn policy() -> PolicySettings {
    let of = |mode, program: &str| ServicePolicy { mode, command: vec![program.to_owned()] };
    let nightly = Schedule::Repeated {
        weekday: None,
        start: NaiveTime::from_hms_opt(8, 30, 0).unwrap(),
        length: TimeDelta::hours(1),
        offset: FixedOffset::east_opt(0).unwrap(),
    };
    PolicySettings {
        services: BTreeMap::from([("bus".to_owned(), of(Mode::Command, "/bin/page"))]),
        windows: vec![
            Window { schedule: nightly, service: None },
            Window { schedule: Schedule::Once { start: at(-5), end: at(5) }, service: Some("db".to_owned()) },
        ],
        ..PolicySettings::default()
    }
}

fn read(supervisors: Vec<SupervisorRead>) -> PolicyRead {
    let lock = LockRead {
        project: "lab".to_owned(),
        command: "backup".to_owned(),
        process: 77,
        host: "nas".to_owned(),
        since: at(-3),
        by: LockedBy::Another,
    };
    let engine = EngineRead {
        context: "here".to_owned(),
        supervisors,
        rivals: vec!["healer".to_owned()],
        locks: vec![lock],
        labels: BTreeMap::from([label("web", "restart"), label("db", "reboot"), label("bus", "notify")]),
        ..EngineRead::default()
    };
    let sink = SinkRead { name: "chat".to_owned(), address: "https://hooks.test".to_owned(), note: None };
    PolicyRead { at: at(-1), policy: policy(), engines: vec![engine], sinks: vec![sink] }
}

fn with(read: PolicyRead, size: (u16, u16)) -> Model {
    let mut model = model(Tab::Supervisor, size);
    drop(update(&mut model, Msg::Answer(Answer::Policy(Box::new(read)))));
    model
}

#[test]
fn all_of_it_is_told() {
    let supervisor = SupervisorRead { project: None, note: "process 42".to_owned() };
    let model = with(read(vec![supervisor]), (80, 44));
    insta::assert_snapshot!(screen(&model), @r#"
    lab  asking the engine
    1 Stack 2 Health 3 Logs 4 Events 5 Graph 6 Backups[7 Supervisor] 8 Findings
    Supervisor
    + one looks after every project: process 42
    ^ `healer` restarts containers too; let only one of the two do it
      one of another user or machine is not seen from here

    Lock
    = `lab` is held for `backup` by process 77 on nas, taken 3m ago
      meanwhile supervisors do nothing to it, and other commands wait

    Policy
      SERVICE MAY BE        FROM
      bus     command       stackctl.toml, over label stackctl.heal=notify, runs /~
      db      observe       label stackctl.heal=reboot, which is no mode: nothing ~
      web     restart       label stackctl.heal
      at most 5 attempts in 15m, 10s before the first, twice as long before each
      next, 5m at most
      then none for 15m; who is well for 10m starts anew

    Maintenance
    . opens in 30m: everything, each day at 08:30 (+00:00) for 1h
    = open for 5m more: `db`, 2027-01-15 07:55 to 2027-01-15 08:05 UTC

    Sinks
      chat: https://hooks.test

      found out 1m ago; f5 asks again















    down scroll  p pause  f5 refresh  ? help  : commands  q leave
    "#);
}

#[test]
fn a_narrow_screen_scrolls_and_says_how_to_start_one() {
    let mut model = with(read(Vec::new()), (40, 12));
    insta::assert_snapshot!(screen(&model), @r#"
    lab  asking the engine
    1  2  3  4  5  6 [7 Supervisor] 8
    Supervisor
    ^ `healer` restarts containers too; let
    only one of the two do it
    . no supervisor runs here
      `stackctl supervise` starts one;
      guides/reference/supervise.md says
      how it runs by systemd
      one of another user or machine is not
    29 more: down
    down scroll  p pause  f5 refresh
    "#);
    press(&mut model, &["end"]);
    assert!(screen(&model).contains("found out 1m ago; f5 asks"), "{}", screen(&model));
    press(&mut model, &["up", "home"]);
    assert_eq!(model.supervisor.above, 0);
}

#[test]
fn a_pause_counts_down_and_what_changed_is_asked_anew() {
    let mut model = with(read(Vec::new()), (80, 24));
    let (context, project) = ("here".to_owned(), "lab".to_owned());
    let paused = |until| Msg::Answer(Answer::Paused { context: context.clone(), project: project.clone(), until });
    let asked = update(&mut model, paused(Some(at(15))));
    assert_eq!(asked, [Effect::Ask(Wish::Policy(Some("lab".to_owned())))]);
    drop(update(&mut model, Msg::Tick(at(1))));
    assert!(screen(&model).contains("`lab` is left alone for 14m00s more"), "{}", screen(&model));
    assert_eq!(model.supervisor.paused_until("here", "lab"), Some(at(15)));
    drop(update(&mut model, paused(None)));
    assert!(!model.supervisor.counts_down() && !screen(&model).contains("left alone"));
}

#[test]
fn every_size_is_drawn() {
    draw_small_and_large(&mut with(read(Vec::new()), (80, 24)));
}
