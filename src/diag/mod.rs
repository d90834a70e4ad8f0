// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Source text, places in it, and what is said about them. Pure values; drawing them is `output`'s work. Also what
//! hides secrets in them.

mod diagnostic;
mod redact;
mod safe;
pub mod secret;
mod source;
mod span;
mod sub_span;
mod suggest;
mod texts;

pub use diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Level};
pub use redact::{Redaction, mask_in};
pub use safe::{Colours, safe_line, visible, without_steering};
pub use source::{LineColumn, SourceFile, SourceMap};
pub use span::{FileId, Span, Spanned};
pub use suggest::closest;
pub use texts::Texts;
