// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The restore points of a store, for a screen.

use super::serve::Hands;

/// What was read of a store.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SetsRead {}

pub(super) fn read(_hands: Hands<'_>) {}
