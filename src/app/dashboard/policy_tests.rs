// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use super::*;
use crate::app::testing::{Lab, PROJECT};
use crate::config::{Layer, parse_file, resolve};
use crate::health::policy::Mode;
use crate::sys::lock::{LockRequest, ProjectLock};

fn settings(text: &str) -> Settings {
    let layer = parse_file("stackctl.toml", text).unwrap();
    resolve(Some(("stackctl.toml", &layer)), &Layer::default(), &Layer::default())
}

#[test]
fn labels_and_the_holder_of_the_lock_are_found() {
    let lab = Lab::new();
    lab.start("web", &["sleep", "9"], |plan| {
        plan.labels.insert(LABEL.to_owned(), "restart\u{1b}[2J".to_owned());
    });
    lab.start("db", &["sleep", "9"], |_| {});
    let (free, held) = lab.ask(async |live| {
        let link = &live.engines[0];
        let free = of_engine(live, link, Some(PROJECT)).await;
        let engine = link.engine.as_ref().unwrap().as_ref();
        let folder = std::path::Path::new("/locks");
        let request =
            LockRequest { project: PROJECT, folder, command: "backup", now: live.clock.now(), break_lock: false };
        let lock = ProjectLock::acquire(engine, live.machine, request).await.unwrap();
        let held = of_engine(live, link, None).await;
        lock.release(engine).await.unwrap();
        (free, held)
    });
    assert!(free.troubles.is_empty() && free.locks.is_empty() && free.supervisors.is_empty(), "{free:?}");
    assert_eq!(free.labels.len(), 1);
    assert_eq!(free.labels[&(PROJECT.to_owned(), "web".to_owned())], "restart\u{fffd}[2J");
    let lock = &held.locks[0];
    assert_eq!((lock.project.as_str(), lock.command.as_str(), lock.by), (PROJECT, "backup", LockedBy::Us));
}

#[test]
fn a_supervisor_that_runs_is_found_and_looking_locks_nothing() {
    let lab = Lab::new();
    let read = lab.ask(async |live| {
        let folder = state_folder(live.context.environment).unwrap().join("locks");
        let alone = crate::app::supervise::Alone::with(live.engines, None, &folder, live.machine).unwrap();
        let read = of_engine(live, &live.engines[0], Some(PROJECT)).await;
        drop(alone);
        // It can be had again: the look did not keep it.
        crate::app::supervise::Alone::with(live.engines, None, &folder, live.machine).unwrap();
        read
    });
    assert_eq!(read.supervisors, [SupervisorRead { project: None, note: "process 100".to_owned() }]);
}

#[test]
fn what_only_others_should_know_is_left_out() {
    let settings = settings(
        "[supervise.services.bus]\nheal = \"command\"\ncommand = [\"/bin/page\", \"--token\", \"hunter2\"]\n\
         [prometheus]\n[mqtt]\nbroker = \"mqtt://nas:1884\"\n[[webhook]]\nname = \"chat\"\n\
         url = \"https://me:hunter2@hooks.test/hunter2\"\n[[webhook]]\nurl_file = \"/run/url\"\n",
    );
    let policy = shown(&settings);
    assert_eq!((policy.services["bus"].mode, policy.services["bus"].command.len()), (Mode::Command, 1));
    let sinks = sinks(&settings.sinks);
    let addresses: Vec<&str> = sinks.iter().map(|sink| sink.address.as_str()).collect();
    let expected = ["http://127.0.0.1:9817/metrics", "mqtt://nas:1884", "https://hooks.test", "as /run/url says"];
    assert_eq!(addresses, expected);
    assert!(!format!("{policy:?}{sinks:?}").contains("hunter2"));
}
