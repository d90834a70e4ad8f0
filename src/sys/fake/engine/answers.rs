// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engine in memory as an [`Engine`].

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::act::{at_once, conflict, engine_version, find, find_image, fits, missing, new_volume};
use super::container::{CPUS, Container, MEMORY_BYTES};
use super::{FakeEngine, Flavour, program};
use crate::sys::engine::{
    ApiVersion, Attached, Body, Call, ContainerDetail, ContainerFilter, ContainerPlan, ContainerStatus,
    ContainerSummary, Deadline, DiskUse, Engine, EngineInfo, EngineVersion, Event, EventQuery, EventSubject, EventTime,
    ExecOutcome, ExecRequest, Feed, Grace, Idle, ImageDetail, ImageImport, ImageSummary, LogLine, LogQuery, Network,
    PathInfo, PathKind, RestartPolicy, Usage, Volume, VolumePlan,
};

/// The container's own grace period.
const OWN_GRACE: Duration = Duration::from_secs(10);

/// A reader of a log may lag behind so many new lines.
const LAG: usize = 1024;

impl Engine for FakeEngine {
    fn address(&self) -> &str {
        &self.address
    }

    fn ping(&self, deadline: Deadline) -> Call<'_, ApiVersion> {
        let api = self.api();
        self.act("ping", deadline, move |_, _| at_once(api))
    }

    fn version(&self, deadline: Deadline) -> Call<'_, EngineVersion> {
        let api = self.api();
        self.act("ask for the version", deadline, move |world, _| {
            at_once(EngineVersion {
                api,
                oldest_api: Some(ApiVersion::new(1, 24)),
                engine: engine_version(world.flavour).to_owned(),
                os: "linux".to_owned(),
                architecture: "amd64".to_owned(),
                kernel: "6.1.0".to_owned(),
            })
        })
    }

    fn info(&self, deadline: Deadline) -> Call<'_, EngineInfo> {
        self.act("ask for information", deadline, |world, _| {
            at_once(EngineInfo {
                id: "FAKE".to_owned(),
                name: "fake".to_owned(),
                engine: engine_version(world.flavour).to_owned(),
                operating_system: "memory".to_owned(),
                cpus: u64::from(CPUS),
                memory_bytes: MEMORY_BYTES,
                storage_driver: "overlay2".to_owned(),
                data_root: "/var/lib/docker".to_owned(),
                logging_driver: "json-file".to_owned(),
                cgroup_version: "2".to_owned(),
                runtimes: vec!["runc".to_owned()],
                default_runtime: "runc".to_owned(),
                time: Some(world.now.at()),
                ..EngineInfo::default()
            })
        })
    }

    fn list_containers<'a>(
        &'a self,
        filter: &'a ContainerFilter,
        deadline: Deadline,
    ) -> Call<'a, Vec<ContainerSummary>> {
        self.act("list containers", deadline, |world, _| {
            let fits = |container: &&Container| {
                let labels = &container.plan.labels;
                (!filter.only_running || container.state.running)
                    && filter.labels.iter().all(|(name, value)| match value {
                        Some(value) => labels.get(name) == Some(value),
                        None => labels.contains_key(name),
                    })
            };
            let mut listed: Vec<ContainerSummary> =
                world.containers.iter().filter(fits).map(Container::summary).collect();
            listed.sort_by(|left, right| left.name.cmp(&right.name));
            at_once(listed)
        })
    }

    fn inspect_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ContainerDetail> {
        const CALL: &str = "inspect container";
        self.act(CALL, deadline, move |world, _| at_once(world.containers[find(world, CALL, container)?].detail()))
    }

    fn create_container<'a>(&'a self, plan: &'a ContainerPlan, deadline: Deadline) -> Call<'a, String> {
        const CALL: &str = "create container";
        self.act(CALL, deadline, move |world, _| {
            if world.containers.iter().any(|container| container.plan.name == plan.name) {
                return Err(conflict(CALL, format!("The container name \"/{}\" is already in use", plan.name)));
            }
            let image = find_image(world, CALL, &plan.image)?.id.clone();
            let (id, now) = (world.id(), world.now);
            let mut container = Container::new(id.clone(), plan.clone(), image, now);
            for path in ["/bin", "/bin/busybox", "/bin/sh"] {
                container.files.insert(path.to_owned());
            }
            for (name, labels) in container.volumes() {
                let made = || Volume { labels: labels.clone(), ..new_volume(name, now) };
                world.volumes.entry(name.to_owned()).or_insert_with(made);
            }
            world.containers.push(container);
            world.tell(world.containers.len() - 1, "create", &[]);
            at_once(id)
        })
    }

    fn start_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "start container";
        self.act(CALL, deadline, move |world, _| {
            let index = find(world, CALL, container)?;
            if !world.containers[index].lives() {
                world.containers[index].restart_count = 0;
                world.containers[index].back_off = Duration::ZERO;
                world.start(index);
            }
            at_once(())
        })
    }

    fn stop_container<'a>(&'a self, container: &'a str, grace: Grace, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "stop container";
        self.act(CALL, deadline, move |world, _| {
            let index = find(world, CALL, container)?;
            // As first processes, the programs here do not hear TERM.
            let took = if world.containers[index].lives() { grace.0.unwrap_or(OWN_GRACE) } else { Duration::ZERO };
            world.stop(index, true);
            Ok(((), took))
        })
    }

    fn restart_container<'a>(&'a self, container: &'a str, grace: Grace, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "restart container";
        self.act(CALL, deadline, move |world, _| {
            let index = find(world, CALL, container)?;
            let took = if world.containers[index].lives() { grace.0.unwrap_or(OWN_GRACE) } else { Duration::ZERO };
            world.stop(index, true);
            world.containers[index].restart_count = 0;
            world.containers[index].back_off = Duration::ZERO;
            world.start(index);
            world.tell(index, "restart", &[]);
            Ok(((), took))
        })
    }

    fn kill_container<'a>(&'a self, container: &'a str, signal: &'a str, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "kill container";
        self.act(CALL, deadline, move |world, _| {
            let index = find(world, CALL, container)?;
            if !world.containers[index].lives() {
                return Err(conflict(CALL, format!("Container {container} is not running")));
            }
            let deadly = ["KILL", "SIGKILL", "9"].contains(&signal);
            world.tell(index, "kill", &[("signal", if deadly { "9".to_owned() } else { signal.to_owned() })]);
            if deadly {
                world.die(index, 137, false);
            }
            at_once(())
        })
    }

    fn pause_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "pause container";
        self.act(CALL, deadline, move |world, _| {
            let index = find(world, CALL, container)?;
            if !world.containers[index].lives() || world.containers[index].state.paused {
                return Err(conflict(CALL, format!("Container {container} is not running or paused")));
            }
            let container = &mut world.containers[index];
            container.state.paused = true;
            container.state.status = ContainerStatus::Paused;
            container.stop_probing();
            world.tell(index, "pause", &[]);
            at_once(())
        })
    }

    fn unpause_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "unpause container";
        self.act(CALL, deadline, move |world, _| {
            let (index, now) = (find(world, CALL, container)?, world.now);
            if !world.containers[index].state.paused {
                return Err(conflict(CALL, format!("Container {container} is not paused")));
            }
            let container = &mut world.containers[index];
            container.state.paused = false;
            container.state.status = ContainerStatus::Running;
            container.begin_probing(now);
            world.tell(index, "unpause", &[]);
            at_once(())
        })
    }

    fn remove_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "remove container";
        self.act(CALL, deadline, move |world, _| {
            let index = find(world, CALL, container)?;
            if world.containers[index].lives() {
                world.tell(index, "kill", &[("signal", "9".to_owned())]);
                world.die(index, 137, false);
            }
            world.tell(index, "destroy", &[]);
            world.containers.remove(index);
            at_once(())
        })
    }

    fn exec<'a>(&'a self, container: &'a str, request: &'a ExecRequest, deadline: Deadline) -> Call<'a, ExecOutcome> {
        const CALL: &str = "run in container";
        self.act(CALL, deadline, move |world, _| {
            let index = find(world, CALL, container)?;
            let found = &mut world.containers[index];
            if !found.lives() || found.state.paused {
                return Err(conflict(CALL, format!("Container {container} is not running")));
            }
            let run = program::run(&request.command, &mut found.files);
            for action in ["exec_create", "exec_start"] {
                world.tell(index, &format!("{action}: {}", request.command.join(" ")), &[]);
            }
            world.tell(index, "exec_die", &[("exitCode", run.exit_code.to_string())]);
            let keep = |mut bytes: Vec<u8>| {
                bytes.truncate(request.keep_bytes);
                Bytes::from(bytes)
            };
            let cut = run.stdout.len() > request.keep_bytes || run.stderr.len() > request.keep_bytes;
            let outcome =
                ExecOutcome { exit_code: run.exit_code, stdout: keep(run.stdout), stderr: keep(run.stderr), cut };
            Ok((outcome, run.took.unwrap_or(Duration::MAX)))
        })
    }

    fn events<'a>(&'a self, query: &'a EventQuery, deadline: Deadline, idle: Idle) -> Call<'a, Feed<Event>> {
        const CALL: &str = "read events";
        self.act(CALL, deadline, move |world, breaks_after| {
            let receiver = world.bus.listen(query, breaks_after, world.now);
            at_once(self.feed(CALL, receiver, idle, breaks_after.is_some()))
        })
    }

    fn logs<'a>(
        &'a self,
        container: &'a str,
        query: &'a LogQuery,
        deadline: Deadline,
        idle: Idle,
    ) -> Call<'a, Feed<LogLine>> {
        const CALL: &str = "read logs";
        self.act(CALL, deadline, move |world, breaks_after| {
            let index = find(world, CALL, container)?;
            let container = &mut world.containers[index];
            let fits = |line: &&LogLine| {
                let time = line.time.map(EventTime::from);
                query.since.is_none_or(|since| time >= Some(since))
                    && query.until.is_none_or(|until| time <= Some(until))
            };
            let lines: Vec<&LogLine> = container.log.iter().filter(fits).collect();
            let tail = query.tail.and_then(|tail| usize::try_from(tail).ok()).unwrap_or(usize::MAX);
            let (sender, receiver) = mpsc::channel(lines.len() + LAG);
            let skip = lines.len().saturating_sub(tail);
            for line in lines.into_iter().skip(skip).take(breaks_after.unwrap_or(usize::MAX)) {
                // There is room for all of them.
                let _ = sender.try_send(line.clone());
            }
            if query.follow && container.state.running && breaks_after.is_none() {
                container.log_listeners.push(sender);
            }
            at_once(self.feed(CALL, receiver, idle, breaks_after.is_some()))
        })
    }

    fn usage<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, Usage> {
        const CALL: &str = "measure container";
        self.act(CALL, deadline, move |world, _| {
            let usage = world.containers[find(world, CALL, container)?].usage(world.now);
            let old = world.flavour == Flavour::DieThenStop;
            Ok((usage, if old { Duration::from_secs(1) } else { Duration::from_millis(3) }))
        })
    }

    fn path_info<'a>(&'a self, container: &'a str, path: &'a str, deadline: Deadline) -> Call<'a, Option<PathInfo>> {
        const CALL: &str = "look at path in container";
        self.act(CALL, deadline, move |world, _| {
            let files = &world.containers[find(world, CALL, container)?].files;
            let info = |kind, size_bytes, mode, target: Option<&str>| PathInfo {
                kind,
                size_bytes,
                mode,
                link_target: target.map(str::to_owned),
            };
            at_once(files.contains(path).then(|| match path {
                "/bin" => info(PathKind::Directory, 4096, 0o755, None),
                "/bin/busybox" => info(PathKind::File, 2 << 20, 0o755, None),
                "/bin/sh" => info(PathKind::Link, 7, 0o777, Some("/bin/busybox")),
                _ => info(PathKind::File, 0, 0o644, None),
            }))
        })
    }

    fn list_volumes<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, Vec<Volume>> {
        self.act("list volumes", deadline, move |world, _| {
            at_once(world.volumes.values().filter(|volume| fits(&volume.labels, label)).cloned().collect())
        })
    }

    fn inspect_volume<'a>(&'a self, volume: &'a str, deadline: Deadline) -> Call<'a, Volume> {
        const CALL: &str = "inspect volume";
        self.act(CALL, deadline, move |world, _| {
            at_once(world.volumes.get(volume).cloned().ok_or_else(|| missing(CALL, "volume", volume))?)
        })
    }

    fn create_volume<'a>(&'a self, plan: &'a VolumePlan, deadline: Deadline) -> Call<'a, Volume> {
        self.act("create volume", deadline, move |world, _| {
            let now = world.now;
            if !world.volumes.contains_key(&plan.name) {
                let mut volume = new_volume(&plan.name, now);
                volume.labels.clone_from(&plan.labels);
                volume.options.clone_from(&plan.options);
                world.volumes.insert(plan.name.clone(), volume);
                world.tell_of(
                    EventSubject::Volume,
                    "create",
                    plan.name.clone(),
                    [("driver".into(), "local".into())].into(),
                );
            }
            at_once(world.volumes[&plan.name].clone())
        })
    }

    fn remove_volume<'a>(&'a self, volume: &'a str, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "remove volume";
        self.act(CALL, deadline, move |world, _| {
            let user = world.containers.iter().find(|container| container.volumes().any(|(used, _)| used == volume));
            if let Some(user) = user {
                return Err(conflict(CALL, format!("remove {volume}: volume is in use - [{}]", user.id)));
            }
            world.volumes.remove(volume).ok_or_else(|| missing(CALL, "volume", volume))?;
            world.tell_of(
                EventSubject::Volume,
                "destroy",
                volume.to_owned(),
                [("driver".into(), "local".into())].into(),
            );
            at_once(())
        })
    }

    fn list_networks<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, Vec<Network>> {
        self.act("list networks", deadline, move |world, _| {
            at_once(world.networks.iter().filter(|network| fits(&network.labels, label)).cloned().collect())
        })
    }

    fn list_images(&self, deadline: Deadline) -> Call<'_, Vec<ImageSummary>> {
        self.act("list images", deadline, |world, _| {
            let mut images: Vec<ImageSummary> = world
                .images
                .iter()
                .map(|image| ImageSummary {
                    id: image.id.clone(),
                    tags: image.tags.clone(),
                    digests: image.digests.clone(),
                    size_bytes: image.size_bytes,
                    created: image.created,
                })
                .collect();
            images.sort_by(|left, right| left.tags.cmp(&right.tags));
            at_once(images)
        })
    }

    fn inspect_image<'a>(&'a self, image: &'a str, deadline: Deadline) -> Call<'a, ImageDetail> {
        const CALL: &str = "inspect image";
        self.act(CALL, deadline, move |world, _| at_once(find_image(world, CALL, image)?.clone()))
    }

    fn attach<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, Attached> {
        self.join(container, deadline)
    }

    fn wait_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, i64> {
        self.wait(container, deadline)
    }

    fn set_restart_policy<'a>(
        &'a self,
        container: &'a str,
        policy: &'a RestartPolicy,
        deadline: Deadline,
    ) -> Call<'a, ()> {
        const CALL: &str = "change restart policy";
        self.act(CALL, deadline, move |world, _| {
            let index = find(world, CALL, container)?;
            world.containers[index].plan.restart_policy = policy.clone();
            world.tell(index, "update", &[]);
            at_once(())
        })
    }

    fn import_image<'a>(&'a self, plan: &'a ImageImport, tar: Body, deadline: Deadline) -> Call<'a, String> {
        self.import(plan, tar, deadline)
    }

    fn tag_image<'a>(&'a self, image: &'a str, name: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.tag(image, name, deadline)
    }

    fn remove_image<'a>(&'a self, image: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.untag(image, deadline)
    }

    fn remove_unnamed_images<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.prune(label, deadline)
    }

    fn export_images<'a>(&'a self, images: &'a [String], deadline: Deadline, idle: Idle) -> Call<'a, Feed<Bytes>> {
        self.save(images, deadline, idle)
    }

    fn load_images(&self, tar: Body, deadline: Deadline) -> Call<'_, Vec<String>> {
        self.load(tar, deadline)
    }

    fn read_archive<'a>(
        &'a self,
        container: &'a str,
        path: &'a str,
        deadline: Deadline,
        idle: Idle,
    ) -> Call<'a, Feed<Bytes>> {
        self.pack(container, path, deadline, idle)
    }

    fn write_archive<'a>(&'a self, container: &'a str, path: &'a str, tar: Body, deadline: Deadline) -> Call<'a, ()> {
        self.unpack(container, path, tar, deadline)
    }

    fn disk_use(&self, deadline: Deadline) -> Call<'_, DiskUse> {
        self.act("measure disk use", deadline, |world, _| {
            at_once(DiskUse {
                images_bytes: world.images.iter().map(|image| image.size_bytes).sum(),
                volumes: world.volumes.keys().map(|name| (name.clone(), Some(0))).collect(),
                ..DiskUse::default()
            })
        })
    }
}
