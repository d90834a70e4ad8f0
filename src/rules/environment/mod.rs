// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! environment.

use super::Rule;

/// The rules of this theme.
pub(super) static RULES: &[Rule] = &[];
