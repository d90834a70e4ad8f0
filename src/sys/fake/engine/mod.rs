// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A container engine in memory. Its time stands still until told to pass; containers run a few small programs; faults come
//! by script. It keeps the same contract as real engines, with their traps: verdicts that are void when paused, restarts
//! that count, a short memory for events, two orders of `die` and `stop`.

mod act;
mod answers;
mod archive;
mod attach;
mod bus;
mod container;
mod fault;
mod image;
mod program;
#[cfg(test)]
mod tests;
mod world;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

pub use fault::FakeFault;

use crate::sys::engine::{
    ApiVersion, ContainerDetail, EngineError, EventTime, ImageDetail, LinkFault, Network, Volume,
};
use world::World;

/// When time begins.
const START: EventTime = EventTime(1_800_000_000_000_000_000);

/// What differs between engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// As Engine 20.10 (API 1.41): `die` before `stop`, an OOM of a child is seven events and no flag.
    DieThenStop,
    /// As Engine 28 (API 1.51): `stop` before `die`, an OOM of a child is one event and sets the flag.
    StopThenDie,
}

/// An engine in memory. Clones share it.
#[derive(Clone)]
pub struct FakeEngine {
    address: Arc<str>,
    world: Arc<Mutex<World>>,
}

impl std::fmt::Debug for FakeEngine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("FakeEngine").field("address", &self.address).finish_non_exhaustive()
    }
}

impl FakeEngine {
    /// An engine with the network `bridge` and the image `stackctl-test:1`.
    #[must_use]
    pub fn new(flavour: Flavour) -> Self {
        let mut world = World::new(flavour);
        world.networks.push(Network {
            id: "b0".repeat(32),
            name: "bridge".to_owned(),
            driver: "bridge".to_owned(),
            ..Network::default()
        });
        let engine = Self { address: "fake://engine".into(), world: Arc::new(Mutex::new(world)) };
        engine.add_image("stackctl-test:1");
        engine
    }

    fn world(&self) -> MutexGuard<'_, World> {
        // A test that failed inside is reported by itself.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an image by name.
    pub fn add_image(&self, name: &str) {
        let mut world = self.world();
        let id = format!("sha256:{}", world.id());
        world.images.push(ImageDetail {
            id,
            tags: vec![name.to_owned()],
            size_bytes: 2 << 20,
            created: Some(START.at()),
            architecture: "amd64".to_owned(),
            os: "linux".to_owned(),
            environment: vec!["PATH=/bin".to_owned()],
            ..ImageDetail::default()
        });
    }

    /// Adds a volume as it is, whoever made it and when.
    pub fn add_volume(&self, volume: Volume) {
        self.world().volumes.insert(volume.name.clone(), volume);
    }

    /// Lets time go by, with everything that happens in it.
    pub fn advance(&self, time: Duration) {
        self.world().pass(time);
    }

    /// The engine's clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.world().now.at()
    }

    /// Somebody sets the engine's clock. What is under way goes on as if nothing had happened; what has happened keeps its
    /// moments.
    pub fn set_clock(&self, by: TimeDelta) {
        self.world().set_clock(by);
    }

    /// Lets `skip` calls of a kind through, then strikes the next `strike`. `call` is the name in errors, such as
    /// `inspect container`; empty = every kind.
    pub fn plan_fault(&self, call: &'static str, skip: usize, strike: usize, fault: FakeFault) {
        self.world().faults.plan(call, skip, strike, fault);
    }

    /// The engine goes away: calls fail, streams end. Containers live on, as with live-restore.
    pub fn go_away(&self) {
        let mut world = self.world();
        world.away = true;
        world.bus.close();
    }

    /// The engine is back. It remembers no events, and health begins anew.
    pub fn come_back(&self) {
        let mut world = self.world();
        world.away = false;
        world.bus.forget();
        let now = world.now;
        for container in world.containers.iter_mut().filter(|container| container.lives()) {
            container.state.health = None;
            container.begin_probing(now);
        }
    }

    /// The first process of a container ends with this code, by itself.
    pub fn crash(&self, container: &str, exit_code: i64) {
        let mut world = self.world();
        if let Some(index) = world.containers.iter().position(|found| found.answers_to(container)) {
            world.die(index, exit_code, true);
        }
    }

    /// The kernel kills a process of a container for want of memory: the first one, which ends it, or a child, which only
    /// the events tell.
    pub fn run_out_of_memory(&self, container: &str, victim: OomVictim) {
        let mut world = self.world();
        let Some(index) = world.containers.iter().position(|found| found.answers_to(container)) else { return };
        let old = world.flavour == Flavour::DieThenStop;
        for _ in 0..if old && victim == OomVictim::Child { 7 } else { 1 } {
            world.tell(index, "oom", &[]);
        }
        world.containers[index].state.oom_killed = victim == OomVictim::First || !old;
        if victim == OomVictim::First {
            world.die(index, 137, true);
        }
    }

    /// Changes what inspections say of a container beyond what a plan can ask for: ports, addresses, devices.
    pub fn shape(&self, container: &str, change: impl Fn(&mut ContainerDetail) + Send + 'static) {
        let mut world = self.world();
        if let Some(found) = world.containers.iter_mut().find(|found| found.answers_to(container)) {
            found.shape = Some(Box::new(change));
        }
    }

    /// The calls that were made so far, in order, by their names.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        self.world().calls.clone()
    }

    /// The API version that it speaks.
    fn api(&self) -> ApiVersion {
        match self.world().flavour {
            Flavour::DieThenStop => ApiVersion::OLDEST,
            Flavour::StopThenDie => ApiVersion::NEWEST_KNOWN,
        }
    }

    fn gone(&self) -> EngineError {
        EngineError::Unreachable { address: self.address.to_string(), fault: LinkFault::Refused }
    }
}

/// Which process the kernel kills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OomVictim {
    /// The first process, and with it the container.
    First,
    /// Another one; the container runs on.
    Child,
}
