// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use super::{Findings, Order, detail, view};
use crate::app::dashboard::{Finding, FindingsRead, Wish};
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::view::list::farthest;

/// Carries a command out.
pub fn update(model: &mut Model, command: Command) -> Vec<Effect> {
    let (count, room) = (model.findings.list().len(), view::rooms(model).0);
    if model.findings.cursor.go(command, count, room) {
        model.findings.above = 0;
        return Vec::new();
    }
    match command {
        Command::Validate | Command::Refresh => return enter(model),
        Command::Open | Command::Back => {
            model.findings.detail = model.findings.detail.other();
            model.findings.above = 0;
            let room = view::rooms(model).0;
            model.findings.cursor.keep(count, room);
        }
        Command::Right => {
            let lines = detail::lines(model, usize::from(model.size.0)).len();
            let end = farthest(lines, view::rooms(model).1.saturating_sub(1));
            model.findings.above = (model.findings.above + 1).min(end);
        }
        Command::Left => model.findings.above = model.findings.above.saturating_sub(1),
        Command::Sort => {
            model.findings.order = match model.findings.order {
                Order::Level => Order::Place,
                Order::Place => Order::Level,
            };
            arrange(&mut model.findings, room);
        }
        Command::Copy => {
            let chosen = model.findings.chosen();
            return chosen.map(|one| Effect::Copy(line(one))).into_iter().collect();
        }
        _ => {}
    }
    Vec::new()
}

/// A press of the mouse at a row of the tab.
pub fn press(model: &mut Model, row: usize) -> Vec<Effect> {
    if let Some(place) = view::at(model, row) {
        model.findings.cursor.chosen = place;
        model.findings.above = 0;
    }
    Vec::new()
}

/// A finding on one line.
fn line(finding: &Finding) -> String {
    format!("{} {} {}", finding.place, finding.rule, finding.message)
}

/// The tab is shown: files may have changed.
pub fn enter(model: &mut Model) -> Vec<Effect> {
    model.findings.is_asked = true;
    vec![Effect::Ask(Wish::Validate)]
}

/// Takes it.
pub fn take(model: &mut Model, found: FindingsRead) -> Vec<Effect> {
    let before = model.findings.chosen().map(line);
    model.findings.is_asked = false;
    model.findings.read = Some(found);
    // What was chosen stays so where it is still there, wherever that is.
    let place = model.findings.list().iter().position(|one| Some(line(one)) == before);
    if let Some(place) = place {
        model.findings.cursor.chosen = place;
    }
    let room = view::rooms(model).0;
    arrange(&mut model.findings, room);
    Vec::new()
}

/// Puts the findings in order. The chosen one stays chosen.
fn arrange(findings: &mut Findings, room: usize) {
    let (order, chosen) = (findings.order, findings.chosen().cloned());
    let read = findings.read.as_mut().and_then(|read| read.judged.as_mut().ok());
    if let Some(judged) = read {
        let list = &mut judged.findings;
        list.sort_by(|one, other| {
            let by_place = (&one.place, one.rule, &one.message).cmp(&(&other.place, other.rule, &other.message));
            match order {
                Order::Level => other.level.cmp(&one.level).then(by_place),
                Order::Place => by_place,
            }
        });
    }
    let place = findings.list().iter().position(|one| Some(one) == chosen.as_ref());
    findings.cursor.chosen = place.unwrap_or(findings.cursor.chosen);
    let count = findings.list().len();
    findings.cursor.keep(count, room);
}
