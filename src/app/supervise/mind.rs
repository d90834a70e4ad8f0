// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the supervisor knows, and how it comes to a decision.
//!
//! Looking on costs the followers no more than a copy of what is on the board; the policy is asked in a task of its own,
//! which may wait for an engine.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::act::{Deed, Hands, act};
use super::error::ActFault;
use super::probing::{Askable, askable};
use super::report::{Fact, Picture, Report, ServiceView, Stage};
use super::sight::{Seen, Sight};
use super::tally::Tallies;
use super::{Outside, Request};
use crate::app::watch::{News, Observer, View, Watched};
use crate::diag::safe_line;
use crate::error::UserError as _;
use crate::health::Timestamp;
use crate::health::board::SlotKey;
use crate::health::policy::{Action, Conditions, Decision, Execution, NoticeKind, Notification, Supervisor};
use crate::health::verdict::FunctionalResult;
use crate::sys::engine::Engine;
use crate::sys::lock::holder;

/// How long it is believed that nobody works on a project in which something is wrong. Whoever acts asks again.
const LOCK_BELIEVED: std::time::Duration = std::time::Duration::from_secs(15);

/// The mind of one run.
pub(super) struct Mind<'a> {
    pub(super) engines: BTreeMap<&'a str, &'a dyn Engine>,
    request: &'a Request,
    pub(super) outside: Outside<'a>,
    /// Sights that nobody has thought about yet, the newest of each engine.
    fresh: RefCell<BTreeMap<String, Sight>>,
    has_fresh: Notify,
    has_given_up: Cell<bool>,
    tallies: RefCell<Tallies>,
    /// Results of probes that the board has not taken yet.
    pub(super) found: RefCell<BTreeMap<String, Vec<(SlotKey, FunctionalResult)>>>,
    /// The services that can be asked whether they work, by engine.
    pub(super) askable: RefCell<BTreeMap<String, Vec<Askable>>>,
    seq: Cell<u64>,
}

impl Observer for Mind<'_> {
    fn news(&self, news: News) {
        let at = match &news {
            News::Transition(one) => {
                self.tallies.borrow_mut().transition(&one.transition);
                one.transition.at
            }
            News::Engine { at, .. } => *at,
        };
        self.tell(at, Fact::News(news));
    }

    fn look(&self, view: &View<'_>) {
        let sight = Sight::take(view, self.outside.catalog);
        self.fresh.borrow_mut().insert(view.context.to_owned(), sight);
        self.has_fresh.notify_one();
    }

    fn found(&self, context: &str) -> Vec<(SlotKey, FunctionalResult)> {
        self.found.borrow_mut().remove(context).unwrap_or_default()
    }
}

/// What is remembered between two thoughts about one engine.
#[derive(Default)]
struct Thought {
    supervisor: Supervisor,
    sight: Option<Sight>,
    /// Projects in which something is wrong, with when their locks were last looked at and whether they were held.
    locks: BTreeMap<String, (Instant, bool)>,
}

/// Says why a service is bad: who is told at night has no other screen.
fn give_reason(notification: &mut Notification, sight: &Sight) {
    let about = notification.key.as_ref().filter(|_| notification.kind == NoticeKind::Bad);
    let seen = about.and_then(|key| sight.seen.iter().find(|seen| seen.subject.key == *key));
    if let Some(seen) = seen.filter(|seen| !seen.why.is_empty()) {
        notification.text = format!("{}: {}", notification.text, safe_line(&seen.why, &seen.secrets));
    }
}

impl<'a> Mind<'a> {
    pub(super) fn new(watched: &[Watched<'a>], request: &'a Request, outside: Outside<'a>) -> Self {
        Self {
            engines: watched.iter().map(|one| (one.context, one.engine)).collect(),
            request,
            outside,
            fresh: RefCell::default(),
            has_fresh: Notify::new(),
            has_given_up: Cell::new(false),
            tallies: RefCell::default(),
            found: RefCell::default(),
            askable: RefCell::default(),
            seq: Cell::new(0),
        }
    }

    /// Nothing will be seen any more.
    pub(super) fn give_up(&self) {
        self.has_given_up.set(true);
        self.has_fresh.notify_one();
    }

    fn tell(&self, at: Timestamp, fact: Fact) {
        let seq = self.seq.get() + 1;
        self.seq.set(seq);
        self.outside.listener.tell(Report { seq, at, fact });
    }

    /// Decides until cancelled. What is to be done goes to `deeds`, by engine; dropping them ends the acting.
    pub(super) async fn decide(&self, deeds: BTreeMap<String, mpsc::Sender<Deed>>, cancelled: &CancellationToken) {
        let mut thoughts: BTreeMap<String, Thought> = BTreeMap::new();
        loop {
            tokio::select! {
                biased;
                () = cancelled.cancelled() => return,
                () = self.has_fresh.notified() => {}
            }
            if self.has_given_up.get() {
                return;
            }
            let fresh = std::mem::take(&mut *self.fresh.borrow_mut());
            for (context, sight) in fresh {
                let thought = thoughts.entry(context.clone()).or_default();
                let thinking = self.think(thought, sight, deeds.get(&context));
                if cancelled.run_until_cancelled(thinking).await.is_none() {
                    return;
                }
            }
            if self.outside.listener.wants_picture() {
                self.outside.listener.show(self.picture(&thoughts));
            }
        }
    }

    async fn think(&self, thought: &mut Thought, sight: Sight, deeds: Option<&mpsc::Sender<Deed>>) {
        for seen in &sight.seen {
            if let Some(run) = &seen.run {
                self.tallies.borrow_mut().run(&seen.subject.key, run);
            }
        }
        self.look_at_locks(thought, &sight).await;
        let locked = thought.locks.iter().filter(|(_, (_, is_held))| *is_held).map(|(project, _)| project.clone());
        let subjects: Vec<_> = sight.seen.iter().map(|seen| seen.subject.clone()).collect();
        let conditions = Conditions {
            now: sight.now,
            link: sight.link,
            locked: &locked.collect(),
            seed: self.request.seed,
            settings: &self.request.policy,
        };
        for decision in thought.supervisor.step(&subjects, &conditions) {
            match decision {
                Decision::Notify(mut notification) => {
                    give_reason(&mut notification, &sight);
                    self.tell(sight.now, Fact::Notice { context: sight.context.clone(), notification });
                }
                Decision::Act(action) => self.pass_on(action, &sight, deeds),
            }
        }
        if self.outside.probing.is_some() {
            let lead = sight.now - self.outside.clock.now();
            let askable = askable(&sight, self.outside.catalog, lead);
            self.askable.borrow_mut().insert(sight.context.clone(), askable);
        }
        thought.sight = Some(sight);
    }

    /// Finds out whether somebody else works on the projects in which something is wrong: at once when that begins, and
    /// now and then while it lasts.
    async fn look_at_locks(&self, thought: &mut Thought, sight: &Sight) {
        let ailing: BTreeSet<&str> = sight.ailing_projects().collect();
        thought.locks.retain(|project, _| ailing.contains(project.as_str()));
        let Some(engine) = self.engines.get(sight.context.as_str()).filter(|_| sight.engine.is_up) else { return };
        for project in ailing {
            let is_known = thought.locks.get(project).is_some_and(|(at, _)| at.elapsed() < LOCK_BELIEVED);
            if is_known {
                continue;
            }
            let is_held = match holder(*engine, self.outside.machine, project).await {
                Ok(owner) => owner.is_some_and(|owner| owner.process != self.outside.machine.identity()),
                Err(error) => {
                    tracing::debug!(%error, project, "cannot tell who holds the lock");
                    false
                }
            };
            thought.locks.insert(project.to_owned(), (Instant::now(), is_held));
        }
    }

    fn pass_on(&self, action: Action, sight: &Sight, deeds: Option<&mpsc::Sender<Deed>>) {
        if action.execution == Execution::DryRun {
            self.tell(sight.now, Fact::Action { action, stage: Stage::WouldDo });
            return;
        }
        let runs = action.targets.iter().filter_map(|key| Some((key.clone(), sight.run(key)?.clone()))).collect();
        let verdict = sight.seen.iter().find(|seen| seen.subject.key == action.cause);
        let deed = Deed {
            runs,
            verdict: verdict.map_or("", |seen| seen.subject.verdict.word()),
            engine_address: self.engines.get(sight.context.as_str()).map_or("", |engine| engine.address()).to_owned(),
            lead: sight.now - self.outside.clock.now(),
            action,
        };
        let Some(deeds) = deeds else { return };
        if let Err(refused) = deeds.try_send(deed) {
            self.failed(refused.into_inner(), &ActFault::Busy);
        }
    }

    fn failed(&self, deed: Deed, fault: &ActFault) {
        self.tallies.borrow_mut().attempt(&deed.action.cause, "failed");
        let stage = Stage::Failed { code: fault.code(), message: fault.message() };
        self.tell(self.now(&deed), Fact::Action { action: deed.action, stage });
    }

    /// Now, by the clock of the engine that a deed is about.
    fn now(&self, deed: &Deed) -> Timestamp {
        self.outside.clock.now() + deed.lead
    }

    /// Does what `waiting` brings, one after the other, until nothing more can come or `cancelled`.
    pub(super) async fn act(
        &self,
        watched: Watched<'_>,
        mut waiting: mpsc::Receiver<Deed>,
        hands: Hands<'_>,
        cancelled: &CancellationToken,
    ) {
        while let Some(Some(deed)) = cancelled.run_until_cancelled(waiting.recv()).await {
            let begin = Instant::now();
            let action = deed.action.clone();
            self.tell(self.now(&deed), Fact::Action { action, stage: Stage::Begun });
            match act(&deed, watched.engine, hands).await {
                Ok(()) => {
                    self.tallies.borrow_mut().attempt(&deed.action.cause, "done");
                    let took = TimeDelta::from_std(begin.elapsed()).unwrap_or(TimeDelta::MAX);
                    self.tell(self.now(&deed), Fact::Action { action: deed.action, stage: Stage::Done { took } });
                }
                Err(fault) => self.failed(deed, &fault),
            }
        }
    }

    fn picture(&self, thoughts: &BTreeMap<String, Thought>) -> Picture {
        let mut picture = Picture::default();
        for thought in thoughts.values() {
            let Some(sight) = &thought.sight else { continue };
            picture.engines.insert(sight.context.clone(), sight.engine.clone());
            let view = |seen: &Seen| self.view(seen, thought);
            picture.services.extend(sight.seen.iter().map(view));
        }
        picture
    }

    fn view(&self, seen: &Seen, thought: &Thought) -> ServiceView {
        let subject = &seen.subject;
        let key = &subject.key;
        let tally = self.tallies.borrow().of(key);
        let policy = self.request.policy.of(&key.project, &key.service, subject.label.as_deref()).0;
        ServiceView {
            key: key.clone(),
            verdict: subject.verdict.clone(),
            why: seen.why.clone(),
            secrets: seen.secrets.clone(),
            mode: policy.mode,
            restarts: tally.restarts,
            oom_kills: tally.oom_kills,
            probe: seen.probe,
            attempts: tally.attempts,
            is_breaker_open: thought.supervisor.is_open(key),
            labels: seen.labels.clone(),
        }
    }
}
