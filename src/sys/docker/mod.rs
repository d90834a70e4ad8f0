// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The Docker Engine, by bollard: the way to it, and its answers in our words. Nothing of bollard
//! leaves this folder.

mod answer;
mod client;
mod connect;
mod exec;
mod failure;
mod feed;
mod http;
mod map;
mod name;

pub use client::DockerEngine;

use std::sync::Arc;

use super::Connect;
use super::endpoint::EngineAddress;
use super::engine::{Engine, EngineError};

/// Connects to real engines.
#[derive(Debug, Clone, Copy, Default)]
pub struct DockerConnect;

impl Connect for DockerConnect {
    fn connect(&self, address: &EngineAddress) -> Result<Arc<dyn Engine>, EngineError> {
        Ok(Arc::new(DockerEngine::new(address)?))
    }
}
