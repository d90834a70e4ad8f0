// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which part of the lines is on the screen. Only lines on the screen, and those that are passed by, are looked at.

use super::columns::columns;
use super::{Entry, Logs, Long, ansi};
use crate::tui::Model;
use crate::tui::view::content;

/// What part of the lines is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hold {
    /// The end, whatever comes.
    #[default]
    Following,
    /// From this line on.
    At {
        /// Its number.
        line: usize,
        /// Its rows above the screen.
        row: usize,
    },
}

/// The room for lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Columns of a line's text.
    pub(super) columns: usize,
    /// Rows.
    pub(super) rows: usize,
}

/// A row: the line's place among those that are shown, and the row of it.
pub(super) type Row = (usize, usize);

/// The room on the screen: one row has the title.
pub(super) fn room(model: &Model) -> Room {
    let area = content(model);
    let columns = columns(&model.logs, usize::from(area.width)).text;
    Room { columns, rows: usize::from(area.height.saturating_sub(1)) }
}

/// Rows of a line.
pub(super) fn rows(entry: &Entry, long: Long, columns: usize) -> usize {
    match long {
        Long::Cut(_) => 1,
        Long::Wrapped => ansi::rows(&entry.text, columns),
    }
}

impl Logs {
    fn rows_at(&self, index: usize, room: Room) -> usize {
        self.entry(index).map_or(1, |(_, entry)| rows(entry, self.long, room.columns))
    }

    /// The first row on the screen.
    pub(super) fn top(&self, room: Room) -> Row {
        let last = self.last_top(room);
        match self.hold {
            Hold::Following => last,
            Hold::At { line, row } => {
                let index = self.shown.partition_point(|one| *one < line);
                let is_it = self.shown.get(index) == Some(&line);
                let row = if is_it { row.min(self.rows_at(index, room).saturating_sub(1)) } else { 0 };
                (index, row).min(last)
            }
        }
    }

    /// The first row on the screen when the last line is at its end.
    fn last_top(&self, room: Room) -> Row {
        self.up((self.shown.len(), 0), room.rows, room)
    }

    /// The row so many above, or the first of all.
    fn up(&self, (mut index, mut row): Row, mut by: usize, room: Room) -> Row {
        loop {
            if by <= row {
                return (index, row - by);
            }
            if index == 0 {
                return (0, 0);
            }
            by -= row + 1;
            index -= 1;
            row = self.rows_at(index, room) - 1;
        }
    }

    /// The row so many below, at most the one after the last.
    fn down(&self, (mut index, mut row): Row, mut by: usize, room: Room) -> Row {
        while index < self.shown.len() {
            let left = self.rows_at(index, room) - 1 - row.min(self.rows_at(index, room) - 1);
            if by <= left {
                return (index, row + by);
            }
            by -= left + 1;
            index += 1;
            row = 0;
        }
        (self.shown.len(), 0)
    }

    /// Stands still with this row at the top.
    fn stand(&mut self, (index, row): Row) {
        let line = self.shown.get(index).copied().unwrap_or(self.ring.first());
        self.hold = Hold::At { line, row };
    }

    /// Stands still where the screen is.
    pub(super) fn pause(&mut self, room: Room) {
        self.stand(self.top(room));
    }

    /// Goes so many rows up, and stands still there.
    pub(super) fn go_up(&mut self, by: usize, room: Room) {
        self.stand(self.up(self.top(room), by, room));
    }

    /// Goes so many rows down, at most to the end. Who follows is there already.
    pub(super) fn go_down(&mut self, by: usize, room: Room) {
        if self.hold != Hold::Following {
            self.stand(self.down(self.top(room), by, room).min(self.last_top(room)));
        }
    }

    /// The places of the first and the last line on the screen; the last one is not beyond the end.
    pub(super) fn on_screen(&self, room: Room) -> (usize, usize) {
        let top = self.top(room);
        let (below, row) = self.down(top, room.rows, room);
        let last = if row == 0 { below.saturating_sub(1) } else { below };
        (top.0, last.max(top.0).min(self.shown.len().saturating_sub(1)))
    }

    /// Lines below the screen.
    pub(super) fn behind(&self, room: Room) -> usize {
        match self.hold {
            Hold::Following => 0,
            Hold::At { .. } => self.shown.len().saturating_sub(self.on_screen(room).1 + 1),
        }
    }

    /// Sees that a line is on the screen. Where it has to move, the line comes to a third of the height.
    pub(super) fn reveal(&mut self, line: usize, room: Room) {
        let Ok(index) = self.shown.binary_search(&line) else { return };
        let (first, last) = self.on_screen(room);
        if !(first..=last).contains(&index) {
            self.stand(self.up((index, 0), room.rows / 3, room).min(self.last_top(room)));
        }
    }
}
