// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What can be done from here, each after a question that says exactly what follows.

use chrono::TimeDelta;

use super::super::command::Command;
use super::super::effect::Effect;
use super::super::model::Model;
use super::super::popup::Popup;
use super::super::tab::Tab;
use crate::app::dashboard::{Deed, DeedKind, Service, Wish};
use crate::health::verdict::{Standing, State};

/// How long supervisors are kept away.
const PAUSE: TimeDelta = TimeDelta::minutes(15);

/// The chosen service, where its engine can be asked; else why not.
fn target(model: &Model) -> Result<&Service, String> {
    let service = model.chosen().ok_or_else(|| "no service is chosen".to_owned())?;
    match model.lost_since(&service.key.context) {
        Some(_) => Err(format!("the engine `{}` cannot be asked, so nothing is done", service.key.context)),
        None => Ok(service),
    }
}

/// Does something with the chosen service, or says why that cannot be.
fn with_target(model: &mut Model, work: impl FnOnce(&Model, &Service) -> Result<Popup, String>) -> Vec<Effect> {
    match target(model).and_then(|service| work(model, service)) {
        Ok(popup) => model.popup = Some(popup),
        Err(text) => model.tell(Standing::Noticed, text),
    }
    Vec::new()
}

/// Who depends on a service, in words.
fn dependants(model: &Model, service: &Service) -> String {
    let names: Vec<String> =
        model.dependants(&service.key).map(|one| format!("{} ({})", one.key.service, one.verdict.word())).collect();
    if names.is_empty() { "nothing needs it".to_owned() } else { format!("needed by: {}", names.join(", ")) }
}

pub(super) fn deed(model: &mut Model, command: Command) -> Vec<Effect> {
    with_target(model, |model, service| {
        let name = &service.key.service;
        let (Some(id), Some(container)) = (service.id.clone(), service.container.clone()) else {
            return Err(format!("`{name}` has no container; `docker compose up -d {name}` makes one"));
        };
        let kind = match (command, service.state) {
            (Command::Start, "paused") => DeedKind::Unpause,
            (Command::Start, "running") => return Err(format!("`{name}` runs already")),
            (Command::Start, _) => DeedKind::Start,
            (Command::Stop, "exited" | "created") => return Err(format!("`{name}` does not run")),
            (Command::Stop, _) => DeedKind::Stop,
            _ => DeedKind::Restart,
        };
        let what = match kind {
            DeedKind::Start => "its process is started; nothing is made anew",
            DeedKind::Unpause => "it is frozen, and goes on where it stood still",
            DeedKind::Stop => "its process is asked to end, and killed when it does not in its time; it stays down",
            DeedKind::Restart => "its process is asked to end and started again; its data and settings stay",
        };
        let effects = vec![format!("{container}: {what}"), dependants(model, service)];
        let line = format!("docker {} {container}", kind.word());
        let deed = Deed { kind, key: service.key.clone(), container, id };
        Ok(Popup::confirm(format!("{} `{name}`?", kind.word()), effects, line, Effect::Ask(Wish::Act(deed))))
    })
}

pub(super) fn pause(model: &mut Model) -> Vec<Effect> {
    with_target(model, |model, service| {
        let (context, project) = (service.key.context.clone(), service.key.project.clone());
        if model.supervisor.paused_until(&context, &project).is_some() {
            let effects = vec!["supervisors may act on it again at once".to_owned()];
            let then = Wish::Supervision { context, project: project.clone(), pause: None };
            let line = "stackctl dashboard gives the project's lock back".to_owned();
            return Ok(Popup::confirm(
                format!("end the pause of supervision of `{project}`?"),
                effects,
                line,
                Effect::Ask(then),
            ));
        }
        let effects = vec![
            format!("supervisors leave `{project}` alone for {} minutes", PAUSE.num_minutes()),
            "as long as this dashboard runs: it holds the project's lock, so backup, restore and others wait too"
                .to_owned(),
        ];
        let then = Wish::Supervision { context, project: project.clone(), pause: Some(PAUSE) };
        let line = "no command line does this".to_owned();
        Ok(Popup::confirm(format!("pause supervision of `{project}`?"), effects, line, Effect::Ask(then)))
    })
}

pub(super) fn shell(model: &mut Model) -> Vec<Effect> {
    with_target(model, |_, service| {
        let name = &service.key.service;
        let container = service.container.clone().ok_or_else(|| format!("`{name}` has no container"))?;
        if service.state != "running" || service.verdict.state() == State::Loop {
            return Err(format!("`{name}` does not run steadily, so there is nothing to open a shell in"));
        }
        let effects = vec![format!("a shell in {container}; what is done there can change its data")];
        let line = format!("docker exec -it {container} sh");
        let then = Wish::Shell { context: service.key.context.clone(), container };
        Ok(Popup::confirm(format!("open a shell in `{name}`?"), effects, line, Effect::Ask(then)))
    })
}

/// Runs this very program with the terminal to itself.
fn program(question: &str, effect: &str, words: &[&str]) -> Popup {
    let arguments: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let line = format!("stackctl {}", words.join(" "));
    Popup::confirm(question.to_owned(), vec![effect.to_owned()], line, Effect::Ask(Wish::Program(arguments)))
}

pub(super) fn verify(model: &mut Model) -> Vec<Effect> {
    with_target(model, |_, service| {
        let name = service.key.service.as_str();
        let effect = "its health, a probe in its own protocol, and the command of its guide, each shown first";
        Ok(program(&format!("verify `{name}`?"), effect, &["verify", "-p", &service.key.project, name]))
    })
}

pub(super) fn backup(model: &mut Model) -> Vec<Effect> {
    match project(model) {
        Some(project) => {
            let effect = "shows its plan and asks once more before anything is stopped";
            let question = format!("make a restore point of `{project}`?");
            model.popup = Some(program(&question, effect, &["backup", "-p", &project]));
        }
        None => model.tell(Standing::Noticed, "no project is chosen".to_owned()),
    }
    Vec::new()
}

pub(super) fn restore(model: &mut Model) -> Vec<Effect> {
    let Some(project) = project(model) else {
        model.tell(Standing::Noticed, "no project is chosen".to_owned());
        return Vec::new();
    };
    // On other tabs nobody sees which one is chosen: the newest good one is meant.
    let set = if model.tab == Tab::Backups { model.backups.chosen().unwrap_or_default() } else { String::new() };
    let mut words = vec!["restore", "-p", &project, "--dry-run"];
    words.extend((!set.is_empty()).then_some(set.as_str()));
    // It only looks, so nobody is asked.
    vec![Effect::Ask(Wish::Program(words.iter().map(|word| (*word).to_owned()).collect()))]
}

/// The project that is meant: that of the chosen service, else the only one.
fn project(model: &Model) -> Option<String> {
    model.chosen.as_ref().map(|key| key.project.clone()).or_else(|| model.start.project.clone())
}
