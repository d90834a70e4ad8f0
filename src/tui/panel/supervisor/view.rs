// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tab on the screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;

use super::lines::lines;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::view::list::window;

/// Draws it.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let all = lines(model, usize::from(area.width));
    let key = model.start.keymap.key(Command::Down);
    let room = usize::from(area.height);
    frame.render_widget(Paragraph::new(window(all, model.supervisor.above, room, &key, model.start.look)), area);
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
