// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Retention after a backup.

use stackctl::sys::engine::HealthStatus;

use super::super::support::on_real_engines;
use super::super::support::stage::check_each_second;
use super::lab::Lab;

impl Lab<'_> {
    /// The numbers of the sets, the newest first.
    fn numbers(&self) -> Vec<u64> {
        let listed = self.sets("list", &["--format", "json"]).expect(0).out;
        let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
        let sets = listed["sets"].as_array().expect("a list");
        sets.iter().map(|set| set["number"].as_u64().expect("a number")).collect()
    }
}

#[test]
fn old_sets_go_after_a_backup_and_only_when_the_stack_is_well() {
    on_real_engines("pruned", |stage| {
        let lab = Lab::new(stage);
        for _ in 0..2 {
            lab.run("backup", &["--yes"]).expect(0);
        }
        lab.run("backup", &["--yes", "--prune"]).expect(2);
        lab.run("backup", &["--yes", "--keep-last", "2"]).expect(2);
        let keep = ["--prune", "--keep-last", "2"];
        let plan = lab.run("backup", &[&["--dry-run"], &keep[..]].concat()).expect(0);
        assert!(plan.out.contains("Removed afterwards") && plan.out.contains("-0001\n"), "{}", plan.out);
        assert_eq!(lab.numbers(), [2, 1]);
        let made = lab.run("backup", &[&["--yes"], &keep[..]].concat()).expect(0);
        assert!(made.out.contains("removed ") && made.out.contains("-0001\n"), "{}", made.out);
        assert_eq!(lab.numbers(), [3, 2]);

        // By the settings, unless for once not.
        stage.write("stackctl.toml", "[backup]\nkeep_last = 1\nprune = true\n");
        lab.run("backup", &["--yes", "--no-prune"]).expect(0);
        assert_eq!(lab.numbers(), [4, 3, 2]);
        lab.sets("protect", &["2"]).expect(0);
        lab.run("backup", &["--yes"]).expect(0);
        assert_eq!(lab.numbers(), [5, 2]);

        // One that is well only until it is stopped: what is in memory goes then.
        let frail = lab.service("frail", &[("data", false)], |plan| {
            plan.health_check = Some(check_each_second(&["CMD", "test", "-e", "/dev/shm/ok"]));
        });
        stage.exec(&frail, &["touch", "/dev/shm/ok"]);
        stage.wait(&frail, "health", |detail| {
            detail.state.health.as_ref().is_some_and(|health| health.status == HealthStatus::Healthy)
        });
        let ill = lab.run("backup", &["--yes", "--gate-timeout", "8s"]).expect(6);
        assert!(ill.out.contains("not well: ") && !ill.out.contains("removed "), "{}", ill.out);
        assert_eq!(lab.numbers(), [6, 5, 2]);
    });
}
