// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One set on one line.

use ratatui::text::{Line, Span};

use crate::app::dashboard::{SetRead, SetRow};
use crate::health::Timestamp;
use crate::health::verdict::State;
use crate::tui::look::{Look, Role};
use crate::tui::view::text::{ago, bytes, fit, right};

/// With fewer columns than this, sets go by their number, and less is said.
const NARROW: usize = 76;

/// Whether a set can be gone back to, in a word.
pub(super) fn state(row: &SetRow) -> (&'static str, State, Role) {
    match &row.set {
        Err(_) => ("damaged", State::Unhealthy, Role::Bad),
        Ok(set) if set.verified.is_some_and(|(_, good)| !good) => ("damaged", State::Unhealthy, Role::Bad),
        Ok(set) if !set.is_complete => ("partial", State::Degraded, Role::Noticed),
        Ok(_) => ("complete", State::Ok, Role::Good),
    }
}

/// When its files were last read.
pub(super) fn verified(set: &SetRead, now: Timestamp) -> String {
    match set.verified {
        None => "never verified".to_owned(),
        Some((at, true)) => format!("verified {}", ago(now - at)),
        Some((at, false)) => format!("bad {}", ago(now - at)),
    }
}

/// The titles.
pub(super) fn titles(width: usize) -> String {
    if width < NARROW {
        return format!("  {} {} {} VERIFIED", fit("SET", 5), right("AGE", 8), fit("STATE", 10));
    }
    format!(
        "  {} {} {} {} {} NOTE",
        fit("SET", 21),
        right("AGE", 8),
        right("SIZE", 5),
        fit("STATE", 10),
        fit("VERIFIED", 17)
    )
}

/// The line of a set.
pub(super) fn line(row: &SetRow, is_chosen: bool, now: Timestamp, width: usize, look: Look) -> Line<'static> {
    let (word, state, role) = state(row);
    let state = Span::styled(fit(&format!("{} {word}", look.sign(state.glyph())), 10), look.style(role));
    let mark = if is_chosen { "> " } else { "  " };
    let age = right(&ago(now - row.at), 8);
    let set = row.set.as_ref();
    let is_protected = set.is_ok_and(|set| set.is_protected);
    let seen = set.map_or_else(|_| "cannot be read".to_owned(), |set| verified(set, now));
    let spans = if width < NARROW {
        // Without the word that the title says already.
        let seen = seen.trim_start_matches("verified ").trim_end_matches(" verified");
        let kept = if is_protected { " kept" } else { "" };
        let left = width.saturating_sub(2 + 5 + 1 + 8 + 1 + 10 + 1);
        vec![
            Span::raw(format!("{mark}{} {age} ", fit(&format!("#{}", row.number), 5))),
            state,
            Span::raw(format!(" {}", fit(&format!("{seen}{kept}"), left))),
        ]
    } else {
        let size = set.map_or_else(|_| "-".to_owned(), |set| bytes(set.stored_bytes));
        let note = match set {
            Ok(set) => set.note.clone().unwrap_or_default(),
            Err(reason) => reason.clone(),
        };
        let kept = match (is_protected, note.is_empty()) {
            (true, true) => "protected",
            (true, false) => "protected; ",
            (false, _) => "",
        };
        let left = width.saturating_sub(2 + 21 + 1 + 8 + 1 + 5 + 1 + 10 + 1 + 17 + 1);
        vec![
            Span::raw(format!("{mark}{} {age} {} ", fit(&row.id, 21), right(&size, 5))),
            state,
            Span::raw(format!(" {} {}", fit(&seen, 17), fit(&format!("{kept}{note}"), left))),
        ]
    };
    let line = Line::from(spans);
    if is_chosen { line.patch_style(look.style(Role::Chosen)) } else { line }
}
