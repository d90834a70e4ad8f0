// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Use case: is the ground firm (machine, engines), and which known faults does the stack show.
//!
//! Limits: looks, changes nothing. Disks of engines elsewhere cannot be seen from here.

#[cfg(test)]
mod catalogue_tests;
mod ground;
mod leftovers;
mod machine;
mod points;
mod symptoms;
#[cfg(test)]
mod tests;
mod unchecked;

use super::observe::{Live, look_at_all, subject};
use super::status::Breadth;
use super::{AppError, Selection};
use crate::health::{Board, Timestamp};

pub use points::Points;
pub use unchecked::Unchecked;

/// What to look at.
#[derive(Debug, Clone, Default)]
pub struct Request<'a> {
    /// The flags that choose a project.
    pub selection: Selection,
    /// How many projects.
    pub breadth: Breadth,
    /// How to look at restore points; `None`: they are not looked at.
    pub points: Option<Points<'a>>,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing to do.
    Ok,
    /// Works, and will bite.
    Warn,
    /// Does not work.
    Fail,
}

impl Level {
    /// The word for people and for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The engine; `None`: this machine.
    pub context: Option<String>,
    /// What was looked at, such as `clock`.
    pub name: &'static str,
    /// How it came out.
    pub level: Level,
    /// What was found.
    pub found: String,
    /// The next step, where one is needed.
    pub fix: Option<String>,
}

impl Check {
    fn new(name: &'static str, level: Level, found: impl Into<String>) -> Self {
        Self { context: None, name, level, found: found.into(), fix: None }
    }

    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self::new(name, Level::Ok, found)
    }

    fn warn(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { fix: Some(fix.into()), ..Self::new(name, Level::Warn, found) }
    }

    fn fail(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { fix: Some(fix.into()), ..Self::new(name, Level::Fail, found) }
    }
}

/// A known fault that a service shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symptom {
    /// The engine.
    pub context: String,
    /// The project.
    pub project: String,
    /// The service as `status` names it.
    pub service: String,
    /// How bad it is.
    pub level: Level,
    /// A short name, `snake_case`: the verdict's word, or that of the fault.
    pub code: String,
    /// What was found. Not masked.
    pub found: String,
    /// The facts behind it. Not masked.
    pub evidence: Vec<String>,
    /// The next step, where one is known.
    pub fix: Option<String>,
    /// Values that must not be shown. Not for printing.
    pub secrets: Vec<String>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// When it was looked at.
    pub at: Timestamp,
    /// The checks: this machine first, then the engines in the order asked for.
    pub checks: Vec<Check>,
    /// The faults of services, worst first.
    pub symptoms: Vec<Symptom>,
    /// Services that were looked at.
    pub services: usize,
    /// What could not be looked at from here.
    pub unchecked: Vec<Unchecked>,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

impl Outcome {
    /// The worst of all.
    #[must_use]
    pub fn worst(&self) -> Level {
        let checks = self.checks.iter().map(|check| check.level);
        checks.chain(self.symptoms.iter().map(|symptom| symptom.level)).max().unwrap_or(Level::Ok)
    }
}

/// Looks at everything.
///
/// # Errors
/// When the compose file that was named cannot be used.
pub async fn run(live: &Live<'_>, request: &Request<'_>) -> Result<Outcome, AppError> {
    let subject = subject(&live.context, &request.selection, request.breadth == Breadth::Everything)?;
    let mut checks = machine::checks(live).await;
    if let (Some(points), Breadth::Project) = (request.points, request.breadth) {
        checks.extend(points::checks(live, &request.selection, points).await);
    }
    let mut board = Board::new();
    let looks = look_at_all(live, &subject, &mut board).await;
    let mut symptoms = Vec::new();
    let mut services = 0;
    let mut unchecked = unchecked::always(&subject);
    for (link, look) in live.engines.iter().zip(&looks) {
        let found = ground::checks(live, link, look).await;
        checks.extend(found.into_iter().map(|check| Check { context: Some(link.name.clone()), ..check }));
        let found = symptoms::find(live, link, look, &board).await;
        services += found.services;
        unchecked.extend(unchecked::on_engine(link, look, live.context.catalog));
        symptoms.extend(found.symptoms);
    }
    symptoms.sort_by_key(|symptom| std::cmp::Reverse(symptom.level));
    Ok(Outcome { at: live.clock.now(), checks, symptoms, services, unchecked, notes: subject.notes })
}
