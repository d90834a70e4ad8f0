// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A stack on engines in memory, for the tests of use cases.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Context;
use super::engines::{EngineLink, Place};
use super::observe::Live;
use crate::catalog::Catalog;
use crate::sys::engine::{ContainerPlan, Deadline, Engine as _, HealthCheck, RestartPolicy};
use crate::sys::fake::{FakeClock, FakeEngine, FakeFiles, FakeHost, FakeInput, FakeMachine, FakePrograms, Flavour};

/// The project of all containers.
pub(crate) const PROJECT: &str = "lab";

/// Engines, files, and a machine.
pub(crate) struct Lab {
    pub(crate) engines: Vec<(&'static str, FakeEngine)>,
    pub(crate) files: Vec<(&'static str, &'static str)>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) host: FakeHost,
    /// How far this machine's clock is ahead of the first engine's.
    pub(crate) ahead: chrono::TimeDelta,
    pub(crate) place: Place,
}

impl Lab {
    /// One engine, no file.
    pub(crate) fn new() -> Self {
        Self {
            engines: vec![("here", FakeEngine::new(Flavour::StopThenDie))],
            files: Vec::new(),
            environment: BTreeMap::from([("HOME".to_owned(), "/home/me".to_owned())]),
            host: FakeHost::default(),
            ahead: chrono::TimeDelta::zero(),
            place: Place::Here,
        }
    }

    pub(crate) fn engine(&self) -> &FakeEngine {
        &self.engines[0].1
    }

    /// Calls `run` with everything, in a runtime.
    pub(crate) fn ask<T>(&self, run: impl AsyncFnOnce(&Live<'_>) -> T) -> T {
        let files = FakeFiles::new(&self.files);
        let catalog = Catalog::embedded();
        let link = |(name, engine): &(&'static str, FakeEngine)| EngineLink {
            name: (*name).to_owned(),
            address: engine.address().to_owned(),
            origin: "`--host`",
            place: self.place,
            engine: Ok(Arc::new(engine.clone())),
        };
        let links: Vec<EngineLink> = self.engines.iter().map(link).collect();
        let clock = FakeClock(self.engine().now() + self.ahead);
        let context = Context {
            files: &files,
            input: &FakeInput::default(),
            environment: &self.environment,
            working_dir: Path::new("/w/lab"),
            catalog: &catalog,
            max_file_size: 1 << 20,
        };
        let live = Live {
            context,
            engines: &links,
            clock: &clock,
            host: &self.host,
            machine: &FakeMachine::new("here"),
            programs: &FakePrograms::default(),
            stream: || Box::new(std::io::sink()),
        };
        block_on(run(&live))
    }

    /// Makes and starts a container of a service.
    pub(crate) fn start(&self, service: &str, command: &[&str], change: impl FnOnce(&mut ContainerPlan)) {
        start_on(self.engine(), service, command, change);
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Makes and starts a container of a service on an engine.
pub(crate) fn start_on(engine: &FakeEngine, service: &str, command: &[&str], change: impl FnOnce(&mut ContainerPlan)) {
    let label = |name: &str, value: &str| (format!("com.docker.compose.{name}"), value.to_owned());
    let mut plan = ContainerPlan {
        name: format!("{PROJECT}-{service}-1"),
        image: "stackctl-test:1".to_owned(),
        command: words(command),
        labels: [label("project", PROJECT), label("service", service), label("container-number", "1")].into(),
        ..ContainerPlan::default()
    };
    change(&mut plan);
    block_on(async {
        let id = engine.create_container(&plan, Deadline::CHANGE).await.unwrap();
        engine.start_container(&id, Deadline::CHANGE).await.unwrap();
    });
}

/// A check each second, unhealthy after two failures.
pub(crate) fn check(test: &[&str]) -> HealthCheck {
    HealthCheck {
        test: words(test),
        interval: Some(Duration::from_secs(1)),
        retries: Some(2),
        ..HealthCheck::default()
    }
}

/// The policy `always`.
pub(crate) fn always() -> RestartPolicy {
    RestartPolicy { name: "always".to_owned(), maximum_retries: 0 }
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

/// Does something to a container, by the engine.
pub(crate) fn act<T>(action: impl Future<Output = T>) -> T {
    block_on(action)
}
