// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What supervisors may do and do, for a screen.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::answer::Answer;
use super::serve::Hands;
use super::trouble::Trouble;
use crate::app::engines::EngineLink;
use crate::app::observe::{Live, PROJECT_LABEL, SERVICE_LABEL, Scope};
use crate::app::state_folder::state_folder;
use crate::app::supervise::{policy, rivals, running};
use crate::config::{SecretSource, Settings, SinkSettings};
use crate::diag::visible;
use crate::health::Timestamp;
use crate::health::policy::{Execution, LABEL, PolicySettings};
use crate::sys::engine::{Deadline, Engine, EngineError};
use crate::sys::lock::{LockOwner, holder};
use crate::sys::net::origin;

/// Projects of one engine whose locks are looked at.
const MOST_PROJECTS: usize = 64;
/// Labels of services that a screen is given at most.
const MOST_LABELS: usize = 2000;
/// Characters of a label that says nothing known.
const LABEL_LENGTH: usize = 40;

/// What was found out of policies and supervisors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRead {
    /// When, by our clock.
    pub at: Timestamp,
    /// What the settings say. Of commands the program alone: arguments may be secrets.
    pub policy: PolicySettings,
    /// The engines, in the order asked for.
    pub engines: Vec<EngineRead>,
    /// Who is told of what a supervisor sees.
    pub sinks: Vec<SinkRead>,
}

/// What was found at one engine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EngineRead {
    /// Its name.
    pub context: String,
    /// Why it could not be asked, or not about everything.
    pub troubles: Vec<Trouble>,
    /// The supervisors of this user on this machine.
    pub supervisors: Vec<SupervisorRead>,
    /// Containers that restart others.
    pub rivals: Vec<String>,
    /// Who works on its projects.
    pub locks: Vec<LockRead>,
    /// What the label of services says, by project and service.
    pub labels: BTreeMap<(String, String), String>,
}

/// A supervisor that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupervisorRead {
    /// What it looks after; `None`: every project.
    pub project: Option<String>,
    /// What it says of itself, such as its process.
    pub note: String,
}

/// The lock of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockRead {
    /// The project.
    pub project: String,
    /// What its holder does, such as `backup`.
    pub command: String,
    /// The process.
    pub process: u32,
    /// The machine.
    pub host: String,
    /// Since when, by the holder's clock.
    pub since: Timestamp,
    /// Who that is, seen from here.
    pub by: LockedBy,
}

/// Who holds a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockedBy {
    /// This very process.
    Us,
    /// Another.
    Another,
}

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkRead {
    /// What it is called.
    pub name: String,
    /// Where it is, without secrets.
    pub address: String,
    /// What else is to know.
    pub note: Option<String>,
}

/// Finds out all of it for one project, or for all.
pub(super) async fn read(hands: Hands<'_>, project: Option<String>) {
    let engines = join_all(hands.live.engines.iter().map(|link| of_engine(hands.live, link, project.as_deref()))).await;
    let read = PolicyRead {
        at: hands.live.clock.now(),
        policy: shown(hands.settings),
        engines,
        sinks: sinks(&hands.settings.sinks),
    };
    hands.screen.answer(Answer::Policy(Box::new(read)));
}

/// The policy as it may be shown.
fn shown(settings: &Settings) -> PolicySettings {
    let mut shown = policy(&settings.supervise, Execution::Real);
    for one in shown.services.values_mut().chain([&mut shown.default]) {
        one.command.truncate(1);
        one.command.iter_mut().for_each(|program| *program = visible(program));
    }
    shown
}

async fn of_engine(live: &Live<'_>, link: &EngineLink, project: Option<&str>) -> EngineRead {
    let mut read = EngineRead { context: link.name.clone(), ..EngineRead::default() };
    let engine = match &link.engine {
        Ok(engine) => engine.as_ref(),
        Err(fault) => {
            read.troubles.push(Trouble::of(fault));
            return read;
        }
    };
    let mut projects: BTreeSet<String> = project.map(str::to_owned).into_iter().collect();
    match labels(engine, project, &mut projects).await {
        Ok(labels) => read.labels = labels,
        Err(error) => {
            // Whatever else is asked of it would fail likewise.
            read.troubles.push(Trouble::of(&error));
            return read;
        }
    }
    let projects: Vec<String> = projects.into_iter().take(MOST_PROJECTS).collect();
    match rivals(engine).await {
        Ok(names) => read.rivals = names.iter().take(MOST_PROJECTS).map(|name| visible(name)).collect(),
        Err(error) => read.troubles.push(Trouble::of(&error)),
    }
    supervisors(live, link, &projects, &mut read);
    let ask = |project: &String| {
        let project = project.clone();
        async move { (holder(engine, live.machine, &project).await, project) }
    };
    for (found, project) in join_all(projects.iter().map(ask)).await {
        match found {
            Ok(Some(owner)) => read.locks.push(lock(live, project, &owner)),
            Ok(None) => {}
            Err(error) => read.troubles.push(Trouble::of(&error)),
        }
    }
    read
}

/// What the labels of services say; the projects they belong to are added to those that are known.
async fn labels(
    engine: &dyn Engine,
    project: Option<&str>,
    projects: &mut BTreeSet<String>,
) -> Result<BTreeMap<(String, String), String>, EngineError> {
    let scope = project.map_or(Scope::Everything, |name| Scope::Project(name.to_owned()));
    let mut labels = BTreeMap::new();
    for container in engine.list_containers(&scope.filter(), Deadline::QUESTION).await? {
        let value = |name: &str| container.labels.get(name).cloned();
        let Some(project) = value(PROJECT_LABEL) else { continue };
        projects.insert(project.clone());
        if let (Some(service), Some(label), true) = (value(SERVICE_LABEL), value(LABEL), labels.len() < MOST_LABELS) {
            labels.insert((project, service), visible(&label).chars().take(LABEL_LENGTH).collect());
        }
    }
    Ok(labels)
}

/// Which supervisors run beside this dashboard.
fn supervisors(live: &Live<'_>, link: &EngineLink, projects: &[String], read: &mut EngineRead) {
    let Some(state) = state_folder(live.context.environment) else { return };
    let folder = state.join("locks");
    for project in projects.iter().map(|project| Some(project.as_str())).chain([None]) {
        match running(link, project, &folder, live.machine) {
            Ok(Some(note)) => {
                read.supervisors.push(SupervisorRead { project: project.map(str::to_owned), note: visible(&note) });
            }
            Ok(None) => {}
            Err(error) => read.troubles.push(Trouble::of(&error)),
        }
    }
}

fn lock(live: &Live<'_>, project: String, owner: &LockOwner) -> LockRead {
    LockRead {
        project,
        command: visible(&owner.command),
        process: owner.process.pid,
        host: visible(&owner.process.host),
        since: owner.started,
        by: if owner.process == live.machine.identity() { LockedBy::Us } else { LockedBy::Another },
    }
}

/// Who is told, without anything that only they should know.
fn sinks(settings: &SinkSettings) -> Vec<SinkRead> {
    let mut sinks = Vec::new();
    if let Some(prometheus) = &settings.prometheus {
        sinks.push(SinkRead {
            name: "prometheus".to_owned(),
            address: format!("http://{}/metrics", prometheus.listen),
            note: Some("served by the supervisor; `/health` there answers while one runs".to_owned()),
        });
    }
    if let Some(mqtt) = &settings.mqtt {
        let host = if mqtt.host.contains(':') { format!("[{}]", mqtt.host) } else { mqtt.host.clone() };
        sinks.push(SinkRead {
            name: "mqtt".to_owned(),
            address: visible(&format!("mqtt://{host}:{}", mqtt.port)),
            note: mqtt.home_assistant.then(|| "Home Assistant is told of the services".to_owned()),
        });
    }
    for webhook in &settings.webhooks {
        let address = match &webhook.url {
            // The rest of an address is often the secret.
            Some(SecretSource::Given(url)) => visible(&origin(url.reveal())),
            Some(SecretSource::File(path)) => format!("as {} says", visible(&path.display().to_string())),
            None => "no address is given".to_owned(),
        };
        sinks.push(SinkRead { name: visible(&webhook.name), address, note: None });
    }
    sinks
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
