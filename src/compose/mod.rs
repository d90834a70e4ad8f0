// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Compose files, read exactly as Docker Compose reads them. Pure: text in, project out; `Sources` fetches what the
//! files refer to.

pub mod gofmt;
pub mod load;
pub mod model;
mod node;
pub mod scalar;
mod timestamp;

pub use load::{InputFile, LoadRequest, Loaded, Purpose, ReadError, Sources};
pub use node::{Entry, Map, MergeTag, Node, Style, Value};
