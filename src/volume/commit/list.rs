// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The list that is written into the volume before the first rename.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::PREFIX;
use crate::error::UserError;
use crate::volume::{MAX_ID, Meta, Timestamp, TreePath, text};

const FORMAT: &str = "stackctl-commit";
const VERSION: u32 = 1;

/// What is to be renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitList {
    /// The names at the top of the old tree, sorted.
    pub old: Vec<Vec<u8>>,
    /// The names at the top of the new tree, sorted.
    pub new: Vec<Vec<u8>>,
    /// The attributes of the old root.
    pub old_root: Meta,
    /// The attributes of the new root.
    pub new_root: Meta,
}

/// Why a commit cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The list is cut or damaged; a crash while it was written leaves it so, and then no rename was done.
    #[error("the list of renames is not whole")]
    Torn,
    /// It is whole, but of another version of the program.
    #[error("the list of renames is of another version")]
    Version,
    /// A name cannot stand in it.
    #[error("`{name}` cannot be renamed into or out of a volume")]
    Name {
        /// The name.
        name: String,
    },
    /// A name is where no step can have left it.
    #[error("`{name}` is not where the restore left it; somebody else changed the volume")]
    Disturbed {
        /// The name.
        name: String,
    },
}

impl UserError for CommitError {
    fn code(&self) -> &'static str {
        match self {
            Self::Torn => "commit_torn",
            Self::Version => "commit_version",
            Self::Name { .. } => "commit_name",
            Self::Disturbed { .. } => "commit_disturbed",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }
}

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    old: Vec<String>,
    new: Vec<String>,
    old_root: Root,
    new_root: Root,
}

#[derive(Serialize, Deserialize)]
struct Root {
    mode: u16,
    uid: u32,
    gid: u32,
    mtime: (i64, u32),
    /// Names escaped, values in hexadecimal.
    xattrs: Vec<(String, String)>,
}

impl CommitList {
    /// A list of these names, in any order.
    ///
    /// # Errors
    /// For what is no single name, a name of ours, or one that comes twice.
    pub fn new(old: Vec<Vec<u8>>, new: Vec<Vec<u8>>, old_root: Meta, new_root: Meta) -> Result<Self, CommitError> {
        Ok(Self { old: checked(old)?, new: checked(new)?, old_root, new_root })
    }

    /// The bytes of the file: a line of JSON, and a line with its SHA-256.
    ///
    /// # Errors
    /// Never in fact.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CommitError> {
        let names = |names: &[Vec<u8>]| names.iter().map(|name| text::escape(name)).collect();
        let file = File {
            format: FORMAT.to_owned(),
            version: VERSION,
            old: names(&self.old),
            new: names(&self.new),
            old_root: Root::of(&self.old_root),
            new_root: Root::of(&self.new_root),
        };
        let mut bytes = serde_json::to_vec(&file).map_err(|_| CommitError::Torn)?;
        let digest = text::hex(&Sha256::digest(&bytes));
        bytes.extend(format!("\n{digest}\n").as_bytes());
        Ok(bytes)
    }

    /// The list in a file.
    ///
    /// # Errors
    /// When the file is not whole, or of another version.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, CommitError> {
        let text = std::str::from_utf8(bytes).map_err(|_| CommitError::Torn)?;
        let (line, digest) = text.split_once('\n').ok_or(CommitError::Torn)?;
        if digest.strip_suffix('\n') != Some(text::hex(&Sha256::digest(line)).as_str()) {
            return Err(CommitError::Torn);
        }
        let file: File = serde_json::from_str(line).map_err(|_| CommitError::Version)?;
        if file.format != FORMAT || file.version != VERSION {
            return Err(CommitError::Version);
        }
        let names = |names: &[String]| names.iter().map(|name| text::unescape(name)).collect::<Option<Vec<_>>>();
        let list = || {
            let (old, new) = (names(&file.old)?, names(&file.new)?);
            Some((old, new, file.old_root.meta()?, file.new_root.meta()?))
        };
        let (old, new, old_root, new_root) = list().ok_or(CommitError::Version)?;
        Self::new(old, new, old_root, new_root)
    }
}

fn checked(names: Vec<Vec<u8>>) -> Result<Vec<Vec<u8>>, CommitError> {
    let mut seen = BTreeSet::new();
    for name in names {
        let is_name = TreePath::root().join(&name).is_ok() && !name.starts_with(PREFIX);
        if !is_name || seen.contains(&name) {
            return Err(CommitError::Name { name: text::escape(&name) });
        }
        seen.insert(name);
    }
    Ok(seen.into_iter().collect())
}

impl Root {
    fn of(meta: &Meta) -> Self {
        let xattrs = meta.xattrs.iter().map(|(name, value)| (text::escape(name), text::hex(value))).collect();
        let mtime = (meta.mtime.seconds, meta.mtime.nanoseconds);
        Self { mode: meta.mode, uid: meta.uid, gid: meta.gid, mtime, xattrs }
    }

    fn meta(&self) -> Option<Meta> {
        let xattrs: Option<_> =
            self.xattrs.iter().map(|(name, value)| Some((text::unescape(name)?, text::unhex(value)?))).collect();
        let (seconds, nanoseconds) = self.mtime;
        let fits = self.mode <= 0o7777 && self.uid.max(self.gid) <= MAX_ID && nanoseconds < 1_000_000_000;
        let mtime = Timestamp { seconds, nanoseconds };
        fits.then_some(Meta { mode: self.mode, uid: self.uid, gid: self.gid, mtime, xattrs: xattrs? })
    }
}
