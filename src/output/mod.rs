// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From outcomes to text: renderers are pure, the printer alone writes.

mod amount;
mod layout;
mod outlet;
mod printer;
pub mod render;
mod theme;

pub use crate::diag::{Colours, Redaction, safe_line, visible, without_steering};
pub use amount::{Pace, amount};
pub use layout::{Layout, Signs, columns, signs};
pub use outlet::{Drained, drain};
pub use printer::{Printer, Verbosity};
pub use theme::{Theme, choose};
