// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Metrics that are fetched while things happen.

use serde_json::Value;
use tokio::net::TcpSocket;

use super::super::super::support::running::{noticed, turned};
use super::super::super::support::stage::{Stage, always};
use super::super::super::support::{End, Relay, Running, Samples, Scraper, on_real_engines};
use super::super::{HEALED, SWIFT};
use super::mqtt::well;
use super::supervise;

/// A metric of a service of this stage; `more` are further labels.
fn series(stage: &Stage, name: &str, service: &str, more: &str) -> String {
    let more = if more.is_empty() { String::new() } else { format!(",{more}") };
    let project = &stage.project;
    format!("stackctl_{name}{{context=\"default\",project=\"{project}\",service=\"{service}\",number=\"1\"{more}}}")
}

/// The states that a service is in, by the metrics.
fn states(stage: &Stage, samples: &Samples, service: &str) -> Vec<String> {
    let start = series(stage, "service_state", service, "state=\"");
    let start = start.strip_suffix('}').expect("a brace");
    let of = samples.iter().filter_map(|(one, value)| Some((one.strip_prefix(start)?, value)));
    let present = of.filter(|(_, value)| *value == "1");
    present.map(|(rest, _)| rest.trim_end_matches("\"}").to_owned()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

#[test]
fn metrics_change_with_what_happens() {
    let settings = "[supervise]\nlink_settle = \"0s\"\nfirst_wait = \"1s\"\nlongest_wait = \"1s\"\nattempts = 1\n\
                    recovered = \"1s\"\n";
    on_real_engines("metrics", |stage| {
        let web = well(stage, "web", &[HEALED]);
        let once =
            stage.run("once", &["sh", "-c", "until test -e /end; do sleep 0.1; done; rm /end; exit 3"], |plan| {
                plan.restart_policy = always();
            });
        let scraper = Scraper::new();
        let supervising = supervise(stage, &format!("{settings}{}", scraper.settings()), |_| ());
        supervising.until("ok", |line| turned(line, "web", "ok"));
        let value = |samples: &Samples, name: &str, service: &str, more: &str| {
            samples.get(&series(stage, name, service, more)).cloned()
        };
        let first = scraper.until("the first sight", |now| states(stage, now, "web") == ["ok"]);
        assert_eq!(states(stage, &first, "once"), ["no_check"]);
        assert_eq!(value(&first, "service_restarts_total", "once", ""), Some("0".to_owned()));
        assert_eq!(value(&first, "breaker_open", "web", ""), Some("0".to_owned()));
        assert!(value(&first, "probe_duration_seconds", "web", "").is_some_and(|time| number(&time) > 0.0));
        assert_eq!(value(&first, "heal_attempts_total", "web", "result=\"done\""), None);
        assert_eq!(first["stackctl_engine_up{context=\"default\"}"], "1");
        assert_eq!(first[&format!("stackctl_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"))], "1");
        for (path, status, word) in [("/health", 200, "ok"), ("/ready", 200, "ready")] {
            let (found, kind, body) = scraper.get(path).expect("an answer");
            let body: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!((found, kind.as_str(), &body["status"]), (status, "application/json", &word.into()));
        }

        stage.exec(&once, &["touch", "/end"]);
        scraper.until("a restart by the engine", |now| {
            value(now, "service_restarts_total", "once", "") == Some("1".to_owned())
        });
        stage.sicken(&web);
        scraper.until("sickness", |now| states(stage, now, "web") == ["unhealthy"]);
        let done = scraper.until("an attempt", |now| {
            value(now, "heal_attempts_total", "web", "result=\"done\"") == Some("1".to_owned())
        });
        let heard = |of: &Samples| number(&of["stackctl_events_total{context=\"default\"}"]);
        assert!(heard(&done) > heard(&first));
        assert!(number(&done["stackctl_event_lag_seconds{context=\"default\"}"]) >= 0.0);
        supervising.until("the end of attempts", |line| noticed(line, "web", "gave_up"));
        scraper.until("the open breaker", |now| value(now, "breaker_open", "web", "") == Some("1".to_owned()));
        assert!(number(&done["stackctl_sink_delivered_total{sink=\"prometheus\"}"]) > 1.0);
        stage.cure(&web);
        scraper.until("recovery", |now| states(stage, now, "web") == ["ok"]);
        assert_eq!(supervising.end("-TERM").code(), Some(143));
        assert_eq!(scraper.get("/health"), None, "nobody serves any more");
    });
}

#[test]
fn a_lost_engine_shows_and_comes_back() {
    on_real_engines("cut", |stage| {
        stage.checked("web", &[]);
        let engine = stage.host.strip_prefix("unix://").expect("a socket");
        let socket = stage.folder.path().join("engine.sock");
        let wire = Relay::from_socket(&socket, End::Socket(engine.into()));
        let scraper = Scraper::new();
        stage.write("stackctl.toml", &scraper.settings());
        let through = format!("unix://{}", socket.display());
        let supervising = Running::start(stage.command_at(&through, "supervise", &["--format", "json"]));
        supervising.until("ok", |line| turned(line, "web", "ok"));
        let is_up = |now: &Samples, up: &str| now["stackctl_engine_up{context=\"default\"}"] == up;
        scraper.until("the first sight", |now| states(stage, now, "web") == ["ok"] && is_up(now, "1"));
        wire.cut();
        supervising.until("the loss", |line| line["type"] == "engine_lost");
        scraper.until("the loss", |now| is_up(now, "0") && states(stage, now, "web") == ["unknown"]);
        assert_eq!(scraper.get("/ready").map(|(status, ..)| status), Some(503));
        assert_eq!(scraper.get("/health").map(|(status, ..)| status), Some(200));
        wire.join(End::Socket(engine.into()));
        supervising.until("the return", |line| line["type"] == "engine_back");
        scraper.until("the return", |now| is_up(now, "1") && states(stage, now, "web") == ["ok"]);
        assert_eq!(scraper.get("/ready").map(|(status, ..)| status), Some(200));
    });
}

#[test]
fn a_port_that_is_taken_is_said_and_holds_up_nothing() {
    on_real_engines("taken", |stage| {
        let canary = stage.checked("canary", &[HEALED]);
        // Nobody listens: of a listener, a child that another test starts may keep a copy for a moment, with whom we would
        // talk in vain.
        let taken = TcpSocket::new_v4().expect("a socket");
        taken.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
        let address = taken.local_addr().expect("an address");
        let scraper = Scraper::at(address.port());
        let supervising = supervise(stage, &format!("{SWIFT}{}", scraper.settings()), |_| ());
        let errors = supervising.errors();
        supervising.until("ok", |line| turned(line, "canary", "ok"));
        super::super::heal_canary(stage, &canary, &supervising);
        // It is tried again until it can be had.
        drop(taken);
        let samples = scraper.until("the metrics", |now| !states(stage, now, "canary").is_empty());
        assert!(number(&samples["stackctl_sink_failed_total{sink=\"prometheus\"}"]) >= 1.0);
        assert_eq!(supervising.end("-TERM").code(), Some(143));
        let said = errors.text();
        let words = format!("cannot listen on {address}: Address already in use");
        assert_eq!(said.matches(&words).count(), 1, "{said}");
    });
}
