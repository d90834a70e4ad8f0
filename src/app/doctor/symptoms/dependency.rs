// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A container that was made and never started because what it needs is not well: the other one's words are told.

use super::case::{Case, Finding};
use crate::app::doctor::Level;
use crate::app::observe::{Look, Seen};
use crate::app::status::ServiceReport;
use crate::health::definition::labelled_needs;
use crate::health::explain::phrase::telling_line;
use crate::health::verdict::Standing;
use crate::sys::engine::ContainerStatus;

pub(super) fn find(case: &Case<'_>, report: &ServiceReport, reports: &[ServiceReport], look: &Look) -> Option<Finding> {
    if case.detail.state.status != ContainerStatus::Created || !case.detail.state.error.is_empty() {
        return None;
    }
    let needs = match case.definition {
        Some(definition) => definition.needs.iter().map(|need| need.service.clone()).collect(),
        None => labelled_needs(&case.detail.labels).into_iter().map(|need| need.service).collect::<Vec<_>>(),
    };
    let is_bad = |other: &&ServiceReport| {
        other.project == report.project && needs.contains(&other.service) && other.verdict.standing() == Standing::Bad
    };
    let other = reports.iter().find(is_bad)?;
    let seen = other.id.as_ref().and_then(|id| look.seen.as_ref().ok()?.get(id));
    let mut finding = Finding::new(
        Level::Fail,
        "dependency_failed",
        format!("was made and never started: `{}`, which it needs, is {}", other.service, other.verdict.word()),
        format!("mend `{0}` first (`stackctl health {0}` shows all of it), then `docker compose up -d`", other.service),
    )
    .with(format!("{}: {}", other.service, other.why.sentence));
    if let Some(probe) = seen.and_then(last_probe) {
        finding = finding.with(format!("{}: {probe}", other.service));
    }
    Some(finding)
}

/// The last entry of a health log.
fn last_probe(seen: &Seen) -> Option<String> {
    let probe = seen.detail.state.health.as_ref()?.probes.last()?;
    let line = telling_line(&probe.output).map(|line| format!(": {line}")).unwrap_or_default();
    Some(format!("probe exit {}{line}", probe.exit_code))
}
