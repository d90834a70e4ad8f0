// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Compose files, read exactly as Docker Compose reads them. Pure: text in, project out; `Sources` fetches what the
//! files refer to.

pub mod bytes;
mod canonical;
mod check;
mod decode;
mod defaults;
pub mod dotenv;
pub mod duration;
pub mod gofmt;
pub mod graph;
mod implied;
pub mod interpolate;
mod keyvalue;
pub mod load;
mod locate;
mod merge;
pub mod model;
pub mod name;
mod node;
mod normalize;
mod path;
mod paths;
pub mod ports_text;
pub mod scalar;
pub mod schema;
pub mod shellwords;
mod substitute;
mod template_scan;
mod timestamp;
mod unicity;
mod validation;
mod volume_text;
mod yaml;

pub use decode::json_view;
pub use interpolate::locate;
pub use load::{InputFile, LoadRequest, Loaded, Purpose, ReadError, Resolved, Sources, load};
pub use node::{Entry, Map, MergeTag, Node, Style, Value};
