// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Who is told by a supervisor of real engines: a real MQTT broker, webhooks of every temper, and Prometheus.

mod metrics;
mod mqtt;
mod takeover;
mod webhooks;

use std::process::{Command, Stdio};

use stackctl::sys::engine::{Deadline, Engine as _};

use super::super::support::{Running, Stage};

/// A secret of a container by the name of its variable.
const PASSWORD: &str = "hunter22-correct-horse-battery";

/// Starts a supervisor under these settings, and keeps what it says to people. `change` changes its call.
fn supervise(stage: &Stage, settings: &str, change: impl FnOnce(&mut Command)) -> Running {
    stage.write("stackctl.toml", settings);
    let mut command = stage.command("supervise", &["--format", "json"]);
    command.stderr(Stdio::piped());
    change(&mut command);
    Running::start(command)
}

/// Removes the container of a service.
fn remove(stage: &Stage, id: &str) {
    stage.does(stage.engine.remove_container(id, Deadline::CHANGE));
}
