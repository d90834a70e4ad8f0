// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A service that was unhealthy at first and then was well: its start period is too short.
//!
//! Limits: told only where the engine still knows of the whole run, by its events or by its five last probes.

use chrono::TimeDelta;

use super::case::{Case, Finding};
use crate::app::doctor::Level;
use crate::health::event::EventKind;
use crate::health::explain::phrase::duration;
use crate::health::observation::HealthStatus;
use crate::health::{Event, Timestamp};
use crate::sys::engine::{ContainerStatus, HealthCheck, HealthStatus as Verdict};

/// An event and an inspection of one start differ by less.
const SAME_START: TimeDelta = TimeDelta::seconds(2);

/// Suggested start periods are whole multiples of this, in seconds.
const STEP: i64 = 30;

pub(super) fn find(case: &Case<'_>) -> Option<Finding> {
    let check = case.detail.health_check.as_ref()?;
    let started = case.detail.state.started?;
    let well = by_events(&case.events, started).or_else(|| by_probes(case, check, started))?;
    let known = case.known.and_then(|known| known.healthcheck.as_ref()?.first_start_period.as_ref());
    let needed = (well - started).num_seconds().max(0);
    let enough = (needed / STEP + 1) * STEP;
    let period = match known {
        Some(known) if i64::from(known.seconds()) >= enough => known.as_str().to_owned(),
        _ => format!("{enough}s"),
    };
    let own = check.start_period.and_then(|time| TimeDelta::from_std(time).ok()).unwrap_or_default();
    let found = format!("was unhealthy at first and well {} after its start", duration(well - started));
    let fix = format!("set `start_period: {period}`, so that a slow first start is no fault; or load before it starts");
    Some(
        Finding::new(Level::Warn, "start_period_short", found, fix)
            .with(format!("start period: {}", duration(own)))
            .with("models that are fetched at the first start take longer than any later start"),
    )
}

/// When it was healthy for the first time in this run, if it was unhealthy before.
fn by_events(events: &[&Event], started: Timestamp) -> Option<Timestamp> {
    let begin = events
        .iter()
        .position(|event| event.kind == EventKind::Started && (event.time - started).abs() < SAME_START)?;
    let mut verdicts = events[begin..].iter().filter_map(|event| match event.kind {
        EventKind::Health(status) => Some((event.time, status)),
        _ => None,
    });
    let (_, first) = verdicts.next()?;
    let (at, then) = verdicts.next()?;
    (first == HealthStatus::Unhealthy && then == HealthStatus::Healthy).then_some(at)
}

/// The same, by the probes that the inspection shows, where they go back to the start.
fn by_probes(case: &Case<'_>, check: &HealthCheck, started: Timestamp) -> Option<Timestamp> {
    let state = &case.detail.state;
    let health = state.health.as_ref().filter(|health| health.status == Verdict::Healthy)?;
    if state.status != ContainerStatus::Running {
        return None;
    }
    let probes: Vec<_> = health.probes.iter().filter(|probe| probe.start.is_some_and(|at| at >= started)).collect();
    // Five are kept; with fewer, none of this run is forgotten.
    let is_whole = probes.len() < health.probes.len() || health.probes.len() < 5;
    let failed = probes.iter().take_while(|probe| probe.exit_code != 0);
    let own = check.start_period.and_then(|time| TimeDelta::from_std(time).ok()).unwrap_or_default();
    let counted = failed.clone().filter(|probe| probe.start.is_some_and(|at| at >= started + own)).count();
    let retries = usize::try_from(check.retries.unwrap_or(3)).unwrap_or(usize::MAX);
    let well = probes.get(failed.count())?;
    (is_whole && counted >= retries).then_some(well.end.or(well.start)?)
}
