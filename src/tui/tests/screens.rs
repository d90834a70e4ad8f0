// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the screens show, at every size.

use chrono::TimeDelta;

use super::sample::{ASCII, UNICODE, host, model, now, press, screen, start};
use crate::app::dashboard::{Answer, Happened, Host, HostLink, What};
use crate::health::Timestamp;
use crate::tui::model::Model;
use crate::tui::tab::Tab;
use crate::tui::{Msg, update};

const SIZES: [(u16, u16); 5] = [(30, 8), (40, 12), (80, 24), (120, 40), (200, 60)];

#[test]
fn the_stack_at_every_size_with_both_kinds_of_signs() {
    for size in SIZES {
        for (name, look) in [("unicode", UNICODE), ("ascii", ASCII)] {
            let text = screen(&model(size, look));
            insta::assert_snapshot!(format!("stack-{}x{}-{name}", size.0, size.1), text);
        }
    }
}

#[test]
fn every_tab_fits_into_every_size() {
    for size in SIZES.into_iter().chain([(1, 1), (29, 8), (30, 7), (10, 3), (0, 0), (31, 9)]) {
        for tab in Tab::ALL {
            let mut model = model(size, UNICODE);
            drop(press(&mut model, &(tab.index() + 1).to_string()));
            assert_eq!(model.tab, tab);
            let text = screen(&model);
            for line in text.lines() {
                assert!(line.chars().count() <= usize::from(size.0), "{tab:?} at {size:?}: {line}");
            }
            // Everything that stands before it, too.
            for keys in ["?", "esc :", "esc 1 r", "esc /"] {
                drop(press(&mut model, keys));
                drop(screen(&model));
            }
        }
    }
}

#[test]
fn ascii_means_ascii() {
    for tab in Tab::ALL {
        let mut model = model((120, 40), ASCII);
        drop(press(&mut model, &(tab.index() + 1).to_string()));
        for keys in ["?", "esc :", "esc 1 r"] {
            let text = screen(&model);
            assert!(text.is_ascii(), "{tab:?}: {text}");
            drop(press(&mut model, keys));
        }
    }
}

#[test]
fn health_and_dependencies_of_a_service() {
    let mut model = model((80, 24), UNICODE);
    drop(press(&mut model, "j j 2"));
    insta::assert_snapshot!("health-80x24", screen(&model));
    drop(press(&mut model, "5"));
    insta::assert_snapshot!("graph-80x24", screen(&model));
}

fn later(seconds: i64) -> Timestamp {
    now() + TimeDelta::seconds(seconds)
}

#[test]
fn an_engine_that_is_lost_says_so_and_nothing_can_be_done_there() {
    let mut model = model((80, 24), UNICODE);
    let reason = "the socket is gone".to_owned();
    let what = What::Lost { reason, hint: Some("start the engine".to_owned()) };
    let lost = Happened { at: later(1), context: "home".to_owned(), what };
    drop(update(&mut model, Msg::Happened(Box::new(lost))));
    let host = Host { link: HostLink::Lost(later(1)), now: later(13), ..host() };
    drop(update(&mut model, Msg::Host(Box::new(host))));
    let text = screen(&model);
    assert!(text.contains("home lost 12s, trying again: the socket is gone"), "{text}");
    assert!(text.contains("stale"), "{text}");
    assert!(press(&mut model, "j r").is_empty() && model.popup.is_none());
    assert!(screen(&model).contains("cannot be asked"), "{}", screen(&model));
    insta::assert_snapshot!("lost-80x24", screen(&model));
    let back =
        Happened { at: later(20), context: "home".to_owned(), what: What::Back { outage: TimeDelta::seconds(19) } };
    drop(update(&mut model, Msg::Happened(Box::new(back))));
    assert!(screen(&model).contains("home ● live"), "{}", screen(&model));
}

#[test]
fn before_the_first_view_and_without_anything_it_says_what_to_do() {
    let mut model = Model::new(start((80, 24), UNICODE));
    assert!(screen(&model).contains("asking the engine"));
    let (reason, hint) = ("permission denied on the socket".to_owned(), Some("join the group `docker`".to_owned()));
    let unreachable = Answer::Unreachable { context: "home".to_owned(), reason, hint };
    drop(update(&mut model, Msg::Answer(unreachable)));
    let text = screen(&model);
    assert!(text.contains("permission denied") && text.contains("join the group"), "{text}");
    drop(update(&mut model, Msg::Host(Box::new(Host { services: Vec::new(), ..host() }))));
    let text = screen(&model);
    assert!(text.contains("no compose project") && text.contains("docker compose up -d"), "{text}");
}
