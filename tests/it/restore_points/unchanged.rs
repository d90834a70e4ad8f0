// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What has not changed since an earlier set is not read again, and what has changed in any way is.

use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use serde_json::Value;
use stackctl::sys::engine::{Deadline, Engine as _};

use super::super::support::on_real_engines;
use super::lab::Lab;

/// Waits until the last change of the data is so long ago that the next one shows.
fn let_settle(lab: &Lab<'_>, keys: &[&str]) {
    for key in keys {
        lab.in_volume(
            key,
            "cd /tree && last=$(find . -exec stat -c %Z {} + | sort -n | tail -1) && \
                            while [ $(date +%s) -le $((last + 3)) ]; do sleep 0.2; done",
        );
    }
}

/// The archive of a volume in the set with this number.
fn archive(lab: &Lab<'_>, number: u32, key: &str) -> PathBuf {
    let sets = PathBuf::from(lab.store()).join("sets");
    let end = format!("-{number:04}");
    let mut names = std::fs::read_dir(&sets).expect("a folder").flatten().map(|entry| entry.path());
    let set = names.find(|path| path.to_string_lossy().ends_with(&end)).expect("a set of this number");
    set.join("volumes").join(format!("{}.tar.zst", lab.volume(key)))
}

/// Whether two sets have the same file, not a copy.
fn shares(lab: &Lab<'_>, numbers: [u32; 2], key: &str) -> bool {
    let [one, other] = numbers.map(|number| std::fs::metadata(archive(lab, number, key)).expect("an archive"));
    one.ino() == other.ino() && one.nlink() > 1
}

/// Makes a set, and tells for `data` and `more` since which number they are unchanged.
fn backup(lab: &Lab<'_>, more: &[&str]) -> [Option<String>; 2] {
    backup_of(lab, ["data", "more"], more)
}

/// The same of other volumes.
fn backup_of<const COUNT: usize>(lab: &Lab<'_>, keys: [&str; COUNT], more: &[&str]) -> [Option<String>; COUNT] {
    let words: Vec<&str> = ["--yes", "--format", "json"].iter().chain(more).copied().collect();
    let made = lab.run("backup", &words).expect(0);
    let made: Value = serde_json::from_str(&made.out).expect("JSON");
    let captured = made["result"]["captured"].as_array().expect("a list");
    keys.map(|key| {
        let one = captured.iter().find(|one| one["name"] == *lab.volume(key)).expect("it is captured");
        one["unchanged_since"].as_str().map(|set| set[set.len() - 4..].to_owned())
    })
}

fn since(words: [Option<&str>; 2]) -> [Option<String>; 2] {
    words.map(|word| word.map(str::to_owned))
}

#[test]
fn what_has_not_changed_is_taken_over_and_outlives_the_set_that_it_comes_from() {
    on_real_engines("same", |stage| {
        let lab = Lab::new(stage);
        let_settle(&lab, &["data", "more"]);
        let before = lab.trees();
        assert_eq!(backup(&lab, &[]), [None, None]);
        let plan = lab.run("backup", &["--dry-run"]).expect(0);
        assert!(plan.out.contains("less what has not changed"), "{}", plan.out);
        let second = lab.run("backup", &["--yes"]).expect(0);
        assert!(second.out.contains("2 volumes and paths (2 unchanged)"), "{}", second.out);
        assert!(!second.said.contains("reading `"), "{}", second.said);
        assert!(shares(&lab, [1, 2], "data") && shares(&lab, [1, 2], "more"));
        // The third names the set in which it was read, not the one before it.
        assert_eq!(backup(&lab, &[]), since([Some("0001"), Some("0001")]));
        assert!(lab.sets("show", &["3"]).expect(0).out.contains("unchanged since"));
        assert_eq!((lab.running(), lab.trees()), (vec!["db".to_owned(), "web".to_owned()], before.clone()));

        let pruned = lab.sets("prune", &["--keep-last", "1", "--yes"]).expect(0);
        assert!(pruned.out.contains("remove"), "{}", pruned.out);
        lab.sets("verify", &["--all"]).expect(0);
        assert_eq!(std::fs::metadata(archive(&lab, 3, "data")).expect("an archive").nlink(), 1);
        lab.spoil();
        let project = stage.project.clone();
        lab.run("restore", &["--confirm", &project, "--no-backup"]).expect(0);
        assert_eq!(lab.trees(), before);
        // All of it is new on the disk, so all of it is read.
        assert_eq!(backup(&lab, &[]), [None, None]);
    });
}

#[test]
fn whatever_may_have_changed_is_read_again() {
    on_real_engines("changed", |stage| {
        let lab = Lab::new(stage);
        let_settle(&lab, &["data", "more"]);
        assert_eq!(backup(&lab, &[]), [None, None]);
        // Other content of the same length, with the times as they were.
        lab.in_volume(
            "data",
            "cd /tree && touch -r big /tmp/was && printf x | dd of=big conv=notrunc bs=1 seek=7 2>&1 && \
                               touch -r /tmp/was big",
        );
        let changed = lab.trees();
        let_settle(&lab, &["data", "more"]);
        assert_eq!(backup(&lab, &[]), since([None, Some("0001")]));
        assert!(!shares(&lab, [1, 2], "data") && shares(&lab, [1, 2], "more"));
        assert_eq!(backup(&lab, &["--full"]), [None, None]);
        assert_eq!(backup(&lab, &[]), since([Some("0003"), Some("0003")]));
        assert_eq!(backup(&lab, &["--quiesce", "pause"]), [None, None]);
        assert_eq!(backup(&lab, &["--quiesce", "none"]), [None, None]);

        lab.spoil();
        let project = stage.project.clone();
        lab.run("restore", &["4", "--confirm", &project, "--no-backup"]).expect(0);
        assert_eq!(lab.trees(), changed);
    });
}

#[test]
fn a_volume_that_was_made_anew_is_read_again() {
    on_real_engines("anew", |stage| {
        let lab = Lab { stage };
        let name = lab.volume("data");
        let fill = || {
            lab.make_volume("data");
            lab.in_volume("data", "cd /tree && echo one >one && touch -d '2001-02-03 04:05:06' one .");
            let_settle(&lab, &["data"]);
        };
        fill();
        let made = || backup_of(&lab, ["data"], &["--volumes", "data"]);
        assert_eq!(made(), [None]);
        assert_eq!(made(), [Some("0001".to_owned())]);
        stage.does(stage.engine.remove_volume(&name, Deadline::CHANGE));
        fill();
        assert_eq!(made(), [None]);
        assert_eq!(made(), [Some("0003".to_owned())]);
    });
}

#[test]
fn files_that_went_bad_are_found_and_never_taken_again() {
    on_real_engines("rotten", |stage| {
        let lab = Lab::new(stage);
        let_settle(&lab, &["data", "more"]);
        assert_eq!(backup(&lab, &[]), [None, None]);
        assert_eq!(backup(&lab, &[]), since([Some("0001"), Some("0001")]));
        let path = archive(&lab, 1, "data");
        let mut bytes = std::fs::read(&path).expect("an archive");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).expect("it is written in place");

        let failed = lab.run("backup", &["--yes"]).expect(1);
        assert!(failed.said.contains("error[archive_damaged]") && failed.said.contains("-0001"), "{}", failed.said);
        assert_eq!(lab.running(), ["db", "web"]);
        let listed = lab.sets("list", &[]).expect(0).out;
        assert_eq!(listed.matches("DAMAGED").count(), 2, "{listed}");
        assert_eq!(backup(&lab, &[]), [None, None]);
        assert!(!shares(&lab, [1, 3], "data"));
        lab.sets("verify", &["latest"]).expect(0);
    });
}
