// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The one integration binary.

mod planted;
