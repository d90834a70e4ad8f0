// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From outcomes to text: renderers are pure, the printer alone writes.

mod printer;
mod redact;
pub mod render;
mod theme;

pub use printer::{Printer, Verbosity};
pub use redact::Redaction;
pub use theme::{Theme, choose};
