// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `--notify`: who was not there hears how it ended.

use super::super::support::{Hook, Temper, on_real_engines};
use super::lab::Lab;

#[test]
fn the_end_of_a_backup_and_of_a_restore_is_told() {
    on_real_engines("told", |stage| {
        let lab = Lab::new(stage);
        let project = stage.project.clone();
        // Without anybody to tell, nothing is begun.
        let refused = lab.run("backup", &["--yes", "--notify"]).expect(2);
        assert!(refused.said.contains("error[sinks_none]"), "{}", refused.said);
        assert!(!std::path::Path::new(&lab.store()).exists());

        let hook = Hook::new(&[Temper::Status(200), Temper::Status(200), Temper::Status(200), Temper::Status(404)]);
        stage.write("stackctl.toml", &format!("[[webhook]]\nurl = \"{}\"\n", hook.url()));
        lab.run("backup", &["--dry-run", "--notify"]).expect(0);
        lab.run("backup", &["--notify"]).expect(4);
        lab.run("backup", &["--yes", "--notify"]).expect(0);
        lab.spoil();
        lab.run("restore", &["--confirm", &project, "--no-backup", "--notify"]).expect(0);
        let kinds = ["operation_failed", "operation_done", "operation_done"].map(|kind| vec![kind.to_owned()]);
        assert_eq!(hook.kinds(), kinds);
        let requests = hook.requests();
        assert!(requests[0].contains("nobody is here to agree"), "{}", requests[0]);
        assert!(
            requests[1].contains(&format!("backup of `{project}`")) && requests[1].contains("verified"),
            "{}",
            requests[1]
        );
        assert!(requests[2].contains(&format!("restore of `{project}`")), "{}", requests[2]);

        // One who does not hear changes nothing.
        let made = lab.run("backup", &["--yes", "--notify", "--quiesce", "none"]).expect(0);
        assert!(made.said.contains("the sink `webhook` could not be told: HTTP status 404"), "{}", made.said);
        assert!(!made.said.contains("path-secret"), "{}", made.said);
    });
}
