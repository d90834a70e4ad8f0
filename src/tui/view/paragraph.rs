// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A text in as many lines as it needs, all dressed alike.

use ratatui::style::Style;
use ratatui::text::Line;

use super::text::wrap;

/// The text in lines of so many columns, each after so many blanks.
#[must_use]
pub fn paragraph(text: &str, indent: usize, width: usize, style: Style) -> Vec<Line<'static>> {
    let blanks = " ".repeat(indent.min(width));
    let lines = wrap(text, width.saturating_sub(indent));
    lines.into_iter().map(|line| Line::styled(format!("{blanks}{line}"), style)).collect()
}
