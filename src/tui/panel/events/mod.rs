// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What happened, newest first.

mod update;
mod view;

use std::collections::VecDeque;

pub use update::{take, update};
pub use view::{draw, newest};

use crate::app::dashboard::Happened;

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Events {
    /// What happened, newest first.
    pub past: VecDeque<Happened>,
    /// The chosen one.
    pub chosen: usize,
    /// How many were forgotten, because there were too many.
    pub forgotten: usize,
}
