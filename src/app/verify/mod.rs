// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Use case: is every service well, does it do its work, and does the verification command of its guide succeed.
//!
//! Two steps: [`plan`] looks and finds out which commands there are, [`run`] asks and runs. Between them somebody must
//! have seen the commands: they come from Markdown that anybody edits. Everything that leaves is masked.
//!
//! Limits: commands run one after the other on this machine, whatever machine the engine is on; of several replicas of a
//! service only the first is given the command.

mod check;
mod guide;
pub mod record;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;

use super::engines::{EngineFault, EngineLink};
use super::health::look_closer;
use super::observe::{Live, Look, ProjectPlace, Subject, look_at_all, subject};
use super::probe::{self, ProbeOutcome, ProbeResult, Side, Target};
use super::status::{ServiceReport, secrets, service_reports};
use super::{AppError, Selection};
use crate::diag::visible;
use crate::health::functional::ProbeUrl;
use crate::health::{Board, Timestamp};
use crate::sys::engine::ContainerDetail;
use crate::sys::programs::ProgramCall;
use crate::sys::{Prompt, Reaction, Records};
use guide::Guide;
use record::{Covered, Mark, Verified};

/// Probes under way at one time.
const AT_ONCE: usize = 8;

/// Bytes of each stream of a command that are kept.
const KEPT: usize = 64 << 10;

/// What to verify.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The flags that choose a project.
    pub selection: Selection,
    /// Services; empty: all.
    pub services: Vec<String>,
    /// What to ask services instead of what is known, by service.
    pub probes: BTreeMap<String, ProbeUrl>,
    /// How long a command may run.
    pub timeout: Duration,
    /// Whether the commands of guides are looked for at all.
    pub commands: Commands,
}

/// Whether the commands of guides are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Commands {
    /// They are.
    #[default]
    Sought,
    /// They are not.
    LeftOut,
}

/// What verifying needs of the outside, beside engines and files.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// For probes.
    pub probe: probe::Outside<'a>,
    /// For the record.
    pub records: &'a dyn Records,
    /// Somebody who may agree to commands.
    pub prompt: &'a dyn Prompt,
}

impl Tools<'_> {
    /// Whether somebody is there who can agree.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        self.prompt.can_ask()
    }

    /// Asks whoever saw the commands whether they may run.
    pub async fn ask(&self, question: &str) -> Approval {
        match self.prompt.confirm(question).await {
            Reaction::Yes => Approval::Given,
            Reaction::No => Approval::Refused,
        }
    }
}

impl std::fmt::Debug for Tools<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tools").finish_non_exhaustive()
    }
}

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
    environment: Vec<(String, String)>,
}

/// What there is to verify.
#[derive(Debug)]
pub struct Plan {
    engines: Vec<Planned>,
    /// Services that were asked for and are nowhere.
    pub unknown: Vec<String>,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

#[derive(Debug)]
struct Planned {
    engine: EngineReport,
    side: Side,
    services: Vec<Candidate>,
}

#[derive(Debug)]
struct Candidate {
    report: ServiceReport,
    detail: Option<ContainerDetail>,
    at: Timestamp,
    guide: Option<Task>,
}

/// What is to be done about a guide.
#[derive(Debug)]
enum Task {
    Run(Command),
    Tell { reason: String, next_step: Option<String> },
}

/// An engine that was asked.
#[derive(Debug, Clone)]
pub struct EngineReport {
    /// Its name.
    pub name: String,
    /// Its address as shown to people.
    pub address: String,
    /// Why it could not be asked.
    pub fault: Option<EngineFault>,
}

/// What came of it. All texts are masked.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// When it was over.
    pub at: Timestamp,
    /// The engines, in the order asked for.
    pub engines: Vec<EngineReport>,
    /// The services: by engine and project, worst first.
    pub services: Vec<Verified>,
}

/// Whether the commands of a plan may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// Somebody saw them and agreed.
    Given,
    /// Somebody saw them and did not.
    Refused,
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

/// Asks all services, then runs the commands if that was agreed to. Dropping it ends what runs.
pub async fn run(live: &Live<'_>, request: &Request, plan: Plan, approval: Approval, tools: Tools<'_>) -> Outcome {
    let own =
        secrets(&live.context.environment.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>());
    let mut services = Vec::new();
    let mut engines = Vec::new();
    for Planned { engine, side, services: candidates } in plan.engines {
        let probes: Vec<ProbeOutcome> = stream::iter(&candidates)
            .map(|candidate| ask(live, request, &side, candidate, tools.probe))
            .buffered(AT_ONCE)
            .collect()
            .await;
        for (mut candidate, outcome) in candidates.into_iter().zip(probes) {
            candidate.report.secrets.extend(own.iter().cloned());
            let mut checks = vec![check::health(&candidate.report), check::probe(&outcome, &candidate.report)];
            match &candidate.guide {
                Some(Task::Run(command)) if approval == Approval::Given => {
                    let ended = live.programs.run(&call(command), request.timeout).await;
                    checks.push(check::command(&command.title, &command.script, &ended, &candidate.report.secrets));
                }
                Some(Task::Run(command)) => {
                    checks.push(check::no_command(format!("{} was not agreed to", command.title), None));
                }
                Some(Task::Tell { reason, next_step }) => {
                    checks.push(check::no_command(reason.clone(), next_step.clone()));
                }
                None => {}
            }
            services.push(Verified {
                context: engine.name.clone(),
                at: live.clock.now(),
                result: check::whole(&checks),
                checks,
                container_id: candidate.report.id,
                image_id: candidate.detail.map(|detail| detail.image_id).filter(|id| !id.is_empty()),
                container: candidate.report.container,
                image: candidate.report.image.map(|image| image.image),
                number: candidate.report.number,
                project: candidate.report.project,
                service: candidate.report.service,
            });
        }
        engines.push(engine);
    }
    Outcome { at: live.clock.now(), engines, services }
}

fn call(command: &Command) -> ProgramCall {
    ProgramCall {
        program: "/bin/sh".to_owned(),
        arguments: vec!["-c".to_owned(), command.script.clone()],
        directory: command.folder.clone(),
        environment: command.environment.clone(),
        keep_bytes: KEPT,
    }
}

async fn ask(
    live: &Live<'_>,
    request: &Request,
    side: &Side,
    candidate: &Candidate,
    outside: probe::Outside<'_>,
) -> ProbeOutcome {
    let Some(detail) = &candidate.detail else {
        let result = ProbeResult::NotChecked { reason: "it has no container".to_owned(), next_step: None };
        return ProbeOutcome { at: candidate.at, probe: String::new(), address: None, result };
    };
    let known = live.context.catalog.find_text(&detail.image);
    let wish = request.probes.get(&candidate.report.service);
    probe::probe(Target { detail, known, wish, side, now: candidate.at }, outside).await
}

impl Outcome {
    /// The worst of all services; ok when some are ok and the rest could not be checked.
    #[must_use]
    pub fn result(&self) -> Mark {
        self.services.iter().map(|service| service.result).max().unwrap_or(Mark::NotChecked)
    }

    /// Writes the records of all projects below the state folder. What kept one from being written comes back, to be told:
    /// the outcome holds without it.
    #[must_use]
    pub fn keep(&self, live: &Live<'_>, services: &[String], records: &dyn Records, state: &Path) -> Vec<String> {
        let answered = self.engines.iter().filter(|engine| engine.fault.is_none());
        let contexts = answered.map(|engine| engine.name.clone()).collect();
        let covered = Covered { contexts, services: services.to_vec() };
        let projects: BTreeSet<&str> = self.services.iter().map(|service| service.project.as_str()).collect();
        let write = |project: &str| {
            let found: Vec<Verified> = self.services.iter().filter(|one| one.project == project).cloned().collect();
            record::write(live.context.files, records, state, project, &found, &covered)
        };
        let faults = projects.into_iter().filter_map(|project| write(project).err());
        faults.map(|fault| format!("the result is not recorded: {fault}")).collect()
    }
}

/// The services that were recorded last, and what to tell beside them.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// The services: by project, engine and name.
    pub services: Vec<Verified>,
    /// Records that cannot be used.
    pub unusable: Vec<String>,
}

/// Reads what was recorded last of the selected project, or of all. Asks no engine.
///
/// # Errors
/// When the compose file that was named cannot be used.
pub fn last(live: &Live<'_>, request: &Request, state: &Path) -> Result<Recorded, AppError> {
    let projects = match subject(&live.context, &request.selection, false)?.scope {
        super::observe::Scope::Project(name) => vec![name],
        super::observe::Scope::Everything => record::projects(live.context.files, state),
    };
    let mut recorded = Recorded::default();
    for project in projects {
        match record::read(live.context.files, state, &project) {
            record::Last::Found(record) => recorded.services.extend(record.services),
            record::Last::Missing => {}
            record::Last::Unusable(reason) => recorded.unusable.push(reason),
        }
    }
    recorded.services.retain(|one| request.services.is_empty() || request.services.contains(&one.service));
    Ok(recorded)
}
