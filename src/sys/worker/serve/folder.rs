// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The folder of an operation at the top of a tree: what it holds, and how it comes and goes.
//!
//! `.stackctl-<operation>/` has `new/` (the staged tree), `old/` (the one that was there) and markers, files that are
//! there as a whole or not at all:
//!
//! - `STAGED`: `new/` is whole. Without it nothing is put in place.
//! - `EMPTIED`: the old content was deleted, or is being: what is there may be a part of something, until the folder is
//!   removed. What the markers below say is of the staged tree alone then, and there is no way back.
//! - `ONLY`: the one name that is exchanged. Absent: all.
//! - `COMMIT`: the list of renames; names are being exchanged. See `volume::commit`.
//! - `DONE`: they are.
//! - `BACK`: the list of renames of the way back, which was taken. It can differ from `COMMIT`: what ran on the new tree
//!   may have made and removed names.
//! - `UNDONE`: it was gone to its end.
//!
//! A folder that is being removed has a name with its mark: `.stackctl-<operation>.committed/`. One rename decides the
//! removal, and whatever is left inside after a crash says nothing any more. So no step of a removal looks like another
//! mark, down to the empty folder.

use std::cell::{Cell, RefCell};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{
    AtFlags, FlockOperation, Mode, OFlags, Stat, Timespec, Timestamps, UTIME_OMIT, fchmod, flock, fstat, fsync,
    futimens, mkdirat, openat, renameat, statat, unlinkat,
};
use rustix::io::Errno;

use super::Faults;
use super::refusal::Refusal;
use crate::sys::tree::{Control, Progress, all_names, get, put, remove_tree};
use crate::volume::commit::{CommitList, LIST, NEW, PREFIX};
use crate::volume::request::{Answer, Mark};
use crate::volume::text;

const STAGED: &str = "STAGED";
const EMPTIED: &str = "EMPTIED";
const ONLY: &str = "ONLY";
const DONE: &str = "DONE";
const BACK: &str = "BACK";
const UNDONE: &str = "UNDONE";

/// What each marker says, the last word first: a folder has those of the steps before too. Without one it is staged.
pub(super) const MARKERS: [(&str, Mark); 5] = [
    (EMPTIED, Mark::Emptied),
    (UNDONE, Mark::RolledBack),
    (BACK, Mark::RollingBack),
    (DONE, Mark::Committed),
    (LIST, Mark::Committing),
];

/// What the names of folders that are being removed end with.
const LEAVING: [(Mark, &str); 3] =
    [(Mark::Staged, ".staged"), (Mark::Committed, ".committed"), (Mark::RolledBack, ".rolled-back")];

/// The longest name of an operation, in bytes.
const MAX_OPERATION: usize = 100;

/// What an operation has at the top of a tree.
pub(super) enum State {
    Absent,
    There(Folder),
    /// It is being removed, and was so far before.
    Leaving(Mark),
}

/// The open folder of an operation, ours alone until it is closed.
pub(super) struct Folder {
    side: OwnedFd,
}

impl AsFd for Folder {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.side.as_fd()
    }
}

impl Folder {
    /// How far the staged tree came, whatever became of the old one.
    pub(super) fn mark(&self) -> Result<Mark, Refusal> {
        for (name, mark) in MARKERS {
            if mark != Mark::Emptied && has(self.as_fd(), name)? {
                return Ok(mark);
            }
        }
        Ok(Mark::Staged)
    }

    /// Whether the old content was deleted, or is being.
    pub(super) fn is_emptied(&self) -> Result<bool, Refusal> {
        has(self.as_fd(), EMPTIED)
    }

    /// Remembers that the old content is deleted, before the first of it is.
    pub(super) fn set_emptied(&self) -> Result<(), Refusal> {
        Ok(put(self.as_fd(), EMPTIED, b"")?)
    }

    /// Makes `new/` empty, and forgets all but that the old content was deleted.
    pub(super) fn renew(&self, faults: &Faults<'_>) -> Result<(), Refusal> {
        let failed = || Refusal::system("make the folder of the staged tree");
        let mut inner = all_names(self.as_fd())?;
        inner.retain(|name| name != EMPTIED.as_bytes());
        remove_names(self.as_fd(), &inner, ("remove", "removed"), faults)?;
        mkdirat(self.as_fd(), NEW, Mode::RWXU).map_err(failed())?;
        fsync(self.as_fd()).map_err(failed())
    }

    /// Whether the staged tree is whole and was not put in place.
    pub(super) fn is_staged(&self) -> Result<bool, Refusal> {
        Ok(self.mark()? == Mark::Staged && has(self.as_fd(), STAGED)?)
    }

    pub(super) fn set_staged(&self) -> Result<(), Refusal> {
        Ok(put(self.as_fd(), STAGED, b"")?)
    }

    pub(super) fn set_done(&self) -> Result<(), Refusal> {
        Ok(put(self.as_fd(), DONE, b"")?)
    }

    pub(super) fn set_undone(&self) -> Result<(), Refusal> {
        Ok(put(self.as_fd(), UNDONE, b"")?)
    }

    /// The one name that is exchanged.
    pub(super) fn only(&self) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(get(self.as_fd(), ONLY)?)
    }

    /// Remembers the one name, before the exchange is decided.
    pub(super) fn set_only(&self, only: Option<&[u8]>) -> Result<(), Refusal> {
        match only {
            Some(name) => Ok(put(self.as_fd(), ONLY, name)?),
            None => match unlinkat(self.as_fd(), ONLY, AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => fsync(self.as_fd()).map_err(Refusal::system("sync a marker")),
                Err(reason) => Err(Refusal::system("remove a marker")(reason)),
            },
        }
    }

    /// The list of the way back, once it was taken.
    pub(super) fn back_list(&self) -> Result<Option<CommitList>, Refusal> {
        let bytes = get(self.as_fd(), BACK)?;
        Ok(bytes.map(|bytes| CommitList::of_bytes(&bytes)).transpose()?)
    }

    /// Takes the way back.
    pub(super) fn set_back(&self, list: &CommitList) -> Result<(), Refusal> {
        Ok(put(self.as_fd(), BACK, &list.to_bytes()?)?)
    }

    /// The directory of the staged tree.
    pub(super) fn new_tree(&self) -> Result<OwnedFd, Refusal> {
        open(self.as_fd(), NEW.as_bytes()).map_err(Refusal::system("open the staged tree"))
    }
}

/// What operations left, sorted by name.
pub(super) fn marks(root: BorrowedFd<'_>) -> Result<Vec<(String, Mark)>, Refusal> {
    let mut marks = Vec::new();
    for name in all_names(root)? {
        let Some((operation, leaving)) = operation_of(&name) else { continue };
        let side = match open(root, &name) {
            Ok(side) => side,
            // Gone since, or nothing of ours.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => continue,
            Err(reason) => return Err(Refusal::system("open the folder of an operation")(reason)),
        };
        let mark = match leaving {
            Some(mark) => mark,
            None => mark(side.as_fd())?,
        };
        marks.push((operation.to_owned(), leaving.is_some(), mark));
    }
    Ok(one_each(marks))
}

/// One mark an operation, sorted, of its folders: whether each is being removed, and how far it came.
pub(super) fn one_each(mut marks: Vec<(String, bool, Mark)>) -> Vec<(String, Mark)> {
    // What is there says more than what is left of something that was removed.
    marks.sort();
    marks.dedup_by(|later, first| later.0 == first.0);
    marks.into_iter().map(|(operation, _, mark)| (operation, mark)).collect()
}

/// The operation whose folder has this name, and its mark when it is being removed; none of a name that is not ours.
pub(super) fn operation_of(name: &[u8]) -> Option<(&str, Option<Mark>)> {
    let rest = std::str::from_utf8(name.strip_prefix(PREFIX)?).ok()?;
    let leaving = LEAVING.iter().find_map(|(mark, ending)| Some((*mark, rest.strip_suffix(ending)?)));
    let (operation, mark) = leaving.map_or((rest, None), |(mark, operation)| (operation, Some(mark)));
    folder_name(operation).ok().map(|_| (operation, mark))
}

/// What an operation has; waits for another worker that is at work in its folder.
pub(super) fn find(root: BorrowedFd<'_>, operation: &str) -> Result<State, Refusal> {
    let name = folder_name(operation)?;
    if let Some(side) = hold(root, name.as_bytes())? {
        return Ok(State::There(Folder { side }));
    }
    for (mark, ending) in LEAVING {
        if has(root, &format!("{name}{ending}"))? {
            return Ok(State::Leaving(mark));
        }
    }
    Ok(State::Absent)
}

/// The folder of an operation that deleted the old content, or is doing so.
pub(super) fn find_emptied(root: BorrowedFd<'_>, operation: &str) -> Result<Option<Folder>, Refusal> {
    match find(root, operation)? {
        State::There(folder) if folder.is_emptied()? => Ok(Some(folder)),
        _ => Ok(None),
    }
}

/// Makes the folder with an empty `new/`, open to us alone.
pub(super) fn make(root: BorrowedFd<'_>, operation: &str) -> Result<Folder, Refusal> {
    let name = folder_name(operation)?;
    let failed = || Refusal::system("make the folder of the operation");
    keeping_time(root, || {
        mkdirat(root, name.as_bytes(), Mode::RWXU).map_err(failed())?;
        let Some(side) = hold(root, name.as_bytes())? else { return Err(failed()(Errno::NOENT)) };
        // The root may hand down its bits.
        fchmod(&side, Mode::RWXU).map_err(failed())?;
        mkdirat(&side, NEW, Mode::RWXU).map_err(failed())?;
        fsync(&side).map_err(failed())?;
        fsync(root).map_err(failed())?;
        Ok(Folder { side })
    })
}

/// Removes what an operation keeps, unless that is still needed.
pub(super) fn remove_aside(root: BorrowedFd<'_>, operation: &str, faults: &Faults<'_>) -> Result<Answer, Refusal> {
    remove(root, operation, faults)?;
    Ok(Answer::Moved)
}

/// Removes the folder of an operation, and what is left of one that was being removed. Refused while it is needed.
pub(super) fn remove(root: BorrowedFd<'_>, operation: &str, faults: &Faults<'_>) -> Result<(), Refusal> {
    let name = folder_name(operation)?;
    for (_, ending) in LEAVING {
        remove_leaving(root, &format!("{name}{ending}"), faults)?;
    }
    let State::There(folder) = find(root, operation)? else { return Ok(()) };
    let mark = folder.mark()?;
    // It alone says that what is there is not whole.
    if folder.is_emptied()? && mark != Mark::Committed {
        return Err(Refusal::exchange_unfinished());
    }
    let ending = LEAVING.iter().find(|(leaving, _)| *leaving == mark).ok_or_else(Refusal::exchange_unfinished)?.1;
    let leaving = format!("{name}{ending}");
    keeping_time(root, || {
        renameat(root, name.as_bytes(), root, leaving.as_bytes()).map_err(Refusal::system("begin the removal"))
    })?;
    fsync(root).map_err(Refusal::system("sync the root"))?;
    faults("removing")?;
    remove_leaving(root, &leaving, faults)
}

fn remove_leaving(root: BorrowedFd<'_>, name: &str, faults: &Faults<'_>) -> Result<(), Refusal> {
    let side = match open(root, name.as_bytes()) {
        Ok(side) => side,
        Err(Errno::NOENT) => return Ok(()),
        Err(reason) => return Err(Refusal::system("open what is being removed")(reason)),
    };
    remove_names(side.as_fd(), &all_names(side.as_fd())?, ("remove", "removed"), faults)?;
    keeping_time(root, || {
        unlinkat(root, name.as_bytes(), AtFlags::REMOVEDIR)
            .map_err(Refusal::system("remove the folder of the operation"))
    })?;
    fsync(root).map_err(Refusal::system("sync the root"))
}

/// Removes trees below a directory. After each entry inside them the point `ENTRY:1`, … is passed, after each of them
/// `TREE:NAME`.
pub(super) fn remove_names(
    parent: BorrowedFd<'_>,
    names: &[Vec<u8>],
    (entry, tree): (&str, &str),
    faults: &Faults<'_>,
) -> Result<(), Refusal> {
    let (fault, is_over) = (RefCell::new(None), Cell::new(false));
    let stop = || is_over.get();
    let mut tell = |progress: Progress| {
        if let Err(error) = faults(&format!("{entry}:{}", progress.entries)) {
            is_over.set(true);
            fault.borrow_mut().get_or_insert(error);
        }
    };
    let mut control = Control::new(&stop, &mut tell);
    let done = names.iter().try_for_each(|inner| {
        remove_tree(parent, inner, &mut control)?;
        faults(&format!("{tree}:{}", text::escape(inner)))
    });
    if let Some(error) = fault.into_inner() {
        return Err(error.into());
    }
    Ok(done?)
}

/// Our coming and going does not count as a change of the tree.
fn keeping_time<T>(root: BorrowedFd<'_>, work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    let before = fstat(root).map_err(Refusal::system("look at the root"))?;
    let done = work();
    let times = Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec {
            tv_sec: before.st_mtime,
            tv_nsec: i64::try_from(before.st_mtime_nsec).unwrap_or(0),
        },
    };
    let kept = futimens(root, &times).map_err(Refusal::system("set the time of the root"));
    done.and_then(|done| kept.map(|()| done))
}

/// How far a folder that is not being removed came.
fn mark(side: BorrowedFd<'_>) -> Result<Mark, Refusal> {
    for (name, mark) in MARKERS {
        if has(side, name)? {
            return Ok(mark);
        }
    }
    Ok(Mark::Staged)
}

/// The name of the folder of an operation.
fn folder_name(operation: &str) -> Result<String, Refusal> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if operation.is_empty() || operation.len() > MAX_OPERATION || !operation.bytes().all(is_plain) {
        return Err(Refusal::bad("the name of the operation is none".to_owned()));
    }
    Ok(format!("{}{operation}", String::from_utf8_lossy(PREFIX)))
}

fn stat(parent: BorrowedFd<'_>, name: &str) -> Result<Option<Stat>, Refusal> {
    match statat(parent, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(reason) => Err(Refusal::system("look for a marker")(reason)),
    }
}

fn has(parent: BorrowedFd<'_>, name: &str) -> Result<bool, Refusal> {
    Ok(stat(parent, name)?.is_some())
}

fn open(parent: BorrowedFd<'_>, name: &[u8]) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(parent, name, flags, Mode::empty())
}

/// Opens a folder and locks it, so that a worker whose asker died comes to its end first; none when there is none.
fn hold(root: BorrowedFd<'_>, name: &[u8]) -> Result<Option<OwnedFd>, Refusal> {
    let failed = || Refusal::system("open the folder of the operation");
    loop {
        let side = match open(root, name) {
            Ok(side) => side,
            Err(Errno::NOENT) => return Ok(None),
            Err(reason) => return Err(failed()(reason)),
        };
        // Some file systems of a network have no locks.
        if flock(&side, FlockOperation::LockExclusive) == Err(Errno::INTR) {
            continue;
        }
        let ours = fstat(&side).map_err(failed())?.st_ino;
        match statat(root, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(now) if now.st_ino == ours => return Ok(Some(side)),
            // It was renamed while we waited.
            Ok(_) | Err(Errno::NOENT) => {}
            Err(reason) => return Err(failed()(reason)),
        }
    }
}
