// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What there is to verify: the services of the engines, and the commands of their guides. Nothing is run here.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::guide::{self, Guide};
use super::{Commands, EngineReport, Request};
use crate::app::AppError;
use crate::app::engines::EngineLink;
use crate::app::health::look_closer;
use crate::app::observe::{Live, Look, ProjectPlace, Subject, look_at_all, subject};
use crate::app::probe::Side;
use crate::app::status::{ServiceReport, service_reports};
use crate::diag::visible;
use crate::health::{Board, Timestamp};
use crate::sys::engine::ContainerDetail;

/// A command that a guide wants to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The engine's address, which the command gets as `DOCKER_HOST`.
    pub address: String,
    /// The service.
    pub service: String,
    /// Guide and heading, as shown to people.
    pub title: String,
    /// The folder that it runs in.
    pub folder: PathBuf,
    /// What `/bin/sh -c` is given.
    pub script: String,
    /// What its environment has beside that of this process.
    pub(super) environment: Vec<(String, String)>,
}

/// What there is to verify.
#[derive(Debug)]
pub struct Plan {
    pub(super) engines: Vec<Planned>,
    /// Services that were asked for and are nowhere.
    pub unknown: Vec<String>,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

/// One engine and its services.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) engine: EngineReport,
    pub(super) side: Side,
    pub(super) services: Vec<Candidate>,
}

/// A service to be verified.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) report: ServiceReport,
    pub(super) detail: Option<ContainerDetail>,
    /// The moment of the look, on the engine's clock.
    pub(super) at: Timestamp,
    /// `None`: its guide is no business of this container.
    pub(super) guide: Option<Task>,
}

/// What is to be done about a guide.
#[derive(Debug)]
pub(super) enum Task {
    Run(Command),
    Tell { reason: String, next_step: Option<String> },
}

impl Plan {
    /// Whether every engine could be asked.
    #[must_use]
    pub fn all_answered(&self) -> bool {
        self.engines.iter().all(|planned| planned.engine.fault.is_none())
    }

    /// The commands, in the order in which they would run.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        let services = self.engines.iter().flat_map(|planned| &planned.services);
        services.filter_map(|candidate| match &candidate.guide {
            Some(Task::Run(command)) => Some(command),
            _ => None,
        })
    }
}

/// Looks at the engines and finds the commands of guides. Runs nothing.
///
/// # Errors
/// When the compose file that was named cannot be used. An engine's fault is part of the plan.
pub async fn plan(live: &Live<'_>, request: &Request) -> Result<Plan, AppError> {
    let subject = subject(&live.context, &request.selection, false)?;
    let mut board = Board::new();
    let looks = look_at_all(live, &subject, &mut board).await;
    let mut engines = Vec::new();
    for (link, look) in live.engines.iter().zip(&looks) {
        let mut services = Vec::new();
        if look.seen.is_ok() {
            for report in service_reports(&link.name, look, &board, live.context.catalog, &request.services) {
                let report = look_closer(live, link, look, &board, report).await;
                let task = task(live, link, &subject, request, &report);
                services.push(candidate(report, look, task));
            }
        }
        let fault = look.seen.as_ref().err().cloned();
        let engine = EngineReport { name: link.name.clone(), address: link.address.clone(), fault };
        engines.push(Planned { engine, side: Side::of(link), services });
    }
    let known: BTreeSet<&str> = engines
        .iter()
        .flat_map(|planned| &planned.services)
        .map(|candidate| candidate.report.service.as_str())
        .collect();
    let asked: BTreeSet<&String> = request.services.iter().chain(request.probes.keys()).collect();
    let unknown = asked.into_iter().filter(|name| !known.contains(name.as_str())).cloned().collect();
    Ok(Plan { engines, unknown, notes: subject.notes })
}

fn candidate(report: ServiceReport, look: &Look, guide: Option<Task>) -> Candidate {
    let seen = report.id.as_ref().and_then(|id| look.seen.as_ref().ok()?.get(id));
    Candidate { detail: seen.map(|seen| seen.detail.clone()), at: look.now, guide, report }
}

/// What is to be done about the guide of a service; `None` where it is no business of this container.
fn task(
    live: &Live<'_>,
    link: &EngineLink,
    subject: &Subject,
    request: &Request,
    report: &ServiceReport,
) -> Option<Task> {
    if request.commands == Commands::LeftOut || report.number != 1 || report.is_one_off {
        return None;
    }
    let tell = |reason: String, next_step| Some(Task::Tell { reason, next_step });
    let is_ours = subject.file.as_ref().is_some_and(|(name, _)| *name == report.project);
    let Some(place) = subject.place.as_ref().filter(|_| is_ours) else {
        return tell("its compose file is not here, and guides stand beside it".to_owned(), None);
    };
    let (path, verification) = match guide::find(&live.context, &place.folder, &report.service) {
        Guide::Command { path, verification } => (path, verification),
        Guide::Without { reason, next_step } => return tell(reason, next_step),
    };
    let title = format!("{path}, `{}`", visible(&verification.heading));
    if verification.script.lines().any(|line| line.replace('\t', " ") != visible(line)) {
        let reason = format!("{title} holds characters that cannot be shown, so nobody could agree to it");
        return tell(reason, Some("take them out of the guide".to_owned()));
    }
    Some(Task::Run(Command {
        address: link.address.clone(),
        service: report.service.clone(),
        title,
        folder: place.folder.clone(),
        environment: environment(link, place, &report.project),
        script: verification.script,
    }))
}

/// A command meets the engine and the project that are verified, whatever this process was given.
fn environment(link: &EngineLink, place: &ProjectPlace, project: &str) -> Vec<(String, String)> {
    let mut pairs =
        vec![("DOCKER_HOST".to_owned(), link.address.clone()), ("COMPOSE_PROJECT_NAME".to_owned(), project.to_owned())];
    if !place.files.is_empty() {
        let files: Vec<String> = place.files.iter().map(|file| file.display().to_string()).collect();
        pairs.push(("COMPOSE_FILE".to_owned(), files.join(":")));
        pairs.push(("COMPOSE_PATH_SEPARATOR".to_owned(), ":".to_owned()));
    }
    pairs
}
