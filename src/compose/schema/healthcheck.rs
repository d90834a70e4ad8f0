// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `services.<name>.healthcheck`.

use super::common::{BOOL_OR_TEXT, DURATION, NUMBER_OR_TEXT, TEXT};
use super::kinds::{Kind, Object, types};

pub(super) static HEALTHCHECK: Kind = Kind::mapping(&Object::extensible(&[
    ("disable", &BOOL_OR_TEXT),
    ("interval", &DURATION),
    ("retries", &NUMBER_OR_TEXT),
    ("start_interval", &DURATION),
    ("start_period", &DURATION),
    ("test", &TEST),
    ("timeout", &DURATION),
]));

static TEST: Kind = Kind::of(types::TEXT).or_list(&TEXT);
