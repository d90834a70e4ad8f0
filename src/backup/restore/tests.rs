// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::panic, reason = "a failed set-up fails the test")]

use chrono::TimeDelta;

use super::*;
use crate::backup::manifest::testing::{data, id, manifest};
use crate::backup::manifest::{Bind, State};
use crate::backup::plan::{Container, Hooks, Mount};
use crate::catalog::DataClass;
use crate::error::UserError as _;

fn container(name: &str, volume: &str, state: State, writable: bool) -> Container {
    Container {
        id: name.to_owned(),
        name: name.to_owned(),
        project: Some("lab".to_owned()),
        service: Some(name.to_owned()),
        number: 1,
        state,
        mounts: vec![Mount { source: MountSource::Volume(volume.to_owned()), target: "/data".to_owned(), writable }],
        lives_in: Vec::new(),
        quiesce: None,
        hooks: Hooks::default(),
        grace_s: None,
        restart_policy: "no".to_owned(),
    }
}

/// The project of the set, with its volume, and a container that ended before the set was made.
fn scene(set: &Manifest) -> Scene {
    let facts = Facts {
        project: "lab".to_owned(),
        folder: set.project.folder.clone(),
        containers: vec![container("db", "lab_data", State::Stopped, true)],
        ..Facts::default()
    };
    let present = Present {
        driver: set.volumes[0].driver.clone(),
        options: set.volumes[0].options.clone(),
        project: Some("lab".to_owned()),
    };
    Scene {
        facts,
        volumes: [("lab_data".to_owned(), present)].into(),
        last_ran: [("db".to_owned(), set.captured - TimeDelta::hours(1))].into(),
        ..Scene::default()
    }
}

fn codes(plan: &Plan) -> Vec<&'static str> {
    plan.refusals.iter().map(Refusal::code).collect()
}

#[test]
fn data_of_who_ended_before_the_set_is_not_newer() {
    let set = manifest(id(7));
    let plan = plan(&set, &scene(&set), &Request::default());
    assert_eq!((plan.needs_name(), codes(&plan), plan.waves.len()), (false, vec![], 0));
    assert_eq!((plan.targets.len(), plan.targets[0].replaces), (1, true));
}

#[test]
fn data_of_who_ran_later_or_of_nobody_needs_the_name() {
    let set = manifest(id(7));
    let mut later = scene(&set);
    later.last_ran.insert("db".to_owned(), set.captured + TimeDelta::seconds(1));
    assert!(plan(&set, &later, &Request::default()).needs_name());
    let mut nobody = scene(&set);
    nobody.facts.containers.clear();
    assert!(plan(&set, &nobody, &Request::default()).needs_name());
}

#[test]
fn readers_and_frozen_ones_are_stopped_too() {
    let set = manifest(id(7));
    let mut scene = scene(&set);
    scene.facts.containers.push(container("reader", "lab_data", State::Running, false));
    scene.facts.containers.push(container("frozen", "lab_data", State::Paused, true));
    scene.facts.containers.push(container("other", "lab_cache", State::Running, true));
    let plan = plan(&set, &scene, &Request::default());
    let mut names: Vec<&str> = plan.affected().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["frozen", "reader"]);
}

#[test]
fn a_volume_that_is_not_there_is_made_without_the_hash() {
    let mut set = manifest(id(7));
    set.volumes[0].labels.insert("com.docker.compose.config-hash".to_owned(), "1".to_owned());
    set.volumes[0].labels.insert("com.docker.compose.project".to_owned(), "lab".to_owned());
    let mut scene = scene(&set);
    scene.volumes.clear();
    let plan = plan(&set, &scene, &Request::default());
    let Place::Volume { creation: Some(creation), .. } = &plan.targets[0].place else { panic!("it is made") };
    let labels: Vec<&str> = creation.labels.keys().map(String::as_str).filter(|key| key.contains("compose")).collect();
    assert!(!labels.contains(&"com.docker.compose.config-hash"), "{labels:?}");
    assert!(!plan.needs_name(), "nothing is there to be lost");
}

#[test]
fn another_project_gets_volumes_by_their_key() {
    let mut set = manifest(id(7));
    set.volumes[0].key = Some("data".to_owned());
    set.volumes[0].labels.insert("com.docker.compose.project".to_owned(), "lab".to_owned());
    let scene = Scene { facts: Facts { project: "lab2".to_owned(), ..Facts::default() }, ..Scene::default() };
    let request = Request { as_project: Some("lab2".to_owned()), ..Request::default() };
    let made = plan(&set, &scene, &request);
    let Place::Volume { name, creation: Some(creation) } = &made.targets[0].place else { panic!("it is made") };
    assert_eq!((name.as_str(), creation.labels["com.docker.compose.project"].as_str()), ("lab2_data", "lab2"));
    // One without a key would have to be guessed.
    set.volumes[0].key = None;
    let plan = plan(&set, &scene, &request);
    assert_eq!((codes(&plan), plan.notes.len()), (vec!["nothing_to_restore"], 1));
}

#[test]
fn volumes_made_otherwise_or_by_others_are_refused() {
    let set = manifest(id(7));
    let mut other = scene(&set);
    other.volumes.get_mut("lab_data").into_iter().for_each(|one| one.driver = "nfs".to_owned());
    assert_eq!(codes(&plan(&set, &other, &Request::default())), ["volume_differs"]);
    let mut foreign = scene(&set);
    foreign.volumes.get_mut("lab_data").into_iter().for_each(|one| one.project = Some("shop".to_owned()));
    assert_eq!(codes(&plan(&set, &foreign, &Request::default())), ["volume_foreign"]);
    let mut user = scene(&set);
    let mut stranger = container("stranger", "lab_data", State::Running, true);
    stranger.project = None;
    user.facts.containers.push(stranger);
    assert_eq!(codes(&plan(&set, &user, &Request::default())), ["foreign_user"]);
    let agreed = Request { stop_foreign: vec!["stranger".to_owned()], ..Request::default() };
    assert_eq!(codes(&plan(&set, &user, &agreed)), Vec::<&str>::new());
}

#[test]
fn secrets_of_options_must_be_given_by_hand() {
    let mut set = manifest(id(7));
    set.volumes[0].masked_options = vec!["o".to_owned()];
    let mut scene = scene(&set);
    scene.volumes.clear();
    assert_eq!(codes(&plan(&set, &scene, &Request::default())), ["volume_secrets_missing"]);
}

#[test]
fn what_is_not_in_the_set_is_told() {
    let set = manifest(id(7));
    let request = Request { volumes: vec!["typo".to_owned()], ..Request::default() };
    assert_eq!(codes(&plan(&set, &scene(&set), &request)), ["not_in_set"]);
}

#[test]
fn paths_follow_the_project_folder() {
    let mut set = manifest(id(7));
    set.project.folder = Some("/old/lab".to_owned());
    let bind = |source: &str, relative: Option<&str>| Bind {
        source: source.to_owned(),
        relative: relative.map(str::to_owned),
        is_file: false,
        class: DataClass::Config,
        data: data("x", b"a", b"i"),
    };
    set.binds = vec![bind("/old/lab/config", Some("config")), bind("/etc/elsewhere", None)];
    let mut scene = scene(&set);
    scene.facts.folder = Some("/new/place".to_owned());
    let made = plan(&set, &scene, &Request::default());
    let paths: Vec<&str> =
        made.targets.iter().map(|one| one.place.name()).filter(|name| name.starts_with('/')).collect();
    assert_eq!((paths, made.notes.len()), (vec!["/new/place/config"], 1));
    scene.facts.folder = Some("/old/lab".to_owned());
    let paths = plan(&set, &scene, &Request::default()).targets.len();
    assert_eq!(paths, 3, "at its own place everything goes back");
}
