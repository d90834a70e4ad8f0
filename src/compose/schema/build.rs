// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `services.<name>.build`.

use super::common::{BOOL_OR_TEXT, EXTRA_HOSTS, GRANTS, KEY_VALUES, TEXT, TEXT_LIST, ULIMITS, WHOLE_OR_TEXT};
use super::kinds::{Kind, Object, types};

pub(super) static BUILD: Kind = Kind::of(types::TEXT).or_mapping(&Object::extensible(&[
    ("additional_contexts", &KEY_VALUES),
    ("args", &KEY_VALUES),
    ("cache_from", &TEXT_LIST),
    ("cache_to", &TEXT_LIST),
    ("context", &TEXT),
    ("dockerfile", &TEXT),
    ("dockerfile_inline", &TEXT),
    ("entitlements", &TEXT_LIST),
    ("extra_hosts", &EXTRA_HOSTS),
    ("isolation", &TEXT),
    ("labels", &KEY_VALUES),
    ("network", &TEXT),
    ("no_cache", &BOOL_OR_TEXT),
    ("platforms", &TEXT_LIST),
    ("privileged", &BOOL_OR_TEXT),
    ("provenance", &BOOL_OR_TEXT),
    ("pull", &BOOL_OR_TEXT),
    ("sbom", &BOOL_OR_TEXT),
    ("secrets", &GRANTS),
    ("shm_size", &WHOLE_OR_TEXT),
    ("ssh", &KEY_VALUES),
    ("tags", &TEXT_LIST),
    ("target", &TEXT),
    ("ulimits", &ULIMITS),
]));
