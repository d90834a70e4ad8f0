// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Removing old sets, killed at every change of the disk: what is kept is whole, and the next run finishes the work.

use std::path::Path;
use std::process::Command;

use super::super::lab::Lab;
use super::{on_engines, report};

fn copied(from: &str, to: &str) {
    let _ = std::fs::remove_dir_all(to);
    let ended = Command::new("cp").args(["-a", from, to]).status().expect("a program");
    assert!(ended.success());
}

#[test]
fn a_prune_may_be_killed_at_every_change() {
    on_engines("kill-prune", |stage| {
        let lab = Lab::new(stage);
        for _ in 0..3 {
            lab.run("backup", &["--yes"]).expect(0);
        }
        let (store, full) = (lab.store(), format!("{}.full", lab.store()));
        copied(&store, &full);
        let agreed = ["--keep-last", "1", "--yes"];
        let mut killed = 0;
        for effect in ["kill", "late"] {
            for number in 1.. {
                copied(&full, &store);
                let fault = format!("disk:{number}={effect}");
                let code = lab.sets_with(Some(&fault), "prune", &agreed).code;
                assert_eq!(lab.sets("verify", &["--all"]).code, Some(0), "{fault}: a set that is not whole");
                if code.is_some() {
                    assert_eq!(code, Some(0), "{fault}");
                    break;
                }
                killed += 1;
                let listed = lab.sets("list", &[]).expect(0).out;
                assert!(listed.contains("-0003"), "{fault}: the newest must stay: {listed}");
                lab.sets("prune", &agreed).expect(0);
                let left = |folder: &str| std::fs::read_dir(Path::new(&store).join(folder)).map_or(0, Iterator::count);
                assert_eq!((left("sets"), left(".trash"), left("journal")), (1, 0, 0), "{fault}");
            }
        }
        assert!(killed > 4, "{killed}");
        report(&format!("prunes that were killed: {killed} at {}", stage.host));
    });
}
