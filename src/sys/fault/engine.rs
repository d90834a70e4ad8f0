// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An engine at whose changes the process ends when a fault is due.

use std::sync::Arc;

use bytes::Bytes;

use super::{Fault, Fuse, Place, Strikes};
use crate::sys::Connect;
use crate::sys::endpoint::EngineAddress;
use crate::sys::engine::{
    ApiVersion, Attached, Body, Call, ContainerDetail, ContainerFilter, ContainerPlan, ContainerSummary, Deadline,
    DiskUse, Engine, EngineError, EngineInfo, EngineVersion, Event, EventQuery, ExecOutcome, ExecRequest, Feed, Grace,
    Idle, ImageDetail, ImageImport, ImageSummary, LogLine, LogQuery, Network, PathInfo, RestartPolicy, Usage, Volume,
    VolumePlan,
};

/// Connects to engines with a fault.
pub struct FaultyConnect<C> {
    inner: C,
    fault: Option<Fault>,
    strikes: Strikes,
}

impl<C> FaultyConnect<C> {
    /// Engines that `inner` connects to; `strikes` act on the process.
    pub fn new(inner: C, fault: Option<Fault>, strikes: Strikes) -> Self {
        Self { inner, fault, strikes }
    }
}

impl<C: Connect> Connect for FaultyConnect<C> {
    fn connect(&self, address: &EngineAddress) -> Result<Arc<dyn Engine>, EngineError> {
        let inner = self.inner.connect(address)?;
        Ok(Arc::new(FaultyEngine { inner, fuse: Fuse::new(self.fault, Place::Engine, self.strikes) }))
    }
}

/// The engine. Questions go through as they are.
pub struct FaultyEngine {
    inner: Arc<dyn Engine>,
    fuse: Fuse,
}

impl FaultyEngine {
    fn change<'a, T: Send + 'a>(&'a self, call: Call<'a, T>) -> Call<'a, T> {
        Box::pin(async move {
            let due = self.fuse.before();
            let result = call.await;
            self.fuse.after(due);
            result
        })
    }
}

impl Engine for FaultyEngine {
    fn address(&self) -> &str {
        self.inner.address()
    }

    fn ping(&self, deadline: Deadline) -> Call<'_, ApiVersion> {
        self.inner.ping(deadline)
    }

    fn version(&self, deadline: Deadline) -> Call<'_, EngineVersion> {
        self.inner.version(deadline)
    }

    fn info(&self, deadline: Deadline) -> Call<'_, EngineInfo> {
        self.inner.info(deadline)
    }

    fn list_containers<'a>(
        &'a self,
        filter: &'a ContainerFilter,
        deadline: Deadline,
    ) -> Call<'a, Vec<ContainerSummary>> {
        self.inner.list_containers(filter, deadline)
    }

    fn inspect_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ContainerDetail> {
        self.inner.inspect_container(container, deadline)
    }

    fn create_container<'a>(&'a self, plan: &'a ContainerPlan, deadline: Deadline) -> Call<'a, String> {
        self.change(self.inner.create_container(plan, deadline))
    }

    fn start_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.start_container(container, deadline))
    }

    fn stop_container<'a>(&'a self, container: &'a str, grace: Grace, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.stop_container(container, grace, deadline))
    }

    fn restart_container<'a>(&'a self, container: &'a str, grace: Grace, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.restart_container(container, grace, deadline))
    }

    fn kill_container<'a>(&'a self, container: &'a str, signal: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.kill_container(container, signal, deadline))
    }

    fn pause_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.pause_container(container, deadline))
    }

    fn unpause_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.unpause_container(container, deadline))
    }

    fn remove_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.remove_container(container, deadline))
    }

    fn exec<'a>(&'a self, container: &'a str, request: &'a ExecRequest, deadline: Deadline) -> Call<'a, ExecOutcome> {
        self.change(self.inner.exec(container, request, deadline))
    }

    fn events<'a>(&'a self, query: &'a EventQuery, deadline: Deadline, idle: Idle) -> Call<'a, Feed<Event>> {
        self.inner.events(query, deadline, idle)
    }

    fn logs<'a>(
        &'a self,
        container: &'a str,
        query: &'a LogQuery,
        deadline: Deadline,
        idle: Idle,
    ) -> Call<'a, Feed<LogLine>> {
        self.inner.logs(container, query, deadline, idle)
    }

    fn usage<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, Usage> {
        self.inner.usage(container, deadline)
    }

    fn path_info<'a>(&'a self, container: &'a str, path: &'a str, deadline: Deadline) -> Call<'a, Option<PathInfo>> {
        self.inner.path_info(container, path, deadline)
    }

    fn list_volumes<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, Vec<Volume>> {
        self.inner.list_volumes(label, deadline)
    }

    fn inspect_volume<'a>(&'a self, volume: &'a str, deadline: Deadline) -> Call<'a, Volume> {
        self.inner.inspect_volume(volume, deadline)
    }

    fn create_volume<'a>(&'a self, plan: &'a VolumePlan, deadline: Deadline) -> Call<'a, Volume> {
        self.change(self.inner.create_volume(plan, deadline))
    }

    fn remove_volume<'a>(&'a self, volume: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.remove_volume(volume, deadline))
    }

    fn list_networks<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, Vec<Network>> {
        self.inner.list_networks(label, deadline)
    }

    fn list_images(&self, deadline: Deadline) -> Call<'_, Vec<ImageSummary>> {
        self.inner.list_images(deadline)
    }

    fn inspect_image<'a>(&'a self, image: &'a str, deadline: Deadline) -> Call<'a, ImageDetail> {
        self.inner.inspect_image(image, deadline)
    }

    fn attach<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, Attached> {
        self.change(self.inner.attach(container, deadline))
    }

    fn wait_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, i64> {
        self.inner.wait_container(container, deadline)
    }

    fn set_restart_policy<'a>(
        &'a self,
        container: &'a str,
        policy: &'a RestartPolicy,
        deadline: Deadline,
    ) -> Call<'a, ()> {
        self.change(self.inner.set_restart_policy(container, policy, deadline))
    }

    fn import_image<'a>(&'a self, plan: &'a ImageImport, tar: Body, deadline: Deadline) -> Call<'a, String> {
        self.change(self.inner.import_image(plan, tar, deadline))
    }

    fn tag_image<'a>(&'a self, image: &'a str, name: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.tag_image(image, name, deadline))
    }

    fn remove_image<'a>(&'a self, image: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.remove_image(image, deadline))
    }

    fn remove_unnamed_images<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.remove_unnamed_images(label, deadline))
    }

    fn export_images<'a>(&'a self, images: &'a [String], deadline: Deadline, idle: Idle) -> Call<'a, Feed<Bytes>> {
        self.inner.export_images(images, deadline, idle)
    }

    fn load_images(&self, tar: Body, deadline: Deadline) -> Call<'_, Vec<String>> {
        self.change(self.inner.load_images(tar, deadline))
    }

    fn read_archive<'a>(
        &'a self,
        container: &'a str,
        path: &'a str,
        deadline: Deadline,
        idle: Idle,
    ) -> Call<'a, Feed<Bytes>> {
        self.inner.read_archive(container, path, deadline, idle)
    }

    fn write_archive<'a>(&'a self, container: &'a str, path: &'a str, tar: Body, deadline: Deadline) -> Call<'a, ()> {
        self.change(self.inner.write_archive(container, path, tar, deadline))
    }

    fn disk_use(&self, deadline: Deadline) -> Call<'_, DiskUse> {
        self.inner.disk_use(deadline)
    }
}
