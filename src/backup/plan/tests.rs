// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::collections::BTreeMap;

use super::*;
use crate::backup::manifest::{Source, State};
use crate::backup::order::Need;
use crate::catalog::DataClass;
use crate::error::UserError as _;

fn classed(class: DataClass) -> Classed {
    Classed { class, source: Source::Volume, why: "said so".into(), inner: Vec::new() }
}

/// A container; mounts are `volume:/target` or `/path:/target`, with `:ro` at the end for read-only ones.
pub(super) fn container(service: &str, mounts: &[&str]) -> Container {
    let mount = |text: &&str| {
        let parts: Vec<&str> = text.split(':').collect();
        let source = parts[0].to_owned();
        Mount {
            source: if source.starts_with('/') { MountSource::Path(source) } else { MountSource::Volume(source) },
            target: parts[1].to_owned(),
            writable: parts.get(2) != Some(&"ro"),
        }
    };
    Container {
        id: service.to_owned(),
        name: format!("lab-{service}-1"),
        project: Some("lab".into()),
        service: Some(service.to_owned()),
        number: 1,
        state: State::Running,
        mounts: mounts.iter().map(mount).collect(),
        lives_in: Vec::new(),
        quiesce: None,
        hooks: Hooks::default(),
        grace_s: None,
        restart_policy: "always".into(),
    }
}

pub(super) fn volume(name: &str, class: DataClass) -> VolumeFacts {
    VolumeFacts {
        name: format!("lab_{name}"),
        key: Some(name.to_owned()),
        project: Some("lab".into()),
        is_anonymous: false,
        is_present: true,
        driver: "local".into(),
        options: BTreeMap::new(),
        class: classed(class),
        bytes: Some(1000),
    }
}

fn path(kind: PathKind) -> PathFacts {
    PathFacts { kind, bytes: Some(10), class: classed(DataClass::Config) }
}

fn lab() -> Facts {
    Facts {
        project: "lab".into(),
        folder: Some("/srv/lab".into()),
        services: ["db", "web"].map(str::to_owned).into(),
        needs: vec![Need { from: "web".into(), to: "db".into() }],
        containers: vec![
            container("db", &["lab_data:/data"]),
            container("web", &["lab_uploads:/up", "/srv/lab/conf:/conf:ro", "/var/run/docker.sock:/s"]),
        ],
        volumes: vec![volume("data", DataClass::Critical), volume("uploads", DataClass::Media)],
        paths: BTreeMap::from([
            ("/srv/lab/conf".to_owned(), path(PathKind::Folder)),
            ("/var/run/docker.sock".to_owned(), path(PathKind::Special)),
        ]),
        free_bytes: Some(1 << 30),
        ..Facts::default()
    }
}

fn captured(plan: &Plan) -> Vec<&str> {
    plan.captures.iter().map(|one| one.what.name()).collect()
}

fn waves(plan: &Plan) -> Vec<Vec<&str>> {
    plan.waves.iter().map(|wave| wave.iter().map(|one| one.name.as_str()).collect()).collect()
}

fn reason(plan: &Plan, name: &str) -> LeftOutReason {
    plan.left_out.iter().find(|one| one.what.name() == name).unwrap().reason
}

fn codes(plan: &Plan) -> Vec<&'static str> {
    plan.refusals.iter().map(Refusal::code).collect()
}

#[test]
fn everything_dear_is_captured_and_writers_stop_dependents_first() {
    let plan = plan(&lab(), &Request::default());
    assert_eq!(captured(&plan), ["lab_data", "lab_uploads", "/srv/lab/conf"]);
    assert_eq!(waves(&plan), [["lab-web-1"], ["lab-db-1"]]);
    assert_eq!((plan.bytes, plan.needed_bytes, codes(&plan)), (2010, 2211, vec![]));
    assert!(plan.captures.iter().all(|one| one.consistency == Consistency::Stopped));
    assert_eq!(reason(&plan, "/var/run/docker.sock"), LeftOutReason::System);
}

#[test]
fn readers_run_on() {
    let mut facts = lab();
    facts.containers[1].mounts.remove(0);
    assert_eq!(waves(&plan(&facts, &Request::default())), [["lab-db-1"]]);
}

#[test]
fn order_goes_through_services_that_run_on() {
    let mut facts = lab();
    // web needs api, api needs db; api itself mounts nothing.
    facts.containers.push(container("api", &[]));
    facts.needs = vec![Need { from: "web".into(), to: "api".into() }, Need { from: "api".into(), to: "db".into() }];
    assert_eq!(waves(&plan(&facts, &Request::default())), [["lab-web-1"], ["lab-db-1"]]);
}

#[test]
fn who_lives_in_a_namespace_of_one_that_stops_stops_too() {
    let mut facts = lab();
    let mut sidecar = container("sidecar", &[]);
    sidecar.lives_in = vec!["db".into()];
    let mut second = container("second", &[]);
    second.lives_in = vec!["sidecar".into()];
    facts.containers.extend([sidecar, second]);
    let plan = plan(&facts, &Request { volumes: vec!["data".into()], ..Request::default() });
    assert_eq!(waves(&plan), [["lab-second-1"], ["lab-sidecar-1"], ["lab-db-1"]]);
}

#[test]
fn what_did_not_run_is_not_touched_and_what_is_frozen_stays_so() {
    let mut facts = lab();
    facts.containers[0].state = State::Stopped;
    facts.containers[1].state = State::Paused;
    let plan = plan(&facts, &Request::default());
    assert_eq!(waves(&plan), [[""; 0]; 0]);
    assert_eq!(plan.captures[0].consistency, Consistency::Stopped);
    assert_eq!(plan.captures[1].consistency, Consistency::Paused);
}

#[test]
fn foreign_writers_are_refused_unless_named() {
    let mut facts = lab();
    let mut foreign = container("thief", &["lab_data:/x"]);
    foreign.project = Some("other".into());
    foreign.name = "other-thief-1".into();
    facts.containers.push(foreign);
    let refused = plan(&facts, &Request::default());
    assert_eq!(codes(&refused), ["foreign_writer"]);
    assert_eq!(refused.refusals[0].message(), "`other-thief-1` of project `other` runs and can write to `lab_data`");
    let named = Request { stop_foreign: vec!["other-thief-1".into()], ..Request::default() };
    let agreed = plan(&facts, &named);
    assert!(agreed.refusals.is_empty() && agreed.affected().any(|one| one.name == "other-thief-1"));
    facts.containers[2].mounts[0].writable = false;
    assert!(plan(&facts, &Request::default()).refusals.is_empty());
}

#[test]
fn classes_decide_and_flags_and_names_overrule() {
    let mut facts = lab();
    facts.volumes.extend([volume("models", DataClass::Cache), volume("tmp", DataClass::Ephemeral)]);
    let usual = plan(&facts, &Request::default());
    assert_eq!(reason(&usual, "lab_models"), LeftOutReason::Cache);
    assert_eq!(reason(&usual, "lab_tmp"), LeftOutReason::Ephemeral);
    assert!(usual.left_out.iter().any(|one| one.is_listed && one.what.name() == "lab_models"));
    let with_cache = plan(&facts, &Request { cache: Cache::Captured, ..Request::default() });
    assert!(captured(&with_cache).contains(&"lab_models") && !captured(&with_cache).contains(&"lab_tmp"));
    let named = plan(&facts, &Request { volumes: vec!["tmp".into(), "lab_models".into()], ..Request::default() });
    assert_eq!(captured(&named), ["lab_models", "lab_tmp"]);
    let without = plan(&facts, &Request { exclude: vec!["uploads".into()], ..Request::default() });
    assert_eq!(reason(&without, "lab_uploads"), LeftOutReason::Excluded);
    let of_web = plan(&facts, &Request { services: vec!["web".into()], ..Request::default() });
    assert_eq!(captured(&of_web), ["lab_uploads", "/srv/lab/conf"]);
}

#[test]
fn external_anonymous_memory_and_missing_volumes_are_told_apart() {
    let mut facts = lab();
    let external = VolumeFacts { project: None, name: "shared".into(), ..volume("shared", DataClass::Critical) };
    let anonymous =
        VolumeFacts { project: None, is_anonymous: true, name: "0".repeat(64), key: None, ..external.clone() };
    let mut memory = volume("ram", DataClass::Critical);
    memory.options.insert("type".into(), "tmpfs".into());
    let missing = VolumeFacts { is_present: false, ..volume("gone", DataClass::Critical) };
    facts.volumes.extend([external, anonymous, memory, missing]);
    let usual = plan(&facts, &Request::default());
    assert_eq!(reason(&usual, "shared"), LeftOutReason::External);
    assert_eq!(reason(&usual, "lab_ram"), LeftOutReason::Memory);
    assert_eq!(reason(&usual, "lab_gone"), LeftOutReason::Missing);
    assert!(captured(&usual).contains(&"0".repeat(64).as_str()));
    let named = |name: &str| plan(&facts, &Request { volumes: vec![name.into()], ..Request::default() });
    assert_eq!(captured(&named("shared")), ["shared"]);
    assert_eq!(codes(&named("ram")), ["volume_in_memory", "nothing_to_back_up"]);
    assert_eq!(codes(&named("gone")), ["volume_unknown", "nothing_to_back_up"]);
    assert_eq!(codes(&named("typo")), ["volume_unknown", "nothing_to_back_up"]);
}

#[test]
fn paths_of_the_machine_secrets_and_nested_ones_are_left_out() {
    let mut facts = lab();
    let mounts =
        ["/etc/localtime:/l:ro", "/srv/lab/s.txt:/run/secrets/s:ro", "/srv/lab/conf/sub:/c", "/srv/laboratory:/o"];
    facts.containers[1].mounts.extend(container("web", &mounts).mounts);
    for source in ["/etc/localtime", "/srv/lab/s.txt", "/srv/lab/conf/sub", "/srv/laboratory"] {
        facts.paths.insert(source.into(), path(PathKind::File));
    }
    let usual = plan(&facts, &Request::default());
    let of = |name| reason(&usual, name);
    assert_eq!(of("/etc/localtime"), LeftOutReason::Outside);
    assert_eq!(of("/srv/lab/s.txt"), LeftOutReason::Secret);
    assert_eq!(of("/srv/lab/conf/sub"), LeftOutReason::Inside);
    assert_eq!(of("/srv/laboratory"), LeftOutReason::Outside);
    let opted = Request { outside: vec!["/srv/laboratory".into()], secrets: Secrets::Captured, ..Request::default() };
    let opted = plan(&facts, &opted);
    assert!(captured(&opted).contains(&"/srv/laboratory") && captured(&opted).contains(&"/srv/lab/s.txt"));
}

#[test]
fn a_store_in_the_data_and_a_full_one_are_refused() {
    let mut facts = lab();
    facts.store = Some("/srv/lab/conf/backups".into());
    facts.free_bytes = Some(2210);
    assert_eq!(codes(&plan(&facts, &Request::default())), ["store_inside", "store_full"]);
    facts.free_bytes = Some(2211);
    facts.store = Some("/srv/lab/configuration".into());
    assert!(plan(&facts, &Request::default()).refusals.is_empty());
}

#[test]
fn labels_and_flags_choose_the_way() {
    let mut facts = lab();
    facts.containers[0].quiesce = Some(Quiesce::Hook);
    facts.containers[0].hooks.pre = vec!["redis-cli".into(), "save".into()];
    facts.containers[1].quiesce = Some(Quiesce::Pause);
    let labelled = plan(&facts, &Request::default());
    let acts = |plan: &Plan| plan.affected().map(|one| one.act).collect::<Vec<_>>();
    assert_eq!(acts(&labelled), [Act::Pause, Act::Hook]);
    assert_eq!(labelled.captures[0].consistency, Consistency::Hook);
    let with = |quiesce| plan(&facts, &Request { quiesce: Some(quiesce), ..Request::default() });
    assert_eq!(acts(&with(Quiesce::Stop)), [Act::Stop, Act::Stop]);
    let hooked = with(Quiesce::Hook);
    assert_eq!(acts(&hooked), [Act::Stop, Act::Hook]);
    assert_eq!(hooked.notes, ["`lab-web-1` has no hooks, so it is stopped instead"]);
    let live = with(Quiesce::None);
    assert_eq!((acts(&live), live.captures[0].consistency), (vec![], Consistency::Live));
    assert!(live.notes[0].contains("may be torn"));
}

#[test]
fn unknown_services_are_refused() {
    assert_eq!(
        codes(&plan(&lab(), &Request { services: vec!["wbe".into()], ..Request::default() })),
        ["service_unknown", "nothing_to_back_up"]
    );
}

#[test]
fn words_of_ways_are_read() {
    let read: Vec<_> = Quiesce::WORDS.iter().map(|word| Quiesce::from_word(word).unwrap()).collect();
    assert_eq!(read, [Quiesce::Stop, Quiesce::Pause, Quiesce::Hook, Quiesce::None]);
}
