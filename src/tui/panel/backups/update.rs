// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use crate::app::dashboard::SetsRead;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;

/// Carries a command out.
pub fn update(_model: &mut Model, _command: Command) -> Vec<Effect> {
    Vec::new()
}

/// The tab is shown.
pub fn enter(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// Takes what was read.
pub fn take(_model: &mut Model, _sets: SetsRead) -> Vec<Effect> {
    Vec::new()
}

impl super::Backups {
    /// The chosen set.
    #[must_use]
    pub fn chosen(&self) -> Option<String> {
        None
    }
}
