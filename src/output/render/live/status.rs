// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl status` for people: one table a project, worst first, and the next steps.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::columns::{Cell, Column, Line, draw, wrap};
use crate::app::status::{ContextReport, ImagePin, Outcome, ServiceReport};
use crate::error::UserError as _;
use crate::health::Timestamp;
use crate::health::explain::phrase::duration;
use crate::health::verdict::{Standing, State};
use crate::output::{Layout, safe_line, visible};

const COLUMNS: &[Column] = &[
    Column { title: "SERVICE", expendable: 0, is_number: false },
    Column { title: "STATE", expendable: 3, is_number: false },
    Column { title: "VERDICT", expendable: 0, is_number: false },
    Column { title: "RESTARTS", expendable: 2, is_number: true },
    Column { title: "SINCE", expendable: 1, is_number: true },
    Column { title: "PORTS", expendable: 4, is_number: false },
    Column { title: "IMAGE", expendable: 5, is_number: false },
];

/// Whether next steps are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hints {
    /// They are.
    Told,
    /// They are not.
    Untold,
}

/// The outcome for people. Faults of engines are told elsewhere in full; here by one line.
#[must_use]
pub fn render(outcome: &Outcome, layout: Layout, hints: Hints) -> String {
    let mut text = String::new();
    for context in &outcome.contexts {
        if outcome.contexts.len() > 1 {
            let _ = writeln!(text, "{} ({})", layout.bold(&visible(&context.name)), visible(&context.address));
        }
        if let Some(fault) = &context.fault {
            let _ = writeln!(text, "  cannot be asked: {}", visible(&fault.message()));
        }
        draw_context(&mut text, context, outcome, layout);
        if hints == Hints::Told {
            draw_hints(&mut text, &context.services, layout);
        }
    }
    text
}

fn draw_context(text: &mut String, context: &ContextReport, outcome: &Outcome, layout: Layout) {
    let mut projects: BTreeMap<&str, Vec<&ServiceReport>> = BTreeMap::new();
    for service in &context.services {
        projects.entry(&service.project).or_default().push(service);
    }
    if projects.is_empty() && context.fault.is_none() {
        let what = outcome.project.as_deref().map_or("no compose project here".to_owned(), |name| {
            format!("`{}` has no container here, and no service is known", visible(name))
        });
        let _ = writeln!(text, "{what}");
    }
    for (project, services) in projects {
        let _ = writeln!(text, "{}: {}", layout.bold(&visible(project)), summary(&services));
        let lines: Vec<Line> = services.iter().map(|service| line(service, outcome.at, layout)).collect();
        let table = draw(COLUMNS, "WHY", &lines, layout.width, 2);
        let shows_images = table.lines().next().is_some_and(|titles| titles.contains("IMAGE"));
        text.push_str(&table);
        if shows_images && services.iter().any(|service| service.image.as_ref().is_some_and(|image| !image.is_pinned)) {
            text.push_str("  * not pinned: the same name may mean another image tomorrow\n");
        }
    }
}

/// `3 of 5 ok, 1 loop, 1 paused`.
fn summary(services: &[&ServiceReport]) -> String {
    let good = services.iter().filter(|service| service.verdict.standing() == Standing::Good).count();
    let mut text = format!("{good} of {} ok", services.len());
    for state in State::ALL.iter().filter(|state| state.standing() != Standing::Good) {
        let count = services.iter().filter(|service| service.verdict.state() == *state).count();
        if count > 0 {
            let _ = write!(text, ", {count} {}", state.word());
        }
    }
    text
}

fn line(service: &ServiceReport, now: Timestamp, layout: Layout) -> Line {
    let standing = service.verdict.standing();
    let verdict = format!("{} {}", layout.sign(service.verdict.glyph()), service.verdict.word());
    let dash = || "-".to_owned();
    let cells = vec![
        Cell::plain(visible(&service.name())),
        Cell::plain(service.state),
        Cell { drawn: layout.tint(standing, &verdict), plain: verdict },
        Cell::plain(service.restarts.map_or_else(dash, |count| count.to_string())),
        Cell::plain(service.since.map_or_else(dash, |since| duration(now - since))),
        Cell::plain(if service.ports.is_empty() { dash() } else { service.ports.join(" ") }),
        Cell::plain(service.image.as_ref().map_or_else(dash, image)),
    ];
    Line {
        cells,
        tail: safe_line(&service.why.sentence, &service.secrets),
        tail_is_optional: standing == Standing::Good,
    }
}

/// The image without its registry and folders, its digest cut short; a star where it is not pinned.
fn image(pin: &ImagePin) -> String {
    let (name, digest) = match pin.image.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (pin.image.as_str(), None),
    };
    let short = name.rsplit('/').next().unwrap_or(name);
    let digest = digest.map(|digest| format!("@{}", digest.chars().take(19).collect::<String>())).unwrap_or_default();
    format!("{}{digest}{}", visible(short), if pin.is_pinned { "" } else { "*" })
}

/// The next steps, the same one for several services told once.
fn draw_hints(text: &mut String, services: &[ServiceReport], layout: Layout) {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    let is_asked_for = |standing| !matches!(standing, Standing::Good | Standing::Unknown);
    for service in services.iter().filter(|service| is_asked_for(service.verdict.standing())) {
        let Some(hint) = &service.why.hint else { continue };
        let hint = safe_line(hint, &service.secrets);
        let name = visible(&service.name());
        match told.iter_mut().find(|(known, _)| *known == hint) {
            Some((_, names)) => names.push(name),
            None => told.push((hint, vec![name])),
        }
    }
    let room = layout.width.map_or(usize::MAX, |width| width.saturating_sub(4).max(20));
    for (hint, names) in told {
        for (at, piece) in wrap(&format!("= hint: {}: {hint}", names.join(", ")), room).iter().enumerate() {
            let _ = writeln!(text, "{}{piece}", if at == 0 { "  " } else { "    " });
        }
    }
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
