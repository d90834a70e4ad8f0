// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys of the tab.

use super::export::{Dress, file_name, line, text};
use super::place::{Hold, room};
use super::read::enter;
use super::search::Way;
use super::since::shown;
use super::{Kind, Long, Search, Times, ansi};
use crate::app::dashboard::Wish;
use crate::health::verdict::Standing;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::popup::{Popup, Purpose};
use crate::tui::tab::Tab;

/// Columns of one step to the side.
const STEP: usize = 8;

/// Carries a command out.
pub fn update(model: &mut Model, command: Command) -> Vec<Effect> {
    let room = room(model);
    let page = room.rows.saturating_sub(1).max(1);
    let logs = &mut model.logs;
    logs.before_search = None;
    match command {
        Command::Up => logs.go_up(1, room),
        Command::PageUp => logs.go_up(page, room),
        Command::Down => logs.go_down(1, room),
        Command::PageDown => logs.go_down(page, room),
        Command::Top => logs.go_up(usize::MAX, room),
        Command::Follow if logs.hold == Hold::Following => logs.pause(room),
        Command::Bottom | Command::Follow => logs.hold = Hold::Following,
        Command::Left | Command::Right => sideways(model, command),
        Command::Wrap => {
            logs.long = if logs.long == Long::Wrapped { Long::Cut(0) } else { Long::Wrapped };
        }
        Command::Times => {
            logs.times = if logs.times == Times::Shown { Times::Hidden } else { Times::Shown };
        }
        Command::Level => {
            let floor = logs.floor.next();
            logs.sift(floor);
        }
        Command::NextMatch => go(model, Way::Down),
        Command::PreviousMatch => go(model, Way::Up),
        Command::Pattern => pattern(model),
        Command::Search => {
            logs.before_search = Some(logs.hold);
            let before = logs.search.as_ref().map_or("", |search| search.text.as_str());
            model.popup = Some(Popup::line(Purpose::Search, before));
        }
        Command::Since => {
            let before = logs.since.map(shown).unwrap_or_default();
            model.popup = Some(Popup::line(Purpose::Since, &before));
        }
        Command::Save | Command::Pager if logs.shown.is_empty() => nothing(model),
        Command::Save => model.popup = Some(Popup::line(Purpose::Save, &file_name(logs))),
        Command::Pager => return vec![Effect::Ask(Wish::Pager(text(logs, Dress::Colours)))],
        Command::Copy => return copy(model),
        Command::Refresh => return enter(model),
        _ => {}
    }
    Vec::new()
}

fn nothing(model: &mut Model) {
    model.tell(Standing::Noticed, "no line is shown".to_owned());
}

/// To the side, no further than the longest line on the screen reaches.
fn sideways(model: &mut Model, command: Command) {
    let room = room(model);
    let logs = &mut model.logs;
    let Long::Cut(from) = logs.long else { return };
    let to = if command == Command::Left {
        from.saturating_sub(STEP)
    } else {
        let (first, last) = logs.on_screen(room);
        let lines = (first..=last).filter_map(|index| logs.entry(index));
        let longest = lines.map(|(_, entry)| ansi::width(&entry.text)).max().unwrap_or(0);
        (from + STEP).min(longest.saturating_sub(room.columns).next_multiple_of(STEP)).max(from)
    };
    logs.long = Long::Cut(to);
}

/// Copies the line of the search that is looked at, else the last one on the screen.
fn copy(model: &mut Model) -> Vec<Effect> {
    let room = room(model);
    let logs = &model.logs;
    let at = logs.search.as_ref().and_then(|search| search.at);
    let found = at.and_then(|at| logs.ring.get(at));
    let last = || logs.entry(logs.on_screen(room).1).map(|(_, entry)| entry);
    let Some(entry) = found.or_else(last) else {
        nothing(model);
        return Vec::new();
    };
    vec![Effect::Copy(line(entry))]
}

/// Searches: the view goes to the youngest place that is no younger than what it shows.
pub fn search(model: &mut Model, text: &str) -> Vec<Effect> {
    let room = room(model);
    let logs = &mut model.logs;
    // While it is written, each letter searches from the same place.
    if let Some(hold) = logs.before_search {
        logs.hold = hold;
    }
    if text.is_empty() {
        logs.search = None;
        return Vec::new();
    }
    logs.search = Some(Search::new(text, logs.kind));
    logs.seek();
    let last = logs.shown.get(logs.on_screen(room).1).copied().unwrap_or(0);
    if let Some(search) = &mut logs.search
        && let Some(at) = search.up_to(last)
    {
        search.at = Some(at);
        logs.reveal(at, room);
    }
    Vec::new()
}

/// Goes to the next place where the words are.
fn go(model: &mut Model, way: Way) {
    let room = room(model);
    let logs = &mut model.logs;
    let (first, last) = logs.on_screen(room);
    let Some(search) = &mut logs.search else {
        let key = model.start.keymap.key(Command::Search);
        model.tell(Standing::Noticed, format!("nothing is searched for; {key} begins"));
        return;
    };
    let edge = if way == Way::Down { first } else { last };
    let from = search.at.or_else(|| logs.shown.get(edge).copied()).unwrap_or(0);
    let Some((at, is_round)) = search.next(from, way) else {
        let text = match search.fault() {
            Some(why) => format!("`{}` is no pattern: {why}", search.text),
            None => format!("`{}` is in none of these lines", search.text),
        };
        model.tell(Standing::Noticed, text);
        return;
    };
    search.at = Some(at);
    logs.reveal(at, room);
    if is_round {
        let text = match way {
            Way::Down => "went on from the first line",
            Way::Up => "went on from the last line",
        };
        model.tell(Standing::Noticed, text.to_owned());
    }
}

/// Changes how searches are meant, also the present one.
fn pattern(model: &mut Model) {
    let logs = &mut model.logs;
    let (kind, text) = match logs.kind {
        Kind::Words => (Kind::Pattern, "searches are patterns (regular expressions)"),
        Kind::Pattern => (Kind::Words, "searches are words as they stand"),
    };
    logs.kind = kind;
    let searched = logs.search.as_ref().map(|search| search.text.clone());
    model.tell(Standing::Good, text.to_owned());
    if let Some(searched) = searched {
        drop(search(model, &searched));
        if let Some(why) = model.logs.search.as_ref().and_then(Search::fault) {
            let text = format!("`{searched}` is no pattern: {why}");
            model.tell(Standing::Noticed, text);
        }
    }
}

/// Writes what is shown into a file.
pub fn save(model: &mut Model, path: &str) -> Vec<Effect> {
    let path = path.trim();
    if path.is_empty() {
        model.tell(Standing::Noticed, "a file needs a name; nothing was written".to_owned());
        return Vec::new();
    }
    vec![Effect::Ask(Wish::Save { path: path.to_owned(), text: text(&model.logs, Dress::Plain) })]
}

/// Whether esc has something to end here; it is ended then.
pub fn goes_back(model: &mut Model) -> bool {
    model.tab == Tab::Logs && model.logs.search.take().is_some()
}
