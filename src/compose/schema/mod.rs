// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The schema step: holds a merged, interpolated tree with its short forms still in it against the Compose Specification
//! as Compose 2.40 knows it.
//!
//! Compose stops at one fault of its choice; this reports every one, each at its place. What the schema does not say (the
//! text of ports and volumes, sizes, references between sections) is checked by other steps. The tables are in the files
//! named after the sections, in the words of `kinds`; `check` walks them, `report` words the faults.

mod build;
pub mod cast;
mod check;
mod common;
mod deploy;
mod healthcheck;
mod hint;
mod kinds;
mod lifecycle;
mod networks;
mod path;
mod project;
mod repeats;
mod report;
mod service;
mod storage;
mod text;

#[cfg(test)]
mod tests;

pub use cast::{Cast, cast_for};
pub use check::check;
