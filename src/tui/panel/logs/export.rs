// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The lines that are shown, as one text: for a file or the pager.

use std::fmt::Write as _;

use super::ansi::plain;
use super::{Entry, Logs, Times};

/// Whether colours stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dress {
    /// They do.
    Colours,
    /// They do not.
    Plain,
}

/// All lines that the filter shows, not only those on the screen.
pub(super) fn text(logs: &Logs, dress: Dress) -> String {
    let width = logs.writers.iter().map(|writer| writer.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (_, entry) in (0..logs.shown.len()).filter_map(|index| logs.entry(index)) {
        if let Times::Shown = logs.times {
            let time = entry.at.map(|at| at.format("%Y-%m-%dT%H:%M:%S%.3fZ ").to_string());
            text.push_str(time.as_deref().unwrap_or("- "));
        }
        match entry.writer.and_then(|writer| logs.writers.get(writer)) {
            Some(writer) if logs.writers.len() > 1 => drop(write!(text, "{:width$} | ", writer.name)),
            Some(_) => {}
            None => text.push_str("-- "),
        }
        match dress {
            Dress::Colours if entry.text.contains('\u{1b}') => {
                text.push_str(&entry.text);
                text.push_str("\u{1b}[0m");
            }
            Dress::Colours => text.push_str(&entry.text),
            Dress::Plain => text.push_str(&plain(&entry.text)),
        }
        text.push('\n');
    }
    text
}

/// One line, to be copied.
pub(super) fn line(entry: &Entry) -> String {
    plain(&entry.text).into_owned()
}

/// A name for the file.
pub(super) fn file_name(logs: &Logs) -> String {
    let project = logs.writers.first().map_or("", |writer| writer.key.project.as_str());
    let is_one = logs.writers.iter().all(|writer| writer.key.project == project);
    let name = match logs.writers.as_slice() {
        [one] => format!("{project}-{}", one.name),
        _ if is_one => project.to_owned(),
        _ => "stackctl".to_owned(),
    };
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let name: String = name.chars().map(|letter| if fits(letter) { letter } else { '_' }).collect();
    format!("{}.log", name.trim_start_matches('.'))
}
