// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What services write, several together.

mod ansi;
mod columns;
mod export;
mod level;
mod names;
mod place;
mod read;
mod ring;
mod search;
mod since;
#[cfg(test)]
mod tests;
mod title;
mod update;
mod view;

use std::collections::VecDeque;

use chrono::TimeDelta;

pub use level::{Floor, Gravity};
pub use names::Writer;
pub use place::Hold;
pub use read::{enter, leave, lines, note, since};
pub use ring::{Entry, MOST_BYTES, MOST_LINES, Ring};
pub use search::{Kind, Search};
pub use update::{goes_back, save, search, update};
pub use view::draw;

/// How lines are laid out that are longer than the screen is wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Long {
    /// In as many rows as they need.
    Wrapped,
    /// In one row, from this column on.
    Cut(usize),
}

impl Default for Long {
    fn default() -> Self {
        Self::Cut(0)
    }
}

/// Whether it is shown when lines were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Times {
    /// It is not.
    #[default]
    Hidden,
    /// It is.
    Shown,
}

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Logs {
    /// The number of the reading: lines of others are of no use.
    pub number: u64,
    /// Whose logs are read.
    pub writers: Vec<Writer>,
    /// Whether their containers are known, so that an empty log is one.
    pub has_begun: bool,
    /// The lines.
    pub ring: Ring,
    /// Lines that never came here, because they came too fast.
    pub missing: usize,
    /// The numbers of the lines that are shown, in order.
    pub shown: VecDeque<usize>,
    /// Which lines are shown.
    pub floor: Floor,
    /// What part of them is on the screen.
    pub hold: Hold,
    /// How long lines are laid out.
    pub long: Long,
    /// Whether it is shown when they were written.
    pub times: Times,
    /// From so long ago on; `None`: the last lines.
    pub since: Option<TimeDelta>,
    /// What is searched for.
    pub search: Option<Search>,
    /// How the next search is meant.
    pub kind: Kind,
    /// Where the search that is being written began.
    before_search: Option<Hold>,
}

impl Logs {
    /// Forgets all lines; how they are shown stays.
    fn clear(&mut self) {
        self.number += 1;
        self.writers = Vec::new();
        self.has_begun = false;
        self.ring = Ring::default();
        self.missing = 0;
        self.shown = VecDeque::new();
        self.hold = Hold::Following;
        self.before_search = None;
        if let Some(search) = &mut self.search {
            search.at = None;
            search.redo(&self.ring, &self.shown);
        }
    }

    /// Takes the next line.
    fn push(&mut self, entry: Entry) {
        let number = self.ring.end();
        let is_shown = entry.writer.is_none() || self.floor.has(entry.gravity);
        if is_shown {
            self.shown.push_back(number);
            if let Some(search) = &mut self.search {
                search.add(number, &entry);
            }
        }
        self.ring.push(entry);
        let first = self.ring.first();
        while self.shown.front().is_some_and(|number| *number < first) {
            self.shown.pop_front();
        }
        if let Some(search) = &mut self.search {
            search.forget(first);
        }
    }

    /// Chooses the lines that are shown anew.
    fn sift(&mut self, floor: Floor) {
        self.floor = floor;
        let fits = |entry: &Entry| entry.writer.is_none() || floor.has(entry.gravity);
        self.shown = self.ring.all().filter(|(_, entry)| fits(entry)).map(|(number, _)| number).collect();
        self.seek();
    }

    /// Searches what is shown anew.
    fn seek(&mut self) {
        if let Some(search) = &mut self.search {
            search.redo(&self.ring, &self.shown);
            search.at = search.at.filter(|at| self.shown.binary_search(at).is_ok());
        }
    }

    /// The line at a place among those that are shown.
    fn entry(&self, index: usize) -> Option<(usize, &Entry)> {
        let number = *self.shown.get(index)?;
        Some((number, self.ring.get(number)?))
    }
}
