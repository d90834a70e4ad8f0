// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What could not be looked at from here, and what would look at it: silence must not be taken for health.

use crate::app::engines::{EngineLink, Place};
use crate::app::observe::{Look, Subject};
use crate::catalog::Catalog;

/// Something that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchecked {
    /// The engine; `None`: no engine in particular.
    pub context: Option<String>,
    /// Short name, `snake_case`.
    pub code: &'static str,
    /// Why it could not be looked at.
    pub why: String,
    /// What would look at it.
    pub would: String,
}

impl Unchecked {
    fn new(code: &'static str, why: impl Into<String>, would: impl Into<String>) -> Self {
        Self { context: None, code, why: why.into(), would: would.into() }
    }
}

/// What no look at a running stack tells, whatever the engines are.
pub(super) fn always(subject: &Subject) -> Vec<Unchecked> {
    let mut found = vec![Unchecked::new(
        "rebuild",
        "what a new build of an image would fetch cannot be seen in a running stack",
        "keep a file with the exact version of every package beside the Dockerfile, and build from it",
    )];
    if subject.file.is_none() {
        found.push(Unchecked::new(
            "compose_file",
            "no compose file was read, so containers were not compared with one",
            "run it in the project's folder, or name the file with `-f FILE`",
        ));
    }
    found
}

/// What this engine or the state of its containers keeps hidden.
pub(super) fn on_engine(link: &EngineLink, look: &Look, catalog: &Catalog) -> Vec<Unchecked> {
    let Ok(seen) = &look.seen else { return Vec::new() };
    let mut found = Vec::new();
    if link.place == Place::Elsewhere {
        found.push(Unchecked::new(
            "disk",
            "the engine's disk is not of this machine",
            "run it on the engine's machine",
        ));
        found.push(Unchecked::new(
            "config_files",
            "files that are mounted into containers, such as `mycroft.conf`, are not of this machine",
            "run it on the engine's machine",
        ));
    }
    let details: Vec<_> = seen.values().map(|one| &one.detail).collect();
    let names = |is_it: &dyn Fn(&crate::sys::engine::ContainerDetail) -> bool| {
        let names: Vec<&str> = details.iter().filter(|one| is_it(one)).map(|one| one.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    if let Some(names) = names(&|one| one.log_driver == "none") {
        let would = "use the logging driver `local` or `json-file` with a size limit";
        found.push(Unchecked::new("logs", format!("nothing is kept of what these write: {names}"), would));
    }
    if let Some(names) = names(&|one| one.has_gpu()) {
        let would = "`stackctl verify` asks Ollama; of others `docker exec NAME nvidia-smi` tells";
        found.push(Unchecked::new("gpu_use", format!("whether the GPU is used by: {names}"), would));
    }
    // Of earlier runs nothing tells how long they took to be well.
    let reaches_back = |one: &crate::sys::engine::ContainerDetail| {
        let first = look.events.iter().find(|event| event.container == one.id);
        first
            .zip(one.state.started)
            .is_some_and(|(event, started)| event.time <= started + chrono::TimeDelta::seconds(2))
    };
    if let Some(names) = names(&|one| one.state.running && one.health_check.is_some() && !reaches_back(one)) {
        found.push(Unchecked::new(
            "first_start",
            format!("the engine has forgotten the starts of: {names}"),
            "run it within some minutes after a start, or let `stackctl watch` run meanwhile",
        ));
    }
    let keeps_settings = |one: &crate::sys::engine::ContainerDetail| {
        let known = catalog.find_text(&one.image);
        known.is_some_and(|known| known.failures.iter().any(|failure| failure.when.environment_changed))
    };
    if let Some(names) = names(&keeps_settings) {
        found.push(Unchecked::new(
            "kept_settings",
            format!("settings in the database, which win over the environment, of: {names}"),
            "compare the admin page with the compose file",
        ));
    }
    found.into_iter().map(|one| Unchecked { context: Some(link.name.clone()), ..one }).collect()
}
