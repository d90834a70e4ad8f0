// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;

/// Carries a command out.
pub fn update(_model: &mut Model, _command: Command) -> Vec<Effect> {
    Vec::new()
}
