// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One engine and its services at one moment, as a screen shows them.

use crate::app::watch::View;
use crate::catalog::Catalog;
use crate::diag::safe_line;
use crate::health::board::{Row, SlotKey};
use crate::health::definition::{Need, labelled_needs};
use crate::health::explain::Background;
use crate::health::history::Change;
use crate::health::observation::{Phase, Probe};
use crate::health::policy::Link;
use crate::health::{Timestamp, Verdict, Why};

/// Whether an engine can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostLink {
    /// It can.
    Live,
    /// It cannot, since then.
    Lost(Timestamp),
}

/// One engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its name, as the user calls it.
    pub context: String,
    /// Whether it can be asked.
    pub link: HostLink,
    /// When this was so, by its clock.
    pub now: Timestamp,
    /// Its services, by project, service and number.
    pub services: Vec<Service>,
    /// What the service that is looked at closely did.
    pub past: Option<Past>,
}

/// One service, or one replica of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Which.
    pub key: SlotKey,
    /// How it is.
    pub verdict: Verdict,
    /// Why; `None` where nothing is left to explain.
    pub why: Option<Why>,
    /// The word for what its process does; `-` without a container.
    pub state: &'static str,
    /// Its container's full id.
    pub id: Option<String>,
    /// Its container's name.
    pub container: Option<String>,
    /// Its image.
    pub image: Option<String>,
    /// Restarts by the engine since the last start by hand.
    pub restarts: u32,
    /// Since when it is as it is, as far as was seen.
    pub since: Option<Timestamp>,
    /// What it needs.
    pub needs: Vec<Need>,
    /// Whether a restart or recreate is perhaps under way.
    pub is_quiet: bool,
}

/// What a service did, as far as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Which service.
    pub key: SlotKey,
    /// Its probes, oldest first.
    pub probes: Vec<Probe>,
    /// Its changes, oldest first.
    pub changes: Vec<Change>,
}

impl Host {
    /// What is known of an engine now; of the service `close` also what it did.
    pub(super) fn of(view: &View<'_>, catalog: &Catalog, close: Option<&SlotKey>) -> Self {
        let rows = view.board.rows(view.now);
        let link = match view.link {
            Link::LiveSince(_) => HostLink::Live,
            Link::Lost => HostLink::Lost(view.board.lost_since(view.context).unwrap_or(view.now)),
        };
        Self {
            context: view.context.to_owned(),
            link,
            now: view.now,
            services: rows.into_iter().map(|row| service(row, view, catalog)).collect(),
            past: close.filter(|key| key.context == view.context).and_then(|key| past(key, view)),
        }
    }
}

/// What must not be shown of a container.
fn secrets<'v>(view: &View<'v>, id: Option<&str>) -> &'v [String] {
    id.and_then(|id| view.secrets.get(id)).map_or(&[], Vec::as_slice)
}

fn service(row: Row, view: &View<'_>, catalog: &Catalog) -> Service {
    let container = row.container.as_ref();
    let definition = view.board.definition(&row.key);
    let image = container.map(|one| one.image.clone()).or_else(|| definition?.image.clone());
    let known = image.as_deref().and_then(|image| catalog.find_text(image));
    let hidden = secrets(view, container.map(|one| one.id.as_str()));
    let why = view.board.why(&row.key, Background { known, log_tail: &[] }, view.now);
    let needs = match definition {
        Some(definition) => definition.needs.clone(),
        None => container.map(|one| labelled_needs(&one.labels)).unwrap_or_default(),
    };
    Service {
        verdict: row.verdict,
        why: why.map(|why| safe(&why, hidden)),
        state: container.map_or("-", |one| word(one.phase())),
        id: container.map(|one| one.id.clone()),
        container: container.map(|one| one.name.clone()),
        image,
        restarts: container.map_or(0, |one| one.restart_count),
        since: row.since,
        needs,
        is_quiet: row.is_quiet,
        key: row.key,
    }
}

/// The reason without what must not be shown.
pub(super) fn safe(why: &Why, secrets: &[String]) -> Why {
    let line = |text: &String| safe_line(text, secrets);
    Why {
        sentence: line(&why.sentence),
        evidence: why.evidence.iter().map(line).collect(),
        hint: why.hint.as_ref().map(line),
    }
}

/// A probe without what must not be shown. Its lines stay lines.
pub(super) fn safe_probe(probe: &Probe, secrets: &[String]) -> Probe {
    let lines: Vec<String> = probe.output.lines().map(|line| safe_line(line, secrets)).collect();
    Probe { output: lines.join("\n"), ..probe.clone() }
}

fn past(key: &SlotKey, view: &View<'_>) -> Option<Past> {
    let history = view.board.history(key)?;
    let rows = view.board.rows(view.now);
    let id = rows.iter().find(|row| row.key == *key).and_then(|row| row.container.as_ref().map(|one| one.id.as_str()));
    let hidden = secrets(view, id);
    Some(Past {
        key: key.clone(),
        probes: history.probes().map(|probe| safe_probe(probe, hidden)).collect(),
        changes: history.changes().copied().collect(),
    })
}

/// The word for what a main process does.
const fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Created => "created",
        Phase::Running => "running",
        Phase::Paused => "paused",
        Phase::Waiting => "restarting",
        Phase::Ended => "exited",
    }
}
