// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The checks: a project and collected facts in, findings out. Pure and synchronous.

mod meta;

pub use meta::{Context, Facts, FixSafety, Need, Persona, Rule, RuleMeta};

mod engine_stub;
pub use engine_stub::{Judgement, NotChecked, Settings, Suppressed, find, judge, judge_unparsed, registry};
