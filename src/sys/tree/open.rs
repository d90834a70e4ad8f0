// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The one way to open what is in a tree.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, fstat, openat, openat2};
use rustix::io::Errno;

use super::TreeError;
use crate::volume::TreePath;

/// Opens a directory to work in. This one path is followed as it stands; nothing below it is.
///
/// # Errors
/// When there is no such directory, or it may not be read.
pub fn open_root(path: &Path) -> Result<OwnedFd, TreeError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    openat(CWD, path, flags, Mode::empty()).map_err(TreeError::of("open", &TreePath::root()))
}

/// Opens single names, on the mount of the root alone.
pub(super) struct Opener {
    device: u64,
    /// Whether the kernel has `openat2` (5.6) and no filter forbids it (Docker 20.10's seccomp profile does on old hosts).
    has_openat2: bool,
}

impl Opener {
    pub(super) fn of(root: BorrowedFd<'_>) -> Result<Self, TreeError> {
        let device = fstat(root).map_err(TreeError::of("look at", &TreePath::root()))?.st_dev;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let has_openat2 = openat2(root, ".", flags, Mode::empty(), strict()).is_ok();
        Ok(Self { device, has_openat2 })
    }

    /// Without `openat2`, as on an old kernel.
    #[cfg(test)]
    pub(super) fn without_openat2(mut self) -> Self {
        self.has_openat2 = false;
        self
    }

    /// Whether something with this device number is on the mount, as far as that tells.
    pub(super) fn is_here(&self, device: u64) -> bool {
        self.device == device
    }

    /// Opens a name in a directory. `XDEV` when it is on another mount, `LOOP` or `NOTDIR` when it is a link.
    pub(super) fn open(&self, parent: BorrowedFd<'_>, name: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if self.has_openat2 {
            return openat2(parent, name, flags, Mode::empty(), strict());
        }
        let file = openat(parent, name, flags, Mode::empty())?;
        if fstat(&file)?.st_dev == self.device { Ok(file) } else { Err(Errno::XDEV) }
    }

    /// Opens for reading, without leaving a mark where the system allows that (owner or root).
    pub(super) fn read(&self, parent: BorrowedFd<'_>, name: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
        // A pipe or a device that took the place of a file must not hold us, or become our terminal.
        let flags = flags | OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        match self.open(parent, name, flags | OFlags::NOATIME) {
            Err(Errno::PERM) => self.open(parent, name, flags),
            other => other,
        }
    }

    /// Opens a directory below the root, name by name.
    pub(super) fn descend(&self, root: BorrowedFd<'_>, path: &TreePath) -> Result<OwnedFd, Errno> {
        let mut at = rustix::io::fcntl_dupfd_cloexec(root, 0)?;
        for name in path.names() {
            at = self.open(at.as_fd(), name, OFlags::RDONLY | OFlags::DIRECTORY)?;
        }
        Ok(at)
    }
}

fn strict() -> ResolveFlags {
    ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS | ResolveFlags::NO_XDEV
}
