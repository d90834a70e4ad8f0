// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The Docker Engine, by bollard: which engine is meant, the way to it, and its answers in our words. Nothing of bollard
//! leaves this folder.

mod address;
mod answer;
mod client;
mod connect;
mod exec;
mod failure;
mod feed;
mod http;
mod map;
mod name;
mod resolve;

pub use address::{BadAddress, EngineAddress, TlsFiles};
pub use client::DockerEngine;
pub use resolve::{DEFAULT_CONTEXT, EngineChoice, EngineResolver, ResolveError, ResolvedEngine};
