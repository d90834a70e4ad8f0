// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why the chosen service is as it is, and what happened last.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::text::{cut, wrap};
use crate::tui::look::Role;
use crate::tui::model::Model;
use crate::tui::panel::events;

/// Draws a rule, the reason, the next step, and below them the news.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let look = model.start.look;
    let width = usize::from(area.width);
    let rule = look.either("─", "-").repeat(width);
    let mut lines = vec![Line::styled(rule, look.style(Role::Dim))];
    lines.extend(reason(model, width));
    lines.truncate(usize::from(area.height));
    let left = usize::from(area.height).saturating_sub(lines.len());
    lines.extend(events::newest(model, left, width));
    frame.render_widget(Paragraph::new(lines), area);
}

/// The chosen service in words, with its evidence and the next step.
#[must_use]
pub fn reason(model: &Model, width: usize) -> Vec<Line<'static>> {
    let look = model.start.look;
    let Some(service) = model.chosen() else { return Vec::new() };
    let verdict = &service.verdict;
    let sentence = service.why.as_ref().map_or_else(String::new, |why| format!(": {}", why.sentence));
    let head = format!(" {} {} {}{sentence}", look.sign(verdict.glyph()), service.key, verdict.word());
    let mut lines: Vec<Line<'static>> = wrap(&head, width)
        .into_iter()
        .take(3)
        .map(|line| Line::styled(line, look.standing(verdict.standing())))
        .collect();
    if let Some(hint) = service.why.as_ref().and_then(|why| why.hint.clone()) {
        for line in wrap(&format!("what to do: {hint}"), width.saturating_sub(3)).into_iter().take(3) {
            lines.push(Line::from(vec![Span::raw("   "), Span::styled(line, look.style(Role::Hint))]));
        }
    }
    let needs: Vec<&str> = service.needs.iter().map(|need| need.service.as_str()).collect();
    if !needs.is_empty() {
        lines.push(Line::styled(cut(&format!("   needs {}", needs.join(", ")), width), look.style(Role::Dim)));
    }
    lines
}
