// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is searched for, and the lines that have it.

use std::collections::VecDeque;

use regex::{Regex, RegexBuilder};

use super::ansi::plain;
use super::ring::{Entry, Ring};

/// Memory that a pattern may take, in bytes.
const MOST_OF_PATTERN: usize = 1 << 20;

/// How the text of a search is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// As it stands.
    #[default]
    Words,
    /// As a regular expression.
    Pattern,
}

/// A search.
#[derive(Debug, Clone)]
pub struct Search {
    /// What was written.
    pub text: String,
    /// The pattern, or why it is none.
    found: Result<Regex, String>,
    /// The numbers of the lines that have it, in order.
    hits: VecDeque<usize>,
    /// The one that is looked at.
    pub at: Option<usize>,
}

/// Where a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// To younger lines.
    Down,
    /// To older ones.
    Up,
}

impl Search {
    /// A search for something. Capital letters in it make case count.
    pub(super) fn new(text: &str, kind: Kind) -> Self {
        let pattern = match kind {
            Kind::Words => regex::escape(text),
            Kind::Pattern => text.to_owned(),
        };
        let found = RegexBuilder::new(&pattern)
            .case_insensitive(!has_capitals(text, kind))
            .size_limit(MOST_OF_PATTERN)
            .dfa_size_limit(MOST_OF_PATTERN)
            .build()
            .map_err(|error| reason(&error));
        Self { text: text.to_owned(), found, hits: VecDeque::new(), at: None }
    }

    /// Why there is no such pattern.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.found.as_ref().err().map(String::as_str)
    }

    /// Lines that have it.
    #[must_use]
    pub fn count(&self) -> usize {
        self.hits.len()
    }

    /// Which of them is looked at, from 1.
    #[must_use]
    pub fn place(&self) -> Option<usize> {
        self.hits.binary_search(&self.at?).ok().map(|index| index + 1)
    }

    /// The places in a line where it is, in bytes of the plain text.
    pub(super) fn places<'t>(&'t self, plain: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let found = self.found.as_ref().ok();
        found.into_iter().flat_map(|regex| regex.find_iter(plain)).map(|one| (one.start(), one.end()))
    }

    /// Takes a line that is shown.
    pub(super) fn add(&mut self, number: usize, entry: &Entry) {
        if self.found.as_ref().is_ok_and(|regex| regex.is_match(&plain(&entry.text))) {
            self.hits.push_back(number);
        }
    }

    /// Searches all lines that are shown anew.
    pub(super) fn redo(&mut self, ring: &Ring, shown: &VecDeque<usize>) {
        self.hits.clear();
        for number in shown {
            if let Some(entry) = ring.get(*number) {
                self.add(*number, entry);
            }
        }
    }

    /// Lines before this one are gone.
    pub(super) fn forget(&mut self, first: usize) {
        while self.hits.front().is_some_and(|hit| *hit < first) {
            self.hits.pop_front();
        }
        self.at = self.at.filter(|at| *at >= first);
    }

    /// The youngest that is no younger than this line, else the oldest of all.
    pub(super) fn up_to(&self, number: usize) -> Option<usize> {
        let after = self.hits.partition_point(|hit| *hit <= number);
        after.checked_sub(1).and_then(|index| self.hits.get(index)).or(self.hits.front()).copied()
    }

    /// The next one from this line, and whether the search went round the end.
    pub(super) fn next(&self, from: usize, way: Way) -> Option<(usize, bool)> {
        let (next, round) = match way {
            Way::Down => (self.hits.get(self.hits.partition_point(|hit| *hit <= from)), self.hits.front()),
            Way::Up => {
                let index = self.hits.partition_point(|hit| *hit < from).checked_sub(1);
                (index.and_then(|index| self.hits.get(index)), self.hits.back())
            }
        };
        next.map(|hit| (*hit, false)).or_else(|| round.map(|hit| (*hit, true)))
    }
}

/// Whether a letter is large; after a backslash of a pattern it is none.
fn has_capitals(text: &str, kind: Kind) -> bool {
    let mut is_escaped = false;
    text.chars().any(|letter| {
        let counts = !is_escaped && letter.is_uppercase();
        is_escaped = kind == Kind::Pattern && letter == '\\' && !is_escaped;
        counts
    })
}

/// The reason without the picture around it.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(text: &str, kind: Kind, lines: &[&str]) -> Search {
        let mut ring = Ring::default();
        for line in lines {
            ring.push(Entry { writer: None, at: None, is_error: false, gravity: None, text: (*line).into() });
        }
        let mut search = Search::new(text, kind);
        search.redo(&ring, &(0..lines.len()).collect());
        search
    }

    #[test]
    fn the_search_goes_from_line_to_line_and_round() {
        let search = searched("one", Kind::Words, &["one", "two", "One \u{1b}[31mone", "o\u{1b}[1mne", "x"]);
        assert_eq!(search.count(), 3);
        assert_eq!(search.next(0, Way::Down), Some((2, false)));
        assert_eq!(search.next(2, Way::Up), Some((0, false)));
        assert_eq!(search.next(3, Way::Down), Some((0, true)));
        assert_eq!(search.next(0, Way::Up), Some((3, true)));
        assert_eq!((search.up_to(1), search.up_to(4)), (Some(0), Some(3)));
        let mut left = search;
        left.at = Some(0);
        left.forget(1);
        assert_eq!((left.count(), left.at, left.up_to(1)), (2, None, Some(2)));
        assert_eq!(searched("none", Kind::Words, &["one"]).next(0, Way::Down), None);
    }

    #[test]
    fn case_counts_where_it_was_written_and_signs_mean_themselves() {
        let lines = ["Error (a)", "error (b)", "x"];
        let count = |text: &str, kind| searched(text, kind, &lines).count();
        assert_eq!((count("error", Kind::Words), count("Error", Kind::Words)), (2, 1));
        assert_eq!((count("(a)", Kind::Words), count("^.$", Kind::Words)), (1, 0));
        assert_eq!((count(r"ERROR|\S{5} \(b", Kind::Pattern), count(r"^\w$", Kind::Pattern)), (1, 1));
    }

    #[test]
    fn a_bad_pattern_says_why() {
        let search = searched("a(b", Kind::Pattern, &["a(b"]);
        assert_eq!((search.fault(), search.count()), (Some("unclosed group"), 0));
        assert!(Search::new("(a{1000}){1000}", Kind::Pattern).fault().is_some_and(|why| why.contains("size")));
    }
}
