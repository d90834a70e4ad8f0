// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl backup`, `restore` and `recover` on real engines.

mod archive;
mod asked;
mod caches;
mod faults;
mod guide;
mod images;
mod in_place;
pub(crate) mod lab;
mod pruned;
mod services;
mod told;
mod trees;
mod unchanged;

use super::support::on_real_engines;
use lab::Lab;

#[test]
fn data_comes_back_exactly_and_the_stack_runs_again() {
    on_real_engines("points", |stage| {
        let lab = Lab::new(stage);
        let before = lab.trees();
        let plan = lab.run("backup", &["--dry-run"]).expect(0);
        assert!(plan.out.contains(&lab.volume("data")) && plan.out.contains("-db-1 (stop)"), "{}", plan.out);
        assert!(!std::path::Path::new(&lab.store()).exists(), "a plan changes nothing");

        lab.run("backup", &[]).expect(4);
        let made = lab.run("backup", &["--yes", "--note", "first"]).expect(0);
        assert!(made.out.contains("2 volumes"), "{}", made.out);
        assert_eq!(lab.running(), ["db", "web"]);
        assert_eq!(lab.trees(), before);
        assert!(lab.sets("list", &[]).expect(0).out.contains("complete, verified"));
        lab.sets("verify", &["--all"]).expect(0);
        let tried = lab.sets("verify", &["--restore-test", "-H", &stage.host, "-p", &stage.project]).expect(0);
        assert!(tried.said.contains("where nobody looks"), "{}", tried.said);

        lab.spoil();
        let spoiled = lab.trees();
        assert_ne!(spoiled, before);
        let refused = lab.run("restore", &["--yes"]).expect(4);
        assert!(refused.said.contains("--confirm"), "{}", refused.said);
        assert_eq!(lab.trees(), spoiled);

        let project = stage.project.clone();
        let restored = lab.run("restore", &["1", "--confirm", &project]).expect(0);
        assert!(restored.out.contains("restored"), "{}", restored.out);
        assert_eq!(lab.trees(), before);
        assert_eq!(
            (lab.running(), lab.policy("web").as_str()),
            (vec!["db".to_owned(), "web".to_owned()], "unless-stopped")
        );
        assert_eq!(lab.leftovers(), Vec::<String>::new());
        // What was there before is in a restore point of its own.
        lab.run("restore", &["latest", "--confirm", &project, "--no-backup"]).expect(0);
        assert_eq!(lab.trees(), spoiled);
        assert!(lab.run("recover", &[]).expect(0).out.contains("nothing was cut short"));
    });
}

#[test]
fn a_restore_can_be_undone_and_one_that_makes_it_sick_undoes_itself() {
    on_real_engines("undo", |stage| {
        let lab = Lab::new(stage);
        let project = stage.project.clone();
        let before = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        lab.spoil();
        let spoiled = lab.trees();
        lab.run("restore", &["--confirm", &project, "--no-backup", "--keep-undo"]).expect(0);
        assert_eq!(lab.trees_without_ours(), before);
        assert!(lab.run("recover", &[]).expect(0).out.contains("nothing was cut short"));
        lab.run("restore", &["--undo", "--confirm", &project]).expect(0);
        assert_eq!(lab.trees(), spoiled);
        lab.run("restore", &["--undo", "--confirm", &project]).expect(1);

        // A service that is only well with what is there now.
        lab.replace_db("test -e /data/stale");
        let undone = lab.run("restore", &["--confirm", &project, "--no-backup", "--gate-timeout", "8s"]).expect(5);
        assert!(undone.out.contains("is back"), "{}", undone.out);
        assert_eq!((lab.trees(), lab.running()), (spoiled, vec!["db".to_owned(), "web".to_owned()]));
        let kept = lab
            .run("restore", &["--confirm", &project, "--no-backup", "--gate-timeout", "8s", "--on-unhealthy", "keep"])
            .expect(7);
        assert!(kept.out.contains("--undo"), "{}", kept.out);
        assert_eq!(lab.trees_without_ours(), before);
    });
}

#[test]
fn a_second_run_is_refused_while_one_is_at_work() {
    on_real_engines("second", |stage| {
        let lab = Lab::new(stage);
        let machine = stackctl::sys::os::OsMachine;
        let locks = stage.folder.path().join(".local/state/stackctl/locks");
        let request = stackctl::sys::lock::LockRequest {
            project: &stage.project,
            folder: &locks,
            command: "test",
            now: chrono::Utc::now(),
            break_lock: false,
        };
        let lock = stage.runtime.block_on(stackctl::sys::lock::ProjectLock::acquire(&stage.engine, &machine, request));
        let lock = lock.expect("nobody else has it");
        for verb in ["backup", "restore", "recover"] {
            let agreed: &[&str] = if verb == "backup" { &["--yes"] } else { &[] };
            let _ = std::fs::create_dir_all(lab.store());
            let ran = lab.run(verb, agreed);
            // Without a store there is nothing to restore or recover, which is told first.
            assert!(matches!((verb, ran.code), ("backup", Some(8)) | (_, Some(8 | 2))), "{verb}: {}", ran.said);
        }
        stage.runtime.block_on(lock.release(&stage.engine)).expect("it is given back");
        assert_eq!(lab.running(), ["db", "web"]);
    });
}

#[test]
fn a_set_restores_without_the_program_as_its_own_text_says() {
    on_real_engines("by-hand", |stage| {
        let lab = Lab::new(stage);
        let before = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        lab.spoil();
        let sets = std::path::Path::new(&lab.store()).join("sets");
        let set = std::fs::read_dir(sets).expect("a folder").flatten().next().expect("a set").path();
        let client = std::env::var_os("DOCKER_CONFIG").map(std::path::PathBuf::from).unwrap_or_default();
        let client = client.join("../packages/bookworm/root/usr/bin");
        let ended = std::process::Command::new("sh")
            .args(["-e", "RESTORE.txt"])
            .current_dir(&set)
            .env("DOCKER_HOST", &stage.host)
            .env("PATH", format!("{}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", client.display()))
            .output()
            .expect("a shell");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        assert_eq!(lab.trees(), before);
        // The text stops who runs, and leaves the start to whoever follows it.
        assert_eq!(lab.running(), Vec::<String>::new());
    });
}

#[test]
fn hooks_run_around_the_reading_and_one_that_fails_publishes_nothing() {
    on_real_engines("hooks", |stage| {
        let lab = Lab::new(stage);
        let label = |name: &str, value: &str| (format!("stackctl.backup.{name}"), value.to_owned());
        let add = |words: &str| format!("[\"sh\", \"-c\", \"echo {words} >>/data/log\"]");
        lab.service("hooked", &[("data", false)], |plan| {
            plan.labels.extend([label("quiesce", "hook"), label("pre", &add("pre")), label("post", &add("post"))]);
        });
        let made = lab.run("backup", &["--yes"]).expect(0);
        // It was not stopped: what it said before is in the set, what it said after is not.
        assert!(!made.said.contains(&format!("stopping `{}-hooked-1`", stage.project)), "{}", made.said);
        assert!(lab.in_volume("data", "cat /tree/log").ends_with("pre\npost\n"));
        assert!(lab.sets("show", &["latest"]).expect(0).out.contains("hook"));
        let shown = lab.sets("show", &["latest", "--format", "json"]).expect(0).out;
        let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        let hooks = shown["sets"][0]["manifest"]["hooks"].as_array().expect("a list").clone();
        let told: Vec<_> = hooks.iter().map(|one| (one["phase"].as_str(), one["program"].as_str())).collect();
        assert_eq!(told, [(Some("pre"), Some("sh")), (Some("post"), Some("sh"))]);
        assert!(hooks.iter().all(|one| one["service"] == "hooked" && one["exit_code"] == 0), "{hooks:?}");
        let project = stage.project.clone();
        lab.run("restore", &["--confirm", &project, "--no-backup"]).expect(0);
        assert!(lab.in_volume("data", "cat /tree/log").ends_with("pre\n"));

        lab.service("broken", &[("more", false)], |plan| {
            plan.labels.extend([label("quiesce", "hook"), label("pre", "false"), label("post", "touch /more/after")]);
        });
        let failed = lab.run("backup", &["--yes"]).expect(1);
        assert!(failed.said.contains("error[hook_failed]") && failed.said.contains("`false`"), "{}", failed.said);
        assert!(!lab.sets("list", &[]).expect(0).out.contains("-0003"));
        assert_eq!(lab.running(), ["broken", "db", "hooked", "web"]);
        lab.in_volume("more", "test -e /tree/after");
    });
}
