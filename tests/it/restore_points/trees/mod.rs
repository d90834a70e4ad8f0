// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Random trees in real volumes, backed up, spoiled or lost, restored, and held against what they were; on every way that
//! data takes, at every engine. The tree is grown and looked at without the program under test, on the engine's own disk.
//!
//! `STACKCTL_TEST_TREES` is the number of rounds, `STACKCTL_TEST_SEED` the seed of the first; a failure names its own.

#![expect(clippy::disallowed_types, reason = "holes are made and looked for in open files")]

mod grow;
mod look;

use std::path::PathBuf;

use stackctl::sys::engine::{Deadline, Engine as _, Labels, VolumePlan};

use super::super::support::{Stage, on_real_engines};
use super::lab::Ran;
use grow::{Dice, grow, spoil};
use look::{Losses, Tree, assert_same, look};

/// The volumes of a round. The first is small, the second empty but for its root, the others large.
const SIZES: [(&str, usize); 4] = [("small", 12), ("empty", 0), ("large", 60), ("more", 60)];

/// The first seed, when none is given.
const SEED: u64 = 20_261_120;

const EXACT: Losses = Losses { reading: false, unpacking: false };

/// A number of the environment.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Volumes of a project without containers, at an engine of this machine.
struct Forest<'s> {
    stage: &'s Stage,
    about: String,
}

impl Forest<'_> {
    fn name(&self, key: &str) -> String {
        format!("{}_{key}", self.stage.project)
    }

    fn make(&self, key: &str) {
        let label = |name: &str, value: &str| (format!("com.docker.compose.{name}"), value.to_owned());
        let labels = Labels::from([label("project", &self.stage.project), label("volume", key)]);
        let plan = VolumePlan { name: self.name(key), labels, ..VolumePlan::default() };
        self.stage.does(self.stage.engine.create_volume(&plan, Deadline::CHANGE));
    }

    /// Where a volume lies on this machine.
    fn place(&self, key: &str) -> PathBuf {
        self.stage.does(self.stage.engine.inspect_volume(&self.name(key), Deadline::QUESTION)).mountpoint.into()
    }

    fn remove(&self, key: &str) {
        self.stage.does(self.stage.engine.remove_volume(&self.name(key), Deadline::CHANGE));
    }

    fn trees(&self) -> Vec<Tree> {
        SIZES.iter().map(|(key, _)| look(&self.place(key))).collect()
    }

    fn run(&self, verb: &str, path: &str, more: &[&str]) {
        let store = self.stage.folder.path().join(format!("store-{path}")).display().to_string();
        self.run_on(verb, (path, &store), more);
    }

    fn run_on(&self, verb: &str, (path, store): (&str, &str), more: &[&str]) {
        let mut command = self.stage.command(verb, more);
        command.args(["--data-path", path, "--store", store]);
        let ran = Ran::of(&command.output().expect("it runs"));
        assert_eq!(ran.code, Some(0), "{}: {verb} on path {path}: {}\n{}", self.about, ran.out, ran.said);
    }

    fn compare(&self, wanted: &[Tree], losses: Losses, what: &str) {
        for ((key, _), (was, is)) in SIZES.iter().zip(wanted.iter().zip(self.trees())) {
            assert_same(was, &is, losses, &format!("{}: {what}, volume {key}", self.about));
        }
    }
}

/// Whether this process may look at the disk of the engines. Where engines are required it must.
fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    let required = std::env::var_os("STACKCTL_TEST_ENGINE_REQUIRED").is_some();
    assert!(is_root || !required, "devices, owners and capabilities are made by root alone");
    is_root
}

fn round(stage: &Stage, seed: u64) {
    let forest = Forest { stage, about: format!("STACKCTL_TEST_SEED={seed} at {}", stage.host) };
    let mut dice = Dice::new(seed);
    for (key, size) in SIZES {
        forest.make(key);
        grow(&forest.place(key), &mut dice, size);
    }
    let wanted = forest.trees();
    for path in ["helper", "host", "archive"] {
        forest.run("backup", path, &["--yes"]);
        forest.compare(&wanted, EXACT, &format!("a backup on path {path} changes nothing"));
    }
    let agreed = ["--confirm", stage.project.as_str(), "--no-backup"];
    for path in ["helper", "host"] {
        for (key, _) in SIZES {
            spoil(&forest.place(key), &mut dice);
        }
        forest.run("restore", path, &agreed);
        forest.compare(&wanted, EXACT, &format!("restored on path {path}"));
    }
    let lose = || SIZES.iter().for_each(|(key, _)| forest.remove(key));
    lose();
    forest.run("restore", "archive", &agreed);
    forest.compare(&wanted, Losses { reading: true, unpacking: true }, "restored on path archive");
    // What an exact set has comes back but for what an engine does not unpack, and the other way round.
    lose();
    let exact = stage.folder.path().join("store-helper").display().to_string();
    forest.run_on("restore", ("archive", &exact), &agreed);
    forest.compare(&wanted, Losses { reading: false, unpacking: true }, "an exact set on path archive");
    forest.run_on("restore", ("helper", &stage.folder.path().join("store-archive").display().to_string()), &agreed);
    forest.compare(&wanted, Losses { reading: true, unpacking: false }, "a set of path archive on path helper");
    lose();
    for path in ["helper", "host", "archive"] {
        std::fs::remove_dir_all(stage.folder.path().join(format!("store-{path}"))).expect("the store goes");
    }
}

#[test]
fn whatever_a_volume_holds_comes_back() {
    if !is_root() {
        return;
    }
    on_real_engines("trees", |stage| {
        let first = number("STACKCTL_TEST_SEED", SEED);
        // Engines of one lane try different trees.
        let shift =
            if std::env::var_os("STACKCTL_TEST_SEED").is_none() && stage.host.contains("sid") { 500_000 } else { 0 };
        for seed in first + shift..first + shift + number("STACKCTL_TEST_TREES", 1) {
            round(stage, seed);
        }
    });
}
