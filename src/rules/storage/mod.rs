// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a service mounts.

mod docker_socket_mount;
mod socket_path;
mod volume_anonymous;

use super::Rule;

/// The rules of this theme.
pub(super) static RULES: &[Rule] = &[docker_socket_mount::RULE, volume_anonymous::RULE];
