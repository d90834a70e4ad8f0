// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A burst of events from real engines while nobody reads what is told of them, and no sink answers. The engines are this
//! test's own: an engine replays its last 256 events, and no other test's may be pushed out.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{ChildStdout, Stdio};

use futures_util::StreamExt as _;
use serde_json::Value;
use stackctl::sys::engine::{Deadline, Engine as _, EventQuery, Idle};

use super::support::running::{noticed, send, turned};
use super::support::stage::words;
use super::support::{Hook, Stage, Temper, on_own_engines};

/// What one burst of calls is to both.
const VERBS: [&str; 2] = ["watch", "supervise"];

#[test]
fn two_thousand_events_are_all_told_to_stalled_readers_and_signals_still_end_it() {
    on_own_engines("burst", |stage| {
        // Those who are told beside are no help: a webhook that never answers, and a broker that says nothing.
        let (hook, broker) = (Hook::new(&[Temper::Hangs]), Hook::new(&[Temper::Hangs]));
        let broker_url = format!("mqtt://127.0.0.1:{}", broker.port());
        let settings = format!("[mqtt]\nbroker = \"{broker_url}\"\n[[webhook]]\nurl = \"{}\"\n", hook.url());
        stage.write("stackctl.toml", &settings);
        let id = stage.run("plain", &["sleep", "1000"], |plan| {
            plan.labels.insert("stackctl.mqtt".to_owned(), "true".to_owned());
        });
        let sick = stage.checked("sick", &[("stackctl.heal", "notify")]);
        stage.sicken(&sick);
        let mut runs = VERBS.map(|verb| {
            let mut command = stage.command(verb, &["--format", "json"]);
            let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
            let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
            // The last before the burst.
            let seq = loop {
                let line = next(&mut lines);
                if turned(&line, "sick", "unhealthy") && verb == "watch" || noticed(&line, "sick", "bad") {
                    break line["seq"].as_u64().expect("a number");
                }
            };
            (child, lines, seq)
        });
        hook.until("a message that it does not answer", |hook| hook.requests().len() == 1);
        broker.until("a call that it does not answer", |broker| broker.connections() > 0);
        let changes = cause_changes(stage, &id);
        assert!(changes > 1500, "{changes} changes are no burst");
        for (verb, (child, lines, before)) in VERBS.iter().zip(&mut runs) {
            let mut sum = 0;
            loop {
                let line = next(lines);
                assert_eq!(line["first_seq"], *before + 1 + sum, "no gap");
                sum += line["count"].as_u64().expect("a count");
                if line["to"] == "stopped" {
                    break;
                }
            }
            assert!(sum > changes, "{sum} of {changes} changes and an end were told by {verb}");
            // Nobody reads any more.
            send(child, "-TERM");
            assert_eq!(child.wait().expect("it ends").code(), Some(143));
        }
    });
}

fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> Value {
    serde_json::from_str(&lines.next().expect("more").expect("a line")).expect("JSON")
}

/// Freezes and thaws a container over and over, and ends it. Gives the changes that the engine tells of before the end:
/// what engines make of calls in quick succession differs from time to time.
fn cause_changes(stage: &Stage, id: &str) -> u64 {
    let verbs = words(&["pause", "unpause", "die"]);
    let labels = vec![format!("com.docker.compose.project={}", stage.project)];
    let query = EventQuery { verbs, labels, ..EventQuery::default() };
    stage.runtime.block_on(async {
        let feed = stage.engine.events(&query, Deadline::QUESTION, Idle(None)).await.expect("a stream");
        let heard = feed.take_while(|event| {
            let goes_on = event.as_ref().is_ok_and(|event| event.verb() != "die");
            std::future::ready(goes_on)
        });
        let calls = async {
            for _ in 0..1000 {
                let _ = stage.engine.pause_container(id, Deadline::CHANGE).await;
                let _ = stage.engine.unpause_container(id, Deadline::CHANGE).await;
            }
            let _ = stage.engine.unpause_container(id, Deadline::CHANGE).await;
            stage.engine.kill_container(id, "KILL", Deadline::CHANGE).await.expect("it ends");
        };
        let (mut verbs, ()) =
            tokio::join!(heard.map(|event| event.expect("an event").action).collect::<Vec<String>>(), calls);
        verbs.dedup();
        verbs.len() as u64
    })
}
