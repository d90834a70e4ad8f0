// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keeps containers still, after the whole list of them is on disk.

use futures_util::future::join_all;

use super::hook::{HookRun, run_hook};
use super::{JournalWriter, OperateError, Tell, Told};
use crate::backup::journal::{Event, Target};
use crate::backup::plan::{Act, Affected};
use crate::sys::engine::{Deadline, Engine, EngineError, Grace};

/// The time that a process gets to end unless its container says otherwise.
const ENGINE_GRACE: std::time::Duration = std::time::Duration::from_secs(10);

/// How often a container is tried to be frozen, and the time between.
const FREEZES: u32 = 8;
const THAW: std::time::Duration = std::time::Duration::from_millis(500);

/// What the journal holds of the containers of a plan.
pub(crate) fn targets(waves: &[Vec<Affected>]) -> Vec<Target> {
    let all = waves.iter().enumerate().flat_map(|(wave, affected)| affected.iter().map(move |one| (wave, one)));
    let target = |(wave, one): (usize, &Affected)| Target {
        id: one.id.clone(),
        name: one.name.clone(),
        project: one.project.clone().unwrap_or_default(),
        service: one.service.clone().unwrap_or_default(),
        number: one.number,
        state: one.state,
        restart_policy: one.restart_policy.clone(),
        wave,
        post_hook: one.hooks.post.clone(),
    };
    all.map(target).collect()
}

/// Keeps the containers of a plan still, wave by wave. The journal has them all before the first. Gives the hooks that ran
/// for it, by the ids of their containers.
///
/// # Errors
/// Of the first that fails; those before it are still, and so may be others of its wave.
pub(crate) async fn keep_still(
    engine: &dyn Engine,
    journal: &mut JournalWriter<'_>,
    waves: &[Vec<Affected>],
    tell: Tell<'_>,
) -> Result<Vec<(String, HookRun)>, OperateError> {
    let mut hooks = Vec::new();
    if waves.is_empty() {
        return Ok(hooks);
    }
    journal.write(Event::Quiescing { targets: targets(waves) })?;
    for wave in waves {
        for one in wave.iter().filter(|one| !one.hooks.is_empty()) {
            journal.write(Event::HookBegun { container: one.id.clone() })?;
            if !one.hooks.pre.is_empty() {
                tell(Told::Step(format!("running the hook of `{}`", one.name)));
                let run = run_hook(engine, (&one.id, &one.name), &one.hooks.pre, one.hooks.timeout_s).await;
                run.ended.clone()?;
                hooks.push((one.id.clone(), run));
            }
        }
        for one in wave.iter().filter(|one| one.act != Act::Hook) {
            let verb = if one.act == Act::Pause { "freezing" } else { "stopping" };
            tell(Told::Step(format!("{verb} `{}`", one.name)));
        }
        let ended = join_all(wave.iter().map(|one| still(engine, one))).await;
        ended.into_iter().collect::<Result<Vec<()>, _>>()?;
    }
    Ok(hooks)
}

async fn still(engine: &dyn Engine, one: &Affected) -> Result<(), OperateError> {
    match one.act {
        Act::Hook => return Ok(()),
        Act::Pause => freeze(engine, &one.id).await?,
        Act::Stop => {
            // Given by nobody here: the engine knows the time and the signal of the container itself.
            let grace = one.grace_s.map_or(ENGINE_GRACE, std::time::Duration::from_secs);
            engine.stop_container(&one.id, Grace::OWN, Deadline::CHANGE.plus(grace)).await?;
            let detail = engine.inspect_container(&one.id, Deadline::QUESTION).await?;
            if detail.state.running {
                return Err(OperateError::StillRuns { container: one.name.clone() });
            }
        }
    }
    Ok(())
}

/// Freezes a container. On a busy machine the kernel's freezer (cgroup version 1) does not always get hold of every process
/// in time, and runc gives up with "unable to freeze"; a moment later it does.
async fn freeze(engine: &dyn Engine, id: &str) -> Result<(), EngineError> {
    for _ in 1..FREEZES {
        match engine.pause_container(id, Deadline::CHANGE).await {
            Err(error) if !error.is_outage() && !error.is_not_found() => {
                tracing::debug!(%error, "not frozen yet");
                tokio::time::sleep(THAW).await;
            }
            ended => return ended,
        }
    }
    engine.pause_container(id, Deadline::CHANGE).await
}
