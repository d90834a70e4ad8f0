// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Workers in containers of real engines. They run the program that was built, with the libraries of the running test:
//! both are linked to the same ones.

use std::sync::Arc;

use stackctl::backup::id::OperationId;
use stackctl::sys::docker::DockerEngine;
use stackctl::sys::endpoint::EngineAddress;
use stackctl::sys::engine::{
    ContainerFilter, ContainerSummary, Deadline, Engine as _, ImageSummary, Labels, VolumePlan,
};
use stackctl::sys::os::{OsBinaries, OsFiles};
use stackctl::sys::worker::helper::{HelperWorkers, Program};
use stackctl::sys::worker::{Access, LABEL, Session, Sink, Tree, WorkerError, Workers as _};

use super::support::{Stage, on_real_engines};

const TIME: Deadline = Deadline::CHANGE;

/// An operation that no other test has: the number is this process, and the moment tells its tests apart.
fn operation(second: u32) -> OperationId {
    let text = format!("backup-20261120T1141{second:02}Z-{:04}", std::process::id());
    text.parse().expect("an operation")
}

fn workers(stage: &Stage) -> HelperWorkers {
    let program = Program { executable: env!("CARGO_BIN_EXE_stackctl").into(), maps: "/proc/self/maps".into() };
    let address = EngineAddress::parse(&stage.host, None).expect("an address");
    let engine = DockerEngine::new(&address, &OsFiles).expect("an engine");
    HelperWorkers::new(Arc::new(engine), Arc::new(OsBinaries), program, ("here".to_owned(), "lab".to_owned()), None)
}

/// A volume of this stage, which goes with it.
fn volume(stage: &Stage, name: &str) -> String {
    let label = ("com.docker.compose.project".to_owned(), stage.project.clone());
    let name = format!("{}-{name}", stage.project);
    let plan = VolumePlan { name: name.clone(), labels: Labels::from([label]), ..VolumePlan::default() };
    stage.does(stage.engine.create_volume(&plan, TIME));
    name
}

/// Runs a script over a volume.
fn shell(stage: &Stage, volume: &str, script: &str) {
    let id = stage.run("shell", &["sh", "-c", script], |plan| plan.binds = vec![format!("{volume}:/v")]);
    assert_eq!(stage.does(stage.engine.wait_container(&id, TIME)), 0, "{script}");
    stage.does(stage.engine.remove_container(&id, TIME));
}

fn helpers(stage: &Stage, operation: OperationId) -> Vec<ContainerSummary> {
    let filter = ContainerFilter::labelled(LABEL, &format!("lab/{operation}"));
    stage.does(stage.engine.list_containers(&filter, TIME))
}

/// The containers and volumes that carry an operation's label.
fn left(stage: &Stage, operation: OperationId) -> usize {
    let volumes = stage.does(stage.engine.list_volumes(&format!("{LABEL}=lab/{operation}"), TIME));
    helpers(stage, operation).len() + volumes.len()
}

fn images(stage: &Stage) -> Vec<ImageSummary> {
    let mut images = stage.does(stage.engine.list_images(TIME));
    images.retain(|image| image.tags.iter().any(|tag| tag.starts_with("stackctl-helper:")));
    images
}

/// Counts what comes.
#[derive(Default)]
struct Counted(usize, usize);

impl Sink for Counted {
    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0 += bytes.len();
        Ok(())
    }

    fn records(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.1 += bytes.len();
        Ok(())
    }
}

async fn session(workers: &HelperWorkers, tree: &Tree, access: Access, operation: OperationId) -> Session {
    let line = workers.start(tree, access, operation).await.expect("a helper");
    Session::open(line, &tree.name()).await.expect("it greets")
}

#[test]
fn the_trial_leaves_an_image_and_nothing_else() {
    on_real_engines("helper-trial", |stage| {
        let operation = operation(1);
        stage.runtime.block_on(workers(stage).prepare(operation)).expect("helpers work");
        let before = images(stage);
        stage.runtime.block_on(workers(stage).prepare(operation)).expect("helpers work");
        let after = images(stage);
        assert!(!before.is_empty() && after.iter().all(|image| before.contains(image)), "{before:?} {after:?}");
        assert_eq!(left(stage, operation), 0);
    });
}

#[test]
fn a_reader_reads_everything_and_changes_nothing() {
    on_real_engines("helper-read", |stage| {
        let (workers, operation, volume) = (workers(stage), operation(2), volume(stage, "v"));
        shell(stage, &volume, "mkdir -m 700 /v/x && echo a >/v/x/y && chmod 0 /v/x/y && chown -R 999:999 /v/x");
        let tree = Tree::Volume(volume);
        stage.runtime.block_on(async {
            let mut session = session(&workers, &tree, Access::Read, operation).await;
            assert!(!session.look().await.expect("it looks").is_empty);
            let mut counted = Counted::default();
            let (content, _) = session.capture(None, &mut counted, &mut |_| ()).await.expect("it reads all");
            assert_eq!((content.entries, content.bytes), (3, 2));
            assert!(counted.0 > 0 && counted.1 > 0);
            let refused = session.stage(operation, 1, &mut std::io::empty(), &mut |_| ()).await;
            assert!(matches!(&refused, Err(WorkerError::Failed { .. })), "{refused:?}");
            session.close().await.expect("a good end");
        });
        let made = stage.inspect(&helpers(stage, operation)[0].id);
        assert!(!made.state.running && made.state.exit_code == 0, "{:?}", made.state);
        assert!(!made.mounts[0].writable && !made.labels.keys().any(|name| name.contains("compose")));
        stage.runtime.block_on(workers.sweep(operation)).expect("nothing is left");
    });
}

#[test]
fn a_writer_and_a_folder_work_too() {
    on_real_engines("helper-write", |stage| {
        let (workers, operation, volume) = (workers(stage), operation(3), volume(stage, "v"));
        let folder = stage.folder.path().join("tree");
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("file"), "text").expect("a file");
        stage.runtime.block_on(async {
            let tree = Tree::Folder(folder.clone());
            let mut reading = session(&workers, &tree, Access::Read, operation).await;
            assert!(!reading.look().await.expect("it looks").is_empty);
            let mut archive = Archive::default();
            let (content, _) = reading.capture(None, &mut archive, &mut |_| ()).await.expect("it reads all");
            let mut writing = session(&workers, &Tree::Volume(volume.clone()), Access::Write, operation).await;
            let staged = writing.stage(operation, content.entries, &mut &archive.0[..], &mut |_| ()).await;
            assert_eq!(staged.expect("it unpacks"), 2);
            writing.commit(operation, None).await.expect("it commits");
            writing.remove_aside(operation).await.expect("it tidies");
            writing.close().await.expect("a good end");
        });
        shell(stage, &volume, "test \"$(cat /v/file)\" = text && test \"$(ls -A /v)\" = file");
        let nowhere = Tree::Folder(stage.folder.path().join("none"));
        let refused = stage.runtime.block_on(workers.start(&nowhere, Access::Read, operation));
        assert!(matches!(refused.err(), Some(WorkerError::Engine(_))), "a folder that is not there is not made");
        assert!(!stage.folder.path().join("none").exists());
        stage.runtime.block_on(workers.sweep(operation)).expect("nothing is left");
    });
}

/// Keeps the archive.
#[derive(Default)]
struct Archive(Vec<u8>);

impl Sink for Archive {
    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn records(&mut self, _: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_killed_helper_is_gone_and_says_how() {
    on_real_engines("helper-killed", |stage| {
        let (workers, operation, volume) = (workers(stage), operation(4), volume(stage, "v"));
        let tree = Tree::Volume(volume);
        let mut session = stage.runtime.block_on(session(&workers, &tree, Access::Read, operation));
        let id = helpers(stage, operation)[0].id.clone();
        stage.does(stage.engine.kill_container(&id, "KILL", TIME));
        let gone = stage.runtime.block_on(session.look()).expect_err("nobody is there");
        assert!(
            matches!(&gone, WorkerError::Gone { reason: Some(reason), .. } if reason == "it was killed"),
            "{gone:?}"
        );
        stage.runtime.block_on(workers.sweep(operation)).expect("nothing is left");
    });
}

#[test]
fn a_helper_ends_with_its_line() {
    on_real_engines("helper-line", |stage| {
        let (workers, operation, volume) = (workers(stage), operation(5), volume(stage, "v"));
        let tree = Tree::Volume(volume);
        let mut session = stage.runtime.block_on(session(&workers, &tree, Access::Write, operation));
        assert!(stage.runtime.block_on(session.look()).expect("it looks").is_empty);
        drop(session);
        let id = helpers(stage, operation)[0].id.clone();
        assert_eq!(stage.does(stage.engine.wait_container(&id, TIME)), 0);
        stage.runtime.block_on(workers.sweep(operation)).expect("nothing is left");
    });
}

#[test]
fn a_sweep_takes_all_of_one_operation_and_nothing_of_others() {
    on_real_engines("helper-sweep", |stage| {
        let (workers, ours, theirs) = (workers(stage), operation(6), operation(7));
        let tree = Tree::Volume(volume(stage, "v"));
        let bystander = stage.run("bystander", &["sleep", "1000"], |_| ());
        let label = (LABEL.to_owned(), format!("lab/{ours}"));
        let name = format!("{}-scratch", stage.project);
        let scratch = VolumePlan { name: name.clone(), labels: Labels::from([label]), ..VolumePlan::default() };
        stage.does(stage.engine.create_volume(&scratch, TIME));
        let starts = [(tree.clone(), ours), (Tree::Volume(name), ours), (tree, theirs)];
        let lines: Vec<Session> = starts
            .iter()
            .map(|(tree, operation)| stage.runtime.block_on(session(&workers, tree, Access::Write, *operation)))
            .collect();
        assert_eq!((left(stage, ours), left(stage, theirs)), (3, 1));
        for _ in 0..2 {
            stage.runtime.block_on(workers.sweep(ours)).expect("nothing is left");
            assert_eq!((left(stage, ours), left(stage, theirs)), (0, 1));
        }
        assert!(helpers(stage, theirs)[0].status_text.starts_with("Up") && stage.inspect(&bystander).state.running);
        drop(lines);
        stage.runtime.block_on(workers.sweep(theirs)).expect("nothing is left");
        assert_eq!(left(stage, theirs), 0);
    });
}

#[test]
fn a_misspelt_volume_is_not_made() {
    on_real_engines("helper-misspelt", |stage| {
        let (workers, operation) = (workers(stage), operation(8));
        let name = format!("{}-none", stage.project);
        let missing = stage.runtime.block_on(workers.start(&Tree::Volume(name.clone()), Access::Write, operation));
        assert!(matches!(missing.err(), Some(WorkerError::Engine(error)) if error.is_not_found()));
        let found = stage.runtime.block_on(stage.engine.inspect_volume(&name, TIME));
        assert!(found.is_err_and(|error| error.is_not_found()));
        assert_eq!(left(stage, operation), 0);
    });
}
