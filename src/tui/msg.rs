// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What comes in.

use super::key::Key;
use crate::app::dashboard::{Answer, Happened, Host};
use crate::health::Timestamp;

/// Something that came.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key.
    Key(Key),
    /// Text that was put in at once.
    Paste(String),
    /// The mouse: a press at this column and row.
    Press(u16, u16),
    /// The mouse's wheel: so many lines down.
    Wheel(i32),
    /// The terminal has this many columns and rows.
    Size(u16, u16),
    /// Time has passed; now, by our clock.
    Tick(Timestamp),
    /// An engine and its services.
    Host(Box<Host>),
    /// Something has changed.
    Happened(Box<Happened>),
    /// Something was found or done.
    Answer(Answer),
}
