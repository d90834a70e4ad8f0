// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The checks: a project and collected facts in, findings out. Pure and synchronous.

#[allow(dead_code, reason = "the registry takes the rules up")]
mod environment;
#[allow(dead_code, reason = "the registry takes the rules up")]
mod image;
#[allow(dead_code, reason = "the registry takes the rules up")]
mod logging;
mod meta;
#[allow(dead_code, reason = "the registry takes the rules up")]
mod network;
#[allow(dead_code, reason = "the registry takes the rules up")]
mod storage;
mod sub_token;
#[cfg(test)]
#[expect(clippy::expect_used, clippy::panic, reason = "a test that cannot read its input must stop")]
mod testing2;
#[allow(dead_code, reason = "the registry takes the rules up")]
mod user;

pub use meta::{Context, Facts, FixSafety, Need, Persona, Rule, RuleMeta};
