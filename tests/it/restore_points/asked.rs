// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Restores that make the stack sick, with a person at the terminal.

use super::super::support::on_real_engines;
use super::super::support::terminal::at_terminal;
use super::lab::Lab;

#[test]
fn a_person_decides_whether_data_stays_that_the_stack_is_not_well_with() {
    on_real_engines("asked", |stage| {
        let lab = Lab::new(stage);
        let project = stage.project.clone();
        let before = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        lab.spoil();
        let spoiled = lab.trees();
        // Well with what is there now, and not with what is in the set.
        lab.replace_db("test -e /data/stale");
        let store = lab.store();
        let common = ["--store", &store, "--no-backup", "--gate-timeout", "8s"];
        let question = "keep the restored data?";

        // Nobody is there.
        let agreed = ["--confirm", &project, "--on-unhealthy", "ask"];
        let alone = lab.run("restore", &[&agreed[..], &common[2..]].concat()).expect(5);
        assert!(!alone.said.contains(question), "{}", alone.said);
        assert_eq!((lab.trees(), lab.running()), (spoiled.clone(), vec!["db".to_owned(), "web".to_owned()]));

        // Somebody who agreed at the terminal is asked unasked for, and says no.
        let (code, screen) =
            at_terminal(&stage.command("restore", &common), &[("to agree:", &project), (question, "")]);
        assert_eq!(code, Some(5), "{screen}");
        assert!(screen.contains("is not well: "), "{screen}");
        assert_eq!(lab.trees(), spoiled);

        // Somebody says yes.
        let command = stage.command("restore", &[&agreed[..], &common].concat());
        let (code, screen) = at_terminal(&command, &[(question, "y")]);
        assert_eq!(code, Some(7), "{screen}");
        assert_eq!(lab.trees_without_ours(), before);
        assert!(lab.run("recover", &[]).expect(0).out.contains("nothing was cut short"));
        assert_eq!(lab.trees_without_ours(), before);
        // The way back is still there.
        lab.run("restore", &["--undo", "--confirm", &project]).expect(0);
        assert_eq!(lab.trees(), spoiled);
    });
}
