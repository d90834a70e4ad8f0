// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Somebody else at an MQTT broker, who hears everything. Gone with the value.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use stackctl::sys::net::{MqttClient as _, MqttEvent, MqttMessage, MqttOptions, MqttReceiver, MqttSender};
use stackctl::sys::os::net::OsMqtt;
use tokio::sync::{mpsc, oneshot};

use super::stage::PATIENCE;

/// Comes back once everything before it has.
const FENCE: &str = "witness/fence";

type Log = Arc<Mutex<Vec<(String, String)>>>;

/// A listener with its own connection.
pub(crate) struct Witness {
    log: Log,
    to_say: mpsc::UnboundedSender<MqttMessage>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Witness {
    /// Connects, and has heard what the broker keeps. `name` is nobody else's at this broker.
    #[track_caller]
    pub(crate) fn new(broker: SocketAddr, name: &str) -> Self {
        let log = Log::default();
        let (to_say, says) = mpsc::unbounded_channel();
        let (stop, stopped) = oneshot::channel();
        let (options, heard) = (options(broker, name), Arc::clone(&log));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let (sender, receiver) = OsMqtt.open(&options);
                tokio::select! {
                    () = listen(sender.as_ref(), receiver, &heard) => {}
                    () = speak(sender.as_ref(), says) => {}
                    _ = stopped => {}
                }
            });
        });
        let witness = Self { log, to_say, stop: Some(stop), thread: Some(thread) };
        witness.until("what is kept", |all| all.iter().any(|(topic, _)| topic == FENCE));
        witness
    }

    /// Leaves a message at the broker; an empty one takes it away.
    pub(crate) fn keep(&self, topic: &str, payload: &str) {
        self.say(topic, payload, true);
        self.wait_for(topic, payload);
    }

    fn say(&self, topic: &str, payload: &str, retain: bool) {
        let message = MqttMessage { topic: topic.to_owned(), payload: payload.into(), retain };
        self.to_say.send(message).expect("the witness is there");
    }

    /// Waits until messages, as topic and payload, are as they should be.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, is: impl Fn(&[(String, String)]) -> bool) {
        let begin = Instant::now();
        loop {
            let heard = self.all();
            if is(&heard) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}; heard: {heard:#?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the last message under a topic is this one.
    #[track_caller]
    pub(crate) fn wait_for(&self, topic: &str, payload: &str) {
        self.until(&format!("{payload:?} under {topic}"), |all| last(all, topic) == Some(payload));
    }

    /// Every message under a topic, the first first.
    pub(crate) fn under(&self, topic: &str) -> Vec<String> {
        let log = self.log.lock().expect("the log");
        log.iter().filter(|(of, _)| of == topic).map(|(_, payload)| payload.clone()).collect()
    }

    /// The last message under a topic.
    pub(crate) fn last(&self, topic: &str) -> Option<String> {
        last(&self.log.lock().expect("the log"), topic).map(str::to_owned)
    }

    /// Every message.
    pub(crate) fn all(&self) -> Vec<(String, String)> {
        self.log.lock().expect("the log").clone()
    }
}

/// What the broker keeps now: that, and nothing else, is heard by one who comes late.
#[track_caller]
pub(crate) fn kept(broker: SocketAddr) -> std::collections::BTreeMap<String, String> {
    let mut kept: std::collections::BTreeMap<_, _> = Witness::new(broker, "late").all().into_iter().collect();
    kept.remove(FENCE);
    kept
}

fn last<'a>(all: &'a [(String, String)], topic: &str) -> Option<&'a str> {
    all.iter().rfind(|(of, _)| of == topic).map(|(_, payload)| payload.as_str())
}

fn options(broker: SocketAddr, name: &str) -> MqttOptions {
    MqttOptions {
        host: broker.ip().to_string(),
        port: broker.port(),
        client_id: format!("witness-{name}"),
        username: None,
        password: None,
        will: MqttMessage { topic: format!("witness/{name}"), payload: Vec::new(), retain: false },
    }
}

async fn listen(sender: &dyn MqttSender, mut receiver: Box<dyn MqttReceiver>, heard: &Log) {
    loop {
        match receiver.next().await.expect("the broker goes on") {
            MqttEvent::Connected => {
                sender.subscribe("#").expect("room");
                let fence = MqttMessage { topic: FENCE.to_owned(), payload: b"x".to_vec(), retain: false };
                sender.publish(&fence).expect("room");
            }
            MqttEvent::Received(message) => {
                let text = String::from_utf8(message.payload).expect("text");
                heard.lock().expect("the log").push((message.topic, text));
            }
            _ => {}
        }
    }
}

async fn speak(sender: &dyn MqttSender, mut says: mpsc::UnboundedReceiver<MqttMessage>) {
    while let Some(message) = says.recv().await {
        sender.publish(&message).expect("room");
    }
    std::future::pending::<()>().await;
}

impl Drop for Witness {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
