// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The renames that put a staged tree in place, on the disk; see `volume::commit` for what they are.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{
    AtFlags, Mode, OFlags, RenameFlags, fsync, mkdirat, openat, renameat, renameat_with, statat, unlinkat,
};
use rustix::io::{Errno, read, write};

use super::TreeError;
use super::attributes::apply_exactly;
use super::open::Opener;
use super::scan::sorted_names;
use crate::volume::TreePath;
use crate::volume::commit::{CommitList, Direction, LIST, NEW, OLD, PREFIX, Side, Step, Work, steps, work};

/// The list while it is written.
const UNFINISHED: &str = "COMMIT.part";

/// The longest list that is read, in bytes.
const MAX_LIST: usize = 256 * 1024 * 1024;

/// The names at the top of a tree, sorted, without those of ours.
///
/// # Errors
/// When the directory cannot be read.
pub fn names(directory: BorrowedFd<'_>) -> Result<Vec<Vec<u8>>, TreeError> {
    let mut names = sorted_names(directory).map_err(TreeError::of("list", &TreePath::root()))?;
    names.retain(|name| !name.starts_with(PREFIX));
    Ok(names)
}

/// Writes the list into `side` (our directory in the volume, with the staged tree in its `new/`), durable when this
/// returns: from then on the restore is decided.
///
/// # Errors
/// When it cannot be written; then the restore is not decided.
pub fn begin(side: BorrowedFd<'_>, list: &CommitList) -> Result<(), TreeError> {
    let fault = |doing| TreeError::of(doing, &TreePath::root());
    match mkdirat(side, OLD, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(reason) => return Err(fault("make the directory of the old tree in")(reason)),
    }
    match unlinkat(side, UNFINISHED, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(reason) => return Err(fault("write the list in")(reason)),
    }
    let bytes = list.to_bytes()?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(side, UNFINISHED, flags, Mode::RUSR | Mode::WUSR).map_err(fault("write the list in"))?;
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let length = write(&file, rest).map_err(fault("write the list in"))?;
        rest = &rest[length..];
    }
    fsync(&file).map_err(fault("sync the list in"))?;
    renameat(side, UNFINISHED, side, LIST).map_err(fault("name the list in"))?;
    fsync(side).map_err(fault("sync"))
}

/// The list of a restore that was decided; none when there is none, and nothing was renamed.
///
/// # Errors
/// When it cannot be read, or is not whole.
pub fn read_list(side: BorrowedFd<'_>) -> Result<Option<CommitList>, TreeError> {
    let fault = || TreeError::of("read the list in", &TreePath::root());
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(side, LIST, flags, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(None),
        other => other.map_err(fault())?,
    };
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    while bytes.len() < MAX_LIST {
        match read(&file, &mut buffer[..]).map_err(fault())? {
            0 => break,
            length => bytes.extend_from_slice(&buffer[..length]),
        }
    }
    Ok(Some(CommitList::of_bytes(&bytes)?))
}

/// Runs a list from its beginning, whatever was done before; durable when this returns.
///
/// # Errors
/// When a rename fails, and when a name is where no crash can have left it. Run it again, in either direction.
pub fn run(
    root: BorrowedFd<'_>,
    side: BorrowedFd<'_>,
    list: &CommitList,
    direction: Direction,
) -> Result<(), TreeError> {
    let opener = Opener::of(root)?;
    let open = |name: &str| -> Result<OwnedFd, TreeError> {
        let directory = opener.open(side, name.as_bytes(), OFlags::RDONLY | OFlags::DIRECTORY);
        directory.map_err(TreeError::of("open our directory in", &TreePath::root()))
    };
    let (old, new) = (open(OLD)?, open(NEW)?);
    for step in steps(list, direction) {
        match &step {
            Step::Out(side, name) | Step::In(side, name) => {
                let beside = if *side == Side::Old { old.as_fd() } else { new.as_fd() };
                rename(&step, name, root, beside)?;
            }
            Step::Sync => {
                for directory in [root, old.as_fd(), new.as_fd()] {
                    fsync(directory).map_err(TreeError::of("sync", &TreePath::root()))?;
                }
            }
            Step::Root(side) => {
                let meta = if *side == Side::Old { &list.old_root } else { &list.new_root };
                apply_exactly(root, &TreePath::root(), meta)?;
            }
        }
    }
    Ok(())
}

fn rename(step: &Step, name: &[u8], root: BorrowedFd<'_>, beside: BorrowedFd<'_>) -> Result<(), TreeError> {
    let path = TreePath::root().join(name).map_err(|fault| TreeError::Path { path: TreePath::root(), fault })?;
    let is_in = |directory| match statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(_) => Ok(true),
        Err(Errno::NOENT) => Ok(false),
        Err(reason) => Err(TreeError::of("look at", &path)(reason)),
    };
    if work(step, is_in(root)?, is_in(beside)?)? == Work::Done {
        return Ok(());
    }
    let (from, to) = if matches!(step, Step::Out(..)) { (root, beside) } else { (beside, root) };
    match renameat_with(from, name, to, name, RenameFlags::NOREPLACE) {
        // Not every file system can; `work` has looked that nothing is in the way.
        Err(Errno::INVAL | Errno::NOSYS) => renameat(from, name, to, name),
        other => other,
    }
    .map_err(TreeError::of("rename", &path))
}
