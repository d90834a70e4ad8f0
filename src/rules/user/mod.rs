// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! user.

use super::Rule;

/// The rules of this theme.
pub(super) static RULES: &[Rule] = &[];
