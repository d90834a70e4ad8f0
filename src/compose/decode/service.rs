// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The keys of a service and of its sections.

use super::Kind::{
    Any, Bytes, Count, Decimal, Duration, Embedded, FileMode, Flag, HealthTest, Hosts, List, Names, NonZeroDuration,
    NullableTextMap, Number, OptionalFlag, OptionalNumber, Record, SshKeys, Text, TextMap, Texts, TextsMap, Ulimit,
    Words,
};
use super::{Field, field};

pub(super) const SERVICE: &[Field] = &[
    field("annotations", TextMap),
    field("attach", OptionalFlag),
    field("blkio_config", Record(BLKIO)),
    field("build", Record(BUILD)),
    field("cap_add", Texts),
    field("cap_drop", Texts),
    field("cgroup", Text),
    field("cgroup_parent", Text),
    field("command", Words),
    field("configs", List(&Record(FILE_USE))),
    field("container_name", Text),
    field("cpu_count", Number),
    field("cpu_percent", Decimal),
    field("cpu_period", Number),
    field("cpu_quota", Number),
    field("cpu_rt_period", Number),
    field("cpu_rt_runtime", Number),
    field("cpu_shares", Number),
    field("cpus", Decimal),
    field("cpuset", Text),
    field("credential_spec", Record(CREDENTIAL_SPEC)),
    field("depends_on", Names(&Record(DEPENDENCY))),
    field("deploy", Record(DEPLOY)),
    field("develop", Record(DEVELOP)),
    field("device_cgroup_rules", Texts),
    field("devices", List(&Record(DEVICE))),
    field("dns", Texts),
    field("dns_opt", Texts),
    field("dns_search", Texts),
    field("domainname", Text),
    field("entrypoint", Words),
    field("env_file", List(&Record(ENV_FILE))),
    field("environment", NullableTextMap),
    field("expose", Texts),
    field("extends", Any),
    field("external_links", Texts),
    field("extra_hosts", Hosts),
    field("gpus", List(&Record(DEVICE_REQUEST))),
    field("group_add", Texts),
    field("healthcheck", Record(HEALTHCHECK)),
    field("hostname", Text),
    field("image", Text),
    field("init", OptionalFlag),
    field("ipc", Text),
    field("isolation", Text),
    field("label_file", Texts),
    field("labels", TextMap),
    field("links", Texts),
    field("logging", Record(LOGGING)),
    field("mac_address", Text),
    field("mem_limit", Bytes),
    field("mem_reservation", Bytes),
    field("mem_swappiness", Bytes),
    field("memswap_limit", Bytes),
    field("models", Names(&Record(MODEL_USE))),
    field("network_mode", Text),
    field("networks", Names(&Record(NETWORK_USE))),
    field("oom_kill_disable", Flag),
    field("oom_score_adj", Number),
    field("pid", Text),
    field("pids_limit", Number),
    field("platform", Text),
    field("ports", List(&Record(PORT))),
    field("post_start", List(&Record(HOOK))),
    field("pre_stop", List(&Record(HOOK))),
    field("privileged", Flag),
    field("profiles", Texts),
    field("provider", Record(PROVIDER)),
    field("pull_policy", Text),
    field("read_only", Flag),
    field("restart", Text),
    field("runtime", Text),
    field("scale", OptionalNumber),
    field("secrets", List(&Record(FILE_USE))),
    field("security_opt", Texts),
    field("shm_size", Bytes),
    field("stdin_open", Flag),
    field("stop_grace_period", Duration),
    field("stop_signal", Text),
    field("storage_opt", TextMap),
    field("sysctls", TextMap),
    field("tmpfs", Texts),
    field("tty", Flag),
    field("ulimits", Names(&Ulimit)),
    field("use_api_socket", Flag),
    field("user", Text),
    field("userns_mode", Text),
    field("uts", Text),
    field("volumes", List(&Record(MOUNT))),
    field("volumes_from", Texts),
    field("working_dir", Text),
];

const BLKIO: &[Field] = &[
    field("weight", Number),
    field("weight_device", List(&Record(BLKIO_WEIGHT))),
    field("device_read_bps", List(&Record(BLKIO_RATE))),
    field("device_read_iops", List(&Record(BLKIO_RATE))),
    field("device_write_bps", List(&Record(BLKIO_RATE))),
    field("device_write_iops", List(&Record(BLKIO_RATE))),
];
/// Compose prints these with the names of its own types.
const BLKIO_WEIGHT: &[Field] =
    &[Field { key: "path", out: "Path", kind: Text }, Field { key: "weight", out: "Weight", kind: OptionalNumber }];
const BLKIO_RATE: &[Field] =
    &[Field { key: "path", out: "Path", kind: Text }, Field { key: "rate", out: "Rate", kind: Bytes }];

const BUILD: &[Field] = &[
    field("additional_contexts", TextMap),
    field("args", NullableTextMap),
    field("cache_from", Texts),
    field("cache_to", Texts),
    field("context", Text),
    field("dockerfile", Text),
    field("dockerfile_inline", Text),
    field("entitlements", Texts),
    field("extra_hosts", Hosts),
    field("isolation", Text),
    field("labels", TextMap),
    field("network", Text),
    field("no_cache", Flag),
    field("platforms", Texts),
    field("privileged", Flag),
    field("provenance", Text),
    field("pull", Flag),
    field("sbom", Text),
    field("secrets", List(&Record(FILE_USE))),
    field("shm_size", Bytes),
    field("ssh", SshKeys),
    field("tags", Texts),
    field("target", Text),
    field("ulimits", Names(&Ulimit)),
];

const FILE_USE: &[Field] =
    &[field("source", Text), field("target", Text), field("uid", Text), field("gid", Text), field("mode", FileMode)];
const CREDENTIAL_SPEC: &[Field] = &[field("config", Text), field("file", Text), field("registry", Text)];
const DEPENDENCY: &[Field] = &[field("condition", Text), field("restart", Flag), field("required", OptionalFlag)];
const DEVICE: &[Field] = &[field("source", Text), field("target", Text), field("permissions", Text)];
const ENV_FILE: &[Field] = &[field("path", Text), field("required", OptionalFlag), field("format", Text)];
const DEVICE_REQUEST: &[Field] = &[
    field("capabilities", Texts),
    field("count", Number),
    field("device_ids", Texts),
    field("driver", Text),
    field("options", TextMap),
];

const DEPLOY: &[Field] = &[
    field("endpoint_mode", Text),
    field("labels", TextMap),
    field("mode", Text),
    field("placement", Embedded(PLACEMENT)),
    field("replicas", OptionalNumber),
    field("resources", Embedded(RESOURCES)),
    field("restart_policy", Record(RESTART_POLICY)),
    field("rollback_config", Record(UPDATE)),
    field("update_config", Record(UPDATE)),
];
const PLACEMENT: &[Field] = &[
    field("constraints", Texts),
    field("max_replicas_per_node", Number),
    field("preferences", List(&Record(&[field("spread", Text)]))),
];
const RESOURCES: &[Field] = &[field("limits", Record(RESOURCE)), field("reservations", Record(RESOURCE))];
const RESOURCE: &[Field] = &[
    field("cpus", Decimal),
    field("devices", List(&Record(DEVICE_REQUEST))),
    field("generic_resources", List(&Record(&[field("discrete_resource_spec", Record(DISCRETE))]))),
    field("memory", Bytes),
    field("pids", Number),
];
const DISCRETE: &[Field] = &[field("kind", Text), field("value", OptionalNumber)];
const RESTART_POLICY: &[Field] =
    &[field("condition", Text), field("delay", Duration), field("max_attempts", Count), field("window", Duration)];
const UPDATE: &[Field] = &[
    field("delay", NonZeroDuration),
    field("failure_action", Text),
    field("max_failure_ratio", Decimal),
    field("monitor", NonZeroDuration),
    field("order", Text),
    field("parallelism", Count),
];

const DEVELOP: &[Field] = &[field("watch", List(&Record(WATCH)))];
const WATCH: &[Field] = &[
    field("action", Text),
    field("exec", Embedded(HOOK)),
    field("ignore", Texts),
    field("include", Texts),
    field("initial_sync", Flag),
    field("path", Text),
    field("target", Text),
];
const HOOK: &[Field] = &[
    field("command", Words),
    field("environment", NullableTextMap),
    field("privileged", Flag),
    field("user", Text),
    field("working_dir", Text),
];

const HEALTHCHECK: &[Field] = &[
    field("disable", Flag),
    field("interval", Duration),
    field("retries", Count),
    field("start_interval", Duration),
    field("start_period", Duration),
    field("test", HealthTest),
    field("timeout", Duration),
];
const LOGGING: &[Field] = &[field("driver", Text), field("options", TextMap)];
const MODEL_USE: &[Field] = &[field("endpoint_var", Text), field("model_var", Text)];
const NETWORK_USE: &[Field] = &[
    field("aliases", Texts),
    field("driver_opts", TextMap),
    field("gw_priority", Number),
    field("interface_name", Text),
    field("ipv4_address", Text),
    field("ipv6_address", Text),
    field("link_local_ips", Texts),
    field("mac_address", Text),
    field("priority", Number),
];
const PORT: &[Field] = &[
    field("app_protocol", Text),
    field("host_ip", Text),
    field("mode", Text),
    field("name", Text),
    field("protocol", Text),
    field("published", Text),
    field("target", Number),
];
const PROVIDER: &[Field] = &[field("options", TextsMap), field("type", Text)];

const MOUNT: &[Field] = &[
    field("bind", Record(BIND)),
    field("consistency", Text),
    field("image", Record(&[field("subpath", Text)])),
    field("read_only", Flag),
    field("source", Text),
    field("target", Text),
    field("tmpfs", Record(&[field("mode", Number), field("size", Bytes)])),
    field("type", Text),
    field("volume", Record(VOLUME_OPTIONS)),
];
const BIND: &[Field] =
    &[field("create_host_path", Flag), field("propagation", Text), field("recursive", Text), field("selinux", Text)];
const VOLUME_OPTIONS: &[Field] = &[field("labels", TextMap), field("nocopy", Flag), field("subpath", Text)];
