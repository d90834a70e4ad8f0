// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use super::view::words;
use crate::app::dashboard::{Happened, What};
use crate::health::board::CauseKind;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::tab::Tab;
use crate::tui::update::show;

/// What is remembered at most.
const KEPT: usize = 2_000;

/// Takes what happened. What was so when the dashboard began is no news.
pub fn take(model: &mut Model, happened: Happened) {
    if matches!(happened.what, What::Changed { cause: CauseKind::FirstSeen, .. }) {
        return;
    }
    let events = &mut model.events;
    events.past.push_front(happened);
    if events.chosen > 0 {
        // Who reads an older one goes on reading it.
        events.chosen += 1;
    }
    if events.past.len() > KEPT {
        events.past.pop_back();
        events.forgotten += 1;
    }
    events.chosen = events.chosen.min(events.past.len().saturating_sub(1));
}

/// Carries a command out.
pub fn update(model: &mut Model, command: Command) -> Vec<Effect> {
    let last = model.events.past.len().saturating_sub(1);
    let page = usize::from(model.size.1).saturating_sub(4).max(1);
    let now = model.events.chosen;
    model.events.chosen = match command {
        Command::Up => now.saturating_sub(1),
        Command::Down => (now + 1).min(last),
        Command::PageUp => now.saturating_sub(page),
        Command::PageDown => (now + page).min(last),
        Command::Top => 0,
        Command::Bottom => last,
        Command::Copy => {
            let text = model.events.past.get(now).map(|one| words(model, one));
            return text.map(Effect::Copy).into_iter().collect();
        }
        Command::Open => {
            if let Some(What::Changed { key, .. }) = model.events.past.get(now).map(|one| one.what.clone()) {
                model.chosen = Some(key);
                model.stack.group = None;
                model.stack.is_chosen_by_hand = true;
                return show(model, Tab::Health);
            }
            now
        }
        _ => now,
    };
    Vec::new()
}
