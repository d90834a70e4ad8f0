// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One engine, followed through connections, streams and outages.
//!
//! The stream is read at all times: an engine drops events for a reader that lags, and is slowed down by it. So nothing
//! here waits for an answer, or for whoever reads the news, without listening to the stream as well.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::looks::{Looks, Urgency, urgency};
use super::news::{EngineNews, Explained, News};
use super::snapshot::{Depth, LOOK, Observed, Snapshot, clock_lead, containers, snapshot};
use super::{Extent, Request, Surroundings, View, Watched};
use crate::app::engines::Place;
use crate::app::observe::{self, VERBS};
use crate::error::UserError as _;
use crate::health::backoff::supervisor_wait;
use crate::health::explain::Background;
use crate::health::policy::Link;
use crate::health::{Board, Event, Notice, Timestamp};
use crate::sys::engine::{
    self, ContainerDetail, ContainerFilter, Deadline, EngineError, EventQuery, EventSubject, EventTime, Feed, Idle,
    LinkFault,
};

/// Everything is compared this often, whatever the events said.
const RESYNC: Duration = Duration::from_mins(1);
/// What was held back and what time alone changes is looked at this often.
const TICK: Duration = Duration::from_secs(1);
/// A stream that breaks and is back within this time is no outage: proxies and tunnels cut idle streams.
const GRACE: Duration = Duration::from_secs(1);
/// The first wait between attempts to reach a lost engine.
const FIRST_WAIT: TimeDelta = TimeDelta::milliseconds(500);
/// The longest one.
const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(30);
/// Events buffered during the first comparison; beyond that, it is made anew.
const BUFFER: usize = 16_384;
/// Our clock was set when it moved this much differently from the time that passed.
const JUMP: TimeDelta = TimeDelta::seconds(2);

type Look<'a> = Pin<Box<dyn Future<Output = (Timestamp, String, Result<ContainerDetail, EngineError>)> + 'a>>;
type Comparison<'a> = Pin<Box<dyn Future<Output = Result<Snapshot, EngineError>> + 'a>>;

/// One engine and all that is known of it.
pub(super) struct Follower<'a> {
    watched: Watched<'a>,
    request: &'a Request,
    surroundings: Surroundings<'a>,
    filter: ContainerFilter,
    board: Board,
    /// How far the engine's clock is ahead of ours.
    lead: TimeDelta,
    newest: Option<EventTime>,
    lost: Option<Timestamp>,
    /// Since when it could be asked, the last time that it could.
    live: Timestamp,
    /// The moment of the last comparison.
    compared: Timestamp,
    events: u64,
    lag: Option<TimeDelta>,
    /// What must not be shown, by container.
    secrets: BTreeMap<String, Vec<String>>,
    /// Events that wait for a look at their container, and since when.
    held: BTreeMap<String, (Instant, Event)>,
}

/// How the first contact ended.
pub(super) enum First<'a> {
    /// All that was asked for is told.
    Done,
    /// The engine is there.
    Reached(Box<Live<'a>>),
    /// It is not.
    Failed(Box<Follower<'a>>, EngineError),
}

/// A follower with an open stream.
pub(super) struct Live<'a> {
    follower: Follower<'a>,
    feed: Feed<engine::Event>,
}

impl<'a> Follower<'a> {
    pub(super) fn new(watched: Watched<'a>, request: &'a Request, surroundings: Surroundings<'a>) -> Self {
        Self {
            watched,
            request,
            surroundings,
            filter: request.scope.filter(),
            board: Board::new(),
            lead: TimeDelta::zero(),
            newest: None,
            lost: None,
            live: Timestamp::MIN_UTC,
            compared: Timestamp::MIN_UTC,
            events: 0,
            lag: None,
            secrets: BTreeMap::new(),
            held: BTreeMap::new(),
        }
    }

    pub(super) fn context(&self) -> &'a str {
        self.watched.context
    }

    /// The first contact.
    pub(super) async fn start(mut self) -> First<'a> {
        let result = match self.request.extent {
            Extent::Once => self.look_once().await.map(|()| None),
            Extent::Ongoing => self.connect().await.map(Some),
        };
        match result {
            Ok(None) => First::Done,
            Ok(Some(feed)) => First::Reached(Box::new(Live { follower: self, feed })),
            Err(error) => First::Failed(Box::new(self), error),
        }
    }

    /// Tries to reach an engine that was never there, and follows it from then on.
    pub(super) async fn keep_trying(mut self: Box<Self>, error: EngineError) -> First<'a> {
        self.tell_lost(&error);
        let feed = self.wait_for_engine().await;
        First::Reached(Box::new(Live { follower: *self, feed }))
    }

    /// Now, by the engine's clock.
    fn now(&self) -> Timestamp {
        self.surroundings.clock.now() + self.lead
    }

    /// Our clock was set. Another machine's was not by that, so its time goes on as before; the comparison that follows
    /// asks for it.
    fn clock_was_set(&mut self, jump: TimeDelta) {
        if self.watched.place == Place::Elsewhere {
            self.lead -= jump;
        }
        // Else nothing would be done until the clock has come round.
        self.live = self.live.min(self.now());
    }

    async fn look_once(&mut self) -> Result<(), EngineError> {
        let seen = snapshot(self.watched, &self.filter, self.surroundings.clock, None).await?;
        self.compare(seen);
        Ok(())
    }

    /// Opens the stream, then compares everything, then replays what the stream has brought meanwhile.
    async fn connect(&mut self) -> Result<Feed<engine::Event>, EngineError> {
        let watched = self.watched;
        self.lead = clock_lead(watched, self.surroundings.clock).await?;
        let query = EventQuery {
            // An engine may begin to answer before it listens; what comes twice does no harm.
            since: Some(self.newest.map_or_else(|| self.now().into(), EventTime::next)),
            until: None,
            subjects: vec![EventSubject::Container],
            verbs: VERBS.iter().map(|verb| (*verb).to_owned()).collect(),
            labels: vec![self.request.scope.label()],
        };
        let mut feed = watched.engine.events(&query, Deadline::QUESTION, Idle(None)).await?;
        let mut buffer: Vec<engine::Event> = Vec::new();
        let seen = 'anew: loop {
            let as_of = self.now().max(self.newest.map_or(Timestamp::MIN_UTC, EventTime::at));
            let looking = containers(watched, &self.filter);
            tokio::pin!(looking);
            loop {
                tokio::select! {
                    item = feed.next() => buffer.push(item.unwrap_or_else(|| Err(self.closed()))?),
                    seen = &mut looking => break 'anew Snapshot { lead: self.lead, as_of, seen: seen? },
                }
                if buffer.len() > BUFFER {
                    buffer.clear();
                    continue 'anew;
                }
            }
        };
        self.compare(seen);
        for event in &buffer {
            if let Some(event) = self.hear(event) {
                self.take(&event);
            }
        }
        Ok(feed)
    }

    /// Takes a comparison; after an outage, that it is over.
    fn compare(&mut self, seen: Snapshot) {
        self.lead = seen.lead;
        self.compared = self.compared.max(seen.as_of);
        let context = self.watched.context;
        let now = self.now().max(seen.as_of);
        if self.live == Timestamp::MIN_UTC {
            self.live = now;
        }
        if let Some(since) = self.lost.take() {
            self.live = now;
            let change = EngineNews::Back { outage: (now - since).max(TimeDelta::zero()) };
            self.surroundings.observer.news(News::Engine { at: now, context: context.to_owned(), change });
        }
        self.secrets.clear();
        let mut found = Vec::with_capacity(seen.seen.len());
        for Observed { mut container, secrets, depth } in seen.seen {
            // What was known before says more than a line of the list, while that does not contradict it.
            if depth == Depth::Listed
                && let Some(known) = self.board.container(context, &container.id)
                && known.status == container.status
            {
                container = known;
            }
            self.secrets.insert(container.id.clone(), secrets);
            found.push(container);
        }
        if let Some((project, services)) = &self.request.file {
            let is_here = found.iter().any(|one| one.project.as_deref() == Some(project));
            if is_here || self.request.is_only_engine {
                let notices = self.board.set_file(context, project, Some(services.clone()), now);
                self.tell(notices, now);
            }
        }
        let notices = self.board.resync(context, seen.as_of, &found, now);
        self.tell(notices, now);
        self.show();
    }

    /// Shows what is known to who looks on.
    fn show(&self) {
        let link = if self.lost.is_some() { Link::Lost } else { Link::LiveSince(self.live) };
        self.surroundings.observer.look(&View {
            context: self.context(),
            board: &self.board,
            now: self.now(),
            link,
            secrets: &self.secrets,
            events: self.events,
            lag: self.lag,
        });
    }

    /// The moment up to which everything was heard. Never goes back, though an engine's clock may: what is looked at later
    /// is newer.
    fn heard(&self) -> Timestamp {
        self.newest.map_or(self.compared, |newest| newest.at().max(self.compared))
    }

    /// Notes that an event has come.
    fn hear(&mut self, event: &engine::Event) -> Option<Event> {
        self.newest = self.newest.max(Some(event.time));
        self.events += 1;
        self.lag = Some((self.now() - event.time.at()).max(TimeDelta::zero()));
        observe::event(event)
    }

    /// Takes an event.
    fn take(&mut self, event: &Event) {
        let now = self.now().max(event.time);
        let notices = self.board.event(self.watched.context, event, now);
        self.tell(notices, now);
    }

    /// Takes an event, or holds it until its container was looked at. Events of one container stay in order.
    fn take_or_hold(&mut self, event: Event) -> (String, Urgency) {
        if let Some((_, held)) = self.held.remove(&event.container) {
            self.take(&held);
        }
        let (id, urgency) = (event.container.clone(), urgency(&event.kind));
        if urgency == Urgency::AtOnce {
            self.held.insert(id.clone(), (Instant::now(), event));
        } else {
            self.take(&event);
        }
        (id, urgency)
    }

    /// Takes a look at a container, and the event that waited for it.
    fn take_look(&mut self, id: &str, as_of: Timestamp, result: Result<ContainerDetail, EngineError>) {
        let held = self.held.remove(id);
        match result {
            Ok(detail) => {
                let Observed { container, secrets, .. } = Observed::inspected(&detail);
                self.secrets.insert(container.id.clone(), secrets);
                let now = self.now().max(as_of);
                let notices = self.board.inspect(self.watched.context, as_of, &container, now);
                self.tell(notices, now);
            }
            // Gone, or the next comparison finds out.
            Err(error) => tracing::debug!(%error, context = self.context(), "not looked at"),
        }
        if let Some((_, event)) = held {
            self.take(&event);
        }
    }

    /// Time has passed: tells what waited for a look long enough, and what time alone changes.
    fn tick(&mut self) {
        let now = Instant::now();
        let is_late = |(since, _): &(Instant, Event)| now.duration_since(*since) >= TICK;
        let late: Vec<String> = self.held.iter().filter(|(_, held)| is_late(held)).map(|(id, _)| id.clone()).collect();
        for (_, event) in late.iter().filter_map(|id| self.held.remove(id)).collect::<Vec<_>>() {
            self.take(&event);
        }
        let at = self.now();
        for (key, result) in self.surroundings.observer.found(self.watched.context) {
            let notices = self.board.functional(&key, result, at);
            self.tell(notices, at);
        }
        let notices = self.board.tick(at);
        self.tell(notices, at);
        self.show();
    }

    fn tell(&self, notices: Vec<Notice>, now: Timestamp) {
        for notice in notices {
            // What becomes of the engine is told with its reason, which the board does not know.
            let Notice::Transition(transition) = notice else { continue };
            let services = &self.request.services;
            if !services.is_empty() && !services.contains(&transition.key.service) {
                continue;
            }
            let container = transition.container.as_deref().and_then(|id| self.board.container(self.context(), id));
            let known = container.and_then(|one| self.surroundings.catalog.find_text(&one.image));
            let why = self.board.why(&transition.key, Background { known, log_tail: &[] }, now);
            let secrets =
                transition.container.as_ref().and_then(|id| self.secrets.get(id)).cloned().unwrap_or_default();
            let explained = Explained { transition: *transition, why, secrets };
            self.surroundings.observer.news(News::Transition(Box::new(explained)));
        }
    }

    fn tell_lost(&mut self, error: &EngineError) {
        let now = self.now();
        if self.lost.is_some() {
            return;
        }
        self.lost = Some(now);
        self.board.lost(self.watched.context, now);
        let change = EngineNews::Lost { message: error.message(), hint: error.hints().into_iter().next() };
        self.surroundings.observer.news(News::Engine { at: now, context: self.context().to_owned(), change });
        self.show();
    }

    /// Tries with growing waits until the engine is there.
    async fn wait_for_engine(&mut self) -> Feed<engine::Event> {
        let seed = u64::from(self.now().timestamp_subsec_nanos());
        for attempt in 1_u32.. {
            let wait = supervisor_wait(FIRST_WAIT, LONGEST_WAIT, attempt, seed);
            let until = Instant::now() + wait.to_std().unwrap_or(GRACE);
            while Instant::now() < until {
                sleep_until(until.min(Instant::now() + TICK)).await;
                // What is known grows old, and that shows.
                self.show();
            }
            match self.connect().await {
                Ok(feed) => return feed,
                Err(error) => tracing::debug!(%error, attempt, context = self.context(), "still lost"),
            }
        }
        // More attempts than anybody lives to see.
        std::future::pending().await
    }

    fn closed(&self) -> EngineError {
        EngineError::Unreachable { address: self.watched.engine.address().to_owned(), fault: LinkFault::Closed }
    }
}

impl<'a> Live<'a> {
    /// Follows the engine for ever, through any number of outages.
    pub(super) async fn go_on(mut self: Box<Self>) -> First<'a> {
        loop {
            let error = self.listen().await;
            tracing::debug!(%error, context = self.follower.context(), "the stream has ended");
            self.feed = match timeout(GRACE, self.follower.connect()).await {
                Ok(Ok(feed)) => feed,
                Ok(Err(reason)) => self.recover(&reason).await,
                Err(_) => self.recover(&error).await,
            };
        }
    }

    async fn recover(&mut self, error: &EngineError) -> Feed<engine::Event> {
        self.follower.tell_lost(error);
        self.follower.wait_for_engine().await
    }

    /// Takes what comes until the stream ends; says why it did.
    async fn listen(&mut self) -> EngineError {
        let Self { follower, feed } = self;
        let watched = follower.watched;
        let (clock, filter) = (follower.surroundings.clock, follower.filter.clone());
        let mut looks = Looks::default();
        let mut looking: FuturesUnordered<Look<'_>> = FuturesUnordered::new();
        let mut comparison: Option<Comparison<'_>> = None;
        let mut compare_at = Instant::now() + RESYNC;
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let (mut ticked, mut ticked_clock) = (Instant::now(), clock.now());
        loop {
            while let Some(id) = looks.next(Instant::now()) {
                // Not the present moment: what is still on its way is told too, though the look may have seen it.
                let as_of = follower.heard();
                looking.push(Box::pin(async move {
                    let result = watched.engine.inspect_container(&id, LOOK).await;
                    (as_of, id, result)
                }));
            }
            let wake_at = looks.wake_at();
            tokio::select! {
                item = feed.next() => match item {
                    Some(Ok(event)) => if let Some(event) = follower.hear(&event) {
                        let (id, urgency) = follower.take_or_hold(event);
                        looks.want(&id, urgency, Instant::now());
                    },
                    Some(Err(error)) => return error,
                    None => return follower.closed(),
                },
                Some((as_of, id, result)) = looking.next() => {
                    looks.done(&id);
                    follower.take_look(&id, as_of, result);
                }
                () = sleep_until(wake_at.unwrap_or(ticked)), if wake_at.is_some() => {}
                result = finished(&mut comparison) => {
                    comparison = None;
                    compare_at = Instant::now() + RESYNC;
                    match result {
                        Ok(seen) => follower.compare(seen),
                        Err(error) if error.is_outage() => return error,
                        Err(error) => tracing::debug!(%error, context = follower.context(), "not compared"),
                    }
                }
                _ = ticks.tick() => {
                    let (now, at) = (Instant::now(), clock.now());
                    let passed = TimeDelta::from_std(now - ticked).unwrap_or(TimeDelta::zero());
                    let jump = (at - ticked_clock) - passed;
                    let was_set = jump.abs() > JUMP;
                    if was_set {
                        follower.clock_was_set(jump);
                    }
                    (ticked, ticked_clock) = (now, at);
                    if comparison.is_none() && (was_set || now >= compare_at) {
                        // Not the present moment, as for a look.
                        let heard = Some(follower.heard());
                        comparison = Some(Box::pin(snapshot(watched, &filter, clock, heard)));
                    }
                    follower.tick();
                }
            }
        }
    }
}

/// The result of a comparison that is under way; never without one.
async fn finished(comparison: &mut Option<Comparison<'_>>) -> Result<Snapshot, EngineError> {
    match comparison {
        Some(comparison) => comparison.await,
        None => std::future::pending().await,
    }
}
