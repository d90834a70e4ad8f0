// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tab on the screen: a title, and the lines for which there is room.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::ansi::{Letters, plain};
use super::columns::{Columns, columns, time};
use super::level::Gravity;
use super::names::tint;
use super::place::Room;
use super::since::shown;
use super::{Entry, Floor, Long, title};
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::look::{Look, Role, Theme};
use crate::tui::view::text::{fit, wrap};

/// Draws it.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let logs = &model.logs;
    let width = usize::from(area.width);
    let columns = columns(logs, width);
    let room = Room { columns: columns.text, rows: usize::from(area.height.saturating_sub(1)) };
    let mut lines = vec![title::line(model, room, width)];
    if logs.shown.is_empty() {
        let style = model.start.look.style(Role::Noticed);
        let said = empty(model).into_iter().flat_map(|text| wrap(&text, width.saturating_sub(2).max(1)));
        lines.extend(said.map(|text| Line::styled(format!("  {text}"), style)));
    }
    let (first, mut skip) = logs.top(room);
    for index in first..logs.shown.len() {
        let left = (room.rows + 1).saturating_sub(lines.len());
        let Some((number, entry)) = logs.entry(index) else { break };
        if left == 0 {
            break;
        }
        let painter =
            Painter { model, columns, is_found: logs.search.as_ref().is_some_and(|one| one.at == Some(number)) };
        lines.extend(painter.rows(entry, std::mem::take(&mut skip), left));
    }
    lines.truncate(usize::from(area.height));
    frame.render_widget(Paragraph::new(lines), area);
}

/// What is said in place of lines.
fn empty(model: &Model) -> Vec<String> {
    let logs = &model.logs;
    let key = |command| model.start.keymap.key(command);
    let names: Vec<String> = logs.writers.iter().map(|writer| format!("`{}`", writer.name)).collect();
    if names.is_empty() {
        let mark = key(Command::Mark);
        return vec![format!("no service is chosen: choose one in the stack, or mark several there with {mark}")];
    }
    if !logs.has_begun {
        return vec![format!("reading the log of {}", names.join(", "))];
    }
    let mut said = Vec::new();
    if !logs.ring.is_empty() {
        let what = if logs.floor == Floor::Errors { "an error" } else { "a warning or an error" };
        said.push(format!(
            "none of {} lines is known to be {what}; {} shows others",
            logs.ring.len(),
            key(Command::Level)
        ));
        return said;
    }
    let written = match logs.since {
        None => "has written nothing".to_owned(),
        Some(since) => format!("has written nothing since {} ago; {} asks for more", shown(since), key(Command::Since)),
    };
    for (writer, name) in logs.writers.iter().zip(&names) {
        said.push(match model.service(&writer.key).map(|service| service.state) {
            None | Some("-") => format!("{name} has no container"),
            Some("running") => format!("{name} runs and {written}"),
            Some(state) => format!("{name} does not run ({state}) and {written}"),
        });
    }
    said
}

/// Makes rows of a line.
struct Painter<'m> {
    model: &'m Model,
    columns: Columns,
    is_found: bool,
}

impl Painter<'_> {
    /// The rows of a line but the first ones, and no more than there is room for.
    fn rows(&self, entry: &Entry, skip: usize, room: usize) -> Vec<Line<'static>> {
        let (from, wraps) = match self.model.logs.long {
            Long::Wrapped => (0, true),
            Long::Cut(from) => (from, false),
        };
        let places = self.places(entry);
        let own = self.own(entry);
        let limit = self.columns.text;
        let mut rows: Vec<Line<'static>> = Vec::new();
        let mut row = Row::default();
        let (mut used, mut passed, mut number) = (0, 0, 0);
        for letter in Letters::of(&entry.text) {
            if passed < from {
                passed += letter.width;
                continue;
            }
            if used + letter.width > limit {
                if !wraps {
                    row.cut(self.model.start.look.style(Role::Dim));
                    break;
                }
                if number >= skip {
                    rows.push(row.line(self.before(entry, number)));
                }
                (row, used, number) = (Row::default(), 0, number + 1);
                if rows.len() == room {
                    return rows;
                }
            }
            used += letter.width;
            if number < skip {
                continue;
            }
            let is_place = places.iter().any(|(start, end)| (*start..*end).contains(&letter.at));
            let style = match is_place {
                true if self.is_found => self.model.start.look.style(Role::Chosen),
                true => {
                    letter_style(letter.style, self.model.start.look).patch(self.model.start.look.style(Role::Found))
                }
                false => own.patch(letter_style(letter.style, self.model.start.look)),
            };
            row.add(letter.shown, style);
        }
        rows.push(row.line(self.before(entry, number)));
        rows
    }

    /// Where the searched words are.
    fn places(&self, entry: &Entry) -> Vec<(usize, usize)> {
        let Some(search) = &self.model.logs.search else { return Vec::new() };
        let plain = plain(&entry.text);
        search.places(&plain).filter(|(start, end)| start < end).take(self.columns.text.max(64) * 4).collect()
    }

    /// The dress of a line that has none itself.
    fn own(&self, entry: &Entry) -> Style {
        let look = self.model.start.look;
        match (entry.writer, entry.gravity) {
            (None, _) => look.style(Role::Noticed),
            _ if entry.text.contains('\u{1b}') => Style::new(),
            (_, Some(Gravity::Error)) => look.style(Role::Bad),
            (_, Some(Gravity::Warning)) => look.style(Role::Noticed),
            _ => Style::new(),
        }
    }

    /// What stands before the text: only the first row has it all.
    fn before(&self, entry: &Entry, row: usize) -> Vec<Span<'static>> {
        let logs = &self.model.logs;
        let look = self.model.start.look;
        let is_first = row == 0;
        let mark = if self.is_found && is_first { ">" } else { " " };
        let sign = match (is_first, entry.writer) {
            (true, None) => "-",
            (true, Some(_)) if entry.is_error => "!",
            _ => " ",
        };
        let mut spans =
            vec![Span::styled(mark, look.style(Role::Title)), Span::styled(sign, look.style(Role::Noticed))];
        if self.columns.name > 0 {
            let name = entry.writer.filter(|_| is_first).and_then(|writer| logs.writers.get(writer));
            let style = entry.writer.map_or_else(Style::new, |writer| tint(writer, look));
            spans.push(Span::styled(fit(name.map_or("", |one| one.name.as_str()), self.columns.name), style));
            spans.push(Span::styled(look.either("│", "|"), look.style(Role::Dim)));
        }
        if let Some(form) = self.columns.time {
            let at = entry.at.filter(|_| is_first);
            spans.push(Span::styled(format!("{} ", time(at, form)), look.style(Role::Dim)));
        }
        spans
    }
}

fn letter_style(style: Style, look: Look) -> Style {
    if look.theme == Theme::Mono { Style { fg: None, bg: None, ..style } } else { style }
}

/// A row that is being made: letters of one dress go together.
#[derive(Default)]
struct Row {
    spans: Vec<Span<'static>>,
    text: String,
    style: Style,
}

impl Row {
    fn add(&mut self, letter: char, style: Style) {
        if style != self.style && !self.text.is_empty() {
            self.spans.push(Span::styled(std::mem::take(&mut self.text), self.style));
        }
        self.style = style;
        self.text.push(letter);
    }

    /// Tells that there is more to the right, in place of the last letter.
    fn cut(&mut self, style: Style) {
        self.text.pop();
        self.add('~', style);
    }

    fn line(mut self, mut before: Vec<Span<'static>>) -> Line<'static> {
        before.append(&mut self.spans);
        if !self.text.is_empty() {
            before.push(Span::styled(self.text, self.style));
        }
        Line::from(before)
    }
}
