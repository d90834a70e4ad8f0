// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Asks one container in its own protocol whether it does its work, from where this process stands.
//!
//! What is asked comes from the caller (`--probe`), else from the label [`LABEL`], else from the catalogue. A container
//! that cannot be reached from here is not checked: that is no fault of it. Limits: nothing is asked that needs a
//! password, and nothing is encrypted.

mod ask;
mod reach;
#[cfg(test)]
mod tests;

use std::time::Duration;

use super::engines::{EngineLink, Place};
use crate::catalog::{KnownProbe, KnownService};
use crate::health::Timestamp;
use crate::health::functional::{Finding, Gpu, ProbeUrl, Question};
use crate::health::verdict::{Degraded, FunctionalResult};
use crate::sys::endpoint::EngineAddress;
use crate::sys::engine::ContainerDetail;
use crate::sys::net::{HttpClient, Talker};

/// The label that says how a service is asked: a probe such as `http://:8080/health`.
pub const LABEL: &str = "stackctl.probe";

/// How long one step (a connection, an answer) may take.
pub const STEP: Duration = Duration::from_secs(5);

/// The ways out that a probe needs.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// For HTTP.
    pub http: &'a dyn HttpClient,
    /// For everything else.
    pub talker: &'a dyn Talker,
    /// How long one step may take; [`STEP`] unless there is a reason.
    pub step: Duration,
}

impl std::fmt::Debug for Outside<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Outside").field("step", &self.step).finish_non_exhaustive()
    }
}

/// Where the engine's machine is, seen from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// It is this machine.
    Here,
    /// It is reached by this name.
    There(String),
    /// Nobody knows.
    Unknown,
}

impl Side {
    /// Where the engine behind a link is.
    #[must_use]
    pub fn of(link: &EngineLink) -> Self {
        if link.place == Place::Here {
            return Self::Here;
        }
        match EngineAddress::parse(&link.address, None) {
            Ok(EngineAddress::Tcp { host, .. } | EngineAddress::Tls { host, .. }) => Self::There(host),
            Ok(EngineAddress::Ssh { target, .. }) => {
                Self::There(target.rsplit_once('@').map_or(target.as_str(), |(_, host)| host).to_owned())
            }
            Ok(EngineAddress::Unix(_)) | Err(_) => Self::Unknown,
        }
    }
}

/// Which container is asked.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The container.
    pub detail: &'a ContainerDetail,
    /// What is known of its image.
    pub known: Option<&'a KnownService>,
    /// What the caller wants to be asked, whatever the label and the catalogue say.
    pub wish: Option<&'a ProbeUrl>,
    /// Where its engine is.
    pub side: &'a Side,
    /// Now, on the engine's clock: the moment that the outcome carries.
    pub now: Timestamp,
}

/// What came of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeOutcome {
    /// When it was asked, on the engine's clock.
    pub at: Timestamp,
    /// What was asked, such as `wyoming describe`; empty when there was nothing to ask.
    pub probe: String,
    /// Where it was asked, such as `127.0.0.1:10300`.
    pub address: Option<String>,
    /// What it showed.
    pub result: ProbeResult,
}

/// What a probe showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProbeResult {
    /// It works.
    Works {
        /// What it said. Not masked.
        said: String,
    },
    /// It does not.
    Faulty {
        /// What is wrong. Texts in it are not masked.
        fault: Degraded,
    },
    /// Nothing can be said.
    NotChecked {
        /// Why.
        reason: String,
        /// What to do so that it can, where something can be done.
        next_step: Option<String>,
    },
}

impl ProbeOutcome {
    /// The outcome as a board takes it; `None` when nothing was checked, so that an older result stays.
    #[must_use]
    pub fn functional(&self) -> Option<FunctionalResult> {
        let fault = match &self.result {
            ProbeResult::Works { .. } => None,
            ProbeResult::Faulty { fault } => Some(fault.clone()),
            ProbeResult::NotChecked { .. } => return None,
        };
        Some(FunctionalResult { at: self.at, fault })
    }
}

/// A question, where it is asked.
struct Asked {
    question: Question,
    host: Option<String>,
    port: u16,
}

/// Asks a container. Several questions of the catalogue are asked in order, up to the first that finds a fault or cannot
/// be asked. Takes a few steps of `outside.step` each at most; dropping it closes what is open.
pub async fn probe(target: Target<'_>, outside: Outside<'_>) -> ProbeOutcome {
    let outcome = |probe: String, address, result| ProbeOutcome { at: target.now, probe, address, result };
    let skipped =
        |reason: String, next_step| outcome(String::new(), None, ProbeResult::NotChecked { reason, next_step });
    let state = &target.detail.state;
    if !state.running || state.paused || state.restarting {
        return skipped("it does not run".to_owned(), None);
    }
    let asked = match questions(target) {
        Ok(asked) => asked,
        Err((reason, next_step)) => return skipped(reason, Some(next_step)),
    };
    let gpu = if target.detail.has_gpu() { Gpu::Given } else { Gpu::NotGiven };
    let mut works: Vec<(String, String, String)> = Vec::new();
    for one in &asked {
        let ways = match &one.host {
            Some(host) => reach::named(host, one.port),
            None => reach::ways(target.detail, one.port, target.side, outside.talker),
        };
        match ask::ask(&one.question, gpu, &ways, outside).await {
            ask::Answer::Unreached { reason } => {
                let next_step = Some(reach::next_step(&service(target.detail), &one.question));
                return outcome(one.question.name(), None, ProbeResult::NotChecked { reason, next_step });
            }
            ask::Answer::Found { at, finding: Finding::Fault(fault) } => {
                return outcome(one.question.name(), Some(at), ProbeResult::Faulty { fault });
            }
            ask::Answer::Found { at, finding: Finding::Works { said } } => works.push((one.question.name(), at, said)),
        }
    }
    let join = |part: fn(&(String, String, String)) -> &str| works.iter().map(part).collect::<Vec<_>>().join(", ");
    outcome(join(|one| &one.0), Some(join(|one| &one.1)), ProbeResult::Works { said: join(|one| &one.2) })
}

/// What is asked; else why nothing is, and what to do about it.
fn questions(target: Target<'_>) -> Result<Vec<Asked>, (String, String)> {
    let of_url = |url: &ProbeUrl| Asked { question: url.question.clone(), host: url.host.clone(), port: url.port };
    if let Some(wish) = target.wish {
        return Ok(vec![of_url(wish)]);
    }
    if let Some(text) = target.detail.labels.get(LABEL) {
        return match ProbeUrl::parse(text) {
            Ok(url) => Ok(vec![of_url(&url)]),
            Err(error) => Err((format!("its label `{LABEL}`: {error}"), "correct the label".to_owned())),
        };
    }
    let probes = target.known.map(|known| known.probes.as_slice()).unwrap_or_default();
    if probes.is_empty() {
        let name = service(target.detail);
        let reason = format!("no probe is known for `{}`", target.detail.image);
        let next = format!("name one: `--probe {name}=http://:PORT/PATH`, or the label `{LABEL}`");
        return Err((reason, next));
    }
    let of_catalogue = |known: &KnownProbe| Asked { question: Question::from(known), host: None, port: known.port };
    Ok(probes.iter().map(of_catalogue).collect())
}

/// The service's name, else the container's.
fn service(detail: &ContainerDetail) -> String {
    detail.labels.get(crate::app::observe::SERVICE_LABEL).unwrap_or(&detail.name).clone()
}
