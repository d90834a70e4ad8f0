// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A screen that is too small for anything but one line.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::frame::tally;
use super::text::wrap;
use crate::health::verdict::Standing;
use crate::tui::look::Role;
use crate::tui::model::Model;

pub(super) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width == 0 || area.height == 0 {
        return;
    }
    let ok = tally(model)
        .iter()
        .filter(|(state, _)| state.standing() == Standing::Good)
        .map(|(_, count)| count)
        .sum::<usize>();
    let bad: Vec<&str> = model
        .services()
        .filter(|one| one.verdict.standing() == Standing::Bad)
        .map(|one| one.key.service.as_str())
        .collect();
    let lost = model.engines.keys().filter(|name| model.lost_since(name).is_some()).count();
    let mut text = format!("{ok} ok");
    if !bad.is_empty() {
        text = format!("{text} {} bad ({})", bad.len(), bad.join(" "));
    }
    if lost > 0 {
        text = format!("engine lost; {text}");
    }
    let role = if bad.is_empty() && lost == 0 { Role::Text } else { Role::Bad };
    let mut lines: Vec<Line<'_>> = wrap(&text, usize::from(area.width))
        .into_iter()
        .map(|line| Line::styled(line, model.start.look.style(role)))
        .collect();
    if area.height > 2 && model.popup.is_some() {
        lines.truncate(usize::from(area.height) - 2);
        lines.push(Line::raw("a question waits: esc leaves it"));
    } else if area.height > 2 {
        lines.truncate(usize::from(area.height) - 1);
        lines.push(Line::raw("needs 30x8"));
    }
    frame.render_widget(Paragraph::new(lines), Rect { height: area.height, ..area });
}
