// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What may be done by itself, and what is.

mod update;
mod view;

pub use update::*;
pub use view::draw;

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Supervisor {}
