// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One life of a connection, as a machine: events and time in, messages out. It first listens to what the broker keeps,
//! then brings that to what is wanted, a few messages at a time, and goes on doing so.

use std::time::Duration;

use tokio::time::Instant;

use super::payload::Health;
use super::shelf::{Shelf, Told};
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

/// The broker went silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Silent;

pub(super) struct Life<'s> {
    speaker: &'s Speaker,
    sender: &'s dyn MqttSender,
    phase: Phase,
    /// Names this life in its echo.
    nonce: String,
    in_flight: usize,
    heard_at: Instant,
    shelf: Shelf,
    wanted: Wanted,
}

impl<'s> Life<'s> {
    pub(super) fn new(speaker: &'s Speaker, sender: &'s dyn MqttSender, nonce: String) -> Self {
        Self {
            speaker,
            sender,
            phase: Phase::Connecting,
            nonce,
            in_flight: 0,
            heard_at: Instant::now(),
            shelf: Shelf::new(&speaker.client, speaker.topics.clone()),
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
        self.in_flight + self.shelf.lacks(&self.wanted)
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
            told.extend(self.shelf.notice(service, payload, self.phase == Phase::Live));
        } else if topic == topics::HOME_ASSISTANT_BIRTH {
            if payload == b"online" {
                self.shelf.announce_again();
            }
        } else if let Phase::Listening(until) = self.phase {
            if *topic == self.speaker.topics.echo() && payload == self.nonce.as_bytes() {
                self.phase = Phase::Listening(until.min(Instant::now() + SETTLING));
                self.nonce.clear();
            } else {
                self.shelf.remember(topic, payload);
            }
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
            self.phase = Phase::Live;
            // The echo empties the nonce.
            told.extend(self.shelf.settle(self.nonce.is_empty()));
        }
        match self.phase {
            Phase::Live => self.bring_up(told),
            Phase::Leaving if self.in_flight == 0 && self.sender.close().is_ok() => self.phase = Phase::Closing,
            _ => {}
        }
        Ok(())
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
            if self.shelf.claim(service, told) && !self.put_shared(service, text) {
                return;
            }
        }
        if wanted.is_whole {
            self.take_away(wanted);
        }
    }

    /// Sends the companion, then the health. Returns whether there was room.
    fn put_shared(&mut self, service: &str, text: &str) -> bool {
        let topic = topics::health(service);
        if self.shelf.has(&topic, text) {
            return true;
        }
        // Both or none: a health without its companion would be a stranger's to our next life.
        if self.in_flight + 2 > WINDOW {
            return false;
        }
        let companion = self.shelf.companion(service, text).text();
        if !self.put(&self.speaker.topics.owned(service), &companion) {
            return false;
        }
        self.shelf.expect_echo(service, text);
        self.put(&topic, text)
    }

    /// Takes away what is ours and no longer wanted.
    fn take_away(&mut self, wanted: &Wanted) {
        for topic in self.shelf.unwanted(wanted) {
            if self.in_flight >= WINDOW {
                return;
            }
            self.shelf.let_go(&topic);
            if !self.send(&topic, "", true) {
                return;
            }
            self.shelf.remove(&topic);
        }
    }

    /// Keeps a text under a topic, unless it is kept already. Returns whether there was room.
    fn put(&mut self, topic: &str, text: &str) -> bool {
        if self.shelf.has(topic, text) {
            return true;
        }
        if !self.send(topic, text, true) {
            return false;
        }
        self.shelf.place(topic, text);
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
