// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What becomes of a service's output.

mod log_rotation_missing;

use super::Rule;

/// The rules of this theme.
pub(super) static RULES: &[Rule] = &[log_rotation_missing::RULE];
