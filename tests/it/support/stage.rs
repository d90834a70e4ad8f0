// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One project on one real engine, with what its tests do to it. Removed with the value.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use stackctl::sys::docker::DockerEngine;
use stackctl::sys::endpoint::EngineAddress;
use stackctl::sys::engine::{
    Call, ContainerDetail, ContainerFilter, ContainerPlan, Deadline, Engine as _, ExecOutcome, ExecRequest, Grace,
    HealthCheck, Labels, RestartPolicy,
};
use stackctl::sys::os::OsFiles;
use tokio::runtime::Runtime;

use super::{Running, Sandbox};

/// Far above what anything here takes.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// No time to end by itself.
pub(crate) const NOW: Grace = Grace(Some(Duration::ZERO));

/// The label that all containers of a project carry.
const PROJECT: &str = "com.docker.compose.project";

/// The label of helper containers, whose value begins with the project.
const HELPER: &str = "stackctl.helper";

/// The engines to test with; none where the lane has none.
pub(crate) fn hosts() -> Vec<String> {
    let named = std::env::var("STACKCTL_TEST_DOCKER_HOST").unwrap_or_default();
    let hosts: Vec<String> = named.split(',').filter(|host| !host.is_empty()).map(str::to_owned).collect();
    let required = std::env::var_os("STACKCTL_TEST_ENGINE_REQUIRED").is_some();
    assert!(!required || !hosts.is_empty(), "no engine to test with: `STACKCTL_TEST_DOCKER_HOST` is not set");
    hosts
}

/// Runs a check on each real engine, all at once, each with a project of its own.
pub(crate) fn on_real_engines(name: &str, check: impl Fn(&Stage) + Sync) {
    let hosts = hosts();
    std::thread::scope(|scope| {
        let runs: Vec<_> = hosts.iter().map(|host| scope.spawn(|| check(&Stage::new(host, name)))).collect();
        for run in runs {
            run.join().unwrap_or_else(|reason| std::panic::resume_unwind(reason));
        }
    });
}

/// Words as an engine takes them.
pub(crate) fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

/// A check each second that fails while the file `/sick` is there, and says so.
pub(crate) fn fails_while_sick() -> HealthCheck {
    check_each_second(&["CMD-SHELL", "test ! -e /sick || { echo sick as told; exit 4; }"])
}

/// A check each second.
pub(crate) fn check_each_second(test: &[&str]) -> HealthCheck {
    HealthCheck {
        test: words(test),
        interval: Some(Duration::from_secs(1)),
        // Far more than a check takes here. How long a healer waits for a verdict depends on it.
        timeout: Some(Duration::from_secs(5)),
        retries: Some(2),
        ..HealthCheck::default()
    }
}

/// The engine starts it again whenever it ends.
pub(crate) fn always() -> RestartPolicy {
    RestartPolicy { name: "always".to_owned(), maximum_retries: 0 }
}

/// One project on one engine.
pub(crate) struct Stage {
    pub(crate) host: String,
    pub(crate) project: String,
    pub(crate) engine: DockerEngine,
    pub(crate) runtime: Runtime,
    pub(crate) folder: Sandbox,
}

impl Stage {
    pub(crate) fn new(host: &str, name: &str) -> Self {
        let address = EngineAddress::parse(host, None).expect("an address");
        Self {
            host: host.to_owned(),
            project: format!("stackctl-test-{name}-{}", std::process::id()),
            engine: DockerEngine::new(&address, &OsFiles).expect("an engine"),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"),
            folder: Sandbox::new(),
        }
    }

    /// A run of the program about this project, in this stage's folder, with a scrubbed environment.
    pub(crate) fn command(&self, verb: &str, arguments: &[&str]) -> Command {
        self.command_at(&self.host, verb, arguments)
    }

    /// The same, with another way to the engine.
    pub(crate) fn command_at(&self, host: &str, verb: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stackctl"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PATH", "/usr/bin:/bin")
            .args([verb, "--host", host, "--project-name", &self.project])
            .args(arguments);
        command
    }

    /// Starts `stackctl watch` with JSON lines.
    pub(crate) fn watch(&self, arguments: &[&str]) -> Running {
        Running::start(self.command("watch", &[&["--format", "json"], arguments].concat()))
    }

    /// Starts `stackctl supervise` with JSON lines, under these settings.
    pub(crate) fn supervise(&self, settings: &str, arguments: &[&str]) -> Running {
        self.write("stackctl.toml", settings);
        Running::start(self.command("supervise", &[&["--format", "json"], arguments].concat()))
    }

    /// Writes a file of this stage's folder.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
        path
    }

    /// A container of a service, as Compose would label it.
    pub(crate) fn plan(&self, service: &str, command: &[&str]) -> ContainerPlan {
        let label = |name: &str, value: &str| (format!("com.docker.compose.{name}"), value.to_owned());
        ContainerPlan {
            name: format!("{}-{service}-1", self.project),
            image: "stackctl-test:1".to_owned(),
            command: words(command),
            labels: Labels::from([label("project", &self.project), label("service", service)]),
            network_mode: "none".to_owned(),
            init: true,
            ..ContainerPlan::default()
        }
    }

    /// Makes and starts a container of a service; gives its id.
    pub(crate) fn run(&self, service: &str, command: &[&str], shape: impl FnOnce(&mut ContainerPlan)) -> String {
        let mut plan = self.plan(service, command);
        shape(&mut plan);
        self.runtime.block_on(async {
            let id = self.engine.create_container(&plan, Deadline::CHANGE).await.expect("a container");
            self.engine.start_container(&id, Deadline::CHANGE).await.expect("it starts");
            id
        })
    }

    /// A service that stays, with a check that [`Self::sicken`] makes fail.
    pub(crate) fn checked(&self, service: &str, labels: &[(&str, &str)]) -> String {
        self.run(service, &["sleep", "1000"], |plan| {
            plan.health_check = Some(fails_while_sick());
            plan.labels.extend(labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        })
    }

    pub(crate) fn does<T>(&self, call: Call<'_, T>) -> T {
        self.runtime.block_on(call).expect("the engine does it")
    }

    pub(crate) fn inspect(&self, id: &str) -> ContainerDetail {
        self.does(self.engine.inspect_container(id, Deadline::QUESTION))
    }

    pub(crate) fn restart(&self, id: &str) {
        self.does(self.engine.restart_container(id, NOW, Deadline::CHANGE));
    }

    /// Runs a command in a container, however it ends.
    pub(crate) fn try_exec(&self, id: &str, command: &[&str]) -> ExecOutcome {
        let request = ExecRequest { command: words(command), keep_bytes: 100, ..ExecRequest::default() };
        self.does(self.engine.exec(id, &request, Deadline::CHANGE))
    }

    pub(crate) fn exec(&self, id: &str, command: &[&str]) {
        let outcome = self.try_exec(id, command);
        assert_eq!(outcome.exit_code, 0, "{command:?}: {outcome:?}");
    }

    pub(crate) fn sicken(&self, id: &str) {
        self.exec(id, &["touch", "/sick"]);
    }

    pub(crate) fn cure(&self, id: &str) {
        self.exec(id, &["rm", "/sick"]);
    }

    /// Waits until a container is as it should be.
    #[track_caller]
    pub(crate) fn wait(&self, id: &str, what: &str, is: impl Fn(&ContainerDetail) -> bool) -> ContainerDetail {
        let begin = Instant::now();
        loop {
            let detail = self.inspect(id);
            if is(&detail) {
                return detail;
            }
            assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}; it is {:?}", detail.state);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// `docker compose` for this project, with the compose file of this stage's folder.
    #[track_caller]
    pub(crate) fn compose(&self, arguments: &[&str], environment: &[(&str, &str)]) {
        // The plugin is a program of its own, so no client is needed where `scripts/test-engine` has put it.
        let plugin = std::env::var_os("DOCKER_CONFIG")
            .map(|folder| PathBuf::from(folder).join("cli-plugins/docker-compose"))
            .filter(|plugin| plugin.exists());
        let mut command = plugin.as_ref().map_or_else(|| Command::new("docker"), Command::new);
        if plugin.is_none() {
            command.arg("compose");
        }
        let ended = command
            .current_dir(self.folder.path())
            .env("DOCKER_HOST", &self.host)
            .envs(environment.iter().copied())
            .args(["--project-name", &self.project, "--file", "compose.yaml"])
            .args(arguments)
            .output()
            .expect("compose runs");
        assert!(ended.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.runtime.block_on(async {
            let filter = ContainerFilter::labelled(PROJECT, &self.project);
            let of_project = self.engine.list_containers(&filter, Deadline::CHANGE).await.unwrap_or_default();
            // Helpers of runs that were killed name the project, or one that was made beside it.
            let filter = ContainerFilter { labels: vec![(HELPER.to_owned(), None)], only_running: false };
            let mut helpers = self.engine.list_containers(&filter, Deadline::CHANGE).await.unwrap_or_default();
            helpers.retain(|one| one.labels.get(HELPER).is_some_and(|owner| owner.starts_with(&self.project)));
            for container in of_project.iter().chain(&helpers) {
                let _ = self.engine.remove_container(&container.id, Deadline::CHANGE).await;
            }
            for label in [format!("{PROJECT}={}", self.project), format!("stackctl.lock={}", self.project)] {
                for volume in self.engine.list_volumes(&label, Deadline::CHANGE).await.unwrap_or_default() {
                    let _ = self.engine.remove_volume(&volume.name, Deadline::CHANGE).await;
                }
            }
        });
    }
}
