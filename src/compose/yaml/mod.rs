// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! YAML text to node trees, typed by the rules of the Go parser that Compose uses.
//!
//! The only module that names the YAML parser. Aliases are expanded (with a budget), merge keys applied, duplicate keys
//! and everything else that Compose's parser refuses reported with all places.

mod compose_tree;
mod decode;
mod lexical;
mod syntax;

use crate::compose::Node;
use crate::compose::model::Comment;
use crate::diag::{Diagnostic, FileId, Level, Span};

pub(super) use decode::decode;

/// Name of the rule that speaks for this step.
pub(crate) const RULE: &str = "yaml-invalid";

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// The documents in order. An empty document is a null node.
    pub roots: Vec<Node>,
    /// All comments in order.
    pub comments: Vec<Comment>,
    /// Everything that Compose's parser would refuse.
    pub faults: Vec<Diagnostic>,
}

/// Parses a file. After a syntax error the documents before it are kept, the rest is not read.
#[must_use]
pub(super) fn parse(file: FileId, text: &str) -> Documents {
    let mut documents = Documents::default();
    lexical::check(file, text, &mut documents.faults);
    compose_tree::build(file, text, &mut documents);
    documents
}

/// A fault of this step.
fn fault(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(RULE, Level::Error, span, String::new(), message)
}
