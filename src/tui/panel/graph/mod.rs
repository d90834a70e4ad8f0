// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Who needs whom.

mod tree;
mod update;
mod view;

pub use update::update;
pub use view::draw;

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// The chosen row.
    pub chosen: usize,
}
