// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why something could not be found out, in words for a screen.

use crate::diag::safe_line;
use crate::error::UserError;

/// Why something could not be found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Why, as a fragment.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
}

impl Trouble {
    pub(super) fn of(error: &dyn UserError) -> Self {
        let line = |text: &String| safe_line(text, &[]);
        Self { message: line(&error.message()), hint: error.hints().first().map(line) }
    }
}
