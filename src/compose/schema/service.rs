// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `services.<name>`.

use super::build::BUILD;
use super::common::{
    BOOL, BOOL_OR_TEXT, COMMAND, DURATION, EXTRA_HOSTS, FREE_MAPPING, GRANTS, KEY_VALUES, NUMBER_OR_TEXT,
    NUMBER_OR_TEXT_SET, TEXT, TEXT_OR_TEXT_SET, TEXT_SET, ULIMITS, WHOLE_OR_TEXT,
};
use super::deploy::{DEPLOY, GPUS};
use super::healthcheck::HEALTHCHECK;
use super::kinds::{Kind, Names, Object, Others, types};
use super::lifecycle::{DEVELOP, HOOKS, PROVIDER};
use super::networks::{ATTACHMENTS, PORTS};
use super::storage::{BLKIO, DEVICES, MOUNTS};
use super::text::Text;

pub(super) static SERVICE: Kind = Kind::mapping(&Object::extensible(&[
    ("annotations", &KEY_VALUES),
    ("attach", &BOOL_OR_TEXT),
    ("blkio_config", &BLKIO),
    ("build", &BUILD),
    ("cap_add", &TEXT_SET),
    ("cap_drop", &TEXT_SET),
    ("cgroup", &CGROUP),
    ("cgroup_parent", &TEXT),
    ("command", &COMMAND),
    ("configs", &GRANTS),
    ("container_name", &CONTAINER_NAME),
    ("cpu_count", &CPU_COUNT),
    ("cpu_percent", &CPU_PERCENT),
    ("cpu_period", &NUMBER_OR_TEXT),
    ("cpu_quota", &NUMBER_OR_TEXT),
    ("cpu_rt_period", &NUMBER_OR_TEXT),
    ("cpu_rt_runtime", &NUMBER_OR_TEXT),
    ("cpu_shares", &NUMBER_OR_TEXT),
    ("cpus", &NUMBER_OR_TEXT),
    ("cpuset", &TEXT),
    ("credential_spec", &CREDENTIAL_SPEC),
    ("depends_on", &DEPENDS_ON),
    ("deploy", &DEPLOY),
    ("develop", &DEVELOP),
    ("device_cgroup_rules", &TEXT_SET),
    ("devices", &DEVICES),
    ("dns", &TEXT_OR_TEXT_SET),
    ("dns_opt", &TEXT_SET),
    ("dns_search", &TEXT_OR_TEXT_SET),
    ("domainname", &TEXT),
    ("entrypoint", &COMMAND),
    ("env_file", &ENV_FILE),
    ("environment", &KEY_VALUES),
    ("expose", &NUMBER_OR_TEXT_SET),
    ("extends", &EXTENDS),
    ("external_links", &TEXT_SET),
    ("extra_hosts", &EXTRA_HOSTS),
    ("gpus", &GPUS),
    ("group_add", &NUMBER_OR_TEXT_SET),
    ("healthcheck", &HEALTHCHECK),
    ("hostname", &TEXT),
    ("image", &TEXT),
    ("init", &BOOL_OR_TEXT),
    ("ipc", &TEXT),
    ("isolation", &TEXT),
    ("label_file", &LABEL_FILE),
    ("labels", &KEY_VALUES),
    ("links", &TEXT_SET),
    ("logging", &LOGGING),
    ("mac_address", &TEXT),
    ("mem_limit", &NUMBER_OR_TEXT),
    ("mem_reservation", &WHOLE_OR_TEXT),
    ("mem_swappiness", &WHOLE_OR_TEXT),
    ("memswap_limit", &NUMBER_OR_TEXT),
    ("models", &MODELS),
    ("network_mode", &TEXT),
    ("networks", &ATTACHMENTS),
    ("oom_kill_disable", &BOOL_OR_TEXT),
    ("oom_score_adj", &OOM_SCORE),
    ("pid", &PID),
    ("pids_limit", &NUMBER_OR_TEXT),
    ("platform", &TEXT),
    ("ports", &PORTS),
    ("post_start", &HOOKS),
    ("pre_stop", &HOOKS),
    ("privileged", &BOOL_OR_TEXT),
    ("profiles", &TEXT_SET),
    ("provider", &PROVIDER),
    ("pull_policy", &PULL_POLICY),
    ("pull_refresh_after", &TEXT),
    ("read_only", &BOOL_OR_TEXT),
    ("restart", &TEXT),
    ("runtime", &TEXT),
    ("scale", &WHOLE_OR_TEXT),
    ("secrets", &GRANTS),
    ("security_opt", &TEXT_SET),
    ("shm_size", &NUMBER_OR_TEXT),
    ("stdin_open", &BOOL_OR_TEXT),
    ("stop_grace_period", &DURATION),
    ("stop_signal", &TEXT),
    ("storage_opt", &FREE_MAPPING),
    ("sysctls", &KEY_VALUES),
    ("tmpfs", &TEXT_OR_TEXT_SET),
    ("tty", &BOOL_OR_TEXT),
    ("ulimits", &ULIMITS),
    ("use_api_socket", &BOOL),
    ("user", &TEXT),
    ("userns_mode", &TEXT),
    ("uts", &TEXT),
    ("volumes", &MOUNTS),
    ("volumes_from", &TEXT_SET),
    ("working_dir", &TEXT),
]));

static CGROUP: Kind = Kind::of(types::TEXT).text(Text::Words(&["host", "private"]));
static CONTAINER_NAME: Kind = Kind::of(types::TEXT).text(Text::ContainerName);
static CPU_COUNT: Kind = Kind::of(types::WHOLE | types::TEXT).within(0, i64::MAX);
static CPU_PERCENT: Kind = Kind::of(types::WHOLE | types::TEXT).within(0, 100);
static OOM_SCORE: Kind = Kind::of(types::WHOLE | types::TEXT).within(-1000, 1000);
static PID: Kind = Kind::of(types::NULL | types::TEXT);
static PULL_POLICY: Kind = Kind::of(types::TEXT).text(Text::PullPolicy);

static CREDENTIAL_SPEC: Kind =
    Kind::mapping(&Object::extensible(&[("config", &TEXT), ("file", &TEXT), ("registry", &TEXT)]));

static DEPENDS_ON: Kind = Kind::mapping(&Object::of(Others::Named(Names::Resource, &DEPENDENCY))).or_set(&TEXT);
static DEPENDENCY: Kind = Kind::mapping(
    &Object::extensible(&[("condition", &CONDITION), ("required", &BOOL), ("restart", &BOOL_OR_TEXT)])
        .requires(&["condition"]),
);
static CONDITION: Kind =
    Kind::of(types::TEXT).text(Text::Words(&["service_started", "service_healthy", "service_completed_successfully"]));

static ENV_FILE: Kind = Kind::of(types::TEXT).or_list(&ENV_FILE_ITEM);
static ENV_FILE_ITEM: Kind = Kind::of(types::TEXT).or_mapping(
    &Object::closed(&[("format", &TEXT), ("path", &TEXT), ("required", &BOOL_OR_TEXT)]).requires(&["path"]),
);
static LABEL_FILE: Kind = Kind::of(types::TEXT).or_list(&TEXT);

static EXTENDS: Kind =
    Kind::of(types::TEXT).or_mapping(&Object::closed(&[("file", &TEXT), ("service", &TEXT)]).requires(&["service"]));

static LOGGING: Kind = Kind::mapping(&Object::extensible(&[("driver", &TEXT), ("options", &LOG_OPTIONS)]));
static LOG_OPTIONS: Kind = Kind::mapping(&Object::of(Others::NamedOrIgnored(Names::NotEmpty, &LOG_OPTION)));
static LOG_OPTION: Kind = Kind::of(types::NULL | types::NUMBER | types::TEXT);

/// Compose 2.40 does not look at names of models with other characters.
static MODELS: Kind = Kind::mapping(&Object::of(Others::NamedOrIgnored(Names::Resource, &MODEL_USE))).or_set(&TEXT);
/// Null stands for a model of a list that merging has turned into a mapping.
static MODEL_USE: Kind =
    Kind::of(types::NULL).or_mapping(&Object::extensible(&[("endpoint_var", &TEXT), ("model_var", &TEXT)]));
