// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One service: its check, its last probes, what it did, why it is as it is.

mod update;
mod view;

pub use update::*;
pub use view::draw;

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Health {}
