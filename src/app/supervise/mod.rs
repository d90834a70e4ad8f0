// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl supervise`: a watch with a policy that may act, and sinks that tell.

mod report;

pub use report::{EngineView, Fact, Picture, Report, ServiceView, Stage};
