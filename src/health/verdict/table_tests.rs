// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The verdict over every combination of what an inspection can say, held against a specification written as data.
//!
//! The first line that fits decides. `*` fits everything, `|` separates alternatives. Columns: status, paused flag,
//! restarting flag, health word, OOM flag, exit code, one-shot, probe log (`old` is from before the last start),
//! restarts by the engine; then the state.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::health::observation::{CheckTimings, Health, HealthStatus, Phase, Status};
use crate::health::testing::{at, probe, running};

const SPECIFICATION: &str = "
created              *   *   *         *   *       *   *   *  Starting
restarting           *   *   *         *   *       *   *   6  Loop
restarting           *   *   *         *   *       *   *   0  Crashed
running|paused       *   yes *         *   *       *   *   6  Loop
running|paused       *   yes *         *   *       *   *   0  Crashed
paused               *   no  *         *   *       *   *   *  Paused
running              yes no  *         *   *       *   *   *  Paused
exited|dead|removing *   *   *         no  0       yes *   *  Ok
exited|dead|removing *   *   *         yes *       *   *   *  Crashed
exited|dead|removing *   *   *         no  0       no  *   *  Stopped
exited|dead|removing *   *   *         no  137|143 *   *   *  Stopped
exited|dead|removing *   *   *         no  1|127   *   *   *  Crashed
running              no  no  *         *   *       *   *   6  Loop
running              no  no  unhealthy *   *       *   *   *  Unhealthy
running              no  no  *         yes *       *   *   *  Degraded
running              no  no  none      no  *       *   *   *  NoCheck
running              no  no  starting  no  *       *   *   *  Starting
running              no  no  healthy   no  *       *   *   *  Ok
";

fn fits(pattern: &str, value: &str) -> bool {
    pattern == "*" || pattern.split('|').any(|one| one == value)
}

fn specified(case: &[&str; 9]) -> String {
    let rows =
        SPECIFICATION.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).filter(|row| row.len() == 10);
    let mut fitting = rows.filter(|row| row.iter().zip(case).all(|(pattern, value)| fits(pattern, value)));
    (*fitting.next().unwrap_or_else(|| panic!("no line for {case:?}")).last().unwrap()).to_owned()
}

/// The status that an engine spells so.
fn spelled(word: &str) -> Status {
    match word {
        "created" => Status::Created,
        "running" => Status::Running,
        "paused" => Status::Paused,
        "restarting" => Status::Restarting,
        "removing" => Status::Removing,
        "exited" => Status::Exited,
        "dead" => Status::Dead,
        _ => panic!("no engine says {word}"),
    }
}

fn judged(case: &[&str; 9]) -> (Container, Verdict) {
    let [status, paused, restarting, health, oom, exit, one_shot, log, restarts] = *case;
    let mut container = running("web");
    container.status = spelled(status);
    container.running = matches!(status, "running" | "paused" | "restarting");
    container.paused = paused == "yes";
    container.restarting = restarting == "yes";
    container.oom_killed = oom == "yes";
    container.exit_code = exit.parse().unwrap();
    container.restart_count = restarts.parse().unwrap();
    container.started_at = Some(at(0));
    container.finished_at = Some(at(5));
    container.health = HealthStatus::parse(health).map(|status| Health {
        status,
        failing_streak: Some(if status == HealthStatus::Unhealthy { 4 } else { 0 }),
        log: vec![probe(if log == "old" { -9 } else { 9 }, 1, "refused")],
    });
    container.check = container.health.as_ref().map(|_| CheckTimings::default());
    let definition = Definition { one_shot: one_shot == "yes", expected: true, ..Definition::default() };
    let verdict = judge(&Evidence {
        container: Some(&container),
        file: FileView::Has(&definition),
        memory: &Memory::default(),
        functional: None,
        waiting_for: &[],
        freshness: Freshness::Live,
        now: at(30),
    });
    (container, verdict)
}

fn all_cases(mut visit: impl FnMut(&[&str; 9])) -> usize {
    let columns: [&[&str]; 9] = [
        &["created", "running", "paused", "restarting", "removing", "exited", "dead"],
        &["no", "yes"],
        &["no", "yes"],
        &["none", "starting", "healthy", "unhealthy"],
        &["no", "yes"],
        &["0", "1", "127", "137", "143"],
        &["no", "yes"],
        &["old", "new"],
        &["0", "6"],
    ];
    let total: usize = columns.iter().map(|values| values.len()).product();
    for index in 0..total {
        let mut rest = index;
        let case = columns.map(|values| {
            let value = values[rest % values.len()];
            rest /= values.len();
            value
        });
        visit(&case);
    }
    total
}

#[test]
fn every_combination_gets_the_specified_state() {
    let total = all_cases(|case| {
        let (_, verdict) = judged(case);
        assert_eq!(format!("{:?}", verdict.state()), specified(case), "{case:?} gave {verdict:?}");
    });
    assert_eq!(total, 7 * 2 * 2 * 4 * 2 * 5 * 2 * 2 * 2);
}

#[test]
fn details_follow_the_evidence_in_every_combination() {
    all_cases(|case| {
        let (container, verdict) = judged(case);
        match verdict {
            Verdict::Unhealthy { streak, last } => {
                assert_eq!(streak, Some(4));
                assert_eq!(last.is_some(), case[7] == "new", "{case:?}: only the log of this run is evidence");
            }
            Verdict::Stopped { exit_code, oom, .. } => {
                assert_eq!((exit_code, oom), (Some(container.exit_code), container.oom_killed));
            }
            Verdict::Loop { count, exit_code, next_retry, .. } => {
                let waits = container.phase() == Phase::Waiting;
                assert_eq!((count, exit_code), (6, waits.then_some(container.exit_code)));
                assert_eq!(next_retry, waits.then(|| at(5) + TimeDelta::milliseconds(3_200)));
            }
            _ => {}
        }
    });
}

#[test]
fn no_evidence_at_all_beats_every_combination() {
    all_cases(|case| {
        let (container, _) = judged(case);
        let verdict = judge(&Evidence {
            container: Some(&container),
            file: FileView::Lacks,
            memory: &Memory::default(),
            functional: None,
            waiting_for: &[],
            freshness: Freshness::Stale { last: Some(at(10)) },
            now: at(30),
        });
        assert_eq!(verdict, Verdict::Unknown { age: Some(TimeDelta::seconds(20)) });
    });
}
