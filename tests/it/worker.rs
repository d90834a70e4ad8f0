// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The program as a worker: a process that holds a folder, and is asked through the library.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use stackctl::backup::id::OperationId;
use stackctl::sys::os::OsLaunch;
use stackctl::sys::worker::{Access, HostWorkers, Line, Session, Sink, Tree, WorkerError, Workers as _};
use stackctl::volume::frame::{Message, Talk};
use stackctl::volume::request::Mark;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use super::support::Sandbox;

fn operation() -> OperationId {
    "restore-20261120T114131Z-0007".parse().expect("a name")
}

fn program(folder: &Path, failpoint: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackctl"));
    command.arg("volume-worker").arg(folder).env_clear().current_dir("/");
    command.envs(failpoint.map(|point| ("STACKCTL_TEST_FAILPOINT", point)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn start(folder: &Path, failpoint: Option<&str>) -> (Session, Child) {
    let mut child = program(folder, failpoint).spawn().expect("a process");
    let (input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let line = Line { input: Box::new(input), output: Box::new(output) };
    (Session::open(line, "data").await.expect("a greeting"), child)
}

#[derive(Default)]
struct Kept(Vec<u8>);

impl Sink for Kept {
    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.extend(bytes);
        Ok(())
    }

    fn records(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

/// How a worker ends that is told this, and what it says about that.
async fn told(mut command: Command, input: &[u8]) -> (Option<i32>, String) {
    let mut child = command.spawn().expect("a process");
    let mut pipe = child.stdin.take().expect("a pipe");
    // It may be gone already.
    let _ = pipe.write_all(input).await;
    drop(pipe);
    let ended = child.wait_with_output().await.expect("an end");
    (ended.status.code(), String::from_utf8_lossy(&ended.stderr).into_owned())
}

/// The packed archive of a folder with these files, and how many entries it has.
async fn packed(files: &[(&str, &str)]) -> (Vec<u8>, u64) {
    let source = files.iter().fold(Sandbox::new(), |sandbox, (name, text)| sandbox.file(name, text));
    let (mut session, mut child) = start(&source.path(), None).await;
    let mut kept = Kept::default();
    let (content, _) = session.capture(None, &mut kept, &mut |_| {}).await.expect("an archive");
    session.close().await.expect("an end");
    assert!(child.wait().await.expect("an end").success());
    (kept.0, content.entries)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_process_that_is_killed_at_a_point_is_followed_by_another_that_ends_its_work() {
    let (archive, entries) = packed(&[("both", "new"), ("added", "new")]).await;
    for (point, wanted) in [
        ("worker:entry:2=kill", Mark::Staged),
        ("worker:list=kill", Mark::Staged),
        ("worker:rename:3=kill", Mark::Committing),
        ("worker:done=kill", Mark::Committed),
    ] {
        let sandbox = Sandbox::new().file("both", "old").file("gone", "old");
        let (mut session, mut child) = start(&sandbox.path(), Some(point)).await;
        let staged = session.stage(operation(), entries, &mut archive.as_slice(), &mut |_| {}).await;
        let ended = match staged {
            Ok(_) => session.commit(operation(), None).await,
            Err(error) => Err(error),
        };
        assert!(matches!(ended, Err(WorkerError::Gone { .. })), "{point}: {ended:?}");
        assert_eq!(child.wait().await.expect("an end").signal(), Some(9), "{point}");

        let (mut session, mut child) = start(&sandbox.path(), None).await;
        let seen = session.look().await.expect("a look");
        assert_eq!(seen.marks, [(operation().to_string(), wanted)], "{point}");
        if wanted == Mark::Staged {
            session.stage(operation(), entries, &mut archive.as_slice(), &mut |_| {}).await.expect("a stage");
        }
        session.commit(operation(), None).await.expect("a commit");
        session.remove_aside(operation()).await.expect("a removal");
        session.close().await.expect("an end");
        assert!(child.wait().await.expect("an end").success());
        assert_eq!(names(&sandbox.path()), ["added", "both"], "{point}");
        assert_eq!(fs::read(sandbox.path().join("both")).expect("a file"), b"new");
    }
}

#[tokio::test]
async fn a_worker_ends_with_its_input_and_says_why_when_that_was_no_end() {
    let sandbox = Sandbox::new().file("a", "a");
    let (session, mut child) = start(&sandbox.path(), None).await;
    session.close().await.expect("an end");
    assert_eq!(child.wait().await.expect("an end").code(), Some(0));
    for (input, reason) in [(&b"nonsense, no frame"[..], "too long"), (b"", "ended before"), (b"\0\0", "ended before")]
    {
        let (code, stderr) = told(program(&sandbox.path(), None), input).await;
        assert!(code == Some(1) && stderr.starts_with("error[worker_failed]: ") && stderr.contains(reason), "{stderr}");
    }
    let (code, stderr) = told(program(Path::new("nowhere"), None), b"").await;
    assert!(code == Some(1) && stderr.contains("cannot open"), "{stderr}");
}

#[tokio::test]
async fn a_worker_whose_output_is_closed_ends() {
    let sandbox = Sandbox::new().file("a", "a");
    let mut child = program(&sandbox.path(), None).spawn().expect("a process");
    drop(child.stdout.take());
    // Held open: it is the output that ends it, when it greets or when it answers.
    let mut input = child.stdin.take().expect("a pipe");
    let (mut talk, mut bytes) = (Talk::asker(), Vec::new());
    talk.hello(&mut bytes).expect("a greeting");
    talk.say(&Message::Request(b"{\"do\":\"look\"}".to_vec()), &mut bytes).expect("a request");
    let _ = input.write_all(&bytes).await;
    assert_eq!(child.wait().await.expect("an end").code(), Some(1));
}

#[tokio::test]
async fn it_is_no_command_for_people_and_reads_no_settings() {
    let sandbox = Sandbox::new().file("stackctl.toml", "nonsense = true");
    assert!(!sandbox.run(&["--help"]).expect(0).stdout.contains("volume-worker"));
    let _ = sandbox.run(&["volume-worker"]).expect(2);
    let mut command = program(Path::new("."), None);
    command.current_dir(sandbox.path()).env("STACKCTL_COLOR", "nonsense");
    let (_, stderr) = told(command, b"").await;
    assert!(stderr.starts_with("error[worker_failed]") && stderr.lines().count() == 1, "{stderr}");
}

#[tokio::test]
async fn the_host_itself_is_a_way_for_root() {
    let sandbox = Sandbox::new().file("data/a", "a");
    let launch = OsLaunch::of(env!("CARGO_BIN_EXE_stackctl").into());
    let mountpoints: BTreeMap<String, PathBuf> = [("lab_data".to_owned(), sandbox.path().join("data"))].into();
    let workers = HostWorkers::new(&launch, &mountpoints);
    let prepared = workers.prepare(operation()).await;
    if !rustix::process::geteuid().is_root() {
        assert!(matches!(prepared, Err(WorkerError::Impossible(_))));
        return;
    }
    prepared.expect("a greeting");
    let seen = async |tree: Tree| {
        let line = workers.start(&tree, Access::Read, operation()).await?;
        let mut session = Session::open(line, &tree.name()).await?;
        let seen = session.look().await?;
        session.close().await.map(|()| seen)
    };
    assert!(!seen(Tree::Volume("lab_data".into())).await.expect("a look").is_empty);
    assert!(!seen(Tree::Folder(sandbox.path())).await.expect("a look").is_empty);
    assert!(matches!(seen(Tree::Volume("other".into())).await, Err(WorkerError::Impossible(_))));
    let missing = seen(Tree::Folder(sandbox.path().join("nowhere"))).await;
    let told = missing.expect_err("no folder").to_string();
    assert!(told.contains("cannot open") && told.contains("nowhere"), "{told}");
    workers.sweep(operation()).await.expect("nothing to do");
    let none = OsLaunch::of("no-such-program".into());
    let prepared = HostWorkers::new(&none, &mountpoints).prepare(operation()).await;
    assert!(matches!(prepared, Err(WorkerError::Impossible(_))), "{prepared:?}");
}
