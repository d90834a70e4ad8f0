// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tab as a whole: what keys and lines do to it, and how it looks.
#![expect(clippy::expect_used, clippy::panic, reason = "a failed set-up fails the test")]

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;

use super::*;
use crate::app::dashboard::{Answer, Host, HostLink, LogLine, LogWish, Service, Wish};
use crate::health::Verdict;
use crate::health::board::SlotKey;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::key::{Code, Key};
use crate::tui::keymap::Keymap;
use crate::tui::look::{Look, Signs, Theme};
use crate::tui::{Model, Msg, Permission, Start, Tab};

const WHEN: &str = "2026-01-31T12:00:00Z";

fn key(service: &str) -> SlotKey {
    let [context, project] = ["here", "lab"].map(str::to_owned);
    SlotKey { context, project, service: service.to_owned(), number: 1, one_off: None }
}

fn service(name: &str) -> Service {
    Service {
        key: key(name),
        verdict: Verdict::NoCheck,
        why: None,
        state: "exited",
        id: None,
        container: None,
        image: None,
        restarts: 0,
        since: None,
        needs: Vec::new(),
        is_quiet: false,
    }
}

/// A screen with the log of these services, of which the first is chosen and the others are marked with it.
fn showing(services: &[&str], size: (u16, u16), theme: Theme) -> (Model, LogWish) {
    let now = WHEN.parse().expect("a time");
    let start = Start {
        project: Some("lab".to_owned()),
        notes: Vec::new(),
        faults: Vec::new(),
        permission: Permission::Act,
        look: Look { theme, signs: Signs::Ascii },
        keymap: Keymap::default(),
        columns: Vec::new(),
        now,
        size,
    };
    let mut model = Model::new(start);
    let services: Vec<Service> = services.iter().map(|name| service(name)).collect();
    if services.len() > 1 {
        model.stack.marked = services.iter().map(|one| one.key.clone()).collect();
    }
    let host = Host { context: "here".to_owned(), link: HostLink::Live, now, services, past: None };
    drop(crate::tui::update(&mut model, Msg::Host(Box::new(host))));
    let effects = press(&mut model, "3");
    let Some(Effect::Ask(Wish::Logs(wish))) = effects.last() else { panic!("no log is asked for: {effects:?}") };
    (model, wish.clone())
}

fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    keys.split(' ').flat_map(|key| crate::tui::update(model, Msg::Key(key.parse().expect("a key")))).collect()
}

fn write(model: &mut Model, text: &str) -> Vec<Effect> {
    drop(crate::tui::update(model, Msg::Paste(text.to_owned())));
    crate::tui::update(model, Msg::Key(Key { code: Code::Enter, ctrl: false, alt: false }))
}

fn come(model: &mut Model, service: &str, lines: &[&str]) {
    let line = |text: &&str| LogLine {
        key: key(service),
        at: WHEN.parse().ok(),
        is_error: text.contains("ERROR"),
        text: (*text).to_owned(),
    };
    let lines = lines.iter().map(line).collect();
    let answer = Answer::Lines { number: model.logs.number, lines, missing: 0 };
    drop(crate::tui::update(model, Msg::Answer(answer)));
}

fn numbered(model: &mut Model, count: usize) {
    let lines: Vec<String> = (0..count).map(|number| format!("line {number}")).collect();
    come(model, "web", &lines.iter().map(String::as_str).collect::<Vec<_>>());
}

fn terminal(model: &Model) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(model.size.0, model.size.1)).expect("a terminal");
    terminal.draw(|frame| crate::tui::draw(model, frame)).expect("a frame");
    terminal
}

/// The rows of the tab, without header, tabs and footer.
fn drawn(model: &Model) -> String {
    let terminal = terminal(model);
    let buffer = terminal.backend().buffer();
    let row = |y: u16| (0..model.size.0).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
    (2..model.size.1 - 1).map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn marked_services_are_read_together_and_others_lines_are_left_alone() {
    let (mut model, wish) = showing(&["db", "web"], (80, 24), Theme::Dark);
    assert_eq!(wish, LogWish { keys: vec![key("db"), key("web")], since: None, tail: 1000, number: 1 });
    come(&mut model, "web", &["one"]);
    come(&mut model, "gone", &["two"]);
    let old = Answer::Lines { number: 0, lines: Vec::new(), missing: 7 };
    drop(crate::tui::update(&mut model, Msg::Answer(old)));
    assert_eq!((model.logs.ring.len(), model.logs.missing), (1, 0));
    // Who goes and comes again reads anew.
    assert_eq!(press(&mut model, "4"), [Effect::Ask(Wish::NoLogs)]);
    assert!(model.logs.ring.is_empty());
    let effects = press(&mut model, "3 a");
    assert!(matches!(&effects[..], [Effect::Ask(Wish::Logs(wish))] if wish.number == 3));
    let effects = write(&mut model, "10m");
    assert!(
        matches!(&effects[..], [Effect::Ask(Wish::Logs(wish))] if wish.since == chrono::TimeDelta::try_minutes(10))
    );
    assert!(press(&mut model, "a").is_empty() && write(&mut model, "soon").is_empty());
    assert!(model.told.as_ref().is_some_and(|told| told.text.contains("`10m")));
}

#[test]
fn a_small_screen_shows_the_end_of_one_log() {
    let (mut model, _) = showing(&["web"], (40, 12), Theme::Mono);
    insta::assert_snapshot!(drawn(&model).trim_end(), @r"
    web  following
     reading the log of `web`
    ");
    come(&mut model, "web", &[]);
    insta::assert_snapshot!(drawn(&model).trim_end(), @r"
    web  following
     `web` does not run (exited) and has
     written nothing
    ");
    numbered(&mut model, 20);
    come(
        &mut model,
        "web",
        &["a\tb", "ERROR \u{1b}[31mthis is a long line that does not fit", "ERROR\u{1b}[2J \u{7}plain"],
    );
    press(&mut model, "t");
    insta::assert_snapshot!(drawn(&model), @r"
    web  following  UTC
     12:00:00 line 15
     12:00:00 line 16
     12:00:00 line 17
     12:00:00 line 18
     12:00:00 line 19
     12:00:00 a       b
    !12:00:00 ERROR this is a long line th~
    !12:00:00 ERROR �plain
    ");
    press(&mut model, "t w k");
    insta::assert_snapshot!(drawn(&model), @r"
    web  paused, 1 behind  wrap
     line 15
     line 16
     line 17
     line 18
     line 19
     a       b
    !ERROR this is a long line that does no
     t fit
    ");
}

#[test]
fn a_usual_screen_tells_several_apart_and_shows_what_is_searched() {
    let (mut model, _) = showing(&["db", "speech-to-text-server", "web"], (80, 24), Theme::Dark);
    come(&mut model, "web", &["GET / 200", "INFO ready", "  at once"]);
    come(&mut model, "db", &["ERROR no such table", "  at line 1", "LOG: done"]);
    come(&mut model, "speech-to-text-server", &["warn: slow get"]);
    drop(crate::tui::update(
        &mut model,
        Msg::Answer(Answer::LogNote { number: 1, text: "the engine went away".to_owned() }),
    ));
    press(&mut model, "/");
    write(&mut model, "get");
    press(&mut model, "N");
    insta::assert_snapshot!(drawn(&model).trim_end(), @r"
     3 services: db, speech-to-text-server, web  following  1/2 /get
    > web                 |GET / 200
      web                 |INFO ready
      web                 |  at once
     !db                  |ERROR no such table
      db                  |  at line 1
      db                  |LOG: done
      speech-to-text-serv~|warn: slow get
     -                    |the engine went away
    ");
    press(&mut model, "n n");
    assert!(model.told.as_ref().is_some_and(|told| told.text.contains("from the first line")));
    press(&mut model, "L");
    insta::assert_snapshot!(drawn(&model).trim_end(), @r"
    3 services: db, speech-to-text-server, web  following  -/1 /get  warnings+
    !db                  |ERROR no such table
     db                  |  at line 1
     speech-to-text-serv~|warn: slow get
    -                    |the engine went away
    ");
    press(&mut model, "L");
    assert!(drawn(&model).contains("errors"));
    // What is saved is what is shown, without colours, and who wrote it.
    press(&mut model, "ctrl-s");
    let effects = crate::tui::update(&mut model, Msg::Key(Key { code: Code::Enter, ctrl: false, alt: false }));
    let [Effect::Ask(Wish::Save { path, text })] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(path, "lab.log");
    assert!(
        text.starts_with("db                    | ERROR no such table\ndb                    |   at line 1\n"),
        "{text}"
    );
    // The search ends first, then the tab.
    press(&mut model, "esc");
    assert_eq!((model.tab, model.logs.search.is_some()), (Tab::Logs, false));
    press(&mut model, "esc");
    assert_eq!(model.tab, Tab::Stack);
}

#[test]
fn who_scrolls_up_stands_still_while_more_comes() {
    let (mut model, _) = showing(&["web"], (80, 24), Theme::Dark);
    numbered(&mut model, 100);
    let first_and_last = |model: &Model| {
        let text = drawn(model);
        let lines: Vec<String> = text.lines().skip(1).map(|line| line.trim().to_owned()).collect();
        (lines[0].clone(), lines[lines.len() - 1].clone())
    };
    let lines = |first: usize, last: usize| (format!("line {first}"), format!("line {last}"));
    assert_eq!(first_and_last(&model), lines(80, 99));
    press(&mut model, "k k");
    numbered(&mut model, 3);
    assert_eq!(first_and_last(&model), lines(78, 97));
    assert!(drawn(&model).contains("paused, 5 behind"), "{}", drawn(&model));
    press(&mut model, "pgup g j");
    assert_eq!(first_and_last(&model), lines(1, 20));
    // What is looked at goes away in the end.
    numbered(&mut model, MOST_LINES);
    assert_eq!(first_and_last(&model), lines(0, 19));
    assert!(drawn(&model).contains("103 older gone"));
    press(&mut model, "pgdn pgdn G");
    assert_eq!(first_and_last(&model), lines(MOST_LINES - 20, MOST_LINES - 1));
    press(&mut model, "f");
    numbered(&mut model, 1);
    assert!(drawn(&model).contains("paused, 1 behind"));
    press(&mut model, "f");
    assert!(drawn(&model).contains("following"));
    // A search takes the view to its line, and esc in it takes it back.
    press(&mut model, "/");
    drop(crate::tui::update(&mut model, Msg::Paste("line 17".to_owned())));
    assert!(model.logs.hold != Hold::Following);
    press(&mut model, "esc");
    assert_eq!((model.logs.hold, model.logs.search.is_some()), (Hold::Following, false));
}

#[test]
fn patterns_copy_and_colours() {
    let (mut model, _) = showing(&["web"], (80, 24), Theme::Dark);
    let line = "\u{1b}[32mgreen\u{1b}[0m a1 漢字 end";
    come(&mut model, "web", &["a1", line, "last"]);
    press(&mut model, "ctrl-r /");
    write(&mut model, "a\\d (");
    assert!(drawn(&model).contains("bad pattern: unclosed group"));
    press(&mut model, "/ ctrl-u");
    write(&mut model, r"a\d \S");
    assert_eq!(press(&mut model, "y"), [Effect::Copy("green a1 漢字 end".to_owned())]);
    let at = |model: &Model, x: u16| {
        let terminal = terminal(model);
        let cell = terminal.backend().buffer()[(x, 4)].clone();
        (cell.symbol().to_owned(), cell.fg)
    };
    assert_eq!(at(&model, 2), ("g".to_owned(), Color::Green));
    model.start.look.theme = Theme::Mono;
    assert_eq!(at(&model, 2), ("g".to_owned(), Color::Reset));
    press(&mut model, "esc");
    assert_eq!(press(&mut model, "y"), [Effect::Copy("last".to_owned())]);
    let effects = press(&mut model, "m");
    assert!(matches!(&effects[..], [Effect::Ask(Wish::Pager(text))] if text.contains(line)));
}

#[test]
fn every_size_is_drawn_and_scrolled() {
    for wrap in ["t", "t w"] {
        for size in [(30, 8), (31, 9), (33, 40), (200, 60), (1, 1), (5, 0)] {
            let (mut model, _) = showing(&["db", "speech-to-text-server"], (80, 24), Theme::Dark);
            press(&mut model, wrap);
            come(
                &mut model,
                "db",
                &["", "\t\t\t漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字", "\u{300}\u{300}x", "x\u{200d}y"],
            );
            let long = "漢x".repeat(4000);
            come(&mut model, "db", &[&long, "end"]);
            drop(crate::tui::update(&mut model, Msg::Size(size.0, size.1)));
            for keys in ["k", "pgup", "l", "l", "pgdn", "g", "j", "h", "f", "L", "L", "L"] {
                press(&mut model, keys);
                drop(terminal(&model));
            }
        }
    }
    assert_eq!(Command::named("follow"), Some(Command::Follow));
}
