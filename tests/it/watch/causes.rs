// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What `stackctl watch` makes of the ways in which containers fail on real engines: loops, kills for memory, checks that
//! hang, and checks that begin late. Engines tell of them in different words and numbers; the news is the same.

use std::time::Duration;

use serde_json::Value;

use stackctl::sys::engine::{ApiVersion, Deadline, Engine as _, HealthCheck};

use super::super::support::on_real_engines;
use super::super::support::running::{short, turned};
use super::super::support::stage::{always, check_each_second};

/// What was told of one service, in short.
pub(super) fn of(lines: &[Value], service: &str) -> Vec<String> {
    lines.iter().filter(|line| line["service"] == service).map(short).collect()
}

#[test]
fn a_loop_is_told_once_and_once_more_after_a_restart_by_hand() {
    on_real_engines("loop", |stage| {
        let marker = stage.run("marker", &["sleep", "1000"], |_| ());
        let watching = stage.watch(&[]);
        watching.until("the first sight", |line| turned(line, "marker", "no_check"));
        let id = stage.run("again", &["sh", "-c", "sleep 0.2; exit 3"], |plan| plan.restart_policy = always());
        let told = watching.until("the loop", |line| turned(line, "again", "loop"));
        let looped = &told[told.len() - 1];
        assert_eq!((&looped["details"]["exit_code"], &looped["cause"]["kind"]), (&3.into(), &"loop_began".into()));
        assert!(looped["details"]["count"].as_u64() >= Some(2), "{looped}");
        stage.wait(&id, "restarts by the engine", |detail| detail.restart_count >= 6);
        stage.does(stage.engine.pause_container(&marker, Deadline::CHANGE));
        let told = watching.until("the marker", |line| turned(line, "marker", "paused"));
        assert_eq!(of(&told, "again"), [""; 0], "every run of a loop is no news");

        // The engine forgets its count; the loop goes on.
        stage.restart(&id);
        stage.wait(&id, "restarts counted anew", |detail| (3..6).contains(&detail.restart_count));
        stage.wait(&id, "more of them", |detail| detail.restart_count >= 5);
        stage.does(stage.engine.unpause_container(&marker, Deadline::CHANGE));
        let told = of(&watching.until("the marker", |line| turned(line, "marker", "no_check")), "again");
        let begun = told.iter().filter(|line| line.contains(">loop")).count();
        assert!(begun <= 1 && told.len() <= 3, "{told:?}");
        assert!(told.is_empty() || told[told.len() - 1].contains(">loop"), "{told:?}");
    });
}

#[test]
fn a_child_killed_for_memory_is_one_piece_of_news_and_so_is_the_main_process() {
    on_real_engines("memory", |stage| {
        let little = 32 << 20;
        let child = stage.run("child", &["sleep", "1000"], |plan| {
            plan.memory_limit_bytes = little;
            plan.health_check = Some(check_each_second(&["CMD", "true"]));
        });
        let hog = "until test -e /now; do sleep 0.1; done; exec tail /dev/zero";
        let main = stage.run("main", &["sh", "-c", hog], |plan| {
            plan.memory_limit_bytes = little;
            plan.init = false;
        });
        let watching = stage.watch(&[]);
        watching.until_all(
            "the first sight",
            &[&|line| turned(line, "child", "ok"), &|line| turned(line, "main", "no_check")],
        );
        stage.try_exec(&child, &["sh", "-c", "(tail /dev/zero); true"]);
        let told = watching.until("the child's end", |line| turned(line, "child", "degraded"));
        let news = &told[told.len() - 1];
        assert_eq!((&news["details"]["kills"], &news["cause"]["oom"]), (&1.into(), &true.into()), "{news}");
        assert_eq!(news["cause"]["kind"], "out_of_memory");
        assert!(stage.inspect(&child).state.running);

        stage.exec(&main, &["touch", "/now"]);
        let told = watching.until("the end of the main process", |line| turned(line, "main", "stopped"));
        assert_eq!(of(&told, "main"), ["main no_check>stopped exited event"]);
        assert_eq!(of(&told, "child"), [""; 0], "seven events of one kill are one piece of news");
        let news = &told[told.len() - 1];
        assert_eq!((&news["details"]["oom"], &news["details"]["exit_code"]), (&true.into(), &137.into()), "{news}");
        assert_eq!((&news["cause"]["oom"], &news["cause"]["signal"]), (&true.into(), &9.into()), "{news}");
    });
}

#[test]
fn a_check_that_hangs_is_unhealthy_whatever_words_the_engine_has_for_it() {
    on_real_engines("hangs", |stage| {
        stage.run("slow", &["sleep", "1000"], |plan| {
            let check = check_each_second(&["CMD-SHELL", "echo begun; sleep 30"]);
            plan.health_check = Some(HealthCheck { timeout: Some(Duration::from_secs(1)), ..check });
        });
        let watching = stage.watch(&[]);
        let told = watching.until("unhealthy", |line| turned(line, "slow", "unhealthy"));
        let news = &told[told.len() - 1];
        assert_eq!((&news["cause"]["kind"], &news["cause"]["streak"]), (&"health".into(), &2.into()), "{news}");
        assert_eq!(news["details"]["last_probe"]["exit_code"], -1, "{news}");
        let output = news["cause"]["probe_output"].as_str().unwrap_or_default().to_lowercase();
        assert!(output.contains("exceeded timeout"), "{output}");
        // The words of the reason are ours, so they are the same.
        let why = news["why"].as_str().unwrap_or_default();
        assert_eq!(why, "fails its check 2 times in a row; the check took longer than its timeout");
    });
}

#[test]
fn a_check_that_begins_late_is_waited_for() {
    on_real_engines("late", |stage| {
        let api = stage.does(stage.engine.ping(Deadline::QUESTION));
        stage.run("late", &["sh", "-c", "sleep 3; touch /up; sleep 1000"], |plan| {
            let check = check_each_second(&["CMD", "test", "-e", "/up"]);
            plan.health_check = Some(HealthCheck { start_period: Some(Duration::from_secs(30)), ..check });
        });
        let watching = stage.watch(&[]);
        watching.until("ok", |line| turned(line, "late", "ok"));
        let told = watching.in_short();
        assert_eq!(told, ["late >starting first_seen resync", "late starting>ok health event"]);
        if api >= ApiVersion::START_INTERVAL {
            let lines = watching.told();
            let at = |index: usize| {
                let text = lines[index]["at"].as_str().expect("a moment");
                text.parse::<chrono::DateTime<chrono::Utc>>().expect("a moment")
            };
            let since = lines[0]["details"]["since"].as_str().expect("a start");
            let since: chrono::DateTime<chrono::Utc> = since.parse().expect("a moment");
            // Newer engines look each 5 s while the start period lasts, whatever the interval says.
            assert!((at(1) - since).num_milliseconds() >= 4_900, "{lines:#?}");
        }
    });
}
