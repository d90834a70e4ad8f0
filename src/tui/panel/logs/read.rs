// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whose logs are read, and what comes of it.

use super::level::{Gravity, goes_on, gravity};
use super::{Entry, MOST_LINES, ansi, names};
use crate::app::dashboard::{LogLine, LogWish, Service, Wish};
use crate::health::board::SlotKey;
use crate::health::verdict::Standing;
use crate::tui::Model;
use crate::tui::effect::Effect;

/// Lines of each that are read at first, while there are few of them.
const TAIL: usize = 1000;
/// Lines of each that are read at least.
const LEAST_TAIL: usize = 50;

/// The tab is shown: reads the marked services, else the chosen one, else all of the project.
pub fn enter(model: &mut Model) -> Vec<Effect> {
    let keys = wanted(model);
    let logs = &mut model.logs;
    logs.clear();
    if keys.is_empty() {
        return vec![Effect::Ask(Wish::NoLogs)];
    }
    logs.writers = names::writers(&keys);
    let tail = match logs.since {
        Some(_) => MOST_LINES,
        None => (MOST_LINES / keys.len()).clamp(LEAST_TAIL, TAIL),
    };
    let tail = u64::try_from(tail).unwrap_or(u64::MAX);
    vec![Effect::Ask(Wish::Logs(LogWish { keys, since: logs.since, tail, number: logs.number }))]
}

/// The tab is left.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    model.logs.clear();
    vec![Effect::Ask(Wish::NoLogs)]
}

fn wanted(model: &Model) -> Vec<SlotKey> {
    let keys = |fits: &dyn Fn(&Service) -> bool| {
        model.services().filter(|one| fits(one)).map(|one| one.key.clone()).collect::<Vec<_>>()
    };
    let marked = keys(&|one| model.stack.marked.contains(&one.key));
    if !marked.is_empty() {
        return marked;
    }
    match (&model.stack.group, &model.chosen) {
        (Some((context, project)), _) => keys(&|one| one.key.context == *context && one.key.project == *project),
        (None, Some(chosen)) => keys(&|one| one.key == *chosen),
        (None, None) => Vec::new(),
    }
}

/// Takes lines.
pub fn lines(model: &mut Model, number: u64, lines: Vec<LogLine>, missing: usize) -> Vec<Effect> {
    let logs = &mut model.logs;
    if number != logs.number {
        return Vec::new();
    }
    logs.has_begun = true;
    logs.missing += missing;
    let mut before = 0;
    for line in lines {
        // Mostly the one who wrote the line before.
        let is_it = |index: &usize| logs.writers.get(*index).is_some_and(|writer| writer.key == line.key);
        let Some(writer) = Some(before).filter(is_it).or_else(|| (0..logs.writers.len()).find(is_it)) else { continue };
        before = writer;
        let gravity = gravity_after(&mut logs.writers[writer].last, &line.text);
        let text = line.text.into_boxed_str();
        logs.push(Entry { writer: Some(writer), at: line.at, is_error: line.is_error, gravity, text });
    }
    Vec::new()
}

/// How grave a line is after that one.
fn gravity_after(last: &mut Option<Gravity>, text: &str) -> Option<Gravity> {
    let plain = ansi::plain(text);
    let own = gravity(&plain);
    if own.is_some() || !goes_on(&plain) {
        *last = own;
    }
    *last
}

/// Takes a note about the log as a whole.
pub fn note(model: &mut Model, number: u64, text: String) -> Vec<Effect> {
    let now = model.now;
    let logs = &mut model.logs;
    if number == logs.number {
        logs.has_begun = true;
        let text = text.into_boxed_str();
        logs.push(Entry { writer: None, at: Some(now), is_error: false, gravity: None, text });
    }
    Vec::new()
}

/// Reads lines from then on; without a text, the last lines.
pub fn since(model: &mut Model, text: &str) -> Vec<Effect> {
    model.logs.since = match text.trim() {
        "" => None,
        text => match super::since::length(text) {
            Ok(length) => Some(length),
            Err(why) => {
                model.tell(Standing::Noticed, why);
                return Vec::new();
            }
        },
    };
    enter(model)
}
