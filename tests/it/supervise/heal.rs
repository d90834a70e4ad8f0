// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Attempts: one that helps, and ones that never do, up to the breaker and its single try.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::super::support::on_real_engines;
use super::super::support::running::{acted, noticed, turned};
use super::super::support::stage::{NOW, always, check_each_second};
use super::{HEALED, SWIFT, decisions, heal_canary};
use stackctl::sys::engine::{Deadline, Engine as _};

fn at(line: &Value) -> DateTime<Utc> {
    line["at"].as_str().expect("a moment").parse().expect("a moment")
}

#[test]
fn a_restart_that_helps_is_told_as_done_and_the_service_as_recovered() {
    on_real_engines("helps", |stage| {
        // Sick once: a start takes the sickness away.
        let id = stage.run("once", &["sh", "-c", "rm -f /sick; sleep 1000"], |plan| {
            plan.health_check = Some(check_each_second(&["CMD", "test", "!", "-e", "/sick"]));
            plan.labels.insert(HEALED.0.to_owned(), HEALED.1.to_owned());
        });
        let supervising = stage.supervise(SWIFT, &[]);
        supervising.until("ok", |line| turned(line, "once", "ok"));
        let before = stage.inspect(&id).state.started;
        stage.sicken(&id);
        let told = supervising.until("recovery", |line| noticed(line, "once", "recovered"));
        let found: Vec<String> =
            decisions(&told, "once").into_iter().map(super::super::support::running::short).collect();
        assert_eq!(found, ["once bad", "once restart 1 begun", "once restart 1 done", "once recovered"]);
        let begun = told.iter().find(|line| acted(line, "once", "begun")).expect("it began");
        assert_eq!((&begun["reason"], &begun["half_open"]), (&"is unhealthy".into(), &false.into()), "{begun}");
        let done = told.iter().find(|line| acted(line, "once", "done")).expect("it was done");
        assert!(done["took_s"].as_f64().is_some_and(|took| took > 0.0), "{done}");
        assert!(stage.inspect(&id).state.started > before);
        // The changes stand between the decisions, and all are numbered together.
        let numbers: Vec<u64> = supervising.told().iter().filter_map(|line| line["seq"].as_u64()).collect();
        assert!(numbers.iter().copied().eq(1..=numbers.len() as u64), "{numbers:?}");
        // The lock is not left behind.
        let left =
            stage.does(stage.engine.list_volumes(&format!("stackctl.lock={}", stage.project), Deadline::QUESTION));
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(supervising.end("-TERM").code(), Some(143));
    });
}

#[test]
fn attempts_that_never_help_grow_apart_until_the_breaker_opens_and_tries_once_more() {
    let settings = "[supervise]\nlink_settle = \"0s\"\nfirst_wait = \"1s\"\nlongest_wait = \"4s\"\nattempts = 3\n\
                    attempts_within = \"45s\"\ncool_down = \"5s\"\nrecovered = \"1s\"\n";
    on_real_engines("breaker", |stage| {
        let id = stage.checked("never", &[HEALED]);
        let supervising = stage.supervise(settings, &[]);
        supervising.until("ok", |line| turned(line, "never", "ok"));
        stage.sicken(&id);
        let told = supervising.until("the end of attempts", |line| noticed(line, "never", "gave_up"));
        let begun: Vec<&Value> = told.iter().filter(|line| acted(line, "never", "begun")).collect();
        // On a machine so busy that three attempts take longer than the time in which they count, more than three fit.
        let numbers: Vec<u64> = begun.iter().filter_map(|line| line["attempt"].as_u64()).collect();
        assert!(numbers.starts_with(&[1, 2]) && numbers.ends_with(&[3]) && numbers.is_sorted(), "{numbers:?}");
        // From the moment that it was seen to have failed, each wait is twice the one before, give or take a tenth.
        let mut waits = Vec::new();
        for one in &begun {
            let sick = told.iter().rfind(|line| turned(line, "never", "unhealthy") && at(line) < at(one));
            waits.push(at(one) - at(sick.expect("it was sick before")));
        }
        for (wait, least) in waits.iter().zip([900, 1_800, 3_600]) {
            assert!(*wait >= TimeDelta::milliseconds(least), "{waits:?}");
        }

        let opened = at(&told[told.len() - 1]);
        let told = supervising.until("the try", |line| acted(line, "never", "done"));
        let tries: Vec<&Value> = told.iter().filter(|line| acted(line, "never", "begun")).collect();
        assert_eq!(tries.len(), 1, "{:?}", supervising.in_short());
        assert_eq!(tries[0]["half_open"], true);
        assert!(at(tries[0]) - opened >= TimeDelta::seconds(5), "{tries:?}");

        // It does not help either: nothing more is said, and nothing done before the breaker has cooled down once more.
        let told = supervising.until("the next try", |line| acted(line, "never", "begun"));
        assert_eq!(told[told.len() - 1]["half_open"], true);
        let failed = told.iter().find(|line| turned(line, "never", "unhealthy")).expect("it is sick still");
        assert!(at(&told[told.len() - 1]) - at(failed) >= TimeDelta::milliseconds(4_500), "{told:#?}");
        let notices: Vec<String> =
            supervising.in_short().into_iter().filter(|line| line.ends_with("gave_up")).collect();
        assert_eq!(notices.len(), 1, "{:?}", supervising.in_short());
        let bad = supervising.told().iter().filter(|line| noticed(line, "never", "bad")).count();
        assert_eq!(bad, 1, "{:?}", supervising.in_short());
    });
}

#[test]
fn what_somebody_stops_or_freezes_and_what_loops_is_never_restarted() {
    on_real_engines("wanted", |stage| {
        let canary = stage.checked("canary", &[HEALED]);
        let halted = stage.checked("halted", &[HEALED]);
        let frozen = stage.checked("frozen", &[HEALED]);
        let looping = stage.run("looping", &["sh", "-c", "sleep 0.2; exit 3"], |plan| {
            plan.restart_policy = always();
            plan.labels.insert(HEALED.0.to_owned(), HEALED.1.to_owned());
        });
        let supervising = stage.supervise(SWIFT, &[]);
        let first = ["canary", "halted", "frozen"].map(|name| move |line: &Value| turned(line, name, "ok"));
        supervising.until_all("the first sight", &[&first[0], &first[1], &first[2]]);
        // Sick before, so that only the will of who stops them keeps the healer away.
        stage.does(stage.engine.stop_container(&halted, NOW, Deadline::CHANGE));
        stage.does(stage.engine.pause_container(&frozen, Deadline::CHANGE));
        let stopped = |line: &Value| turned(line, "halted", "stopped");
        let bad = |line: &Value| noticed(line, "looping", "bad");
        let told = supervising.until_all("the stop and the loop", &[&stopped, &bad]);
        let stop = told.iter().find(|line| stopped(line)).expect("it was told");
        assert_eq!(
            (&stop["details"]["wanted"], &stop["cause"]["kind"]),
            (&"asked".into(), &"stopped_on_request".into())
        );
        heal_canary(stage, &canary, &supervising);
        for service in ["halted", "frozen"] {
            assert!(decisions(&supervising.told(), service).is_empty(), "{:?}", supervising.in_short());
        }
        let actions: Vec<Value> = supervising.told().into_iter().filter(|line| line["type"] == "action").collect();
        assert!(actions.iter().all(|line| line["service"] == "canary"), "{actions:#?}");
        assert!(!stage.inspect(&halted).state.running && stage.inspect(&frozen).state.paused);
        assert!(stage.inspect(&looping).restart_count > 0);
    });
}
