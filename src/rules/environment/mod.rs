// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the container receives in its environment: values as meant, and no secrets from the file.

mod env_value_mangled;
mod secret_in_environment;
mod secret_shape;
mod secret_value;

use super::Rule;

/// The rules of this theme.
pub(super) static RULES: &[Rule] = &[env_value_mangled::RULE, secret_in_environment::RULE];
