// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Runs that are killed at every change that they make, at the engine and on the disk, before it and right after it. After
//! each: every set is whole, no data is mixed, `recover` brings the stack back, and does nothing when it is asked again.
//!
//! `make faults` tries every change, each on one of the engines, in turns; the ordinary lane a part of them. What is tried
//! where:
//!
//! | something ends or changes | tried by |
//! |---|---|
//! | before the first record of the journal, and at every one | kills at the disk |
//! | in the middle of a record | `backup::journal`: every cut of a journal |
//! | with helpers, volumes for trial, images made | kills at the engine; an image is made once, then used again: `helper` |
//! | with some services stopped, frozen, their policies changed | kills at the engine; `--quiesce pause` for the frozen |
//! | between the hooks for before and for afterwards | [`hooks`] |
//! | a worker, while it reads, unpacks, renames, removes | `a_worker_may_be_killed_at_every_step`; its talk cut or damaged at any byte: `sys::worker` |
//! | the engine cuts its archive without a word | `sys::worker::tests::archive`, `restore_points::archive` |
//! | the disk is full, or fails | `a_disk_that_fails_publishes_nothing_and_everybody_runs`; a full volume: `sys::tree` |
//! | a byte of what is made, of a set, of what is unpacked | [`tampered`] |
//! | between start, reading back, publishing, each record of it | kills at the disk and at the engine |
//! | power, with what was not made sure lost | `sys::store::crash_tests`, `sys::worker::tests::crash` |
//! | a prune, at every removal | [`prune`] |
//! | a restore: unpacking, the decision, every rename, start, gate, removal | kills of restores and of recoveries |
//! | the journal itself, after the decision | [`journal`] |
//! | a restore on its way back | [`way_back`] |
//! | a restore in place: before, in and after the removal, there and back | [`in_place`] |
//! | somebody starts a service meanwhile | [`started`] |
//! | the making of the store | [`first`] |
//! | a second run meanwhile | `restore_points::a_second_run_is_refused_while_one_is_at_work` |
//! | `recover` itself | kills of recoveries |
//! | a restore as another project | [`copy`] |
//! | the clock jumps back | `backup::id` |

mod copy;
mod first;
mod hooks;
mod in_place;
mod journal;
mod prune;
mod started;
mod tampered;
mod way_back;

use super::super::support::stage::hosts;
use super::super::support::{Stage, on_real_engines};
use super::lab::Lab;

/// What is counted until the run is killed, and whether it is killed before that change or right after it.
type Kill = (&'static str, &'static str);

/// All kinds.
const KILLS: [Kill; 4] = [("engine", "kill"), ("engine", "late"), ("disk", "kill"), ("disk", "late")];

/// Those that leave everything that any kind can leave: before a change all is as it was right after the one before it,
/// whichever of the two that was.
const LATE: [Kill; 2] = [("engine", "late"), ("disk", "late")];

/// More changes than any run makes: a net for a sweep that would not end.
const FAR: u64 = 400;

fn is_every_change_tried() -> bool {
    std::env::var_os("STACKCTL_TEST_FAULTS").is_some_and(|value| value == "all")
}

/// Runs a check on each engine where every change is tried; else on one of them, which is not the same for all checks.
fn on_engines(name: &str, check: impl Fn(&Stage) + Sync) {
    if is_every_change_tried() {
        return on_real_engines(name, check);
    }
    let hosts = hosts();
    if let Some(host) = hosts.get(name.len() % hosts.len().max(1)) {
        check(&Stage::new(host, name));
    }
}

/// Every how many changes one is tried.
fn stride() -> u64 {
    if is_every_change_tried() { 2 } else { 83 }
}

/// Runs a check on one engine with all kinds of kills; where every change is tried, on each engine with those that make a
/// difference, with a project for each, all at once, because much of it is waiting.
fn with_kills(name: &str, check: impl Fn(&Stage, &[Kill]) + Sync) {
    if !is_every_change_tried() {
        return on_engines(name, |stage| check(stage, &KILLS));
    }
    std::thread::scope(|scope| {
        for (number, kill) in LATE.iter().enumerate() {
            let check = &check;
            scope.spawn(move || on_real_engines(&format!("{name}-{number}"), |stage| check(stage, &[*kill])));
        }
    });
}

/// Kills runs at one change after the other until one is not killed any more, and ends with `good`. The engines do not
/// begin with the same change.
fn sweep(
    (lab, kills, good): (&Lab<'_>, &[Kill], i32),
    mut run: impl FnMut(&str) -> Option<i32>,
    mut judge: impl FnMut(&str),
) -> String {
    let mut counts = Vec::new();
    let is_first = !lab.stage.host.contains("sid");
    let begin = match (is_every_change_tried(), is_first) {
        (true, true) => 1,
        (true, false) => 2,
        (false, true) => 1 + stride() / 4,
        (false, false) => 1 + stride() / 9,
    };
    for (place, effect) in kills {
        let mut killed = 0;
        let mut number = begin;
        loop {
            assert!(number < FAR, "{place} has no end");
            let fault = format!("{place}:{number}={effect}");
            let code = run(&fault);
            if code.is_some() {
                assert_eq!(code, Some(good), "{fault} did not kill, and the run failed");
                break;
            }
            killed += 1;
            judge(&fault);
            number += stride();
        }
        counts.push(format!("{place}={effect} {killed}"));
    }
    format!("{} at {}", counts.join(", "), lab.stage.host)
}

fn assert_well(lab: &Lab<'_>, fault: &str) {
    assert_eq!(lab.running(), ["db", "web"], "{fault}");
    assert_eq!(lab.policy("web"), "unless-stopped", "{fault}");
    assert_eq!(lab.leftovers(), Vec::<String>::new(), "{fault}");
    let again = lab.run("recover", &[]).expect(0);
    assert!(again.out.contains("nothing was cut short"), "{fault}: {}", again.out);
}

#[test]
fn a_backup_may_be_killed_at_every_change() {
    kill_backups("kill-backup", &["--yes", "--full"]);
}

#[test]
fn a_backup_that_reads_nothing_may_be_killed_at_every_change() {
    kill_backups("kill-again", &["--yes"]);
}

#[test]
fn a_backup_of_frozen_services_may_be_killed_at_every_change() {
    kill_backups("kill-frozen", &["--yes", "--full", "--quiesce", "pause"]);
}

fn kill_backups(name: &str, words: &[&str]) {
    with_kills(name, |stage, kills| {
        let lab = Lab::new(stage);
        lab.run("backup", &["--yes"]).expect(0);
        let before = lab.trees();
        let run = |fault: &str| lab.run_with(Some(fault), "backup", words).code;
        let killed = sweep((&lab, kills, 0), run, |fault| {
            assert_eq!(lab.sets("verify", &["--all"]).code, Some(0), "{fault}: a set that is not whole");
            assert_eq!(lab.trees(), before, "{fault}");
            let recovered = lab.run("recover", &[]);
            assert_eq!(recovered.code, Some(0), "{fault}: {}", recovered.said);
            assert_well(&lab, fault);
            assert_eq!((lab.trees(), lab.sets("verify", &["--all"]).code), (before.clone(), Some(0)), "{fault}");
            lab.sets("prune", &["--keep-last", "2", "--yes"]).expect(0);
        });
        report(&format!("backups that were killed: {killed}"));
        lab.run("backup", &["--yes"]).expect(0);
    });
}

#[test]
fn a_restore_may_be_killed_at_every_change() {
    with_kills("kill-restore", |stage, kills| {
        let lab = Lab::new(stage);
        let wanted = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        let set = lab.sets("list", &[]).expect(0).out;
        assert!(set.contains("-0001"), "{set}");
        let agreed = ["1", "--confirm", &stage.project, "--no-backup"];
        let run = |fault: &str| {
            lab.spoil();
            lab.run_with(Some(fault), "restore", &agreed).code
        };
        let killed = sweep((&lab, kills, 0), run, |fault| {
            let recovered = lab.run("recover", &[]);
            assert_eq!(recovered.code, Some(0), "{fault}: {}", recovered.said);
            let now = lab.trees();
            let is_old = now.iter().all(|tree| tree.contains("stale") && !tree.contains("./a/b"));
            assert!(now == wanted || is_old, "{fault} left a mixture: {now:#?}");
            assert_well(&lab, fault);
        });
        report(&format!("restores that were killed: {killed}"));
        lab.run("restore", &agreed).expect(0);
        assert_eq!(lab.trees(), wanted);
    });
}

#[test]
fn a_recovery_may_be_killed_at_every_change() {
    with_kills("kill-recovery", |stage, kills| {
        let lab = Lab::new(stage);
        let wanted = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        let agreed = ["1", "--confirm", &stage.project, "--no-backup"];
        // Killed right after it was decided, so that everything is still to be done.
        let decided = decision(&lab, &agreed);
        let run = |fault: &str| {
            lab.spoil();
            assert_eq!(lab.run_with(Some(&decided), "restore", &agreed).code, None);
            lab.run_with(Some(fault), "recover", &[]).code
        };
        let killed = sweep((&lab, kills, 0), run, |fault| {
            let recovered = lab.run("recover", &[]);
            assert_eq!(recovered.code, Some(0), "{fault}: {}", recovered.said);
            assert_eq!(lab.trees(), wanted, "{fault}: what was decided is done");
            assert_well(&lab, fault);
        });
        report(&format!("recoveries that were killed: {killed}"));
        assert_eq!(lab.trees(), wanted);
    });
}

/// Where a worker is killed; `rename` at each of the names that are exchanged.
const WORKER_POINTS: [&str; 11] = [
    "entry:2", "staged", "list", "listed", "rename:1", "rename:2", "rename:3", "renamed", "done", "removing",
    "remove:1",
];

#[test]
fn a_worker_may_be_killed_at_every_step() {
    on_engines("kill-worker", |stage| {
        let lab = Lab::new(stage);
        let wanted = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        let agreed = ["1", "--confirm", &stage.project, "--no-backup"];
        let every = if is_every_change_tried() { 1 } else { 3 };
        for point in WORKER_POINTS.into_iter().skip(usize::from(stage.host.contains("sid"))).step_by(every) {
            lab.spoil();
            let fault = format!("worker:{point}=kill");
            let ran = lab.run_with(Some(&fault), "restore", &agreed);
            // Old data that cannot be removed is told, and in the way of nothing.
            let told = matches!(ran.code, Some(1 | 5 | 6)) || ran.code == Some(0) && point.starts_with("remov");
            assert!(told && ran.said.contains("error["), "{fault}: {:?} {}", ran.code, ran.said);
            // Whatever the run could not do itself is done by the next, whose workers are well.
            let recovered = lab.run("recover", &[]);
            assert_eq!(recovered.code, Some(0), "{fault}: {}", recovered.said);
            let now = lab.trees();
            let is_old = now.iter().all(|tree| tree.contains("stale") && !tree.contains("./a/b"));
            assert!(now == wanted || is_old, "{fault} left a mixture: {now:#?}");
            assert_well(&lab, &fault);
        }
    });
}

#[test]
fn a_disk_that_fails_publishes_nothing_and_everybody_runs() {
    on_engines("full-disk", |stage| {
        let lab = Lab::new(stage);
        lab.run("backup", &["--yes"]).expect(0);
        let before = (lab.trees(), lab.sets("list", &[]).expect(0).out);
        let every = if is_every_change_tried() { 2 } else { 13 };
        for effect in ["enospc", "eio"] {
            // The engines take turns.
            let mut number = if stage.host.contains("sid") { 2 } else { 1 };
            loop {
                let fault = format!("disk:{number}={effect}");
                // What has not changed would be read in place of a link that fails, and the run would be well.
                let ran = lab.run_with(Some(&fault), "backup", &["--yes", "--full"]);
                if ran.code == Some(0) {
                    break;
                }
                // A fault that only keeps the journal from being closed leaves a good set, and is told as what it is.
                let told = ran.said.contains("error[") || ran.code == Some(6) && ran.out.contains("not well");
                assert!(ran.code.is_some() && told, "{fault}: {:?} {} {}", ran.code, ran.out, ran.said);
                lab.run("recover", &[]).expect(0);
                let sets = lab.sets("list", &[]).expect(0).out;
                // A fault after the set appeared is told, and the set is whole.
                assert!(sets.starts_with(&before.1[..20]) && lab.sets("verify", &["--all"]).code == Some(0), "{fault}");
                assert_eq!(
                    (lab.trees(), lab.running()),
                    (before.0.clone(), vec!["db".to_owned(), "web".to_owned()]),
                    "{fault}"
                );
                number += every;
            }
        }
    });
}

/// The first change of the disk after which a killed restore is decided.
fn decision(lab: &Lab<'_>, agreed: &[&str]) -> String {
    decision_before(lab, agreed, 64)
}

/// The same where it is decided before this change.
fn decision_before(lab: &Lab<'_>, agreed: &[&str], last: u64) -> String {
    let (mut undecided, mut decided) = (0, last);
    while decided - undecided > 1 {
        let number = u64::midpoint(undecided, decided);
        lab.spoil();
        let is_killed = lab.run_with(Some(&format!("disk:{number}=late")), "restore", agreed).code.is_none();
        let journals = std::fs::read_dir(format!("{}/journal", lab.store())).expect("a folder");
        let has_decided = journals.flatten().any(|entry| {
            std::fs::read_to_string(entry.path()).is_ok_and(|text| text.contains("\"phase\":\"commit_all\""))
        });
        if has_decided || !is_killed {
            decided = number;
        } else {
            undecided = number;
        }
        lab.run("recover", &[]).expect(0);
    }
    format!("disk:{decided}=late")
}

/// Counts are part of the result, so they are told whether or not somebody looks at the output of tests that pass.
fn report(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}
