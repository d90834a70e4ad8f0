// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Known faults that the live stack shows: by its verdicts, by the words in its logs, by what its containers lack.
//!
//! Limits: of a service that is well, only the words that the catalogue knows of that very service are believed.

mod bus_config;
pub(super) mod case;
mod container;
mod dependency;
mod first_start;
mod known;
mod stop;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Level, Symptom};
use crate::app::engines::{EngineLink, Place};
use crate::app::health::log_tail;
use crate::app::observe::{Live, Look};
use crate::app::status::{ServiceReport, service_reports};
use crate::health::Board;
use crate::health::explain::Background;
use crate::health::verdict::Standing;
use crate::sys::engine::{ContainerDetail, Deadline};
use case::{Case, ConfigFile, Finding};

/// The largest configuration file that is read, in bytes.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

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
    let internal = internal_networks(link).await;
    let reports = service_reports(&link.name, look, board, live.context.catalog, &[]);
    for report in &reports {
        found.services += 1;
        let known = report.image.as_ref().and_then(|image| live.context.catalog.find_text(&image.image));
        let seen = report.id.as_ref().and_then(|id| look.seen.as_ref().ok()?.get(id));
        let log = match &report.id {
            Some(id) => log_tail(link, id).await,
            None => Vec::new(),
        };
        let by_its_verdict = by_verdict(report, link, look, board, Background { known, log_tail: &log });
        let told: String = by_its_verdict.iter().flat_map(|symptom| &symptom.evidence).cloned().collect();
        found.symptoms.extend(by_its_verdict);
        let Some(seen) = seen else { continue };
        let case = Case {
            service: &report.service,
            known,
            definition: board.definition(&report.key(&link.name)).filter(|_| !report.is_one_off),
            detail: &seen.detail,
            ports: &seen.ports,
            log: &log,
            events: look.events.iter().filter(|event| event.container == seen.detail.id).collect(),
            internal: &internal,
            configs: &configs(live, link, &seen.detail),
        };
        let findings = case.findings().into_iter().chain(dependency::find(&case, report, &reports, look));
        let news = findings.filter(|finding| !told.contains(&finding.code));
        found.symptoms.extend(news.map(|finding| of_finding(report, link, finding)));
    }
    found
}

/// The networks from which nothing outside is reached. Nothing rests on this alone, so a fault is no more than silence.
async fn internal_networks(link: &EngineLink) -> BTreeSet<String> {
    let Ok(engine) = &link.engine else { return BTreeSet::new() };
    let networks = engine.list_networks("", Deadline::QUESTION).await.unwrap_or_default();
    networks.into_iter().filter(|network| network.internal).map(|network| network.name).collect()
}

/// The `mycroft.conf` files of a container that lie on this machine and can be read.
fn configs(live: &Live<'_>, link: &EngineLink, detail: &ContainerDetail) -> Vec<ConfigFile> {
    if link.place != Place::Here {
        return Vec::new();
    }
    let named = detail.environment.iter().filter_map(|entry| entry.split_once('='));
    let named = named.filter(|(name, _)| *name == bus_config::PATH_VARIABLE).map(|(_, path)| path);
    let inside = bus_config::PATHS[..2].iter().copied().chain(named).chain(bus_config::PATHS[2..].iter().copied());
    inside.filter_map(|path| config(live, detail, path)).collect()
}

fn config(live: &Live<'_>, detail: &ContainerDetail, inside: &str) -> Option<ConfigFile> {
    let holds =
        |target: &str| inside == target || inside.strip_prefix(target).is_some_and(|rest| rest.starts_with('/'));
    let mount = detail.mounts.iter().filter(|mount| holds(&mount.target)).max_by_key(|mount| mount.target.len())?;
    let rest = inside[mount.target.len()..].trim_start_matches('/');
    let path = if rest.is_empty() { PathBuf::from(&mount.source) } else { PathBuf::from(&mount.source).join(rest) };
    let bytes = live.context.files.read(&path, MAX_CONFIG_BYTES).ok()?;
    Some(ConfigFile { path: path.display().to_string(), text: String::from_utf8_lossy(&bytes).into_owned() })
}

fn of_finding(report: &ServiceReport, link: &EngineLink, finding: Finding) -> Symptom {
    Symptom {
        evidence: finding.evidence,
        fix: Some(finding.fix),
        ..symptom(report, link, finding.level, &finding.code, finding.found)
    }
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
    let why = board.why(&report.key(&link.name), background, look.now).unwrap_or_else(|| report.why.clone());
    Some(Symptom {
        evidence: why.evidence,
        fix: why
            .hint
            .or_else(|| Some(format!("`stackctl health {}` shows its probes and what happened", report.service))),
        ..symptom(report, link, level, report.verdict.word(), why.sentence)
    })
}
