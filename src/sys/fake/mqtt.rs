// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A broker in memory: retained messages, wildcards, last wills, and a door that can be shut.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::rc::{Rc, Weak};

use tokio::sync::Notify;

use crate::sys::net::{MqttClient, MqttError, MqttEvent, MqttFull, MqttMessage, MqttOptions, MqttReceiver, MqttSender};

/// A broker that any number of clients in one thread may use.
#[derive(Debug, Default, Clone)]
pub struct FakeBroker {
    inner: Rc<RefCell<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    is_shut: bool,
    is_deaf: bool,
    retained: BTreeMap<String, Vec<u8>>,
    log: Vec<MqttMessage>,
    sessions: Vec<Weak<Session>>,
    opened: usize,
}

#[derive(Debug)]
struct Session {
    will: MqttMessage,
    events: RefCell<VecDeque<Result<MqttEvent, MqttError>>>,
    topics: RefCell<Vec<String>>,
    filled: Notify,
    broker: Weak<RefCell<Inner>>,
    has_left: RefCell<bool>,
}

impl FakeBroker {
    /// What it keeps under a topic.
    #[must_use]
    pub fn retained(&self, topic: &str) -> Option<String> {
        let inner = self.inner.borrow();
        inner.retained.get(topic).map(|payload| String::from_utf8_lossy(payload).into_owned())
    }

    /// The topics under which it keeps something.
    #[must_use]
    pub fn topics(&self) -> Vec<String> {
        self.inner.borrow().retained.keys().cloned().collect()
    }

    /// All messages of clients, in order.
    #[must_use]
    pub fn log(&self) -> Vec<MqttMessage> {
        self.inner.borrow().log.clone()
    }

    /// How many connections were begun.
    #[must_use]
    pub fn opened(&self) -> usize {
        self.inner.borrow().opened
    }

    /// Somebody else says something.
    pub fn say(&self, topic: &str, payload: &str, retain: bool) {
        let message = MqttMessage { topic: topic.to_owned(), payload: payload.into(), retain };
        spread(&self.inner, &message);
    }

    /// Ends all connections, and takes new ones only when `is_shut` is false. Wills are said.
    pub fn drop_all(&self, is_shut: bool) {
        self.inner.borrow_mut().is_shut = is_shut;
        let sessions: Vec<_> = self.inner.borrow_mut().sessions.drain(..).filter_map(|one| one.upgrade()).collect();
        for session in sessions {
            session.say_will();
            session.put(Err(MqttError::Broken("dropped".to_owned())));
        }
    }

    /// From now on it takes what is sent and never says that it has arrived.
    pub fn go_deaf(&self) {
        self.inner.borrow_mut().is_deaf = true;
    }
}

impl MqttClient for FakeBroker {
    fn open(&self, options: &MqttOptions) -> (Box<dyn MqttSender>, Box<dyn MqttReceiver>) {
        let mut inner = self.inner.borrow_mut();
        inner.opened += 1;
        let first = if inner.is_shut {
            Err(MqttError::Unreachable("nobody there".to_owned()))
        } else {
            Ok(MqttEvent::Connected)
        };
        let session = Rc::new(Session {
            will: options.will.clone(),
            events: RefCell::new([first].into()),
            topics: RefCell::default(),
            filled: Notify::new(),
            broker: Rc::downgrade(&self.inner),
            has_left: RefCell::new(inner.is_shut),
        });
        if !inner.is_shut {
            inner.sessions.push(Rc::downgrade(&session));
        }
        (Box::new(Sender(Rc::clone(&session))), Box::new(Receiver(session)))
    }
}

/// Keeps a message where it is to be kept, and hands it to those who listen.
fn spread(broker: &RefCell<Inner>, message: &MqttMessage) {
    let sessions: Vec<_> = {
        let mut inner = broker.borrow_mut();
        if message.retain && message.payload.is_empty() {
            inner.retained.remove(&message.topic);
        } else if message.retain {
            inner.retained.insert(message.topic.clone(), message.payload.clone());
        }
        inner.sessions.iter().filter_map(Weak::upgrade).collect()
    };
    for session in sessions {
        if session.topics.borrow().iter().any(|pattern| matches(pattern, &message.topic)) {
            session.put(Ok(MqttEvent::Received(MqttMessage { retain: false, ..message.clone() })));
        }
    }
}

/// Whether a topic is meant by a pattern with `+` and `#`.
fn matches(pattern: &str, topic: &str) -> bool {
    let (mut wanted, mut levels) = (pattern.split('/'), topic.split('/'));
    loop {
        match (wanted.next(), levels.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some("+"), Some(_)) => {}
            (Some(wanted), Some(level)) if wanted == level => {}
            _ => return false,
        }
    }
}

impl Session {
    fn put(&self, event: Result<MqttEvent, MqttError>) {
        self.events.borrow_mut().push_back(event);
        self.filled.notify_one();
    }

    fn say_will(&self) {
        if !self.has_left.replace(true)
            && let Some(broker) = self.broker.upgrade()
        {
            spread(&broker, &self.will);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.say_will();
    }
}

struct Sender(Rc<Session>);

impl MqttSender for Sender {
    fn publish(&self, message: &MqttMessage) -> Result<(), MqttFull> {
        let Some(broker) = self.0.broker.upgrade() else { return Ok(()) };
        if *self.0.has_left.borrow() {
            return Ok(());
        }
        broker.borrow_mut().log.push(message.clone());
        spread(&broker, message);
        if !broker.borrow().is_deaf {
            self.0.put(Ok(MqttEvent::Delivered));
        }
        Ok(())
    }

    fn subscribe(&self, topic: &str) -> Result<(), MqttFull> {
        self.0.topics.borrow_mut().push(topic.to_owned());
        let Some(broker) = self.0.broker.upgrade() else { return Ok(()) };
        for (kept, payload) in broker.borrow().retained.iter().filter(|(kept, _)| matches(topic, kept)) {
            let message = MqttMessage { topic: kept.clone(), payload: payload.clone(), retain: true };
            self.0.put(Ok(MqttEvent::Received(message)));
        }
        Ok(())
    }

    fn close(&self) -> Result<(), MqttFull> {
        self.0.has_left.replace(true);
        self.0.put(Ok(MqttEvent::Closed));
        Ok(())
    }
}

struct Receiver(Rc<Session>);

impl MqttReceiver for Receiver {
    fn next<'a>(&'a mut self) -> Pin<Box<dyn Future<Output = Result<MqttEvent, MqttError>> + 'a>> {
        Box::pin(async move {
            loop {
                let next = self.0.events.borrow_mut().pop_front();
                match next {
                    Some(event) => return event,
                    None => self.0.filled.notified().await,
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_at_a_broker() {
        for (pattern, topic) in [("a/+", "a/b"), ("a/#", "a/b/c"), ("a/#", "a"), ("a", "a"), ("+/b", "a/b")] {
            assert!(matches(pattern, topic), "{pattern} {topic}");
        }
        for (pattern, topic) in [("a/+", "a/b/c"), ("a", "a/b"), ("a/+", "a"), ("b/#", "a/b")] {
            assert!(!matches(pattern, topic), "{pattern} {topic}");
        }
    }
}
