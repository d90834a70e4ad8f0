// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;

use crate::app::dashboard::Detail;

/// Carries a command out.
pub fn update(_model: &mut Model, _command: Command) -> Vec<Effect> {
    Vec::new()
}

/// The tab is shown.
pub fn enter(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// Takes what an inspection told.
pub fn detail(_model: &mut Model, _detail: Detail) -> Vec<Effect> {
    Vec::new()
}
