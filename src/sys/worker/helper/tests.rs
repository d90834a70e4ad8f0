// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Helpers at an engine in memory, which cannot run them: what is asked of the engine, and what is refused.

#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::io::Read;
use std::path::Path;

use tokio::io::AsyncReadExt as _;

use super::*;
use crate::backup::id::OperationId;
use crate::sys::engine::Labels;
use crate::sys::engine::{ContainerFilter, Volume};
use crate::sys::fake::{FakeBinaries, FakeEngine, FakeFault, Flavour};
use crate::sys::worker::LABEL;

const TIME: Deadline = Deadline::QUESTION;

fn operation(text: &str) -> OperationId {
    text.parse().unwrap()
}

fn first() -> OperationId {
    operation("backup-20261120T114131Z-0001")
}

fn engine() -> FakeEngine {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    engine.add_volume(Volume { name: "data".to_owned(), ..Volume::default() });
    engine
}

fn workers(engine: &FakeEngine) -> HelperWorkers {
    workers_of(engine, Arc::new(FakeBinaries::new(&[("/it", &elf::tests::made(None, None))])))
}

fn workers_of(engine: &FakeEngine, binaries: Arc<dyn Binaries>) -> HelperWorkers {
    let program = Program { executable: "/it".into(), maps: "/maps".into() };
    HelperWorkers::new(
        Arc::new(engine.clone()),
        binaries,
        program,
        ("here".to_owned(), "lab".to_owned()),
        Some("worker:x=kill".to_owned()),
    )
}

fn data() -> Tree {
    Tree::Volume("data".to_owned())
}

async fn images(engine: &FakeEngine) -> Vec<String> {
    let images = engine.list_images(TIME).await.unwrap();
    images.into_iter().flat_map(|image| image.tags).filter(|tag| tag.starts_with("stackctl-helper")).collect()
}

async fn containers(engine: &FakeEngine) -> Vec<String> {
    let all = engine.list_containers(&ContainerFilter::default(), TIME).await.unwrap();
    all.into_iter().map(|container| container.name).collect()
}

#[tokio::test]
async fn a_helper_has_its_tree_and_little_else() {
    let engine = engine();
    drop(workers(&engine).start(&data(), Access::Read, first()).await.unwrap());
    let names = containers(&engine).await;
    assert!(names[0].starts_with("stackctl-helper-backup-20261120T114131Z-0001-"), "{names:?}");
    let made = engine.inspect_container(&names[0], TIME).await.unwrap();
    let labels = [(LABEL, "lab/backup-20261120T114131Z-0001"), (HOST_LABEL, "here")];
    assert_eq!(made.labels, labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    assert_eq!((made.entrypoint, made.command), (vec!["/stackctl".into()], vec![VERB.into(), "/tree".into()]));
    assert_eq!((made.user.as_str(), made.network_mode.as_str(), made.log_driver.as_str()), ("0:0", "none", "none"));
    let mounts: Vec<_> = made.mounts.iter().map(|mount| (&*mount.name, &*mount.target, mount.writable)).collect();
    assert_eq!(mounts, [("data", "/tree", false)]);
    assert!(made.environment.contains(&"STACKCTL_TEST_FAILPOINT=worker:x=kill".to_owned()));
}

#[tokio::test]
async fn one_image_a_program_is_made_once_and_others_go() {
    let engine = engine();
    for old in ["stackctl-helper:1", "stackctl-helper:used", "stackctl-helpers:x"] {
        engine.add_image(old);
    }
    let user = ContainerPlan { name: "u".into(), image: "stackctl-helper:used".into(), ..ContainerPlan::default() };
    engine.create_container(&user, TIME).await.unwrap();
    for _ in 0..2 {
        let workers = workers(&engine);
        for _ in 0..2 {
            drop(workers.start(&data(), Access::Write, first()).await.unwrap());
        }
    }
    let imports = engine.calls().iter().filter(|call| **call == "import image").count();
    assert_eq!(imports, 1);
    let images = images(&engine).await;
    assert_eq!(images.len(), 3, "{images:?}");
    assert!(!images.contains(&"stackctl-helper:1".to_owned()), "{images:?}");
    let ours = images.iter().find(|name| name.starts_with("stackctl-helper:") && !name.ends_with(":used")).unwrap();
    assert_eq!(ours.len(), "stackctl-helper:".len() + 16);
    assert_eq!(engine.inspect_image(ours, TIME).await.unwrap().labels[LABEL], "image");

    // Somebody cleans up in between.
    let workers = workers(&engine);
    drop(workers.start(&data(), Access::Write, first()).await.unwrap());
    workers.sweep(first()).await.unwrap();
    engine.remove_image(ours, TIME).await.unwrap();
    drop(workers.start(&data(), Access::Write, first()).await.unwrap());

    // Another version of the program does so again and again.
    let gone = FakeFault::Refused(404, format!("No such image: {ours}"));
    engine.plan_fault("create container", 0, 3, gone);
    drop(workers.start(&data(), Access::Write, first()).await.unwrap());
}

#[tokio::test]
async fn a_volume_that_is_not_there_is_not_made() {
    let engine = engine();
    let tree = Tree::Volume("dada".to_owned());
    let missing = workers(&engine).start(&tree, Access::Write, first()).await.err().unwrap();
    assert!(matches!(&missing, WorkerError::Engine(error) if error.is_not_found()), "{missing:?}");
    assert_eq!(engine.list_volumes("", TIME).await.unwrap().len(), 1);
    assert!(containers(&engine).await.is_empty());
}

#[tokio::test]
async fn the_last_read_tells_a_bad_end() {
    let engine = engine();
    let mut line = workers(&engine).start(&data(), Access::Read, first()).await.unwrap();
    let told = line.output.read_to_end(&mut Vec::new()).await.unwrap_err().to_string();
    assert!(told.starts_with("it ended with code 127: ") && told.contains("not found"), "{told}");
    assert_eq!(line.output.read_to_end(&mut Vec::new()).await.unwrap(), 0);
}

#[tokio::test]
async fn what_cannot_run_is_told_before_and_leaves_nothing() {
    struct Foreign;
    impl Binaries for Foreign {
        fn processor(&self) -> String {
            "arm64".to_owned()
        }

        fn open(&self, _: &Path) -> std::io::Result<(u64, Box<dyn Read + Send>)> {
            Err(std::io::ErrorKind::NotFound.into())
        }
    }
    let engine = engine();
    let told = workers_of(&engine, Arc::new(Foreign)).prepare(first()).await.unwrap_err().to_string();
    assert_eq!(told, "no worker can run: the engine runs on linux/amd64 and this program on linux/arm64");
    // This engine cannot run it.
    let told = workers(&engine).prepare(first()).await.unwrap_err();
    assert!(matches!(&told, WorkerError::Impossible(told) if told.contains("code 127")), "{told:?}");
    assert!(containers(&engine).await.is_empty());
    assert_eq!(engine.list_volumes("", TIME).await.unwrap().len(), 1);
    engine.plan_fault("start container", 0, 1, FakeFault::Refused(500, "exec format error".into()));
    let told = workers(&engine).prepare(first()).await.unwrap_err();
    assert!(matches!(told, WorkerError::Engine(EngineError::Refused { .. })), "{told:?}");
    assert!(containers(&engine).await.is_empty());
    assert_eq!(engine.list_volumes("", TIME).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_sweep_of_all_leaves_those_of_other_projects() {
    let engine = engine();
    for (number, owner) in ["lab/backup-1", "lab/restore-2", "lab2/backup-1"].into_iter().enumerate() {
        let labels = Labels::from([(LABEL.to_owned(), owner.to_owned())]);
        let plan = VolumePlan { name: format!("scratch-{number}"), labels, ..VolumePlan::default() };
        engine.create_volume(&plan, TIME).await.unwrap();
    }
    workers(&engine).sweep_all().await.unwrap();
    let volumes: Vec<String> = engine.list_volumes("", TIME).await.unwrap().into_iter().map(|it| it.name).collect();
    assert_eq!(volumes, ["data", "scratch-2"]);
}

#[tokio::test]
async fn a_sweep_takes_one_operation_alone() {
    let (engine, other) = (engine(), operation("restore-20261120T114131Z-0002"));
    let workers = workers(&engine);
    for operation in [first(), first(), other] {
        drop(workers.start(&data(), Access::Read, operation).await.unwrap());
        let labels = Labels::from([(LABEL.to_owned(), format!("lab/{operation}"))]);
        let plan = VolumePlan { name: format!("scratch-{operation}"), labels, ..VolumePlan::default() };
        engine.create_volume(&plan, TIME).await.unwrap();
    }
    engine.plan_fault("remove container", 0, 1, FakeFault::Refused(409, "removal is already in progress".into()));
    workers.sweep(first()).await.unwrap();
    workers.sweep(first()).await.unwrap();
    let left = containers(&engine).await;
    assert!(left.len() == 1 && left[0].contains("-restore-"), "{left:?}");
    let volumes: Vec<String> = engine.list_volumes("", TIME).await.unwrap().into_iter().map(|it| it.name).collect();
    assert_eq!(volumes, ["data", "scratch-restore-20261120T114131Z-0002"]);
    engine.plan_fault("remove container", 0, 1, FakeFault::Closed);
    assert!(matches!(workers.sweep(other).await, Err(WorkerError::Engine(error)) if error.is_outage()));
}
