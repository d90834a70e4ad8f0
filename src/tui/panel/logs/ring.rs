// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The lines that are kept: the newest, in bounded memory.

use std::collections::VecDeque;

use super::level::Gravity;
use crate::health::Timestamp;

/// Lines that are kept at most.
pub const MOST_LINES: usize = 10_000;
/// Bytes of text that are kept at most.
pub const MOST_BYTES: usize = 4 << 20;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who wrote it, by number; `None`: it is about the log as a whole.
    pub writer: Option<usize>,
    /// When, by the engine's clock.
    pub at: Option<Timestamp>,
    /// Whether it was written to standard error.
    pub is_error: bool,
    /// How grave it is.
    pub gravity: Option<Gravity>,
    /// The line, with colours.
    pub text: Box<str>,
}

/// The newest lines. Each has a number that stays its own, counted from 0.
#[derive(Debug, Clone, Default)]
pub struct Ring {
    entries: VecDeque<Entry>,
    bytes: usize,
    gone: usize,
}

impl Ring {
    /// Adds the next line; the oldest go while there are too many.
    pub fn push(&mut self, entry: Entry) {
        self.bytes += entry.text.len();
        self.entries.push_back(entry);
        while (self.entries.len() > MOST_LINES || self.bytes > MOST_BYTES)
            && let Some(oldest) = self.entries.pop_front()
        {
            self.bytes -= oldest.text.len();
            self.gone += 1;
        }
    }

    /// The number of the oldest line: so many are gone.
    #[must_use]
    pub const fn first(&self) -> usize {
        self.gone
    }

    /// The number that the next line will have.
    #[must_use]
    pub fn end(&self) -> usize {
        self.gone + self.entries.len()
    }

    /// A line by its number.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number.checked_sub(self.gone)?)
    }

    /// All lines with their numbers.
    pub fn all(&self) -> impl Iterator<Item = (usize, &Entry)> {
        (self.gone..).zip(&self.entries)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Lines that are there.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry { writer: None, at: None, is_error: false, gravity: None, text: text.into() }
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many_lines_or_bytes() {
        let mut ring = Ring::default();
        for number in 0..MOST_LINES + 5 {
            ring.push(entry(&number.to_string()));
        }
        assert_eq!((ring.len(), ring.first(), ring.end()), (MOST_LINES, 5, MOST_LINES + 5));
        assert_eq!(ring.get(5).map(|one| &*one.text), Some("5"));
        assert_eq!((ring.get(4), ring.get(MOST_LINES + 5)), (None, None));
        let large = "x".repeat(MOST_BYTES / 3);
        for _ in 0..4 {
            ring.push(entry(&large));
        }
        assert_eq!((ring.len(), ring.first()), (3, MOST_LINES + 6));
        ring.push(entry(&"x".repeat(MOST_BYTES + 1)));
        assert!(ring.is_empty() && ring.bytes == 0);
    }
}
