// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a real broker keeps while services turn bad, recover and go, byte for byte; a broker each, where nobody else talks.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::super::super::support::running::turned;
use super::super::super::support::stage::Stage;
use super::super::super::support::witness::{Witness, kept};
use super::super::super::support::{End, PrivateBroker, Relay, on_real_engines};
use super::{remove, supervise};

pub(super) const OK: &str = r#"{"ok":true,"event":null,"err":null}"#;
pub(super) const STOPPED: &str = r#"{"ok":false,"event":"stopped","err":null}"#;

/// Lets the health of a service be told.
pub(super) const TOLD: (&str, &str) = ("stackctl.mqtt", "true");

/// Whether this is the health of a service that fails its check, byte for byte; only how often it failed is open.
pub(super) fn is_sick(text: &str) -> bool {
    let count = text
        .strip_prefix(r#"{"ok":false,"event":"unhealthy","err":"fails its check "#)
        .and_then(|rest| rest.strip_suffix(r#" times in a row; last exit 4: sick as told"}"#));
    count.is_some_and(|count| count.parse::<u32>().is_ok())
}

/// Waits until a service is told of as sick, and not as anything else since it was well.
#[track_caller]
pub(super) fn wait_for_sickness(witness: &Witness, topic: &str) {
    let is_last = |(of, text): &&(String, String)| of == topic && is_sick(text);
    witness.until("sickness", |all| all.iter().rfind(|(of, _)| of == topic).as_ref().is_some_and(is_last));
}

/// The settings that name a broker, for a supervisor that is called `it`.
pub(super) fn settings(broker: SocketAddr) -> String {
    settings_of("it", broker)
}

/// The same, for one of this name.
pub(super) fn settings_of(name: &str, broker: SocketAddr) -> String {
    format!("[mqtt]\nbroker = \"mqtt://{broker}\"\nclient_id = \"{name}\"\nhome_assistant = true\n")
}

/// A service that was seen to be well.
pub(super) fn well(stage: &Stage, service: &str, labels: &[(&str, &str)]) -> String {
    let id = stage.checked(service, labels);
    stage.wait(&id, "health", |detail| {
        detail.state.health.as_ref().is_some_and(|health| health.status == stackctl::sys::engine::HealthStatus::Healthy)
    });
    id
}

#[test]
fn states_go_from_the_engine_to_the_broker_and_away_with_the_service() {
    on_real_engines("mqtt", |stage| {
        let Some(broker) = PrivateBroker::start() else { return };
        let bus = well(stage, "bus", &[TOLD]);
        well(stage, "taken", &[TOLD]);
        let quiet = well(stage, "quiet", &[]);
        let witness = Witness::new(broker.address(), "all");
        witness.keep("system/health/taken", "{\"mine\":1}");
        let supervising = supervise(stage, &settings(broker.address()), |_| ());
        let errors = supervising.errors();
        supervising.until("ok", |line| turned(line, "bus", "ok"));
        witness.wait_for("system/health/bus", OK);
        witness.wait_for("system/health/stackctl", OK);
        witness.wait_for("stackctl/it/status", "online");
        stage.sicken(&bus);
        wait_for_sickness(&witness, "system/health/bus");
        stage.cure(&bus);
        witness.wait_for("system/health/bus", OK);
        let said = witness.under("system/health/bus");
        assert!(said.len() == 3 && said[0] == OK && is_sick(&said[1]) && said[2] == OK, "{said:#?}");

        // Only who agreed is told of under the short topic; the details are there for all.
        let detail = |service: &str| format!("stackctl/it/{}/{service}", stage.project);
        let topics = ["bus", "quiet", "taken"].map(detail);
        witness.until("details", |all| topics.iter().all(|topic| all.iter().any(|(of, _)| of == topic)));
        assert_eq!(witness.under("system/health/quiet"), [""; 0]);
        let told: Value = serde_json::from_str(&witness.last(&topics[1]).expect("details")).expect("JSON");
        assert_eq!((&told["schema"], &told["client"]), (&"stackctl/mqtt/v1".into(), &"it".into()), "{told}");
        assert_eq!([&told["ok"], &told["problem"]], [true, false], "{told}");
        assert_eq!((&told["state"], &told["containers"][0]["state"]), (&"ok".into(), &"ok".into()), "{told}");
        let announced = told["discovery"].as_str().expect("a topic").to_owned();
        announcement(stage, &witness, &announced, &topics[1]);

        for id in [&bus, &quiet] {
            remove(stage, id);
        }
        let gone = [
            "system/health/bus".to_owned(),
            "stackctl/it/owned/system/health/bus".to_owned(),
            detail("bus"),
            detail("quiet"),
            announced,
        ];
        for topic in &gone {
            witness.wait_for(topic, "");
        }
        // A stranger's message is left alone, and that is said once.
        assert_eq!(witness.under("system/health/taken"), ["{\"mine\":1}"]);
        assert_eq!(supervising.end("-TERM").code(), Some(143));
        witness.wait_for("stackctl/it/status", "offline");
        assert_eq!(errors.text().matches("somebody else publishes `system/health/taken`").count(), 1);
        // Whoever comes late finds the end, and nothing of what was removed.
        let kept = kept(broker.address());
        assert_eq!(kept["system/health/stackctl"], STOPPED);
        assert_eq!((kept["stackctl/it/status"].as_str(), kept.len()), ("offline", 5), "{kept:#?}");
        assert!(gone.iter().all(|topic| !kept.contains_key(topic)), "{kept:#?}");
    });
}

/// What Home Assistant is told has what it needs, and all topics of it are there.
fn announcement(stage: &Stage, witness: &Witness, topic: &str, detail: &str) {
    let id = topic.strip_prefix("homeassistant/binary_sensor/").and_then(|rest| rest.strip_suffix("/config"));
    let id = id.expect("a topic of Home Assistant");
    assert!(id.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter)), "{id}");
    witness.until("the announcement", |all| all.iter().any(|(of, _)| of == topic));
    let told: Value = serde_json::from_str(&witness.last(topic).expect("it is there")).expect("JSON");
    for (key, value) in [
        ("name", json!("quiet")),
        ("unique_id", json!(id)),
        ("device_class", json!("problem")),
        ("state_topic", json!(detail)),
        ("json_attributes_topic", json!(detail)),
        ("value_template", json!("{{ 'ON' if value_json.problem else 'OFF' }}")),
        ("payload_on", json!("ON")),
        ("payload_off", json!("OFF")),
        ("qos", json!(1)),
    ] {
        assert_eq!(told[key], value, "{key} in {told}");
    }
    let availability =
        json!([{ "topic": "stackctl/it/status", "payload_available": "online", "payload_not_available": "offline" }]);
    assert_eq!(told["availability"], availability);
    assert_eq!(told["device"]["identifiers"], json!([format!("stackctl_it_{}", stage.project)]));
    assert!(told["origin"]["name"] == "stackctl" && told["device"]["name"].is_string(), "{told}");
}

#[test]
fn a_broker_that_comes_back_empty_is_told_everything_again() {
    on_real_engines("again", |stage| {
        let Some(first) = PrivateBroker::start() else { return };
        let bus = well(stage, "bus", &[TOLD]);
        let (wire, address) = Relay::from_port(End::Port(first.address()));
        let supervising = supervise(stage, &settings(address), |_| ());
        let errors = supervising.errors();
        let witness = Witness::new(first.address(), "first");
        witness.wait_for("system/health/bus", OK);
        witness.wait_for("stackctl/it/status", "online");
        let of_bus = |all: &[(String, String)]| all.iter().any(|(topic, _)| topic.starts_with("homeassistant/"));
        witness.until("the announcement", of_bus);
        let before = kept(first.address());

        // The connection alone breaks: the broker says that we are gone, and then that we are back.
        wire.cut();
        witness.wait_for("stackctl/it/status", "offline");
        wire.join(End::Port(first.address()));
        witness.wait_for("stackctl/it/status", "online");
        drop(witness);

        // The broker breaks, and something happens meanwhile.
        wire.cut();
        drop(first);
        stage.sicken(&bus);
        supervising.until("sickness", |line| turned(line, "bus", "unhealthy"));
        let Some(second) = PrivateBroker::start() else { return };
        let witness = Witness::new(second.address(), "second");
        wire.join(End::Port(second.address()));
        for topic in before.keys() {
            witness.until(topic, |all| all.iter().any(|(of, _)| of == topic));
        }
        wait_for_sickness(&witness, "system/health/bus");
        assert!(kept(second.address()).keys().eq(before.keys()));
        assert_eq!(supervising.end("-TERM").code(), Some(143));
        witness.wait_for("stackctl/it/status", "offline");
        let said = errors.text();
        assert!(said.contains("cannot deliver") && !said.contains("somebody else"), "{said}");
    });
}
