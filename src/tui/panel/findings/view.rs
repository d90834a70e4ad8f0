// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tab on the screen: counts, findings, and below them the chosen one in full.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::detail;
use crate::app::dashboard::{Finding, Judged};
use crate::diag::Level;
use crate::health::verdict::State;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::look::{Look, Role};
use crate::tui::view::content;
use crate::tui::view::list::{split, window};
use crate::tui::view::paragraph::paragraph;
use crate::tui::view::text::{ago, cut, fit, tail};

/// With fewer columns than this, a row has no message and no name of a file.
const NARROW: usize = 60;
/// Lines of notes and failures above the list.
const MOST_NOTES: usize = 3;

/// Draws it.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let look = model.start.look;
    let findings = &model.findings;
    let mut lines = head(model, width);
    let room = height.saturating_sub(lines.len());
    let (rows, below) = split(room, findings.list().len(), findings.detail);
    let widths = Widths::of(findings.list(), width);
    for index in findings.cursor.shown(findings.list().len(), rows) {
        lines.push(row(&findings.list()[index], index == findings.cursor.chosen, &widths, look));
    }
    if below > 0 && findings.chosen().is_some() {
        lines.push(Line::styled(look.either("─", "-").repeat(width), look.style(Role::Dim)));
        let key = model.start.keymap.key(Command::Right);
        lines.extend(window(detail::lines(model, width), findings.above, below - 1, &key, look));
    }
    lines.truncate(height);
    frame.render_widget(Paragraph::new(lines), area);
}

/// Rows for the list and for the detail.
pub(super) fn rooms(model: &Model) -> (usize, usize) {
    let area = content(model);
    let head = head(model, usize::from(area.width)).len();
    let room = usize::from(area.height).saturating_sub(head);
    split(room, model.findings.list().len(), model.findings.detail)
}

/// The finding at a row of the tab.
pub(super) fn at(model: &Model, row: usize) -> Option<usize> {
    let line = row.checked_sub(head(model, usize::from(content(model).width)).len())?;
    let shown = model.findings.cursor.shown(model.findings.list().len(), rooms(model).0);
    shown.clone().nth(line)
}

/// What is said of all.
fn head(model: &Model, width: usize) -> Vec<Line<'static>> {
    let look = model.start.look;
    let said = |text: &str, role: Role| paragraph(text, 1, width, look.style(role));
    let again = model.start.keymap.key(Command::Validate);
    let Some(read) = &model.findings.read else {
        return said("judging the compose files", Role::Pending);
    };
    match &read.judged {
        Err(trouble) => {
            let mut lines = said(&format!("nothing is judged: {}", trouble.message), Role::Bad);
            if let Some(hint) = &trouble.hint {
                lines.extend(said(&format!("what to do: {hint}"), Role::Hint));
            }
            lines.extend(said(&format!("{again} judges again"), Role::Dim));
            lines
        }
        Ok(judged) => {
            let when = if model.findings.is_asked {
                "judging again".to_owned()
            } else {
                format!("judged {}", ago(model.now - read.at))
            };
            let has_order = judged.findings.len() > 1;
            let order = if has_order { format!(", {}", model.findings.order.word()) } else { String::new() };
            let mut lines = vec![counts(judged, &format!("{when}{order}"), width, look)];
            lines.extend(mind(judged).iter().flat_map(|(text, role)| said(text, *role)).take(MOST_NOTES));
            lines
        }
    }
}

/// What else is to know.
fn mind(judged: &Judged) -> Vec<(String, Role)> {
    let mut said = Vec::new();
    for failure in &judged.failures {
        said.push((format!("not judged: {}", failure.message), Role::Bad));
    }
    if judged.left_out > 0 {
        said.push((format!("{} more are not shown; `stackctl validate` has all", judged.left_out), Role::Noticed));
    }
    said.extend(judged.notes.iter().map(|note| (note.clone(), Role::Dim)));
    said
}

/// How many there are of each level, and in what.
fn counts(judged: &Judged, when: &str, width: usize, look: Look) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Info] {
        let count = judged.findings.iter().filter(|one| one.level == level).count();
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            let text = format!(" {} {count} {}{plural} ", sign(level, look), level.as_str());
            spans.push(Span::styled(text, look.style(role(level))));
        }
    }
    if spans.is_empty() {
        let text = format!(" {} no finding ", look.sign(State::Ok.glyph()));
        spans.push(Span::styled(text, look.style(Role::Good)));
    }
    let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let silenced = if judged.suppressed > 0 { format!(", {} silenced", judged.suppressed) } else { String::new() };
    let of = match judged.files.as_slice() {
        [file] => file.clone(),
        files => format!("{} ({})", count(files.len(), "file"), count(judged.projects, "project")),
    };
    let used: usize = spans.iter().map(Span::width).sum();
    let rest = cut(&format!(" {when}{silenced}; {of}"), width.saturating_sub(used));
    spans.push(Span::styled(rest, look.style(Role::Dim)));
    Line::from(spans)
}

pub(super) const fn role(level: Level) -> Role {
    match level {
        Level::Error => Role::Bad,
        Level::Warning => Role::Noticed,
        Level::Info => Role::Text,
    }
}

pub(super) const fn sign(level: Level, look: Look) -> char {
    look.sign(match level {
        Level::Error => State::Unhealthy.glyph(),
        Level::Warning => State::Degraded.glyph(),
        Level::Info => State::Absent.glyph(),
    })
}

/// Widths of the columns.
struct Widths {
    rule: usize,
    place: usize,
    message: usize,
    has_file: bool,
}

/// Mark, sign and level, with the blanks after them.
const BEFORE: usize = 2 + 9 + 1;

impl Widths {
    fn of(list: &[Finding], width: usize) -> Self {
        let room = width.saturating_sub(BEFORE);
        if width < NARROW {
            let place = room.min(6);
            return Self { rule: room.saturating_sub(place + 1), place, message: 0, has_file: false };
        }
        let longest = |of: &dyn Fn(&Finding) -> usize| list.iter().map(of).max().unwrap_or(0);
        let rule = longest(&|one| one.rule.len()).min(width * 3 / 10);
        let place = longest(&|one| one.place.to_string().len()).min(width * 3 / 10);
        Self { rule, place, message: room.saturating_sub(rule + place + 2), has_file: true }
    }
}

fn row(finding: &Finding, is_chosen: bool, widths: &Widths, look: Look) -> Line<'static> {
    let place = if widths.has_file { finding.place.to_string() } else { format!(":{}", finding.place.line) };
    let place = tail(&place, widths.place);
    let level = format!("{} {}", sign(finding.level, look), finding.level.as_str());
    let spans = vec![
        Span::raw(if is_chosen { "> " } else { "  " }),
        Span::styled(fit(&level, 9), look.style(role(finding.level))),
        Span::raw(format!(" {} ", fit(finding.rule, widths.rule))),
        Span::styled(format!("{} ", fit(&place, widths.place)), look.style(Role::Dim)),
        Span::raw(fit(&finding.message, widths.message)),
    ];
    let line = Line::from(spans);
    if is_chosen { line.patch_style(look.style(Role::Chosen)) } else { line }
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
