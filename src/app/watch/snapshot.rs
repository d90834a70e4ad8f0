// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Everything that an engine runs, at one moment of its own clock.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::StreamExt as _;
use futures_util::stream;

use super::observed::{from_detail, from_summary};
use crate::health::{Container, Timestamp};
use crate::sys::Clock;
use crate::sys::engine::{ContainerFilter, Deadline, Engine, EngineError};

/// A look at one container. Shorter than other questions: an engine can hang on a single container, and the rest must
/// not wait long for it.
pub(super) const LOOK: Deadline = Deadline::within(Duration::from_secs(5));

/// Looks under way at once: enough to hide the way to the engine, few enough to leave it room.
pub(super) const LOOKS: usize = 8;

/// How far the engine's clock is ahead of ours, at least: a moment corrected by it is never later than the engine's own.
/// Nothing where the engine does not tell its time.
///
/// # Errors
/// The engine cannot be asked.
pub(super) async fn clock_lead(engine: &dyn Engine, clock: &dyn Clock) -> Result<TimeDelta, EngineError> {
    match engine.info(Deadline::QUESTION).await {
        Ok(info) => Ok(info.time.map_or(TimeDelta::zero(), |time| time - clock.now())),
        Err(error) if error.is_outage() => Err(error),
        // A proxy before the socket may forbid this one call.
        Err(error) => {
            tracing::debug!(%error, "the engine does not tell its time");
            Ok(TimeDelta::zero())
        }
    }
}

/// All containers of the scope. Of one that cannot be looked at, what the list says; one that goes meanwhile is left out.
///
/// # Errors
/// The engine cannot be asked.
pub(super) async fn containers(engine: &dyn Engine, filter: &ContainerFilter) -> Result<Vec<Container>, EngineError> {
    let listed = engine.list_containers(filter, Deadline::QUESTION).await?;
    let looks = listed.iter().map(async |summary| (summary, engine.inspect_container(&summary.id, LOOK).await));
    let mut looks = stream::iter(looks).buffer_unordered(LOOKS);
    let mut containers = Vec::with_capacity(listed.len());
    while let Some((summary, result)) = looks.next().await {
        match result {
            Ok(detail) => containers.push(from_detail(&detail)),
            Err(error) if error.is_not_found() => {}
            Err(error @ (EngineError::Unreachable { .. } | EngineError::Denied { .. })) => return Err(error),
            Err(error) => {
                tracing::debug!(%error, container = summary.name, "known from the list alone");
                containers.push(from_summary(summary));
            }
        }
    }
    containers.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(containers)
}

/// A moment of the engine's clock, and all that it runs then.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// How far the engine's clock is ahead.
    pub(super) lead: TimeDelta,
    /// The moment: everything before it is in the containers.
    pub(super) as_of: Timestamp,
    /// The containers.
    pub(super) containers: Vec<Container>,
}

/// Reads clock and containers. `newest` is the newest moment that an event was seen of.
///
/// # Errors
/// The engine cannot be asked.
pub(super) async fn snapshot(
    engine: &dyn Engine,
    filter: &ContainerFilter,
    clock: &dyn Clock,
    newest: Option<Timestamp>,
) -> Result<Snapshot, EngineError> {
    let lead = clock_lead(engine, clock).await?;
    let as_of = (clock.now() + lead).max(newest.unwrap_or(Timestamp::MIN_UTC));
    Ok(Snapshot { lead, as_of, containers: containers(engine, filter).await? })
}
