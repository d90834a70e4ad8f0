// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use super::{detail, view};
use crate::app::dashboard::{SetsRead, Wish};
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::view::list::farthest;

/// Carries a command out.
pub fn update(model: &mut Model, command: Command) -> Vec<Effect> {
    let (count, room) = (model.backups.list().len(), view::rooms(model).0);
    if model.backups.cursor.go(command, count, room) {
        model.backups.above = 0;
        return Vec::new();
    }
    match command {
        Command::Refresh => return enter(model),
        Command::Open | Command::Back => {
            model.backups.detail = model.backups.detail.other();
            model.backups.above = 0;
            let room = view::rooms(model).0;
            model.backups.cursor.keep(count, room);
        }
        Command::Right => {
            let lines = detail::lines(model, usize::from(model.size.0)).len();
            let end = farthest(lines, view::rooms(model).1.saturating_sub(1));
            model.backups.above = (model.backups.above + 1).min(end);
        }
        Command::Left => model.backups.above = model.backups.above.saturating_sub(1),
        Command::Copy => return model.backups.chosen().map(Effect::Copy).into_iter().collect(),
        _ => {}
    }
    Vec::new()
}

/// A press of the mouse at a row of the tab.
pub fn press(model: &mut Model, row: usize) -> Vec<Effect> {
    if let Some(place) = view::at(model, row) {
        model.backups.cursor.chosen = place;
        model.backups.above = 0;
    }
    Vec::new()
}

/// The tab is shown: a backup may have been made meanwhile, by a timer or by hand.
pub fn enter(model: &mut Model) -> Vec<Effect> {
    let of_chosen = model.chosen.as_ref().map(|key| key.project.clone());
    vec![Effect::Ask(Wish::Sets(of_chosen.or_else(|| model.start.project.clone())))]
}

/// Takes what was read.
pub fn take(model: &mut Model, sets: SetsRead) -> Vec<Effect> {
    let before = model.backups.chosen();
    model.backups.read = Some(sets);
    let list = model.backups.list();
    // A set that came meanwhile does not move the choice, unless the newest was chosen.
    let is_newest = model.backups.cursor.chosen == 0;
    let place = list.iter().position(|row| Some(&row.id) == before.as_ref());
    let (count, place) = (list.len(), place.filter(|_| !is_newest).unwrap_or(0));
    let room = view::rooms(model).0;
    model.backups.cursor.chosen = place;
    model.backups.cursor.keep(count, room);
    if model.backups.chosen() != before {
        model.backups.above = 0;
    }
    Vec::new()
}
