// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From a board to the report of each service.

use std::collections::BTreeSet;

use crate::app::observe::{Look, Seen};
use crate::catalog::{Catalog, ImageRef, Pin};
use crate::diag::secret::is_secret;
use crate::health::board::{Row, SlotKey};
use crate::health::explain::Background;
use crate::health::verdict::Waiting;
use crate::health::{Board, Timestamp, Verdict, Why};
use crate::sys::engine::{ContainerStatus, Port};

/// How firmly an image is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImagePin {
    /// The image as the container was made from it, or as the file names it.
    pub image: String,
    /// Whether it can change under the same name.
    pub is_pinned: bool,
}

/// One service, or one replica of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceReport {
    /// The project.
    pub project: String,
    /// The service.
    pub service: String,
    /// The number of the replica, from 1.
    pub number: u32,
    /// Whether `compose run` made it.
    pub is_one_off: bool,
    /// The container's name, where there is one.
    pub container: Option<String>,
    /// The container's full id, where there is one.
    pub id: Option<String>,
    /// The engine's word for what it does; `-` without a container.
    pub state: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub why: Why,
    /// Restarts by the engine since the last start by hand.
    pub restarts: Option<u32>,
    /// Since when it is as it is, as far as can be told.
    pub since: Option<Timestamp>,
    /// Ports, as `127.0.0.1:8080->80/tcp`, or `80/tcp` where not published.
    pub ports: Vec<String>,
    /// Its image.
    pub image: Option<ImagePin>,
    /// Dependencies that are not yet there.
    pub waiting_for: Vec<Waiting>,
    /// Values that must not be shown, from the container's environment. Not for printing.
    pub secrets: Vec<String>,
}

impl ServiceReport {
    /// Its place on the board, at the engine of this name.
    #[must_use]
    pub fn key(&self, context: &str) -> SlotKey {
        SlotKey {
            context: context.to_owned(),
            project: self.project.clone(),
            service: self.service.clone(),
            number: self.number,
            one_off: self.id.clone().filter(|_| self.is_one_off),
        }
    }

    /// The name as people see it: the number is shown from the second replica on.
    #[must_use]
    pub fn name(&self) -> String {
        let id = self.id.as_deref().and_then(|id| id.get(..12)).unwrap_or_default();
        match (self.is_one_off, self.number) {
            (true, _) => format!("{} (run {id})", self.service),
            (false, 1) => self.service.clone(),
            (false, number) => format!("{}-{number}", self.service),
        }
    }
}

/// The reports of one engine's services: by project, then worst first. `only` names services; empty means all.
#[must_use]
pub fn service_reports(
    context: &str,
    look: &Look,
    board: &Board,
    catalog: &Catalog,
    only: &[String],
) -> Vec<ServiceReport> {
    let is_asked = |row: &Row| only.is_empty() || only.contains(&row.key.service);
    let rows = board.rows(look.now).into_iter().filter(|row| row.key.context == context && is_asked(row));
    let mut reports: Vec<ServiceReport> = rows.map(|row| report(row, look, board, catalog)).collect();
    reports.sort_by_key(|report| {
        (
            report.project.clone(),
            std::cmp::Reverse(report.verdict.severity()),
            report.service.clone(),
            report.number,
            report.id.clone(),
        )
    });
    reports
}

fn report(row: Row, look: &Look, board: &Board, catalog: &Catalog) -> ServiceReport {
    let container = row.container.as_ref();
    let seen = container.and_then(|one| look.seen.as_ref().ok()?.get(&one.id));
    let image = container.map(|one| one.image.clone()).or_else(|| board.definition(&row.key)?.image.clone());
    let background = Background { known: image.as_deref().and_then(|image| catalog.find_text(image)), log_tail: &[] };
    let why = board.why(&row.key, background, look.now).unwrap_or_else(|| Why {
        sentence: "nothing is known of it".to_owned(),
        evidence: Vec::new(),
        hint: None,
    });
    ServiceReport {
        container: container.map(|one| one.name.clone()),
        id: container.map(|one| one.id.clone()),
        state: seen.map_or("-", |seen| word(seen.detail.state.status)),
        why,
        restarts: container.map(|one| one.restart_count),
        since: row.since.filter(|_| container.is_some()),
        ports: seen.map(ports).unwrap_or_default(),
        image: image.map(|image| pin(image, catalog)),
        secrets: seen.map(|seen| secrets(&seen.detail.environment)).unwrap_or_default(),
        waiting_for: row.waiting_for,
        verdict: row.verdict,
        is_one_off: row.key.one_off.is_some(),
        number: row.key.number,
        project: row.key.project,
        service: row.key.service,
    }
}

/// The engine's own word.
const fn word(status: ContainerStatus) -> &'static str {
    match status {
        ContainerStatus::Created => "created",
        ContainerStatus::Running => "running",
        ContainerStatus::Paused => "paused",
        ContainerStatus::Restarting => "restarting",
        ContainerStatus::Removing => "removing",
        ContainerStatus::Exited => "exited",
        ContainerStatus::Dead => "dead",
        ContainerStatus::Unknown => "unknown",
    }
}

fn pin(image: String, catalog: &Catalog) -> ImagePin {
    let is_pinned = ImageRef::parse(&image).is_ok_and(|reference| Pin::is_pinned(catalog.pin(&reference)));
    ImagePin { image, is_pinned }
}

/// Published ports first. The same port on IPv4 and IPv6 wildcards is told once.
fn ports(seen: &Seen) -> Vec<String> {
    let mut told = BTreeSet::new();
    let mut sorted: Vec<&Port> = seen.ports.iter().collect();
    sorted.sort_by_key(|port| (port.public.is_none(), port.private, port.address));
    sorted.into_iter().map(port_text).filter(|text| told.insert(text.clone())).collect()
}

fn port_text(port: &Port) -> String {
    let inner = format!("{}/{}", port.private, port.protocol);
    let Some(public) = port.public else { return inner };
    match port.address {
        Some(address) if address.is_unspecified() => format!("*:{public}->{inner}"),
        Some(address) if address.is_ipv6() => format!("[{address}]:{public}->{inner}"),
        Some(address) => format!("{address}:{public}->{inner}"),
        None => format!("*:{public}->{inner}"),
    }
}

/// The values of an environment that are secrets by their names.
#[must_use]
pub fn secrets(environment: &[String]) -> Vec<String> {
    let pairs = environment.iter().filter_map(|entry| entry.split_once('='));
    pairs.filter(|(name, value)| is_secret(name, value)).map(|(_, value)| value.to_owned()).collect()
}
