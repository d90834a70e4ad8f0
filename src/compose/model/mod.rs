// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The typed project that rules and commands read: every value with its place.
//!
//! Built from the canonical tree (merged, interpolated, short forms expanded) *before* implied values are added, so an
//! absent key is absent here. All services are in it, those of disabled profiles too.

mod build;
mod health;
mod network;
mod project;
mod service;
mod storage;

pub(crate) use build::{FileVariable, ProjectParts, build_project};
pub use health::{Condition, Dependency, DependencyOrigin, HealthTest, Healthcheck};
pub use network::{HostAddress, NetworkAttachment, NetworkMode, Port, PortRange, Protocol};
pub use project::{Comment, Operator, Project, Resource, VariableUse};
pub use service::{Build, Command, EnvForm, EnvVar, Logging, Service};
pub use storage::{Mount, MountAccess, MountKind, SecretUse};
