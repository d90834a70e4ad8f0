// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Messages to servers that take them, refuse them, hang, and come back.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::time::Duration;

use chrono::DateTime;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::notice::{Kind, Notice};
use super::queue::{CAPACITY, Queue};
use super::*;
use crate::app::sinks::Success;
use crate::app::sinks::testing::{Net, key, notice, run_name};
use crate::config::{SecretSource, WebhookTemplate};
use crate::health::policy::NoticeKind;
use crate::sys::fake::{FakeAnswer, FakeHttp};

fn settings() -> WebhookSettings {
    WebhookSettings {
        name: "ops".to_owned(),
        url: Some(SecretSource::Given(Secret::new("https://hooks.test/T0/secret"))),
        token: None,
        template: WebhookTemplate::Json,
        events: None,
        repeat: None,
    }
}

fn webhook(net: &Net, change: impl FnOnce(&mut WebhookSettings)) -> Webhook<'_> {
    let mut settings = settings();
    change(&mut settings);
    Webhook::new(&settings, net.outside(), &run_name()).unwrap()
}

fn status(status: u16) -> FakeAnswer {
    FakeAnswer::Now(HttpResponse::new(status, ""))
}

/// Runs a webhook for this long.
async fn run_for(webhook: &Webhook<'_>, time: Duration) {
    let cancelled = CancellationToken::new();
    tokio::select! {
        () = webhook.run(&cancelled) => {}
        () = tokio::time::sleep(time) => {}
    }
}

/// The kinds of the notices of each message that was sent.
fn sent(net: &Net) -> Vec<Vec<String>> {
    let kinds = |request: &HttpRequest| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        body["notices"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
    };
    net.http.asked().iter().map(kinds).collect()
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn each_notice_is_a_message_of_its_own() {
    let net = Net::default();
    let webhook = webhook(&net, |settings| settings.token = Some(SecretSource::Given(Secret::new("t0ken"))));
    webhook.tell(&notice(1, NoticeKind::Bad, "bus", "fails its check"));
    webhook.tell(&notice(2, NoticeKind::Recovered, "bus", "is well again"));
    run_for(&webhook, SECOND).await;
    assert_eq!(sent(&net), [["bad"], ["recovered"]]);
    let request = &net.http.asked()[0];
    assert_eq!((request.method, request.url.as_str()), ("POST", "https://hooks.test/T0/secret"));
    assert!(request.headers.contains(&("Authorization".to_owned(), "Bearer t0ken".to_owned())));
    assert!(request.headers.contains(&("User-Agent".to_owned(), "stackctl/1.2.3".to_owned())));
    let state = webhook.state();
    assert_eq!((state.delivered, state.waiting, state.last_error), (2, 0, None));
}

#[tokio::test(start_paused = true)]
async fn many_that_wait_become_one_message() {
    let net = Net::default();
    let webhook = webhook(&net, |_| {});
    for number in 0..6 {
        webhook.tell(&notice(number, NoticeKind::Bad, &format!("s{number}"), "is down"));
    }
    run_for(&webhook, SECOND).await;
    assert_eq!(sent(&net), [["bad"; 6]]);
    assert_eq!(webhook.state().delivered, 6);
}

#[tokio::test(start_paused = true)]
async fn a_server_in_trouble_is_asked_again_with_longer_waits() {
    let net = Net { http: FakeHttp::new([status(500), status(503), FakeAnswer::Hangs, status(200)]), ..Net::default() };
    let webhook = webhook(&net, |_| {});
    webhook.tell(&notice(1, NoticeKind::Bad, "bus", "fails its check"));
    // 1 s and 2 s of waiting, 10 s of hanging, 4 s of waiting.
    run_for(&webhook, Duration::from_secs(16)).await;
    assert_eq!(net.http.asked().len(), 3);
    let state = webhook.state();
    assert_eq!((state.failed, state.waiting, state.last_error.as_deref()), (3, 1, Some("no answer within 10 s")));
    run_for(&webhook, Duration::from_secs(20)).await;
    assert_eq!((webhook.state().delivered, webhook.state().waiting, webhook.state().last_error), (1, 0, None));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_rest_gets_it_up_to_an_hour() {
    let busy = |seconds| {
        FakeAnswer::Now(HttpResponse { retry_after: Some(Duration::from_secs(seconds)), ..HttpResponse::new(429, "") })
    };
    let net = Net { http: FakeHttp::new([busy(60), busy(u64::MAX), status(204)]), ..Net::default() };
    let webhook = webhook(&net, |_| {});
    webhook.tell(&notice(1, NoticeKind::Bad, "bus", "fails its check"));
    let run = run_for(&webhook, Duration::from_secs(60 + 3600 + 1));
    tokio::join!(run, async {
        tokio::time::sleep(Duration::from_secs(59)).await;
        assert_eq!(net.http.asked().len(), 1);
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(net.http.asked().len(), 2);
    });
    assert_eq!(webhook.state().delivered, 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final_and_counted() {
    let net = Net { http: FakeHttp::new([status(404), status(200)]), ..Net::default() };
    let webhook = webhook(&net, |_| {});
    webhook.tell(&notice(1, NoticeKind::Bad, "bus", "fails its check"));
    webhook.tell(&notice(2, NoticeKind::Bad, "tts", "fails its check"));
    run_for(&webhook, SECOND).await;
    let state = webhook.state();
    assert_eq!((state.delivered, state.failed, state.dropped, state.waiting), (1, 1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn settings_leave_kinds_out_but_never_the_end_of_what_was_told() {
    let net = Net::default();
    let webhook = webhook(&net, |settings| settings.events = Some(vec![WebhookEvent::Bad]));
    webhook.tell(&notice(1, NoticeKind::Recovered, "tts", "is well again"));
    webhook.tell(&notice(2, NoticeKind::GaveUp, "tts", "5 attempts"));
    webhook.tell(&notice(3, NoticeKind::Bad, "bus", "fails its check"));
    webhook.tell(&notice(4, NoticeKind::Recovered, "bus", "is well again"));
    run_for(&webhook, SECOND).await;
    assert_eq!(sent(&net), [["bad"], ["recovered"]]);
}

#[tokio::test(start_paused = true)]
async fn what_stays_bad_is_told_again_until_it_is_over() {
    let net = Net::default();
    let webhook = webhook(&net, |settings| settings.repeat = Some(Duration::from_mins(30)));
    webhook.tell(&notice(1, NoticeKind::Bad, "bus", "fails its check"));
    webhook.tell(&notice(2, NoticeKind::EngineLost, "", "the engine cannot be asked"));
    webhook.tell(&notice(3, NoticeKind::EngineBack, "", "the engine can be asked again"));
    run_for(&webhook, Duration::from_mins(61)).await;
    assert_eq!(sent(&net), [["bad"], ["engine_lost"], ["engine_back"], ["still_bad"], ["still_bad"]]);
    let body: Value = serde_json::from_slice(&net.http.asked()[4].body).unwrap();
    assert_eq!(body["notices"][0]["text"], "fails its check, since 1970-01-01T00:00:00Z");
    webhook.tell(&notice(4, NoticeKind::Recovered, "bus", "is well again"));
    run_for(&webhook, Duration::from_hours(2)).await;
    assert_eq!(sent(&net).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn reminders_do_not_pile_up_while_a_server_is_down() {
    let net = Net { http: FakeHttp::new([status(500)]), ..Net::default() };
    let webhook = webhook(&net, |settings| settings.repeat = Some(Duration::from_mins(1)));
    webhook.tell(&notice(1, NoticeKind::Bad, "bus", "fails its check"));
    run_for(&webhook, Duration::from_hours(3)).await;
    assert_eq!(webhook.state().waiting, 1);
}

#[tokio::test(start_paused = true)]
async fn at_the_end_what_waits_is_tried_once_more() {
    let net = Net { http: FakeHttp::new([status(500), status(200)]), ..Net::default() };
    let webhook = webhook(&net, |_| {});
    webhook.tell(&notice(1, NoticeKind::Bad, "bus", "fails its check"));
    let cancelled = CancellationToken::new();
    tokio::join!(webhook.run(&cancelled), async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        cancelled.cancel();
    });
    assert_eq!((net.http.asked().len(), webhook.state().delivered), (2, 1));
}

fn waiting(kind: Kind, service: &str) -> Notice {
    Notice {
        seq: 1,
        at: DateTime::UNIX_EPOCH,
        kind,
        context: "default".to_owned(),
        key: Some(key(service)),
        text: "x".to_owned(),
        operation: None,
        reminds_of: None,
    }
}

#[test]
fn a_full_queue_drops_what_is_overtaken_then_what_ends_nothing() {
    let mut queue = Queue::default();
    queue.push(waiting(Kind::Recovered, "first"));
    queue.push(waiting(Kind::Bad, "twice"));
    for number in 0..CAPACITY - 2 {
        assert_eq!(queue.push(waiting(Kind::Bad, &format!("s{number}"))), 0);
    }
    assert_eq!(queue.push(waiting(Kind::Recovered, "twice")), 1);
    let batch = queue.peek().unwrap();
    let kinds = |batch: &Batch| batch.notices.iter().filter(|one| one.kind == Kind::Recovered).count();
    assert_eq!((batch.notices.len(), batch.left_out, kinds(&batch)), (CAPACITY, 1, 2));
    assert!(!queue.has(|one| one.kind == Kind::Bad && one.key == Some(key("twice"))));
    assert_eq!(queue.push(waiting(Kind::Bad, "more")), 1);
    assert!(!queue.has(|one| one.key == Some(key("s0"))) && queue.has(|one| one.key == Some(key("first"))));
    // What came meanwhile stays; what was left out meanwhile is said next time.
    queue.done(&batch);
    let rest = queue.peek().unwrap();
    assert_eq!((rest.notices.len(), rest.left_out), (1, 1));
}

#[test]
fn addresses_and_tokens_that_cannot_be_used_are_refused_without_being_shown() {
    let net = Net::default();
    let fault = |change: fn(&mut WebhookSettings)| {
        let mut settings = settings();
        change(&mut settings);
        Webhook::new(&settings, net.outside(), &run_name()).err()
    };
    assert!(matches!(fault(|one| one.url = None), Some(SinkFault::NoAddress { .. })));
    let bad = fault(|one| one.url = Some(SecretSource::Given(Secret::new("hooks.test/secret"))));
    assert!(matches!(&bad, Some(SinkFault::BadAddress { .. })) && !bad.unwrap().to_string().contains("secret"));
    let bad = fault(|one| one.token = Some(SecretSource::Given(Secret::new("a\nb"))));
    assert!(matches!(bad, Some(SinkFault::BadToken { .. })));
}

fn operation(success: Success) -> Operation {
    Operation {
        verb: "backup",
        project: "lab".to_owned(),
        success,
        text: "20261120T020000Z-0007 is made".to_owned(),
        at: DateTime::UNIX_EPOCH,
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_of_an_operation_is_sent_and_sent_again() {
    let net = Net { http: FakeHttp::new([status(503), status(429), status(200)]), ..Net::default() };
    assert_eq!(webhook(&net, |_| ()).send_operation(&operation(Success::Done)).await, Ok(()));
    assert_eq!(sent(&net), vec![vec!["operation_done"]; 3]);
    let body: Value = serde_json::from_slice(&net.http.asked()[2].body).unwrap();
    let notice = &body["notices"][0];
    assert_eq!(
        [&notice["operation"], &notice["project"], &notice["service"]],
        [&"backup".into(), &"lab".into(), &Value::Null]
    );
    assert_eq!(notice["text"], "backup of `lab`: 20261120T020000Z-0007 is made");
}

#[tokio::test(start_paused = true)]
async fn the_end_of_an_operation_is_given_up_and_left_out_as_asked() {
    let net = Net { http: FakeHttp::new([status(503), status(503), status(503), status(404)]), ..Net::default() };
    let hook = webhook(&net, |_| ());
    assert_eq!(hook.send_operation(&operation(Success::Failed)).await, Err("HTTP status 503".to_owned()));
    assert_eq!(hook.send_operation(&operation(Success::Failed)).await, Err("HTTP status 404".to_owned()));
    assert_eq!(sent(&net).len(), 4);
    let quiet = webhook(&net, |settings| settings.events = Some(vec![WebhookEvent::OperationFailed]));
    assert_eq!(quiet.send_operation(&operation(Success::Done)).await, Ok(()));
    assert_eq!(sent(&net).len(), 4);
}
