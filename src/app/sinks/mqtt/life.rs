// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One life of a connection, as a machine: events and time in, messages out. It first listens to what the broker keeps,
//! then brings that to what is wanted, a few messages at a time, and goes on doing so.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::claim::{Companion, Mark};
use super::payload::{Health, Trace};
use super::topics;
use super::wanted::{Speaker, Wanted};
use crate::sys::net::{MqttEvent, MqttMessage, MqttSender};

/// Messages on their way at once; what is sent later replaces what waits.
const WINDOW: usize = 32;
/// How long what the broker keeps may take to come.
const LISTENING: Duration = Duration::from_secs(5);
/// How long to go on listening after our own echo.
const SETTLING: Duration = Duration::from_millis(250);
/// A broker that acknowledges nothing for this long is taken for dead.
const SILENCE: Duration = Duration::from_secs(30);
/// Short topics that are kept an eye on; more are not a home's.
const SEEN: usize = 4096;
/// Own payloads whose echo may still come.
const ECHOES: usize = 64;

/// How far a life has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Connecting,
    /// Hears what the broker keeps, until then.
    Listening(Instant),
    Live,
    /// Says its last words.
    Leaving,
    Closing,
}

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

/// The broker went silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Silent;

pub(super) struct Life<'s> {
    speaker: &'s Speaker,
    sender: &'s dyn MqttSender,
    phase: Phase,
    /// Names this life in its echo.
    nonce: String,
    is_blind: bool,
    in_flight: usize,
    heard_at: Instant,
    /// What we keep at the broker; `None` where we do not know its text or want it sent again.
    kept: BTreeMap<String, Option<String>>,
    /// Companions as they were found.
    companions: BTreeMap<String, Companion>,
    /// What lies under short topics, by service, whoever wrote it.
    seen: BTreeMap<String, Mark>,
    /// Services whose short topic is ours.
    ours: BTreeSet<String>,
    /// Payloads of ours under short topics that will come back.
    echoes: VecDeque<(String, Mark)>,
    wanted: Wanted,
}

impl<'s> Life<'s> {
    pub(super) fn new(speaker: &'s Speaker, sender: &'s dyn MqttSender, nonce: String) -> Self {
        Self {
            speaker,
            sender,
            phase: Phase::Connecting,
            nonce,
            is_blind: false,
            in_flight: 0,
            heard_at: Instant::now(),
            kept: BTreeMap::new(),
            companions: BTreeMap::new(),
            seen: BTreeMap::new(),
            ours: BTreeSet::new(),
            echoes: VecDeque::new(),
            wanted: Wanted::default(),
        }
    }

    /// Whether the broker has taken us.
    pub(super) fn is_connected(&self) -> bool {
        self.phase != Phase::Connecting
    }

    /// The last picture's wishes.
    pub(super) fn want(&mut self, wanted: Wanted) {
        self.wanted = wanted;
    }

    /// Messages that are on their way or must still be sent.
    pub(super) fn waiting(&self) -> usize {
        let is_new = |(topic, text): &&(String, String)| self.kept.get(topic) != Some(&Some(text.clone()));
        let shared = self.wanted.shared.iter().filter(|(service, text)| {
            self.ours.contains(*service) && self.kept.get(&topics::health(service)) != Some(&Some((*text).clone()))
        });
        self.in_flight + self.wanted.own.iter().filter(is_new).count() + shared.count()
    }

    /// When [`Self::advance`] has something to do without an event.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.phase {
            Phase::Listening(until) => Some(until),
            _ if self.in_flight > 0 => Some(self.heard_at + SILENCE),
            _ => None,
        }
    }

    /// Takes an event in. Returns whether the connection was closed by us.
    pub(super) fn hear(&mut self, event: MqttEvent, told: &mut Vec<Told>) -> bool {
        match event {
            MqttEvent::Connected => self.begin(),
            MqttEvent::Delivered => {
                self.in_flight = self.in_flight.saturating_sub(1);
                self.heard_at = Instant::now();
                told.push(Told::Delivered);
            }
            MqttEvent::Received(message) => self.receive(&message, told),
            MqttEvent::Closed => return true,
            MqttEvent::Other => {}
        }
        false
    }

    fn begin(&mut self) {
        self.phase = Phase::Listening(Instant::now() + LISTENING);
        let mut listened = vec![self.speaker.topics.all(), topics::ALL_HEALTH.to_owned()];
        if self.speaker.home_assistant {
            listened.push(topics::HOME_ASSISTANT_BIRTH.to_owned());
        }
        for topic in listened {
            // The queue is empty at this moment.
            let _ = self.sender.subscribe(&topic);
        }
        self.send(&self.speaker.topics.status(), "online", true);
        let nonce = self.nonce.clone();
        self.send(&self.speaker.topics.echo(), &nonce, false);
    }

    fn receive(&mut self, message: &MqttMessage, told: &mut Vec<Told>) {
        let MqttMessage { topic, payload, .. } = message;
        if let Some(service) = topics::service_of(topic) {
            self.notice(service, payload, told);
        } else if topic == topics::HOME_ASSISTANT_BIRTH {
            if payload == b"online" {
                self.announce_again();
            }
        } else if let Phase::Listening(until) = self.phase {
            if *topic == self.speaker.topics.echo() && payload == self.nonce.as_bytes() {
                self.phase = Phase::Listening(until.min(Instant::now() + SETTLING));
                self.nonce.clear();
            } else if let Some(service) = self.speaker.topics.owned_service(topic) {
                if let Some(companion) = Companion::read(payload) {
                    self.companions.insert(service.to_owned(), companion);
                }
            } else if self.speaker.topics.is_detail(topic) {
                self.remember(topic, payload);
            }
        }
    }

    /// Details of an earlier life of ours: they, and what they announced, are ours to take away.
    fn remember(&mut self, topic: &str, payload: &[u8]) {
        let Ok(trace) = serde_json::from_slice::<Trace>(payload) else { return };
        if trace.client == self.speaker.client {
            self.kept.insert(topic.to_owned(), None);
            self.kept.extend(trace.discovery.map(|topic| (topic, None)));
        }
    }

    /// Something lies under a short topic now.
    fn notice(&mut self, service: &str, payload: &[u8], told: &mut Vec<Told>) {
        let mark = Mark::of(payload);
        let echo = self.echoes.iter().position(|(of, echo)| of == service && *echo == mark);
        if let Some(at) = echo {
            // What we sent before comes before it, or not at all.
            let mut index = 0;
            self.echoes.retain(|(of, _)| {
                index += 1;
                index > at + 1 || of != service
            });
        }
        if payload.is_empty() {
            self.seen.remove(service);
        } else if self.seen.len() < SEEN || self.seen.contains_key(service) {
            self.seen.insert(service.to_owned(), mark);
        } else {
            // From here on, nobody's topic cannot be told from a stranger's.
            self.is_blind = true;
            told.push(Told::Blind);
        }
        let is_ours = |text: &String| Mark::of(text.as_bytes()) == mark;
        let is_known = self.kept.get(&topics::health(service)).is_some_and(|kept| kept.as_ref().is_some_and(is_ours));
        if echo.is_some() || is_known || self.phase != Phase::Live || !self.ours.contains(service) {
            return;
        }
        let topic = topics::health(service);
        if payload.is_empty() {
            // Somebody took ours away: it is said again.
            self.kept.insert(topic, None);
        } else {
            self.ours.remove(service);
            self.kept.remove(&topic);
            told.push(Told::Foreign(service.to_owned()));
        }
    }

    /// Home Assistant has started and knows nothing.
    fn announce_again(&mut self) {
        let announced = self.kept.iter_mut().filter(|(topic, _)| topic.starts_with("homeassistant/"));
        for (_, text) in announced {
            *text = None;
        }
    }

    /// Sends what there is to be sent.
    ///
    /// # Errors
    /// The broker has been silent for too long.
    pub(super) fn advance(&mut self, told: &mut Vec<Told>) -> Result<(), Silent> {
        let now = Instant::now();
        if self.in_flight > 0 && now >= self.heard_at + SILENCE {
            return Err(Silent);
        }
        if let Phase::Listening(until) = self.phase
            && now >= until
        {
            self.settle(told);
        }
        match self.phase {
            Phase::Live => self.bring_up(told),
            Phase::Leaving if self.in_flight == 0 && self.sender.close().is_ok() => self.phase = Phase::Closing,
            _ => {}
        }
        Ok(())
    }

    /// What the broker keeps is known.
    fn settle(&mut self, told: &mut Vec<Told>) {
        self.phase = Phase::Live;
        // The echo empties the nonce.
        if !self.nonce.is_empty() {
            self.is_blind = true;
            told.push(Told::Blind);
        }
        for (service, companion) in std::mem::take(&mut self.companions) {
            if companion.client != self.speaker.client {
                continue;
            }
            self.kept.insert(self.speaker.topics.owned(&service), None);
            if self.seen.get(&service).is_some_and(|mark| companion.wrote(*mark)) {
                self.kept.insert(topics::health(&service), None);
                self.ours.insert(service);
            }
        }
    }

    /// Sends what differs from what is wanted, as far as there is room.
    fn bring_up(&mut self, told: &mut Vec<Told>) {
        let wanted = std::mem::take(&mut self.wanted);
        self.send_all(&wanted, told);
        self.wanted = wanted;
    }

    fn send_all(&mut self, wanted: &Wanted, told: &mut Vec<Told>) {
        for (topic, text) in &wanted.own {
            if !self.put(topic, text) {
                return;
            }
        }
        for (service, text) in &wanted.shared {
            if self.claim(service, told) && !self.put_shared(service, text) {
                return;
            }
        }
        if wanted.is_whole {
            self.take_away(wanted);
        }
    }

    /// Whether the short topic of a service is ours, or nobody's and from now on ours.
    fn claim(&mut self, service: &str, told: &mut Vec<Told>) -> bool {
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

    /// Sends the companion, then the health. Returns whether there was room.
    fn put_shared(&mut self, service: &str, text: &str) -> bool {
        let topic = topics::health(service);
        if self.kept.get(&topic).is_some_and(|kept| kept.as_deref() == Some(text)) {
            return true;
        }
        // Both or none: a health without its companion would be a stranger's to our next life.
        if self.in_flight + 2 > WINDOW {
            return false;
        }
        let last = self.kept.get(&topic).cloned().flatten().map(|text| Mark::of(text.as_bytes()));
        let before = last.or_else(|| self.seen.get(service).copied());
        let companion = Companion::new(&self.speaker.client, text.as_bytes(), before).text();
        let owned = self.speaker.topics.owned(service);
        if !self.put(&owned, &companion) {
            return false;
        }
        self.expect_echo(service, text);
        self.put(&topic, text)
    }

    fn expect_echo(&mut self, service: &str, text: &str) {
        if self.echoes.len() == ECHOES {
            self.echoes.pop_front();
        }
        self.echoes.push_back((service.to_owned(), Mark::of(text.as_bytes())));
    }

    /// Takes away what is ours and no longer wanted: healths and announcements before that by which they are known.
    fn take_away(&mut self, wanted: &Wanted) {
        let mut stay: BTreeSet<String> = wanted.own.iter().map(|(topic, _)| topic.clone()).collect();
        for service in wanted.shared.keys().filter(|service| self.ours.contains(*service)) {
            stay.insert(topics::health(service));
            stay.insert(self.speaker.topics.owned(service));
        }
        let mut gone: Vec<String> = self.kept.keys().filter(|topic| !stay.contains(*topic)).cloned().collect();
        gone.sort_by_key(|topic| topic.starts_with("stackctl/"));
        for topic in gone {
            if self.in_flight >= WINDOW {
                return;
            }
            if let Some(service) = topics::service_of(&topic) {
                let service = service.to_owned();
                self.expect_echo(&service, "");
                self.ours.remove(&service);
            }
            if !self.send(&topic, "", true) {
                return;
            }
            self.kept.remove(&topic);
        }
    }

    /// Keeps a text under a topic, unless it is kept already. Returns whether there was room.
    fn put(&mut self, topic: &str, text: &str) -> bool {
        if self.kept.get(topic).is_some_and(|kept| kept.as_deref() == Some(text)) {
            return true;
        }
        if !self.send(topic, text, true) {
            return false;
        }
        self.kept.insert(topic.to_owned(), Some(text.to_owned()));
        true
    }

    /// Returns whether there was room.
    fn send(&mut self, topic: &str, text: &str, retain: bool) -> bool {
        let message = MqttMessage { topic: topic.to_owned(), payload: text.as_bytes().to_vec(), retain };
        if self.in_flight >= WINDOW || self.sender.publish(&message).is_err() {
            return false;
        }
        if self.in_flight == 0 {
            self.heard_at = Instant::now();
        }
        self.in_flight += 1;
        true
    }

    /// Says that we leave. Returns whether there is anybody to say it to.
    pub(super) fn leave(&mut self) -> bool {
        if self.phase == Phase::Connecting {
            return false;
        }
        if !matches!(self.phase, Phase::Leaving | Phase::Closing) {
            self.phase = Phase::Leaving;
            // Beyond the window: nothing else is sent any more.
            self.in_flight += 2;
            for (topic, text) in [
                (topics::health(topics::OWN), Health::STOPPED.text()),
                (self.speaker.topics.status(), "offline".to_owned()),
            ] {
                if self.sender.publish(&MqttMessage { topic, payload: text.into_bytes(), retain: true }).is_err() {
                    self.in_flight -= 1;
                }
            }
        }
        true
    }
}
