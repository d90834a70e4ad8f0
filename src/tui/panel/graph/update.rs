// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys of the tab.

use super::view::branches;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::tab::Tab;
use crate::tui::update::show;

/// Carries a command out.
pub fn update(model: &mut Model, command: Command) -> Vec<Effect> {
    let branches = branches(model);
    let last = branches.len().saturating_sub(1);
    let page = usize::from(model.size.1).saturating_sub(4).max(1);
    let now = model.graph.chosen.min(last);
    let to = match command {
        Command::Up => now.saturating_sub(1),
        Command::Down => (now + 1).min(last),
        Command::PageUp => now.saturating_sub(page),
        Command::PageDown => (now + page).min(last),
        Command::Top => 0,
        Command::Bottom => last,
        Command::Open => return show(model, Tab::Health),
        _ => return Vec::new(),
    };
    model.graph.chosen = to;
    let wanted = branches.get(to).map(|branch| branch.service.clone());
    let project = model.chosen.as_ref().map(|key| (key.context.clone(), key.project.clone()));
    let found = model
        .services()
        .find(|one| {
            Some(&one.key.service) == wanted.as_ref()
                && project
                    .as_ref()
                    .is_none_or(|(context, name)| one.key.context == *context && one.key.project == *name)
        })
        .map(|one| one.key.clone());
    if found.is_some() {
        model.chosen = found;
        model.stack.group = None;
        model.stack.is_chosen_by_hand = true;
    }
    Vec::new()
}
