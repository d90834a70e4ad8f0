// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Use case: what every service of a stack does now, and why.

mod report;
#[cfg(test)]
mod tests;
mod wait;

use std::time::Duration;

use super::engines::EngineFault;
use super::observe::{Live, Scope, look_at_all, subject};
use super::{AppError, Selection};
use crate::health::Board;
use crate::health::Timestamp;
use crate::health::verdict::Standing;

pub use report::{ImagePin, ServiceReport, secrets, service_reports};
pub use wait::Waited;

/// What to look at.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The flags that choose a project.
    pub selection: Selection,
    /// Services; empty: all.
    pub services: Vec<String>,
    /// Whether other projects of the engines are shown too.
    pub breadth: Breadth,
    /// How long to wait until all is well; `None`: not at all.
    pub wait: Option<Duration>,
}

/// How many projects are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Breadth {
    /// That of the compose file or of `--project-name`; all where there is neither.
    #[default]
    Project,
    /// All that the engines have.
    Everything,
}

/// One engine and what is on it.
#[derive(Debug, Clone)]
pub struct ContextReport {
    /// Its name.
    pub name: String,
    /// Its address as shown to people.
    pub address: String,
    /// Why it could not be asked.
    pub fault: Option<EngineFault>,
    /// Its services: by project, then worst first.
    pub services: Vec<ServiceReport>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// When it was looked at, on this machine's clock.
    pub at: Timestamp,
    /// The project that was looked at; `None`: all of them.
    pub project: Option<String>,
    /// The engines, in the order asked for.
    pub contexts: Vec<ContextReport>,
    /// How the wait ended, where there was one.
    pub waited: Option<Waited>,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

impl Outcome {
    /// All services of all engines.
    pub fn services(&self) -> impl Iterator<Item = &ServiceReport> {
        self.contexts.iter().flat_map(|context| &context.services)
    }

    /// Whether every engine answered and every service is as it should be.
    #[must_use]
    pub fn is_all_well(&self) -> bool {
        self.contexts.iter().all(|context| context.fault.is_none())
            && self.services().all(|service| service.verdict.standing() == Standing::Good)
    }

    /// The services asked for that are nowhere.
    #[must_use]
    pub fn unknown_services<'a>(&self, asked: &'a [String]) -> Vec<&'a str> {
        let is_known = |name: &str| self.services().any(|service| service.service == name);
        asked.iter().map(String::as_str).filter(|name| !is_known(name)).collect()
    }
}

/// Looks once, or until all is well.
///
/// # Errors
/// When the compose file that was named cannot be used. An engine's fault is part of the outcome.
pub async fn run(live: &Live<'_>, request: &Request) -> Result<Outcome, AppError> {
    let subject = subject(&live.context, &request.selection, request.breadth == Breadth::Everything)?;
    let mut board = Board::new();
    let mut outcome = Outcome {
        at: live.clock.now(),
        project: match &subject.scope {
            Scope::Project(name) => Some(name.clone()),
            Scope::Everything => None,
        },
        contexts: Vec::new(),
        waited: None,
        notes: subject.notes.clone(),
    };
    let mut patience = request.wait.map(|limit| wait::Patience::new(limit, live.clock.now()));
    loop {
        let looks = look_at_all(live, &subject, &mut board).await;
        outcome.at = live.clock.now();
        outcome.contexts = live
            .engines
            .iter()
            .zip(&looks)
            .map(|(link, look)| ContextReport {
                name: link.name.clone(),
                address: link.address.clone(),
                fault: look.seen.as_ref().err().cloned(),
                services: service_reports(&link.name, look, &board, live.context.catalog, &request.services),
            })
            .collect();
        let Some(patience) = &mut patience else { return Ok(outcome) };
        if let Some(end) = patience.judge(&outcome, live.clock.now()) {
            outcome.waited = Some(end);
            return Ok(outcome);
        }
        patience.pause().await;
    }
}
