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
mod plan;
pub mod record;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;

use super::engines::EngineFault;
use super::observe::{Live, Scope, subject};
use super::probe::{self, ProbeOutcome, ProbeResult, Side, Target};
use super::status::secrets;
use super::{AppError, Selection};
use crate::health::Timestamp;
use crate::health::functional::ProbeUrl;
use crate::sys::programs::ProgramCall;
use crate::sys::{Prompt, Reaction, Records};
use plan::{Candidate, Planned, Task};
pub use plan::{Command, Plan, plan};
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

    /// Asks for a word to be typed, for what must not be agreed to by habit.
    pub async fn ask_for(&self, question: &str, word: &str) -> Approval {
        if self.prompt.line(question).await == word { Approval::Given } else { Approval::Refused }
    }
}

impl std::fmt::Debug for Tools<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tools").finish_non_exhaustive()
    }
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
        Scope::Project(name) => vec![name],
        Scope::Everything => record::projects(live.context.files, state),
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
