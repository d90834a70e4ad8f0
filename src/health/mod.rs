// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What containers do, what that means, and what may be done about it. Pure: no clock, no engine, no file; time comes
//! in as a value and everything that leaves is a value.
//!
//! - [`observation`], [`event`]: what an engine says. [`definition`]: what the compose file asks for.
//! - [`memory`]: what must be remembered of a container, because the engine forgets it.
//! - [`verdict`]: the one function from all of that to a [`Verdict`]. [`explain()`]: why, in one sentence.
//! - [`board`]: all services of all contexts, fed with inspections and events, telling what changed.
//! - [`functional`]: whether a service does its work, asked in its own protocol.
//! - [`history`]: what a service did, longer than the engine remembers. [`policy`]: what the supervisor does.
//!
//! Limits: texts of probes are passed on as the engine gives them; whoever prints them hides secrets first.

pub mod backoff;
pub mod board;
pub mod crashes;
pub mod definition;
pub mod event;
pub mod explain;
pub mod functional;
pub mod history;
pub mod memory;
pub mod observation;
pub mod policy;
pub mod symptom;
#[cfg(test)]
mod testing;
pub mod verdict;

pub use board::{Board, Notice, Transition};
pub use definition::Definition;
pub use event::{Event, EventKind};
pub use explain::{Why, explain};
pub use observation::{Container, Timestamp};
pub use verdict::{Evidence, Verdict, judge};
