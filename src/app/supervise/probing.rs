// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Asks the services, now and then, whether they do their work: a health check can pass on a service that does not.
//!
//! A fault counts when a second question, a little later, finds one as well: a service that is busy for a moment is not
//! degraded. That it works counts at once.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;

use super::mind::Mind;
use super::sight::Sight;
use crate::app::probe::{self, LABEL, Side, Target, probe};
use crate::catalog::{Catalog, KnownService};
use crate::health::board::SlotKey;
use crate::health::verdict::{FunctionalResult, Standing, State};
use crate::sys::engine::{Deadline, Engine};

/// Services that are asked at one time.
const AT_ONCE: usize = 4;
/// The wait before a fault is believed.
const SECOND_OPINION: Duration = Duration::from_secs(10);

/// How services are asked.
pub struct Probing<'a> {
    /// The ways out.
    pub outside: probe::Outside<'a>,
    /// How often.
    pub every: Duration,
    /// Where the engines are, by name.
    pub sides: BTreeMap<String, Side>,
}

/// A service that can be asked.
#[derive(Debug, Clone)]
pub(super) struct Askable {
    key: SlotKey,
    container: String,
    /// How far its engine's clock is ahead of ours.
    lead: TimeDelta,
}

/// The services that run, seem well, and can be asked. `lead` is how far the engine's clock is ahead.
pub(super) fn askable(sight: &Sight, catalog: Catalog, lead: TimeDelta) -> Vec<Askable> {
    let is_up = sight.engine.is_up;
    let can_be_asked = |image: &str| catalog.find_text(image).is_some_and(|known| !known.probes.is_empty());
    let seen = sight.seen.iter().filter(|seen| {
        let verdict = &seen.subject.verdict;
        let seems_well = verdict.standing() == Standing::Good || verdict.state() == State::Degraded;
        is_up && seems_well && (seen.labels.contains_key(LABEL) || can_be_asked(&seen.image))
    });
    let one = |seen: &super::sight::Seen| {
        let run = seen.run.as_ref().filter(|run| run.is_up)?;
        Some(Askable { key: seen.subject.key.clone(), container: run.container.clone(), lead })
    };
    seen.filter_map(one).collect()
}

impl Mind<'_> {
    /// Asks all that can be asked, again and again until `cancelled`.
    pub(super) async fn ask(&self, probing: Option<&Probing<'_>>, cancelled: &CancellationToken) {
        let Some(probing) = probing.filter(|probing| !probing.every.is_zero()) else { return };
        let asking = async {
            loop {
                tokio::time::sleep(probing.every).await;
                let all: Vec<Askable> = self.askable.borrow().values().flatten().cloned().collect();
                let ask = |one| async move { self.ask_one(one, probing).await };
                stream::iter(all).for_each_concurrent(AT_ONCE, ask).await;
            }
        };
        let _: Option<()> = cancelled.run_until_cancelled(asking).await;
    }

    async fn ask_one(&self, one: Askable, probing: &Probing<'_>) {
        let Some(engine) = self.engines.get(one.key.context.as_str()) else { return };
        let Some(side) = probing.sides.get(&one.key.context) else { return };
        let mut result = self.question(&one, *engine, side, probing).await;
        if result.as_ref().is_some_and(|result| result.fault.is_some()) {
            tokio::time::sleep(SECOND_OPINION).await;
            result = self.question(&one, *engine, side, probing).await;
        }
        if let Some(result) = result {
            self.found.borrow_mut().entry(one.key.context.clone()).or_default().push((one.key, result));
        }
    }

    async fn question(
        &self,
        one: &Askable,
        engine: &dyn Engine,
        side: &Side,
        probing: &Probing<'_>,
    ) -> Option<FunctionalResult> {
        // Gone, or the engine is: the followers find out.
        let detail = engine.inspect_container(&one.container, Deadline::QUESTION).await.ok()?;
        let known: Option<&KnownService> = self.outside.catalog.find_text(&detail.image);
        let now = self.outside.clock.now() + one.lead;
        let target = Target { detail: &detail, known, wish: None, side, now };
        probe(target, probing.outside).await.functional()
    }
}
