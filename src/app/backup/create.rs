// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Makes a set: keeps writers still, reads, lets them run, reads back, publishes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::capture::{Wanted, capture, place_of};
use super::drive::{Phases, drive};
use super::gather::{Scene, gather};
use super::prune::remove;
use super::readback::read_back;
use super::unchanged::{self, read_again};
use super::{BackupError, Outside, Store, copies, images, models, record};
use crate::app::operate::{Gate, Ill, JournalWriter, Tell, Told, gate, keep_still, resume, run_hook, targets};
use crate::app::{Context, Selection};
use crate::backup::id::{OperationId, OperationKind, SetId};
use crate::backup::journal::{Event, Journal, Target};
use crate::backup::machine::{End, Operation, Outcome, Phase};
use crate::backup::manifest::{HookPhase, Manifest, State};
use crate::backup::plan::{self, Affected, Plan, Request};
use crate::backup::retention::Policy;
use crate::backup::unchanged::Source;
use crate::error::UserError as _;
use crate::sys::engine::{Deadline, Engine, EngineError};
use crate::sys::store::Stage;
use crate::sys::worker::{WorkerError, Workers};

/// What is wanted beside the plan.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// What is captured, and how.
    pub request: Request,
    /// Whether the images are put into the set.
    pub images: Images,
    /// What somebody writes about it.
    pub note: Option<String>,
    /// Which sets are kept once this one is there and the stack is well; `None`: all.
    pub keep: Option<Policy>,
    /// How long containers get to be well again; `None`: what their checks need, and a minute.
    pub gate_limit: Option<Duration>,
}

/// What becomes of images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Images {
    /// Their ids and digests are noted.
    #[default]
    Named,
    /// They are saved too.
    Saved,
}

/// What is about to be done, to be shown and agreed to.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What was found.
    pub scene: Scene,
    /// The plan.
    pub plan: Plan,
    /// Sets that go afterwards, the oldest first.
    pub going: Vec<SetId>,
}

/// A set that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Its name.
    pub id: SetId,
    /// Its manifest.
    pub manifest: Manifest,
    /// For how long containers were kept still, from the first stop to the last start.
    pub still: Duration,
    /// Containers that are not well after it.
    pub ill: Vec<Ill>,
    /// Sets that were removed, the oldest first.
    pub pruned: Vec<SetId>,
    /// Why sets could not be removed that no rule keeps.
    pub prune_fault: Option<BackupError>,
}

/// What an operation works with.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// Files, environment, catalog.
    pub context: Context<'a>,
    /// Disk and time.
    pub outside: Outside<'a>,
    /// The engine.
    pub engine: &'a dyn Engine,
    /// Who reads and writes volumes.
    pub workers: &'a dyn Workers,
    /// The store.
    pub store: &'a Store<'a>,
    /// The name of this machine.
    pub host: &'a str,
}

/// Looks at the project and plans. Changes nothing.
///
/// # Errors
/// No project, or an engine that does not answer.
pub async fn prepare(
    context: &Context<'_>,
    engine: &dyn Engine,
    selection: &Selection,
    wish: &Wish,
    (folder, free_bytes): (&Path, Option<u64>),
) -> Result<Prepared, BackupError> {
    let mut scene = gather(context, engine, selection, &wish.request, folder).await?;
    scene.facts.free_bytes = free_bytes;
    let plan = plan::plan(&scene.facts, &wish.request);
    Ok(Prepared { scene, plan, going: Vec::new() })
}

/// One run.
struct Making<'a, 's> {
    site: Site<'a>,
    prepared: &'s Prepared,
    wish: &'s Wish,
    operation: OperationId,
    journal: JournalWriter<'a>,
    targets: Vec<Target>,
    stage: Option<Stage<'a, 'a>>,
    /// Where data that has not changed may be taken from, by its name.
    sources: BTreeMap<String, Source>,
    manifest: Manifest,
    still_since: Option<DateTime<Utc>>,
    still: Duration,
    ill: Vec<Ill>,
    pruned: Vec<SetId>,
    prune_fault: Option<BackupError>,
    /// Whether something is not as it was, so that the journal must stay for `recover`.
    is_left: bool,
    /// The first fault: what follows only cleans up.
    fault: Option<BackupError>,
}

/// Makes the set. The locks are held by the caller, and nothing unfinished is in the store.
///
/// # Errors
/// The first fault. Then nothing is published, and what was stopped runs again as far as it could be started; what could
/// not is in the journal, for `stackctl recover`.
pub async fn create(
    site: Site<'_>,
    prepared: &Prepared,
    wish: &Wish,
    cancelled: &CancellationToken,
    tell: Tell<'_>,
) -> Result<Created, BackupError> {
    let started = site.outside.now();
    let id = SetId::next(site.store.taken()?, started);
    let operation = OperationId { stamp: id, kind: OperationKind::Backup };
    let mut journal = JournalWriter::new(site.store, site.outside.clock, operation, Journal::default());
    journal.write(Event::BackupBegun { project: prepared.scene.facts.project.clone(), set: id })?;
    let manifest = record::begun(&prepared.scene, id, started, site.host.to_owned());
    let mut making = Making {
        site,
        prepared,
        wish,
        operation,
        journal,
        targets: targets(&prepared.plan.waves),
        stage: None,
        sources: BTreeMap::new(),
        manifest,
        still_since: None,
        still: Duration::ZERO,
        ill: Vec::new(),
        pruned: Vec::new(),
        prune_fault: None,
        is_left: false,
        fault: None,
    };
    let end = drive(&mut making, Operation::Backup, cancelled, tell).await;
    making.ended(end)
}

impl Phases for Making<'_, '_> {
    async fn act(&mut self, phase: Phase, tell: Tell<'_>) -> Result<Outcome, BackupError> {
        match phase {
            Phase::Preflight => self.preflight(tell).await?,
            Phase::Quiesce => self.keep_still(tell).await?,
            Phase::Capture => self.capture(tell).await?,
            Phase::Resume => self.resume(tell).await?,
            Phase::Verify => self.verify(tell).await?,
            Phase::Publish => self.publish(tell)?,
            Phase::Gate => return self.gate(tell).await,
            Phase::Prune => self.prune(tell),
            Phase::Discard => self.discard().await?,
            _ => {}
        }
        Ok(Outcome::Done)
    }

    fn fault(&mut self) -> &mut Option<BackupError> {
        &mut self.fault
    }
}

impl Making<'_, '_> {
    /// All that can fail before anybody is stopped.
    async fn preflight(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        tell(Told::Step("preparing".to_owned()));
        self.stage = Some(self.site.store.stage(self.operation)?);
        self.sources = unchanged::sources(self.site.store, &self.prepared.scene, &self.prepared.plan)?;
        self.site.workers.prepare(self.operation).await?;
        for (name, planned) in &self.prepared.scene.volumes {
            let now = self.site.engine.inspect_volume(name, Deadline::QUESTION).await?;
            if now != *planned {
                return Err(BackupError::Moved { name: name.clone() });
            }
        }
        Ok(())
    }

    async fn keep_still(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        self.still_since = Some(self.site.outside.now());
        self.is_left = true;
        let plan = &self.prepared.plan;
        let hooks = keep_still(self.site.engine, &mut self.journal, &plan.waves, tell).await?;
        for (id, run) in hooks {
            if let Some(one) = plan.affected().find(|one| one.id == id) {
                self.manifest.hooks.push(record::hook(one, HookPhase::Pre, &run));
            }
        }
        Ok(())
    }

    async fn capture(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        let Some(stage) = &self.stage else { return Ok(()) };
        let (scene, plan) = (&self.prepared.scene, &self.prepared.plan);
        for (number, one) in plan.captures.iter().enumerate() {
            let place = place_of(&one.what, number + 1);
            let source = self.sources.get(one.what.name());
            let wanted = Wanted { capture: one, place: &place, scene, source };
            let data = capture(self.site.workers, self.operation, stage, wanted, &mut *tell).await?;
            match &one.what {
                plan::What::Volume { name, key } => {
                    self.manifest.volumes.push(record::volume(scene, (name, key.as_deref()), one, data));
                }
                plan::What::Bind { source, is_file } => {
                    self.manifest.binds.push(record::bind(scene, (source, *is_file), one.class.class, data));
                }
            }
            self.journal.write(Event::Captured { name: one.what.name().to_owned() })?;
        }
        self.still_stopped().await?;
        self.manifest.captured = self.site.outside.now();
        Ok(())
    }

    /// Whoever was stopped must not have run meanwhile: another supervisor, or a person, may have started it.
    async fn still_stopped(&self) -> Result<(), BackupError> {
        for one in self.prepared.plan.affected().filter(|one| one.act == plan::Act::Stop) {
            let detail = self.site.engine.inspect_container(&one.id, Deadline::QUESTION).await?;
            let before = self.prepared.scene.details.get(&one.id).and_then(|detail| detail.state.started);
            if detail.state.running || (before.is_some() && detail.state.started != before) {
                return Err(BackupError::StartedMeanwhile { container: one.name.clone() });
            }
        }
        Ok(())
    }

    async fn resume(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        let sweep = self.site.workers.sweep(self.operation).await;
        if self.still_since.is_none() {
            return Ok(sweep?);
        }
        let begun = begun_hooks(self.journal.journal());
        let resumed = resume(self.site.engine, &self.targets, &mut *tell).await;
        let prepared = self.prepared;
        for one in prepared.plan.affected().filter(|one| begun.contains(&one.id)) {
            self.post_hook(one, &mut *tell).await?;
        }
        if let Some(since) = self.still_since {
            self.still = (self.site.outside.now() - since).to_std().unwrap_or_default();
        }
        resumed?;
        self.journal.write(Event::Resumed)?;
        self.is_left = false;
        Ok(sweep?)
    }

    async fn post_hook(&mut self, one: &Affected, tell: Tell<'_>) -> Result<(), BackupError> {
        if !one.hooks.post.is_empty() {
            tell(Told::Step(format!("running the hook of `{}` for afterwards", one.name)));
            let id = self.container_now(one).await?;
            let run = run_hook(self.site.engine, (&id, &one.name), &one.hooks.post, one.hooks.timeout_s).await;
            self.manifest.hooks.push(record::hook(one, HookPhase::Post, &run));
            run.ended?;
        }
        Ok(self.journal.write(Event::HookEnded { container: one.id.clone() })?)
    }

    async fn container_now(&self, one: &Affected) -> Result<String, BackupError> {
        let target = self.targets.iter().find(|target| target.id == one.id);
        let Some(target) = target else { return Ok(one.id.clone()) };
        let found = crate::app::operate::find(self.site.engine, target).await?;
        Ok(found.map_or_else(|| one.id.clone(), |detail| detail.id))
    }

    async fn verify(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        let Some(stage) = &self.stage else { return Ok(()) };
        let now = self.site.outside.now();
        for (name, data) in self.manifest.data() {
            tell(Told::Step(format!("reading back `{name}`")));
            match data.unchanged_since {
                Some(since) => read_again((self.site.store, now), stage, (name, since, data), &mut *tell).await?,
                None => read_back(stage, name, data, &mut *tell).await?,
            }
        }
        let scene = &self.prepared.scene;
        self.manifest.services = record::services(scene, self.site.engine).await;
        self.manifest.left_out = models::left_out(self.site, self.operation, self.prepared, &mut *tell).await?;
        self.manifest.note.clone_from(&self.wish.note);
        self.manifest.compose_files = copies::compose_files(stage, scene)?;
        self.manifest.environment = copies::environment(stage, &self.site.context, scene, self.wish.request.secrets)?;
        if self.wish.images == Images::Saved {
            self.manifest.images = images::save(self.site.engine, stage, &self.manifest.services, &mut *tell).await?;
        }
        self.manifest.volumes.sort_by(|left, right| left.name.cmp(&right.name));
        self.manifest.binds.sort_by(|left, right| left.source.cmp(&right.source));
        self.manifest.extras = vec![copies::restore_text(stage, &self.manifest)?];
        self.manifest.verified = Some(self.site.outside.now());
        stage.finish(&self.manifest)?;
        Ok(stage.settle(self.manifest.id)?)
    }

    fn publish(&mut self, tell: Tell<'_>) -> Result<(), BackupError> {
        tell(Told::Step("publishing".to_owned()));
        self.journal.write(Event::Publishing)?;
        if let Some(stage) = self.stage.take() {
            stage.publish(self.manifest.id)?;
        }
        Ok(self.journal.write(Event::Published)?)
    }

    async fn gate(&mut self, tell: Tell<'_>) -> Result<Outcome, BackupError> {
        // Only those that were well before can be held against the backup.
        let well: Vec<Target> = self.targets.iter().filter(|target| self.was_well(target)).cloned().collect();
        match gate(self.site.engine, &well, self.wish.gate_limit, tell).await? {
            Gate::Healthy => Ok(Outcome::Done),
            Gate::Ill(ill) => {
                self.ill = ill;
                Ok(Outcome::Failed)
            }
        }
    }

    /// Sets that were not shown as going stay, whatever the rules say by now.
    fn prune(&mut self, tell: Tell<'_>) {
        let (Some(policy), going) = (self.wish.keep, &self.prepared.going) else { return };
        if going.is_empty() {
            return;
        }
        tell(Told::Step("removing sets that no rule keeps".to_owned()));
        match remove(self.site.outside, self.site.store, policy, going) {
            Ok(pruned) => self.pruned = pruned,
            Err(error) => self.prune_fault = Some(error),
        }
    }

    fn was_well(&self, target: &Target) -> bool {
        let detail = self.prepared.scene.details.get(&target.id);
        let health = detail.and_then(|detail| detail.state.health.as_ref());
        let was_ill = health.is_some_and(|health| health.status == crate::sys::engine::HealthStatus::Unhealthy);
        let was_looping = detail.is_some_and(|detail| detail.state.restarting);
        target.state == State::Running && !was_ill && !was_looping
    }

    async fn discard(&mut self) -> Result<(), BackupError> {
        drop(self.stage.take());
        let was_left = std::mem::replace(&mut self.is_left, true);
        self.site.store.discard(self.operation)?;
        self.site.workers.sweep(self.operation).await?;
        self.is_left = was_left;
        Ok(())
    }

    fn ended(mut self, end: End) -> Result<Created, BackupError> {
        let is_published = matches!(end, End::Done | End::GoodButUnhealthy);
        // A stack that could not be started again is left to `recover`, whose journal this is.
        if !self.is_left {
            let result = if is_published { "published" } else { "failed" };
            self.journal.write(Event::Ended { result: result.to_owned() })?;
            self.journal.remove()?;
        }
        match self.fault {
            Some(fault) if !is_published => Err(fault),
            fault => {
                if let Some(fault) = fault {
                    self.ill.push(Ill { name: "the stack".to_owned(), reason: fault.message() });
                }
                Ok(Created {
                    id: self.manifest.id,
                    manifest: self.manifest,
                    still: self.still,
                    ill: self.ill,
                    pruned: self.pruned,
                    prune_fault: self.prune_fault,
                })
            }
        }
    }
}

/// The containers whose hook for before was begun, so that the one for afterwards must run.
fn begun_hooks(journal: &Journal) -> BTreeSet<String> {
    let begun = journal.records.iter().filter_map(|record| match &record.event {
        Event::HookBegun { container } => Some(container.clone()),
        _ => None,
    });
    begun.collect()
}

impl From<EngineError> for BackupError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<WorkerError> for BackupError {
    fn from(error: WorkerError) -> Self {
        match error {
            WorkerError::Engine(error) => Self::Engine(error),
            error => Self::Worker(error),
        }
    }
}
