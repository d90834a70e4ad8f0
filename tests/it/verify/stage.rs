// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A project on a real engine, with a network of its own, gone with the value.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;

use stackctl::sys::docker::DockerEngine;
use stackctl::sys::endpoint::EngineAddress;
use stackctl::sys::engine::{ContainerFilter, ContainerPlan, Deadline, Engine as _, Labels};
use stackctl::sys::os::OsFiles;

use super::super::support::Sandbox;

/// A value that must never be shown.
pub(super) const SECRET: &str = "hunter2hunter2hunter2";

/// Runs a check on each engine, all at once. Without any, nothing is checked; the engine's contract tells whether that
/// is allowed.
pub(super) fn on_each_engine(name: &str, check: impl Fn(&Stage) + Sync) {
    let hosts = std::env::var("STACKCTL_TEST_DOCKER_HOST").unwrap_or_default();
    std::thread::scope(|scope| {
        for host in hosts.split(',').filter(|host| !host.is_empty()) {
            let check = &check;
            scope.spawn(move || check(&Stage::new(host, name)));
        }
    });
}

/// One project on one engine.
pub(super) struct Stage {
    pub(super) host: String,
    pub(super) project: String,
    pub(super) sandbox: Sandbox,
    engine: DockerEngine,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    fn new(host: &str, name: &str) -> Self {
        let address = EngineAddress::parse(host, None).expect("an address");
        let project = format!("stackctl-verify-{name}-{}", std::process::id());
        let compose = format!("name: {project}\nservices:\n  web:\n    image: stackctl-test:1\n");
        let guide = "# Web\n\n## Verification\n\n```sh\necho on $COMPOSE_PROJECT_NAME; echo $TOKEN\n```\n";
        let stage = Self {
            host: host.to_owned(),
            sandbox: Sandbox::with_compose(&compose).file("guides/WEB_SETUP_GUIDE.md", guide),
            engine: DockerEngine::new(&address, &OsFiles).expect("an engine"),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"),
            project,
        };
        let network = format!(r#"{{"Name":"{0}","Labels":{{"com.docker.compose.project":"{0}"}}}}"#, stage.project);
        let answer = stage.raw("POST", "/networks/create", &network);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        stage
    }

    /// One request to the engine that no trait has.
    fn raw(&self, method: &str, path: &str, body: &str) -> String {
        let socket = self.host.strip_prefix("unix://").expect("a socket");
        let mut stream = UnixStream::connect(socket).expect("the engine");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: engine\r\nconnection: close\r\ncontent-type: application/json\r\n"
        );
        write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Starts a container of a service in the project's network.
    pub(super) fn run(&self, service: &str, script: &str, labels: &[(&str, &str)]) {
        let own = [
            ("com.docker.compose.project", self.project.as_str()),
            ("com.docker.compose.service", service),
            ("com.docker.compose.container-number", "1"),
        ];
        let all = own.iter().chain(labels);
        let plan = ContainerPlan {
            name: format!("{}-{service}-1", self.project),
            image: "stackctl-test:1".to_owned(),
            command: ["sh", "-c", script].map(str::to_owned).to_vec(),
            environment: vec![format!("API_TOKEN={SECRET}")],
            labels: all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Labels>(),
            network_mode: self.project.clone(),
            init: true,
            ..ContainerPlan::default()
        };
        self.runtime.block_on(async {
            let id = self.engine.create_container(&plan, Deadline::CHANGE).await.expect("a container");
            self.engine.start_container(&id, Deadline::CHANGE).await.expect("it starts");
        });
    }

    /// Starts a container of a service with a port that is published on loopback, which no plan can ask for.
    pub(super) fn publish(&self, service: &str, script: &str, port: u16, probe: &str) {
        let name = format!("{}-{service}-1", self.project);
        let label = |name: &str| format!("com.docker.compose.{name}");
        let body = serde_json::json!({
            "Image": "stackctl-test:1",
            "Cmd": ["sh", "-c", script],
            "ExposedPorts": { format!("{port}/tcp"): {} },
            "Labels": {
                label("project"): self.project,
                label("service"): service,
                label("container-number"): "1",
                "stackctl.probe": probe,
            },
            "HostConfig": {
                "Init": true,
                "NetworkMode": self.project,
                "PortBindings": { format!("{port}/tcp"): [{ "HostIp": "127.0.0.1", "HostPort": "" }] },
            },
        });
        let answer = self.raw("POST", &format!("/containers/create?name={name}"), &body.to_string());
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        self.runtime.block_on(self.engine.start_container(&name, Deadline::CHANGE)).expect("it starts");
    }

    /// The program with these arguments.
    pub(super) fn outside(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stackctl"));
        self.shape(&mut command, arguments);
        command
    }

    /// The same in the network namespace of a private engine (`scripts/test-engine`); as it is for any other.
    pub(super) fn inside(&self, arguments: &[&str]) -> Command {
        let socket = self.host.strip_prefix("unix://").expect("a socket");
        let Ok(holder) = std::fs::read_to_string(Path::new(socket).with_file_name("holder.pid")) else {
            return self.outside(arguments);
        };
        let mut command = Command::new("nsenter");
        command.args(["-t", holder.trim(), "-n", env!("CARGO_BIN_EXE_stackctl")]);
        self.shape(&mut command, arguments);
        command
    }

    fn shape(&self, command: &mut Command, arguments: &[&str]) {
        command
            .args(arguments)
            .args(["--host", &self.host])
            .current_dir(self.sandbox.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", "/home/user")
            .env("STACKCTL_STATE_DIR", self.sandbox.path().join("state"))
            .env("TOKEN", SECRET)
            .stdin(std::process::Stdio::null());
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.runtime.block_on(async {
            let filter = ContainerFilter::labelled("com.docker.compose.project", &self.project);
            for one in self.engine.list_containers(&filter, Deadline::CHANGE).await.unwrap_or_default() {
                let _ = self.engine.remove_container(&one.id, Deadline::CHANGE).await;
            }
        });
        let path = format!("/networks/{}", self.project);
        self.raw("DELETE", &path, "");
    }
}
