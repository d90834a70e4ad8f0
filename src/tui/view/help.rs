// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What every key does, made from the table that the keys are made from.

use ratatui::Frame;
use ratatui::text::Line;

use super::popup::boxed;
use super::text::cut;
use crate::health::verdict::State;
use crate::tui::command::{Place, TABLE};
use crate::tui::look::Role;
use crate::tui::model::Model;

/// All lines of the help.
#[must_use]
pub(super) fn lines(model: &Model, width: usize) -> Vec<Line<'static>> {
    let look = model.start.look;
    let mut lines = Vec::new();
    for (place, title) in
        [(Place::Everywhere, "Everywhere"), (Place::Services, "Stack, health, graph"), (Place::Logs, "Logs")]
    {
        lines.push(Line::styled(title, look.style(Role::Title)));
        for row in TABLE.iter().filter(|row| row.place == place) {
            let keys = model.start.keymap.keys(row.command).join(" ");
            lines.push(Line::raw(cut(&format!("  {keys:14} {}", row.help), width)));
        }
    }
    lines.push(Line::styled("Signs", look.style(Role::Title)));
    for state in State::ALL {
        let text = format!("  {} {:12} {}", look.sign(state.glyph()), state.word(), meaning(state));
        lines.push(Line::styled(cut(&text, width), look.standing(state.standing())));
    }
    lines
}

const fn meaning(state: State) -> &'static str {
    match state {
        State::Loop => "dies and is started again",
        State::Crashed => "down, and nobody asked",
        State::Unhealthy => "fails its check",
        State::Missing => "should have a container and has none",
        State::Degraded => "runs and is not what it should be",
        State::Unknown => "cannot be known",
        State::Starting => "on its way",
        State::Paused => "frozen",
        State::Orphan => "has a container and is not in the file",
        State::Stopped => "down, perhaps or surely on request",
        State::Absent => "in the file, and not to run now",
        State::NoCheck => "runs unchecked",
        State::Ok => "as it should be",
    }
}

pub(super) fn draw(model: &Model, above: usize, frame: &mut Frame<'_>) {
    let area = frame.area();
    let all = lines(model, usize::from(area.width).saturating_sub(4));
    let room = usize::from(area.height).saturating_sub(3);
    let above = above.min(all.len().saturating_sub(room));
    let more = all.len().saturating_sub(above + room);
    let mut shown: Vec<Line<'static>> = all.into_iter().skip(above).take(room).collect();
    let foot = if more > 0 {
        format!("{more} more below: down; any other key closes")
    } else {
        "any other key closes".to_owned()
    };
    shown.push(Line::styled(foot, model.start.look.style(Role::Dim)));
    boxed(frame, model.start.look, "Keys", shown);
}
