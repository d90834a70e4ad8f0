// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The model on the screen.

mod frame;
mod help;
pub mod list;
pub mod paragraph;
mod popup;
mod small;
pub mod text;
pub mod why;

pub use frame::{Area, content, draw, shows_use, tab_at, table_height};
