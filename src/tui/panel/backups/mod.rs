// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Restore points.

mod detail;
mod row;
mod update;
mod view;

pub use update::*;
pub use view::draw;

use crate::app::dashboard::{SetRow, SetsRead};
use crate::tui::view::list::{Cursor, Detail};

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Backups {
    /// What was read last; `None`: nothing yet.
    pub read: Option<SetsRead>,
    /// The chosen set.
    pub cursor: Cursor,
    /// How much room its detail takes.
    pub detail: Detail,
    /// Lines of the detail above its room.
    pub above: usize,
}

impl Backups {
    /// The sets, the newest first; none where the store cannot be read.
    #[must_use]
    pub fn list(&self) -> &[SetRow] {
        let store = self.read.as_ref().and_then(|read| read.store.as_ref().ok());
        store.map_or(&[], |store| &store.sets)
    }

    /// The chosen set's name.
    #[must_use]
    pub fn chosen(&self) -> Option<String> {
        self.row().map(|row| row.id.clone())
    }

    /// The chosen set.
    #[must_use]
    pub fn row(&self) -> Option<&SetRow> {
        self.list().get(self.cursor.chosen)
    }
}
