// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What happened on the screen: a line each, and below them the chosen one as a whole.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::app::dashboard::{Happened, What};
use crate::health::verdict::Standing;
use crate::tui::Model;
use crate::tui::look::Role;
use crate::tui::view::text::{age, cut, wrap};

/// Rows for the chosen one.
const BELOW: u16 = 5;

/// Draws it.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let look = model.start.look;
    let width = usize::from(area.width);
    let below = if area.height > 3 * BELOW { BELOW } else { 0 };
    let room = usize::from(area.height.saturating_sub(below));
    let mut lines = Vec::new();
    if model.events.past.is_empty() {
        let text = "  nothing has changed since the dashboard began; what the engine remembers: `stackctl health`";
        lines.extend(wrap(text, width).into_iter().map(|line| Line::styled(line, look.style(Role::Dim))));
    }
    let chosen = model.events.chosen;
    let above = (chosen + 1).saturating_sub(room);
    for (index, happened) in model.events.past.iter().enumerate().skip(above).take(room) {
        let mark = if index == chosen { ">" } else { " " };
        let line =
            Line::styled(cut(&format!("{mark}{}", words(model, happened)), width), look.standing(standing(happened)));
        lines.push(if index == chosen { line.patch_style(look.style(Role::Chosen)) } else { line });
    }
    frame.render_widget(Paragraph::new(lines), Rect { height: area.height - below, ..area });
    let Some(happened) = model.events.past.get(chosen).filter(|_| below > 0) else { return };
    let mut whole = vec![Line::styled(look.either("─", "-").repeat(width), look.style(Role::Dim))];
    let mut text = words(model, happened);
    if let Some(hint) = hint(happened) {
        text = format!("{text}; what to do: {hint}");
    }
    whole.extend(wrap(&text, width).into_iter().map(Line::raw));
    frame.render_widget(Paragraph::new(whole), Rect { y: area.y + area.height - below, height: below, ..area });
}

/// The newest, as lines.
#[must_use]
pub fn newest(model: &Model, count: usize, width: usize) -> Vec<Line<'static>> {
    let look = model.start.look;
    let line = |happened: &Happened| {
        Line::styled(cut(&format!(" {}", words(model, happened)), width), look.standing(standing(happened)))
    };
    model.events.past.iter().take(count).map(line).collect()
}

fn standing(happened: &Happened) -> Standing {
    match &happened.what {
        What::Changed { verdict, .. } => verdict.standing(),
        What::Lost { .. } => Standing::Bad,
        What::Back { .. } => Standing::Good,
    }
}

fn hint(happened: &Happened) -> Option<String> {
    match &happened.what {
        What::Changed { why, .. } => why.as_ref()?.hint.clone(),
        What::Lost { hint, .. } => hint.clone(),
        What::Back { .. } => None,
    }
}

/// One line: when, who, from what to what, why, and how it came to be known.
pub(super) fn words(model: &Model, happened: &Happened) -> String {
    let look = model.start.look;
    let at = happened.at.format("%H:%M:%S");
    match &happened.what {
        What::Changed { key, from, verdict, why, cause, source } => {
            let from = from.map(|from| format!("{} {} ", from.word(), look.either("→", "->"))).unwrap_or_default();
            let sign = look.sign(verdict.glyph());
            let why = why.as_ref().map(|why| format!(": {}", why.sentence)).unwrap_or_default();
            let (cause, source) = (cause.word(), source.word());
            format!("{at} {sign} {key} {from}{}{why} ({cause}, {source})", verdict.word())
        }
        What::Lost { reason, .. } => {
            format!("{at} {} engine `{}` lost: {reason}", look.either("✘", "x"), happened.context)
        }
        What::Back { outage } => {
            let sign = look.either("●", "+");
            format!("{at} {sign} engine `{}` is back after {}", happened.context, age(*outage))
        }
    }
}
