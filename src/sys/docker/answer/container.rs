// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `GET /containers/{id}/json`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::{Words, count, lenient, status, time};
use crate::sys::engine::{
    Attachment, ContainerDetail, ContainerState, DeviceRequest, Health, HealthCheck, HealthProbe, HealthStatus, Mount,
    Port, RestartPolicy,
};

/// An inspected container.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sys::docker) struct Inspected {
    id: String,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    /// The image's id; its name is in the configuration.
    #[serde(default, deserialize_with = "lenient")]
    image: String,
    #[serde(default, deserialize_with = "lenient")]
    created: String,
    #[serde(default, deserialize_with = "lenient")]
    restart_count: i64,
    #[serde(default, deserialize_with = "lenient")]
    state: State,
    #[serde(default, deserialize_with = "lenient")]
    config: Config,
    #[serde(default, deserialize_with = "lenient")]
    host_config: HostConfig,
    #[serde(default, deserialize_with = "lenient")]
    mounts: Vec<MountPoint>,
    #[serde(default, deserialize_with = "lenient")]
    network_settings: NetworkSettings,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "the API's form")]
struct State {
    status: String,
    running: bool,
    paused: bool,
    restarting: bool,
    #[serde(rename = "OOMKilled")]
    oom_killed: bool,
    dead: bool,
    pid: i64,
    exit_code: i64,
    error: String,
    started_at: String,
    finished_at: String,
    health: Option<HealthRecord>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct HealthRecord {
    status: String,
    failing_streak: i64,
    #[serde(deserialize_with = "lenient")]
    log: Vec<Probe>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Probe {
    start: String,
    end: String,
    exit_code: i64,
    output: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Config {
    image: String,
    user: String,
    tty: bool,
    #[serde(deserialize_with = "lenient")]
    env: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    cmd: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    entrypoint: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    labels: Words,
    healthcheck: Option<Check>,
    #[serde(deserialize_with = "lenient")]
    stop_signal: String,
    stop_timeout: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Check {
    #[serde(deserialize_with = "lenient")]
    test: Vec<String>,
    interval: i64,
    timeout: i64,
    start_period: i64,
    start_interval: i64,
    retries: i64,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct HostConfig {
    network_mode: String,
    pid_mode: String,
    ipc_mode: String,
    memory: i64,
    #[serde(deserialize_with = "lenient")]
    restart_policy: Policy,
    #[serde(deserialize_with = "lenient")]
    log_config: LogConfig,
    #[serde(deserialize_with = "lenient")]
    runtime: String,
    #[serde(deserialize_with = "lenient")]
    init: bool,
    #[serde(deserialize_with = "lenient")]
    port_bindings: BTreeMap<String, serde_json::Value>,
    #[serde(deserialize_with = "lenient")]
    device_requests: Vec<DeviceWish>,
    #[serde(deserialize_with = "lenient")]
    devices: Vec<DevicePath>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct DeviceWish {
    #[serde(deserialize_with = "lenient")]
    driver: String,
    /// Alternatives, each a list of what must come together.
    #[serde(deserialize_with = "lenient")]
    capabilities: Vec<Vec<String>>,
    #[serde(rename = "DeviceIDs", deserialize_with = "lenient")]
    ids: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct DevicePath {
    #[serde(deserialize_with = "lenient")]
    path_on_host: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Policy {
    name: String,
    maximum_retry_count: i64,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct LogConfig {
    r#type: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct MountPoint {
    r#type: String,
    name: String,
    source: String,
    destination: String,
    #[serde(rename = "RW")]
    writable: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct NetworkSettings {
    #[serde(deserialize_with = "lenient")]
    networks: BTreeMap<String, EndpointSettings>,
    /// By `80/tcp`; null where not published.
    #[serde(deserialize_with = "lenient")]
    ports: BTreeMap<String, Option<Vec<Binding>>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Binding {
    #[serde(deserialize_with = "lenient")]
    host_ip: String,
    #[serde(deserialize_with = "lenient")]
    host_port: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct EndpointSettings {
    #[serde(rename = "NetworkID")]
    network_id: String,
    #[serde(rename = "IPAddress")]
    address: String,
    #[serde(deserialize_with = "lenient")]
    aliases: Vec<String>,
}

/// A duration of the API; zero means the engine's default.
fn duration(nanoseconds: i64) -> Option<Duration> {
    u64::try_from(nanoseconds).ok().filter(|time| *time > 0).map(Duration::from_nanos)
}

/// Names that start with a slash in the API.
fn bare(name: &str) -> String {
    name.strip_prefix('/').unwrap_or(name).to_owned()
}

impl From<State> for ContainerState {
    fn from(state: State) -> Self {
        Self {
            status: status(&state.status),
            running: state.running,
            paused: state.paused,
            restarting: state.restarting,
            dead: state.dead,
            oom_killed: state.oom_killed,
            pid: state.pid,
            exit_code: state.exit_code,
            error: state.error,
            started: time(&state.started_at),
            finished: time(&state.finished_at),
            health: state.health.and_then(health),
        }
    }
}

/// `None` for `none`, which some engines write for containers without a check.
fn health(record: HealthRecord) -> Option<Health> {
    let status = match record.status.as_str() {
        "starting" => HealthStatus::Starting,
        "healthy" => HealthStatus::Healthy,
        "unhealthy" => HealthStatus::Unhealthy,
        _ => return None,
    };
    let probes = record.log.into_iter().map(|probe| HealthProbe {
        start: time(&probe.start),
        end: time(&probe.end),
        exit_code: probe.exit_code,
        output: probe.output,
    });
    Some(Health { status, failing_streak: count(record.failing_streak), probes: probes.collect() })
}

impl From<Check> for HealthCheck {
    fn from(check: Check) -> Self {
        Self {
            test: check.test,
            interval: duration(check.interval),
            timeout: duration(check.timeout),
            start_period: duration(check.start_period),
            start_interval: duration(check.start_interval),
            retries: u64::try_from(check.retries).ok().filter(|retries| *retries > 0),
        }
    }
}

/// Ports that are no ports are left out.
fn ports(found: BTreeMap<String, Option<Vec<Binding>>>) -> Vec<Port> {
    let mut ports = Vec::new();
    for (name, bindings) in found {
        let (number, protocol) = name.split_once('/').unwrap_or((&name, "tcp"));
        let Ok(private) = number.parse() else { continue };
        let port = |public, address| Port { private, protocol: protocol.to_owned(), public, address };
        let bindings = bindings.unwrap_or_default();
        if bindings.is_empty() {
            ports.push(port(None, None));
        }
        for binding in bindings {
            let public = binding.host_port.parse().ok();
            ports.push(port(public, binding.host_ip.parse().ok().filter(|_| public.is_some())));
        }
    }
    ports.sort();
    ports
}

impl From<DeviceWish> for DeviceRequest {
    fn from(wish: DeviceWish) -> Self {
        Self { driver: wish.driver, capabilities: wish.capabilities.into_iter().flatten().collect(), ids: wish.ids }
    }
}

impl From<Inspected> for ContainerDetail {
    fn from(found: Inspected) -> Self {
        let mut mounts: Vec<Mount> = found
            .mounts
            .into_iter()
            .map(|mount| Mount {
                kind: mount.r#type,
                name: mount.name,
                source: mount.source,
                target: mount.destination,
                writable: mount.writable,
            })
            .collect();
        mounts.sort_by(|left, right| left.target.cmp(&right.target));
        let networks = found.network_settings.networks.into_iter().map(|(name, endpoint)| {
            let attachment =
                Attachment { network_id: endpoint.network_id, address: endpoint.address, aliases: endpoint.aliases };
            (name, attachment)
        });
        let (config, host) = (found.config, found.host_config);
        Self {
            id: found.id,
            name: bare(&found.name),
            image: config.image,
            image_id: found.image,
            labels: config.labels,
            created: time(&found.created),
            state: found.state.into(),
            restart_count: count(found.restart_count),
            restart_policy: RestartPolicy {
                name: host.restart_policy.name,
                maximum_retries: count(host.restart_policy.maximum_retry_count),
            },
            health_check: config.healthcheck.map(HealthCheck::from),
            environment: config.env,
            entrypoint: config.entrypoint,
            command: config.cmd,
            user: config.user,
            terminal: config.tty,
            network_mode: host.network_mode,
            pid_mode: host.pid_mode,
            ipc_mode: host.ipc_mode,
            memory_limit_bytes: count(host.memory),
            log_driver: host.log_config.r#type,
            init: host.init,
            published: host.port_bindings.into_keys().collect(),
            runtime: host.runtime,
            stop_signal: config.stop_signal,
            stop_grace: config.stop_timeout.map(|seconds| Duration::from_secs(count(seconds))),
            mounts,
            networks: networks.collect(),
            ports: ports(found.network_settings.ports),
            device_requests: host.device_requests.into_iter().map(DeviceRequest::from).collect(),
            devices: host.devices.into_iter().map(|device| device.path_on_host).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::sys::engine::ContainerStatus;

    #[test]
    fn reads_a_restarting_container_with_old_probes() {
        let text = r#"{"Id":"a1","Name":"/s-web-1","Image":"sha256:9","Created":"2026-11-20T08:00:00Z","RestartCount":4,
            "State":{"Status":"restarting","Running":true,"Restarting":true,"Pid":0,"ExitCode":137,"OOMKilled":true,
              "StartedAt":"2026-11-20T08:00:01Z","FinishedAt":"0001-01-01T00:00:00Z",
              "Health":{"Status":"unhealthy","FailingStreak":3,"Log":[
                {"Start":"2026-11-20T08:00:02Z","End":"2026-11-20T08:00:03Z","ExitCode":-1,"Output":"late"}]}},
            "Config":{"Image":"x:1","Env":null,"Cmd":["a"],"Entrypoint":null,"Labels":{"k":"v"},"StopTimeout":3,
              "Healthcheck":{"Test":["CMD","true"],"Interval":5000000000}},
            "HostConfig":{"RestartPolicy":{"Name":"always","MaximumRetryCount":0},"NetworkMode":"bridge","Memory":1024,"Init":null,
              "PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]},
              "DeviceRequests":[{"Driver":"nvidia","Count":-1,"Capabilities":[["gpu"]]}]},
            "Mounts":[{"Type":"bind","Source":"/b","Destination":"/z","RW":false},{"Type":"volume","Name":"v","Destination":"/a","RW":true}],
            "NetworkSettings":{"Networks":{"bridge":{"NetworkID":"n","IPAddress":"1.2.3.4","Aliases":null}}}}"#;
        let detail = ContainerDetail::from(serde_json::from_str::<Inspected>(text).unwrap());
        assert_eq!(detail.name, "s-web-1");
        assert_eq!(detail.state.status, ContainerStatus::Restarting);
        assert!(detail.state.running && detail.state.oom_killed && detail.state.finished.is_none());
        assert_eq!(
            (detail.published.as_slice(), detail.has_gpu(), detail.init),
            (&["80/tcp".to_owned()][..], true, false)
        );
        let health = detail.state.health.unwrap();
        assert_eq!((health.status, health.probes[0].exit_code), (HealthStatus::Unhealthy, -1));
        let check = detail.health_check.unwrap();
        assert_eq!((check.interval, check.timeout, check.retries), (Some(Duration::from_secs(5)), None, None));
        assert_eq!(detail.stop_grace, Some(Duration::from_secs(3)));
        assert_eq!(detail.mounts.iter().map(|mount| mount.target.as_str()).collect::<Vec<_>>(), ["/a", "/z"]);
    }

    #[test]
    fn reads_ports_and_devices() {
        let text = r#"{"Id":"a","HostConfig":{"Runtime":null,"Devices":[{"PathOnHost":"/dev/kfd"}],
              "DeviceRequests":[{"Driver":"","Count":-1,"DeviceIDs":null,"Capabilities":[["gpu","compute"]]}]},
            "NetworkSettings":{"Networks":{},"Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":"8080"}],
              "53/udp":null,"x/tcp":null}}}"#;
        let detail = ContainerDetail::from(serde_json::from_str::<Inspected>(text).unwrap());
        let ports: Vec<String> = detail
            .ports
            .iter()
            .map(|port| format!("{:?} {:?} {} {}", port.address, port.public, port.private, port.protocol))
            .collect();
        assert_eq!(ports, ["None None 53 udp", "Some(0.0.0.0) Some(8080) 80 tcp", "Some(::) Some(8080) 80 tcp"]);
        assert_eq!(detail.device_requests[0].capabilities, ["gpu", "compute"]);
        assert!(detail.has_gpu() && detail.devices == ["/dev/kfd"]);
    }

    #[test]
    fn a_bare_answer_is_enough() {
        let detail = ContainerDetail::from(serde_json::from_str::<Inspected>(r#"{"Id":"a"}"#).unwrap());
        assert_eq!(detail.state.status, ContainerStatus::Unknown);
        assert!(detail.health_check.is_none());
    }
}
