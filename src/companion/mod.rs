// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Files that stand beside the compose file, read with their places. Pure: text in, values out.

pub mod markdown;
pub mod verification;
