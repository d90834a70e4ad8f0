// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Lets containers do again what they did, in the order in which they need each other.

use std::time::Duration;

use futures_util::future::join_all;

use super::{OperateError, Tell, Told};
use crate::app::observe::{NUMBER_LABEL, PROJECT_LABEL, SERVICE_LABEL};
use crate::backup::journal::Target;
use crate::backup::manifest::State;
use crate::compose::model::Condition;
use crate::health::definition::labelled_needs;
use crate::sys::engine::{
    ContainerDetail, ContainerFilter, Deadline, Engine, EngineError, HealthStatus, RestartPolicy,
};

/// How long one that must be healthy first is waited for; the gate afterwards has the last word.
const PATIENCE: Duration = Duration::from_mins(3);
/// How often it is looked at.
const STEP: Duration = Duration::from_millis(250);

/// The container of a target: by its id, else by what it is, for it may have been made anew meanwhile. `None`: gone.
///
/// # Errors
/// The engine's.
pub(crate) async fn find(engine: &dyn Engine, target: &Target) -> Result<Option<ContainerDetail>, EngineError> {
    match engine.inspect_container(&target.id, Deadline::QUESTION).await {
        Ok(detail) => return Ok(Some(detail)),
        Err(error) if !error.is_not_found() => return Err(error),
        Err(_) if target.project.is_empty() || target.service.is_empty() => return Ok(None),
        Err(_) => {}
    }
    let label = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
    let labels = vec![label(PROJECT_LABEL, &target.project), label(SERVICE_LABEL, &target.service)];
    let found = engine.list_containers(&ContainerFilter { labels, only_running: false }, Deadline::QUESTION).await?;
    let number = target.number.to_string();
    let is_it = |labels: &crate::sys::engine::Labels| labels.get(NUMBER_LABEL).is_none_or(|label| *label == number);
    let Some(one) = found.into_iter().find(|one| is_it(&one.labels)) else { return Ok(None) };
    match engine.inspect_container(&one.id, Deadline::QUESTION).await {
        Ok(detail) => Ok(Some(detail)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The restart policy of a word such as `on-failure:3`.
fn policy(word: &str) -> RestartPolicy {
    let (name, most) = word.split_once(':').unwrap_or((word, ""));
    RestartPolicy { name: name.to_owned(), maximum_retries: most.parse().unwrap_or(0) }
}

/// Gives one container its restart policy back and lets it do what it did. One that does it already is left alone.
///
/// # Errors
/// The engine's.
pub(crate) async fn let_run(engine: &dyn Engine, target: &Target) -> Result<bool, EngineError> {
    let Some(detail) = find(engine, target).await? else { return Ok(false) };
    let wanted = policy(&target.restart_policy);
    if !target.restart_policy.is_empty() && detail.restart_policy != wanted {
        engine.set_restart_policy(&detail.id, &wanted, Deadline::CHANGE).await?;
    }
    match target.state {
        State::Stopped => {}
        State::Running => {
            if detail.state.paused {
                engine.unpause_container(&detail.id, Deadline::CHANGE).await?;
            } else if !detail.state.running {
                await_needs(engine, &detail).await;
                engine.start_container(&detail.id, Deadline::CHANGE).await?;
            }
        }
        State::Paused => {
            if !detail.state.running {
                engine.start_container(&detail.id, Deadline::CHANGE).await?;
            }
            if !detail.state.paused {
                engine.pause_container(&detail.id, Deadline::CHANGE).await?;
            }
        }
    }
    Ok(true)
}

/// Waits for what must be healthy before this one starts, as Compose does; not for ever: whether all is well in the end
/// is seen afterwards.
async fn await_needs(engine: &dyn Engine, detail: &ContainerDetail) {
    let Some(project) = detail.labels.get(PROJECT_LABEL) else { return };
    let needs = labelled_needs(&detail.labels);
    for need in needs.iter().filter(|need| need.condition == Condition::Healthy) {
        let label = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        let labels = vec![label(PROJECT_LABEL, project), label(SERVICE_LABEL, &need.service)];
        let filter = ContainerFilter { labels, only_running: true };
        let waiting = async {
            while any_starting(engine, &filter).await {
                tokio::time::sleep(STEP).await;
            }
        };
        if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
            tracing::warn!(service = need.service, "not healthy in time; what needs it is started all the same");
        }
    }
}

/// Whether the check of a running container of a service has not come to a verdict yet. One that came to a bad one is not
/// waited for: it will not become better by that, and what needs it must be seen to fail rather than never to start.
async fn any_starting(engine: &dyn Engine, filter: &ContainerFilter) -> bool {
    let Ok(running) = engine.list_containers(filter, Deadline::QUESTION).await else { return false };
    let looks = running.iter().map(|one| engine.inspect_container(&one.id, Deadline::QUESTION));
    join_all(looks).await.into_iter().flatten().any(|detail| {
        let health = detail.state.health.as_ref();
        health.is_some_and(|health| health.status == HealthStatus::Starting)
    })
}

/// Lets all do again what they did, the last wave first. Goes on after a fault: each that runs again is one less missing.
///
/// # Errors
/// The names of those that could not be started, or are gone.
pub(crate) async fn resume(engine: &dyn Engine, targets: &[Target], tell: Tell<'_>) -> Result<(), OperateError> {
    let mut waves: Vec<usize> = targets.iter().map(|target| target.wave).collect();
    waves.sort_unstable();
    waves.dedup();
    let mut missing = Vec::new();
    for wave in waves.into_iter().rev() {
        let wave: Vec<&Target> = targets.iter().filter(|target| target.wave == wave).collect();
        for target in &wave {
            tell(Told::Step(format!("starting `{}`", target.name)));
        }
        let ended = join_all(wave.iter().map(|target| let_run(engine, target))).await;
        for (target, ended) in wave.iter().zip(ended) {
            match ended {
                Ok(true) => {}
                Ok(false) => missing.push(format!("`{}` (it is gone)", target.name)),
                Err(error) => missing.push(format!("`{}` ({error})", target.name)),
            }
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(OperateError::NotResumed(missing)) }
}
