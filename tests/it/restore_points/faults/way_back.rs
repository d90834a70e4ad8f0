// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A restore that makes a service sick goes back by itself; killed anywhere on its way there and back, it ends back.

use super::super::super::support::Stage;
use super::super::lab::Lab;
use super::{Kill, assert_well, report, sweep, with_kills};

/// How long a container that will never be well is waited for.
const GATE: &str = "4s";

fn check(stage: &Stage, kills: &[Kill]) {
    let lab = Lab::new(stage);
    lab.run("backup", &["--yes"]).expect(0);
    lab.spoil();
    // Only well with what is there now, not with what is in the set.
    lab.replace_db("test -e /data/stale");
    let spoiled = lab.trees();
    let agreed =
        ["1", "--confirm", &stage.project, "--no-backup", "--on-unhealthy", "rollback", "--gate-timeout", GATE];
    let run = |fault: &str| lab.run_with(Some(fault), "restore", &agreed).code;
    let killed = sweep((&lab, kills, 5), run, |fault| {
        let recovered = lab.run("recover", &["--gate-timeout", GATE]);
        assert!(matches!(recovered.code, Some(0 | 5 | 6)), "{fault}: {:?} {}", recovered.code, recovered.said);
        assert_eq!(lab.trees(), spoiled, "{fault}");
        assert_well(&lab, fault);
    });
    report(&format!("restores that went back and were killed: {killed}"));
    assert_eq!(lab.trees(), spoiled);
}

#[test]
fn a_restore_that_goes_back_may_be_killed_at_every_change() {
    with_kills("kill-way-back", check);
}
