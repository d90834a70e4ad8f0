// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Texts alone do not tell whether the chosen line can be seen, or whether a theme without colours has none.

use ratatui::style::{Color, Modifier};

use super::sample::{buffer, model, press};
use crate::tui::look::{Look, Signs, Theme};
use crate::tui::tab::Tab;

const THEMES: [Theme; 4] = [Theme::Dark, Theme::Light, Theme::Contrast, Theme::Mono];

#[test]
fn the_chosen_line_is_turned_round_and_marked_in_every_theme() {
    for theme in THEMES {
        let mut model = model((80, 24), Look { theme, signs: Signs::Unicode });
        for presses in 0..4 {
            let buffer = buffer(&model);
            let rows: Vec<u16> = (3..20).filter(|row| buffer[(0, *row)].symbol() == ">").collect();
            assert_eq!(rows.len(), 1, "{theme:?} after {presses}");
            let cell = &buffer[(4, rows[0])];
            assert!(cell.modifier.contains(Modifier::REVERSED), "{theme:?}");
            drop(press(&mut model, "j"));
        }
    }
}

#[test]
fn without_colours_there_are_none() {
    for tab in Tab::ALL {
        let mut model = model((120, 40), Look { theme: Theme::Mono, signs: Signs::Unicode });
        drop(press(&mut model, &(tab.index() + 1).to_string()));
        for keys in ["?", "esc :", "esc 1 j j r"] {
            let buffer = buffer(&model);
            let is_plain = |cell: &ratatui::buffer::Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
            assert!(buffer.content.iter().all(is_plain), "{tab:?}");
            drop(press(&mut model, keys));
        }
    }
}

#[test]
fn what_is_broken_looks_unlike_what_is_well_in_every_theme() {
    for theme in THEMES {
        let look = Look { theme, signs: Signs::Unicode };
        let styles = crate::health::verdict::Standing::Bad;
        assert_ne!(look.standing(styles), look.standing(crate::health::verdict::Standing::Good), "{theme:?}");
    }
}
