// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The columns of a line: marks, who wrote it, when, and the text.

use unicode_width::UnicodeWidthStr as _;

use super::{Logs, Times};
use crate::health::Timestamp;

/// A name has this many columns at most.
const WIDEST_NAME: usize = 24;
/// With fewer columns than this, times have no date.
const ROOM_FOR_DATE: usize = 60;

/// How wide each column is, without the gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    /// Who wrote it; 0 where only one writes.
    pub(super) name: usize,
    /// When.
    pub(super) time: Option<&'static str>,
    /// All before the text.
    pub(super) before: usize,
    /// The text.
    pub(super) text: usize,
}

/// The columns on a screen so wide.
pub(super) fn columns(logs: &Logs, width: usize) -> Columns {
    let longest = logs.writers.iter().map(|writer| writer.name.width()).max().unwrap_or(0);
    let name = if logs.writers.len() > 1 { longest.min((width / 4).max(6)).min(WIDEST_NAME) } else { 0 };
    let time = match logs.times {
        Times::Hidden => None,
        Times::Shown if width < ROOM_FOR_DATE => Some("%H:%M:%S"),
        Times::Shown => Some("%m-%d %H:%M:%S"),
    };
    // A mark, a sign, the name and a rule, the time and a blank.
    let before = 2 + if name > 0 { name + 1 } else { 0 } + time.map_or(0, |form| time_width(form) + 1);
    Columns { name, time, before, text: width.saturating_sub(before).max(1) }
}

fn time_width(form: &str) -> usize {
    // Each `%m` gives two digits.
    form.len()
}

/// The time of a line.
pub(super) fn time(at: Option<Timestamp>, form: &str) -> String {
    at.map_or_else(|| " ".repeat(time_width(form)), |at| at.format(form).to_string())
}
