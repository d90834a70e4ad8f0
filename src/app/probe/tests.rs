// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Probes of containers in memory.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed set-up fails the test")]

use std::collections::BTreeMap;

use super::*;
use crate::catalog::Catalog;
use crate::sys::engine::{Attachment, ContainerState, Port};
use crate::sys::fake::{FakeAnswer, FakeHttp, FakeTalker};
use crate::sys::net::{HttpError, HttpResponse, TalkError};

const NETWORK: &str = "0123456789abcdef";
const BRIDGE: &str = "br-0123456789ab";

fn container(image: &str) -> ContainerDetail {
    let attachment = Attachment { network_id: NETWORK.into(), address: "172.20.0.5".into(), aliases: Vec::new() };
    ContainerDetail {
        name: "lab-x-1".into(),
        image: image.into(),
        labels: [("com.docker.compose.service".to_owned(), "x".to_owned())].into(),
        state: ContainerState { running: true, ..ContainerState::default() },
        networks: BTreeMap::from([("lab_default".to_owned(), attachment)]),
        ..ContainerDetail::default()
    }
}

fn published(mut detail: ContainerDetail, private: u16, address: &str, public: u16) -> ContainerDetail {
    let port = Port { private, protocol: "tcp".into(), public: Some(public), address: address.parse().ok() };
    detail.ports.push(port);
    detail
}

fn asked(
    detail: &ContainerDetail,
    side: &Side,
    talker: &FakeTalker,
    http: &FakeHttp,
    wish: Option<&str>,
) -> ProbeOutcome {
    let wish = wish.and_then(|text| ProbeUrl::parse(text).ok());
    let catalog = Catalog::embedded();
    let known = catalog.find_text(&detail.image);
    let target = Target { detail, known, wish: wish.as_ref(), side, now: Timestamp::default() };
    let outside = Outside { http, talker, step: STEP };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.unwrap().block_on(probe(target, outside))
}

fn shown(outcome: &ProbeOutcome) -> String {
    let address = outcome.address.as_deref().unwrap_or("-");
    match &outcome.result {
        ProbeResult::Works { said } => format!("{address} works: {said}"),
        ProbeResult::Faulty { fault: Degraded::NotWorking { detail, .. } } => format!("{address} faulty: {detail}"),
        ProbeResult::Faulty { fault } => format!("{address} faulty: {fault:?}"),
        ProbeResult::NotChecked { reason, .. } => format!("{address} not checked: {reason}"),
    }
}

const BUS: &str = "smartgic/ovos-messagebus:stable-20260101";
const GREETING: Result<&str, TalkError> = Ok(r#"{"type":"connected"}"#);

fn bus(detail: &ContainerDetail, side: &Side, talker: &FakeTalker) -> String {
    shown(&asked(detail, side, talker, &FakeHttp::default(), None))
}

#[test]
fn a_published_port_comes_first_then_the_own_address() {
    let both = FakeTalker::new([("127.0.0.1:9000", GREETING), ("172.20.0.5:8181", GREETING)]).with_interface(BRIDGE);
    let detail = published(container(BUS), 8181, "0.0.0.0", 9000);
    assert_eq!(bus(&detail, &Side::Here, &both), "127.0.0.1:9000 works: it greets with `connected`");
    let inner = FakeTalker::new([("172.20.0.5:8181", GREETING)]).with_interface(BRIDGE);
    assert_eq!(bus(&detail, &Side::Here, &inner), "172.20.0.5:8181 works: it greets with `connected`");
    assert_eq!(inner.asked(), ["127.0.0.1:9000", "172.20.0.5:8181"]);
}

#[test]
fn an_address_is_asked_only_where_its_bridge_is_seen() {
    let talker = FakeTalker::new([("172.20.0.5:8181", GREETING)]);
    let words = bus(&container(BUS), &Side::Here, &talker);
    assert_eq!(words, "- not checked: its port 8181 is not published, and no interface here leads to `lab_default`");
    assert!(talker.asked().is_empty());
}

#[test]
fn a_refusal_is_a_fault_only_from_inside_its_network() {
    let refuse = || [("127.0.0.1:9000", Err(TalkError::Refused)), ("172.20.0.5:8181", Err(TalkError::Refused))];
    let detail = published(container(BUS), 8181, "127.0.0.1", 9000);
    let inside = bus(&detail, &Side::Here, &FakeTalker::new(refuse()).with_interface(BRIDGE));
    assert!(inside.starts_with("172.20.0.5:8181 faulty: 127.0.0.1:9000: connection refused"), "{inside}");
    let outside = bus(&detail, &Side::Here, &FakeTalker::new(refuse()));
    assert_eq!(outside, "- not checked: it could not be reached from here: 127.0.0.1:9000: connection refused");
}

#[test]
fn a_remote_engine_is_asked_by_its_name() {
    let talker = FakeTalker::new([("nas:9000", GREETING)]);
    let there = Side::There("nas".into());
    let open = published(container(BUS), 8181, "::", 9000);
    assert!(bus(&open, &there, &talker).starts_with("nas:9000 works"));
    let closed = published(container(BUS), 8181, "127.0.0.1", 9000);
    assert!(bus(&closed, &there, &talker).contains("on loopback of `nas` alone"));
    assert!(bus(&container(BUS), &there, &talker).contains("not published on `nas`"));
    assert!(bus(&open, &Side::Unknown, &talker).contains("nobody knows"));
}

#[test]
fn a_container_of_the_host_network_is_asked_on_loopback() {
    let mut detail = container(BUS);
    detail.network_mode = "host".into();
    detail.networks.clear();
    let talker = FakeTalker::new([("127.0.0.1:8181", Err(TalkError::Foreign("status 404".into())))]);
    assert_eq!(bus(&detail, &Side::Here, &talker), "127.0.0.1:8181 faulty: status 404");
    detail.network_mode = "container:abc".into();
    assert!(bus(&detail, &Side::Here, &talker).contains("network of another container"));
}

#[test]
fn ollama_on_the_processor_has_lost_its_gpu() {
    let mut detail = published(container("ollama/ollama:0.35.1"), 11434, "127.0.0.1", 11434);
    let talker = FakeTalker::new([("127.0.0.1:11434", Ok(""))]);
    let answers = || {
        let http = FakeHttp::default();
        let now = |body: &str| FakeAnswer::Now(HttpResponse::new(200, body));
        http.answer("http://127.0.0.1:11434/api/version", now(r#"{"version":"0.35.1"}"#));
        http.answer("http://127.0.0.1:11434/api/ps", now(r#"{"models":[{"name":"m","size":5,"size_vram":0}]}"#));
        http
    };
    let without = asked(&detail, &Side::Here, &talker, &answers(), None);
    assert_eq!(shown(&without), "127.0.0.1:11434 works: version 0.35.1; `m` on the processor");
    assert_eq!(without.functional(), Some(FunctionalResult { at: Timestamp::default(), fault: None }));
    detail.devices.push("/dev/nvidia0".into());
    let with = asked(&detail, &Side::Here, &talker, &answers(), None);
    assert_eq!(with.functional().and_then(|result| result.fault), Some(Degraded::GpuLost));
}

#[test]
fn the_wish_beats_the_label_and_the_label_the_catalogue() {
    let mut detail = published(container(BUS), 80, "127.0.0.1", 8080);
    detail.labels.insert(LABEL.into(), "http://:80/up".into());
    let talker = FakeTalker::new([("127.0.0.1:8080", Ok("")), ("10.0.0.1:7", Ok(""))]);
    let http = FakeHttp::new([FakeAnswer::Now(HttpResponse::new(204, ""))]);
    let by_label = asked(&detail, &Side::Here, &talker, &http, None);
    assert_eq!((by_label.probe.as_str(), shown(&by_label)), ("GET /up", "127.0.0.1:8080 works: status 204".to_owned()));
    let wished = asked(&detail, &Side::Here, &talker, &http, Some("tcp://10.0.0.1:7"));
    assert_eq!(shown(&wished), "10.0.0.1:7 works: the connection was taken");
    let gone = asked(&detail, &Side::Here, &talker, &http, Some("tcp://10.0.0.1:8"));
    assert_eq!(shown(&gone), "10.0.0.1:8 faulty: 10.0.0.1:8: no route to host");
    detail.labels.insert(LABEL.into(), "https://x".into());
    let bad = asked(&detail, &Side::Here, &talker, &http, None);
    assert!(shown(&bad).starts_with("- not checked: its label `stackctl.probe`: `https://x` is no probe"));
    assert_eq!(bad.functional(), None);
}

#[test]
fn silence_and_broken_answers_are_faults() {
    let mut detail = published(container("other:1"), 80, "127.0.0.1", 8080);
    detail.labels.insert(LABEL.into(), "http://:80/".into());
    let talker = FakeTalker::new([("127.0.0.1:8080", Ok(""))]);
    let hangs = asked(&detail, &Side::Here, &talker, &FakeHttp::new([FakeAnswer::Hangs]), None);
    assert_eq!(shown(&hangs), "127.0.0.1:8080 faulty: no answer within 5 s");
    let nowhere = || FakeHttp::new([FakeAnswer::Fails(HttpError::Unreachable("refused".into()))]);
    let gone = asked(&detail, &Side::Here, &FakeTalker::default(), &nowhere(), None);
    assert!(shown(&gone).starts_with("- not checked: it could not be reached"), "{gone:?}");
    let broken = FakeHttp::new([FakeAnswer::Fails(HttpError::Broken("reset".into()))]);
    let broken = asked(&detail, &Side::Here, &talker, &broken, None);
    assert_eq!(shown(&broken), "127.0.0.1:8080 faulty: no HTTP answer: reset");
}

#[test]
fn what_does_not_run_or_is_not_known_is_not_checked() {
    let mut detail = container("other:1");
    let nobody = FakeTalker::default();
    let unknown = asked(&detail, &Side::Here, &nobody, &FakeHttp::default(), None);
    let ProbeResult::NotChecked { next_step, .. } = &unknown.result else { panic!("{unknown:?}") };
    assert!(next_step.as_deref().is_some_and(|words| words.contains("--probe x=http://:PORT/PATH")), "{next_step:?}");
    detail.state.paused = true;
    assert_eq!(
        shown(&asked(&detail, &Side::Here, &nobody, &FakeHttp::default(), None)),
        "- not checked: it does not run"
    );
}
