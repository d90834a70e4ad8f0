// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use crate::app::dashboard::PolicyRead;
use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;

use crate::health::Timestamp;

/// Carries a command out.
pub fn update(_model: &mut Model, _command: Command) -> Vec<Effect> {
    Vec::new()
}

/// The tab is shown.
pub fn enter(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// Takes it.
pub fn take(_model: &mut Model, _read: PolicyRead) -> Vec<Effect> {
    Vec::new()
}

/// Supervisors are kept away from a project until then, or not any more.
pub fn paused(_model: &mut Model, _context: String, _project: String, _until: Option<Timestamp>) -> Vec<Effect> {
    Vec::new()
}

/// Time has passed.
pub fn tick(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

impl super::Supervisor {
    /// Until when supervisors are kept away from a project; `None`: they are not.
    #[must_use]
    pub fn paused_until(&self, _context: &str, _project: &str) -> Option<Timestamp> {
        None
    }
}
