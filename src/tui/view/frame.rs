// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What every tab has around it: a line for the whole, the tabs, and a line for what was done or can be.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::text::{age, cut};
use super::{popup, small};
use crate::health::verdict::State;
use crate::tui::command::Command;
use crate::tui::look::Role;
use crate::tui::model::{Model, Permission};
use crate::tui::panel::{backups, events, findings, graph, health, logs, stack, supervisor};
use crate::tui::tab::Tab;

/// Below this there is one line alone.
const LEAST: (u16, u16) = (30, 8);
/// With fewer rows than this, the reason of the chosen service has no room of its own.
const ROOM_FOR_WHY: u16 = 16;

/// Where the tab draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Rows above it.
    pub top: u16,
    /// Its rows.
    pub height: u16,
    /// Its columns.
    pub width: u16,
}

/// Where the tab draws.
#[must_use]
pub fn content(model: &Model) -> Area {
    let (width, height) = model.size;
    Area { top: 2, height: height.saturating_sub(3), width }
}

/// Rows of services that fit into an area of so many rows; one more has the titles.
#[must_use]
pub fn table_height(model: &Model, height: u16) -> usize {
    let below = if model.size.1 < ROOM_FOR_WHY { 0 } else { (height / 3).clamp(4, 12) };
    usize::from(height.saturating_sub(1 + below))
}

/// Whether the screen has a column for what containers use.
#[must_use]
pub fn shows_use(model: &Model) -> bool {
    let names = ["cpu", "memory", "trend", "network"];
    let is_wanted =
        model.start.columns.is_empty() || model.start.columns.iter().any(|one| names.contains(&one.as_str()));
    is_wanted && model.size.0 >= 56 && model.size.1 >= LEAST.1
}

/// Draws everything.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        small::draw(model, frame);
        return;
    }
    let row = |y: u16| Rect { x: 0, y, width: area.width, height: 1 };
    frame.render_widget(Paragraph::new(header(model, area.width)), row(0));
    frame.render_widget(Paragraph::new(tabs(model)), row(1));
    let inner = Rect { x: 0, y: 2, width: area.width, height: area.height - 3 };
    match model.tab {
        Tab::Stack => stack::draw(model, frame, inner),
        Tab::Health => health::draw(model, frame, inner),
        Tab::Logs => logs::draw(model, frame, inner),
        Tab::Events => events::draw(model, frame, inner),
        Tab::Graph => graph::draw(model, frame, inner),
        Tab::Backups => backups::draw(model, frame, inner),
        Tab::Supervisor => supervisor::draw(model, frame, inner),
        Tab::Findings => findings::draw(model, frame, inner),
    }
    frame.render_widget(Paragraph::new(footer(model, area.width)), row(area.height - 1));
    popup::draw(model, frame);
}

/// How many services are in which state, worst first.
pub(super) fn tally(model: &Model) -> Vec<(State, usize)> {
    let count = |state: State| model.services().filter(|one| one.verdict.state() == state).count();
    State::ALL.iter().map(|state| (*state, count(*state))).filter(|(_, count)| *count > 0).collect()
}

fn header(model: &Model, width: u16) -> Line<'static> {
    let look = model.start.look;
    let project = model.start.project.clone().unwrap_or_else(|| "all projects".to_owned());
    let mut spans = vec![Span::styled(format!(" {project}  "), look.style(Role::Title))];
    for (name, engine) in &model.engines {
        match model.lost_since(name) {
            None => spans.push(Span::raw(format!("{name} {} live  ", look.either("●", "+")))),
            Some(since) => {
                let why = engine.fault.as_ref().map(|(why, _)| format!(": {why}")).unwrap_or_default();
                let text =
                    format!("{} {name} lost {}, trying again{why}  ", look.either("✘", "x"), age(model.now - since));
                spans.push(Span::styled(text, look.style(Role::Bad)));
            }
        }
    }
    if model.engines.is_empty() {
        spans.push(Span::raw("asking the engine  "));
    }
    for (state, count) in tally(model) {
        let text = format!("{count} {} {}  ", look.sign(state.glyph()), state.word());
        spans.push(Span::styled(text, look.standing(state.standing())));
    }
    if model.start.permission == Permission::Look {
        spans.push(Span::styled("read-only", look.style(Role::Noticed)));
    }
    shortened(spans, usize::from(width))
}

/// As many of the spans as fit.
fn shortened(spans: Vec<Span<'static>>, width: usize) -> Line<'static> {
    let mut left = width;
    let mut kept = Vec::new();
    for span in spans {
        let text = cut(span.content.trim_end_matches(' '), left);
        if left == 0 {
            break;
        }
        let wide = span.width().min(left);
        let whole = if span.width() <= left { span.content.into_owned() } else { text };
        kept.push(Span::styled(whole, span.style));
        left -= wide;
    }
    Line::from(kept)
}

/// Each tab with its columns, from the left.
fn tab_texts(model: &Model) -> Vec<(Tab, String)> {
    // Without room for all titles, only the shown tab has one.
    let is_narrow = model.size.0 < 76;
    let text = |tab: Tab| {
        let number = tab.index() + 1;
        let is_shown = tab == model.tab;
        match (is_narrow && !is_shown, is_shown) {
            (true, _) => format!(" {number} "),
            (false, true) => format!("[{number} {}]", tab.title()),
            (false, false) => format!(" {number} {}", tab.title()),
        }
    };
    Tab::ALL.iter().map(|tab| (*tab, text(*tab))).collect()
}

fn tabs(model: &Model) -> Line<'static> {
    let look = model.start.look;
    let span = |(tab, text): (Tab, String)| {
        Span::styled(text, if tab == model.tab { look.style(Role::Chosen) } else { look.style(Role::Text) })
    };
    Line::from(tab_texts(model).into_iter().map(span).collect::<Vec<_>>())
}

/// The tab at a place of the screen.
#[must_use]
pub fn tab_at(model: &Model, column: u16, row: u16) -> Option<Tab> {
    if row != 1 {
        return None;
    }
    let mut end = 0;
    tab_texts(model).into_iter().find_map(|(tab, text)| {
        end += text.len();
        (usize::from(column) < end).then_some(tab)
    })
}

/// What was done, else what can be.
fn footer(model: &Model, width: u16) -> Line<'static> {
    let look = model.start.look;
    let width = usize::from(width);
    if let Some(told) = &model.told {
        return Line::styled(cut(&format!(" {}", told.text), width), look.standing(told.standing));
    }
    let mut text = String::new();
    if !model.filter.is_empty() {
        text = format!(" filter `{}`, esc ends it ", model.filter.text());
    }
    let reminders: &[(Command, &str)] = match model.tab {
        Tab::Stack => &[
            (Command::Open, "why"),
            (Command::Right, "log"),
            (Command::Filter, "filter"),
            (Command::Restart, "restart"),
            (Command::Stop, "stop"),
            (Command::Start, "start"),
        ],
        Tab::Health => &[
            (Command::Down, "scroll"),
            (Command::Right, "next service"),
            (Command::Open, "log"),
            (Command::Restart, "restart"),
        ],
        Tab::Logs => &[
            (Command::Follow, "follow"),
            (Command::Search, "search"),
            (Command::Level, "level"),
            (Command::Wrap, "wrap"),
            (Command::Times, "times"),
            (Command::Save, "save"),
        ],
        Tab::Events | Tab::Graph => &[(Command::Down, "down"), (Command::Open, "why")],
        Tab::Backups => &[(Command::Backup, "backup"), (Command::Restore, "restore plan"), (Command::Open, "detail")],
        Tab::Supervisor => {
            &[(Command::Down, "scroll"), (Command::PauseSupervision, "pause"), (Command::Refresh, "refresh")]
        }
        Tab::Findings => &[
            (Command::Open, "detail"),
            (Command::Sort, "order"),
            (Command::Copy, "copy"),
            (Command::Validate, "judge again"),
        ],
    };
    let always = [(Command::Help, "help"), (Command::Palette, "commands"), (Command::Quit, "leave")];
    for (command, label) in reminders.iter().chain(&always) {
        if command.changes() && model.start.permission == Permission::Look {
            continue;
        }
        let one = format!(" {} {label} ", model.start.keymap.key(*command));
        if text.len() + one.len() <= width {
            text.push_str(&one);
        }
    }
    Line::styled(text, look.style(Role::Dim))
}
