// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Where engines are: the forms of addresses, and which engine is meant. Reads files, opens no connection.

mod address;
mod resolve;

pub use address::{BadAddress, EngineAddress, TlsFiles};
pub use resolve::{DEFAULT_CONTEXT, EngineChoice, EngineResolver, ResolveError, ResolvedEngine};
