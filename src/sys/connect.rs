// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The way from an address to an engine.

use std::sync::Arc;

use super::endpoint::EngineAddress;
use super::engine::{Engine, EngineError};

/// Makes engines out of addresses.
pub trait Connect {
    /// An engine at this address. Nothing is asked yet; the first call connects.
    ///
    /// # Errors
    /// `TransportUnsupported` for ways that are not built in.
    fn connect(&self, address: &EngineAddress) -> Result<Arc<dyn Engine>, EngineError>;
}
