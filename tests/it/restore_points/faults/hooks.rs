// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A backup with hooks, killed at every change: a hook for before that has run is followed by the one for afterwards.

use super::super::super::support::Stage;
use super::super::lab::Lab;
use super::{Kill, report, sweep, with_kills};

fn check(stage: &Stage, kills: &[Kill]) {
    let lab = Lab::new(stage);
    let label = |name: &str, value: &str| (format!("stackctl.backup.{name}"), value.to_owned());
    let add = |word: &str| format!("[\"sh\", \"-c\", \"echo {word} >>/log\"]");
    lab.service("hooked", &[("data", false)], |plan| {
        plan.labels.extend([label("quiesce", "hook"), label("pre", &add("pre")), label("post", &add("post"))]);
    });
    let said = || {
        let id = format!("{}-hooked-1", stage.project);
        let read = stage.try_exec(&id, &["sh", "-c", "tail -n 1 /log 2>/dev/null || true"]);
        String::from_utf8_lossy(&read.stdout).into_owned()
    };
    // The store is there: see `first` for where it is not.
    lab.run("backup", &["--yes"]).expect(0);
    let run = |fault: &str| lab.run_with(Some(fault), "backup", &["--yes", "--full"]).code;
    let killed = sweep((&lab, kills, 0), run, |fault| {
        let recovered = lab.run("recover", &[]);
        assert_eq!(recovered.code, Some(0), "{fault}: {}", recovered.said);
        let log = said();
        assert!(log.is_empty() || log == "post\n", "{fault}: {log}");
        assert_eq!(lab.running(), ["db", "hooked", "web"], "{fault}");
        assert_eq!(lab.leftovers(), Vec::<String>::new(), "{fault}");
        assert_eq!(lab.sets("verify", &["--all"]).code, Some(0), "{fault}: a set that is not whole");
        lab.sets("prune", &["--keep-last", "2", "--yes"]).expect(0);
    });
    report(&format!("backups with hooks that were killed: {killed}"));
}

#[test]
fn a_backup_with_hooks_may_be_killed_at_every_change() {
    with_kills("kill-hooks", check);
}
