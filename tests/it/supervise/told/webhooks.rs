// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Webhooks of every temper, which hold up neither the supervision nor each other, and none of which hears a secret.

use std::time::Duration;

use serde_json::Value;

use super::super::super::support::running::{noticed, turned};
use super::super::super::support::stage::{Stage, check_each_second};
use super::super::super::support::witness::Witness;
use super::super::super::support::{Authority, Hook, PrivateBroker, Samples, Scraper, Temper, on_real_engines};
use super::super::SWIFT;
use super::{PASSWORD, supervise};

/// Lets people be told of a service.
const NOTIFIED: (&str, &str) = ("stackctl.heal", "notify");

/// Settings of webhooks by name.
fn settings(hooks: &[(&str, &Hook)]) -> String {
    let one = |(name, hook): &(&str, &Hook)| format!("[[webhook]]\nname = \"{name}\"\nurl = \"{}\"\n", hook.url());
    hooks.iter().map(one).collect()
}

/// What a sink has delivered, failed at and dropped.
fn counts(samples: &Samples, sink: &str) -> [u64; 3] {
    let count = |what| samples[&format!("stackctl_sink_{what}_total{{sink=\"{sink}\"}}")].parse().expect("a count");
    ["delivered", "failed", "dropped"].map(count)
}

/// A service whose check tells its password, in the middle and at the place where long lines are cut.
fn blabber(stage: &Stage) -> String {
    let script = "test ! -e /sick || { echo \"$FILLER no login with $DB_PASSWORD as told\"; exit 4; }";
    stage.run("blabber", &["sleep", "1000"], |plan| {
        plan.environment = vec![format!("DB_PASSWORD={PASSWORD}"), format!("FILLER={}", "x".repeat(90))];
        plan.health_check = Some(check_each_second(&["CMD-SHELL", script]));
        plan.labels
            .extend([NOTIFIED, ("stackctl.mqtt", "true")].map(|(key, value)| (key.to_owned(), value.to_owned())));
    })
}

#[test]
fn servers_of_every_temper_get_what_they_take_and_the_rest_is_counted() {
    on_real_engines("hooks", |stage| {
        let hangs = Hook::new(&[Temper::Hangs]);
        let fails = Hook::new(&[Temper::Status(500), Temper::Status(200)]);
        let rests = Hook::new(&[Temper::Rest(429, 3), Temper::Status(200)]);
        let refuses = Hook::new(&[Temper::Status(404)]);
        let takes = Hook::new(&[Temper::Status(204)]);
        let scraper = Scraper::new();
        let hooks = [("hangs", &hangs), ("fails", &fails), ("rests", &rests), ("refuses", &refuses), ("takes", &takes)];
        let web = stage.checked("web", &[NOTIFIED]);
        let settings = format!("{SWIFT}{}{}", scraper.settings(), settings(&hooks));
        let supervising = supervise(stage, &settings, |_| ());
        let errors = supervising.errors();
        supervising.until("ok", |line| turned(line, "web", "ok"));
        stage.sicken(&web);
        supervising.until("the notice", |line| noticed(line, "web", "bad"));
        hangs.until("it is asked", |hook| hook.requests().len() == 1);
        // While it hangs, what happens is told, and the others are.
        stage.cure(&web);
        supervising.until("the notice", |line| noticed(line, "web", "recovered"));
        takes.until("both", |hook| hook.kinds() == [["bad"], ["recovered"]]);
        fails.until("both", |hook| hook.kinds() == [["bad"], ["bad"], ["recovered"]]);
        rests.until("both", |hook| hook.kinds() == [["bad"], ["bad"], ["recovered"]]);
        refuses.until("both", |hook| hook.kinds() == [["bad"], ["recovered"]]);
        assert!(rests.waits()[0] >= Duration::from_secs(3), "{:?}", rests.waits());
        assert!(fails.waits()[0] >= Duration::from_secs(1), "{:?}", fails.waits());
        // A server has a request before its answer is counted.
        let is_counted = |now: &Samples| {
            ["takes", "fails", "rests"].iter().all(|sink| counts(now, sink)[0] == 2) && counts(now, "refuses")[2] == 2
        };
        let samples = scraper.until("the counts", is_counted);
        assert_eq!(counts(&samples, "takes"), [2, 0, 0]);
        assert_eq!(counts(&samples, "fails"), [2, 1, 0]);
        assert_eq!(counts(&samples, "rests"), [2, 1, 0]);
        assert_eq!(counts(&samples, "refuses"), [0, 2, 2]);
        assert_eq!(counts(&samples, "hangs")[0], 0);
        let body: Value = {
            let request = &takes.requests()[0];
            assert!(request.starts_with("POST /hook/path-secret HTTP/1.1\r\n"), "{request}");
            serde_json::from_str(request.split_once("\r\n\r\n").expect("a body").1).expect("JSON")
        };
        assert_eq!(body["schema"], "stackctl/notice/v1");
        let notice = &body["notices"][0];
        assert_eq!([&notice["project"], &notice["service"]], [stage.project.as_str(), "web"], "{notice}");
        // What is left of the one that hangs is said at the end, which it cannot hold up.
        assert_eq!(supervising.end("-TERM").code(), Some(143));
        let said = errors.text();
        assert!(said.contains("not all was delivered before the end"), "{said}");
        assert!(said.contains("HTTP status 404") && !said.contains("path-secret"), "{said}");
    });
}

#[test]
fn a_secret_in_the_words_of_a_check_reaches_nobody() {
    on_real_engines("blab", |stage| {
        let Some(broker) = PrivateBroker::start() else { return };
        let takes = Hook::new(&[Temper::Status(200)]);
        let scraper = Scraper::new();
        let blabber = blabber(stage);
        let witness = Witness::new(broker.address(), "all");
        let mqtt = super::mqtt::settings(broker.address());
        let settings = format!("{SWIFT}{}{mqtt}{}", scraper.settings(), settings(&[("takes", &takes)]));
        let supervising = supervise(stage, &settings, |command| {
            command.args(["--log-level", "trace"]);
        });
        let errors = supervising.errors();
        supervising.until("ok", |line| turned(line, "blabber", "ok"));
        stage.sicken(&blabber);
        supervising.until("the notice", |line| noticed(line, "blabber", "bad"));
        takes.until("it", |hook| hook.kinds() == [["bad"]]);
        let topic = "system/health/blabber";
        witness.until("it", |all| all.iter().any(|(of, text)| of == topic && text.contains("no login with")));
        scraper.until("the sickness", |now| {
            let is_it = |series: &str| series.contains("service=\"blabber\"") && series.contains("state=\"unhealthy\"");
            now.iter().any(|(series, value)| is_it(series) && value == "1")
        });
        let (_, _, metrics) = scraper.get("/metrics").expect("metrics");
        stage.cure(&blabber);
        supervising.until("the notice", |line| noticed(line, "blabber", "recovered"));
        let told = supervising.told();
        assert_eq!(supervising.end("-TERM").code(), Some(143));
        let all = [
            ("lines", format!("{told:?}")),
            ("errors", errors.text()),
            ("webhook", format!("{:?}", takes.requests())),
            ("broker", format!("{:?}", witness.all())),
            ("metrics", metrics),
        ];
        // More than what a mask shows of a long secret on purpose.
        let beginning = &PASSWORD[..5];
        for (name, text) in &all {
            assert!(!text.contains(beginning), "the {name} hold it: {text}");
        }
    });
}

#[test]
fn certificates_are_judged_by_the_named_authority() {
    let (known, unknown) = (Authority::new("known"), Authority::new("unknown"));
    let good = known.sign(&["127.0.0.1"], |_| ()).acceptor();
    let bad = unknown.sign(&["127.0.0.1"], |_| ()).acceptor();
    on_real_engines("https", |stage| {
        let trusted = Hook::encrypted(&[Temper::Status(200)], good.clone());
        let strange = Hook::encrypted(&[Temper::Status(200)], bad.clone());
        let authority = stage.write("authority.pem", &known.pem());
        let web = stage.checked("web", &[NOTIFIED]);
        let scraper = Scraper::new();
        let hooks = settings(&[("trusted", &trusted), ("strange", &strange)]);
        let supervising = supervise(stage, &format!("{SWIFT}{}{hooks}", scraper.settings()), |command| {
            command.env("SSL_CERT_FILE", &authority);
        });
        let errors = supervising.errors();
        supervising.until("ok", |line| turned(line, "web", "ok"));
        stage.sicken(&web);
        trusted.until("it", |hook| hook.kinds() == [["bad"]]);
        // A server has a request before its answer is counted, and the two sinks do not wait for each other.
        let samples =
            scraper.until("both counts", |now| counts(now, "trusted") != [0; 3] && counts(now, "strange")[1] >= 1);
        assert_eq!((counts(&samples, "trusted"), counts(&samples, "strange")[0]), ([1, 0, 0], 0));
        assert!(strange.connections() > 0 && strange.requests().is_empty());
        assert_eq!(supervising.end("-TERM").code(), Some(143));
        let said = errors.text();
        assert!(said.contains("strange") && said.contains("certificate") && said.contains("UnknownIssuer"), "{said}");
        assert!(!said.contains("sink=trusted") && !said.contains("path-secret"), "{said}");
    });
}
