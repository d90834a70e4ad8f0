// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The checks: a project and collected facts in, findings out. Pure and synchronous.
//!
//! One rule, one file, in the folder of its theme. [`registry`] lists them all; [`judge`] runs the selected ones, applies
//! levels and suppressions, and tells one fault as one finding.

mod allow;
mod bind;
mod environment;
mod file;
#[cfg(test)]
mod fixture_tests;
mod group;
mod health;
mod image;
mod judge;
mod known;
mod levels;
mod logging;
mod meta;
mod network;
mod registry;
mod storage;
mod sub_token;
mod subject;
mod suppress;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests may fail loudly")]
pub(crate) mod testing;
mod user;

pub use judge::{Judgement, NotChecked, judge, judge_unparsed};
pub use levels::Settings;
pub use meta::{Context, Facts, FixSafety, Need, Persona, Rule, RuleMeta};
pub use registry::{find, registry, suggest};
pub use suppress::Suppressed;
