// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A block of a report: a title, and below it names with words that are wrapped beside them.

use std::fmt::Write as _;

use super::columns::wrap;
use crate::output::Layout;

/// A block that is being written.
pub(super) struct Block {
    text: String,
    layout: Layout,
}

impl Block {
    /// Columns that names take.
    const NAMES: usize = 14;

    /// A block with its first line.
    pub(super) fn new(title: &str, layout: Layout) -> Self {
        Self { text: format!("{title}\n"), layout }
    }

    /// Adds words, with a name before their first line.
    pub(super) fn add(&mut self, name: &str, words: &str) {
        let room = self.layout.width.map_or(usize::MAX, |width| width.saturating_sub(Self::NAMES).max(20));
        for (at, piece) in wrap(words, room).iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            let _ = writeln!(self.text, "  {name:width$}{piece}", width = Self::NAMES - 2);
        }
    }

    /// The whole.
    pub(super) fn finish(self) -> String {
        self.text
    }
}
