// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! All that the screen shows.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::filter::Filter;
use super::keymap::Keymap;
use super::look::Look;
use super::panel::backups::Backups;
use super::panel::events::Events;
use super::panel::findings::Findings;
use super::panel::graph::Graph;
use super::panel::health::Health;
use super::panel::logs::Logs;
use super::panel::stack::Stack;
use super::panel::supervisor::Supervisor;
use super::popup::Popup;
use super::tab::Tab;
use crate::app::dashboard::{Host, HostLink, Service};
use crate::health::Timestamp;
use crate::health::board::SlotKey;
use crate::health::verdict::Standing;

/// How long a word about what was done stays.
const TOLD_FOR: TimeDelta = TimeDelta::seconds(8);

/// Whether anything may be changed from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// It may, after a yes.
    Act,
    /// It may not.
    Look,
}

/// What a dashboard begins with.
#[derive(Debug, Clone)]
pub struct Start {
    /// The project that is looked at; `None`: all.
    pub project: Option<String>,
    /// What to know before the first look: about the file, about engines.
    pub notes: Vec<String>,
    /// Engines that cannot be asked, with the reason and the next step.
    pub faults: Vec<(String, String, Option<String>)>,
    /// Whether anything may be changed.
    pub permission: Permission,
    /// Colours and signs.
    pub look: Look,
    /// Keys.
    pub keymap: Keymap,
    /// The columns of the stack, by name, in their order.
    pub columns: Vec<String>,
    /// The time.
    pub now: Timestamp,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
}

/// One engine as far as it is known.
#[derive(Debug, Clone)]
pub struct Engine {
    /// What it said last.
    pub host: Host,
    /// Why it cannot be asked, and the next step.
    pub fault: Option<(String, Option<String>)>,
}

/// A word about what was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The word.
    pub text: String,
    /// Whether it is good.
    pub standing: Standing,
    /// Until when it stays.
    pub until: Timestamp,
}

/// All that the screen shows.
#[derive(Debug, Clone)]
pub struct Model {
    /// What it began with.
    pub start: Start,
    /// The engines, by name.
    pub engines: BTreeMap<String, Engine>,
    /// The tab.
    pub tab: Tab,
    /// Columns and rows.
    pub size: (u16, u16),
    /// The time, by our clock.
    pub now: Timestamp,
    /// The service that is chosen, whatever becomes of its place.
    pub chosen: Option<SlotKey>,
    /// Which services are shown.
    pub filter: Filter,
    /// What stands before everything else.
    pub popup: Option<Popup>,
    /// A word about what was done.
    pub told: Option<Told>,
    /// Whether the mouse is ours.
    pub has_mouse: bool,
    /// The tab of services.
    pub stack: Stack,
    /// The tab of one service's health.
    pub health: Health,
    /// The tab of logs.
    pub logs: Logs,
    /// The tab of what happened.
    pub events: Events,
    /// The tab of who needs whom.
    pub graph: Graph,
    /// The tab of restore points.
    pub backups: Backups,
    /// The tab of what may be done by itself.
    pub supervisor: Supervisor,
    /// The tab of findings.
    pub findings: Findings,
}

impl Model {
    /// Before anything is known.
    #[must_use]
    pub fn new(start: Start) -> Self {
        Self {
            engines: BTreeMap::new(),
            tab: Tab::Stack,
            size: start.size,
            now: start.now,
            chosen: None,
            filter: Filter::default(),
            popup: None,
            told: None,
            has_mouse: false,
            stack: Stack::default(),
            health: Health::default(),
            logs: Logs::default(),
            events: Events::default(),
            graph: Graph::default(),
            backups: Backups::default(),
            supervisor: Supervisor::default(),
            findings: Findings::default(),
            start,
        }
    }

    /// Every service of every engine, by engine, project, service and number.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.engines.values().flat_map(|engine| &engine.host.services)
    }

    /// A service.
    #[must_use]
    pub fn service(&self, key: &SlotKey) -> Option<&Service> {
        self.engines.get(&key.context)?.host.services.iter().find(|one| one.key == *key)
    }

    /// The chosen service.
    #[must_use]
    pub fn chosen(&self) -> Option<&Service> {
        self.service(self.chosen.as_ref()?)
    }

    /// Since when an engine cannot be asked; `None` while it can.
    #[must_use]
    pub fn lost_since(&self, context: &str) -> Option<Timestamp> {
        match self.engines.get(context)?.host.link {
            HostLink::Live => None,
            HostLink::Lost(since) => Some(since),
        }
    }

    /// The services that need this one, with what they are.
    pub fn dependants<'m>(&'m self, key: &'m SlotKey) -> impl Iterator<Item = &'m Service> {
        let services = self.engines.get(&key.context).into_iter().flat_map(|engine| &engine.host.services);
        services.filter(move |one| {
            one.key.project == key.project && one.needs.iter().any(|need| need.service == key.service)
        })
    }

    /// Whether what came changes what is on the screen. A view that says the same as before moves the clocks alone, and
    /// those only where seconds are shown, or when a minute has passed.
    #[must_use]
    pub fn is_shown_by(&self, msg: &super::msg::Msg) -> bool {
        let super::msg::Msg::Host(host) = msg else { return true };
        let Some(known) = self.engines.get(&host.context) else { return true };
        let old = &known.host;
        let has_news = old.services != host.services || old.link != host.link || old.past != host.past;
        let is_young = |since: Timestamp| host.now - since < TimeDelta::hours(1);
        let has_seconds = host.services.iter().filter_map(|one| one.since).any(is_young);
        let counts_down = self.tab == Tab::Supervisor && self.supervisor.counts_down();
        let is_over = self.told.as_ref().is_some_and(|told| told.until <= host.now);
        has_news || has_seconds || counts_down || is_over || old.now.timestamp() / 60 != host.now.timestamp() / 60
    }

    /// Says something for a while.
    pub(super) fn tell(&mut self, standing: Standing, text: String) {
        self.told = Some(Told { text, standing, until: self.now + TOLD_FOR });
    }
}
