// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What may be done by itself, and what is.

mod lines;
mod rules;
mod update;
mod view;

use std::collections::BTreeMap;

pub use update::*;
pub use view::draw;

use crate::app::dashboard::PolicyRead;
use crate::health::Timestamp;

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Supervisor {
    /// What was found out last; `None`: nothing yet.
    pub read: Option<PolicyRead>,
    /// Until when supervisors are kept away from here, by engine and project.
    pub pauses: BTreeMap<(String, String), Timestamp>,
    /// Lines above the screen.
    pub above: usize,
}

impl Supervisor {
    /// Until when supervisors are kept away from a project; `None`: they are not.
    #[must_use]
    pub fn paused_until(&self, context: &str, project: &str) -> Option<Timestamp> {
        self.pauses.get(&(context.to_owned(), project.to_owned())).copied()
    }

    /// Whether the tab shows seconds that pass.
    #[must_use]
    pub fn counts_down(&self) -> bool {
        !self.pauses.is_empty()
    }
}
