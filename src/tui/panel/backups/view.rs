// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tab on the screen: the store, what is wrong with it, its sets, and the chosen one in full.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::{detail, row};
use crate::app::dashboard::StoreRead;
use crate::health::Timestamp;
use crate::health::explain::phrase::duration;
use crate::health::verdict::State;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::look::Role;
use crate::tui::view::content;
use crate::tui::view::list::{Detail, split, window};
use crate::tui::view::paragraph::paragraph;
use crate::tui::view::text::{ago, cut};

/// With fewer rows than this, the whole is not spoken of beside a large detail.
const LOW: u16 = 14;

/// Draws it.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let look = model.start.look;
    let backups = &model.backups;
    let list = backups.list();
    let mut lines = head(model, width);
    let (rows, below) = split(height.saturating_sub(lines.len() + 1), list.len(), backups.detail);
    for index in backups.cursor.shown(list.len(), rows) {
        lines.push(row::line(&list[index], index == backups.cursor.chosen, model.now, width, look));
    }
    if below > 0 && backups.row().is_some() {
        lines.push(Line::styled(look.either("─", "-").repeat(width), look.style(Role::Dim)));
        let key = model.start.keymap.key(Command::Right);
        lines.extend(window(detail::lines(model, width), backups.above, below - 1, &key, look));
    }
    lines.truncate(height.saturating_sub(1));
    frame.render_widget(Paragraph::new(lines), area);
    if height > 0 {
        let foot = Rect { y: area.y + area.height - 1, height: 1, ..area };
        frame.render_widget(Paragraph::new(Line::styled(rollback(width), look.style(Role::Dim))), foot);
    }
}

/// What is not there is said too.
fn rollback(width: usize) -> String {
    let before = if width < 52 { "" } else { "deployments: " };
    cut(&format!(" {before}`stackctl rollback` is not built yet"), width)
}

/// Rows for the list and for the detail.
pub(super) fn rooms(model: &Model) -> (usize, usize) {
    let area = content(model);
    let taken = head(model, usize::from(area.width)).len() + 1;
    split(usize::from(area.height).saturating_sub(taken), model.backups.list().len(), model.backups.detail)
}

/// The set at a row of the tab.
pub(super) fn at(model: &Model, row: usize) -> Option<usize> {
    let line = row.checked_sub(head(model, usize::from(content(model).width)).len())?;
    let shown = model.backups.cursor.shown(model.backups.list().len(), rooms(model).0);
    shown.clone().nth(line)
}

/// What is said of the whole, and the titles.
fn head(model: &Model, width: usize) -> Vec<Line<'static>> {
    let look = model.start.look;
    let said = |text: &str, role: Role| paragraph(text, 1, width, look.style(role));
    let Some(read) = &model.backups.read else { return said("reading the store", Role::Pending) };
    let store = match &read.store {
        Ok(store) => store,
        Err(trouble) => {
            let mut lines = said(&format!("restore points cannot be listed: {}", trouble.message), Role::Bad);
            if let Some(hint) = &trouble.hint {
                lines.extend(said(&format!("what to do: {hint}"), Role::Hint));
            }
            return lines;
        }
    };
    let key = model.start.keymap.key(Command::Backup);
    if !store.is_there {
        let mut lines = said(&format!("there is no store in {} yet", store.folder), Role::Noticed);
        lines.extend(said(&format!("what to do: {key} makes the first restore point, and the store"), Role::Hint));
        return lines;
    }
    let titles = Line::styled(cut(&row::titles(width), width), look.style(Role::Title));
    if model.backups.detail == Detail::Large && content(model).height < LOW && !store.sets.is_empty() {
        return vec![titles];
    }
    let count = store.sets.len() + store.left_out;
    let plural = if count == 1 { "" } else { "s" };
    let hidden = if store.left_out > 0 { format!(", {} older ones not shown", store.left_out) } else { String::new() };
    let text = format!(" {count} restore point{plural}{hidden} in {}, read {}", store.folder, ago(model.now - read.at));
    let mut lines = vec![Line::styled(cut(&text, width), look.style(Role::Dim))];
    if let Some(text) = warning(store, model.now) {
        let text = format!("{} {text}; {key} makes one", look.sign(State::Degraded.glyph()));
        lines.extend(said(&text, Role::Noticed));
    }
    if !store.sets.is_empty() {
        lines.push(titles);
    }
    lines
}

/// Why one cannot rely on the sets.
fn warning(store: &StoreRead, now: Timestamp) -> Option<String> {
    if store.sets.is_empty() {
        return Some("there is no restore point".to_owned());
    }
    let Some(newest) = store.newest_good() else {
        return Some("none is complete and verified".to_owned());
    };
    let old = now - newest.at;
    (old > store.max_age)
        .then(|| format!("the newest verified one is {} old, more than {}", duration(old), duration(store.max_age)))
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
