// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The line above the log: whose it is, whether it goes on, and what chooses its lines.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use super::place::{Hold, Room};
use super::since::shown;
use super::{Floor, Kind, Logs, Long, Times};
use crate::tui::Model;
use crate::tui::look::Role;
use crate::tui::view::text::cut;

/// Columns that the names of services have at least.
const LEAST_NAMES: usize = 12;

/// The line.
pub(super) fn line(model: &Model, room: Room, width: usize) -> Line<'static> {
    let look = model.start.look;
    let parts = parts(&model.logs, room);
    let names = names(&model.logs);
    // What matters most comes first; what has no room is left out, but the search is cut.
    let mut left = width.saturating_sub(names.width().min(LEAST_NAMES) + 1);
    let mut kept = Vec::new();
    for (index, (text, role)) in parts.into_iter().enumerate() {
        let text = if index < 2 { cut(&text, left.saturating_sub(2)) } else { text };
        if !text.is_empty() && text.width() + 2 <= left {
            left -= text.width() + 2;
            kept.push(Span::styled(format!("  {text}"), look.style(role)));
        }
    }
    let used: usize = kept.iter().map(Span::width).sum();
    let mut spans =
        vec![Span::styled(format!(" {}", cut(&names, width.saturating_sub(used + 1))), look.style(Role::Title))];
    spans.append(&mut kept);
    Line::from(spans)
}

fn names(logs: &Logs) -> String {
    let names: Vec<&str> = logs.writers.iter().map(|writer| writer.name.as_str()).collect();
    match names.as_slice() {
        [] => "no service".to_owned(),
        [one] => (*one).to_owned(),
        several => format!("{} services: {}", several.len(), several.join(", ")),
    }
}

/// All that there is to say, what matters most first.
fn parts(logs: &Logs, room: Room) -> Vec<(String, Role)> {
    let mut parts = vec![match (logs.hold, logs.behind(room)) {
        (Hold::Following, _) => ("following".to_owned(), Role::Good),
        (Hold::At { .. }, 0) => ("paused".to_owned(), Role::Noticed),
        (Hold::At { .. }, behind) => (format!("paused, {behind} behind"), Role::Noticed),
    }];
    parts.push(match &logs.search {
        None => (String::new(), Role::Text),
        Some(search) => {
            let sign = if logs.kind == Kind::Pattern { "pattern " } else { "" };
            match (search.fault(), search.place(), search.count()) {
                (Some(why), ..) => (format!("bad pattern: {why}"), Role::Bad),
                (None, Some(place), count) => (format!("{place}/{count} {sign}/{}", search.text), Role::Found),
                (None, None, 0) => (format!("0 {sign}/{}", search.text), Role::Noticed),
                (None, None, count) => (format!("-/{count} {sign}/{}", search.text), Role::Found),
            }
        }
    });
    if logs.floor != Floor::All {
        parts.push((logs.floor.word().to_owned(), Role::Noticed));
    }
    if let Some(since) = logs.since {
        parts.push((format!("since {}", shown(since)), Role::Text));
    }
    let gone = logs.ring.first() + logs.missing;
    if gone > 0 {
        parts.push((format!("{gone} older gone"), Role::Dim));
    }
    match logs.long {
        Long::Wrapped => parts.push(("wrap".to_owned(), Role::Dim)),
        Long::Cut(0) => {}
        Long::Cut(from) => parts.push((format!("from column {}", from + 1), Role::Dim)),
    }
    if logs.times == Times::Shown {
        parts.push(("UTC".to_owned(), Role::Dim));
    }
    parts
}
