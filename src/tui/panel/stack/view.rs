// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The stack on the screen: titles, rows, and below them why the chosen service is as it is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::columns::{Column, Shown, fitting};
use super::rows::{Row, rows};
use crate::app::dashboard::Service;
use crate::tui::Model;
use crate::tui::look::{Look, Role};
use crate::tui::view::text::{age, bytes, fit, right, spark};
use crate::tui::view::{table_height, why};

/// Draws it.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let look = model.start.look;
    let columns = fitting(&model.start.columns, usize::from(area.width).saturating_sub(2));
    let mut lines = vec![Line::styled(titles(&columns), look.style(Role::Title))];
    let rows = rows(model);
    let room = table_height(model, area.height);
    if rows.is_empty() {
        lines.extend(empty(model).into_iter().map(|text| Line::styled(text, look.style(Role::Noticed))));
    }
    for row in rows.iter().skip(model.stack.above).take(room) {
        lines.push(line(row, &columns, model, usize::from(area.width)));
    }
    let used = u16::try_from(lines.len()).unwrap_or(area.height).min(area.height);
    frame.render_widget(Paragraph::new(lines), Rect { height: used, ..area });
    let table = u16::try_from(room + 1).unwrap_or(area.height);
    if area.height > table {
        let below = Rect { y: area.y + table, height: area.height - table, ..area };
        why::draw(model, frame, below);
    }
}

fn titles(columns: &[Shown]) -> String {
    let cells = columns.iter().map(|(column, title, width)| match column {
        Column::Cpu | Column::Restarts | Column::Since | Column::Memory => right(title, *width),
        _ => fit(title, *width),
    });
    format!("  {}", cells.collect::<Vec<_>>().join(" "))
}

/// What is said in place of rows.
fn empty(model: &Model) -> Vec<String> {
    if !model.filter.is_empty() {
        return vec![format!("  nothing fits the filter `{}`; esc ends it", model.filter.text())];
    }
    if model.engines.is_empty() {
        let mut said: Vec<String> = Vec::new();
        for (name, reason, hint) in &model.start.faults {
            said.push(format!("  the engine `{name}` cannot be asked: {reason}"));
            said.extend(hint.iter().map(|hint| format!("    what to do: {hint}")));
        }
        said.push(if said.is_empty() { "  asking the engine" } else { "  trying again; q leaves" }.to_owned());
        return said;
    }
    let project = model.start.project.as_deref();
    let mut said = vec![match project {
        Some(project) => format!("  `{project}` has no container and no service in its file"),
        None => "  the engine has no compose project".to_owned(),
    }];
    said.push("  `docker compose up -d` starts one; `stackctl dashboard --all` shows every project".to_owned());
    said.extend(model.start.notes.iter().map(|note| format!("  {note}")));
    said
}

fn line(row: &Row<'_>, columns: &[Shown], model: &Model, width: usize) -> Line<'static> {
    let look = model.start.look;
    let is_chosen = row.is_chosen(model);
    let mark = if is_chosen { ">" } else { " " };
    let line = match row {
        Row::Group { group: (context, project), services, worst, is_folded } => {
            let fold = if *is_folded { look.either("▸", "+") } else { look.either("▾", "-") };
            let host = if model.engines.len() > 1 { format!("{context}: ") } else { String::new() };
            let sign = look.sign(worst.glyph());
            let text = format!("{mark}{fold} {host}{project} ({services})  {sign} {}", worst.word());
            Line::styled(fit(&text, width), look.style(Role::Title))
        }
        Row::Service(service) => {
            let is_marked = model.stack.marked.contains(&service.key);
            let mut spans = vec![Span::raw(mark), Span::raw(if is_marked { "*" } else { " " })];
            for (index, (column, _, width)) in columns.iter().enumerate() {
                if index > 0 {
                    spans.push(Span::raw(" "));
                }
                let (text, style) = cell(*column, service, model, look, *width);
                spans.push(Span::styled(text, style));
            }
            Line::from(spans)
        }
    };
    if is_chosen { line.patch_style(look.style(Role::Chosen)) } else { line }
}

fn cell(column: Column, service: &Service, model: &Model, look: Look, width: usize) -> (String, Style) {
    let plain = look.style(Role::Text);
    let key = (service.key.context.clone(), service.id.clone().unwrap_or_default());
    let is_up = service.state == "running";
    let trend = model.stack.trends.get(&key).filter(|_| is_up);
    let is_stale = model.lost_since(&service.key.context).is_some();
    match column {
        Column::Service => {
            let number = if service.key.number > 1 { format!("-{}", service.key.number) } else { String::new() };
            let run = if service.key.one_off.is_some() { " (run)" } else { "" };
            (fit(&format!("{}{number}{run}", service.key.service), width), plain)
        }
        Column::State => (fit(service.state, width), plain),
        Column::Health => {
            let verdict = &service.verdict;
            let text = format!("{} {}", look.sign(verdict.glyph()), verdict.word());
            (fit(&text, width), look.standing(verdict.standing()))
        }
        Column::Cpu => {
            let share = trend.and_then(super::Trend::share);
            (right(&share.map_or_else(|| "-".to_owned(), |share| format!("{:.1}", share * 100.0)), width), plain)
        }
        Column::Memory => {
            let text = trend.map(|trend| {
                let last = &trend.last;
                format!("{}/{}", bytes(last.memory_bytes), bytes(last.memory_limit_bytes))
            });
            (right(&text.unwrap_or_else(|| "-".to_owned()), width), plain)
        }
        Column::Trend => {
            let drawn = trend.map(|trend| spark(&trend.cpu, width, look)).unwrap_or_default();
            (fit(&drawn, width), look.style(Role::Dim))
        }
        Column::Network => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rates for people")]
            let text = trend.and_then(|trend| trend.network).map_or_else(
                || "-".to_owned(),
                |(received, sent)| format!("{}/{}", bytes(received as u64), bytes(sent as u64)),
            );
            (fit(&text, width), plain)
        }
        Column::Restarts => (right(&service.restarts.to_string(), width), plain),
        Column::Since if is_stale => (right("stale", width), look.style(Role::Noticed)),
        Column::Since => {
            let since = service.since.map_or_else(|| "-".to_owned(), |since| age(model.now - since));
            (right(&since, width), plain)
        }
    }
}
