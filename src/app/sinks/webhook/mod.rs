// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Messages to one server: one for each notice, a digest when many wait, again and again until it takes them.
//!
//! Limits: a message may arrive twice when the server took it and its answer was lost.

mod notice;
mod queue;
mod template;
#[cfg(test)]
mod template_tests;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;
use super::tally::{SinkState, Tally};
use super::{Operation, Outside, RunName, SinkFault, secrets};
use crate::app::supervise::Report;
use crate::config::{Secret, WebhookEvent, WebhookSettings, WebhookTemplate};
use crate::health::Timestamp;
use crate::sys::net::{HttpClient, HttpError, HttpRequest, HttpResponse, origin};
use notice::{Kind, Notice, Subject};
use queue::{Batch, Queue};

/// How long one attempt may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// How often the end of an operation is sent: its run does not stay to try for ever.
const ATTEMPTS: u32 = 3;
/// The longest that a server may ask to be left alone.
const LONGEST_REST: Duration = Duration::from_hours(1);

/// One server.
pub(super) struct Webhook<'a> {
    name: String,
    url: Secret,
    token: Option<Secret>,
    template: WebhookTemplate,
    events: Option<Vec<WebhookEvent>>,
    repeat: Option<Duration>,
    run: RunName,
    http: &'a dyn HttpClient,
    queue: RefCell<Queue>,
    /// What was told and has not ended.
    ongoing: RefCell<BTreeMap<Subject, Ongoing>>,
    wake: Notify,
    tally: Tally,
}

/// Something that lasts.
struct Ongoing {
    first: Notice,
    /// When it is told again.
    due: Option<Instant>,
}

/// What became of an attempt.
enum Attempt {
    Taken,
    /// Later, perhaps; the server may say when.
    NotNow(String, Option<Duration>),
    /// Never.
    Refused(String),
}

impl<'a> Webhook<'a> {
    pub(super) fn new(settings: &WebhookSettings, outside: Outside<'a>, run: &RunName) -> Result<Self, SinkFault> {
        let sink = || settings.name.clone();
        let source = settings.url.as_ref().ok_or_else(|| SinkFault::NoAddress { sink: sink() })?;
        let url = secrets::read(source, &settings.name, outside.files)?;
        if !["http://", "https://"].iter().any(|scheme| url.reveal().starts_with(scheme)) {
            return Err(SinkFault::BadAddress { sink: sink() });
        }
        let token = settings.token.as_ref().map(|source| secrets::read(source, &settings.name, outside.files));
        let token = token.transpose()?;
        if token.as_ref().is_some_and(|token| token.reveal().chars().any(char::is_control)) {
            return Err(SinkFault::BadToken { sink: sink() });
        }
        Ok(Self {
            name: settings.name.clone(),
            url,
            token,
            template: settings.template,
            events: settings.events.clone(),
            repeat: settings.repeat,
            run: run.clone(),
            http: outside.http,
            queue: RefCell::default(),
            ongoing: RefCell::default(),
            wake: Notify::new(),
            tally: Tally::new(&settings.name),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The scheme and host of the server: the rest of the address may be a secret.
    pub(super) fn origin(&self) -> String {
        origin(self.url.reveal())
    }

    pub(super) fn state(&self) -> SinkState {
        self.tally.state(self.queue.borrow().len())
    }

    /// Takes what is for people out of a report.
    pub(super) fn tell(&self, report: &Report) {
        let Some(notice) = Notice::of(report) else { return };
        let wanted = notice.kind.event().is_none_or(|kind| self.events.as_ref().is_none_or(|all| all.contains(&kind)));
        let subject = notice.subject();
        // The end of what was told is told too, whatever the settings leave out.
        let ended = if notice.kind.closes() { self.ongoing.borrow_mut().remove(&subject) } else { None };
        if !wanted && ended.is_none() {
            return;
        }
        if notice.kind.opens() {
            let due = self.repeat.map(|time| Instant::now() + time);
            self.ongoing.borrow_mut().insert(subject, Ongoing { first: notice.clone(), due });
        }
        self.put(notice);
    }

    fn put(&self, notice: Notice) {
        let lost = self.queue.borrow_mut().push(notice);
        if lost > 0 {
            self.tally.dropped(lost);
        }
        self.wake.notify_one();
    }

    /// Delivers until `cancelled`; then what waits is tried once more.
    pub(super) async fn run(&self, cancelled: &CancellationToken) {
        let mut backoff = Backoff::new();
        loop {
            self.remind();
            let Some(batch) = self.queue.borrow().peek() else {
                if cancelled.is_cancelled() {
                    return;
                }
                tokio::select! {
                    () = cancelled.cancelled() => {}
                    () = self.wake.notified() => {}
                    () = sleep_until(self.next_reminder()) => {}
                }
                continue;
            };
            let rest = match self.attempt(&batch).await {
                Attempt::Taken => {
                    self.queue.borrow_mut().done(&batch);
                    self.tally.delivered(count(&batch));
                    backoff.reset();
                    continue;
                }
                Attempt::Refused(reason) => {
                    self.queue.borrow_mut().done(&batch);
                    self.tally.failed(&reason);
                    self.tally.dropped(count(&batch));
                    continue;
                }
                Attempt::NotNow(reason, rest) => {
                    self.tally.failed(&reason);
                    rest
                }
            };
            if cancelled.is_cancelled() {
                return;
            }
            let wait = rest.map_or(Duration::ZERO, |rest| rest.min(LONGEST_REST)).max(backoff.next());
            tokio::select! {
                () = cancelled.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Sends a batch once.
    async fn attempt(&self, batch: &Batch) -> Attempt {
        let letter = template::write(self.template, batch, &self.run);
        let mut headers = letter.headers;
        headers.push(("User-Agent".to_owned(), format!("stackctl/{}", self.run.version)));
        if let Some(token) = &self.token {
            headers.push(("Authorization".to_owned(), format!("Bearer {}", token.reveal())));
        }
        let url = self.url.reveal().to_owned();
        let request = HttpRequest { method: "POST", url, headers, body: letter.body, keep_bytes: 0 };
        judge(self.http.exchange(&request, DEADLINE).await)
    }

    /// Sends a test message once.
    ///
    /// # Errors
    /// Why it did not arrive, without a secret.
    pub(super) async fn send_test(&self, at: Timestamp) -> Result<(), String> {
        let notice = Notice {
            seq: 0,
            at,
            kind: Kind::Test,
            context: self.run.host.clone(),
            key: None,
            operation: None,
            text: "this is a test of the notifications of stackctl; nothing is wrong".to_owned(),
            reminds_of: None,
        };
        match self.send_once(notice).await {
            Attempt::Taken => Ok(()),
            Attempt::NotNow(reason, _) | Attempt::Refused(reason) => Err(reason),
        }
    }

    /// Sends how an operation ended, and again when the server has no time for it. Nothing where the settings leave it
    /// out.
    ///
    /// # Errors
    /// Why it did not arrive, without a secret.
    pub(super) async fn send_operation(&self, operation: &Operation) -> Result<(), String> {
        let notice = Notice::of_operation(operation, &self.run.host);
        let is_wanted = |kind| self.events.as_ref().is_none_or(|all| all.contains(&kind));
        if !notice.kind.event().is_none_or(is_wanted) {
            return Ok(());
        }
        let mut backoff = Backoff::new();
        for attempt in 1.. {
            match self.send_once(notice.clone()).await {
                Attempt::Taken => break,
                Attempt::NotNow(_, _) if attempt < ATTEMPTS => tokio::time::sleep(backoff.next()).await,
                Attempt::NotNow(reason, _) | Attempt::Refused(reason) => return Err(reason),
            }
        }
        Ok(())
    }

    async fn send_once(&self, notice: Notice) -> Attempt {
        let mut queue = Queue::default();
        queue.push(notice);
        match queue.peek() {
            Some(batch) => self.attempt(&batch).await,
            None => Attempt::Taken,
        }
    }

    /// Tells again what has lasted long enough, unless it waits to be told anyway.
    fn remind(&self) {
        let (now, Some(repeat)) = (Instant::now(), self.repeat) else { return };
        let mut due = Vec::new();
        for (subject, ongoing) in self.ongoing.borrow_mut().iter_mut() {
            if ongoing.due.is_some_and(|at| at <= now) {
                ongoing.due = Some(now + repeat);
                due.push((subject.clone(), ongoing.first.clone()));
            }
        }
        for (subject, first) in due {
            if !self.queue.borrow().has(|notice| notice.subject() == subject) {
                let since = first.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
                let text = format!("{}, since {since}", first.text);
                self.put(Notice { kind: Kind::StillBad, text, reminds_of: Some(first.kind), ..first });
            }
        }
    }

    fn next_reminder(&self) -> Option<Instant> {
        self.ongoing.borrow().values().filter_map(|ongoing| ongoing.due).min()
    }
}

fn count(batch: &Batch) -> u64 {
    batch.notices.len() as u64
}

/// Waits until then; for ever without a moment.
async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// What an answer means. Too many requests and faults of the server pass; other refusals stay what they are.
fn judge(answer: Result<HttpResponse, HttpError>) -> Attempt {
    match answer {
        Ok(response) if (200..300).contains(&response.status) => Attempt::Taken,
        Ok(response) => {
            let reason = format!("HTTP status {}", response.status);
            match response.status {
                408 | 429 | 500.. => Attempt::NotNow(reason, response.retry_after),
                _ => Attempt::Refused(reason),
            }
        }
        Err(error @ HttpError::BadRequest(_)) => Attempt::Refused(error.to_string()),
        Err(error) => Attempt::NotNow(error.to_string(), None),
    }
}
