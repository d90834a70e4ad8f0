// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `services.<name>.deploy` and `gpus`.

use super::common::{DURATION, KEY_VALUES, NUMBER_OR_TEXT, TEXT, TEXT_LIST, TEXT_SET, WHOLE_OR_TEXT};
use super::kinds::{Field, Kind, Object, types};
use super::text::Text;

pub(super) static DEPLOY: Kind = Kind::of(types::NULL).or_mapping(&Object::extensible(&[
    ("endpoint_mode", &TEXT),
    ("labels", &KEY_VALUES),
    ("mode", &TEXT),
    ("placement", &PLACEMENT),
    ("replicas", &WHOLE_OR_TEXT),
    ("resources", &RESOURCES),
    ("restart_policy", &RESTART_POLICY),
    ("rollback_config", &ROLLOUT),
    ("update_config", &ROLLOUT),
]));

static ORDER: Kind = Kind::of(types::TEXT).text(Text::Words(&["start-first", "stop-first"]));

static ROLLOUT: Kind = Kind::mapping(&Object::extensible(&[
    ("delay", &DURATION),
    ("failure_action", &TEXT),
    ("max_failure_ratio", &NUMBER_OR_TEXT),
    ("monitor", &DURATION),
    ("order", &ORDER),
    ("parallelism", &WHOLE_OR_TEXT),
]));

static RESTART_POLICY: Kind = Kind::mapping(&Object::extensible(&[
    ("condition", &TEXT),
    ("delay", &DURATION),
    ("max_attempts", &WHOLE_OR_TEXT),
    ("window", &DURATION),
]));

static PLACEMENT: Kind = Kind::mapping(&Object::extensible(&[
    ("constraints", &TEXT_LIST),
    ("max_replicas_per_node", &WHOLE_OR_TEXT),
    ("preferences", &PREFERENCES),
]));

static PREFERENCES: Kind = Kind::list(&PREFERENCE);
static PREFERENCE: Kind = Kind::mapping(&Object::extensible(&[("spread", &TEXT)]));

static RESOURCES: Kind = Kind::mapping(&Object::extensible(&[("limits", &LIMITS), ("reservations", &RESERVATIONS)]));

static LIMITS: Kind =
    Kind::mapping(&Object::extensible(&[("cpus", &NUMBER_OR_TEXT), ("memory", &TEXT), ("pids", &WHOLE_OR_TEXT)]));

static RESERVATIONS: Kind = Kind::mapping(&Object::extensible(&[
    ("cpus", &NUMBER_OR_TEXT),
    ("devices", &DEVICES),
    ("generic_resources", &GENERIC_RESOURCES),
    ("memory", &TEXT),
]));

static GENERIC_RESOURCES: Kind = Kind::list(&GENERIC_RESOURCE);
static GENERIC_RESOURCE: Kind = Kind::mapping(&Object::extensible(&[("discrete_resource_spec", &DISCRETE_RESOURCE)]));
static DISCRETE_RESOURCE: Kind = Kind::mapping(&Object::extensible(&[("kind", &TEXT), ("value", &NUMBER_OR_TEXT)]));

const DEVICE_FIELDS: &[Field] = &[
    ("capabilities", &TEXT_SET),
    ("count", &WHOLE_OR_TEXT),
    ("device_ids", &TEXT_SET),
    ("driver", &TEXT),
    ("options", &KEY_VALUES),
];

static DEVICES: Kind = Kind::list(&DEVICE);
static DEVICE: Kind = Kind::mapping(&Object::extensible(DEVICE_FIELDS).requires(&["capabilities"]));

/// `gpus`. Compose 2.40 does not look at unknown keys of its items.
pub(super) static GPUS: Kind = Kind::of(types::TEXT).text(Text::Words(&["all"])).or_list(&GPU);
static GPU: Kind = Kind::mapping(&Object::open(DEVICE_FIELDS));
