// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use super::*;
use crate::backup::class::Classed;
use crate::backup::manifest::testing::{id, manifest, moment, volume};
use crate::backup::manifest::{Result as SetResult, Source as ClassSource};
use crate::catalog::DataClass;

fn what(name: &str) -> What {
    What::Volume { name: name.to_owned(), key: None }
}

fn captured(what: What) -> Capture {
    let class =
        Classed { class: DataClass::Critical, source: ClassSource::Default, why: String::new(), inner: Vec::new() };
    Capture { what, class, bytes: None, consistency: Consistency::Stopped, writers: Vec::new(), notes: Vec::new() }
}

/// A plan that captures these volumes.
fn plan(names: &[&str]) -> Plan {
    Plan {
        project: "lab".into(),
        captures: names.iter().map(|name| captured(what(name))).collect(),
        left_out: Vec::new(),
        waves: Vec::new(),
        unchanged: Unchanged::Linked,
        bytes: 0,
        unknown_sizes: 0,
        needed_bytes: 0,
        free_bytes: None,
        notes: Vec::new(),
        refusals: Vec::new(),
    }
}

/// A set with `lab_data` whose fingerprint is its number.
fn set(number: u64) -> Manifest {
    let mut set = manifest(id(number));
    set.volumes = vec![volume("lab_data", format!("archive {number}").as_bytes(), b"index")];
    set.volumes[0].data.index.sha256 = super::super::manifest::digest(format!("index {number}").as_bytes());
    set.volumes[0].data.fingerprint = Some(number.to_string());
    set
}

fn chosen(plan: &Plan, sets: &[(&Manifest, Option<bool>)]) -> Option<SetId> {
    let sets: Vec<Candidate<'_>> =
        sets.iter().map(|(manifest, verified)| Candidate { manifest, verified: *verified }).collect();
    sources(plan, "E", &sets).get("lab_data").map(|source| source.set)
}

#[test]
fn the_newest_good_set_that_has_it_is_taken() {
    let (two, one) = (set(2), set(1));
    let wanted = plan(&["lab_data"]);
    let good = Some(true);
    assert_eq!(chosen(&wanted, &[(&two, good), (&one, good)]), Some(id(2)));
    assert_eq!(chosen(&wanted, &[(&two, None), (&one, good)]), Some(id(1)), "never verified");
    assert_eq!(chosen(&wanted, &[(&two, Some(false)), (&one, good)]), Some(id(1)), "found damaged");
    assert_eq!(chosen(&plan(&["lab_other"]), &[(&two, good)]), None);
    let changes: [fn(&mut Manifest); 5] = [
        |set| set.result = SetResult::Partial,
        |set| set.engine.id = "F".into(),
        |set| set.volumes[0].data.fingerprint = None,
        |set| set.volumes[0].data.consistency = Consistency::Paused,
        |set| set.volumes[0].name = "lab_other".into(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut other = set(2);
        change(&mut other);
        assert_eq!(chosen(&wanted, &[(&other, good), (&one, good)]), Some(id(1)), "{number}");
    }
}

#[test]
fn files_of_a_damaged_set_are_taken_from_nobody() {
    let (first, mut second) = (set(1), set(2));
    let data = first.volumes[0].data.clone();
    second.volumes[0].data = Data { unchanged_since: Some(id(1)), ..data };
    let wanted = plan(&["lab_data"]);
    assert_eq!(chosen(&wanted, &[(&second, Some(true)), (&first, Some(true))]), Some(id(2)));
    assert_eq!(chosen(&wanted, &[(&second, Some(true)), (&first, Some(false))]), None);
    assert_eq!(chosen(&wanted, &[(&second, Some(false)), (&first, Some(true))]), None);
}

#[test]
fn data_that_somebody_held_is_read_and_so_is_all_on_request() {
    let one = set(1);
    for consistency in [Consistency::Hook, Consistency::Paused, Consistency::Live] {
        let mut wanted = plan(&["lab_data"]);
        wanted.captures[0].consistency = consistency;
        assert_eq!(chosen(&wanted, &[(&one, Some(true))]), None, "{consistency:?}");
    }
    let full = Plan { unchanged: Unchanged::Read, ..plan(&["lab_data"]) };
    assert_eq!(chosen(&full, &[(&one, Some(true))]), None);
}

#[test]
fn the_same_tree_elsewhere_is_another() {
    let make = || Make {
        driver: "local".into(),
        options: BTreeMap::from([("o".to_owned(), "bind".to_owned())]),
        created: Some(moment(3, 4, 5)),
    };
    let known = |engine: &str, what: &What, make: &Make, words: &str| fingerprint(engine, what, Some(make), words);
    let one = known("E", &what("lab_data"), &make(), "words").unwrap();
    assert_eq!(known("E", &what("lab_data"), &make(), "words"), Some(one.clone()));
    let folder = What::Bind { source: "/srv".into(), is_file: false };
    let file = What::Bind { source: "/srv".into(), is_file: true };
    let others = [
        known("F", &what("lab_data"), &make(), "words"),
        known("E", &what("lab_more"), &make(), "words"),
        known("E", &what("lab_data"), &make(), "other"),
        known("E", &what("lab_data"), &Make { driver: "nas".into(), ..make() }, "words"),
        known("E", &what("lab_data"), &Make { options: BTreeMap::new(), ..make() }, "words"),
        known("E", &what("lab_data"), &Make { created: Some(moment(3, 4, 6)), ..make() }, "words"),
        fingerprint("E", &folder, None, "words"),
        fingerprint("E", &file, None, "words"),
    ];
    let all: BTreeSet<String> = others.iter().cloned().map(Option::unwrap).chain([one]).collect();
    assert_eq!(all.len(), others.len() + 1);
    for unknown in [
        known("", &what("lab_data"), &make(), "words"),
        known("E", &what("lab_data"), &Make { created: None, ..make() }, "words"),
        fingerprint("E", &what("lab_data"), None, "words"),
    ] {
        assert_eq!(unknown, None);
    }
}

#[test]
fn files_in_common_have_the_same_origin() {
    let (first, other) = (set(1), set(1));
    let mut linked = first.volumes[0].data.clone();
    linked.unchanged_since = Some(id(1));
    assert_eq!(origin(id(1), &first.volumes[0].data), origin(id(2), &linked));
    assert_ne!(origin(id(2), &other.volumes[0].data), origin(id(2), &linked));
}

#[test]
fn files_that_a_set_has_that_stays_are_not_freed_and_others_once() {
    let first = set(1);
    let linked = |number: u64| {
        let mut set = set(number);
        set.volumes[0].data = Data { unchanged_since: Some(id(1)), ..first.volumes[0].data.clone() };
        set
    };
    let (second, third, other) = (linked(2), linked(3), set(4));
    let data: u64 = first.volumes[0].data.files().map(|file| file.bytes).sum();
    let rest = first.stored_bytes() - data;
    assert!(data > 0 && rest > 0);
    assert_eq!(freed([&first, &second], [&third, &other]), 2 * rest);
    assert_eq!(freed([&first, &second, &third], [&other]), data + 3 * rest);
    assert_eq!(freed([&other], [&first]), other.stored_bytes());
}
