// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The Docker Engine, by bollard: the way to it, and its answers in our words. Nothing of bollard
//! leaves this folder.

mod answer;
mod attach;
mod bridge;
mod client;
mod connect;
mod exec;
mod failure;
mod feed;
mod http;
mod image;
mod map;
mod name;
mod upload;

pub use client::DockerEngine;

use std::sync::Arc;

use super::endpoint::EngineAddress;
use super::engine::{Engine, EngineError};
use super::{Connect, Files};

/// Connects to real engines. `files` has the certificates.
#[derive(Clone, Copy)]
pub struct DockerConnect<'a> {
    /// The file system.
    pub files: &'a dyn Files,
}

impl Connect for DockerConnect<'_> {
    fn connect(&self, address: &EngineAddress) -> Result<Arc<dyn Engine>, EngineError> {
        Ok(Arc::new(DockerEngine::new(address, self.files)?))
    }
}
