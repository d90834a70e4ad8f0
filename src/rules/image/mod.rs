// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a service runs: pinned, or free to change under the same name.

mod image_digest_missing;
mod image_tag_missing;
mod image_tag_mutable;
mod judged;
mod reference;

use super::Rule;

/// The rules of this theme.
pub(super) static RULES: &[Rule] = &[image_digest_missing::RULE, image_tag_missing::RULE, image_tag_mutable::RULE];
