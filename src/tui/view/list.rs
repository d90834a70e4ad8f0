// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A list with one chosen line, and below it what is known of that.

use std::ops::Range;

use ratatui::text::Line;

use crate::tui::command::Command;
use crate::tui::look::{Look, Role};

/// A detail with fewer rows than this, its rule counted, says nothing.
const LEAST_DETAIL: usize = 3;
/// Lines of the list that stay beside a large detail.
const BESIDE: usize = 3;
/// With fewer rows than this there is no detail until it is asked for, and then one line of the list stays.
const LOW: usize = 14;

/// How much of the room the detail takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// Half of it at most, and none where there is little.
    #[default]
    Fitting,
    /// Most of it.
    Large,
}

impl Detail {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Fitting => Self::Large,
            Self::Large => Self::Fitting,
        }
    }
}

/// The rows for a list of so many lines, and those for the detail below it, of so many in all.
#[must_use]
pub fn split(room: usize, count: usize, detail: Detail) -> (usize, usize) {
    let rows = match detail {
        Detail::Large if room >= LOW => count.clamp(1, BESIDE),
        Detail::Large => 1,
        Detail::Fitting if room >= LOW => count.max(1).min(room - room / 2),
        Detail::Fitting => return (room, 0),
    };
    let rows = rows.min(room);
    if room - rows < LEAST_DETAIL { (room, 0) } else { (rows, room - rows) }
}

/// Where one is in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The chosen line.
    pub chosen: usize,
    /// Lines above the screen.
    pub above: usize,
}

impl Cursor {
    /// Moves as a command says, in a list of so many lines with room for some of them. Whether it is one that moves.
    pub fn go(&mut self, command: Command, count: usize, room: usize) -> bool {
        let (last, page) = (count.saturating_sub(1), room.max(1));
        self.chosen = match command {
            Command::Up => self.chosen.saturating_sub(1),
            Command::Down => (self.chosen + 1).min(last),
            Command::PageUp => self.chosen.saturating_sub(page),
            Command::PageDown => (self.chosen + page).min(last),
            Command::Top => 0,
            Command::Bottom => last,
            _ => return false,
        };
        self.keep(count, room);
        true
    }

    /// Sees that the chosen line is there and on the screen.
    pub fn keep(&mut self, count: usize, room: usize) {
        let room = room.max(1);
        self.chosen = self.chosen.min(count.saturating_sub(1));
        let above = self.above.min(count.saturating_sub(room));
        self.above = above.clamp((self.chosen + 1).saturating_sub(room), self.chosen);
    }

    /// The lines on the screen.
    #[must_use]
    pub fn shown(mut self, count: usize, room: usize) -> Range<usize> {
        self.keep(count, room);
        self.above..(self.above + room).min(count)
    }
}

/// As many of the lines as fit, from one on; the last row says how many more there are below.
#[must_use]
pub fn window(lines: Vec<Line<'static>>, above: usize, room: usize, more: &str, look: Look) -> Vec<Line<'static>> {
    let above = farthest(lines.len(), room).min(above);
    let below = lines.len().saturating_sub(above + room);
    let mut shown: Vec<Line<'static>> = lines.into_iter().skip(above).take(room).collect();
    if let (Some(last), 1..) = (shown.last_mut(), below) {
        *last = Line::styled(format!(" {} more: {more}", below + 1), look.style(Role::Dim));
    }
    shown
}

/// How far down so many lines can be moved in so much room.
#[must_use]
pub fn farthest(count: usize, room: usize) -> usize {
    count.saturating_sub(room.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_line_stays_on_the_screen_in_any_room() {
        let mut cursor = Cursor::default();
        assert!(cursor.go(Command::Bottom, 20, 5) && cursor.shown(20, 5) == (15..20), "{cursor:?}");
        assert!(cursor.go(Command::Up, 20, 5) && cursor.shown(20, 5) == (15..20));
        assert!(cursor.go(Command::PageUp, 20, 5) && cursor.chosen == 13 && cursor.shown(20, 5) == (13..18));
        assert_eq!((cursor.shown(20, 0), cursor.shown(0, 5), cursor.shown(3, 9)), (13..13, 0..0, 0..3));
        assert!(!cursor.go(Command::Copy, 20, 5));
    }

    #[test]
    fn the_detail_has_room_or_none() {
        for (room, count) in (0..60).flat_map(|room| (0..60).map(move |count| (room, count))) {
            for detail in [Detail::Fitting, Detail::Large] {
                let (rows, below) = split(room, count, detail);
                assert!(rows + below == room && (below == 0 || below >= LEAST_DETAIL), "{room} {count}");
            }
        }
        assert_eq!((split(18, 3, Detail::Fitting), split(18, 99, Detail::Fitting)), ((3, 15), (9, 9)));
        assert_eq!((split(8, 99, Detail::Fitting), split(8, 99, Detail::Large)), ((8, 0), (1, 7)));
    }
}
