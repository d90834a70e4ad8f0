// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tree on the screen, and below it the order in which services can start.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::tree::{Branch, longest, needs, tree, waves};
use crate::app::dashboard::Service;
use crate::health::verdict::State;
use crate::tui::Model;
use crate::tui::look::Role;
use crate::tui::view::text::{cut, wrap};

/// The services of the project that is looked at.
fn services(model: &Model) -> impl Iterator<Item = &Service> {
    let project = model.chosen.as_ref().map(|key| (&key.context, &key.project));
    model.services().filter(move |one| {
        project.is_none_or(|(context, name)| one.key.context == *context && one.key.project == *name)
    })
}

/// The rows of the tree.
pub(super) fn branches(model: &Model) -> Vec<Branch> {
    tree(&needs(services(model)))
}

/// Draws it.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let look = model.start.look;
    let width = usize::from(area.width);
    let needs = needs(services(model));
    let rows = tree(&needs);
    let mut below = vec![Line::styled(look.either("─", "-").repeat(width), look.style(Role::Dim))];
    let arrow = look.either(" → ", " -> ");
    let chain = longest(&needs);
    if chain.len() > 1 {
        let text = format!(" longest chain: {}", chain.join(arrow));
        below.extend(wrap(&text, width).into_iter().map(Line::raw));
    }
    for (index, wave) in waves(&needs).iter().enumerate() {
        below.push(Line::styled(
            cut(&format!(" start {}: {}", index + 1, wave.join(", ")), width),
            look.style(Role::Dim),
        ));
    }
    let room = usize::from(area.height);
    let below_room = below.len().min(room / 3);
    below.truncate(below_room);
    let tree_room = room - below_room;
    let chosen = model.graph.chosen.min(rows.len().saturating_sub(1));
    let above = (chosen + 1).saturating_sub(tree_room);
    let shown = rows.iter().enumerate().skip(above).take(tree_room);
    let mut lines: Vec<Line<'static>> =
        shown.map(|(index, branch)| line(branch, index == chosen, model, width)).collect();
    if rows.is_empty() {
        lines.push(Line::styled("  no services", look.style(Role::Dim)));
    }
    frame.render_widget(Paragraph::new(lines), Rect { height: u16::try_from(tree_room).unwrap_or(0), ..area });
    let height = u16::try_from(below_room).unwrap_or(0);
    frame.render_widget(Paragraph::new(below), Rect { y: area.y + area.height - height, height, ..area });
}

fn line(branch: &Branch, is_chosen: bool, model: &Model, width: usize) -> Line<'static> {
    let look = model.start.look;
    let worst = services(model).filter(|one| one.key.service == branch.service).map(|one| one.verdict.state()).min();
    let indent = "  ".repeat(branch.depth.min(12));
    let bend = if branch.depth > 0 { look.either("└ ", "- ") } else { "" };
    let again = if branch.is_shown { " (see above)" } else { "" };
    let mark = if is_chosen { ">" } else { " " };
    let name = format!("{mark} {indent}{bend}{}{again}  ", branch.service);
    let (text, style) = match worst {
        Some(state) => {
            (format!("{} {}", look.sign(state.glyph()), state.word()), look.standing(State::standing(state)))
        }
        None => ("? not in this project".to_owned(), look.style(Role::Noticed)),
    };
    let room = width.saturating_sub(text.chars().count());
    let line = Line::from(vec![Span::raw(cut(&name, room)), Span::styled(text, style)]);
    if is_chosen { line.patch_style(look.style(Role::Chosen)) } else { line }
}
