// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl backup` on stores that are made here through the library.

use std::path::Path;

use serde_json::{Value, json};
use stackctl::backup::id::{OperationId, OperationKind, SetId};
use stackctl::backup::manifest::{Manifest, digest};
use stackctl::sys::os::OsDisk;
use stackctl::sys::store::{About, Store};

use super::support::Sandbox;

fn file(path: &str, bytes: &[u8]) -> Value {
    json!({"path": path, "bytes": bytes.len(), "sha256": digest(bytes)})
}

fn id(number: u64) -> SetId {
    format!("202611{:02}T020000Z-{number:04}", number + 1).parse().expect("a name")
}

/// Publishes a complete set with one volume.
fn publish(place: &Path, number: u64) {
    let (id, at) = (id(number), format!("2026-11-{:02}T02:00:00Z", number + 1));
    let text = format!("archive {number}");
    let manifest: Manifest = serde_json::from_value(json!({
        "schema": "stackctl/set/v1", "id": id, "started": at, "captured": at, "verified": at,
        "tool": {"name": "stackctl", "version": "0.1.0"},
        "engine": {"id": "E", "version": "28.5.2", "arch": "amd64", "api": "1.51"},
        "project": {"name": "lab"}, "result": "complete", "services": [],
        "volumes": [{
            "name": "lab_data", "driver": "local", "class": "critical", "class_source": "default",
            "archive": file("volumes/lab_data.tar.zst", text.as_bytes()),
            "index": file("volumes/lab_data.index.zst", text.as_bytes()),
            "root": {"mode": "0700", "uid": 0, "gid": 0}, "path": "helper", "consistency": "stopped",
            "entries": 1, "bytes": 0, "allocated": 0,
        }],
    }))
    .expect("a manifest");
    let about = About::new("of-tests", id.at());
    let store = Store::create(&OsDisk, place, &about).expect("a store");
    let stage = store.stage(OperationId { stamp: id, kind: OperationKind::Backup }).expect("a staging area");
    stage.write("volumes/lab_data.tar.zst", text.as_bytes()).expect("a file");
    stage.write("volumes/lab_data.index.zst", text.as_bytes()).expect("a file");
    stage.finish(&manifest).expect("a manifest");
    stage.settle(id).expect("a whole set");
    stage.publish(id).expect("a set");
}

/// A project with a store of sets with these numbers in `store`.
fn lab(numbers: &[u64]) -> Sandbox {
    let sandbox = Sandbox::with_compose("name: lab\nservices:\n  db:\n    image: redis:8.4.2\n");
    for number in numbers {
        publish(&sandbox.path().join("store"), *number);
    }
    sandbox
}

fn listed(sandbox: &Sandbox, store: &str) -> Vec<u64> {
    let answer = sandbox.run(&["backup", "list", "--store", store, "--format", "json"]).expect(0).json();
    assert_eq!(answer["schema"], "stackctl/sets/v1");
    let sets = answer["sets"].as_array().expect("a list");
    sets.iter().map(|set| set["number"].as_u64().expect("a number")).collect()
}

#[test]
fn without_a_store_there_is_nothing_to_list_and_nothing_to_show() {
    let sandbox = lab(&[]);
    let home = sandbox.path().display().to_string();
    let ended = sandbox.stackctl(&["backup", "list"]).env("HOME", &home).run().expect(0);
    assert_eq!(ended.stdout, "no sets\n");
    assert!(ended.stderr.contains(".local/share/stackctl/backups/lab"), "{}", ended.stderr);
    let shown = sandbox.stackctl(&["backup", "show"]).env("STACKCTL_STORE", "nowhere").run().expect(2);
    assert!(shown.stderr.contains("error[store_missing]") && shown.stderr.contains("--store DIR"));
}

#[test]
fn sets_are_listed_shown_and_verified() {
    let sandbox = lab(&[1, 2]);
    assert_eq!(listed(&sandbox, "store"), [2, 1]);
    let shown = sandbox.run(&["backup", "show", "latest", "--store", "store"]).expect(0);
    assert!(shown.stdout.contains("complete, verified") && shown.stdout.contains("lab_data: critical"));
    let whole = sandbox.run(&["backup", "show", "1", "--store", "store", "--format", "json"]).expect(0).json();
    assert_eq!(whole["sets"][0]["manifest"]["volumes"][0]["name"], "lab_data");
    sandbox.run(&["backup", "show", "9", "--store", "store"]).expect(2);
    let verified = sandbox.run(&["backup", "verify", "--all", "--store", "store"]).expect(0);
    assert_eq!(verified.stdout.matches("good, 2 files").count(), 2);
}

#[test]
fn damage_fails_and_takes_the_set_out_of_the_way() {
    let sandbox = lab(&[1, 2]);
    let archive = format!("store/sets/{}/volumes/lab_data.tar.zst", id(2));
    std::fs::write(sandbox.path().join(archive), "archive 3").expect("a file");
    let ended = sandbox.run(&["backup", "verify", "--store", "store"]).expect(1);
    assert!(ended.stdout.contains("lab_data.tar.zst: its content is another"), "{}", ended.stdout);
    let latest = sandbox.run(&["backup", "show", "--store", "store"]).expect(0);
    assert!(latest.stdout.starts_with(&id(1).to_string()), "{}", latest.stdout);
    sandbox.run(&["backup", "export", "2", "other", "--store", "store"]).expect(1);
    assert_eq!(listed(&sandbox, "other"), [0; 0]);
}

#[test]
fn pruning_asks_first_and_spares_what_is_protected() {
    let sandbox = lab(&[1, 2, 3]);
    let prune = |more: &[&str]| sandbox.run(&[&["backup", "prune", "--store", "store"], more].concat());
    sandbox.run(&["backup", "protect", "1", "--store", "store"]).expect(0);
    assert!(prune(&[]).expect(2).stderr.contains("error[retention_empty]"));
    let simulated = prune(&["--keep-last", "1", "--dry-run"]).expect(0);
    assert!(simulated.stdout.contains("1 of 3 go"), "{}", simulated.stdout);
    assert!(prune(&["--keep-last", "1"]).expect(4).stderr.contains("error[confirmation_needed]"));
    assert_eq!(listed(&sandbox, "store"), [3, 2, 1]);
    assert_eq!(prune(&["--keep-last", "1", "--yes"]).expect(0).stdout, format!("removed {}\n", id(2)));
    assert_eq!(listed(&sandbox, "store"), [3, 1]);
    sandbox.run(&["backup", "unprotect", "1", "--store", "store"]).expect(0);
    prune(&["--keep-last", "1", "-y"]).expect(0);
    assert_eq!(listed(&sandbox, "store"), [3]);
}

#[test]
fn a_copy_lies_in_a_store_of_its_own() {
    let sandbox = lab(&[1]);
    sandbox.run(&["backup", "export", "latest", "other", "--store", "store"]).expect(0);
    assert_eq!(listed(&sandbox, "other"), [1]);
    sandbox.run(&["backup", "verify", "--store", "other"]).expect(0);
    let again = sandbox.run(&["backup", "export", "latest", "other", "--store", "store"]).expect(3);
    assert!(again.stderr.contains("error[set_exists]"));
}

#[test]
fn two_sets_are_compared() {
    let sandbox = lab(&[1, 2]);
    let ended = sandbox.run(&["backup", "diff", "1", "2", "--store", "store"]).expect(0);
    assert!(ended.stdout.contains("changed") && ended.stdout.contains("lab_data"), "{}", ended.stdout);
}

#[test]
fn programs_get_differences_prunings_and_copies_as_json() {
    let sandbox = lab(&[1, 2, 3]);
    let ask = |arguments: &[&str]| {
        let all = [&["backup"], arguments, &["--store", "store", "--format", "json"]].concat();
        let answer = sandbox.run(&all).expect(0).json();
        assert_eq!(answer["schema"], "stackctl/sets/v1");
        answer
    };
    let differs = ask(&["diff", "1", "2"]);
    assert_eq!([&differs["sets"][0]["number"], &differs["sets"][1]["number"]], [1, 2]);
    let first = &differs["differences"][0];
    assert_eq!([&first["subject"], &first["name"], &first["change"]], ["volume", "lab_data", "changed"]);

    let copied = ask(&["export", "2", "other"]);
    assert_eq!((&copied["exported"]["files"], &copied["sets"][0]["number"]), (&json!(2), &json!(2)));
    assert!(copied["exported"]["store"].as_str().is_some_and(|place| place.ends_with("/other")));

    let fate = |answer: &Value| -> Vec<(u64, Value, Value)> {
        let sets = answer["sets"].as_array().expect("a list");
        let one = |set: &Value| (set["number"].as_u64().unwrap_or(0), set["kept_by"].clone(), set["removed"].clone());
        sets.iter().map(one).collect()
    };
    let of = |gone: bool| {
        let kept = json!(["newest_verified", "last"]);
        vec![(3, kept, json!(false)), (2, json!([]), json!(gone)), (1, json!([]), json!(gone))]
    };
    assert_eq!(fate(&ask(&["prune", "--keep-last", "1", "--dry-run"])), of(false));
    assert_eq!(listed(&sandbox, "store"), [3, 2, 1]);
    let pruned = ask(&["prune", "--keep-last", "1", "--yes"]);
    assert_eq!((fate(&pruned), &pruned["freed_bytes"]), (of(true), &json!(36)));
    assert_eq!(listed(&sandbox, "store"), [3]);
    assert_eq!(fate(&ask(&["prune", "--keep-last", "1"]))[0].2, false);
}
