// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What all answers of the engine in memory share: faults, time, and how things are found.

use std::time::Duration;

use futures_util::stream;
use tokio::sync::mpsc;

use super::container::after;
use super::fault::{self, FakeFault};
use super::world::World;
use super::{FakeEngine, Flavour};
use crate::sys::engine::{Call, Deadline, EngineError, EventTime, Feed, Idle, ImageDetail, Labels, LinkFault, Volume};

/// What a call does: its result, and how long it takes the engine.
pub(super) type Done<T> = Result<(T, Duration), EngineError>;

#[expect(clippy::unnecessary_wraps, reason = "the last word of calls that can fail before")]
pub(super) fn at_once<T>(value: T) -> Done<T> {
    Ok((value, Duration::ZERO))
}

pub(super) fn missing(call: &'static str, what: &str, name: &str) -> EngineError {
    EngineError::NotFound { call, message: format!("No such {what}: {name}") }
}

pub(super) fn conflict(call: &'static str, message: String) -> EngineError {
    EngineError::Conflict { call, message }
}

pub(super) fn find(world: &World, call: &'static str, reference: &str) -> Result<usize, EngineError> {
    let by_name = world.containers.iter().position(|container| container.plan.name == reference);
    by_name
        .or_else(|| world.containers.iter().position(|container| container.answers_to(reference)))
        .ok_or_else(|| missing(call, "container", reference))
}

pub(super) fn fits(labels: &Labels, wanted: &str) -> bool {
    match wanted.split_once('=') {
        _ if wanted.is_empty() => true,
        Some((name, value)) => labels.get(name).is_some_and(|found| found == value),
        None => labels.contains_key(wanted),
    }
}

impl FakeEngine {
    /// One call: faults first, then what it does, then whether it was in time.
    pub(super) fn act<'a, T: Send + 'a>(
        &'a self,
        call: &'static str,
        deadline: Deadline,
        act: impl FnOnce(&mut World, Option<usize>) -> Done<T> + Send + 'a,
    ) -> Call<'a, T> {
        Box::pin(async move {
            let mut world = self.world();
            world.calls.push(call);
            if world.away {
                return Err(self.gone());
            }
            let struck = world.faults.next(call);
            if let Some(error) = struck.as_ref().and_then(|struck| fault::error(struck, call, &self.address)) {
                return Err(error);
            }
            let (delay, breaks_after) = match struck {
                Some(FakeFault::Slow(time)) => (time, None),
                Some(FakeFault::StreamBreaksAfter(items)) => (Duration::ZERO, Some(items)),
                _ => (Duration::ZERO, None),
            };
            let (value, took) = act(&mut world, breaks_after)?;
            let (took, after) = (took + delay, deadline.duration());
            world.pass(took.min(after));
            if took > after {
                return Err(EngineError::Timeout { call, address: self.address.to_string(), after });
            }
            Ok(value)
        })
    }

    /// A stream from a channel, under an idle limit; a planned break looks like a lost connection.
    pub(super) fn feed<T: Send + 'static>(
        &self,
        call: &'static str,
        receiver: mpsc::Receiver<T>,
        idle: Idle,
        breaks: bool,
    ) -> Feed<T> {
        let address = self.address.to_string();
        Box::pin(stream::unfold(Some(receiver), move |receiver| {
            let address = address.clone();
            async move {
                let mut receiver = receiver?;
                let next = match idle.0 {
                    None => Ok(receiver.recv().await),
                    Some(time) => tokio::time::timeout(time, receiver.recv()).await.map_err(|_| time),
                };
                match next {
                    Ok(Some(item)) => Some((Ok(item), Some(receiver))),
                    Ok(None) if breaks => {
                        Some((Err(EngineError::Unreachable { address, fault: LinkFault::Closed }), None))
                    }
                    Ok(None) => None,
                    Err(after) => Some((Err(EngineError::Timeout { call, address, after }), None)),
                }
            }
        }))
    }
}

pub(super) fn engine_version(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::DieThenStop => "20.10.24",
        Flavour::StopThenDie => "28.5.2",
    }
}

pub(super) fn find_image<'a>(world: &'a World, call: &'static str, name: &str) -> Result<&'a ImageDetail, EngineError> {
    world
        .images
        .iter()
        .find(|image| image.id == name || image.tags.iter().any(|tag| tag == name))
        .ok_or_else(|| missing(call, "image", name))
}

pub(super) fn new_volume(name: &str, now: EventTime) -> Volume {
    Volume {
        name: name.to_owned(),
        driver: "local".to_owned(),
        mountpoint: format!("/var/lib/docker/volumes/{name}/_data"),
        created: Some(after(now, Duration::ZERO).at()),
        ..Volume::default()
    }
}
