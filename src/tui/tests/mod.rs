// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The dashboard without a terminal: keys in, screens and effects out.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed set-up fails the test")]

mod actions;
mod sample;
mod screens;
mod session;
mod styles;
