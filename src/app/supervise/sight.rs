// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is seen of one engine at one moment, taken off the board so that deciding need not hold up listening.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::report::EngineView;
use crate::app::watch::View;
use crate::catalog::Catalog;
use crate::health::Timestamp;
use crate::health::Verdict;
use crate::health::board::{Row, SlotKey};
use crate::health::explain::Background;
use crate::health::observation::Phase;
use crate::health::policy::{Link, Subject};
use crate::health::verdict::Standing;

/// One engine at one moment.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    pub(super) context: String,
    pub(super) now: Timestamp,
    pub(super) link: Link,
    pub(super) engine: EngineView,
    pub(super) seen: Vec<Seen>,
}

/// One service at one moment.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) subject: Subject,
    pub(super) run: Option<Run>,
    pub(super) why: String,
    pub(super) secrets: Vec<String>,
    pub(super) image: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) probe: Option<TimeDelta>,
}

/// One run of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) container: String,
    pub(super) started_at: Option<Timestamp>,
    /// Restarts by the engine since the last start by hand.
    pub(super) restart_count: u32,
    /// Whether it has a process, or the engine is about to give it one.
    pub(super) is_up: bool,
}

impl Sight {
    /// Looks at everything on the board.
    pub(super) fn take(view: &View<'_>, catalog: Catalog) -> Self {
        let seen = view.board.rows(view.now).into_iter().map(|row| Seen::of(row, view, catalog)).collect();
        Self {
            context: view.context.to_owned(),
            now: view.now,
            link: view.link,
            engine: EngineView { is_up: view.link != Link::Lost, events: view.events, lag: view.lag },
            seen,
        }
    }

    /// Whether the run of a service is still the one that a decision was made about.
    pub(super) fn run(&self, key: &SlotKey) -> Option<&Run> {
        self.seen.iter().find(|seen| seen.subject.key == *key)?.run.as_ref()
    }

    /// The projects in which something is wrong.
    pub(super) fn ailing_projects(&self) -> impl Iterator<Item = &str> {
        let is_ailing = |seen: &&Seen| is_ailing(&seen.subject.verdict);
        self.seen.iter().filter(is_ailing).map(|seen| seen.subject.key.project.as_str())
    }
}

/// Whether a verdict may call for a word or a deed.
fn is_ailing(verdict: &Verdict) -> bool {
    matches!(verdict.standing(), Standing::Bad | Standing::Noticed)
}

impl Seen {
    fn of(row: Row, view: &View<'_>, catalog: Catalog) -> Self {
        let subject = Subject::new(&row, view.board.definition(&row.key));
        let container = row.container.as_ref();
        let why = if is_ailing(&row.verdict) {
            let known = container.and_then(|one| catalog.find_text(&one.image));
            let why = view.board.why(&row.key, Background { known, log_tail: &[] }, view.now);
            why.map(|why| why.sentence).unwrap_or_default()
        } else {
            String::new()
        };
        let secrets = container.and_then(|one| view.secrets.get(&one.id)).cloned().unwrap_or_default();
        let labels = container.map(|one| &one.labels).into_iter().flatten();
        let own = labels.filter(|(name, _)| name.starts_with("stackctl."));
        Self {
            subject,
            why,
            secrets,
            image: container.map(|one| one.image.clone()).unwrap_or_default(),
            labels: own.map(|(name, value)| (name.clone(), value.clone())).collect(),
            probe: container.and_then(|one| one.probes().next_back()).map(|probe| probe.end - probe.start),
            run: row.container.map(|one| Run {
                is_up: matches!(one.phase(), Phase::Running | Phase::Paused | Phase::Waiting),
                container: one.id,
                started_at: one.started_at,
                restart_count: one.restart_count,
            }),
        }
    }
}
