// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A tree to nothing.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, OFlags, unlinkat};
use rustix::io::Errno;

use super::open::Opener;
use super::scan::sorted_names;
use super::{Control, TreeError};
use crate::volume::TreePath;

/// Removes a name of a directory with all that is in it. A name that is not there is fine: the work may be the second try.
///
/// # Errors
/// When something cannot be removed; when it is or holds another mount, whose content is never touched.
pub fn remove_tree(parent: BorrowedFd<'_>, name: &[u8], control: &mut Control<'_>) -> Result<(), TreeError> {
    let opener = Opener::of(parent)?;
    let root = TreePath::root();
    let path = root.join(name).map_err(|fault| TreeError::Path { path: root.clone(), fault })?;
    let Some(directory) = remove_or_open(&opener, parent, name, &path)? else { return Ok(()) };
    let mut levels = vec![level(directory, path)?];
    while let Some((directory, path, names)) = levels.last_mut() {
        control.check()?;
        if let Some(name) = names.next() {
            let inner = path.join(&name).map_err(|fault| TreeError::Path { path: path.clone(), fault })?;
            if let Some(opened) = remove_or_open(&opener, directory.as_fd(), &name, &inner)? {
                levels.push(level(opened, inner)?);
            }
            control.entry();
            continue;
        }
        let empty = path.clone();
        levels.pop();
        let above = levels.last().map_or(parent, |(directory, _, _)| directory.as_fd());
        let name = empty.name().unwrap_or_default();
        unlinkat(above, name, AtFlags::REMOVEDIR).map_err(TreeError::of("remove", &empty))?;
    }
    Ok(())
}

type Level = (OwnedFd, TreePath, std::vec::IntoIter<Vec<u8>>);

fn level(directory: OwnedFd, path: TreePath) -> Result<Level, TreeError> {
    let names = sorted_names(directory.as_fd()).map_err(TreeError::of("list", &path))?;
    Ok((directory, path, names.into_iter()))
}

/// Removes what is no directory; a directory comes back opened.
fn remove_or_open(
    opener: &Opener,
    parent: BorrowedFd<'_>,
    name: &[u8],
    path: &TreePath,
) -> Result<Option<OwnedFd>, TreeError> {
    match unlinkat(parent, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => Ok(None),
        // Linux says that of a directory, POSIX allows the second.
        Err(Errno::ISDIR | Errno::PERM) => {
            let directory = opener.open(parent, name, OFlags::RDONLY | OFlags::DIRECTORY);
            directory.map(Some).map_err(TreeError::of("remove", path))
        }
        Err(reason) => Err(TreeError::of("remove", path)(reason)),
    }
}
