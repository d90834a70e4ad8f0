// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use super::lines::lines;
use crate::app::dashboard::{PolicyRead, Wish};
use crate::health::Timestamp;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::tab::Tab;
use crate::tui::view::content;
use crate::tui::view::list::farthest;

/// Carries a command out.
pub fn update(model: &mut Model, command: Command) -> Vec<Effect> {
    let area = content(model);
    let room = usize::from(area.height);
    let end = farthest(lines(model, usize::from(area.width)).len(), room);
    let above = model.supervisor.above.min(end);
    model.supervisor.above = match command {
        Command::Up => above.saturating_sub(1),
        Command::Down => (above + 1).min(end),
        Command::PageUp => above.saturating_sub(room),
        Command::PageDown => (above + room).min(end),
        Command::Top => 0,
        Command::Bottom => end,
        Command::Refresh => return enter(model),
        _ => above,
    };
    Vec::new()
}

/// The tab is shown.
pub fn enter(model: &mut Model) -> Vec<Effect> {
    vec![Effect::Ask(Wish::Policy(model.start.project.clone()))]
}

/// Takes it.
pub fn take(model: &mut Model, read: PolicyRead) -> Vec<Effect> {
    model.supervisor.read = Some(read);
    Vec::new()
}

/// Supervisors are kept away from a project until then, or not any more.
pub fn paused(model: &mut Model, context: String, project: String, until: Option<Timestamp>) -> Vec<Effect> {
    match until {
        Some(until) => drop(model.supervisor.pauses.insert((context, project), until)),
        None => drop(model.supervisor.pauses.remove(&(context, project))),
    }
    // Who holds the lock is another now.
    if model.tab == Tab::Supervisor { enter(model) } else { Vec::new() }
}

/// Time has passed. A pause is over when the lock is given back, which is told.
pub fn tick(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}
