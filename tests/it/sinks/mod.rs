// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Those who are told: servers that take messages, hang, fail and are gone; metrics that are fetched; and a real MQTT broker
//! (`STACKCTL_TEST_BROKER`, host and port), without which its tests are left out.

#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

mod broker;
mod notify;
mod servers;

use std::time::Duration;

use chrono::DateTime;
use stackctl::app::sinks::{Outside, RunName, Sinks};
use stackctl::app::supervise::{EngineView, Fact, Picture, Report, ServiceView};
use stackctl::config::{Layer, SinkSettings, parse_file, resolve};
use stackctl::health::Verdict;
use stackctl::health::board::SlotKey;
use stackctl::health::policy::{Mode, NoticeKind, Notification};
use stackctl::sys::os::OsFiles;
use stackctl::sys::os::net::{OsHttp, OsMqtt, OsServer};

/// Far above what anything here takes: a net, no measure of speed.
const PATIENCE: Duration = Duration::from_mins(1);

/// The settings of a text.
fn settings(text: &str) -> SinkSettings {
    let file = parse_file("stackctl.toml", text).unwrap();
    resolve(Some(("stackctl.toml", &file)), &Layer::default(), &Layer::default()).sinks
}

/// Makes the sinks of a text, on the real network, for a host of this name.
fn sinks<'a>(text: &str, http: &'a OsHttp<'a>, host: &str) -> Sinks<'a> {
    let outside = Outside { files: &OsFiles, http, server: &OsServer, mqtt: &OsMqtt };
    let run = RunName { run_id: "r1".to_owned(), host: host.to_owned(), version: "1.2.3" };
    Sinks::new(&settings(text), outside, &run).unwrap()
}

fn key(service: &str) -> SlotKey {
    SlotKey {
        context: "default".to_owned(),
        project: "voice".to_owned(),
        service: service.to_owned(),
        number: 1,
        one_off: None,
    }
}

/// A service turned bad.
fn bad(seq: u64, service: &str) -> Report {
    let text = "fails its check".to_owned();
    let notification = Notification { kind: NoticeKind::Bad, key: Some(key(service)), text };
    Report { seq, at: DateTime::UNIX_EPOCH, fact: Fact::Notice { context: "default".to_owned(), notification } }
}

/// A service that is well and lets its health be told.
fn view(service: &str) -> ServiceView {
    ServiceView {
        key: key(service),
        verdict: Verdict::Ok { completed: false },
        why: String::new(),
        secrets: Vec::new(),
        mode: Mode::Observe,
        restarts: 0,
        oom_kills: 0,
        probe: None,
        attempts: std::collections::BTreeMap::new(),
        is_breaker_open: false,
        labels: [("stackctl.mqtt".to_owned(), "true".to_owned())].into(),
    }
}

/// The same, failing.
fn sick(service: &str, why: &str) -> ServiceView {
    let verdict = Verdict::Unhealthy { streak: Some(3), last: None };
    ServiceView { verdict, why: why.to_owned(), ..view(service) }
}

/// These services on one engine that is up.
fn picture(services: Vec<ServiceView>) -> Picture {
    let engine = EngineView { is_up: true, events: 7, lag: None };
    Picture { engines: [("default".to_owned(), engine)].into(), services }
}

/// Waits until something holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "{what}");
}
