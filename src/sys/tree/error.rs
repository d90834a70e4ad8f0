// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why a tree could not be read or made.

use rustix::io::Errno;

use crate::error::UserError;
use crate::volume::commit::CommitError;
use crate::volume::index::IndexError;
use crate::volume::pax::PaxError;
use crate::volume::{PathFault, TreePath, text};

/// What went wrong with a tree.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// The caller wanted no more.
    #[error("stopped before it was done")]
    Cancelled,
    /// The system refused something.
    #[error("cannot {doing} `{path}`: {reason}")]
    System {
        /// What was done.
        doing: &'static str,
        /// To what.
        path: TreePath,
        /// What the system says.
        reason: Errno,
    },
    /// The disk or the quota is full.
    #[error("no space left for `{path}`")]
    NoSpace {
        /// What did not fit.
        path: TreePath,
    },
    /// A device node may not be made here.
    #[error("device `{path}` may not be made here")]
    DeviceRefused {
        /// The device.
        path: TreePath,
    },
    /// Owner and group cannot be set.
    #[error("`{path}` cannot be given to {uid}:{gid}")]
    OwnerRefused {
        /// The entry.
        path: TreePath,
        /// The owner that it should have.
        uid: u32,
        /// The group that it should have.
        gid: u32,
    },
    /// An extended attribute cannot be set.
    #[error("attribute {} of `{path}` cannot be set: {reason}", text::escape(.name))]
    AttributeRefused {
        /// The entry.
        path: TreePath,
        /// The attribute.
        name: Vec<u8>,
        /// What the system says.
        reason: Errno,
    },
    /// Something is mounted inside the tree.
    #[error("`{path}` is another mount")]
    Mount {
        /// Where.
        path: TreePath,
    },
    /// What should become the tree is not empty.
    #[error("the directory to unpack into is not empty")]
    NotEmpty,
    /// A name on the disk that no archive can hold.
    #[error("an entry of `{path}` cannot be kept: its path {fault}")]
    Path {
        /// The directory.
        path: TreePath,
        /// What is wrong.
        fault: PathFault,
    },
    /// The archive.
    #[error(transparent)]
    Archive(#[from] PaxError),
    /// The index.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The list of renames, or what it finds.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl TreeError {
    /// For a call that failed: `doing` reads after "cannot".
    pub(super) fn of(doing: &'static str, path: &TreePath) -> impl FnOnce(Errno) -> Self + use<> {
        let path = path.clone();
        move |reason| match reason {
            Errno::NOSPC | Errno::DQUOT => Self::NoSpace { path },
            Errno::XDEV => Self::Mount { path },
            _ => Self::System { doing, path, reason },
        }
    }
}

impl UserError for TreeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::System { .. } => "tree_system",
            Self::NoSpace { .. } => "no_space",
            Self::DeviceRefused { .. } => "device_refused",
            Self::OwnerRefused { .. } => "owner_refused",
            Self::AttributeRefused { .. } => "attribute_refused",
            Self::Mount { .. } => "mount_inside",
            Self::NotEmpty => "not_empty",
            Self::Path { .. } => "path_unusable",
            Self::Archive(error) => error.code(),
            Self::Index(error) => error.code(),
            Self::Commit(error) => error.code(),
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::DeviceRefused { .. } => {
                vec!["making devices needs root with CAP_MKNOD, outside a user namespace".into()]
            }
            Self::OwnerRefused { .. } => vec!["giving files away needs root with CAP_CHOWN".into()],
            Self::AttributeRefused { name, .. } if name.starts_with(b"trusted.") => {
                vec!["`trusted.` attributes need CAP_SYS_ADMIN".into()]
            }
            _ => Vec::new(),
        }
    }
}
