// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tab on the screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::lines::chosen_lines;
use crate::tui::Model;
use crate::tui::look::Role;

/// Draws it.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let mut lines = chosen_lines(model, usize::from(area.width));
    let room = usize::from(area.height);
    let above = model.health.above.min(lines.len().saturating_sub(room));
    let below = lines.len().saturating_sub(above + room);
    lines.drain(..above);
    lines.truncate(room);
    if below > 0 && room > 1 {
        lines.truncate(room - 1);
        let text = format!("   {} more below", below + 1);
        lines.push(Line::styled(text, model.start.look.style(Role::Dim)));
    }
    frame.render_widget(Paragraph::new(lines), area);
}
