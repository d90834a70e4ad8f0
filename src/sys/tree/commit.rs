// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The renames that put a staged tree in place, on the disk; see `volume::commit` for what they are.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{
    AtFlags, Mode, OFlags, RenameFlags, fstat, fsync, mkdirat, openat, renameat, renameat_with, statat, unlinkat,
};
use rustix::io::{Errno, read, write};

use super::TreeError;
use super::attributes::{apply_exactly, meta, xattrs_of};
use super::open::Opener;
use super::scan::sorted_names;
use crate::volume::commit::{CommitList, Direction, LIST, NEW, OLD, PREFIX, Side, Step, Work, steps, work};
use crate::volume::{Meta, TreePath};

/// What the name of a file ends with while it is written.
const UNFINISHED: &str = ".part";

/// The longest file that is read, in bytes: a list of a million names.
const MAX_FILE: usize = 256 * 1024 * 1024;

/// The names at the top of a tree, sorted, without those of ours.
///
/// # Errors
/// When the directory cannot be read.
pub fn names(directory: BorrowedFd<'_>) -> Result<Vec<Vec<u8>>, TreeError> {
    let mut names = all_names(directory)?;
    names.retain(|name| !name.starts_with(PREFIX));
    Ok(names)
}

/// The names at the top of a tree, sorted, those of ours among them.
///
/// # Errors
/// When the directory cannot be read.
pub fn all_names(directory: BorrowedFd<'_>) -> Result<Vec<Vec<u8>>, TreeError> {
    sorted_names(directory).map_err(TreeError::of("list", &TreePath::root()))
}

/// The attributes of an open directory, as an archive of it has them.
///
/// # Errors
/// When they cannot be read.
pub fn attributes(directory: BorrowedFd<'_>) -> Result<Meta, TreeError> {
    let stat = fstat(directory).map_err(TreeError::of("look at", &TreePath::root()))?;
    let xattrs = xattrs_of(directory).map_err(TreeError::of("read the attributes of", &TreePath::root()))?;
    Ok(meta(&stat, xattrs))
}

/// Sees that no rename of these names would fail because something is mounted there.
///
/// # Errors
/// When one is a mount, and when one cannot be looked at.
pub fn check_movable(root: BorrowedFd<'_>, names: &[Vec<u8>]) -> Result<(), TreeError> {
    let opener = Opener::of(root)?;
    for name in names {
        let path = at_top(name)?;
        opener.open(root, name, OFlags::PATH).map_err(TreeError::of("look at", &path))?;
    }
    Ok(())
}

/// Writes a file of ours into `side`: after a crash it is there as a whole, or not at all; durable when this returns.
///
/// # Errors
/// When it cannot be written; then it is as it was.
pub fn put(side: BorrowedFd<'_>, name: &str, bytes: &[u8]) -> Result<(), TreeError> {
    let fault = |doing| TreeError::of(doing, &TreePath::root());
    let unfinished = format!("{name}{UNFINISHED}");
    match unlinkat(side, &unfinished, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(reason) => return Err(fault("write a marker in")(reason)),
    }
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(side, &unfinished, flags, Mode::RUSR | Mode::WUSR).map_err(fault("write a marker in"))?;
    let mut rest = bytes;
    while !rest.is_empty() {
        match write(&file, rest) {
            Ok(length) => rest = &rest[length..],
            Err(Errno::INTR) => {}
            Err(reason) => return Err(fault("write a marker in")(reason)),
        }
    }
    fsync(&file).map_err(fault("sync a marker in"))?;
    renameat(side, &unfinished, side, name).map_err(fault("name a marker in"))?;
    fsync(side).map_err(fault("sync"))
}

/// The bytes of a file of ours; none when it is not there.
///
/// # Errors
/// When it cannot be read.
pub fn get(side: BorrowedFd<'_>, name: &str) -> Result<Option<Vec<u8>>, TreeError> {
    let fault = || TreeError::of("read a marker in", &TreePath::root());
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(side, name, flags, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(None),
        other => other.map_err(fault())?,
    };
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    while bytes.len() < MAX_FILE {
        match read(&file, &mut buffer[..]) {
            Ok(0) => break,
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
            Err(Errno::INTR) => {}
            Err(reason) => return Err(fault()(reason)),
        }
    }
    Ok(Some(bytes))
}

/// Writes the list into `side` (our directory in the volume, with the staged tree in its `new/`), durable when this
/// returns: from then on the restore is decided.
///
/// # Errors
/// When it cannot be written; then the restore is not decided.
pub fn begin(side: BorrowedFd<'_>, list: &CommitList) -> Result<(), TreeError> {
    match mkdirat(side, OLD, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(reason) => return Err(TreeError::of("make the directory of the old tree in", &TreePath::root())(reason)),
    }
    put(side, LIST, &list.to_bytes()?)
}

/// The list of a restore that was decided; none when there is none, and nothing was renamed.
///
/// # Errors
/// When it cannot be read, or is not whole.
pub fn read_list(side: BorrowedFd<'_>) -> Result<Option<CommitList>, TreeError> {
    let bytes = get(side, LIST)?;
    Ok(bytes.map(|bytes| CommitList::of_bytes(&bytes)).transpose()?)
}

/// Runs a list from its beginning, whatever was done before; durable when this returns. `before` is called before each
/// rename that is left to do, with its number from 1.
///
/// # Errors
/// When a rename fails, when a name is where no crash can have left it, and when `before` fails. Run it again, in either
/// direction.
pub fn run(
    root: BorrowedFd<'_>,
    side: BorrowedFd<'_>,
    list: &CommitList,
    direction: Direction,
    before: &mut dyn FnMut(u64) -> Result<(), TreeError>,
) -> Result<(), TreeError> {
    let opener = Opener::of(root)?;
    let open = |name: &str| -> Result<OwnedFd, TreeError> {
        let directory = opener.open(side, name.as_bytes(), OFlags::RDONLY | OFlags::DIRECTORY);
        directory.map_err(TreeError::of("open our directory in", &TreePath::root()))
    };
    let (old, new) = (open(OLD)?, open(NEW)?);
    let mut renames = 0;
    for step in steps(list, direction) {
        match &step {
            Step::Out(side, name) | Step::In(side, name) => {
                let beside = if *side == Side::Old { old.as_fd() } else { new.as_fd() };
                if is_left(&step, name, root, beside)? {
                    renames += 1;
                    before(renames)?;
                    rename(&step, name, root, beside)?;
                }
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

/// Whether a rename is still to be done.
fn is_left(step: &Step, name: &[u8], root: BorrowedFd<'_>, beside: BorrowedFd<'_>) -> Result<bool, TreeError> {
    let is_in = |directory| match statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(_) => Ok(true),
        Err(Errno::NOENT) => Ok(false),
        Err(reason) => Err(TreeError::of("look at", &at_top(name)?)(reason)),
    };
    Ok(work(step, is_in(root)?, is_in(beside)?)? == Work::Rename)
}

fn rename(step: &Step, name: &[u8], root: BorrowedFd<'_>, beside: BorrowedFd<'_>) -> Result<(), TreeError> {
    let (from, to) = if matches!(step, Step::Out(..)) { (root, beside) } else { (beside, root) };
    match renameat_with(from, name, to, name, RenameFlags::NOREPLACE) {
        // Not every file system can; `work` has looked that nothing is in the way.
        Err(Errno::INVAL | Errno::NOSYS) => renameat(from, name, to, name),
        other => other,
    }
    .map_err(TreeError::of("rename", &at_top(name)?))
}

fn at_top(name: &[u8]) -> Result<TreePath, TreeError> {
    TreePath::root().join(name).map_err(|fault| TreeError::Path { path: TreePath::root(), fault })
}
