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
use std::io;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;

pub use container::{
    Attachment, ContainerDetail, ContainerFilter, ContainerPlan, ContainerState, ContainerStatus, ContainerSummary,
    DeviceRequest, Health, HealthCheck, HealthProbe, HealthStatus, Labels, Mount, MountKind, MountPlan, Port,
    RestartPolicy,
};
pub use deadline::Deadline;
pub use error::{EngineError, LinkFault};
pub use event::{Event, EventQuery, EventSubject, EventTime};
pub use process::{Attached, ExecOutcome, ExecRequest, Grace, LogLine, LogQuery, OutputPiece, OutputStream, Usage};
pub use resource::{DiskUse, ImageDetail, ImageImport, ImageSummary, Network, PathInfo, PathKind, Volume, VolumePlan};
pub use trust::TrustFault;
pub use version::{ApiVersion, BadApiVersion, EngineInfo, EngineVersion};

/// The answer to a call, to be awaited. Dropping it gives the call up; a change may still happen.
pub type Call<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + Send + 'a>>;

/// Items as they arrive. After an error or the end there is nothing more; dropping it closes the connection.
pub type Feed<T> = Pin<Box<dyn Stream<Item = Result<T, EngineError>> + Send>>;

/// Bytes to send, as they come. A failure of it ends the call with [`EngineError::Source`].
pub type Body = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

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

    /// Begins to talk with a container that was made with `open_stdin`. To be called before it is started, or what it
    /// says first is lost. `deadline` is for the connection.
    fn attach<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, Attached>;

    /// Waits until a container does not run, and gives its exit code: at once, and 0, for one that was never started.
    fn wait_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, i64>;

    /// Changes when the engine starts a container again by itself. Neither starts nor stops it.
    fn set_restart_policy<'a>(
        &'a self,
        container: &'a str,
        policy: &'a RestartPolicy,
        deadline: Deadline,
    ) -> Call<'a, ()>;

    /// Makes an image of a tar archive; gives its id. `deadline` is for each piece to be taken, and for the answer after
    /// the last one; so it is with all calls that send a body.
    fn import_image<'a>(&'a self, plan: &'a ImageImport, tar: Body, deadline: Deadline) -> Call<'a, String>;

    /// Gives an image one more name, with its tag. Another image that has this name loses it.
    fn tag_image<'a>(&'a self, image: &'a str, name: &'a str, deadline: Deadline) -> Call<'a, ()>;

    /// Removes a name of an image, and the image with its last name. Conflict when a container uses it.
    fn remove_image<'a>(&'a self, image: &'a str, deadline: Deadline) -> Call<'a, ()>;

    /// Removes the images with this label (`name` or `name=value`) that have no name and that no container uses.
    fn remove_unnamed_images<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, ()>;

    /// Images with their layers as one tar archive, as `docker save` does. `deadline` is for the answer to begin, `idle`
    /// for the time between pieces. Engines end an archive that they could not complete just like a whole one.
    fn export_images<'a>(&'a self, images: &'a [String], deadline: Deadline, idle: Idle) -> Call<'a, Feed<Bytes>>;

    /// Takes in the images of such an archive; gives their names, or the ids of those that have none. What is there
    /// already is named too.
    fn load_images(&self, tar: Body, deadline: Deadline) -> Call<'_, Vec<String>>;

    /// What is at a path in a container as a tar archive whose names begin with the path's last part. The container need
    /// not run; other calls about it may wait until the feed is read to its end or dropped.
    ///
    /// The engine's own archiver loses: extended attributes but capabilities, ACLs, sockets, holes, parts of seconds.
    /// It also ends an archive that it could not complete just like a whole one.
    fn read_archive<'a>(
        &'a self,
        container: &'a str,
        path: &'a str,
        deadline: Deadline,
        idle: Idle,
    ) -> Call<'a, Feed<Bytes>>;

    /// Unpacks a tar archive in a folder of a container, over what is there. The container need not run. After a failure
    /// a part of it is there.
    fn write_archive<'a>(&'a self, container: &'a str, path: &'a str, tar: Body, deadline: Deadline) -> Call<'a, ()>;

    /// The room that everything takes. Slow: the engine walks its volumes.
    fn disk_use(&self, deadline: Deadline) -> Call<'_, DiskUse>;
}
