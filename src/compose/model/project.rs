// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The project as a whole.

use crate::compose::{Entry, Node};
use crate::diag::{FileId, Span, Spanned};

use super::Service;

/// How a variable reference treats an unset variable (Compose Specification, "Interpolation").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `$X` or `${X}`: empty when unset.
    Plain,
    /// `${X:-d}` or `${X-d}`.
    Default,
    /// `${X:+a}` or `${X+a}`.
    Alternative,
    /// `${X:?m}` or `${X?m}`.
    Required,
}

/// One reference to a variable in a compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableUse {
    /// The name.
    pub name: String,
    /// The bytes of the reference, from `$` to the end of the name or the closing brace.
    pub span: Span,
    /// The operator.
    pub operator: Operator,
    /// Whether the environment or an env file sets it (an empty value counts as set).
    pub is_set: bool,
    /// The default, alternative or message as written, not interpolated.
    pub operand: Option<String>,
    /// Path in the model, such as `services.web.image`.
    pub path: String,
}

/// A comment of a compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From `#` to the end of the line, without the line break.
    pub span: Span,
    /// The text after `#`.
    pub text: String,
}

/// A top-level network, volume, secret, config or model.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The key.
    pub name: Spanned<String>,
    /// Whether `external: true`.
    pub external: bool,
    /// The definition in canonical form; null when nothing is given.
    pub node: Node,
}

/// A resolved project.
#[derive(Debug, Clone)]
pub struct Project {
    /// The project name, normalised as Compose does.
    pub name: String,
    /// The top-level `name:` as written.
    pub name_key: Option<Spanned<String>>,
    /// The entry `version`, which Compose ignores.
    pub version: Option<Entry>,
    /// The key `services` of the first file that has it.
    pub services_key: Option<Span>,
    /// The compose files in order, includes after the file that includes them.
    pub files: Vec<FileId>,
    /// All services in file order.
    pub services: Vec<Service>,
    /// Top-level networks.
    pub networks: Vec<Resource>,
    /// Top-level volumes.
    pub volumes: Vec<Resource>,
    /// Top-level secrets.
    pub secrets: Vec<Resource>,
    /// Top-level configs.
    pub configs: Vec<Resource>,
    /// Every variable reference outside unused `x-` blocks, in order of files and places.
    pub variables: Vec<VariableUse>,
    /// Every comment of the compose files, in order.
    pub comments: Vec<Comment>,
    /// The canonical tree.
    pub tree: Node,
}

impl Project {
    /// The service with this name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name.value == name)
    }
}
