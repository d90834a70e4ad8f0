// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A restore beside the project, as another one: killed anywhere, the copy is whole or not there at all.

use stackctl::sys::engine::{Deadline, Engine as _};

use super::super::super::support::Stage;
use super::super::lab::Lab;
use super::{Kill, assert_well, report, sweep, with_kills};

struct Copy<'l> {
    lab: &'l Lab<'l>,
    project: String,
}

impl Copy<'_> {
    fn volumes(&self) -> Vec<String> {
        let stage = self.lab.stage;
        let label = format!("com.docker.compose.project={}", self.project);
        let listed = stage.does(stage.engine.list_volumes(&label, Deadline::QUESTION));
        let mut names: Vec<String> = listed.into_iter().map(|volume| volume.name).collect();
        names.sort();
        names
    }

    fn remove(&self) {
        let stage = self.lab.stage;
        for name in self.volumes() {
            stage.does(stage.engine.remove_volume(&name, Deadline::CHANGE));
        }
    }
}

fn check(stage: &Stage, kills: &[Kill]) {
    let lab = Lab::new(stage);
    lab.run("backup", &["--yes"]).expect(0);
    let before = lab.trees();
    let copy = Copy { lab: &lab, project: format!("{}copy", stage.project) };
    let agreed = ["1", "--as", &copy.project, "--confirm", &copy.project, "--yes"];
    let run = |fault: &str| {
        copy.remove();
        lab.run_with(Some(fault), "restore", &agreed).code
    };
    let killed = sweep((&lab, kills, 0), run, |fault| {
        let recovered = lab.run("recover", &[]);
        assert_eq!(recovered.code, Some(0), "{fault}: {}", recovered.said);
        let there = copy.volumes();
        assert!(there.is_empty() || there.len() == 2, "{fault} left a part: {there:?}");
        for (name, wanted) in there.iter().zip(&before) {
            assert_eq!(&lab.tree_of(name), wanted, "{fault}: {name}");
        }
        assert_eq!(lab.trees(), before, "{fault}");
        assert_well(&lab, fault);
    });
    report(&format!("copies that were killed: {killed}"));
    copy.remove();
}

#[test]
fn a_restore_as_another_project_may_be_killed_at_every_change() {
    with_kills("kill-copy", check);
}
