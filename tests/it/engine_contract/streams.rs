// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Events and logs.

use std::time::Duration;

use futures_util::StreamExt as _;
use stackctl::sys::engine::{
    Deadline, EngineError, Event, EventQuery, EventSubject, Grace, Idle, LogLine, LogQuery, OutputStream,
};

use super::subject::Subject;

const NOW: Grace = Grace(Some(Duration::ZERO));

fn verbs(events: &[Event]) -> Vec<&str> {
    events.iter().map(Event::verb).collect()
}

pub(super) async fn events_arrive_whatever_the_order(subject: &Subject) {
    let since = subject.now().await;
    let mut feed = subject.events(since, &[]).await;
    let id = subject.run(&subject.plan("told", &["sh", "-c", "echo up; sleep 1000"])).await;
    subject.is_up(&id, 1).await;
    subject.engine.stop_container(&id, NOW, Deadline::CHANGE).await.unwrap();
    subject.engine.remove_container(&id, Deadline::CHANGE).await.unwrap();
    let seen = subject.until(&mut feed, |event| event.action == "destroy").await;
    assert!(verbs(&seen).contains(&"kill"), "one for each signal");
    for verb in ["create", "start", "die", "stop", "destroy"] {
        assert_eq!(verbs(&seen).iter().filter(|seen| **seen == verb).count(), 1, "{verb}: {:?}", verbs(&seen));
    }
    let die = seen.iter().find(|event| event.verb() == "die").unwrap();
    assert_eq!((die.exit_code(), die.subject, die.id.as_str()), (Some(137), EventSubject::Container, id.as_str()));
    assert_eq!(die.attributes["name"], subject.named("told"));
    assert_eq!(die.attributes["stackctl.test"], subject.run);
    assert!(seen.windows(2).all(|pair| pair[0].time <= pair[1].time), "{seen:#?}");
    assert!(seen[0].time >= since);
}

pub(super) async fn events_are_replayed_from_a_time_on_inclusively(subject: &Subject) {
    let since = subject.now().await;
    // Before the events: a busy engine forgets within seconds.
    let mut feed = subject.events(since, &["create", "start"]).await;
    subject.sleeper("told").await;
    let seen = subject.until(&mut feed, |event| event.action == "start").await;
    assert_eq!(verbs(&seen), ["create", "start"]);
    let start = seen[1].time;
    let mut from_start = subject.events(start, &["create", "start"]).await;
    assert_eq!(subject.until(&mut from_start, |_| true).await[0].action, "start");
    let mut behind = subject.events(start.next(), &["create", "start", "kill"]).await;
    subject.engine.stop_container(&subject.named("told"), NOW, Deadline::CHANGE).await.unwrap();
    assert_eq!(subject.until(&mut behind, |_| true).await[0].verb(), "kill");
}

pub(super) async fn events_end_at_until(subject: &Subject) {
    let since = subject.now().await;
    subject.sleeper("told").await;
    let query = EventQuery {
        since: Some(since),
        until: Some(subject.now().await),
        labels: vec![subject.label()],
        ..EventQuery::default()
    };
    let feed = subject.engine.events(&query, Deadline::QUESTION, Idle(None)).await.unwrap();
    let seen: Vec<Event> = feed.map(Result::unwrap).collect().await;
    assert!(verbs(&seen).contains(&"start"), "{seen:#?}");
}

pub(super) async fn events_filter_by_label_and_verb(subject: &Subject) {
    let since = subject.now().await;
    let query = EventQuery {
        since: Some(since),
        subjects: vec![EventSubject::Container],
        verbs: vec!["create".into(), "start".into()],
        labels: vec![subject.label()],
        ..EventQuery::default()
    };
    let mut feed = subject.engine.events(&query, Deadline::QUESTION, Idle(None)).await.unwrap();
    let mut other = subject.plan("other", &["true"]);
    other.labels.insert("stackctl.test".into(), format!("{}-other", subject.run));
    let other = subject.engine.create_container(&other, Deadline::CHANGE).await.unwrap();
    subject.engine.remove_container(&other, Deadline::CHANGE).await.unwrap();
    let volume = subject.engine.create_volume(&subject.volume("v"), Deadline::CHANGE).await.unwrap();
    subject.sleeper("mine").await;
    let seen = subject.until(&mut feed, |event| event.action == "start").await;
    assert_eq!(verbs(&seen), ["create", "start"], "{seen:#?} {}", volume.name);
}

pub(super) async fn idle_stream_ends_with_a_timeout(subject: &Subject) {
    let query = EventQuery { labels: vec![subject.label()], ..EventQuery::default() };
    let idle = Idle(Some(Duration::from_millis(300)));
    let mut feed = subject.engine.events(&query, Deadline::QUESTION, idle).await.unwrap();
    let failure = feed.next().await.unwrap().unwrap_err();
    assert!(matches!(failure, EngineError::Timeout { call: "read events", .. }), "{failure:?}");
    assert!(feed.next().await.is_none());
}

async fn lines(subject: &Subject, id: &str, query: &LogQuery) -> Vec<LogLine> {
    let feed = subject.engine.logs(id, query, Deadline::QUESTION, Idle(None)).await.unwrap();
    feed.map(Result::unwrap).collect().await
}

pub(super) async fn logs_tell_stream_time_and_tail(subject: &Subject) {
    let id = subject.run(&subject.plan("said", &["sh", "-c", "echo one; echo two; echo three >&2"])).await;
    subject.wait_for(&id, "its end", |detail| !detail.state.running).await;
    let all = lines(subject, &id, &LogQuery::default()).await;
    let mut texts: Vec<(OutputStream, &[u8])> = all.iter().map(|line| (line.stream, &line.text[..])).collect();
    // The engine reads both streams side by side.
    texts.sort_by_key(|(stream, _)| *stream == OutputStream::Err);
    assert_eq!(texts, [(OutputStream::Out, &b"one"[..]), (OutputStream::Out, b"two"), (OutputStream::Err, b"three")]);
    assert!(all.iter().all(|line| line.time.is_some()));
    let last = lines(subject, &id, &LogQuery { tail: Some(1), ..LogQuery::default() }).await;
    assert_eq!(last, all[2..]);
    let none = LogQuery { until: Some(subject.inspect(&id).await.created.unwrap().into()), ..LogQuery::default() };
    assert!(lines(subject, &id, &none).await.is_empty());
    let missing =
        subject.engine.logs("stackctl-test-nobody", &LogQuery::default(), Deadline::QUESTION, Idle(None)).await;
    assert!(missing.err().is_some_and(|error| error.is_not_found()));
}

pub(super) async fn logs_follow(subject: &Subject) {
    let id = subject.run(&subject.plan("says", &["sh", "-c", "echo one; sleep 1000"])).await;
    let follow = LogQuery { follow: true, ..LogQuery::default() };
    let mut feed =
        subject.engine.logs(&id, &follow, Deadline::QUESTION, Idle(Some(Duration::from_secs(20)))).await.unwrap();
    assert_eq!(&feed.next().await.unwrap().unwrap().text[..], b"one");
    subject.engine.kill_container(&id, "KILL", Deadline::CHANGE).await.unwrap();
    assert!(feed.next().await.is_none(), "the stream ends with the container");
}
