// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys on the stack.

use super::Group;
use super::rows::{Row, rows};
use crate::app::dashboard::{Sample, Wish};
use crate::health::board::SlotKey;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::tab::Tab;
use crate::tui::update::show;
use crate::tui::view::{Area, content};

/// What a row is chosen by.
enum Place {
    Group(Group),
    Service(SlotKey),
}

fn places(model: &Model) -> (Vec<Place>, Option<usize>) {
    let rows = rows(model);
    let chosen = rows.iter().position(|row| row.is_chosen(model));
    let place = |row: &Row<'_>| match row {
        Row::Group { group, .. } => Place::Group(group.clone()),
        Row::Service(service) => Place::Service(service.key.clone()),
    };
    (rows.iter().map(place).collect(), chosen)
}

/// Sees that something is chosen that is there: what somebody chose, else the worst service.
pub fn keep_chosen(model: &mut Model) {
    let (places, chosen) = places(model);
    if chosen.is_none() || !model.stack.is_chosen_by_hand {
        // The worst service rather than the line of its project.
        let first = places.iter().position(|place| matches!(place, Place::Service(_))).unwrap_or(0);
        choose(model, places.into_iter().nth(first));
    }
    scroll(model);
}

fn choose(model: &mut Model, place: Option<Place>) {
    match place {
        None => {}
        Some(Place::Group(group)) => model.stack.group = Some(group),
        Some(Place::Service(key)) => {
            model.stack.group = None;
            model.chosen = Some(key);
        }
    }
}

/// Sees that the chosen row is on the screen.
fn scroll(model: &mut Model) {
    let room = height(model);
    let Some(chosen) = places(model).1 else {
        model.stack.above = 0;
        return;
    };
    model.stack.above = model.stack.above.max((chosen + 1).saturating_sub(room)).min(chosen);
}

/// Rows that fit on the screen.
fn height(model: &Model) -> usize {
    let Area { height, .. } = content(model);
    crate::tui::view::table_height(model, height)
}

/// Carries a command out.
pub fn update(model: &mut Model, command: Command) -> Vec<Effect> {
    let (places, chosen) = places(model);
    let (now, last) = (chosen.unwrap_or(0), places.len().saturating_sub(1));
    let page = height(model).max(1);
    model.stack.is_chosen_by_hand = true;
    let to = match command {
        Command::Up => now.saturating_sub(1),
        Command::Down => (now + 1).min(last),
        Command::PageUp => now.saturating_sub(page),
        Command::PageDown => (now + page).min(last),
        Command::Top => 0,
        Command::Bottom => last,
        Command::Open if model.stack.group.is_some() => return fold(model),
        Command::Open => return show(model, Tab::Health),
        Command::Right => return show(model, Tab::Logs),
        Command::Fold => return fold(model),
        Command::Sort => {
            model.stack.order = model.stack.order.next();
            scroll(model);
            return visible(model);
        }
        Command::Mark => {
            if let (Some(key), None) = (model.chosen.clone(), &model.stack.group)
                && !model.stack.marked.remove(&key)
            {
                model.stack.marked.insert(key);
            }
            return update(model, Command::Down);
        }
        Command::Copy => return copy(model),
        _ => return Vec::new(),
    };
    choose(model, places.into_iter().nth(to));
    scroll(model);
    visible(model)
}

/// The line of the chosen service, with its reason.
fn copy(model: &Model) -> Vec<Effect> {
    let Some(service) = model.chosen() else { return Vec::new() };
    let why = service.why.as_ref().map(|why| format!(": {}", why.sentence)).unwrap_or_default();
    vec![Effect::Copy(format!("{} {} {}{why}", service.key, service.state, service.verdict.word()))]
}

fn fold(model: &mut Model) -> Vec<Effect> {
    let of_service = || model.chosen.as_ref().map(|key| (key.context.clone(), key.project.clone()));
    let Some(group) = model.stack.group.clone().or_else(of_service) else { return Vec::new() };
    let has_line = rows(model).iter().any(|row| matches!(row, Row::Group { group: one, .. } if *one == group));
    if !has_line {
        return Vec::new();
    }
    if !model.stack.folded.remove(&group) {
        model.stack.folded.insert(group.clone());
    }
    model.stack.group = Some(group);
    scroll(model);
    visible(model)
}

/// The containers on the screen, to be asked for what they use; nothing where that is so already.
pub fn visible(model: &mut Model) -> Vec<Effect> {
    let mut wanted = Vec::new();
    if model.tab == Tab::Stack && crate::tui::view::shows_use(model) {
        let room = height(model).max(1);
        let on_screen = rows(model).into_iter().skip(model.stack.above).take(room);
        wanted.extend(on_screen.filter_map(|row| match row {
            Row::Service(service) if service.state == "running" => {
                Some((service.key.context.clone(), service.id.clone()?))
            }
            _ => None,
        }));
        wanted.sort();
    }
    if wanted == model.stack.watched {
        return Vec::new();
    }
    model.stack.watched.clone_from(&wanted);
    vec![Effect::Ask(Wish::Watch(wanted))]
}

/// Takes what containers used.
pub fn usage(model: &mut Model, samples: Vec<Sample>) -> Vec<Effect> {
    for sample in samples {
        model.stack.trends.entry((sample.context, sample.id)).or_default().add(sample.usage);
    }
    let known: std::collections::BTreeSet<(String, String)> =
        model.services().filter_map(|one| Some((one.key.context.clone(), one.id.clone()?))).collect();
    model.stack.trends.retain(|key, _| known.contains(key));
    Vec::new()
}

/// A press of the mouse at a row of the screen.
pub fn press(model: &mut Model, row: u16) -> Vec<Effect> {
    let area = content(model);
    // The first row has the titles.
    let Some(line) = row.checked_sub(area.top + 1) else { return Vec::new() };
    let (places, _) = places(model);
    let room = height(model);
    if usize::from(line) < room {
        model.stack.is_chosen_by_hand = true;
        choose(model, places.into_iter().nth(model.stack.above + usize::from(line)));
    }
    Vec::new()
}
