// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keys and news of the tab.

use crate::tui::Model;
use crate::tui::command::Command;
use crate::tui::effect::Effect;

use crate::app::dashboard::LogLine;

/// Carries a command out.
pub fn update(_model: &mut Model, _command: Command) -> Vec<Effect> {
    Vec::new()
}

/// The tab is shown.
pub fn enter(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// The tab is left.
pub fn leave(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// Takes lines.
pub fn lines(_model: &mut Model, _number: u64, _lines: Vec<LogLine>) -> Vec<Effect> {
    Vec::new()
}

/// Takes a note.
pub fn note(_model: &mut Model, _number: u64, _text: String) -> Vec<Effect> {
    Vec::new()
}

/// Searches.
pub fn search(_model: &mut Model, _text: &str) -> Vec<Effect> {
    Vec::new()
}

/// Shows lines from then on.
pub fn since(_model: &mut Model, _text: &str) -> Vec<Effect> {
    Vec::new()
}

/// Writes what is shown into a file.
pub fn save(_model: &mut Model, _path: String) -> Vec<Effect> {
    Vec::new()
}

/// Whether esc has something to end here; it is ended then.
pub fn goes_back(_model: &mut Model) -> bool {
    false
}
