// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One service: its check, its last probes, what it did, why it is as it is.

mod lines;
mod timeline;
mod update;
mod view;

pub use update::{detail, enter, keep_fresh, update};
pub use view::draw;

use crate::app::dashboard::Detail;
use crate::health::Timestamp;

/// What the tab knows.
#[derive(Debug, Clone, Default)]
pub struct Health {
    /// What the last inspection told.
    pub detail: Option<Detail>,
    /// When it was asked for.
    pub asked: Option<Timestamp>,
    /// Lines above the screen.
    pub above: usize,
}
