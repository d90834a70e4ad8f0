// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A broker in memory, and what is kept there.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::time::Duration;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::app::sinks::testing::{Net, opted, picture, run_name, sick, view};

const SECOND: Duration = Duration::from_secs(1);
const OK: &str = r#"{"ok":true,"event":null,"err":null}"#;

fn settings() -> MqttSettings {
    MqttSettings {
        host: "broker".to_owned(),
        port: 1883,
        username: None,
        password: None,
        client_id: None,
        home_assistant: false,
        services: Vec::new(),
    }
}

/// A supervisor and a broker.
struct Lab<'a> {
    net: &'a Net,
    mqtt: Mqtt<'a>,
    picture: RefCell<Option<Picture>>,
}

impl<'a> Lab<'a> {
    fn new(net: &'a Net, change: impl FnOnce(&mut MqttSettings)) -> Self {
        let mut settings = settings();
        change(&mut settings);
        Self { net, mqtt: Mqtt::new(&settings, net.outside(), &run_name()).unwrap(), picture: RefCell::default() }
    }

    fn show(&self, picture: Picture) {
        *self.picture.borrow_mut() = Some(picture);
        self.mqtt.changed();
    }

    /// Runs beside the steps, and dies with them.
    async fn during(&self, steps: impl Future<Output = ()>) {
        let cancelled = CancellationToken::new();
        tokio::select! {
            () = self.mqtt.run(&self.picture, &cancelled) => unreachable!(),
            () = steps => {}
        }
    }

    /// Runs until the broker has had time for everything.
    async fn settle(&self) {
        self.during(tokio::time::sleep(SECOND)).await;
    }

    fn health(&self, service: &str) -> Option<String> {
        self.net.broker.retained(&format!("system/health/{service}"))
    }

    fn notes(&self) -> Vec<String> {
        self.mqtt.state().notes
    }
}

async fn pause() {
    tokio::time::sleep(SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn payloads_have_three_keys_and_only_those_who_agreed_are_told_of() {
    let net = Net::default();
    let lab = Lab::new(&net, |settings| settings.services = vec!["named".to_owned()]);
    let mut secret = sick(opted("tts"), "login with hunter22hunter failed");
    secret.secrets = vec!["hunter22hunter".to_owned()];
    lab.show(picture(vec![opted("bus"), view("named"), view("quiet"), secret]));
    lab.during(async {
        pause().await;
        assert_eq!(lab.health("bus").as_deref(), Some(OK));
        assert_eq!(lab.health("named").as_deref(), Some(OK));
        assert_eq!(lab.health("stackctl").as_deref(), Some(OK));
        assert_eq!(lab.health("quiet"), None);
        let expected = r#"{"ok":false,"event":"unhealthy","err":"login with **** failed"}"#;
        assert_eq!(lab.health("tts").as_deref(), Some(expected));
        assert_eq!(net.broker.retained("stackctl/lab/status").as_deref(), Some("online"));
    })
    .await;
    let detail: Value = serde_json::from_str(&net.broker.retained("stackctl/lab/voice/quiet").unwrap()).unwrap();
    assert_eq!(detail["schema"], "stackctl/mqtt/v1");
    assert_eq!([&detail["ok"], &detail["problem"], &detail["discovery"].is_null().into()], [true, false, true]);
    assert_eq!(detail["containers"][0]["state"], "ok");
    // Gone without a word: the broker says so.
    assert_eq!(net.broker.retained("stackctl/lab/status").as_deref(), Some("offline"));
}

#[tokio::test(start_paused = true)]
async fn the_end_is_said_and_waited_for() {
    let net = Net::default();
    let lab = Lab::new(&net, |_| {});
    lab.show(picture(vec![opted("bus")]));
    let cancelled = CancellationToken::new();
    tokio::join!(lab.mqtt.run(&lab.picture, &cancelled), async {
        pause().await;
        cancelled.cancel();
    });
    assert_eq!(lab.health("stackctl").as_deref(), Some(r#"{"ok":false,"event":"stopped","err":null}"#));
    assert_eq!(lab.health("bus").as_deref(), Some(OK));
    assert_eq!(net.broker.log().last().unwrap().payload, b"offline");
    assert_eq!(lab.mqtt.state().waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn a_stranger_is_left_alone_and_told_of_once() {
    let net = Net::default();
    net.broker.say("system/health/bus", r#"{"ok":true}"#, true);
    let lab = Lab::new(&net, |_| {});
    lab.show(picture(vec![opted("bus"), opted("tts")]));
    lab.during(async {
        pause().await;
        lab.show(picture(vec![sick(opted("bus"), "fails"), opted("tts")]));
        pause().await;
        assert_eq!(lab.health("bus").as_deref(), Some(r#"{"ok":true}"#));
        assert_eq!(lab.health("tts").as_deref(), Some(OK));
        assert_eq!(lab.notes(), ["somebody else publishes `system/health/bus`; it is left alone"]);
        // The stranger goes: the topic is free.
        net.broker.say("system/health/bus", "", true);
        pause().await;
        assert!(lab.health("bus").unwrap().contains("unhealthy"));
        // Another comes while we live.
        net.broker.say("system/health/tts", r#"{"ok":"mine"}"#, true);
        pause().await;
        lab.show(picture(vec![opted("bus"), sick(opted("tts"), "fails")]));
        pause().await;
        assert_eq!(lab.health("tts").as_deref(), Some(r#"{"ok":"mine"}"#));
        assert_eq!(lab.notes().len(), 2);
        assert_eq!(net.broker.retained("stackctl/lab/owned/system/health/tts"), None);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_later_run_knows_its_own_and_takes_away_what_is_gone() {
    let net = Net::default();
    let first = Lab::new(&net, |settings| settings.home_assistant = true);
    first.show(picture(vec![sick(opted("bus"), "fails"), opted("tts"), opted("old")]));
    first.settle().await;
    assert!(net.broker.retained("homeassistant/binary_sensor/stackctl_voice_old/config").is_some());
    net.broker.say("system/health/tts", r#"{"ok":"mine"}"#, true);
    let second = Lab::new(&net, |settings| settings.home_assistant = true);
    second.show(picture(vec![opted("bus"), opted("tts")]));
    second.settle().await;
    assert_eq!(second.health("bus").as_deref(), Some(OK));
    assert_eq!(second.health("tts").as_deref(), Some(r#"{"ok":"mine"}"#));
    assert_eq!(second.notes().len(), 1);
    let left: Vec<String> = net.broker.topics().into_iter().filter(|topic| topic.contains("old")).collect();
    assert_eq!(left, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_taken_away_while_an_engine_is_out_of_sight() {
    let net = Net::default();
    let lab = Lab::new(&net, |_| {});
    lab.show(picture(vec![opted("bus")]));
    lab.during(async {
        pause().await;
        let mut blind = picture(Vec::new());
        blind.engines.get_mut("default").unwrap().is_up = false;
        lab.show(blind);
        pause().await;
        assert_eq!(lab.health("bus").as_deref(), Some(OK));
        assert!(lab.health("stackctl").unwrap().contains(r#""event":"engine_lost""#));
        lab.show(picture(Vec::new()));
        pause().await;
        assert_eq!(net.broker.topics(), ["stackctl/lab/status", "system/health/stackctl"]);
        let removal =
            net.broker.log().into_iter().find(|one| one.topic == "system/health/bus" && one.payload.is_empty());
        assert!(removal.unwrap().retain);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn after_a_break_the_whole_present_is_said_again() {
    let net = Net::default();
    let lab = Lab::new(&net, |settings| settings.home_assistant = true);
    lab.show(picture(vec![opted("bus")]));
    lab.during(async {
        pause().await;
        net.broker.drop_all(true);
        tokio::time::sleep(Duration::from_secs(10)).await;
        let state = lab.mqtt.state();
        assert!(state.last_error.unwrap().contains("cannot reach the broker") && state.waiting > 0);
        let (sent, opened) = (net.broker.log().len(), net.broker.opened());
        assert!(opened < 8, "{opened} attempts in ten seconds");
        lab.show(picture(vec![sick(opted("bus"), "fails")]));
        net.broker.drop_all(false);
        tokio::time::sleep(Duration::from_secs(20)).await;
        assert!(lab.health("bus").unwrap().contains("unhealthy"));
        let again: Vec<String> = net.broker.log().split_off(sent).into_iter().map(|one| one.topic).collect();
        for topic in [
            "stackctl/lab/status",
            "system/health/stackctl",
            "stackctl/lab/owned/system/health/bus",
            "system/health/bus",
            "stackctl/lab/voice/bus",
            "homeassistant/binary_sensor/stackctl_voice_bus/config",
        ] {
            assert!(again.iter().any(|one| one == topic), "{topic} in {again:?}");
        }
        assert_eq!((lab.mqtt.state().last_error, lab.notes().len()), (None, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn home_assistant_is_told_where_to_look_and_again_when_it_starts() {
    let net = Net::default();
    let lab = Lab::new(&net, |settings| settings.home_assistant = true);
    lab.show(picture(vec![view("my-bus")]));
    lab.during(async {
        pause().await;
        let topic = "homeassistant/binary_sensor/stackctl_voice_my-bus/config";
        let config: Value = serde_json::from_str(&net.broker.retained(topic).unwrap()).unwrap();
        assert_eq!([&config["unique_id"], &config["device_class"]], ["stackctl_voice_my-bus", "problem"]);
        assert_eq!([&config["state_topic"], &config["json_attributes_topic"]], ["stackctl/lab/voice/my-bus"; 2]);
        assert_eq!(config["availability"][0]["topic"], "stackctl/lab/status");
        let count = || net.broker.log().iter().filter(|one| one.topic == topic).count();
        assert_eq!(count(), 1);
        net.broker.say("homeassistant/status", "online", false);
        pause().await;
        assert_eq!(count(), 2);
        lab.show(picture(Vec::new()));
        pause().await;
        assert_eq!(net.broker.retained(topic), None);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn many_services_go_out_a_few_at_a_time_and_only_what_changed_goes_again() {
    let net = Net::default();
    let lab = Lab::new(&net, |_| {});
    let all = || (0..200).map(|number| opted(&format!("s{number}"))).collect::<Vec<_>>();
    lab.show(picture(all()));
    lab.during(async {
        pause().await;
        assert_eq!(lab.health("s199").as_deref(), Some(OK));
        let sent = net.broker.log().len();
        lab.show(picture(all()));
        pause().await;
        assert_eq!(net.broker.log().len(), sent);
        let mut changed = all();
        changed[7] = sick(opted("s7"), "fails");
        lab.show(picture(changed));
        pause().await;
        // Its companion, its health, its details.
        assert_eq!(net.broker.log().len(), sent + 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_acknowledges_nothing_is_left() {
    let net = Net::default();
    net.broker.go_deaf();
    let lab = Lab::new(&net, |_| {});
    lab.show(picture(vec![opted("bus")]));
    lab.during(async {
        tokio::time::sleep(Duration::from_secs(40)).await;
        assert_eq!(net.broker.opened(), 2);
        assert!(lab.mqtt.state().last_error.unwrap().contains("acknowledges nothing"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_test_disturbs_nobody() {
    let net = Net::default();
    let lab = Lab::new(&net, |_| {});
    assert_eq!(lab.mqtt.send_test().await, Ok(()));
    assert_eq!(net.broker.topics(), [""; 0]);
    net.broker.drop_all(true);
    assert!(lab.mqtt.send_test().await.unwrap_err().contains("cannot reach"));
}

#[tokio::test(start_paused = true)]
async fn two_supervisors_with_names_of_their_own_share_no_topic_but_the_short_ones() {
    let net = Net::default();
    let named = |name: &'static str| {
        move |settings: &mut MqttSettings| {
            settings.client_id = Some(name.to_owned());
            settings.home_assistant = true;
        }
    };
    let (first, second) = (Lab::new(&net, named("one/1")), Lab::new(&net, named("two")));
    first.show(picture(vec![view("bus")]));
    second.show(picture(vec![view("bus")]));
    first
        .during(async {
            second.settle().await;
            assert_eq!(net.broker.retained("stackctl/two/status").as_deref(), Some("offline"));
            assert_eq!(net.broker.retained("stackctl/one_1/status").as_deref(), Some("online"));
            first.show(picture(Vec::new()));
            pause().await;
        })
        .await;
    // What the first took away was its own.
    let left: Vec<String> = net.broker.topics().into_iter().filter(|topic| topic.contains("bus")).collect();
    assert!(left.len() == 2 && left[1] == "stackctl/two/voice/bus", "{left:?}");
    let config: Value = serde_json::from_str(&net.broker.retained(&left[0]).unwrap()).unwrap();
    assert_eq!(config["device"]["identifiers"][0], "stackctl_two_voice");
    assert_eq!(config["availability"][0]["topic"], "stackctl/two/status");
}
