// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What `validate` says.

mod update;
mod view;

pub use update::*;
pub use view::draw;

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Findings {}
