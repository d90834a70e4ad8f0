// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What services write, several together.

mod update;
mod view;

pub use update::*;
pub use view::draw;

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Logs {}
