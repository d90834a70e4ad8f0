// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;

use ratatui::text::Line;

use crate::app::dashboard::Happened;

/// Carries a command out.
pub fn update(_model: &mut Model, _command: Command) -> Vec<Effect> {
    Vec::new()
}

/// Takes what happened.
pub fn take(_model: &mut Model, _happened: Happened) {}

/// The newest, as lines.
#[must_use]
pub fn newest(_model: &Model, _count: usize, _width: usize) -> Vec<Line<'static>> {
    Vec::new()
}
