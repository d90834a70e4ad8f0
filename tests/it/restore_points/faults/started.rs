// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Somebody starts a stopped service by hand in the middle of a run: nothing of it may be written under its feet.

use stackctl::sys::engine::{Deadline, Engine as _};

use super::super::lab::Lab;
use super::{assert_well, is_every_change_tried, on_engines, report};

/// Every how many changes of the engine the run is held.
fn every() -> usize {
    if is_every_change_tried() { 1 } else { 6 }
}

#[test]
fn a_service_may_be_started_by_hand_at_any_change() {
    on_engines("by-hand-start", |stage| {
        let lab = Lab::new(stage);
        let wanted = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        let (mut refused, mut done) = (0, 0);
        for number in (1_u64..).step_by(every()) {
            lab.spoil();
            let spoiled = lab.trees();
            let fault = format!("engine:{number}=hold");
            let agreed = ["1", "--confirm", &stage.project, "--no-backup"];
            let held = lab.hold_with(&fault, "restore", &agreed);
            let Some(held) = held else { break };
            let stopped: Vec<&str> =
                ["db", "web"].into_iter().filter(|name| !lab.running().iter().any(|one| one == name)).collect();
            for name in &stopped {
                let id = format!("{}-{name}-1", stage.project);
                stage.does(stage.engine.start_container(&id, Deadline::CHANGE));
            }
            let ran = held.go_on();
            let now = lab.trees();
            if ran.code == Some(0) {
                done += 1;
            } else {
                refused += 1;
                assert!(ran.said.contains("error["), "{fault}: {:?} {}", ran.code, ran.said);
                lab.run("recover", &[]).expect(0);
            }
            assert!(now == wanted || now == spoiled, "{fault} left a mixture: {now:#?}");
            assert_well(&lab, &fault);
        }
        assert!(refused > 0 && done > 0, "{refused} {done}");
        report(&format!("started by hand: {refused} restores refused, {done} done at {}", stage.host));
    });
}
