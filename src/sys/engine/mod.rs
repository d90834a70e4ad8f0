// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The container engine as the rest of the program sees it: one trait, plain data, typed errors.
//!
//! Implemented by `sys::docker` (the real thing) and `sys::fake` (in memory, with scripted faults); one contract suite
//! holds both to the same behaviour. Only what stackctl needs is here. Service containers are made by `docker compose`
//! alone; `create_container` serves probes and one-shots.

mod container;
mod deadline;
mod error;
mod event;
mod process;
mod resource;
mod trust;
mod version;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::Stream;

pub use container::{
    Attachment, ContainerDetail, ContainerFilter, ContainerPlan, ContainerState, ContainerStatus, ContainerSummary,
    DeviceRequest, Health, HealthCheck, HealthProbe, HealthStatus, Labels, Mount, Port, RestartPolicy,
};
pub use deadline::Deadline;
pub use error::{EngineError, LinkFault};
pub use event::{Event, EventQuery, EventSubject, EventTime};
pub use process::{ExecOutcome, ExecRequest, Grace, LogLine, LogQuery, OutputStream, Usage};
pub use resource::{DiskUse, ImageDetail, ImageSummary, Network, PathInfo, PathKind, Volume, VolumePlan};
pub use trust::TrustFault;
pub use version::{ApiVersion, BadApiVersion, EngineInfo, EngineVersion};

/// The answer to a call, to be awaited. Dropping it gives the call up; a change may still happen.
pub type Call<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + Send + 'a>>;

/// Items as they arrive. After an error or the end there is nothing more; dropping it closes the connection.
pub type Feed<T> = Pin<Box<dyn Stream<Item = Result<T, EngineError>> + Send>>;

/// How long a feed may be silent before it ends with [`EngineError::Timeout`]; `None` = for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Idle(pub Option<Duration>);

/// A container engine. Containers are named by id, a unique beginning of one, or name.
///
/// # Errors
/// Every call fails with [`EngineError`]: `Unreachable`, `Denied` and `Timeout` mean the engine, the rest the object or the
/// request. Stopping what is stopped and starting what runs succeed.
pub trait Engine: Send + Sync {
    /// Where the engine is, as shown to people: `unix:///var/run/docker.sock`.
    fn address(&self) -> &str;

    /// Asks for a sign of life and the API version.
    fn ping(&self, deadline: Deadline) -> Call<'_, ApiVersion>;

    /// Who answers.
    fn version(&self, deadline: Deadline) -> Call<'_, EngineVersion>;

    /// What the engine says of itself and its machine.
    fn info(&self, deadline: Deadline) -> Call<'_, EngineInfo>;

    /// The containers that match, sorted by name.
    fn list_containers<'a>(
        &'a self,
        filter: &'a ContainerFilter,
        deadline: Deadline,
    ) -> Call<'a, Vec<ContainerSummary>>;

    /// Everything of one container.
    fn inspect_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ContainerDetail>;

    /// Makes a container without starting it; gives its id.
    fn create_container<'a>(&'a self, plan: &'a ContainerPlan, deadline: Deadline) -> Call<'a, String>;

    /// Starts a container.
    fn start_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()>;

    /// Stops a container; the call waits for the end, so `deadline` must exceed `grace`.
    fn stop_container<'a>(&'a self, container: &'a str, grace: Grace, deadline: Deadline) -> Call<'a, ()>;

    /// Stops and starts a container; the call waits for the end, so `deadline` must exceed `grace`.
    fn restart_container<'a>(&'a self, container: &'a str, grace: Grace, deadline: Deadline) -> Call<'a, ()>;

    /// Sends a signal, such as `KILL` or `HUP`, to the first process. Conflict when the container does not run.
    fn kill_container<'a>(&'a self, container: &'a str, signal: &'a str, deadline: Deadline) -> Call<'a, ()>;

    /// Freezes a container. Conflict (or refused, on older engines) when it does not run or is frozen already.
    fn pause_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()>;

    /// Lets a frozen container go on.
    fn unpause_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()>;

    /// Removes a container with its anonymous volumes, running or not.
    fn remove_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()>;

    /// Runs a command in a container and waits for its end. After a timeout the command runs on: the API cannot end it.
    fn exec<'a>(&'a self, container: &'a str, request: &'a ExecRequest, deadline: Deadline) -> Call<'a, ExecOutcome>;

    /// Events from the engine. `deadline` is for the answer to begin, `idle` for the time between events.
    fn events<'a>(&'a self, query: &'a EventQuery, deadline: Deadline, idle: Idle) -> Call<'a, Feed<Event>>;

    /// Lines that a container wrote. `deadline` is for the answer to begin, `idle` for the time between lines.
    fn logs<'a>(
        &'a self,
        container: &'a str,
        query: &'a LogQuery,
        deadline: Deadline,
        idle: Idle,
    ) -> Call<'a, Feed<LogLine>>;

    /// What a container uses now; zeros when it does not run. Engines before 25 take up to a second for it: ask for
    /// several at once.
    fn usage<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, Usage>;

    /// What a path in a container is, links not followed; `None` when nothing is there. The container need not run.
    fn path_info<'a>(&'a self, container: &'a str, path: &'a str, deadline: Deadline) -> Call<'a, Option<PathInfo>>;

    /// The volumes with this label (`name` or `name=value`; empty = all), sorted by name.
    fn list_volumes<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, Vec<Volume>>;

    /// One volume.
    fn inspect_volume<'a>(&'a self, volume: &'a str, deadline: Deadline) -> Call<'a, Volume>;

    /// Makes a volume, or gives the one of that name that is there: the labels tell which.
    fn create_volume<'a>(&'a self, plan: &'a VolumePlan, deadline: Deadline) -> Call<'a, Volume>;

    /// Removes a volume. Conflict when a container uses it.
    fn remove_volume<'a>(&'a self, volume: &'a str, deadline: Deadline) -> Call<'a, ()>;

    /// The networks with this label (`name` or `name=value`; empty = all), sorted by name.
    fn list_networks<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, Vec<Network>>;

    /// The images that have a name, sorted by it.
    fn list_images(&self, deadline: Deadline) -> Call<'_, Vec<ImageSummary>>;

    /// One image, by name, id or digest.
    fn inspect_image<'a>(&'a self, image: &'a str, deadline: Deadline) -> Call<'a, ImageDetail>;

    /// The room that everything takes. Slow: the engine walks its volumes.
    fn disk_use(&self, deadline: Deadline) -> Call<'_, DiskUse>;
}
