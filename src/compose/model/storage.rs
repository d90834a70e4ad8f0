// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Mounts, secrets and configs of a service.

use crate::diag::{Span, Spanned};

/// What stands behind a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MountKind {
    /// A path of the host.
    Bind,
    /// A named or anonymous volume.
    Volume,
    /// Memory.
    Tmpfs,
    /// `npipe`, `cluster`, `image`.
    Other,
}

/// Whether the container may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MountAccess {
    /// `ro` or `read_only: true`.
    ReadOnly,
    /// `rw` or `read_only: false`, written out.
    ReadWrite,
    /// Nothing is written: read and write.
    Unstated,
}

/// One entry of `volumes` or `tmpfs`.
#[derive(Debug, Clone)]
pub struct Mount {
    /// The whole entry as written.
    pub span: Span,
    /// Where the entry is used, when it came through an alias or `extends`.
    pub used_at: Option<Span>,
    /// What stands behind it.
    pub kind: MountKind,
    /// Host path (as written) or volume name; `None` for an anonymous volume or tmpfs.
    pub source: Option<Spanned<String>>,
    /// Path inside the container.
    pub target: Spanned<String>,
    /// Whether the container may write.
    pub access: MountAccess,
    /// Whether it was written in the short form.
    pub short_form: bool,
}

/// One entry of a service's `secrets` or `configs`.
#[derive(Debug, Clone)]
pub struct SecretUse {
    /// The key at the top level.
    pub source: Spanned<String>,
    /// The file name or path in the container, when given.
    pub target: Option<Spanned<String>>,
}
