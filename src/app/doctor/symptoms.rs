// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Known faults that the live stack shows: by its verdicts, by the words in its logs, by what its containers lack.
//!
//! Limits: of a service that is well, only the words that the catalogue knows of that very service are believed.

use super::{Level, Symptom};
use crate::app::engines::EngineLink;
use crate::app::health::log_tail;
use crate::app::observe::{Live, Look};
use crate::app::status::{ServiceReport, service_reports};
use crate::catalog::KnownService;
use crate::health::Board;
use crate::health::board::SlotKey;
use crate::health::explain::Background;
use crate::health::verdict::Standing;
use crate::sys::engine::ContainerDetail;

/// What was found on one engine.
pub(super) struct Found {
    pub(super) symptoms: Vec<Symptom>,
    pub(super) services: usize,
}

pub(super) async fn find(live: &Live<'_>, link: &EngineLink, look: &Look, board: &Board) -> Found {
    let mut found = Found { symptoms: Vec::new(), services: 0 };
    if look.seen.is_err() {
        return found;
    }
    for report in service_reports(&link.name, look, board, live.context.catalog, &[]) {
        found.services += 1;
        let known = report.image.as_ref().and_then(|image| live.context.catalog.find_text(&image.image));
        let seen = report.id.as_ref().and_then(|id| look.seen.as_ref().ok()?.get(id));
        let log = match &report.id {
            Some(id) => log_tail(link, id).await,
            None => Vec::new(),
        };
        let by_its_verdict = by_verdict(&report, link, look, board, Background { known, log_tail: &log });
        let told: String = by_its_verdict.iter().flat_map(|symptom| &symptom.evidence).cloned().collect();
        let mut all: Vec<Symptom> = by_its_verdict.into_iter().collect();
        all.extend(by_log(&report, link, known, &log).filter(|symptom| !told.contains(&symptom.code)));
        all.extend(seen.into_iter().flat_map(|seen| by_container(&report, link, known, &seen.detail)));
        found.symptoms.extend(all);
    }
    found
}

fn symptom(report: &ServiceReport, link: &EngineLink, level: Level, code: &str, found: String) -> Symptom {
    Symptom {
        context: link.name.clone(),
        project: report.project.clone(),
        service: report.name(),
        level,
        code: code.to_owned(),
        found,
        evidence: Vec::new(),
        fix: None,
        secrets: report.secrets.clone(),
    }
}

/// What the verdict says, with the log to help.
fn by_verdict(
    report: &ServiceReport,
    link: &EngineLink,
    look: &Look,
    board: &Board,
    background: Background<'_>,
) -> Option<Symptom> {
    let level = match report.verdict.standing() {
        Standing::Bad => Level::Fail,
        Standing::Noticed => Level::Warn,
        Standing::Good | Standing::Pending | Standing::Unknown => return None,
    };
    let key = SlotKey {
        context: link.name.clone(),
        project: report.project.clone(),
        service: report.service.clone(),
        number: report.number,
        one_off: report.id.clone().filter(|_| report.is_one_off),
    };
    let why = board.why(&key, background, look.now).unwrap_or_else(|| report.why.clone());
    Some(Symptom {
        evidence: why.evidence,
        fix: why
            .hint
            .or_else(|| Some(format!("`stackctl health {}` shows its probes and what happened", report.service))),
        ..symptom(report, link, level, report.verdict.word(), why.sentence)
    })
}

/// Faults of the very service whose words stand in its log.
fn by_log<'a>(
    report: &'a ServiceReport,
    link: &'a EngineLink,
    known: Option<&'a KnownService>,
    log: &'a [String],
) -> impl Iterator<Item = Symptom> + 'a {
    let failures = known.into_iter().flat_map(|known| &known.failures);
    failures.filter_map(move |failure| {
        let words = failure.log.as_deref()?;
        let written = log.iter().rev().find(|written| written.contains(words))?;
        Some(Symptom {
            evidence: vec![format!("log: {written}"), failure.cause.clone()],
            fix: Some(failure.fix.clone()),
            ..symptom(report, link, Level::Warn, &failure.code, failure.symptom.clone())
        })
    })
}

/// What the container lacks, or does in a way that is known to mislead.
fn by_container(
    report: &ServiceReport,
    link: &EngineLink,
    known: Option<&KnownService>,
    container: &ContainerDetail,
) -> Vec<Symptom> {
    let mut found = Vec::new();
    for variable in known.into_iter().flat_map(KnownService::required_environment) {
        let is_set = container.environment.iter().any(|entry| {
            let is_it = |name: &str| name == variable.name || variable.or.iter().any(|other| other == name);
            entry.split_once('=').is_some_and(|(name, value)| is_it(name) && !value.is_empty())
        });
        if !is_set {
            found.push(Symptom {
                evidence: vec![variable.why.clone()],
                fix: Some(format!("set `{}` under `environment`", variable.name)),
                ..symptom(
                    report,
                    link,
                    Level::Warn,
                    "variable_missing",
                    format!("runs without `{}`, which it needs", variable.name),
                )
            });
        }
    }
    let test = container.health_check.as_ref().map(|check| check.test.join(" ")).unwrap_or_default();
    if test.contains("redis-cli") && test.contains("ping") && !test.contains(" -e") && !test.contains("grep") {
        found.push(Symptom {
            evidence: vec![format!("check: {test}")],
            fix: Some("give `redis-cli` the flag `-e`, so that an answer like NOAUTH fails the check".to_owned()),
            ..symptom(
                report,
                link,
                Level::Warn,
                "check_ignores_refusal",
                "its check passes although the password is refused: `redis-cli ping` ends with 0 either way".to_owned(),
            )
        });
    }
    if container.log_driver == "none" {
        found.push(Symptom {
            fix: Some("use the logging driver `local` or `json-file` with a size limit".to_owned()),
            ..symptom(report, link, Level::Warn, "log_lost", "what it writes is thrown away (driver `none`)".to_owned())
        });
    }
    found
}
