// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Watches containers after a start until they are well, or their time is over.
//!
//! Well is: healthy, where there is a check; else running for a while without a restart. One that ran and has ended with 0
//! is well too: it was a job.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::resume::find;
use super::{Tell, Told};
use crate::backup::journal::Target;
use crate::backup::manifest::State;
use crate::sys::engine::{ContainerDetail, Engine, EngineError, HealthStatus};

/// One without a check must run this long without a restart.
const CALM: Duration = Duration::from_secs(10);
/// How often containers are looked at.
const STEP: Duration = Duration::from_millis(250);
/// What is given beside the time that a check needs by its own definition.
const MARGIN: Duration = Duration::from_mins(1);

/// How it came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// All are well.
    Healthy,
    /// These are not.
    Ill(Vec<Ill>),
}

/// A container that is not well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ill {
    /// Its name.
    pub name: String,
    /// What is wrong, as a fragment.
    pub reason: String,
}

/// What is known of one under watch.
#[derive(Default)]
struct Watched {
    restarts: u64,
    calm_since: Option<Instant>,
}

/// What one look says.
enum Verdict {
    Well,
    Waiting(String),
    Lost(String),
}

/// Watches all targets that are to run. `limit` is the time for all; `None`: what their checks need, and a minute.
///
/// # Errors
/// The engine's.
pub async fn gate(
    engine: &dyn Engine,
    targets: &[Target],
    limit: Option<Duration>,
    tell: Tell<'_>,
) -> Result<Gate, EngineError> {
    let begin = Instant::now();
    let mut watched: BTreeMap<&str, Watched> = BTreeMap::new();
    let running: Vec<&Target> = targets.iter().filter(|target| target.state == State::Running).collect();
    let mut waited_for = String::new();
    loop {
        let (mut waiting, mut lost, mut patience) = (Vec::new(), Vec::new(), MARGIN);
        for target in &running {
            let verdict = match find(engine, target).await? {
                None => Verdict::Lost("it is gone".to_owned()),
                Some(detail) => {
                    patience = patience.max(MARGIN + worst_case(&detail));
                    judge(&detail, watched.entry(&target.id).or_default())
                }
            };
            match verdict {
                Verdict::Well => {}
                Verdict::Waiting(reason) => waiting.push(Ill { name: target.name.clone(), reason }),
                Verdict::Lost(reason) => lost.push(Ill { name: target.name.clone(), reason }),
            }
        }
        if waiting.is_empty() && lost.is_empty() {
            return Ok(Gate::Healthy);
        }
        let is_over = begin.elapsed() >= limit.unwrap_or(patience);
        if !lost.is_empty() || is_over {
            lost.append(&mut waiting);
            return Ok(Gate::Ill(lost));
        }
        let names: Vec<String> = waiting.iter().map(|ill| format!("`{}`", ill.name)).collect();
        let now = names.join(", ");
        if now != waited_for {
            tell(Told::Step(format!("waiting for {now}")));
            waited_for = now;
        }
        tokio::time::sleep(STEP).await;
    }
}

/// The longest time after which a check that will pass has passed.
fn worst_case(detail: &ContainerDetail) -> Duration {
    let Some(check) = &detail.health_check else { return CALM };
    let own = Duration::from_secs(30);
    let turn = check.interval.unwrap_or(own) + check.timeout.unwrap_or(own);
    let retries = u32::try_from(check.retries.unwrap_or(3)).unwrap_or(u32::MAX).max(1);
    check.start_period.unwrap_or_default().saturating_add(turn.saturating_mul(retries.saturating_add(1)))
}

fn judge(detail: &ContainerDetail, watched: &mut Watched) -> Verdict {
    let state = &detail.state;
    if state.running && !state.restarting {
        if state.paused {
            return Verdict::Lost("it is frozen".to_owned());
        }
        // A health record of a check that is switched off is none.
        return match state.health.as_ref().map(|health| health.status) {
            Some(HealthStatus::Healthy) => Verdict::Well,
            Some(HealthStatus::Starting) => Verdict::Waiting("its check has not passed yet".to_owned()),
            Some(HealthStatus::Unhealthy) => Verdict::Waiting("it is unhealthy".to_owned()),
            None => calm(detail, watched),
        };
    }
    watched.calm_since = None;
    if state.restarting || will_restart(detail) {
        return Verdict::Waiting(format!("it ended with {} and is started again and again", state.exit_code));
    }
    if state.exit_code == 0 && state.started.is_some() {
        return Verdict::Well;
    }
    let oom = if state.oom_killed { ", out of memory" } else { "" };
    let words = if state.error.is_empty() { String::new() } else { format!(": {}", state.error) };
    Verdict::Lost(format!("it ended with {}{oom}{words}", state.exit_code))
}

fn will_restart(detail: &ContainerDetail) -> bool {
    matches!(detail.restart_policy.name.as_str(), "always" | "unless-stopped")
        || detail.restart_policy.name == "on-failure" && detail.state.exit_code != 0
}

fn calm(detail: &ContainerDetail, watched: &mut Watched) -> Verdict {
    if watched.restarts != detail.restart_count {
        watched.restarts = detail.restart_count;
        watched.calm_since = None;
    }
    let since = *watched.calm_since.get_or_insert_with(Instant::now);
    if since.elapsed() >= CALM {
        Verdict::Well
    } else {
        Verdict::Waiting("it has no check, and has not run long enough yet".to_owned())
    }
}
