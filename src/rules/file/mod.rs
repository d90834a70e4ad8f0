// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Rules about the compose file itself: can it be read, does it hold together, are its allow comments in order.

mod allow_unused;
mod allow_without_reason;
mod reference_invalid;
mod schema_invalid;
mod unset_variable;
mod version_obsolete;
mod yaml_invalid;

pub(super) use allow_unused::META as ALLOW_UNUSED;
pub(super) use allow_without_reason::META as ALLOW_WITHOUT_REASON;

use super::{Context, Rule};
use crate::diag::Diagnostic;

pub(super) static RULES: &[Rule] = &[
    Rule { meta: &ALLOW_UNUSED, check: found_elsewhere },
    Rule { meta: &ALLOW_WITHOUT_REASON, check: found_elsewhere },
    Rule { meta: &reference_invalid::META, check: found_elsewhere },
    Rule { meta: &schema_invalid::META, check: found_elsewhere },
    Rule { meta: &unset_variable::META, check: unset_variable::check },
    Rule { meta: &version_obsolete::META, check: version_obsolete::check },
    Rule { meta: &yaml_invalid::META, check: found_elsewhere },
];

/// The check of rules whose faults the loader or the engine finds while it works.
pub(super) fn found_elsewhere(_context: &Context<'_>, _findings: &mut Vec<Diagnostic>) {}
