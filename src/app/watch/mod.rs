// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl watch`: what changes, as it happens, from any number of engines, until told to end.
//!
//! For each engine: subscribe, list and inspect everything, replay what the subscription has buffered, go on live; look
//! at a container after its events; compare everything each minute and after each reconnect. What was missed comes back
//! as transitions of that comparison. Everything goes to an [`Observer`] that never makes anybody wait, such as a
//! [`Backlog`].
//!
//! Limits: an engine that cannot be reached at first is told as lost and tried again only while another can be reached;
//! when none can, the watch fails at once, because then the name or the permission is wrong more often than not.

mod backlog;
#[cfg(test)]
mod clock_tests;
mod follow;
mod looks;
mod names;
mod news;
mod observer;
mod snapshot;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use tokio_util::sync::CancellationToken;

pub use backlog::{Backlog, CAPACITY, Item, Overflow, Subject, Taken, Told};
pub use names::{UnknownService, unknown_services};
pub use news::{EngineNews, Explained, News};
pub use observer::{Observer, View};

use super::engines::{EngineLink, Place};
use super::observe::Scope;
use super::tasks::TaskGroup;
use crate::catalog::Catalog;
use crate::health::Definition;
use crate::sys::Clock;
use crate::sys::engine::{Engine, EngineError};
use follow::Follower;

/// One engine to watch.
#[derive(Clone, Copy)]
pub struct Watched<'a> {
    /// Its name, as the user calls it.
    pub context: &'a str,
    /// The engine.
    pub engine: &'a dyn Engine,
    /// Whether it shares our clock.
    pub place: Place,
}

impl<'a> Watched<'a> {
    /// All engines that can be asked.
    #[must_use]
    pub fn all(links: &'a [EngineLink]) -> Vec<Self> {
        let one = |link: &'a EngineLink| {
            let engine = link.engine.as_ref().ok()?;
            Some(Self { context: &link.name, engine: engine.as_ref(), place: link.place })
        };
        links.iter().filter_map(one).collect()
    }
}

/// How long to watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Tell what is, and end.
    Once,
    /// Go on until cancelled.
    Ongoing,
}

/// What to watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which projects.
    pub scope: Scope,
    /// The services that are told of; empty = all.
    pub services: BTreeSet<String>,
    /// The project of the compose file, where one was read, with its services.
    pub file: Option<(String, BTreeMap<String, Definition>)>,
    /// Whether one engine alone is watched: then the file counts there, else where its project runs.
    pub is_only_engine: bool,
    /// How long.
    pub extent: Extent,
}

/// What a watch is given beside its request.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The clock.
    pub clock: &'a dyn Clock,
    /// The known services.
    pub catalog: Catalog,
    /// Who is told.
    pub observer: &'a dyn Observer,
}

/// An engine that could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its name.
    pub context: String,
    /// Why.
    pub error: EngineError,
}

/// Watches until `cancelled`, or once. Returns the engines that could not be asked: with [`Extent::Once`] any, else all
/// of them or none.
pub async fn watch(
    watched: &[Watched<'_>],
    request: &Request,
    surroundings: Surroundings<'_>,
    cancelled: &CancellationToken,
) -> Vec<Failure> {
    let mut group = TaskGroup::new(cancelled.clone());
    for one in watched {
        group.spawn(Follower::new(*one, request, surroundings).start());
    }
    let mut failures: Vec<Failure> = Vec::new();
    loop {
        let next = tokio::select! {
            biased;
            () = cancelled.cancelled() => return Vec::new(),
            next = group.next() => next,
        };
        match next {
            None => return failures,
            Some(follow::First::Done) => {}
            Some(follow::First::Reached(live)) => {
                failures.clear();
                group.spawn(live.go_on());
            }
            Some(follow::First::Failed(follower, error)) => {
                failures.push(Failure { context: follower.context().to_owned(), error: error.clone() });
                if request.extent == Extent::Ongoing && failures.len() < watched.len() {
                    group.spawn(follower.keep_trying(error));
                } else if request.extent == Extent::Ongoing {
                    return failures;
                }
            }
        }
    }
}
