// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What comes in changes the model, and says what is to be done.

mod action;
mod news;

use super::command::Command;
use super::effect::{Effect, MouseUse};
use super::filter::Filter;
use super::key::Key;
use super::model::{Model, Permission};
use super::msg::Msg;
use super::panel::{backups, events, findings, graph, health, logs, stack, supervisor};
use super::popup::{Next, Palette, Popup, Purpose};
use super::tab::Tab;
use super::view::list::Detail;
use crate::app::dashboard::Answer;
use crate::health::verdict::Standing;

/// Takes what came.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => self::key(model, key),
        Msg::Paste(text) => match &mut model.popup {
            Some(popup) => {
                let next = popup.paste(&text);
                after_popup(model, next)
            }
            None => Vec::new(),
        },
        Msg::Press(column, row) => press(model, column, row),
        Msg::Wheel(lines) => {
            let command = if lines > 0 { Command::Down } else { Command::Up };
            (0..lines.unsigned_abs()).flat_map(|_| run(model, command)).collect()
        }
        Msg::Size(columns, rows) => {
            model.size = (columns, rows);
            stack::visible(model)
        }
        Msg::Tick(now) => {
            model.now = now;
            if model.told.as_ref().is_some_and(|told| told.until <= now) {
                model.told = None;
            }
            supervisor::tick(model)
        }
        Msg::Host(host) => news::host(model, *host),
        Msg::Happened(happened) => news::happened(model, *happened),
        Msg::Answer(answer) => self::answer(model, answer),
    }
}

/// What was found or done.
fn answer(model: &mut Model, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Detail(detail) => health::detail(model, *detail),
        Answer::Usage(samples) => stack::usage(model, samples),
        Answer::Unreachable { context, reason, hint } => {
            model.start.faults.retain(|(name, ..)| *name != context);
            model.start.faults.push((context, reason, hint));
            Vec::new()
        }
        Answer::Paused { context, project, until } => supervisor::paused(model, context, project, until),
        Answer::Returned if matches!(model.tab, Tab::Backups | Tab::Supervisor | Tab::Findings) => {
            on_tab(model, Command::Refresh)
        }
        // Other tabs ask when they are shown.
        Answer::Returned => Vec::new(),
        Answer::Begun(text) => {
            model.tell(Standing::Pending, text);
            Vec::new()
        }
        Answer::Done(text) => {
            model.tell(Standing::Good, text);
            Vec::new()
        }
        Answer::Failed { message, hint } => {
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            model.tell(Standing::Bad, format!("{message}{hint}"));
            Vec::new()
        }
        Answer::Lines { number, lines, missing } => logs::lines(model, number, lines, missing),
        Answer::LogNote { number, text } => logs::note(model, number, text),
        Answer::Sets(sets) => backups::take(model, sets),
        Answer::Policy(policy) => supervisor::take(model, *policy),
        Answer::Findings(found) => findings::take(model, found),
    }
}

fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    if Command::is_fixed(key).is_some() {
        return vec![Effect::Quit];
    }
    if let Some(popup) = &mut model.popup {
        let next = popup.key(key);
        return after_popup(model, next);
    }
    match model.start.keymap.command(key, model.tab) {
        Some(command) => run(model, command),
        None => Vec::new(),
    }
}

fn after_popup(model: &mut Model, next: Next) -> Vec<Effect> {
    match next {
        Next::Stay => Vec::new(),
        Next::Close => {
            model.popup = None;
            Vec::new()
        }
        Next::Do(effect) => {
            model.popup = None;
            vec![effect]
        }
        Next::Run(command) => {
            model.popup = None;
            run(model, command)
        }
        Next::Written(purpose, text) => {
            model.popup = None;
            written(model, purpose, &text)
        }
        Next::Changed(purpose, text) => changed(model, purpose, &text),
    }
}

/// What follows a line while it is being written.
fn changed(model: &mut Model, purpose: Purpose, text: &str) -> Vec<Effect> {
    match purpose {
        Purpose::Filter => filter(model, text),
        Purpose::Search => logs::search(model, text),
        Purpose::Since | Purpose::Save => Vec::new(),
    }
}

fn written(model: &mut Model, purpose: Purpose, text: &str) -> Vec<Effect> {
    match purpose {
        Purpose::Filter => filter(model, text),
        Purpose::Search => logs::search(model, text),
        Purpose::Since => logs::since(model, text),
        Purpose::Save => logs::save(model, text),
    }
}

fn filter(model: &mut Model, text: &str) -> Vec<Effect> {
    model.filter = Filter::read(text);
    stack::keep_chosen(model);
    stack::visible(model)
}

/// Carries a command out.
pub(super) fn run(model: &mut Model, command: Command) -> Vec<Effect> {
    if command.changes() && model.start.permission == Permission::Look {
        model.tell(Standing::Noticed, "nothing is changed from here: `--read-only`".to_owned());
        return Vec::new();
    }
    match command {
        Command::Quit => vec![Effect::Quit],
        Command::Suspend => vec![Effect::Suspend],
        Command::Redraw => vec![Effect::Redraw],
        Command::Show(tab) => show(model, tab),
        Command::NextTab => show(model, model.tab.after(1)),
        Command::PreviousTab => show(model, model.tab.after(Tab::ALL.len() - 1)),
        Command::Help => popup(model, Popup::Help(0)),
        Command::Palette => popup(model, Popup::Palette(Palette::default())),
        Command::Filter => {
            let text = model.filter.text().to_owned();
            popup(model, Popup::line(Purpose::Filter, &text))
        }
        Command::Mouse => {
            model.has_mouse = !model.has_mouse;
            vec![Effect::Mouse(if model.has_mouse { MouseUse::Taken } else { MouseUse::Left })]
        }
        Command::Back if !model.filter.is_empty() && model.tab == Tab::Stack => filter(model, ""),
        Command::Back if closes_detail(model) => on_tab(model, command),
        Command::Back if model.tab != Tab::Stack && !logs::goes_back(model) => show(model, Tab::Stack),
        Command::Start | Command::Stop | Command::Restart => action::deed(model, command),
        Command::PauseSupervision => action::pause(model),
        Command::Shell => action::shell(model),
        Command::Verify => action::verify(model),
        Command::Validate if model.tab == Tab::Findings => on_tab(model, command),
        Command::Validate => show(model, Tab::Findings),
        Command::Backup => action::backup(model),
        Command::Restore => action::restore(model),
        Command::Rollback => {
            let text = "`stackctl rollback` is not built yet; `restore` goes back to a restore point";
            model.tell(Standing::Noticed, text.to_owned());
            Vec::new()
        }
        other => on_tab(model, other),
    }
}

/// Whether the tab has something open that goes before the tab itself.
fn closes_detail(model: &Model) -> bool {
    match model.tab {
        Tab::Backups => model.backups.detail == Detail::Large,
        Tab::Findings => model.findings.detail == Detail::Large,
        _ => false,
    }
}

fn popup(model: &mut Model, popup: Popup) -> Vec<Effect> {
    model.popup = Some(popup);
    Vec::new()
}

/// What the tab itself does.
fn on_tab(model: &mut Model, command: Command) -> Vec<Effect> {
    match model.tab {
        Tab::Stack => stack::update(model, command),
        Tab::Health => health::update(model, command),
        Tab::Logs => logs::update(model, command),
        Tab::Events => events::update(model, command),
        Tab::Graph => graph::update(model, command),
        Tab::Backups => backups::update(model, command),
        Tab::Supervisor => supervisor::update(model, command),
        Tab::Findings => findings::update(model, command),
    }
}

/// Shows a tab: what only it needs begins, and what only the one before needed ends.
pub(super) fn show(model: &mut Model, tab: Tab) -> Vec<Effect> {
    if model.tab == tab {
        return Vec::new();
    }
    let mut effects = if model.tab == Tab::Logs { logs::leave(model) } else { Vec::new() };
    model.tab = tab;
    effects.extend(stack::visible(model));
    effects.extend(match tab {
        Tab::Health => health::enter(model),
        Tab::Logs => logs::enter(model),
        Tab::Backups => backups::enter(model),
        Tab::Supervisor => supervisor::enter(model),
        Tab::Findings => findings::enter(model),
        Tab::Stack | Tab::Events | Tab::Graph => Vec::new(),
    });
    effects
}

fn press(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
    if model.popup.is_some() {
        return Vec::new();
    }
    if let Some(tab) = super::view::tab_at(model, column, row) {
        return show(model, tab);
    }
    let below = row.checked_sub(super::view::content(model).top);
    match (model.tab, below) {
        (Tab::Stack, _) => stack::press(model, row),
        (Tab::Backups, Some(row)) => backups::press(model, row.into()),
        (Tab::Findings, Some(row)) => findings::press(model, row.into()),
        _ => Vec::new(),
    }
}
