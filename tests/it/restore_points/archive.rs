// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The way through the engine's own archives: what it loses is told, what it keeps comes back, and it fills new volumes
//! alone.

use stackctl::sys::engine::{Deadline, Engine as _};

use super::super::support::on_real_engines;
use super::lab::Lab;

const PATH: [&str; 2] = ["--data-path", "archive"];

/// The words of a run on this way.
fn on_path<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [words, &PATH].concat()
}

/// Removes the containers and the volumes of the project.
fn lose(lab: &Lab<'_>) {
    let stage = lab.stage;
    for service in ["web", "off", "db"] {
        stage.does(stage.engine.remove_container(&format!("{}-{service}-1", stage.project), Deadline::CHANGE));
    }
    for key in ["data", "more"] {
        stage.does(stage.engine.remove_volume(&lab.volume(key), Deadline::CHANGE));
    }
}

#[test]
fn data_comes_back_into_volumes_that_are_lost() {
    on_real_engines("archive", |stage| {
        let lab = Lab::new(stage);
        let before = lab.trees();
        let plan = lab.run("backup", &on_path(&["--dry-run"])).expect(0);
        assert!(plan.out.contains("archive requests; lost: extended attributes"), "{}", plan.out);
        lab.run("backup", &on_path(&["--yes"])).expect(0);
        assert_eq!((lab.running(), lab.leftovers()), (vec!["db".to_owned(), "web".to_owned()], Vec::new()));
        assert_eq!(lab.trees(), before);
        lab.sets("verify", &["--all"]).expect(0);
        let shown = lab.sets("show", &["latest"]).expect(0).out;
        assert!(shown.contains("engine_archive") && shown.contains("lost: access control lists"), "{shown}");

        let project = stage.project.clone();
        let refused = lab.run("restore", &on_path(&["--confirm", &project, "--no-backup"])).expect(3);
        assert!(refused.said.contains("error[archive_path_not_new]"), "{}", refused.said);
        assert!(refused.said.contains("--as PROJECT"), "{}", refused.said);
        assert_eq!(lab.trees(), before);

        lose(&lab);
        let restored = lab.run("restore", &on_path(&["--yes"])).expect(0);
        assert!(restored.said.contains("the set lacks"), "{}", restored.said);
        assert_eq!((lab.trees(), lab.leftovers()), (before.clone(), Vec::new()));

        // What is in such a set comes back on the exact way, too.
        lab.spoil();
        lab.run("restore", &["--confirm", &project, "--no-backup"]).expect(0);
        assert_eq!(lab.trees(), before);
    });
}

/// Every how many changes of a restore one is tried: `make faults` tries all.
fn stride() -> usize {
    if std::env::var_os("STACKCTL_TEST_FAULTS").is_some_and(|value| value == "all") { 1 } else { 5 }
}

/// Which volumes of the project are there.
fn volumes(lab: &Lab<'_>) -> Vec<String> {
    let label = format!("com.docker.compose.project={}", lab.stage.project);
    let listed = lab.stage.does(lab.stage.engine.list_volumes(&label, Deadline::QUESTION));
    listed.into_iter().map(|volume| volume.name).filter(|name| name.starts_with(&lab.volume(""))).collect()
}

#[test]
fn a_restore_that_is_killed_leaves_whole_volumes_or_none() {
    on_real_engines("archive-kill", |stage| {
        let lab = Lab::new(stage);
        let before = lab.trees();
        lab.run("backup", &on_path(&["--yes"])).expect(0);
        lose(&lab);
        let (mut whole, mut none) = (0, 0);
        for number in (1 + usize::from(stage.host.contains("sid"))..).step_by(stride()) {
            assert!(number < 60, "a restore has an end");
            let effect = if number % 3 == 0 { "late" } else { "kill" };
            let fault = format!("engine:{number}={effect}");
            let ran = lab.run_with(Some(&fault), "restore", &on_path(&["--yes"]));
            if ran.code.is_some() {
                ran.expect(0);
                break;
            }
            let recovered = lab.run("recover", &[]).expect(0);
            assert_eq!(lab.leftovers(), Vec::<String>::new(), "{fault}");
            let there = volumes(&lab);
            if there.is_empty() {
                none += 1;
            } else {
                assert_eq!(there.len(), 2, "{fault}: {there:?}\n{}\n{}", recovered.out, recovered.said);
                assert_eq!(lab.trees(), before, "{fault}");
                whole += 1;
                for key in ["data", "more"] {
                    stage.does(stage.engine.remove_volume(&lab.volume(key), Deadline::CHANGE));
                }
            }
            let again = lab.run("recover", &[]).expect(0);
            assert!(again.out.contains("nothing was cut short"), "{fault}: {}", again.out);
        }
        assert!(none > 0 && whole + none > 2, "{none} times nothing, {whole} times all");
        assert_eq!(lab.trees(), before);
    });
}

#[test]
fn folders_and_single_files_of_the_host_are_read_too() {
    on_real_engines("archive-paths", |stage| {
        let lab = Lab::new(stage);
        let folder = stage.folder.path().join("conf");
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("inner"), "one").expect("a file");
        let file = stage.write("single.conf", "two");
        stage.write("neighbour", "is not mounted");
        lab.service("conf", &[], |plan| {
            let label =
                ("com.docker.compose.project.working_dir".to_owned(), stage.folder.path().display().to_string());
            plan.labels.extend([label]);
            plan.binds = vec![format!("{}:/conf", folder.display()), format!("{}:/single.conf", file.display())];
        });
        lab.run("backup", &on_path(&["--yes"])).expect(0);
        lab.sets("verify", &["--all"]).expect(0);
        let shown = lab.sets("show", &["latest"]).expect(0).out;
        let of = |place: &std::path::Path| {
            let place = format!("{}: ", place.display());
            shown.lines().find(|line| line.contains(&place)).expect("it is in the set").to_owned()
        };
        assert!(of(&folder).contains("3 B in 2 entries") && of(&file).contains("3 B in 2 entries"), "{shown}");

        std::fs::write(folder.join("inner"), "spoiled").expect("a file");
        std::fs::write(&file, "spoiled").expect("a file");
        let project = stage.project.clone();
        let agreed = ["--confirm", project.as_str(), "--no-backup"];
        let refused = lab.run("restore", &on_path(&[&agreed[..], &["--volumes", "conf"]].concat())).expect(3);
        assert!(refused.said.contains("error[archive_path_no_volume]"), "{}", refused.said);
        lab.run("restore", &agreed).expect(0);
        let text = |path: &std::path::Path| std::fs::read_to_string(path).expect("a file");
        assert_eq!((text(&folder.join("inner")), text(&file)), ("one".to_owned(), "two".to_owned()));
    });
}
