// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Bytes that change where nobody should change any: in what is being made, in a set, in what is unpacked beside the data.
//! Whatever it is, it is seen before it does harm.

use std::path::{Path, PathBuf};

use stackctl::sys::engine::{Deadline, Engine as _};

use super::super::lab::Lab;
use super::{assert_well, on_engines};

/// All files below a folder whose names end so.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Turns one byte in the middle of a file over.
fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).expect("a file");
}

#[test]
fn a_byte_that_changes_in_what_is_made_publishes_nothing() {
    on_engines("tampered-stage", |stage| {
        let lab = Lab::new(stage);
        lab.run("backup", &["--yes"]).expect(0);
        let store = PathBuf::from(lab.store());
        // Everything was read; now everybody is started, and then it is read back.
        let is_read = || {
            let journal = files(&store.join("journal"), "").pop().and_then(|path| std::fs::read_to_string(path).ok());
            journal.is_some_and(|text| text.matches("\"phase\":\"captured\"").count() == 2)
        };
        let held = lab.hold_when("backup", &["--yes", "--full"], is_read);
        flip(&files(&store.join(".staging"), ".tar.zst")[0]);
        let before = lab.sets("list", &[]).expect(0).out;
        let ran = held.go_on().expect(1);
        assert!(ran.said.contains("error["), "{}", ran.said);
        assert_eq!(lab.sets("list", &[]).expect(0).out, before);
        assert_eq!(lab.sets("verify", &["--all"]).code, Some(0));
        assert_well(&lab, "a byte in the staging area");
    });
}

#[test]
fn a_set_with_a_changed_byte_stops_nobody() {
    on_engines("tampered-set", |stage| {
        let lab = Lab::new(stage);
        lab.run("backup", &["--yes"]).expect(0);
        lab.spoil();
        let (before, spoiled) = (lab.started(), lab.trees());
        flip(&files(&PathBuf::from(lab.store()).join("sets"), ".tar.zst")[1]);
        let ran = lab.run("restore", &["1", "--confirm", &stage.project, "--no-backup"]).expect(1);
        assert!(ran.said.contains("error["), "{}", ran.said);
        assert_eq!((lab.started(), lab.trees()), (before, spoiled), "somebody was stopped");
        assert_well(&lab, "a byte in the set");
    });
}

#[test]
fn a_byte_that_changes_in_what_is_unpacked_puts_nothing_in_place() {
    on_engines("tampered-new", |stage| {
        let lab = Lab::new(stage);
        lab.run("backup", &["--yes"]).expect(0);
        let data = stage.does(stage.engine.inspect_volume(&lab.volume("data"), Deadline::QUESTION)).mountpoint;
        lab.spoil();
        let words = ["1", "--confirm", stage.project.as_str(), "--no-backup"];
        let unpacked = || files(Path::new(&data), "/new/big");
        let held = lab.hold_when("restore", &words, || !unpacked().is_empty());
        let spoiled = lab.trees_without_ours();
        flip(&unpacked()[0]);
        let ran = held.go_on().expect(1);
        assert!(ran.said.contains("error["), "{}", ran.said);
        assert_eq!(lab.trees(), spoiled);
        assert_well(&lab, "a byte beside the data");
    });
}
