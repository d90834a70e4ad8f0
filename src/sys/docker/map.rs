// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From bollard's models to ours, and back for containers to be made.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use bollard::models::{
    ContainerCreateBody, ContainerStatsResponse, HealthConfig, HostConfig, HostConfigLogConfig, ImageInspect,
    ImageSummary as ListedImage, Mount as MountBody, MountType, MountVolumeOptions, Network as ListedNetwork,
    RestartPolicy as Policy, RestartPolicyNameEnum, SystemInfo, SystemVersion,
};
use chrono::DateTime;

use super::answer::{count, time};
use super::failure::Fault;
use crate::sys::engine::{
    ApiVersion, ContainerPlan, EngineInfo, EngineVersion, HealthCheck, ImageDetail, ImageSummary, Labels, MountKind,
    MountPlan, Network, RestartPolicy, Usage,
};

fn sorted_map(words: Option<HashMap<String, String>>) -> Labels {
    words.unwrap_or_default().into_iter().collect()
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words
}

pub(super) fn version(found: SystemVersion) -> Result<EngineVersion, Fault> {
    let api = found.api_version.as_deref().and_then(|text| text.parse::<ApiVersion>().ok());
    Ok(EngineVersion {
        api: api.ok_or_else(|| Fault::Nonsense("it names no API version".to_owned()))?,
        oldest_api: found.min_api_version.and_then(|text| text.parse().ok()),
        engine: found.version.unwrap_or_default(),
        os: found.os.unwrap_or_default(),
        architecture: found.arch.unwrap_or_default(),
        kernel: found.kernel_version.unwrap_or_default(),
    })
}

pub(super) fn info(found: SystemInfo) -> EngineInfo {
    let security = found.security_options.unwrap_or_default();
    EngineInfo {
        id: found.id.unwrap_or_default(),
        name: found.name.unwrap_or_default(),
        engine: found.server_version.unwrap_or_default(),
        operating_system: found.operating_system.unwrap_or_default(),
        cpus: count(found.ncpu.unwrap_or_default()),
        memory_bytes: count(found.mem_total.unwrap_or_default()),
        storage_driver: found.driver.unwrap_or_default(),
        data_root: found.docker_root_dir.unwrap_or_default(),
        logging_driver: found.logging_driver.unwrap_or_default(),
        cgroup_version: found.cgroup_version.map(|version| version.to_string()).unwrap_or_default(),
        runtimes: sorted(found.runtimes.unwrap_or_default().into_keys().collect()),
        default_runtime: found.default_runtime.unwrap_or_default(),
        live_restore: found.live_restore_enabled.unwrap_or_default(),
        rootless: security.iter().any(|option| option.starts_with("name=rootless")),
        time: found.system_time.as_deref().and_then(time),
        warnings: found.warnings.unwrap_or_default(),
    }
}

pub(super) fn network(found: ListedNetwork) -> Network {
    Network {
        id: found.id.unwrap_or_default(),
        name: found.name.unwrap_or_default(),
        driver: found.driver.unwrap_or_default(),
        internal: found.internal.unwrap_or_default(),
        labels: sorted_map(found.labels),
    }
}

/// Images without a name are listed as `<none>:<none>` by older engines.
fn names(names: Vec<String>) -> Vec<String> {
    sorted(names.into_iter().filter(|name| !name.starts_with("<none>") && !name.ends_with("<none>")).collect())
}

pub(super) fn image_summary(found: ListedImage) -> ImageSummary {
    ImageSummary {
        id: found.id,
        tags: names(found.repo_tags),
        digests: names(found.repo_digests),
        size_bytes: count(found.size),
        created: DateTime::from_timestamp(found.created, 0),
    }
}

pub(super) fn image_detail(found: ImageInspect) -> ImageDetail {
    let config = found.config.unwrap_or_default();
    ImageDetail {
        id: found.id.unwrap_or_default(),
        tags: names(found.repo_tags.unwrap_or_default()),
        digests: names(found.repo_digests.unwrap_or_default()),
        size_bytes: count(found.size.unwrap_or_default()),
        created: found.created.as_deref().and_then(time),
        architecture: found.architecture.unwrap_or_default(),
        os: found.os.unwrap_or_default(),
        user: config.user.unwrap_or_default(),
        environment: config.env.unwrap_or_default(),
        entrypoint: config.entrypoint.unwrap_or_default(),
        command: config.cmd.unwrap_or_default(),
        health_check: config.healthcheck.map(health_check),
        labels: sorted_map(config.labels),
        volumes: sorted(config.volumes.unwrap_or_default()),
    }
}

fn health_check(found: HealthConfig) -> HealthCheck {
    let time = |nanoseconds: Option<i64>| {
        nanoseconds.and_then(|time| u64::try_from(time).ok()).filter(|time| *time > 0).map(Duration::from_nanos)
    };
    HealthCheck {
        test: found.test.unwrap_or_default(),
        interval: time(found.interval),
        timeout: time(found.timeout),
        start_period: time(found.start_period),
        start_interval: time(found.start_interval),
        retries: found.retries.and_then(|retries| u64::try_from(retries).ok()).filter(|retries| *retries > 0),
    }
}

pub(super) fn usage(found: ContainerStatsResponse) -> Usage {
    let cpu = found.cpu_stats.unwrap_or_default();
    let memory = found.memory_stats.unwrap_or_default();
    // Cache that the kernel would drop is no use of memory: cgroup v2 calls it `inactive_file`, v1 `total_inactive_file`.
    let droppable = memory
        .stats
        .as_ref()
        .and_then(|stats| stats.get("total_inactive_file").or_else(|| stats.get("inactive_file")))
        .copied()
        .unwrap_or_default();
    let networks: BTreeMap<_, _> = found.networks.unwrap_or_default().into_iter().collect();
    let transfers = found.blkio_stats.and_then(|stats| stats.io_service_bytes_recursive).unwrap_or_default();
    let moved = |operation: &str| {
        transfers
            .iter()
            .filter(|entry| entry.op.as_deref().is_some_and(|op| op.eq_ignore_ascii_case(operation)))
            .filter_map(|entry| entry.value)
            .sum()
    };
    Usage {
        time: found.read.as_deref().and_then(time),
        cpu_ns: cpu.cpu_usage.and_then(|usage| usage.total_usage).unwrap_or_default(),
        machine_cpu_ns: cpu.system_cpu_usage.unwrap_or_default(),
        cpus: cpu.online_cpus.unwrap_or_default(),
        memory_bytes: memory.usage.unwrap_or_default().saturating_sub(droppable),
        memory_limit_bytes: memory.limit.unwrap_or_default(),
        processes: found.pids_stats.and_then(|pids| pids.current).unwrap_or_default(),
        received_bytes: networks.values().filter_map(|network| network.rx_bytes).sum(),
        sent_bytes: networks.values().filter_map(|network| network.tx_bytes).sum(),
        read_bytes: moved("read"),
        written_bytes: moved("write"),
    }
}

pub(super) fn create_body(plan: &ContainerPlan) -> ContainerCreateBody {
    let unless_empty = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let list = |words: &[String]| (!words.is_empty()).then(|| words.to_vec());
    let log = |driver| HostConfigLogConfig { typ: Some(driver), config: None };
    ContainerCreateBody {
        image: Some(plan.image.clone()),
        entrypoint: list(&plan.entrypoint),
        cmd: list(&plan.command),
        env: list(&plan.environment),
        user: unless_empty(&plan.user),
        working_dir: unless_empty(&plan.working_directory),
        // Once: the end of the one input that is attached is the end of the container's.
        open_stdin: plan.open_stdin.then_some(true),
        stdin_once: plan.open_stdin.then_some(true),
        attach_stdin: plan.open_stdin.then_some(true),
        labels: Some(plan.labels.clone().into_iter().collect()),
        healthcheck: plan.health_check.as_ref().map(health_config),
        host_config: Some(HostConfig {
            binds: list(&plan.binds),
            network_mode: unless_empty(&plan.network_mode),
            restart_policy: Some(restart_policy(&plan.restart_policy)),
            mounts: (!plan.mounts.is_empty()).then(|| plan.mounts.iter().map(mount).collect()),
            cap_drop: list(&plan.cap_drop),
            cap_add: list(&plan.cap_add),
            security_opt: list(&plan.security_options),
            log_config: unless_empty(&plan.log_driver).map(log),
            memory: (plan.memory_limit_bytes > 0).then(|| i64::try_from(plan.memory_limit_bytes).unwrap_or(i64::MAX)),
            readonly_rootfs: plan.read_only.then_some(true),
            init: plan.init.then_some(true),
            ..HostConfig::default()
        }),
        ..ContainerCreateBody::default()
    }
}

pub(super) fn restart_policy(policy: &RestartPolicy) -> Policy {
    let name = match policy.name.as_str() {
        "always" => RestartPolicyNameEnum::ALWAYS,
        "unless-stopped" => RestartPolicyNameEnum::UNLESS_STOPPED,
        "on-failure" => RestartPolicyNameEnum::ON_FAILURE,
        _ => RestartPolicyNameEnum::NO,
    };
    let retries = i64::try_from(policy.maximum_retries).unwrap_or(i64::MAX);
    let counts = name == RestartPolicyNameEnum::ON_FAILURE;
    Policy { name: Some(name), maximum_retry_count: counts.then_some(retries) }
}

fn mount(plan: &MountPlan) -> MountBody {
    let is_volume = plan.kind == MountKind::Volume;
    MountBody {
        typ: Some(if is_volume { MountType::VOLUME } else { MountType::BIND }),
        source: Some(plan.source.clone()),
        target: Some(plan.target.clone()),
        read_only: Some(plan.read_only),
        volume_options: is_volume.then(|| MountVolumeOptions {
            no_copy: Some(true),
            labels: Some(plan.labels.clone().into_iter().collect()),
            ..MountVolumeOptions::default()
        }),
        ..MountBody::default()
    }
}

fn health_config(check: &HealthCheck) -> HealthConfig {
    let time = |time: Option<Duration>| time.map(|time| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX));
    HealthConfig {
        test: Some(check.test.clone()),
        interval: time(check.interval),
        timeout: time(check.timeout),
        start_period: time(check.start_period),
        start_interval: time(check.start_interval),
        retries: check.retries.map(|retries| i64::try_from(retries).unwrap_or(i64::MAX)),
    }
}
