// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What lies at the broker, as far as we have heard and said, and whose it is: pure.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::claim::{Companion, Mark};
use super::payload::Trace;
use super::topics::{self, OwnTopics};
use super::wanted::Wanted;

/// Short topics that are kept an eye on; more are not a home's.
const SEEN: usize = 4096;
/// Own payloads whose echo may still come.
const ECHOES: usize = 64;

/// What a life tells the one who leads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// Messages have arrived.
    Delivered,
    /// Somebody else holds the short topic of this service.
    Foreign(String),
    /// What others keep cannot be seen, so nothing is told under short topics.
    Blind,
}

/// What lies at the broker.
#[derive(Debug)]
pub(super) struct Shelf {
    client: String,
    topics: OwnTopics,
    /// What we keep there; `None` where we do not know its text or want it sent again.
    kept: BTreeMap<String, Option<String>>,
    /// Companions as they were found.
    companions: BTreeMap<String, Companion>,
    /// What lies under short topics, by service, whoever wrote it.
    seen: BTreeMap<String, Mark>,
    /// Services whose short topic is ours.
    ours: BTreeSet<String>,
    /// Payloads of ours under short topics that will come back.
    echoes: VecDeque<(String, Mark)>,
    /// Nobody's topic cannot be told from a stranger's.
    is_blind: bool,
}

impl Shelf {
    pub(super) fn new(client: &str, topics: OwnTopics) -> Self {
        Self {
            client: client.to_owned(),
            topics,
            kept: BTreeMap::new(),
            companions: BTreeMap::new(),
            seen: BTreeMap::new(),
            ours: BTreeSet::new(),
            echoes: VecDeque::new(),
            is_blind: false,
        }
    }

    /// Whether this text lies under a topic, by us.
    pub(super) fn has(&self, topic: &str, text: &str) -> bool {
        self.kept.get(topic).is_some_and(|kept| kept.as_deref() == Some(text))
    }

    /// We have put a text there.
    pub(super) fn place(&mut self, topic: &str, text: &str) {
        self.kept.insert(topic.to_owned(), Some(text.to_owned()));
    }

    /// We have taken it away.
    pub(super) fn remove(&mut self, topic: &str) {
        self.kept.remove(topic);
    }

    /// How much of what is wanted does not lie there yet.
    pub(super) fn lacks(&self, wanted: &Wanted) -> usize {
        let own = wanted.own.iter().filter(|(topic, text)| !self.has(topic, text));
        let shared = wanted
            .shared
            .iter()
            .filter(|(service, text)| self.ours.contains(*service) && !self.has(&topics::health(service), text));
        own.count() + shared.count()
    }

    /// Something lies under a topic of ours from an earlier life: details with what they announced, or a companion.
    pub(super) fn remember(&mut self, topic: &str, payload: &[u8]) {
        if let Some(service) = self.topics.owned_service(topic) {
            if let Some(companion) = Companion::read(payload) {
                self.companions.insert(service.to_owned(), companion);
            }
        } else if self.topics.is_detail(topic)
            && let Ok(trace) = serde_json::from_slice::<Trace>(payload)
            && trace.client == self.client
        {
            self.kept.insert(topic.to_owned(), None);
            self.kept.extend(trace.discovery.map(|topic| (topic, None)));
        }
    }

    /// All that the broker keeps was heard, or will not be. Finds out what of it is ours.
    pub(super) fn settle(&mut self, has_heard_all: bool) -> Option<Told> {
        for (service, companion) in std::mem::take(&mut self.companions) {
            if companion.client != self.client {
                continue;
            }
            self.kept.insert(self.topics.owned(&service), None);
            if self.seen.get(&service).is_some_and(|mark| companion.wrote(*mark)) {
                self.kept.insert(topics::health(&service), None);
                self.ours.insert(service);
            }
        }
        self.is_blind |= !has_heard_all;
        (!has_heard_all).then_some(Told::Blind)
    }

    /// Something lies under a short topic now. Before the end of listening nothing follows from it.
    pub(super) fn notice(&mut self, service: &str, payload: &[u8], is_live: bool) -> Option<Told> {
        let mark = Mark::of(payload);
        let is_echo = self.take_echo(service, mark);
        let mut told = None;
        if payload.is_empty() {
            self.seen.remove(service);
        } else if self.seen.len() < SEEN || self.seen.contains_key(service) {
            self.seen.insert(service.to_owned(), mark);
        } else {
            self.is_blind = true;
            told = Some(Told::Blind);
        }
        let topic = topics::health(service);
        let is_ours = |text: &String| Mark::of(text.as_bytes()) == mark;
        let is_known = self.kept.get(&topic).is_some_and(|kept| kept.as_ref().is_some_and(is_ours));
        if is_echo || is_known || !is_live || !self.ours.contains(service) {
            return told;
        }
        if payload.is_empty() {
            // Somebody took ours away: it is said again.
            self.kept.insert(topic, None);
            return told;
        }
        self.ours.remove(service);
        self.kept.remove(&topic);
        Some(Told::Foreign(service.to_owned()))
    }

    /// Whether a payload is one of ours that comes back. What we sent before it comes before it, or not at all.
    fn take_echo(&mut self, service: &str, mark: Mark) -> bool {
        let Some(at) = self.echoes.iter().position(|(of, echo)| of == service && *echo == mark) else { return false };
        let mut index = 0;
        self.echoes.retain(|(of, _)| {
            index += 1;
            index > at + 1 || of != service
        });
        true
    }

    /// A payload of ours will come back.
    pub(super) fn expect_echo(&mut self, service: &str, text: &str) {
        if self.echoes.len() == ECHOES {
            self.echoes.pop_front();
        }
        self.echoes.push_back((service.to_owned(), Mark::of(text.as_bytes())));
    }

    /// Home Assistant has started and knows nothing.
    pub(super) fn announce_again(&mut self) {
        let announced = self.kept.iter_mut().filter(|(topic, _)| topic.starts_with("homeassistant/"));
        for (_, text) in announced {
            *text = None;
        }
    }

    /// Whether the short topic of a service is ours, or nobody's and from now on ours.
    pub(super) fn claim(&mut self, service: &str, told: &mut Vec<Told>) -> bool {
        if self.ours.contains(service) {
            return true;
        }
        if self.is_blind {
            return false;
        }
        if self.seen.contains_key(service) {
            told.push(Told::Foreign(service.to_owned()));
            return false;
        }
        self.ours.insert(service.to_owned())
    }

    /// The companion of a health that is about to be written.
    pub(super) fn companion(&self, service: &str, text: &str) -> Companion {
        let last = self.kept.get(&topics::health(service)).cloned().flatten().map(|text| Mark::of(text.as_bytes()));
        let before = last.or_else(|| self.seen.get(service).copied());
        Companion::new(&self.client, text.as_bytes(), before)
    }

    /// What is ours and no longer wanted: healths and announcements before that by which they are known.
    pub(super) fn unwanted(&self, wanted: &Wanted) -> Vec<String> {
        let mut stay: BTreeSet<String> = wanted.own.iter().map(|(topic, _)| topic.clone()).collect();
        for service in wanted.shared.keys().filter(|service| self.ours.contains(*service)) {
            stay.insert(topics::health(service));
            stay.insert(self.topics.owned(service));
        }
        let mut gone: Vec<String> = self.kept.keys().filter(|topic| !stay.contains(*topic)).cloned().collect();
        gone.sort_by_key(|topic| topic.starts_with("stackctl/"));
        gone
    }

    /// A topic is about to be emptied by us.
    pub(super) fn let_go(&mut self, topic: &str) {
        if let Some(service) = topics::service_of(topic) {
            self.expect_echo(service, "");
            self.ours.remove(service);
        }
    }
}
