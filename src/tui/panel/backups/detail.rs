// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One set in full.

use ratatui::text::Line;

use super::row::{state, verified};
use crate::app::dashboard::{SetRead, SetRow};
use crate::health::Timestamp;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::look::{Look, Role};
use crate::tui::view::paragraph::paragraph;
use crate::tui::view::text::bytes;

/// The chosen set, in lines of so many columns.
pub(super) fn lines(model: &Model, width: usize) -> Vec<Line<'static>> {
    let look = model.start.look;
    let Some(row) = model.backups.row() else { return Vec::new() };
    let (word, sign, role) = state(row);
    let at = row.at.format("%Y-%m-%d %H:%M:%S UTC");
    let head = format!("{} {} {word}, of {at}", look.sign(sign.glyph()), row.id);
    let mut lines = paragraph(&head, 1, width, look.style(role));
    match &row.set {
        Ok(set) => {
            lines.extend(of(set, row, model.now, width, look));
            let key = model.start.keymap.key(Command::Restore);
            let text = format!("{key} shows what a restore of it would do, and changes nothing");
            lines.extend(paragraph(&text, 3, width, look.style(Role::Hint)));
        }
        Err(reason) => {
            lines.extend(paragraph(reason, 3, width, look.style(Role::Bad)));
            let text = format!("what to do: `stackctl backup verify {}` says which files are bad", row.id);
            lines.extend(paragraph(&text, 3, width, look.style(Role::Hint)));
        }
    }
    lines
}

fn of(set: &SetRead, row: &SetRow, now: Timestamp, width: usize, look: Look) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut said = |text: &str, role: Role| lines.extend(paragraph(text, 3, width, look.style(role)));
    let kept = if set.is_protected { ", protected" } else { "" };
    let sizes = format!("{} of {} of data", bytes(set.stored_bytes), bytes(set.data_bytes));
    said(&format!("project {}, {sizes}, {}{kept}", set.project, verified(set, now)), Role::Text);
    match set.verified {
        Some((_, true)) => {}
        Some((_, false)) => {
            said(&format!("what to do: `stackctl backup verify {}` says which files are bad", row.id), Role::Hint);
        }
        None => said(&format!("what to do: `stackctl backup verify {}`", row.id), Role::Hint),
    }
    if let Some(note) = &set.note {
        said(&format!("note: {note}"), Role::Text);
    }
    for part in &set.parts {
        let skipped = if part.skipped > 0 { format!(", {} entries skipped", part.skipped) } else { String::new() };
        let text = format!(
            "{}: {} in {} entries, read {}{skipped}",
            part.name,
            bytes(part.bytes),
            part.entries,
            still(part.consistency),
        );
        said(&text, Role::Text);
    }
    for lack in &set.lacks {
        let (word, role) = if lack.is_required { ("LACKS", Role::Noticed) } else { ("left out:", Role::Dim) };
        said(&format!("{word} {}: {}", lack.name, lack.reason), role);
    }
    lines
}

/// The word for how still data was, and what it means.
fn still(word: &str) -> String {
    let meaning = match word {
        "stopped" => "nobody who writes was running",
        "hook" => "made safe by a hook",
        "paused" => "as after a power cut",
        "live" => "somebody may have written meanwhile",
        _ => return word.to_owned(),
    };
    format!("{word} ({meaning})")
}
