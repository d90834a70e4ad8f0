// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What an update asks to be done outside.

use crate::app::dashboard::Wish;

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// End.
    Quit,
    /// Stop as a job of the shell.
    Suspend,
    /// Draw everything anew, whatever the terminal shows.
    Redraw,
    /// Take the mouse, or give it back.
    Mouse(MouseUse),
    /// Put text on the terminal's clipboard.
    Copy(String),
    /// Ask those who talk with engines, files and programs.
    Ask(Wish),
}

/// Whose mouse it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseUse {
    /// The dashboard's.
    Taken,
    /// The terminal's.
    Left,
}
