// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! States at an MQTT broker, kept there for whoever asks: always the newest, never a queue of old ones.
//!
//! Limits: a broker may let us listen to nothing without saying so; then a stranger's message cannot be told from none.

mod claim;
mod life;
mod payload;
mod shelf;
#[cfg(test)]
mod tests;
mod topics;
mod wanted;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;
use super::tally::{SinkState, Tally};
use super::{Outside, RunName, SinkFault, secrets};
use crate::app::supervise::Picture;
use crate::config::{MqttSettings, Secret};
use crate::sys::net::{MqttClient, MqttError, MqttEvent, MqttMessage, MqttOptions};
use life::Life;
use shelf::Told;
use topics::OwnTopics;
use wanted::{Speaker, wanted};

/// The name of the sink.
pub(super) const NAME: &str = "mqtt";

/// A connection that held for this long was a good one.
const LASTING: Duration = Duration::from_mins(1);

/// How long a test may take.
const TEST_TIME: Duration = Duration::from_secs(10);

/// A broker.
pub(super) struct Mqtt<'a> {
    client: &'a dyn MqttClient,
    host: String,
    port: u16,
    username: Option<String>,
    password: Option<Secret>,
    speaker: Speaker,
    run_id: String,
    lives: Cell<u64>,
    waiting: Cell<usize>,
    changed: Notify,
    tally: Tally,
}

impl<'a> Mqtt<'a> {
    pub(super) fn new(settings: &MqttSettings, outside: Outside<'a>, run: &RunName) -> Result<Self, SinkFault> {
        let password = settings.password.as_ref().map(|source| secrets::read(source, NAME, outside.files));
        let given = settings.client_id.clone();
        let client = given.clone().unwrap_or_else(|| format!("stackctl-{}", run.host));
        let tally = Tally::new(NAME);
        if password.is_some() && settings.username.is_none() {
            tally.note("the password is not used: MQTT has none without `username`".to_owned());
        }
        Ok(Self {
            client: outside.mqtt,
            host: settings.host.clone(),
            port: settings.port,
            username: settings.username.clone(),
            password: password.transpose()?,
            speaker: Speaker {
                host: run.host.clone(),
                version: run.version,
                client,
                topics: OwnTopics::new(given.as_deref().unwrap_or(&run.host)),
                given,
                services: settings.services.clone(),
                home_assistant: settings.home_assistant,
            },
            run_id: run.run_id.clone(),
            lives: Cell::new(0),
            waiting: Cell::new(0),
            changed: Notify::new(),
            tally,
        })
    }

    /// The broker, for people.
    pub(super) fn place(&self) -> String {
        format!("mqtt://{}:{}", self.host, self.port)
    }

    pub(super) fn state(&self) -> SinkState {
        self.tally.state(self.waiting.get())
    }

    /// There is a new picture.
    pub(super) fn changed(&self) {
        self.changed.notify_one();
    }

    /// Keeps the broker up to date until `cancelled`; then says that we leave.
    pub(super) async fn run(&self, picture: &RefCell<Option<Picture>>, cancelled: &CancellationToken) {
        let mut backoff = Backoff::new();
        while let Err(error) = self.live(picture, cancelled, &mut backoff).await {
            self.tally.failed(&error.to_string());
            // All of it will be sent once the broker is back.
            let left = picture.borrow().as_ref().map(|picture| wanted(picture, &self.speaker));
            self.waiting.set(left.map_or(0, |left| left.own.len() + left.shared.len()));
            tokio::select! {
                () = cancelled.cancelled() => return,
                () = tokio::time::sleep(backoff.next()) => {}
            }
        }
    }

    /// One connection, to its end. `Ok` when we have taken leave.
    async fn live(
        &self,
        picture: &RefCell<Option<Picture>>,
        cancelled: &CancellationToken,
        backoff: &mut Backoff,
    ) -> Result<(), MqttError> {
        self.lives.set(self.lives.get() + 1);
        let (sender, mut receiver) = self.client.open(&self.options());
        let nonce = format!("{} {}", self.run_id, self.lives.get());
        let life = RefCell::new(Life::new(&self.speaker, sender.as_ref(), nonce));
        let advance = || {
            let mut told = Vec::new();
            let result = life.borrow_mut().advance(&mut told);
            self.take(told);
            self.waiting.set(life.borrow().waiting());
            result.map_err(|_| MqttError::Broken("it acknowledges nothing".to_owned()))
        };
        let begun = Instant::now();
        let (is_new, stirred) = (Cell::new(true), Notify::new());
        // Not to be broken off between two events: see `MqttReceiver::next`.
        let pump = async {
            loop {
                let event = receiver.next().await?;
                let mut told = Vec::new();
                let is_closed = life.borrow_mut().hear(event, &mut told);
                self.take(told);
                if is_closed {
                    return Ok(());
                }
                if is_new.get() && life.borrow().is_connected() {
                    is_new.set(false);
                    self.look(picture, &life);
                }
                advance()?;
                // Its deadline may be another one now.
                stirred.notify_one();
            }
        };
        let lead = async {
            loop {
                let deadline = life.borrow().deadline();
                tokio::select! {
                    () = cancelled.cancelled() => break,
                    () = self.changed.notified() => self.look(picture, &life),
                    () = sleep_until(deadline) => {}
                    () = stirred.notified() => {}
                }
                advance()?;
            }
            if !life.borrow_mut().leave() {
                return Ok(());
            }
            advance()?;
            std::future::pending().await
        };
        let result = tokio::select! {
            result = pump => result,
            result = lead => result,
        };
        // Two with one name end each other's connections: that is no success to begin anew from.
        if !is_new.get() && begun.elapsed() >= LASTING {
            backoff.reset();
        }
        result
    }

    fn look(&self, picture: &RefCell<Option<Picture>>, life: &RefCell<Life<'_>>) {
        if let Some(picture) = picture.borrow().as_ref() {
            life.borrow_mut().want(wanted(picture, &self.speaker));
        }
    }

    fn take(&self, told: Vec<Told>) {
        for one in told {
            match one {
                Told::Delivered => self.tally.delivered(1),
                Told::Foreign(service) => {
                    let text = format!("somebody else publishes `system/health/{service}`; it is left alone");
                    self.tally.note(text);
                }
                Told::Blind => self.tally.note(
                    "what others keep under `system/health` cannot be seen; of services that are new there nothing is \
                     published"
                        .to_owned(),
                ),
            }
        }
    }

    fn options(&self) -> MqttOptions {
        MqttOptions {
            host: self.host.clone(),
            port: self.port,
            client_id: self.speaker.client.clone(),
            username: self.username.clone(),
            password: self.password.as_ref().map(|password| password.reveal().to_owned()),
            will: MqttMessage { topic: self.speaker.topics.status(), payload: b"offline".to_vec(), retain: true },
        }
    }

    /// Sends a message that nobody keeps, under a name of its own, so that a running supervisor is not disturbed.
    ///
    /// # Errors
    /// Why it did not arrive.
    pub(super) async fn send_test(&self) -> Result<(), String> {
        let message = MqttMessage { topic: self.speaker.topics.test(), payload: b"test".to_vec(), retain: false };
        self.send_once("test", message).await
    }

    /// Sends how an operation ended, to be kept, under a name of its own too.
    ///
    /// # Errors
    /// Why it did not arrive.
    pub(super) async fn send_operation(&self, project: &str, verb: &str, payload: Vec<u8>) -> Result<(), String> {
        let message = MqttMessage { topic: self.speaker.topics.operation(project, verb), payload, retain: true };
        self.send_once("operation", message).await
    }

    async fn send_once(&self, name: &str, message: MqttMessage) -> Result<(), String> {
        let mut options = self.options();
        options.client_id = format!("{}-{name}", options.client_id);
        options.will = message.clone();
        let (sender, mut receiver) = self.client.open(&options);
        let talk = async {
            loop {
                match receiver.next().await.map_err(|error| error.to_string())? {
                    MqttEvent::Connected => {
                        sender.publish(&message).map_err(|_| "the message found no room".to_owned())?;
                    }
                    MqttEvent::Delivered => sender.close().map_err(|_| "the end found no room".to_owned())?,
                    MqttEvent::Closed => return Ok(()),
                    MqttEvent::Received(_) | MqttEvent::Other => {}
                }
            }
        };
        match tokio::time::timeout(TEST_TIME, talk).await {
            Ok(result) => result,
            Err(_) => Err(format!("no answer within {} s", TEST_TIME.as_secs())),
        }
    }
}

/// Waits until then; for ever without a moment.
async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
