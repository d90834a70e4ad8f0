// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl watch` as a process: signals, readers that stop or go, and, where `STACKCTL_TEST_DOCKER_HOST` names some,
//! real engines.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use serde_json::Value;
use stackctl::sys::docker::DockerEngine;
use stackctl::sys::endpoint::EngineAddress;
use stackctl::sys::engine::{
    Call, ContainerFilter, ContainerPlan, Deadline, Engine as _, EventQuery, ExecRequest, Grace, HealthCheck, Idle,
    Labels, RestartPolicy,
};

use stackctl::sys::os::OsFiles;

use super::support::{Ended, Sandbox};

/// Far above what anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running watch whose lines are read as they come.
struct Watching {
    child: Child,
    lines: Receiver<Value>,
}

fn command(folder: &Sandbox, host: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackctl"));
    command
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .env("PATH", "/usr/bin:/bin")
        .args(["watch", "--host", host])
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    command
}

impl Watching {
    fn start(folder: &Sandbox, host: &str, arguments: &[&str]) -> Self {
        let mut child = command(folder, host, &[&["--format", "json"], arguments].concat())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let output = child.stdout.take().expect("a pipe");
        let (sender, lines) = sync_channel(10_000);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                let Ok(value) = serde_json::from_str(&line.expect("a line")) else { panic!("no JSON") };
                if sender.send(value).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// Takes lines until one is the wanted one; gives all.
    #[track_caller]
    fn until(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let begin = Instant::now();
        let mut seen = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
            seen.push(line);
            if wanted(&seen[seen.len() - 1]) {
                return seen;
            }
        }
        panic!("waited in vain for {what}; told: {seen:#?}");
    }

    fn end(mut self, signal: &str) -> ExitStatus {
        send(&self.child, signal);
        self.child.wait().expect("it ends")
    }
}

impl Drop for Watching {
    /// A failed test leaves no process behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

fn is(line: &Value, service: &str, to: &str) -> bool {
    line["service"] == service && line["to"] == to
}

/// The real engines, each with a run of its own.
fn on_real_engines(name: &str, check: impl Fn(&Stage) + Sync) {
    let hosts = std::env::var("STACKCTL_TEST_DOCKER_HOST").unwrap_or_default();
    let hosts: Vec<&str> = hosts.split(',').filter(|host| !host.is_empty()).collect();
    // Without any, nothing is checked here; the engine's contract tells whether that is allowed.
    std::thread::scope(|scope| {
        for host in hosts {
            let check = &check;
            scope.spawn(move || {
                let stage = Stage::new(host, name);
                let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&stage)));
                stage.clean();
                if let Err(reason) = result {
                    std::panic::resume_unwind(reason);
                }
            });
        }
    });
}

/// One project on one engine.
struct Stage {
    host: String,
    project: String,
    engine: DockerEngine,
    runtime: tokio::runtime::Runtime,
    folder: Sandbox,
}

impl Stage {
    fn new(host: &str, name: &str) -> Self {
        let address = EngineAddress::parse(host, None).expect("an address");
        Self {
            host: host.to_owned(),
            project: format!("stackctl-test-{name}-{}", std::process::id()),
            engine: DockerEngine::new(&address, &OsFiles).expect("an engine"),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"),
            folder: Sandbox::new(),
        }
    }

    fn watch(&self, arguments: &[&str]) -> Watching {
        Watching::start(&self.folder, &self.host, &[&["--project-name", self.project.as_str()], arguments].concat())
    }

    fn watch_once(&self, services: &[&str]) -> Ended {
        let project = ["watch", "--host", &self.host, "--project-name", &self.project, "--once"];
        self.folder.run(&[&project, services].concat())
    }

    fn run(&self, service: &str, command: &[&str], shape: impl FnOnce(&mut ContainerPlan)) -> String {
        let labels = [("com.docker.compose.project", self.project.as_str()), ("com.docker.compose.service", service)];
        let mut plan = ContainerPlan {
            name: format!("{}-{service}-1", self.project),
            image: "stackctl-test:1".to_owned(),
            command: command.iter().map(|word| (*word).to_owned()).collect(),
            labels: labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect::<Labels>(),
            init: true,
            ..ContainerPlan::default()
        };
        shape(&mut plan);
        self.runtime.block_on(async {
            let id = self.engine.create_container(&plan, Deadline::CHANGE).await.expect("a container");
            self.engine.start_container(&id, Deadline::CHANGE).await.expect("it starts");
            id
        })
    }

    fn exec(&self, id: &str, words: &[&str]) {
        let request = ExecRequest {
            command: words.iter().map(|word| (*word).to_owned()).collect(),
            keep_bytes: 100,
            ..ExecRequest::default()
        };
        let outcome = self.runtime.block_on(self.engine.exec(id, &request, Deadline::CHANGE)).expect("it runs");
        assert_eq!(outcome.exit_code, 0);
    }

    fn clean(&self) {
        let filter = ContainerFilter::labelled("com.docker.compose.project", &self.project);
        self.runtime.block_on(async {
            for one in self.engine.list_containers(&filter, Deadline::CHANGE).await.unwrap_or_default() {
                let _ = self.engine.remove_container(&one.id, Deadline::CHANGE).await;
            }
        });
    }
}

#[test]
fn engine_that_is_not_there_fails_at_once_with_its_status() {
    let ended = Sandbox::new().run(&["watch", "--host", "unix:///nowhere/docker.sock"]).expect(9);
    assert!(ended.stderr.contains("error[engine_unreachable]"), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
}

#[test]
fn a_service_that_is_nowhere_is_a_fault_and_one_of_the_file_is_awaited() {
    on_real_engines("slip", |stage| {
        stage.run("whisper", &["sleep", "1000"], |_| ());
        let refused = stage.watch_once(&["wisper"]);
        assert_eq!(refused.code(), 2);
        assert!(refused.stderr.contains("error[service_unknown]: no service `wisper`"), "{}", refused.stderr);
        assert!(refused.stderr.contains("did you mean `whisper`?"), "{}", refused.stderr);
        stage.watch_once(&["whisper"]).expect(0);

        let file = Sandbox::with_compose("services:\n  later:\n    image: stackctl-test:1\n");
        let watching = Watching::start(&file, &stage.host, &["--project-name", &stage.project, "later"]);
        watching.until("its absence", |line| is(line, "later", "missing"));
        stage.run("later", &["sleep", "1000"], |_| ());
        watching.until("the newcomer", |line| is(line, "later", "no_check"));
        assert_eq!(watching.end("-INT").code(), Some(130));
    });
}

#[test]
fn sickness_is_told_with_the_failed_probe_and_so_is_recovery() {
    on_real_engines("sick", |stage| {
        let id = stage.run("sick", &["sleep", "1000"], |plan| {
            plan.environment = vec!["DB_PASSWORD=hunter2hunter2".to_owned()];
            plan.health_check = Some(HealthCheck {
                test: vec!["CMD-SHELL".to_owned(), "test ! -e /sick || { echo no $DB_PASSWORD; exit 4; }".to_owned()],
                interval: Some(Duration::from_secs(1)),
                retries: Some(2),
                ..HealthCheck::default()
            });
        });
        let watching = stage.watch(&[]);
        watching.until("ok", |line| is(line, "sick", "ok"));
        stage.exec(&id, &["touch", "/sick"]);
        let told = watching.until("unhealthy", |line| is(line, "sick", "unhealthy"));
        let cause = &told[told.len() - 1]["cause"];
        assert_eq!((&cause["kind"], &cause["streak"]), (&Value::from("health"), &Value::from(2)), "{told:#?}");
        let output = cause["probe_output"].as_str().unwrap_or_default();
        assert!(output.starts_with("no ") && !output.contains("hunter2hunter2"), "{output}");
        stage.exec(&id, &["rm", "/sick"]);
        watching.until("recovery", |line| is(line, "sick", "ok"));
        assert_eq!(watching.end("-INT").code(), Some(130));
    });
}

#[test]
fn kill_restart_pause_and_loop_are_told_once_each() {
    on_real_engines("life", |stage| {
        let id = stage.run("plain", &["sleep", "1000"], |_| ());
        let watching = stage.watch(&[]);
        watching.until("the first sight", |line| is(line, "plain", "no_check"));
        let now = Grace(Some(Duration::ZERO));
        let does = |call: Call<'_, ()>| stage.runtime.block_on(call).expect("it does");
        does(stage.engine.pause_container(&id, Deadline::CHANGE));
        assert_eq!(watching.until("the pause", |line| is(line, "plain", "paused")).len(), 1);
        does(stage.engine.unpause_container(&id, Deadline::CHANGE));
        assert_eq!(watching.until("the end of the pause", |line| is(line, "plain", "no_check")).len(), 1);
        does(stage.engine.restart_container(&id, now, Deadline::CHANGE));
        let told = watching.until("the restart", |line| line["cause"]["kind"] == "restarted");
        assert_eq!(told.len(), 1, "{told:#?}");
        stage.run("again", &["sh", "-c", "exit 3"], |plan| {
            plan.restart_policy = RestartPolicy { name: "always".to_owned(), maximum_retries: 0 };
        });
        let told = watching.until("the loop", |line| is(line, "again", "loop"));
        assert_eq!(told[told.len() - 1]["details"]["exit_code"], 3, "{told:#?}");
        does(stage.engine.kill_container(&id, "KILL", Deadline::CHANGE));
        let told = watching.until("the kill", |line| is(line, "plain", "stopped"));
        assert_eq!(told[told.len() - 1]["details"]["wanted"], "asked", "{told:#?}");
        assert_eq!(watching.end("-TERM").code(), Some(143));
    });
}

#[test]
fn two_thousand_events_with_a_stalled_reader_are_all_told_and_signals_still_end_it() {
    on_real_engines("burst", |stage| {
        let id = stage.run("plain", &["sleep", "1000"], |_| ());
        let arguments = ["--project-name", &stage.project, "--format", "json"];
        let mut child =
            command(&stage.folder, &stage.host, &arguments).stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let first = lines.next().expect("the first sight").expect("a line");
        assert!(first.contains("first_seen"), "{first}");
        // What engines make of calls in quick succession differs from time to time; their own events tell.
        let changes = stage.runtime.block_on(async {
            let query =
                EventQuery { verbs: vec!["pause".into(), "unpause".into(), "die".into()], ..EventQuery::default() };
            let query = EventQuery { labels: vec![format!("com.docker.compose.project={}", stage.project)], ..query };
            let feed = stage.engine.events(&query, Deadline::QUESTION, Idle(None)).await.expect("a stream");
            let heard = feed.take_while(|event| {
                let goes_on = event.as_ref().is_ok_and(|event| event.verb() != "die");
                std::future::ready(goes_on)
            });
            let calls = async {
                for _ in 0..1000 {
                    let _ = stage.engine.pause_container(&id, Deadline::CHANGE).await;
                    let _ = stage.engine.unpause_container(&id, Deadline::CHANGE).await;
                }
                let _ = stage.engine.unpause_container(&id, Deadline::CHANGE).await;
                stage.engine.kill_container(&id, "KILL", Deadline::CHANGE).await.expect("it ends");
            };
            let (mut verbs, ()) =
                tokio::join!(heard.map(|event| event.expect("an event").action).collect::<Vec<String>>(), calls);
            verbs.dedup();
            verbs.len() as u64
        });
        assert!(changes > 1500, "{changes} changes are no burst");
        let mut sum = 0;
        loop {
            let line: Value = serde_json::from_str(&lines.next().expect("more").expect("a line")).expect("JSON");
            assert_eq!(line["first_seq"], 2 + sum, "no gap");
            sum += line["count"].as_u64().expect("a count");
            if line["to"] == "stopped" {
                break;
            }
        }
        assert!(sum > changes, "{sum} of {changes} changes and an end were told");
        // Nobody reads any more.
        send(&child, "-TERM");
        assert_eq!(child.wait().expect("it ends").code(), Some(143));
    });
}

#[test]
fn ignored_signals_limits_and_readers_that_go_end_it() {
    on_real_engines("ends", |stage| {
        let id = stage.run("plain", &["sleep", "1000"], |_| ());
        // A shell that ignores both signals hands that down.
        let mut shell = Command::new("sh");
        let line = format!(
            "trap '' INT TERM; exec {} watch --host {} --project-name {} --format json",
            env!("CARGO_BIN_EXE_stackctl"),
            stage.host,
            stage.project
        );
        let mut child = shell.args(["-c", &line]).stdout(Stdio::piped()).process_group(0).spawn().expect("a shell");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        lines.next().expect("the first sight").expect("a line");
        send(&child, "-INT");
        assert_eq!(child.wait().expect("it ends").code(), Some(130));

        let project = ["--project-name", stage.project.as_str()];
        let once =
            command(&stage.folder, &stage.host, &[&project[..], &["--once"]].concat()).output().expect("it runs");
        assert!(once.status.success());
        assert_eq!(String::from_utf8_lossy(&once.stdout).lines().count(), 1, "{once:?}");
        let limited = [&project[..], &["--for", "1s"]].concat();
        assert!(command(&stage.folder, &stage.host, &limited).output().expect("it runs").status.success());

        let mut child =
            command(&stage.folder, &stage.host, &project).stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
        reader.read_line(&mut String::new()).expect("the first sight");
        drop(reader);
        stage.runtime.block_on(stage.engine.pause_container(&id, Deadline::CHANGE)).expect("it pauses");
        assert!(child.wait().expect("it ends").success());
        stage.runtime.block_on(stage.engine.unpause_container(&id, Deadline::CHANGE)).expect("it goes on");
    });
}
