// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Metrics read back, and the addresses.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde_json::Value;

use super::*;
use crate::app::sinks::testing::{picture, sick, view};

/// Samples by name and labels, read as Prometheus reads them.
fn parse(text: &str) -> BTreeMap<String, f64> {
    let (mut samples, mut described) = (BTreeMap::new(), BTreeSet::new());
    let mut current = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            current = rest.split(' ').next().unwrap().to_owned();
            assert!(described.insert(current.clone()), "{current} is described twice");
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert_eq!((name, kind == "counter"), (current.as_str(), name.ends_with("_total")), "{line}");
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap();
            assert_eq!(series.split('{').next(), Some(current.as_str()), "{line}");
            let replaced = samples.insert(series.to_owned(), value.parse::<f64>().unwrap());
            assert_eq!(replaced, None, "{line} twice");
        }
    }
    assert!(text.ends_with('\n'));
    samples
}

const BUS: &str = "context=\"default\",project=\"voice\",service=\"bus\",number=\"1\"";

#[test]
fn every_metric_is_there_and_can_be_read_back() {
    let mut bus = sick(view("bus"), "fails");
    bus.restarts = 3;
    bus.oom_kills = 2;
    bus.probe = Some(TimeDelta::milliseconds(1500));
    bus.attempts = [("done", 4), ("failed", 1)].into();
    bus.is_breaker_open = true;
    let mut picture = picture(vec![bus, view("tts")]);
    picture.engines.get_mut("default").unwrap().lag = Some(TimeDelta::milliseconds(20));
    let mut tally = Tally::new("ops").state(0);
    (tally.delivered, tally.failed, tally.dropped) = (5, 6, 7);
    let samples = parse(&render(Some(&picture), &[tally], "1.2.3"));
    for (series, value) in [
        (format!("stackctl_service_state{{{BUS},state=\"unhealthy\"}}"), 1.0),
        (format!("stackctl_service_state{{{BUS},state=\"ok\"}}"), 0.0),
        (format!("stackctl_service_restarts_total{{{BUS}}}"), 3.0),
        (format!("stackctl_service_oom_kills_total{{{BUS}}}"), 2.0),
        (format!("stackctl_probe_duration_seconds{{{BUS}}}"), 1.5),
        (format!("stackctl_heal_attempts_total{{{BUS},result=\"done\"}}"), 4.0),
        (format!("stackctl_breaker_open{{{BUS}}}"), 1.0),
        ("stackctl_events_total{context=\"default\"}".to_owned(), 7.0),
        ("stackctl_event_lag_seconds{context=\"default\"}".to_owned(), 0.02),
        ("stackctl_engine_up{context=\"default\"}".to_owned(), 1.0),
        ("stackctl_sink_delivered_total{sink=\"ops\"}".to_owned(), 5.0),
        ("stackctl_sink_failed_total{sink=\"ops\"}".to_owned(), 6.0),
        ("stackctl_sink_dropped_total{sink=\"ops\"}".to_owned(), 7.0),
        ("stackctl_build_info{version=\"1.2.3\"}".to_owned(), 1.0),
    ] {
        assert_eq!(samples.get(&series), Some(&value), "{series}");
    }
    let states = samples.iter().filter(|(series, _)| series.starts_with("stackctl_service_state{"));
    assert_eq!(states.filter(|(_, value)| **value > 0.5).count(), 2);
}

#[test]
fn labels_are_escaped_and_passing_containers_left_out() {
    let mut odd = view("a\"b\\c\nd");
    let mut passing = view("bus");
    passing.key.one_off = Some("c0ffee".to_owned());
    odd.key.number = 2;
    let text = render(Some(&picture(vec![odd, passing])), &[], "1");
    assert!(text.contains(r#"service="a\"b\\c\nd",number="2""#), "{text}");
    assert!(!text.contains("service=\"bus\""), "{text}");
}

#[test]
fn before_the_first_picture_there_is_the_program_alone() {
    let samples = parse(&render(None, &[], "1"));
    assert_eq!(samples.into_keys().collect::<Vec<_>>(), ["stackctl_build_info{version=\"1\"}"]);
}

fn ask(method: &str, path: &str, ready: Readiness) -> (u16, String) {
    let request = ServedRequest { method: method.to_owned(), path: path.to_owned() };
    let served = answer(&request, || "metrics".to_owned(), || ready);
    (served.status, served.body)
}

#[test]
fn addresses_answer_and_only_to_questions() {
    assert_eq!(ask("GET", "/metrics", Readiness::Ready), (200, "metrics".to_owned()));
    assert_eq!(ask("POST", "/metrics", Readiness::Ready).0, 405);
    assert_eq!(ask("GET", "/", Readiness::Ready).0, 404);
    let (status, body) = ask("HEAD", "/health", Readiness::NothingSeen);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body["status"].as_str()), (200, Some("ok")));
    assert_eq!(ask("GET", "/ready", Readiness::NothingSeen).0, 503);
    assert_eq!(ask("GET", "/ready", Readiness::NoEngine).0, 503);
    assert_eq!(ask("GET", "/ready", Readiness::Ready).0, 200);
}

#[test]
fn it_is_ready_once_an_engine_answers() {
    assert_eq!(readiness(None), Readiness::NothingSeen);
    let mut seen = picture(Vec::new());
    assert_eq!(readiness(Some(&seen)), Readiness::Ready);
    seen.engines.get_mut("default").unwrap().is_up = false;
    assert_eq!(readiness(Some(&seen)), Readiness::NoEngine);
}
