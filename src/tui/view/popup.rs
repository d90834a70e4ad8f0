// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What stands before everything else.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use super::help;
use super::text::{cut, wrap};
use crate::tui::look::{Look, Role};
use crate::tui::model::Model;
use crate::tui::popup::{Answer, Choice, Confirm, Palette, Popup};

pub(super) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let look = model.start.look;
    match &model.popup {
        None => {}
        Some(Popup::Line(line)) => {
            let area = frame.area();
            let row = Rect { y: area.height - 1, height: 1, ..area };
            let prompt = format!(" {}: ", line.purpose.prompt());
            let room = usize::from(area.width).saturating_sub(prompt.len() + 2);
            // The end is where one writes.
            let letters: Vec<char> = line.text.chars().collect();
            let tail: String = letters[letters.len().saturating_sub(room)..].iter().collect();
            let spans = vec![
                Span::styled(prompt, look.style(Role::Title)),
                Span::raw(tail),
                Span::styled("_", look.style(Role::Chosen)),
            ];
            frame.render_widget(Clear, row);
            frame.render_widget(Paragraph::new(Line::from(spans)), row);
        }
        Some(Popup::Confirm(confirm)) => {
            let width = usize::from(frame.area().width).saturating_sub(4).min(74);
            boxed(frame, look, "Sure?", confirm_lines(confirm, look, width));
        }
        Some(Popup::Palette(palette)) => {
            let (width, height) = (usize::from(frame.area().width).saturating_sub(4).min(74), frame.area().height);
            boxed(frame, look, "Do", palette_lines(palette, model, width, usize::from(height).saturating_sub(4)));
        }
        Some(Popup::Help(above)) => help::draw(model, *above, frame),
    }
}

/// A box in the middle, as large as its lines need.
pub(super) fn boxed(frame: &mut Frame<'_>, look: Look, title: &str, lines: Vec<Line<'static>>) {
    let area = frame.area();
    let wide = lines.iter().map(Line::width).max().unwrap_or(0).max(title.len() + 2) + 2;
    let width = u16::try_from(wide).unwrap_or(area.width).min(area.width);
    let height = u16::try_from(lines.len() + 2).unwrap_or(area.height).min(area.height);
    let place = Rect { x: (area.width - width) / 2, y: (area.height - height) / 2, width, height };
    let mut block = Block::bordered().title(format!(" {title} ")).border_style(look.style(Role::Title));
    if look.signs == crate::tui::look::Signs::Ascii {
        block = block.border_set(ASCII);
    }
    frame.render_widget(Clear, place);
    frame.render_widget(Paragraph::new(lines).block(block), place);
}

const ASCII: ratatui::symbols::border::Set<'_> = ratatui::symbols::border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

fn confirm_lines(confirm: &Confirm, look: Look, width: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> =
        wrap(&confirm.question, width).into_iter().map(|line| Line::styled(line, look.style(Role::Title))).collect();
    for effect in &confirm.effects {
        let mut first = "- ";
        for line in wrap(effect, width.saturating_sub(2)) {
            lines.push(Line::raw(format!("{first}{line}")));
            first = "  ";
        }
    }
    lines.extend(
        wrap(&format!("same as: {}", confirm.command), width)
            .into_iter()
            .map(|line| Line::styled(line, look.style(Role::Dim))),
    );
    lines.push(Line::raw(""));
    lines.push(match &confirm.answer {
        Answer::Choice(choice) => {
            let button = |text: &str, is_chosen: bool| {
                if is_chosen {
                    Span::styled(format!("[>{text}<]"), look.style(Role::Chosen))
                } else {
                    Span::raw(format!("[ {text} ]"))
                }
            };
            Line::from(vec![
                button("No", *choice == Choice::No),
                Span::raw("  "),
                button("Yes", *choice == Choice::Yes),
                Span::raw("   y, n, arrows and enter"),
            ])
        }
        Answer::Typed { name, typed } => Line::from(vec![
            Span::raw(format!("type `{name}` to agree: {typed}")),
            Span::styled("_", look.style(Role::Chosen)),
        ]),
    });
    lines
}

fn palette_lines(palette: &Palette, model: &Model, width: usize, room: usize) -> Vec<Line<'static>> {
    let look = model.start.look;
    let head = vec![Span::raw(format!(":{}", palette.text)), Span::styled("_", look.style(Role::Chosen))];
    let mut lines = vec![Line::from(head)];
    let fitting = palette.fitting();
    let room = room.saturating_sub(1).max(1);
    let above = (palette.chosen + 1).saturating_sub(room);
    for (index, row) in fitting.iter().enumerate().skip(above).take(room) {
        let mark = if index == palette.chosen { ">" } else { " " };
        let text = format!("{mark} {:18} {:10} {}", row.name, model.start.keymap.key(row.command), row.help);
        let style = if index == palette.chosen { Role::Chosen } else { Role::Text };
        lines.push(Line::styled(cut(&text, width), look.style(style)));
    }
    if fitting.is_empty() {
        lines.push(Line::raw("  nothing has this name"));
    }
    lines
}
