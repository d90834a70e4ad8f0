// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An engine that is killed and comes back, under a watch and a supervisor at once: what is told meanwhile, what was missed,
//! and that nothing is done too soon.

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::super::support::running::{Running, acted, noticed, short, turned};
use super::super::support::stage::{PATIENCE, always, fails_while_sick};
use super::super::support::{PrivateEngine, Stage};
use super::HEALED;

const SETTINGS: &str =
    "[supervise]\nlink_settle = \"5s\"\nfirst_wait = \"1s\"\nlongest_wait = \"2s\"\nrecovered = \"1s\"\n";

/// What becomes of containers when their engine is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Containers {
    LiveOn,
    End,
}

#[test]
fn a_killed_engine_whose_containers_live_on_is_told_and_what_was_missed_is_made_up() {
    outage("sid", Containers::LiveOn);
}

#[test]
fn a_killed_engine_whose_containers_end_with_it_is_told_and_each_is_told_once() {
    outage("sid", Containers::End);
}

#[test]
fn an_old_engine_that_is_killed_is_told_in_the_same_way() {
    outage("bookworm", Containers::LiveOn);
}

fn at(line: &Value) -> DateTime<Utc> {
    line["at"].as_str().expect("a moment").parse().expect("a moment")
}

#[track_caller]
fn wait_for_file(path: &Path) {
    let begin = Instant::now();
    while !path.exists() {
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {}", path.display());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn outage(suite: &'static str, containers: Containers) {
    let arguments = if containers == Containers::LiveOn { "--live-restore" } else { "" };
    let Some(engine) = PrivateEngine::start(suite, arguments) else { return };
    let stage = Stage::new(&engine.host(), "outage");
    let flags = stage.folder.path().join("flags");
    std::fs::create_dir(&flags).expect("a folder");
    for service in ["fine", "also"] {
        stage.run(service, &["sleep", "1000"], |plan| {
            plan.health_check = Some(fails_while_sick());
            plan.restart_policy = always();
            plan.labels.insert(HEALED.0.to_owned(), HEALED.1.to_owned());
        });
    }
    stage.run("plain", &["sleep", "1000"], |plan| plan.restart_policy = always());
    // Ends by itself while nobody can see it.
    let script = "until test -e /flags/end; do sleep 0.1; done; rm /flags/end; touch /flags/ended; exit 3";
    stage.run("ends", &["sh", "-c", script], |plan| {
        plan.binds = vec![format!("{}:/flags", flags.display())];
        plan.labels.insert(HEALED.0.to_owned(), HEALED.1.to_owned());
    });

    let both = [stage.watch(&[]), stage.supervise(SETTINGS, &[])];
    let first = [("fine", "ok"), ("also", "ok"), ("plain", "no_check"), ("ends", "no_check")]
        .map(|(name, state)| move |line: &Value| turned(line, name, state));
    for one in &both {
        one.until_all("the first sight", &[&first[0], &first[1], &first[2], &first[3]]);
    }

    engine.kill();
    for one in &both {
        let told = one.until("the loss", |line| line["type"] == "engine_lost");
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(told[0]["message"].as_str().is_some_and(|message| !message.is_empty()), "{told:#?}");
    }
    std::fs::write(flags.join("end"), "").expect("a file");
    wait_for_file(&flags.join("ended"));
    engine.start_again();

    for one in &both {
        let told = one.until("the return", |line| line["type"] == "engine_back");
        let found: Vec<String> =
            told.iter().filter(|line| line["schema"] != "stackctl/supervise/v1").map(short).collect();
        assert_eq!(found, ["engine_back"], "nothing is told meanwhile");
        assert!(told.iter().all(|line| line["type"] != "action"), "nothing is done meanwhile");
        let back = &told[told.len() - 1];
        assert!(back["outage_s"].as_f64().is_some_and(|outage| outage > 0.0), "{back}");
        let told = one.until("what was missed", |line| turned(line, "ends", "stopped"));
        let missed = &told[told.len() - 1];
        assert_eq!((&missed["source"], &missed["details"]["exit_code"]), (&"resync".into(), &3.into()), "{missed}");
        assert_eq!(missed["cause"]["kind"], "exited");
    }

    let [watching, supervising] = both;
    supervising.until("the healing", |line| acted(line, "ends", "done"));
    supervising.until("recovery", |line| noticed(line, "ends", "recovered"));
    watching.until("the healing", |line| turned(line, "ends", "no_check"));
    for one in [&watching, &supervising] {
        no_storm(one, containers);
    }
    let told = supervising.told();
    let back = told.iter().find(|line| line["type"] == "engine_back").expect("it came back");
    let actions: Vec<&Value> = told.iter().filter(|line| line["type"] == "action").collect();
    assert!(actions.iter().all(|line| line["service"] == "ends"), "{:?}", supervising.in_short());
    assert!(at(actions[0]) - at(back) >= TimeDelta::seconds(5), "{actions:#?}");
    let notices = |word: &str| told.iter().filter(|line| line["notice"] == word).count();
    assert_eq!((notices("engine_lost"), notices("engine_back")), (1, 1), "{:?}", supervising.in_short());
    assert_eq!(supervising.end("-TERM").code(), Some(143));
    assert_eq!(watching.end("-TERM").code(), Some(143));
}

/// After the return, services that went on are not told at all, and those that were started anew once.
fn no_storm(one: &Running, containers: Containers) {
    let told = one.told();
    let back = told.iter().position(|line| line["type"] == "engine_back").expect("it came back");
    for service in ["fine", "also", "plain"] {
        let lines: Vec<String> = told[back..].iter().filter(|line| line["service"] == service).map(short).collect();
        match containers {
            Containers::LiveOn => assert_eq!(lines, [""; 0], "{:?}", one.in_short()),
            Containers::End => {
                let starting = lines.iter().filter(|line| line.contains(">starting")).count();
                assert!(starting <= 1 && lines.len() <= 2, "{:?}", one.in_short());
                assert!(!lines.iter().any(|line| line.contains("unhealthy")), "{:?}", one.in_short());
            }
        }
    }
}
