// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A stack with one of each trouble on a real engine, removed with the value.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use stackctl::sys::docker::DockerEngine;
use stackctl::sys::endpoint::EngineAddress;
use stackctl::sys::engine::{
    ContainerDetail, ContainerFilter, ContainerPlan, Deadline, Engine, EventQuery, EventTime, Grace, HealthCheck,
    HealthStatus, Idle, RestartPolicy,
};
use stackctl::sys::os::OsFiles;
use tokio::runtime::Runtime;

/// A value that must never be shown.
pub(super) const SECRET: &str = "hunter2hunter2hunter2";

/// Longer than anything waited for takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The engines to test with; none where the lane has none.
pub(super) fn hosts() -> Vec<String> {
    let named = std::env::var("STACKCTL_TEST_DOCKER_HOST").unwrap_or_default();
    let hosts: Vec<String> = named.split(',').filter(|host| !host.is_empty()).map(str::to_owned).collect();
    let required = std::env::var_os("STACKCTL_TEST_ENGINE_REQUIRED").is_some();
    assert!(!required || !hosts.is_empty(), "no engine to test with: `STACKCTL_TEST_DOCKER_HOST` is not set");
    hosts
}

/// The stack.
pub(super) struct Lab {
    pub(super) host: String,
    pub(super) project: String,
    engine: DockerEngine,
    runtime: Runtime,
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

fn check(test: &[&str]) -> HealthCheck {
    let second = Some(Duration::from_secs(1));
    HealthCheck { test: words(test), interval: second, retries: Some(2), ..HealthCheck::default() }
}

fn policy(name: &str) -> RestartPolicy {
    RestartPolicy { name: name.to_owned(), maximum_retries: 0 }
}

impl Lab {
    /// Makes the stack and waits until every trouble is there.
    pub(super) fn new(host: &str) -> Self {
        let address = EngineAddress::parse(host, None).expect("an address");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let stamp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").subsec_nanos();
        let lab = Self {
            host: host.to_owned(),
            project: format!("stackctl-it-{}-{stamp}", std::process::id()),
            engine: DockerEngine::new(&address, &OsFiles).expect("an engine"),
            runtime,
        };
        lab.make();
        lab
    }

    fn plan(&self, service: &str, command: &[&str]) -> ContainerPlan {
        let label = |name: &str, value: &str| (format!("com.docker.compose.{name}"), value.to_owned());
        ContainerPlan {
            name: self.name(service),
            image: "stackctl-test:1".to_owned(),
            command: words(command),
            network_mode: "none".to_owned(),
            init: true,
            labels: [label("project", &self.project), label("service", service), label("container-number", "1")].into(),
            ..ContainerPlan::default()
        }
    }

    fn run(&self, plan: &ContainerPlan) {
        self.runtime.block_on(async {
            let id = self.engine.create_container(plan, Deadline::CHANGE).await.expect("a container");
            self.engine.start_container(&id, Deadline::CHANGE).await.expect("it starts");
        });
    }

    fn make(&self) {
        let sleep = &["sleep", "1000"];
        self.run(&ContainerPlan { health_check: Some(check(&["CMD", "true"])), ..self.plan("good", sleep) });
        let mut sick = self.plan("sick", &["sh", "-c", "echo my key is $API_TOKEN; sleep 1000"]);
        sick.environment = vec![format!("API_TOKEN={SECRET}")];
        sick.health_check = Some(check(&["CMD-SHELL", "echo token $API_TOKEN; exit 7"]));
        sick.labels.insert("com.docker.compose.depends_on".to_owned(), "good:service_healthy:false".to_owned());
        self.run(&sick);
        self.run(&ContainerPlan {
            health_check: Some(check(&["CMD", "curl", "-f", "x"])),
            ..self.plan("noprobe", sleep)
        });
        let die = &["sh", "-c", "echo about to die; exit 3"];
        self.run(&ContainerPlan { restart_policy: policy("always"), ..self.plan("looper", die) });
        self.run(&self.plan("frozen", sleep));
        self.run(&ContainerPlan { restart_policy: policy("unless-stopped"), ..self.plan("halted", sleep) });
        let leak = &["sh", "-c", "(tail /dev/zero); sleep 1000"];
        let leaky = self.plan("leaky", leak);
        self.run(&ContainerPlan { memory_limit_bytes: 32 << 20, health_check: Some(check(&["CMD", "true"])), ..leaky });
        self.runtime.block_on(async {
            self.engine.pause_container(&self.name("frozen"), Deadline::CHANGE).await.expect("it freezes");
            self.engine.stop_container(&self.name("halted"), Grace::OWN, Deadline::CHANGE).await.expect("it stops");
        });
        for service in ["sick", "noprobe"] {
            self.wait(service, |detail| {
                detail.state.health.as_ref().is_some_and(|one| one.status == HealthStatus::Unhealthy)
            });
        }
        for service in ["good", "leaky"] {
            self.wait(service, |detail| {
                detail.state.health.as_ref().is_some_and(|one| one.status == HealthStatus::Healthy)
            });
        }
        self.wait("looper", |detail| detail.restart_count >= 3);
    }

    /// Asks until an engine that is asked after the answer still remembers what it tells by events alone: how `leaky` lost
    /// a child (newer engines keep a flag too), and that `halted` was asked to stop. Engines replay their last 256 events,
    /// those of other tests' checks among them.
    pub(super) fn while_remembered<T>(&self, ask: impl Fn() -> T) -> T {
        let begin = Instant::now();
        loop {
            let answer = ask();
            if self.remembers() {
                return answer;
            }
            assert!(begin.elapsed() < PATIENCE, "the engine forgets faster than it can be asked");
            self.make_events_again();
        }
    }

    /// The events of these verbs in this stack.
    fn query(&self, verbs: &[&str]) -> EventQuery {
        let labels = vec![format!("com.docker.compose.project={}", self.project)];
        EventQuery { verbs: words(verbs), labels, ..EventQuery::default() }
    }

    /// Whether the engine can still tell all of it, of the present runs.
    fn remembers(&self) -> bool {
        self.runtime.block_on(async {
            let question = Deadline::QUESTION;
            let leaky = self.engine.inspect_container(&self.name("leaky"), question).await.expect("it is there");
            let halted = self.engine.inspect_container(&self.name("halted"), question).await.expect("it is there");
            let info = self.engine.info(question).await.expect("an answer");
            let since = leaky.state.started.min(halted.state.started).map(EventTime::from);
            let until = info.time.map(EventTime::from);
            let query = EventQuery { since, until, ..self.query(&["oom", "kill"]) };
            let feed = self.engine.events(&query, question, Idle(Some(PATIENCE))).await.expect("a stream");
            let events: Vec<_> = feed.map(|event| event.expect("an event")).collect().await;
            let has = |of: &ContainerDetail, verb: &str| {
                let since = of.state.started.map(EventTime::from);
                events.iter().any(|one| one.id == of.id && one.verb() == verb && Some(one.time) >= since)
            };
            (leaky.state.oom_killed || has(&leaky, "oom")) && has(&halted, "kill")
        })
    }

    /// Another run of each of the two, up to what is told by events.
    fn make_events_again(&self) {
        self.runtime.block_on(async {
            let query = self.query(&["oom"]);
            let mut feed =
                self.engine.events(&query, Deadline::QUESTION, Idle(Some(PATIENCE))).await.expect("a stream");
            let halted = self.name("halted");
            self.engine.start_container(&halted, Deadline::CHANGE).await.expect("it starts again");
            self.engine.stop_container(&halted, Grace::OWN, Deadline::CHANGE).await.expect("it stops");
            let at_once = Grace(Some(Duration::ZERO));
            self.engine
                .restart_container(&self.name("leaky"), at_once, Deadline::CHANGE)
                .await
                .expect("it starts again");
            feed.next().await.expect("an event").expect("it leaks");
        });
    }

    fn name(&self, service: &str) -> String {
        format!("{}-{service}-1", self.project)
    }

    fn wait(&self, service: &str, is: impl Fn(&ContainerDetail) -> bool) {
        let begin = Instant::now();
        let name = self.name(service);
        self.runtime.block_on(async {
            loop {
                let detail = self.engine.inspect_container(&name, Deadline::QUESTION).await.expect("it is there");
                if is(&detail) {
                    return;
                }
                assert!(begin.elapsed() < PATIENCE, "waited in vain for {service}: {:?}", detail.state);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
    }

    /// Starts a service that says hello, ends, and is started again.
    pub(super) fn start_talker(&self) {
        let talk = &["sh", "-c", "sleep 1; echo hello; sleep 1; exit 1"];
        self.run(&ContainerPlan { restart_policy: policy("always"), ..self.plan("talker", talk) });
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.runtime.block_on(async {
            let filter = ContainerFilter::labelled("com.docker.compose.project", &self.project);
            for container in self.engine.list_containers(&filter, Deadline::CHANGE).await.unwrap_or_default() {
                let _ = self.engine.unpause_container(&container.id, Deadline::CHANGE).await;
                let _ = self.engine.remove_container(&container.id, Deadline::CHANGE).await;
            }
        });
    }
}
