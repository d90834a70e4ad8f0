// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One look at the engines: what they say, in the words of `health`.
//!
//! Limits: a look asks for one list and at most one inspection a container, and for the events that the engine still
//! remembers, which are few (256, probes included).

pub mod container;
pub mod look;
pub mod project;

pub use container::{VERBS, container, container_status, event};
pub use look::{Live, Look, Seen, look_at_all};
pub use project::{NUMBER_LABEL, PROJECT_LABEL, ProjectPlace, SERVICE_LABEL, Scope, Subject, subject};
