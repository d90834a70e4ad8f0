// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What `validate` says.

mod detail;
mod update;
mod view;

pub use update::*;
pub use view::draw;

use crate::app::dashboard::{Finding, FindingsRead};
use crate::tui::view::list::{Cursor, Detail};

/// The order of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The worst first, then by place.
    #[default]
    Level,
    /// By file and line.
    Place,
}

impl Order {
    /// What it is called.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Level => "worst first",
            Self::Place => "by place",
        }
    }
}

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// What was found last, the findings in their order; `None`: nothing yet.
    pub read: Option<FindingsRead>,
    /// Whether it is being found out.
    pub is_asked: bool,
    /// The order.
    pub order: Order,
    /// The chosen finding.
    pub cursor: Cursor,
    /// How much room its detail takes.
    pub detail: Detail,
    /// Lines of the detail above its room.
    pub above: usize,
}

impl Findings {
    /// All of them; none where nothing could be judged.
    #[must_use]
    pub fn list(&self) -> &[Finding] {
        let judged = self.read.as_ref().and_then(|read| read.judged.as_ref().ok());
        judged.map_or(&[], |judged| &judged.findings)
    }

    /// The chosen one.
    #[must_use]
    pub fn chosen(&self) -> Option<&Finding> {
        self.list().get(self.cursor.chosen)
    }
}
