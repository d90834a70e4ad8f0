// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One finding in full.

use ratatui::text::Line;

use super::view::{role, sign};
use crate::app::dashboard::Finding;
use crate::tui::Model;
use crate::tui::look::{Look, Role};
use crate::tui::view::paragraph::paragraph;
use crate::tui::view::text::cut;

/// The chosen finding, in lines of so many columns.
pub(super) fn lines(model: &Model, width: usize) -> Vec<Line<'static>> {
    let Some(finding) = model.findings.chosen() else { return Vec::new() };
    of(finding, width, model.start.look)
}

fn of(finding: &Finding, width: usize, look: Look) -> Vec<Line<'static>> {
    let Finding { level, rule, project, place, .. } = finding;
    let head = format!("{} {} {rule}: {}", sign(*level, look), level.as_str(), finding.message);
    let mut lines = paragraph(&head, 1, width, look.style(role(*level)));
    let said = |text: &str, role: Role| paragraph(text, 3, width, look.style(role));
    let of_project = if project.is_empty() { String::new() } else { format!(" of project {project}") };
    lines.extend(said(&format!("{place}:{}{of_project}", place.column), Role::Dim));
    if !finding.source.trim().is_empty() {
        // Not broken between words: its blanks mean something.
        let source = format!("{:>7} {} {}", place.line, look.either("│", "|"), finding.source);
        lines.push(Line::raw(cut(&source, width)));
    }
    if !finding.label.is_empty() {
        lines.extend(said(&format!("here: {}", finding.label), Role::Text));
    }
    for (place, text) in &finding.related {
        lines.extend(said(&format!("see {place}: {text}"), Role::Text));
    }
    for note in &finding.notes {
        lines.extend(said(&format!("note: {note}"), Role::Text));
    }
    if let Some(hint) = &finding.hint {
        lines.extend(said(&format!("what to do: {hint}"), Role::Hint));
    }
    lines.extend(said(&format!("more: `stackctl explain {rule}`"), Role::Dim));
    lines
}
