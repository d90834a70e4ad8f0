// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the compose files are found to lack, for a screen.

use super::serve::Hands;

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FindingsRead {}

pub(super) fn read(_hands: Hands<'_>) {}
