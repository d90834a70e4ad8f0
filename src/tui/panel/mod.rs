// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tabs, each with its part of the model, its updates and its view.

pub mod backups;
pub mod events;
pub mod findings;
#[cfg(test)]
mod fixture;
pub mod graph;
pub mod health;
pub mod logs;
pub mod stack;
pub mod supervisor;
