// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use chrono::TimeDelta;

use super::lines::{chosen_lines, plain};
use crate::app::dashboard::{Detail, Wish};
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::panel::stack;
use crate::tui::tab::Tab;
use crate::tui::update::show;

/// How often the container is inspected while somebody looks.
const FRESH: TimeDelta = TimeDelta::seconds(5);

/// The tab is shown, or another service is.
pub fn enter(model: &mut Model) -> Vec<Effect> {
    model.health.above = 0;
    if model.health.detail.as_ref().is_some_and(|detail| Some(&detail.key) != model.chosen.as_ref()) {
        model.health.detail = None;
    }
    ask(model)
}

fn ask(model: &mut Model) -> Vec<Effect> {
    model.health.asked = Some(model.now);
    let Some(service) = model.chosen().filter(|one| model.lost_since(&one.key.context).is_none()) else {
        return Vec::new();
    };
    let Some(id) = service.id.clone() else { return Vec::new() };
    vec![Effect::Ask(Wish::Detail { key: service.key.clone(), id })]
}

/// Asks again when what is shown is old.
pub fn keep_fresh(model: &mut Model) -> Vec<Effect> {
    let is_old = model.health.asked.is_none_or(|asked| model.now - asked >= FRESH);
    if model.tab == Tab::Health && is_old { ask(model) } else { Vec::new() }
}

/// Takes what an inspection told.
pub fn detail(model: &mut Model, detail: Detail) -> Vec<Effect> {
    if model.chosen.as_ref() == Some(&detail.key) {
        model.health.detail = Some(detail);
    }
    Vec::new()
}

/// Carries a command out.
pub fn update(model: &mut Model, command: Command) -> Vec<Effect> {
    let page = usize::from(model.size.1).saturating_sub(4).max(1);
    let last = chosen_lines(model, usize::from(model.size.0)).len().saturating_sub(page);
    let now = model.health.above;
    model.health.above = match command {
        Command::Up => now.saturating_sub(1),
        Command::Down => (now + 1).min(last),
        Command::PageUp => now.saturating_sub(page),
        Command::PageDown => (now + page).min(last),
        Command::Top => 0,
        Command::Bottom => last,
        Command::Left | Command::Right => {
            // The service before or after, in the order of the stack.
            let step = if command == Command::Left { Command::Up } else { Command::Down };
            drop(stack::update(model, step));
            return enter(model);
        }
        Command::Open => return show(model, Tab::Logs),
        Command::Refresh => return enter(model),
        Command::Copy => return vec![Effect::Copy(plain(&chosen_lines(model, 100)))],
        _ => now,
    };
    Vec::new()
}
