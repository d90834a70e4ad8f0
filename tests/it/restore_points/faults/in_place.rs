// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Restores that delete what is there before they unpack, killed anywhere: after `recover` the data is exactly what was there,
//! or exactly what was to come.

use std::cell::RefCell;

use super::super::lab::Lab;
use super::{assert_well, decision_before, is_every_change_tried, on_engines, report, sweep, with_kills};

/// More changes of the disk than come before the decision: a set is made first.
const LAST: u64 = 256;

#[test]
fn a_restore_in_place_may_be_killed_at_every_change() {
    with_kills("kill-in-place", |stage, kills| {
        let lab = Lab::new(stage);
        let wanted = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        let agreed = ["1", "--confirm", &stage.project, "--in-place"];
        let spoiled = RefCell::new(lab.trees());
        let run = |fault: &str| {
            lab.spoil();
            spoiled.replace(lab.trees());
            lab.run_with(Some(fault), "restore", &agreed).code
        };
        let killed = sweep((&lab, kills, 0), run, |fault| {
            let recovered = lab.run("recover", &[]);
            assert_eq!(recovered.code, Some(0), "{fault}: {}", recovered.said);
            let now = lab.trees();
            assert!(now == wanted || now == *spoiled.borrow(), "{fault} left a mixture: {now:#?}");
            assert_well(&lab, fault);
        });
        report(&format!("restores in place that were killed: {killed}"));
        assert_eq!(lab.trees(), wanted);
        lab.sets("verify", &["--all"]).expect(0);
    });
}

#[test]
fn a_restore_in_place_that_goes_back_may_be_killed_at_every_change() {
    with_kills("kill-in-place-back", |stage, kills| {
        let lab = Lab::new(stage);
        lab.run("backup", &["--yes"]).expect(0);
        lab.spoil();
        lab.replace_db("test -e /data/stale");
        let spoiled = lab.trees();
        let agreed =
            ["1", "--confirm", &stage.project, "--in-place", "--on-unhealthy", "rollback", "--gate-timeout", "4s"];
        let run = |fault: &str| lab.run_with(Some(fault), "restore", &agreed).code;
        let killed = sweep((&lab, kills, 5), run, |fault| {
            let recovered = lab.run("recover", &["--gate-timeout", "4s"]);
            assert!(matches!(recovered.code, Some(0 | 5 | 6)), "{fault}: {:?} {}", recovered.code, recovered.said);
            assert_eq!(lab.trees(), spoiled, "{fault}");
            assert_well(&lab, fault);
        });
        report(&format!("restores in place that went back and were killed: {killed}"));
        assert_eq!(lab.trees(), spoiled);
    });
}

/// Where a worker is killed, in its order.
const WORKER_POINTS: [&str; 8] =
    ["emptying", "emptied:big", "emptied", "staged", "listed", "rename:2", "done", "removing"];

#[test]
fn a_worker_that_deletes_or_fills_may_be_killed() {
    on_engines("kill-in-place-worker", |stage| {
        let lab = Lab::new(stage);
        let wanted = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        let agreed = ["1", "--confirm", &stage.project, "--in-place"];
        let every = if is_every_change_tried() { 1 } else { 3 };
        for point in WORKER_POINTS.into_iter().skip(usize::from(stage.host.contains("sid"))).step_by(every) {
            lab.spoil();
            let spoiled = lab.trees();
            let fault = format!("worker:{point}=kill");
            let ran = lab.run_with(Some(&fault), "restore", &agreed);
            assert!(
                matches!(ran.code, Some(5 | 6)) && ran.said.contains("error["),
                "{fault}: {:?} {}",
                ran.code,
                ran.said
            );
            let recovered = lab.run("recover", &[]);
            assert_eq!(recovered.code, Some(0), "{fault}: {}", recovered.said);
            assert_eq!(lab.trees(), spoiled, "{fault}: it had turned back");
            assert_well(&lab, &fault);
        }
        lab.run("restore", &agreed).expect(0);
        assert_eq!(lab.trees(), wanted);
    });
}

#[test]
fn what_was_decided_in_place_may_be_brought_to_either_end_and_keeps_its_sets() {
    on_engines("in-place-ends", |stage| {
        let lab = Lab::new(stage);
        let wanted = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        let agreed = ["1", "--confirm", &stage.project, "--in-place"];
        let decided = decision_before(&lab, &agreed, LAST);
        for way in ["--resume", "--abort"] {
            lab.spoil();
            let spoiled = lab.trees();
            assert_eq!(lab.run_with(Some(&decided), "restore", &agreed).code, None, "{decided}");
            // Cut short again, when something was deleted.
            let cut = lab.run_with(Some("worker:emptied=kill"), "recover", &["--resume"]);
            assert_eq!(cut.code, Some(1), "{}", cut.said);
            lab.sets("prune", &["--keep-last", "1", "--yes"]).expect(0);
            lab.run("recover", &[way]).expect(0);
            assert_eq!(lab.trees(), if way == "--abort" { spoiled } else { wanted.clone() }, "{way}");
            assert_well(&lab, way);
        }
    });
}

#[test]
fn a_half_filled_volume_is_told_when_its_journal_is_lost() {
    on_engines("in-place-lost", |stage| {
        let lab = Lab::new(stage);
        lab.run("backup", &["--yes"]).expect(0);
        let agreed = ["1", "--confirm", &stage.project, "--in-place"];
        lab.run_with(Some("worker:emptied=kill"), "restore", &agreed).expect(6);
        for entry in std::fs::read_dir(format!("{}/journal", lab.store())).expect("a folder").flatten() {
            std::fs::remove_file(entry.path()).expect("it goes");
        }
        let told = lab.run("recover", &[]).expect(6);
        assert!(told.out.contains(&lab.volume("data")) && told.out.contains("RESTORE.txt"), "{}", told.out);
        // Nothing is restored beside it as if it were whole.
        let refused = lab.run("restore", &["1", "--confirm", &stage.project, "--no-backup"]).expect(3);
        assert!(refused.said.contains("error[operation_unfinished]"), "{}", refused.said);
        // Nor saved.
        let sets = lab.sets("list", &[]).expect(0).out;
        let refused = lab.run("backup", &["--yes"]);
        assert!(refused.code != Some(0) && refused.said.contains("error[operation_unfinished]"), "{}", refused.said);
        assert_eq!(lab.sets("list", &[]).expect(0).out, sets);
    });
}
