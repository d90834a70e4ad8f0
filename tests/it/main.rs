// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The one integration binary.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a failed set-up fails the test")]

mod engine_contract;
mod engine_link;
