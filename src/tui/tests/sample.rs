// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A stack with trouble, as an engine would tell of it.

use chrono::TimeDelta;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::app::dashboard::{Host, HostLink, Service};
use crate::compose::model::Condition;
use crate::health::board::SlotKey;
use crate::health::definition::Need;
use crate::health::verdict::{Counted, Degraded, ProbeResult, Verdict, Wanted};
use crate::health::{Timestamp, Why};
use crate::tui::key::Key;
use crate::tui::keymap::Keymap;
use crate::tui::look::{Look, Signs, Theme};
use crate::tui::model::{Model, Permission, Start};
use crate::tui::{Effect, Msg, draw, update};

/// Now.
pub(super) fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + TimeDelta::days(20_000)
}

pub(super) fn key(project: &str, service: &str) -> SlotKey {
    SlotKey {
        context: "home".to_owned(),
        project: project.to_owned(),
        service: service.to_owned(),
        number: 1,
        one_off: None,
    }
}

/// A service that came to be so some minutes ago.
pub(super) fn service(project: &str, name: &str, verdict: Verdict, minutes: i64) -> Service {
    let state = match &verdict {
        Verdict::Missing { .. } => "-",
        Verdict::Paused => "paused",
        Verdict::Loop { .. } => "restarting",
        Verdict::Stopped { .. } => "exited",
        _ => "running",
    };
    let has_container = state != "-";
    Service {
        key: key(project, name),
        verdict,
        why: None,
        state,
        id: has_container.then(|| format!("{name}-id")),
        container: has_container.then(|| format!("{project}-{name}-1")),
        image: Some(format!("ghcr.io/example/{name}:1.2")),
        restarts: 0,
        since: Some(now() - TimeDelta::minutes(minutes)),
        needs: Vec::new(),
        is_quiet: false,
    }
}

fn why(sentence: &str, hint: &str) -> Why {
    Why { sentence: sentence.to_owned(), evidence: Vec::new(), hint: Some(hint.to_owned()) }
}

fn needs(names: &[&str]) -> Vec<Need> {
    let need = |name: &&str| Need {
        service: (*name).to_owned(),
        condition: Condition::Healthy,
        shares_namespace: false,
        restart: false,
        required: true,
    };
    names.iter().map(need).collect()
}

/// The engine `home`: two projects, one of them in trouble.
pub(super) fn host() -> Host {
    let unhealthy = Verdict::Unhealthy {
        streak: Some(3),
        last: Some(ProbeResult { exit_code: 7, output: "refused".to_owned(), at: now() }),
    };
    let looping = Verdict::Loop {
        count: 6,
        counted: Counted::Within(TimeDelta::minutes(10)),
        next_retry: None,
        exit_code: Some(3),
        oom: false,
    };
    let degraded = Verdict::Degraded { reason: Degraded::ChildOutOfMemory { kills: 1 } };
    let halted = Verdict::Stopped { exit_code: Some(0), oom: false, wanted: Wanted::Asked, next_retry: None };
    let services = vec![
        Service {
            why: Some(why(
                "fails its check 3 times in a row; last exit 7: refused",
                "look whether it listens on port 8020",
            )),
            needs: needs(&["ovos_messagebus"]),
            ..service("voice", "xtts", unhealthy, 4)
        },
        Service {
            why: Some(why("died 6 times in 10m, last with exit 3", "`docker logs --tail 50 voice-whisper-1`")),
            restarts: 6,
            ..service("voice", "whisper", looping, 1)
        },
        service("voice", "ollama", degraded, 312),
        Service {
            needs: needs(&["ovos_messagebus"]),
            ..service("voice", "ovos_core", Verdict::Ok { completed: false }, 3_000)
        },
        service("voice", "ovos_messagebus", Verdict::Ok { completed: false }, 3_000),
        service("net", "mosquitto", Verdict::Paused, 60),
        service("net", "proxy", halted, 90),
    ];
    Host { context: "home".to_owned(), link: HostLink::Live, now: now(), services, past: None }
}

pub(super) fn start(size: (u16, u16), look: Look) -> Start {
    Start {
        project: None,
        notes: Vec::new(),
        faults: Vec::new(),
        permission: Permission::Act,
        look,
        keymap: Keymap::default(),
        columns: Vec::new(),
        now: now(),
        size,
    }
}

pub(super) const UNICODE: Look = Look { theme: Theme::Dark, signs: Signs::Unicode };
pub(super) const ASCII: Look = Look { theme: Theme::Mono, signs: Signs::Ascii };

/// A dashboard that has seen the engine.
pub(super) fn model(size: (u16, u16), look: Look) -> Model {
    let mut model = Model::new(start(size, look));
    drop(update(&mut model, Msg::Host(Box::new(host()))));
    model
}

/// Presses keys, as people write them, one after the other; gives what they asked for.
pub(super) fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    let key = |text: &str| text.parse::<Key>().unwrap();
    keys.split(' ').flat_map(|text| update(model, Msg::Key(key(text)))).collect()
}

pub(super) fn buffer(model: &Model) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(model.size.0, model.size.1)).unwrap();
    terminal.draw(|frame| draw(model, frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// What is on the screen, without blanks at the ends of lines.
pub(super) fn screen(model: &Model) -> String {
    let buffer = buffer(model);
    let width = usize::from(buffer.area.width).max(1);
    let row = |cells: &[ratatui::buffer::Cell]| {
        cells.iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned()
    };
    buffer.content.chunks(width).map(row).collect::<Vec<_>>().join("\n")
}
