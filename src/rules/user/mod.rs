// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! As whom a service runs, and with how much power over the host.

mod known_user;
mod privileged;
mod runs_as_root;

use super::Rule;

/// The rules of this theme.
pub(super) static RULES: &[Rule] = &[privileged::RULE, runs_as_root::RULE];
