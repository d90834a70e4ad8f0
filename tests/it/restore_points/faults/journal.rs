// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A restore whose journal is lost after it was decided: what lies in the volumes tells how far it came.

use stackctl::sys::engine::{Deadline, Engine as _, RestartPolicy};

use super::super::lab::Lab;
use super::{assert_well, decision, on_engines};

#[test]
fn what_was_decided_is_done_without_its_journal() {
    on_engines("lost-journal", |stage| {
        let lab = Lab::new(stage);
        let wanted = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        let agreed = ["1", "--confirm", &stage.project, "--no-backup"];
        let decided = decision(&lab, &agreed);
        for (fault, is_begun) in [(decided.as_str(), false), ("worker:rename:2=kill", true), ("worker:done=kill", true)]
        {
            lab.spoil();
            let spoiled = lab.trees();
            assert_ne!(lab.run_with(Some(fault), "restore", &agreed).code, Some(0), "{fault}");
            for entry in std::fs::read_dir(format!("{}/journal", lab.store())).expect("a folder").flatten() {
                std::fs::remove_file(entry.path()).expect("it goes");
            }
            let recovered = lab.run("recover", &[]);
            // Nobody knows any more who ran; that is told, and left to a person.
            assert_eq!(recovered.code, Some(6), "{fault}: {}", recovered.said);
            assert!(
                recovered.out.contains("-db-1") && recovered.out.contains("not known any more"),
                "{}",
                recovered.out
            );
            let now = lab.trees_without_ours();
            // What was there before stays beside it, because nobody saw the stack well with what is there now.
            // Before a volume was begun, nothing but the journal knows that it was decided.
            let is_old = !is_begun && now == spoiled;
            assert!(now == wanted || is_old, "{fault} left a mixture: {now:#?}");
            for (name, policy) in [("db", "no"), ("web", "unless-stopped")] {
                let id = format!("{}-{name}-1", stage.project);
                let policy = RestartPolicy { name: policy.to_owned(), maximum_retries: 0 };
                stage.does(stage.engine.set_restart_policy(&id, &policy, Deadline::CHANGE));
                stage.does(stage.engine.start_container(&id, Deadline::CHANGE));
            }
            assert_well(&lab, fault);
        }
    });
}
