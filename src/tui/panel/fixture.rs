// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A screen in memory, for the tests of tabs.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::health::Timestamp;
use crate::tui::keymap::Keymap;
use crate::tui::look::{Look, Signs, Theme};
use crate::tui::{Model, Msg, Permission, Start, Tab, draw, update};

/// A moment of the test, in minutes.
pub(super) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + minutes * 60, 0).unwrap()
}

/// A model of this size on a tab, at minute 0, of the project `lab`, in ASCII.
pub(super) fn model(tab: Tab, size: (u16, u16)) -> Model {
    let start = Start {
        project: Some("lab".to_owned()),
        notes: Vec::new(),
        faults: Vec::new(),
        permission: Permission::Act,
        look: Look { theme: Theme::Mono, signs: Signs::Ascii },
        keymap: Keymap::default(),
        columns: Vec::new(),
        now: at(0),
        size,
    };
    Model { tab, ..Model::new(start) }
}

/// Presses keys one after the other; what the last one asks for.
pub(super) fn press(model: &mut Model, keys: &[&str]) -> Vec<crate::tui::Effect> {
    let press = |key: &&str| update(model, Msg::Key(key.parse().unwrap()));
    keys.iter().map(press).last().unwrap_or_default()
}

/// The whole screen as text, lines without blanks at their ends.
pub(super) fn screen(model: &Model) -> String {
    let (width, height) = model.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(model, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    let line = |y: u16| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
    (0..height).map(line).collect::<Vec<_>>().join("\n")
}

/// Draws it at every size that may be hard; a panic fails the test.
pub(super) fn draw_small_and_large(model: &mut Model) {
    for size in (1..50).flat_map(|width| (1..20).map(move |height| (width, height))).chain([(200, 60), (80, 24)]) {
        drop(update(model, Msg::Size(size.0, size.1)));
        screen(model);
        for key in ["end", "right", "enter", "up", "enter"] {
            press(model, &[key]);
        }
        screen(model);
    }
}
