// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The outside of the process, behind small traits: files, standard input, the clock, the container engine, locks,
//! other servers.
//!
//! `os` is the real thing, `fake` lives in memory. Nothing outside this folder and `wire` touches disk or clock.

mod clock;
mod connect;
pub mod docker;
pub mod endpoint;
pub mod engine;
pub mod fake;
#[cfg(debug_assertions)]
pub mod fault;
mod files;
mod host;
pub mod lock;
pub mod net;
pub mod os;
pub mod programs;
mod prompt;
mod records;
pub mod store;
#[cfg(target_os = "linux")]
pub mod tree;
pub mod worker;

pub use clock::Clock;
pub use connect::Connect;
pub use files::{FileKind, Files, Input};
pub use host::{Answer, Host, ProgramFault, Room};
pub use prompt::{Answered, Prompt, Reaction, Typed};
pub use records::Records;
