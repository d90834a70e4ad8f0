// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Nothing is changed without a question, and the question says what follows.

use super::sample::{UNICODE, key, model, press, screen};
use crate::app::dashboard::{DeedKind, Wish};
use crate::tui::command::{Command, TABLE};
use crate::tui::key::Key;
use crate::tui::model::{Model, Permission};
use crate::tui::popup::Popup;
use crate::tui::tab::Tab;
use crate::tui::{Effect, Msg, update};

/// The dashboard with this service chosen.
fn chosen(name: &str) -> Model {
    let mut model = model((80, 24), UNICODE);
    model.chosen = Some(key("voice", name));
    model.stack.group = None;
    model.stack.is_chosen_by_hand = true;
    model
}

/// Whether an effect changes something outside.
fn changes(effect: &Effect) -> bool {
    match effect {
        Effect::Ask(Wish::Program(words)) => !words.contains(&"--dry-run".to_owned()),
        Effect::Ask(wish) => matches!(wish, Wish::Act(_) | Wish::Supervision { .. } | Wish::Shell { .. }),
        _ => false,
    }
}

#[test]
fn no_key_of_any_tab_changes_anything_by_itself() {
    for tab in Tab::ALL {
        for row in TABLE {
            for text in row.keys {
                let mut model = chosen("xtts");
                drop(press(&mut model, &(tab.index() + 1).to_string()));
                let effects = update(&mut model, Msg::Key(text.parse::<Key>().unwrap()));
                assert!(!effects.iter().any(changes), "{text} on {tab:?}: {effects:?}");
                // Enter alone is no agreement either.
                let effects = press(&mut model, "enter");
                assert!(!effects.iter().any(changes), "{text} and enter on {tab:?}: {effects:?}");
            }
        }
    }
}

#[test]
fn a_restart_is_asked_for_with_its_effect_and_its_command_line() {
    let mut model = chosen("ovos_messagebus");
    assert!(press(&mut model, "r").is_empty());
    let text = screen(&model);
    for words in
        ["restart `ovos_messagebus`?", "needed by: ", "xtts (unhealthy)", "docker restart voice-ovos_messagebus-1"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.contains("[>No<]"), "the first answer is no: {text}");
    assert!(press(&mut model, "enter").is_empty() && model.popup.is_none());
    for agreed in ["r y", "r left enter", "r tab enter"] {
        let effects = press(&mut model, agreed);
        let [Effect::Ask(Wish::Act(deed))] = effects.as_slice() else { panic!("{agreed}: {effects:?}") };
        assert_eq!((deed.kind, deed.container.as_str()), (DeedKind::Restart, "voice-ovos_messagebus-1"));
    }
}

#[test]
fn what_makes_no_sense_is_told_and_not_asked() {
    for (name, keys, words) in [("ovos_core", "S", "runs already"), ("whisper", "e", "does not run steadily")] {
        let mut model = chosen(name);
        assert!(press(&mut model, keys).is_empty() && model.popup.is_none(), "{keys}");
        assert!(screen(&model).contains(words), "{}", screen(&model));
    }
}

#[test]
fn read_only_changes_nothing() {
    for row in TABLE.iter().filter(|row| row.command.changes()) {
        let mut model = chosen("xtts");
        model.start.permission = Permission::Look;
        assert!(press(&mut model, row.keys[0]).is_empty(), "{}", row.name);
        assert!(model.popup.is_none() && screen(&model).contains("--read-only"), "{}", row.name);
    }
}

#[test]
fn every_command_of_the_palette_can_be_found_by_its_name_and_run() {
    for row in TABLE {
        let mut model = chosen("xtts");
        drop(press(&mut model, ":"));
        for letter in row.name.chars() {
            drop(update(&mut model, Msg::Key(Key::letter(letter))));
        }
        let Some(Popup::Palette(palette)) = &model.popup else { panic!("no palette") };
        assert_eq!(palette.fitting()[0].name, row.name);
        let effects = press(&mut model, "enter");
        assert!(!matches!(model.popup, Some(Popup::Palette(_))) || row.command == Command::Palette, "{}", row.name);
        assert!(!effects.iter().any(changes), "{}", row.name);
    }
}

#[test]
fn help_names_every_key() {
    let mut model = model_of_help();
    let text = screen(&model);
    for row in TABLE {
        assert!(text.contains(row.help) && text.contains(&row.keys.join(" ")), "{}", row.name);
    }
    drop(press(&mut model, "x"));
    assert!(model.popup.is_none(), "any key closes it");
}

fn model_of_help() -> Model {
    let mut model = model((120, 100), UNICODE);
    drop(press(&mut model, "?"));
    model
}

#[test]
fn filters_show_what_they_say_and_esc_ends_them() {
    let mut model = chosen("xtts");
    drop(press(&mut model, "/ h e a l t h : u n h"));
    let text = screen(&model);
    assert!(text.contains("xtts") && !text.contains("mosquitto"), "{text}");
    drop(press(&mut model, "enter esc"));
    assert!(screen(&model).contains("mosquitto"));
    drop(press(&mut model, "/ n o t h i n g"));
    assert!(screen(&model).contains("nothing fits the filter"));
}

#[test]
fn what_is_chosen_stays_chosen_when_the_order_changes() {
    let mut model = chosen("ovos_core");
    let mut host = super::sample::host();
    for service in &mut host.services {
        if service.key.service == "ovos_messagebus" {
            service.verdict = crate::health::Verdict::Paused;
        }
    }
    drop(update(&mut model, Msg::Host(Box::new(host))));
    assert_eq!(model.chosen, Some(key("voice", "ovos_core")));
    assert!(screen(&model).lines().any(|line| line.starts_with("> ovos_core")), "{}", screen(&model));
    drop(press(&mut model, "o o z"));
    assert!(!screen(&model).contains("ovos_core  "), "its project is folded: {}", screen(&model));
}
