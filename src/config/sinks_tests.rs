// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Tables of sinks, right and wrong.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::time::Duration;

use super::*;
use crate::config::{Layer, parse_file, resolve};
use crate::error::UserError as _;

fn read(text: &str) -> SinkSettings {
    parse_file("stackctl.toml", text).unwrap().sinks.settings
}

fn fault(text: &str) -> (String, Vec<String>) {
    let error = parse_file("stackctl.toml", text).unwrap_err();
    (error.to_string(), error.hints())
}

#[test]
fn every_key_is_read() {
    let settings = read(
        "[prometheus]\nlisten = \"0.0.0.0:9000\"\nallow_remote = true\n\
         [mqtt]\nbroker = \"mqtt://[::1]:1884\"\nclient_id = \"c\"\nhome_assistant = true\npassword_file = \"p\"\n\
         services = [\"bus\"]\nusername = \"u\"\n\
         [[webhook]]\nurl_file = \"u\"\ntoken_file = \"/t\"\ntemplate = \"ntfy\"\nevents = [\"bad\", \"recovered\"]\n\
         repeat = \"30m\"\n[[webhook]]\nname = \"ops\"\nurl = \"https://hooks.test/x\"\n",
    );
    assert_eq!(settings.prometheus.unwrap().listen.to_string(), "0.0.0.0:9000");
    let mqtt = settings.mqtt.unwrap();
    assert_eq!((mqtt.host.as_str(), mqtt.port, mqtt.home_assistant), ("::1", 1884, true));
    assert_eq!((mqtt.username.as_deref(), mqtt.client_id.as_deref()), (Some("u"), Some("c")));
    assert_eq!(mqtt.services, ["bus"]);
    let [first, second] = settings.webhooks.as_slice() else { unreachable!() };
    assert_eq!(first.url, Some(SecretSource::File("u".into())));
    assert_eq!(first.events, Some(vec![WebhookEvent::Bad, WebhookEvent::Recovered]));
    assert_eq!((first.template, first.repeat), (WebhookTemplate::Ntfy, Some(Duration::from_mins(30))));
    assert_eq!((second.name.as_str(), second.template), ("ops", WebhookTemplate::Json));
}

#[test]
fn defaults_are_this_machine_and_the_usual_ports() {
    let settings = read("[prometheus]\n[mqtt]\nbroker = \"mqtt://broker\"\n");
    assert_eq!(settings.prometheus.unwrap().listen.to_string(), "127.0.0.1:9817");
    let mqtt = settings.mqtt.unwrap();
    assert_eq!((mqtt.host.as_str(), mqtt.port), ("broker", 1883));
    assert!(read("").is_empty());
}

#[test]
fn metrics_stay_on_this_machine_unless_allowed() {
    let (message, hints) = fault("[prometheus]\nlisten = \"0.0.0.0:9817\"\n");
    assert!(message.starts_with("`stackctl.toml` line 2: `prometheus.listen` is reachable"), "{message}");
    assert!(hints[0].contains("allow_remote = true"), "{hints:?}");
    assert!(fault("[prometheus]\nlisten = \"nowhere\"\n").0.contains("an address and a port"));
}

#[test]
fn encrypted_brokers_are_refused_with_a_way_out() {
    let (message, hints) = fault("[mqtt]\nbroker = \"mqtts://far.test\"\n");
    assert!(message.contains("cannot be encrypted"), "{message}");
    assert!(hints[0].contains("stunnel"), "{hints:?}");
    assert!(fault("[mqtt]\nhome_assistant = true\n").0.contains("names no broker"));
    for broker in ["localhost", "http://h", "mqtt://me:secret@h", "mqtt://", "mqtt://h:0", "mqtt://h:x"] {
        let (message, _) = fault(&format!("[mqtt]\nbroker = \"{broker}\"\n"));
        assert!(message.contains("`mqtt.broker`") && !message.contains("secret"), "{message}");
    }
}

#[test]
fn mistyped_keys_are_pointed_out_with_their_table() {
    let (message, hints) = fault("[[webhook]]\nulr = \"x\"\n");
    assert_eq!(message, "`stackctl.toml` line 2: unknown key `webhook.ulr`");
    assert_eq!(hints, ["did you mean `url`?"]);
    let (message, hints) = fault("[mqtt]\nxyzzy = 1\n");
    assert!(message.contains("`mqtt.xyzzy`") && hints[0].contains("home_assistant"), "{message} {hints:?}");
    assert!(fault("webhook = 1\n").0.contains("[[webhook]]"));
    assert!(fault("mqtt = 1\n").0.contains("a table with `broker`"));
}

#[test]
fn wrong_values_of_a_webhook_are_told_without_its_address() {
    let (message, _) = fault("[[webhook]]\nurl = \"hooks.test/secret\"\n");
    assert!(message.contains("`webhook.url`") && !message.contains("secret"), "{message}");
    assert!(fault("[[webhook]]\nevents = [\"bda\"]\n").0.contains("\"recovered\""));
    assert!(fault("[[webhook]]\nrepeat = \"0s\"\n").0.contains("1s"));
    assert!(fault("[[webhook]]\nname = \"mqtt\"\n").0.contains("taken"));
    assert!(fault("[[webhook]]\nname = \"a b\"\n").0.contains("letters"));
}

#[test]
fn secrets_of_the_environment_beat_those_of_the_file_and_go_to_the_first_webhook_alone() {
    let file = parse_file("f", "[[webhook]]\nurl = \"http://file.test\"\n[[webhook]]\nurl = \"http://other.test\"\n");
    let file = file.unwrap();
    let mut environment = Layer::default();
    environment.sinks.webhook_url = Some(Secret::new("http://env.test"));
    environment.sinks.webhook_token = Some(Secret::new("t"));
    let sinks = resolve(Some(("f", &file)), &environment, &Layer::default()).sinks;
    let given = |text: &str| Some(SecretSource::Given(Secret::new(text)));
    assert_eq!(sinks.webhooks[0].url, given("http://env.test"));
    assert_eq!(sinks.webhooks[0].token, given("t"));
    assert_eq!((&sinks.webhooks[1].url, &sinks.webhooks[1].token), (&given("http://other.test"), &None));
    assert_eq!(sinks.webhooks[1].name, "webhook-2");
    let alone = resolve(None, &environment, &Layer::default()).sinks;
    assert_eq!((alone.webhooks.len(), alone.webhooks[0].name.as_str()), (1, "webhook"));
    assert!(!format!("{alone:?}").contains("env.test"));
}

#[test]
fn paths_count_from_the_folder_of_the_file() {
    let mut layer = parse_file("f", "[[webhook]]\nurl_file = \"u\"\ntoken_file = \"/t\"\n").unwrap();
    layer.sinks.anchor(Path::new("/r"));
    let webhook = &layer.sinks.settings.webhooks[0];
    assert_eq!(webhook.url, Some(SecretSource::File("/r/u".into())));
    assert_eq!(webhook.token, Some(SecretSource::File("/t".into())));
}
