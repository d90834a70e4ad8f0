// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Rules of the theme `network`.

use super::Rule;

pub(super) static RULES: &[Rule] = &[];
