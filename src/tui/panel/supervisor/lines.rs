// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! All lines of the tab, section by section.

use ratatui::text::Line;

use super::rules;
use crate::app::dashboard::{EngineRead, LockedBy, PolicyRead, Trouble};
use crate::health::Timestamp;
use crate::health::explain::phrase::duration;
use crate::health::policy::{Schedule, Window};
use crate::health::verdict::State;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::look::Role;
use crate::tui::view::paragraph::paragraph;
use crate::tui::view::text::{age, ago};

/// What is written below each other.
pub(super) struct Page<'m> {
    pub(super) model: &'m Model,
    pub(super) width: usize,
    pub(super) lines: Vec<Line<'static>>,
}

impl Page<'_> {
    fn title(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(Line::raw(""));
        }
        self.lines.push(Line::styled(format!(" {text}"), self.model.start.look.style(Role::Title)));
    }

    pub(super) fn say(&mut self, role: Role, text: &str) {
        self.lines.extend(paragraph(text, 3, self.width, self.model.start.look.style(role)));
    }

    /// With the sign of a state, so that colour says nothing alone.
    fn state(&mut self, state: State, text: &str) {
        let look = self.model.start.look;
        let text = format!("{} {text}", look.sign(state.glyph()));
        self.lines.extend(paragraph(&text, 1, self.width, look.standing(state.standing())));
    }

    fn trouble(&mut self, trouble: &Trouble) {
        self.state(State::Unknown, &trouble.message);
        if let Some(hint) = &trouble.hint {
            self.say(Role::Hint, &format!("what to do: {hint}"));
        }
    }
}

/// All lines, in so many columns.
pub(super) fn lines(model: &Model, width: usize) -> Vec<Line<'static>> {
    let mut page = Page { model, width, lines: Vec::new() };
    let Some(read) = &model.supervisor.read else {
        page.title("Supervisor");
        page.say(Role::Pending, "finding out");
        pauses(&mut page);
        return page.lines;
    };
    supervisor(&mut page, read);
    pauses(&mut page);
    page.title("Lock");
    locks(&mut page, read);
    page.title("Policy");
    rules::table(&mut page, read);
    page.title("Maintenance");
    maintenance(&mut page, &read.policy.windows);
    page.title("Sinks");
    sinks(&mut page, read);
    let refresh = model.start.keymap.key(Command::Refresh);
    page.lines.push(Line::raw(""));
    page.say(Role::Dim, &format!("found out {}; {refresh} asks again", ago(model.now - read.at)));
    page.lines
}

/// The engine's name, where several are looked at.
pub(super) fn at(model: &Model, context: &str) -> String {
    if model.engines.len() > 1 { format!("{context}: ") } else { String::new() }
}

fn supervisor(page: &mut Page<'_>, read: &PolicyRead) {
    page.title("Supervisor");
    for engine in &read.engines {
        let host = at(page.model, &engine.context);
        for trouble in &engine.troubles {
            page.trouble(&Trouble { message: format!("{host}{}", trouble.message), hint: trouble.hint.clone() });
        }
        for one in &engine.supervisors {
            let of = one.project.as_ref().map_or_else(|| "every project".to_owned(), |name| format!("`{name}`"));
            page.state(State::Ok, &format!("{host}one looks after {of}: {}", one.note));
        }
        for name in &engine.rivals {
            let text = format!("{host}`{name}` restarts containers too; let only one of the two do it");
            page.state(State::Degraded, &text);
        }
    }
    if read.engines.iter().all(|engine| engine.supervisors.is_empty()) {
        page.state(State::Absent, "no supervisor runs here");
        page.say(
            Role::Hint,
            "`stackctl supervise` starts one; guides/reference/supervise.md says how it runs by systemd",
        );
    }
    page.say(Role::Dim, "one of another user or machine is not seen from here");
}

fn pauses(page: &mut Page<'_>) {
    let model = page.model;
    let key = model.start.keymap.key(Command::PauseSupervision);
    for ((context, project), until) in &model.supervisor.pauses {
        let host = at(model, context);
        let text = format!("{host}`{project}` is left alone for {} more, from here", age(*until - model.now));
        page.state(State::Paused, &text);
        let is_chosen = model.chosen.as_ref().is_some_and(|key| key.context == *context && key.project == *project);
        let end = if is_chosen {
            format!("{key} ends it")
        } else {
            format!("choose a service of it on the stack, then {key} ends it")
        };
        page.say(Role::Hint, &end);
    }
}

fn locks(page: &mut Page<'_>, read: &PolicyRead) {
    let mut is_free = true;
    for EngineRead { context, locks, .. } in &read.engines {
        for lock in locks {
            is_free = false;
            let host = at(page.model, context);
            let who = match lock.by {
                LockedBy::Us => "this dashboard".to_owned(),
                LockedBy::Another => format!("process {} on {}", lock.process, lock.host),
            };
            let since = ago(page.model.now - lock.since);
            let text = format!("{host}`{}` is held for `{}` by {who}, taken {since}", lock.project, lock.command);
            page.state(State::Paused, &text);
            page.say(Role::Dim, "meanwhile supervisors do nothing to it, and other commands wait");
        }
    }
    if is_free {
        page.state(State::Ok, "free: nobody works on the project");
    }
}

fn maintenance(page: &mut Page<'_>, windows: &[Window]) {
    if windows.is_empty() {
        page.say(Role::Dim, "no window is set; `[[supervise.maintenance]]` in `stackctl.toml` sets one");
    }
    let now = page.model.now;
    for window in windows {
        let of = window.service.as_ref().map_or_else(|| "everything".to_owned(), |name| format!("`{name}`"));
        let when = describe(&window.schedule);
        match (window.schedule.closes_after(now), window.schedule.opens_after(now)) {
            (Some(end), _) => {
                page.state(State::Paused, &format!("open for {} more: {of}, {when}", duration(end - now)));
            }
            (None, Some(next)) => {
                page.state(State::Absent, &format!("opens in {}: {of}, {when}", duration(next - now)));
            }
            (None, None) => page.say(Role::Dim, &format!("over: {of}, {when}")),
        }
    }
}

fn describe(schedule: &Schedule) -> String {
    let minute = |at: Timestamp| at.format("%Y-%m-%d %H:%M").to_string();
    match schedule {
        Schedule::Once { start, end } => format!("{} to {} UTC", minute(*start), minute(*end)),
        Schedule::Repeated { weekday, start, length, offset } => {
            let day = weekday.map_or_else(|| "each day".to_owned(), |day| format!("each {day}"));
            format!("{day} at {} ({offset}) for {}", start.format("%H:%M"), duration(*length))
        }
    }
}

fn sinks(page: &mut Page<'_>, read: &PolicyRead) {
    if read.sinks.is_empty() {
        page.say(
            Role::Dim,
            "nobody is told; `[prometheus]`, `[mqtt]` and `[[webhook]]` in `stackctl.toml` name somebody",
        );
    }
    for sink in &read.sinks {
        let note = sink.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        page.say(Role::Text, &format!("{}: {}{note}", sink.name, sink.address));
    }
}
