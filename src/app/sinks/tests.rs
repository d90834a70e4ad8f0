// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! All sinks together: none waits for another, and all end in time.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use chrono::DateTime;
use tokio::time::Instant;

use super::testing::{FakeServer, Net, notice, opted, picture, run_name};
use super::*;
use crate::config::{Layer, parse_file, resolve};
use crate::health::policy::NoticeKind;
use crate::sys::fake::{FakeAnswer, FakeHttp};
use crate::sys::net::{HttpError, HttpResponse};

fn settings(text: &str) -> SinkSettings {
    let file = parse_file("stackctl.toml", text).unwrap();
    resolve(Some(("stackctl.toml", &file)), &Layer::default(), &Layer::default()).sinks
}

const ALL: &str = "[prometheus]\n[mqtt]\nbroker = \"mqtt://b\"\n[[webhook]]\nurl = \"http://dead.test/x\"\n\
                   [[webhook]]\nname = \"ops\"\nurl = \"http://good.test/x\"\n";

#[tokio::test(start_paused = true)]
async fn none_costs_nothing() {
    let net = Net::default();
    let sinks = Sinks::new(&SinkSettings::default(), net.outside(), &run_name()).unwrap();
    assert!(sinks.is_empty() && !sinks.wants_picture() && sinks.states().is_empty());
    let cancelled = CancellationToken::new();
    cancelled.cancel();
    sinks.run(&cancelled).await;
}

#[tokio::test(start_paused = true)]
async fn dead_and_hanging_ones_delay_nobody_and_the_end_comes_in_two_seconds() {
    let net = Net { server: FakeServer { is_taken: true }, ..Net::default() };
    net.http.answer("http://dead.test", FakeAnswer::Hangs);
    net.broker.drop_all(true);
    let sinks = Sinks::new(&settings(ALL), net.outside(), &run_name()).unwrap();
    assert!(sinks.wants_picture());
    let (cancelled, begin) = (CancellationToken::new(), Instant::now());
    tokio::join!(sinks.run(&cancelled), async {
        for number in 0..2000 {
            sinks.tell(&notice(number, NoticeKind::Bad, &format!("s{number}"), "is down"));
        }
        sinks.show(picture(vec![opted("bus")]));
        assert_eq!(Instant::now(), begin);
        tokio::time::sleep(Duration::from_secs(5)).await;
        cancelled.cancel();
    });
    assert_eq!(begin.elapsed(), Duration::from_secs(7));
    let states = sinks.states();
    let names: Vec<&str> = states.iter().map(|state| state.name.as_str()).collect();
    assert_eq!(names, ["prometheus", "mqtt", "webhook", "ops"]);
    assert!(states[0].last_error.as_ref().unwrap().contains("cannot listen on 127.0.0.1:9817"));
    assert!(states[1].last_error.is_some() && states[1].waiting > 0);
    let (dead, good) = (&states[2], &states[3]);
    assert_eq!((dead.delivered, dead.waiting as u64 + dead.dropped), (0, 2000));
    assert_eq!((good.delivered + good.dropped, good.waiting), (2000, 0));
}

async fn results(net: &Net, only: Option<&str>) -> Result<Vec<TestResult>, SinkFault> {
    test(&settings(ALL), only, net.outside(), &run_name(), DateTime::UNIX_EPOCH).await
}

#[tokio::test(start_paused = true)]
async fn a_test_goes_through_each_sink_and_shows_no_secret() {
    let net = Net::default();
    net.http.answer("http://dead.test", FakeAnswer::Fails(HttpError::Unreachable("refused".to_owned())));
    let results = results(&net, None).await.unwrap();
    let kinds: Vec<&str> = results.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, ["prometheus", "mqtt", "webhook", "webhook"]);
    let good: Vec<bool> = results.iter().map(|one| one.result.is_ok()).collect();
    assert_eq!(good, [true, true, false, true]);
    assert_eq!(results[2].place, "http://dead.test");
    assert_eq!(results[2].result, Err("cannot connect: refused".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_test_may_be_for_one_sink_that_there_is() {
    let net = Net::default();
    let one = results(&net, Some("ops")).await.unwrap();
    assert_eq!(one.iter().map(|one| one.sink.as_str()).collect::<Vec<_>>(), ["ops"]);
    assert!(matches!(results(&net, Some("nope")).await, Err(SinkFault::Unknown { .. })));
    let none = test(&SinkSettings::default(), None, net.outside(), &run_name(), DateTime::UNIX_EPOCH).await;
    assert_eq!(none, Err(SinkFault::None));
}

#[tokio::test(start_paused = true)]
async fn an_address_that_a_supervisor_has_is_fine() {
    for (body, is_good) in [("{\"schema\":\"stackctl/alive/v1\"}", true), ("{}", false)] {
        let http = FakeHttp::new([FakeAnswer::Now(HttpResponse::new(200, body))]);
        let net = Net { server: FakeServer { is_taken: true }, http, ..Net::default() };
        let result = results(&net, Some("prometheus")).await.unwrap();
        assert_eq!(result[0].result.is_ok(), is_good, "{result:?}");
    }
}
