// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Use cases: request in, outcome out. They see the outside through the traits of `sys` alone and print nothing.

pub mod backup;
pub mod config;
mod context;
pub mod dashboard;
mod discover;
pub mod doctor;
pub mod engines;
mod environment;
mod error;
mod find;
pub mod health;
pub mod logs;
mod name;
pub mod observe;
pub mod operate;
pub mod probe;
mod settings;
pub mod sinks;
mod sources;
pub mod state_folder;
pub mod status;
pub mod supervise;
pub mod tasks;
#[cfg(test)]
pub(crate) mod testing;
pub mod validate;
pub mod verify;
pub mod watch;

pub use context::Context;
pub use discover::{Discovered, Reach, Selection, discover};
pub use error::AppError;
pub use settings::{LoadedSettings, check_rule_names, load_settings};
