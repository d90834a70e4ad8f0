// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What lies at a real broker, byte for byte. Each test has a host and services of its own, and takes them away again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;

use chrono::DateTime;
use stackctl::app::sinks::{Messenger, Operation, Outside, RunName, Success};
use stackctl::app::supervise::Picture;
use stackctl::sys::net::{MqttClient as _, MqttEvent, MqttMessage, MqttOptions};
use stackctl::sys::os::OsFiles;
use stackctl::sys::os::net::{OsHttp, OsMqtt, OsServer};
use tokio_util::sync::CancellationToken;

use super::super::support::shared_broker;
use super::{PATIENCE, picture, settings, sick, sinks, until, view};

const OK: &str = r#"{"ok":true,"event":null,"err":null}"#;

/// Somebody else at the broker, who hears everything.
#[derive(Default)]
struct Witness {
    kept: RefCell<BTreeMap<String, String>>,
    removed: RefCell<Vec<String>>,
    to_say: RefCell<Vec<MqttMessage>>,
}

impl Witness {
    fn kept(&self, topic: &str) -> Option<String> {
        self.kept.borrow().get(topic).cloned()
    }

    fn was_removed(&self, topic: &str) -> bool {
        self.removed.borrow().iter().any(|one| one == topic)
    }

    fn say(&self, topic: &str, payload: &str) {
        let message = MqttMessage { topic: topic.to_owned(), payload: payload.into(), retain: true };
        self.to_say.borrow_mut().push(message);
    }

    /// Listens beside the steps.
    async fn during(&self, broker: &str, name: &str, steps: impl Future<Output = ()>) {
        let (host, port) = broker.rsplit_once(':').unwrap();
        let options = MqttOptions {
            host: host.to_owned(),
            port: port.parse().unwrap(),
            client_id: format!("witness-{name}"),
            username: None,
            password: None,
            will: MqttMessage { topic: format!("witness/{name}"), payload: Vec::new(), retain: false },
        };
        let (sender, mut receiver) = OsMqtt.open(&options);
        let listening = async {
            loop {
                match receiver.next().await.unwrap() {
                    MqttEvent::Connected => sender.subscribe("#").unwrap(),
                    MqttEvent::Received(message) if message.payload.is_empty() => {
                        self.kept.borrow_mut().remove(&message.topic);
                        self.removed.borrow_mut().push(message.topic);
                    }
                    MqttEvent::Received(message) => {
                        let text = String::from_utf8(message.payload).unwrap();
                        self.kept.borrow_mut().insert(message.topic, text);
                    }
                    _ => {}
                }
            }
        };
        let saying = async {
            loop {
                for message in self.to_say.take() {
                    sender.publish(&message).unwrap();
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        tokio::select! {
            () = steps => {}
            () = listening => {}
            () = saying => {}
            () = tokio::time::sleep(PATIENCE * 2) => panic!("it does not end"),
        }
    }
}

/// What the broker keeps now, as one hears who comes late: retained messages alone.
async fn late(broker: &str, name: &str, enough: impl Fn(&Witness) -> bool) -> Witness {
    let witness = Witness::default();
    witness.during(broker, name, until("what is kept", || enough(&witness))).await;
    witness
}

fn shown(service: &str, why: Option<&str>) -> Picture {
    picture(vec![why.map_or_else(|| view(service), |why| sick(service, why))])
}

#[tokio::test]
async fn states_are_kept_byte_for_byte_and_taken_away() {
    let Some(broker) = shared_broker() else { return };
    let http = OsHttp::new(&OsFiles, None);
    let text = format!("[mqtt]\nbroker = \"mqtt://{broker}\"\nhome_assistant = true\n");
    let sinks = sinks(&text, &http, "it-keep");
    let (health, status) = ("system/health/it-keep-bus", "stackctl/it-keep/status");
    let cancelled = CancellationToken::new();
    let witness = Witness::default();
    let steps = async {
        sinks.show(shown("it-keep-bus", None));
        until("the first state", || witness.kept(health).as_deref() == Some(OK)).await;
        sinks.show(shown("it-keep-bus", Some("exit 7: password=hunter22hunter")));
        until("the second state", || witness.kept(health).is_some_and(|text| text != OK)).await;
        // Whoever comes late finds it kept.
        let kept = late(&broker, "late", |kept| kept.kept(health).is_some() && kept.kept(status).is_some()).await;
        let text = kept.kept(health).unwrap();
        assert!(text.starts_with(r#"{"ok":false,"event":"unhealthy","err":"exit 7: password="#), "{text}");
        assert!(!text.contains("hunter22"), "{text}");
        assert_eq!(kept.kept(status).as_deref(), Some("online"));
        let announced = "homeassistant/binary_sensor/stackctl_voice_it-keep-bus/config";
        until("Home Assistant is told", || witness.kept(announced).is_some()).await;
        let topics = [
            health,
            announced,
            "stackctl/it-keep/voice/it-keep-bus",
            "stackctl/it-keep/owned/system/health/it-keep-bus",
        ];
        sinks.show(picture(Vec::new()));
        until("all is taken away", || topics.iter().all(|topic| witness.was_removed(topic))).await;
        cancelled.cancel();
    };
    let all = async {
        tokio::join!(sinks.run(&cancelled), steps);
        until("we have left", || witness.kept(status).as_deref() == Some("offline")).await;
    };
    witness.during(&broker, "keep", all).await;
    assert_eq!(sinks.states()[0].last_error, None);
}

#[tokio::test]
async fn the_end_of_an_operation_is_kept_and_no_supervisor_takes_it_away() {
    let Some(broker) = shared_broker() else { return };
    let http = OsHttp::new(&OsFiles, None);
    let text = format!("[mqtt]\nbroker = \"mqtt://{broker}\"\n");
    let outside = Outside { files: &OsFiles, http: &http, server: &OsServer, mqtt: &OsMqtt };
    let run = RunName { run_id: "r1".to_owned(), host: "it-end".to_owned(), version: "1.2.3" };
    let messenger = Messenger::new(&settings(&text), outside, &run).unwrap();
    let ended = Operation {
        verb: "backup",
        project: "voice".to_owned(),
        success: Success::Failed,
        text: "no space left: password=hunter22hunter".to_owned(),
        at: DateTime::UNIX_EPOCH,
    };
    assert_eq!(messenger.tell(&ended).await, []);
    let topic = "stackctl/it-end/voice/operation/backup";
    let sinks = sinks(&text, &http, "it-end");
    let cancelled = CancellationToken::new();
    let witness = Witness::default();
    let steps = async {
        until("it is kept", || witness.kept(topic).is_some()).await;
        let told: serde_json::Value = serde_json::from_str(&witness.kept(topic).unwrap()).unwrap();
        assert_eq!(
            [&told["schema"], &told["operation"], &told["project"], &told["ok"]],
            ["stackctl/operation/v1".into(), "backup".into(), "voice".into(), serde_json::Value::Bool(false)]
                .each_ref()
        );
        assert!(told["text"].as_str().is_some_and(|text| !text.contains("hunter22")), "{told}");
        // A supervisor takes away what it does not know of its services, and this is none of them.
        sinks.show(shown("it-end-bus", None));
        let detail = "stackctl/it-end/voice/it-end-bus";
        until("the service is told", || witness.kept(detail).is_some()).await;
        sinks.show(picture(Vec::new()));
        until("the service is taken away", || witness.was_removed(detail)).await;
        assert!(witness.kept(topic).is_some() && !witness.was_removed(topic));
        witness.say(topic, "");
        until("the broker is clean", || witness.was_removed(topic)).await;
        cancelled.cancel();
    };
    let all = async {
        tokio::join!(sinks.run(&cancelled), steps);
    };
    witness.during(&broker, "end", all).await;
}

#[tokio::test]
async fn the_broker_says_when_we_are_gone_without_a_word() {
    let Some(broker) = shared_broker() else { return };
    let http = OsHttp::new(&OsFiles, None);
    let sinks = sinks(&format!("[mqtt]\nbroker = \"mqtt://{broker}\"\n"), &http, "it-will");
    let status = "stackctl/it-will/status";
    let witness = Witness::default();
    let cancelled = CancellationToken::new();
    let steps = async {
        tokio::select! {
            () = sinks.run(&cancelled) => {}
            () = until("we are there", || witness.kept(status).as_deref() == Some("online")) => {}
        }
        // The connection is gone with the run, and nothing was said.
        until("the will is said", || witness.kept(status).as_deref() == Some("offline")).await;
    };
    witness.during(&broker, "will", steps).await;
}

#[tokio::test]
async fn a_strangers_message_stays_and_ours_is_known_again() {
    let Some(broker) = shared_broker() else { return };
    let http = OsHttp::new(&OsFiles, None);
    let text = format!("[mqtt]\nbroker = \"mqtt://{broker}\"\n");
    let (foreign, ours) = ("system/health/it-strange", "system/health/it-ours");
    let both = || picture(vec![view("it-strange"), view("it-ours")]);
    let witness = Witness::default();
    let run = async |why: &str, picture: Picture, enough: &dyn Fn() -> bool| {
        let sinks = sinks(&text, &http, "it-strange");
        sinks.show(picture);
        let cancelled = CancellationToken::new();
        let steps = async {
            until(why, enough).await;
            cancelled.cancel();
        };
        tokio::join!(sinks.run(&cancelled), steps);
        sinks.states().remove(0)
    };
    let steps = async {
        witness.say(foreign, "{\"mine\":1}");
        until("the stranger was there first", || witness.kept(foreign).is_some()).await;
        let state = run("ours is kept", both(), &|| witness.kept(ours).as_deref() == Some(OK)).await;
        assert_eq!(state.notes.len(), 1, "{state:?}");
        // A later run may change its own, and still not the stranger's.
        let changed = picture(vec![sick("it-strange", "x"), sick("it-ours", "x")]);
        let bad = || witness.kept(ours).is_some_and(|text| text.contains("unhealthy"));
        let state = run("ours is changed", changed, &bad).await;
        assert_eq!(state.notes.len(), 1, "{state:?}");
        assert_eq!(witness.kept(foreign).as_deref(), Some("{\"mine\":1}"));
        run("ours is taken away", picture(Vec::new()), &|| witness.was_removed(ours)).await;
        assert_eq!(witness.kept(foreign).as_deref(), Some("{\"mine\":1}"));
        witness.say(foreign, "");
        until("the stranger has gone", || witness.was_removed(foreign)).await;
    };
    witness.during(&broker, "strange", steps).await;
}
