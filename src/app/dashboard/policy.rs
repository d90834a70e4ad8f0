// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What supervisors may do and do, for a screen.

use super::serve::Hands;

/// What was found out of policies and supervisors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PolicyRead {}

pub(super) async fn read(_hands: Hands<'_>) {}
