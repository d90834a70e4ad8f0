// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The fingerprint of a tree, by a walk that opens directories alone.

use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, FileType, OFlags, fstat, fstatfs, statat};
use rustix::io::Errno;

use super::attributes::status;
use super::open::Opener;
use super::scan::{is_wanted, sorted_names};
use super::{Control, TreeError};
use crate::volume::TreePath;
use crate::volume::fingerprint::{Fingerprint, FingerprintHasher};

/// File systems of this machine's kernel whose change times can be relied on, by the number that `statfs` gives: ext2 to
/// ext4, XFS, Btrfs, F2FS, and overlays of such.
///
/// Network file systems have the clock of another machine, and those in user space what their program likes. tmpfs and
/// ZFS do not set it, or not at once, when somebody writes through mapped memory.
const FILE_SYSTEMS: [u32; 5] = [0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x794c_7630];

/// Whether the file system of an open directory sets a change time at every change.
///
/// # Errors
/// When it cannot be asked.
pub fn has_change_times(root: BorrowedFd<'_>) -> Result<bool, TreeError> {
    let about = fstatfs(root).map_err(TreeError::of("look at", &TreePath::root()))?;
    Ok(u32::try_from(about.f_type).is_ok_and(|kind| FILE_SYSTEMS.contains(&kind)))
}

/// A directory whose names are being looked at.
struct Level {
    directory: OwnedFd,
    path: TreePath,
    names: std::vec::IntoIter<Vec<u8>>,
}

/// The fingerprint of the tree below an open directory: the same as a capture with this `only` gives of it.
///
/// # Errors
/// When something cannot be looked at, or is gone meanwhile, and when the caller wants no more.
pub fn fingerprint(
    root: BorrowedFd<'_>,
    only: Option<&[u8]>,
    control: &mut Control<'_>,
) -> Result<Fingerprint, TreeError> {
    let opener = Opener::of(root)?;
    let root = opener.descend(root, &TreePath::root()).map_err(TreeError::of("open", &TreePath::root()))?;
    let mut look = Look { opener, only, seen: FingerprintHasher::default() };
    let mut levels = vec![look.enter(root, TreePath::root())?];
    while let Some(level) = levels.last_mut() {
        control.check()?;
        let Some(name) = level.names.next() else {
            levels.pop();
            continue;
        };
        if let Some((directory, path)) = look.at(level, &name)? {
            let entered = look.enter(directory, path)?;
            levels.push(entered);
        }
        control.entry();
    }
    Ok(look.seen.finish())
}

struct Look<'a> {
    opener: Opener,
    only: Option<&'a [u8]>,
    seen: FingerprintHasher,
}

impl Look<'_> {
    fn enter(&mut self, directory: OwnedFd, path: TreePath) -> Result<Level, TreeError> {
        let stat = fstat(&directory).map_err(TreeError::of("look at", &path))?;
        self.seen.entry(&path, &status(&stat));
        let mut names = sorted_names(directory.as_fd()).map_err(TreeError::of("list", &path))?;
        if path.is_root() {
            names.retain(|name| is_wanted(name, self.only));
        }
        Ok(Level { directory, path, names: names.into_iter() })
    }

    /// One name; a directory comes back opened.
    fn at(&mut self, level: &Level, name: &[u8]) -> Result<Option<(OwnedFd, TreePath)>, TreeError> {
        let parent = level.directory.as_fd();
        let path = level.path.join(name).map_err(|fault| TreeError::Path { path: level.path.clone(), fault })?;
        let stat = statat(parent, name, AtFlags::SYMLINK_NOFOLLOW).map_err(TreeError::of("look at", &path))?;
        if !self.opener.is_here(stat.st_dev) {
            self.seen.mount(&path);
        } else if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            match self.opener.read(parent, name, OFlags::DIRECTORY) {
                Ok(directory) => return Ok(Some((directory, path))),
                // From the same file system, so its number does not tell.
                Err(Errno::XDEV) => self.seen.mount(&path),
                Err(reason) => return Err(TreeError::of("open", &path)(reason)),
            }
        } else {
            self.seen.entry(&path, &status(&stat));
        }
        Ok(None)
    }
}

#[cfg(test)]
#[path = "fingerprint_tests.rs"]
mod tests;
