// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Containers as the engine describes them, and what is needed to make one.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// Labels by name.
pub type Labels = BTreeMap<String, String>;

/// Which containers to list. All given conditions hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContainerFilter {
    /// Labels that must be there; `None` as value means any value.
    pub labels: Vec<(String, Option<String>)>,
    /// Whether only running ones are wanted (paused and restarting ones count as running).
    pub only_running: bool,
}

impl ContainerFilter {
    /// All containers, running or not, that carry this label with this value.
    #[must_use]
    pub fn labelled(name: &str, value: &str) -> Self {
        Self { labels: vec![(name.to_owned(), Some(value.to_owned()))], only_running: false }
    }
}

/// The engine's one word for the state of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ContainerStatus {
    /// Made, never started.
    Created,
    /// Its first process runs.
    Running,
    /// Frozen. `State.Running` stays true.
    Paused,
    /// Waiting for the engine's next attempt. `State.Running` stays true, without a process.
    Restarting,
    /// Being removed.
    Removing,
    /// Ended.
    Exited,
    /// Half removed.
    Dead,
    /// A word that this program does not know.
    #[default]
    Unknown,
}

/// One line of the container list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerSummary {
    /// The full id.
    pub id: String,
    /// The name without the slash.
    pub name: String,
    /// The image as it was named at creation.
    pub image: String,
    /// The id of the image.
    pub image_id: String,
    /// All labels.
    pub labels: Labels,
    /// The state in one word.
    pub status: ContainerStatus,
    /// The engine's sentence, such as `Up 3 seconds (healthy)`.
    pub status_text: String,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
    /// The published and exposed ports, sorted.
    pub ports: Vec<Port>,
}

/// A port of a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port {
    /// The port inside.
    pub private: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// The port outside, when published.
    pub public: Option<u16>,
    /// The address outside, when published.
    pub address: Option<IpAddr>,
}

/// The verdict of the engine's own health check. Void unless the container runs and is neither paused nor restarting:
/// the engine writes `unhealthy` without an event when it stops probing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HealthStatus {
    /// In its start period, or no result yet.
    Starting,
    /// The last probe passed.
    Healthy,
    /// So many probes failed in a row as the check allows, or the engine stopped probing.
    Unhealthy,
}

/// One run of a health check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthProbe {
    /// When it began.
    pub start: Option<DateTime<Utc>>,
    /// When it ended.
    pub end: Option<DateTime<Utc>>,
    /// Its exit code; -1 when it ran out of time.
    pub exit_code: i64,
    /// What it printed on both streams, cut by the engine at 4096 bytes.
    pub output: String,
}

/// The engine's health record. At most five probes, and those of before the last start stay in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The engine's verdict.
    pub status: HealthStatus,
    /// Failures in a row; grows on after the verdict.
    pub failing_streak: u64,
    /// The last probes, oldest first.
    pub probes: Vec<HealthProbe>,
}

/// The definition of a health check that a container runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HealthCheck {
    /// `["CMD", …]`, `["CMD-SHELL", "…"]` or `["NONE"]`.
    pub test: Vec<String>,
    /// Time between probes; `None` = the engine's 30 s.
    pub interval: Option<Duration>,
    /// Time for one probe; `None` = the engine's 30 s.
    pub timeout: Option<Duration>,
    /// Time in which failures do not count; `None` = none.
    pub start_period: Option<Duration>,
    /// Time between probes in the start period; `None` = the engine's 5 s. Older engines ignore it.
    pub start_interval: Option<Duration>,
    /// Failures in a row that make it unhealthy; `None` = the engine's 3.
    pub retries: Option<u64>,
}

/// What a container is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the engine's own flags, which do not exclude each other")]
pub struct ContainerState {
    /// The state in one word.
    pub status: ContainerStatus,
    /// True for running, paused and restarting ones alike.
    pub running: bool,
    /// Frozen.
    pub paused: bool,
    /// Waiting for the engine's next attempt.
    pub restarting: bool,
    /// Half removed.
    pub dead: bool,
    /// The engine saw the kernel kill a process of it. Engines before 25 set it only for the first process.
    pub oom_killed: bool,
    /// The first process on the engine's machine; 0 when none.
    pub pid: i64,
    /// The exit code of the last end; 0 while it never ended.
    pub exit_code: i64,
    /// Why it could not be started; mostly empty.
    pub error: String,
    /// The last start.
    pub started: Option<DateTime<Utc>>,
    /// The last end.
    pub finished: Option<DateTime<Utc>>,
    /// The health record of one that has a check.
    pub health: Option<Health>,
}

/// When the engine starts a container again by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RestartPolicy {
    /// `no`, `always`, `unless-stopped` or `on-failure`.
    pub name: String,
    /// Attempts of `on-failure`; 0 = no limit.
    pub maximum_retries: u64,
}

/// Something that is mounted into a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs` and so on.
    pub kind: String,
    /// The volume's name; empty for others.
    pub name: String,
    /// The path on the engine's machine.
    pub source: String,
    /// The path inside.
    pub target: String,
    /// Whether it may be written.
    pub writable: bool,
}

/// A network that a container is in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attachment {
    /// The network's id; empty while the container does not run on older engines.
    pub network_id: String,
    /// The address inside; empty while the container does not run.
    pub address: String,
    /// The names that others reach it by.
    pub aliases: Vec<String>,
}

/// Everything of one container that this program looks at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContainerDetail {
    /// The full id.
    pub id: String,
    /// The name without the slash.
    pub name: String,
    /// The image as it was named at creation.
    pub image: String,
    /// The id of the image.
    pub image_id: String,
    /// All labels.
    pub labels: Labels,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
    /// What it is doing.
    pub state: ContainerState,
    /// Starts by the engine since the last one by hand, which resets it.
    pub restart_count: u64,
    /// When the engine starts it again.
    pub restart_policy: RestartPolicy,
    /// The check that the engine runs, from the file or from the image.
    pub health_check: Option<HealthCheck>,
    /// Environment entries `NAME=value`. May hold secrets.
    pub environment: Vec<String>,
    /// The entry point's words.
    pub entrypoint: Vec<String>,
    /// The command's words.
    pub command: Vec<String>,
    /// The user as given; empty = the image's.
    pub user: String,
    /// Whether it has a terminal, in which case its output is one stream.
    pub terminal: bool,
    /// `bridge`, `host`, `container:<id>`, or the name of a network.
    pub network_mode: String,
    /// The process namespace: empty, `host` or `container:<id>`.
    pub pid_mode: String,
    /// The IPC namespace: `private`, `shareable`, `host`, `container:<id>`.
    pub ipc_mode: String,
    /// Memory limit in bytes; 0 = none.
    pub memory_limit_bytes: u64,
    /// The logging driver.
    pub log_driver: String,
    /// The runtime, such as `runc` or `nvidia`.
    pub runtime: String,
    /// Whether a small init of the engine is its first process.
    pub init: bool,
    /// The ports inside that shall be published, such as `80/tcp`, sorted; that they are is another matter.
    pub published: Vec<String>,
    /// The signal that a stop sends; empty = TERM.
    pub stop_signal: String,
    /// How long a stop waits before it kills; `None` = 10 s.
    pub stop_grace: Option<Duration>,
    /// What is mounted, sorted by target.
    pub mounts: Vec<Mount>,
    /// The networks by name.
    pub networks: BTreeMap<String, Attachment>,
    /// The published and exposed ports, sorted; none while it does not run.
    pub ports: Vec<Port>,
    /// What it was given by request to a driver: GPUs (`gpus:`, `deploy.resources.reservations.devices`).
    pub device_requests: Vec<DeviceRequest>,
    /// The devices of the engine's machine that it was given by path.
    pub devices: Vec<String>,
}

/// A request for devices that a driver of the engine fulfils.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceRequest {
    /// The driver, such as `nvidia` or `cdi`; may be empty.
    pub driver: String,
    /// What the devices can do, such as `gpu`; all alternatives in one list.
    pub capabilities: Vec<String>,
    /// The devices by name, such as `nvidia.com/gpu=all`; empty where they are counted.
    pub ids: Vec<String>,
}

impl ContainerDetail {
    /// Whether it was given a GPU: by a request, by NVIDIA's runtime, or by the path of a device that computes.
    #[must_use]
    pub fn has_gpu(&self) -> bool {
        let is_gpu = |request: &DeviceRequest| {
            request.driver == "nvidia"
                || request.capabilities.iter().any(|one| one == "gpu")
                || request.ids.iter().any(|id| id.contains("gpu"))
        };
        // The runtime gives what the variable names, and nothing without it.
        let visible = self.environment.iter().find_map(|entry| entry.strip_prefix("NVIDIA_VISIBLE_DEVICES="));
        let by_runtime = self.runtime == "nvidia" && !matches!(visible, None | Some("" | "void" | "none"));
        let by_path = |path: &String| path == "/dev/kfd" || path.starts_with("/dev/nvidia");
        by_runtime || self.device_requests.iter().any(is_gpu) || self.devices.iter().any(by_path)
    }
}

/// What a new container shall be: just enough for helpers, probes, one-shots and tests. Service containers are made by
/// `docker compose` alone.
///
/// Engines make a volume that a mount names and that is not there, without a word: who does not want an empty one in
/// place of a misspelt one looks first, with `inspect_volume`, and afterwards for [`MountPlan::labels`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContainerPlan {
    /// The name; must be free.
    pub name: String,
    /// The image; must be there, it is not pulled.
    pub image: String,
    /// The words before the command's; empty = the image's.
    pub entrypoint: Vec<String>,
    /// The command's words; empty = the image's.
    pub command: Vec<String>,
    /// Environment entries `NAME=value`.
    pub environment: Vec<String>,
    /// Labels.
    pub labels: Labels,
    /// The user; empty = the image's.
    pub user: String,
    /// The working directory; empty = the image's.
    pub working_directory: String,
    /// A health check.
    pub health_check: Option<HealthCheck>,
    /// When the engine starts it again; empty name = never.
    pub restart_policy: RestartPolicy,
    /// Mounts in the engine's short form, such as `volume:/data:ro`. A folder that is not there is made too.
    pub binds: Vec<String>,
    /// Mounts in the long form, which neither makes folders nor fills volumes.
    pub mounts: Vec<MountPlan>,
    /// The network mode; empty = the engine's default network.
    pub network_mode: String,
    /// Memory limit in bytes; 0 = none.
    pub memory_limit_bytes: u64,
    /// Whether the root file system is read-only.
    pub read_only: bool,
    /// Whether a small init reaps zombies and forwards signals.
    pub init: bool,
    /// Whether standard input is open, for one [`super::Engine::attach`]: it ends when that one ends it. Otherwise it is
    /// empty.
    pub open_stdin: bool,
    /// Powers of root that are taken away, such as `ALL`; without `CAP_`.
    pub cap_drop: Vec<String>,
    /// Powers of root that are given, also in spite of `ALL` being taken away.
    pub cap_add: Vec<String>,
    /// Options such as `no-new-privileges`.
    pub security_options: Vec<String>,
    /// The logging driver; empty = the engine's default. With `none` there are no logs to read.
    pub log_driver: String,
}

/// What is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MountKind {
    /// A volume. The image's content at the target is never copied into it.
    Volume,
    /// A file or folder on the engine's machine; making the container is refused when it is not there.
    Bind,
}

/// Something to mount.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MountPlan {
    /// What it is.
    pub kind: MountKind,
    /// The volume's name, or the path on the engine's machine.
    pub source: String,
    /// The path inside.
    pub target: String,
    /// Whether it may only be read.
    pub read_only: bool,
    /// The labels that a volume gets if it has to be made; one that is there keeps its own.
    pub labels: Labels,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_comes_by_request_runtime_or_path() {
        let is_given = |detail: ContainerDetail| detail.has_gpu();
        let request = |request| ContainerDetail { device_requests: vec![request], ..ContainerDetail::default() };
        let words = |word: &str| vec![word.to_owned()];
        assert!(is_given(request(DeviceRequest { capabilities: words("gpu"), ..DeviceRequest::default() })));
        assert!(is_given(request(DeviceRequest { ids: words("nvidia.com/gpu=all"), ..DeviceRequest::default() })));
        assert!(!is_given(request(DeviceRequest { capabilities: words("tpu"), ..DeviceRequest::default() })));
        let runtime = |environment: &str| ContainerDetail {
            runtime: "nvidia".to_owned(),
            environment: words(environment),
            ..ContainerDetail::default()
        };
        assert!(is_given(runtime("NVIDIA_VISIBLE_DEVICES=all")));
        assert!(!is_given(runtime("NVIDIA_VISIBLE_DEVICES=void")) && !is_given(runtime("A=b")));
        assert!(is_given(ContainerDetail { devices: words("/dev/kfd"), ..ContainerDetail::default() }));
        assert!(!is_given(ContainerDetail { devices: words("/dev/snd"), ..ContainerDetail::default() }));
    }
}
