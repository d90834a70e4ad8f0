// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Compose files, read exactly as Docker Compose reads them. Pure: text in, project out; `Sources` fetches what the
//! files refer to.

pub mod bytes;
pub mod dotenv;
pub mod duration;
pub mod gofmt;
pub mod interpolate;
pub mod load;
mod locate;
pub mod model;
mod node;
pub mod ports_text;
pub mod scalar;
pub mod shellwords;
mod template_scan;
mod timestamp;

pub use load::{InputFile, LoadRequest, Loaded, Purpose, ReadError, Sources};
pub use node::{Entry, Map, MergeTag, Node, Style, Value};
