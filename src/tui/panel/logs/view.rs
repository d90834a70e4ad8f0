// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tab on the screen.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::Model;

/// Draws it.
pub fn draw(_model: &Model, _frame: &mut Frame<'_>, _area: Rect) {}
