// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The staged tree into the place of the old one, and back. Both go on where a crash has cut them off.

use std::os::fd::{AsFd as _, BorrowedFd};

use super::folder::{Folder, State, find};
use super::refusal::Refusal;
use super::{Faults, name_of};
use crate::sys::tree::{attributes, begin, check_movable, names, read_list, run};
use crate::volume::commit::{CommitList, Direction};
use crate::volume::request::{Answer, Mark};
use crate::volume::text;

pub(super) fn commit(
    root: BorrowedFd<'_>,
    operation: &str,
    only: Option<&str>,
    faults: &Faults<'_>,
) -> Result<Answer, Refusal> {
    let only = only.map(name_of).transpose()?;
    let folder = match find(root, operation)? {
        State::There(folder) => folder,
        State::Leaving(Mark::Committed) => return Ok(Answer::Moved),
        State::Leaving(Mark::RolledBack) => return Err(Refusal::turned_back()),
        State::Leaving(_) | State::Absent => return Err(Refusal::not_staged()),
    };
    match folder.mark()? {
        Mark::Committed => return Ok(Answer::Moved),
        Mark::RollingBack | Mark::RolledBack => return Err(Refusal::turned_back()),
        Mark::Emptied => return Err(Refusal::not_staged()),
        Mark::Staged if !folder.is_staged()? => return Err(Refusal::not_staged()),
        Mark::Staged => decide(root, &folder, only.as_deref(), faults)?,
        Mark::Committing => {}
    }
    let list = read_list(folder.as_fd())?.ok_or_else(Refusal::not_decided)?;
    exchange(root, &folder, &list, Direction::Forward, faults)?;
    faults("renamed")?;
    folder.set_done()?;
    faults("done")?;
    Ok(Answer::Moved)
}

/// Writes down what is exchanged. From then on a crash is followed by the rest of the exchange.
fn decide(root: BorrowedFd<'_>, folder: &Folder, only: Option<&[u8]>, faults: &Faults<'_>) -> Result<(), Refusal> {
    let new_tree = folder.new_tree()?;
    let (mut old, new) = (names(root)?, names(new_tree.as_fd())?);
    let old_root = attributes(root)?;
    let new_root = match only {
        Some(name) => {
            old.retain(|one| one == name);
            if let Some(other) = new.iter().find(|one| *one != name) {
                let told = format!("`{}` is staged beside the one name that is exchanged", text::escape(other));
                return Err(Refusal::bad(told));
            }
            // The folder around a single file is not part of it.
            old_root.clone()
        }
        None => attributes(new_tree.as_fd())?,
    };
    check_movable(root, &old)?;
    let list = CommitList::new(old, new, old_root, new_root)?;
    folder.set_only(only)?;
    faults("list")?;
    begin(folder.as_fd(), &list)?;
    faults("listed")?;
    Ok(())
}

pub(super) fn back(root: BorrowedFd<'_>, operation: &str, faults: &Faults<'_>) -> Result<Answer, Refusal> {
    let folder = match find(root, operation)? {
        State::There(folder) => folder,
        State::Leaving(Mark::Committed) => return Err(Refusal::aside_removed()),
        State::Leaving(Mark::RolledBack) => return Ok(Answer::Moved),
        State::Leaving(_) | State::Absent => return Err(Refusal::not_decided()),
    };
    if folder.is_emptied()? {
        return Err(Refusal::emptied());
    }
    let mark = folder.mark()?;
    match mark {
        Mark::RolledBack => return Ok(Answer::Moved),
        Mark::Staged | Mark::Emptied => return Err(Refusal::not_decided()),
        Mark::RollingBack => {}
        Mark::Committing | Mark::Committed => {
            let mut list = read_list(folder.as_fd())?.ok_or_else(Refusal::not_decided)?;
            if mark == Mark::Committed {
                list = as_it_is_now(root, &folder, list)?;
            }
            folder.set_back(&list)?;
            faults("back")?;
        }
    }
    let list = folder.back_list()?.ok_or_else(Refusal::not_decided)?;
    exchange(root, &folder, &list, Direction::Back, faults)?;
    folder.set_undone()?;
    faults("undone")?;
    Ok(Answer::Moved)
}

/// What ran on the new tree may have made and removed names at its top: all that is there goes.
fn as_it_is_now(root: BorrowedFd<'_>, folder: &Folder, list: CommitList) -> Result<CommitList, Refusal> {
    let (mut new, now) = (names(root)?, attributes(root)?);
    let mut old_root = list.old_root;
    if let Some(only) = folder.only()? {
        new.retain(|name| *name == only);
        old_root = now.clone();
    }
    check_movable(root, &new)?;
    Ok(CommitList::new(list.old, new, old_root, now)?)
}

fn exchange(
    root: BorrowedFd<'_>,
    folder: &Folder,
    list: &CommitList,
    direction: Direction,
    faults: &Faults<'_>,
) -> Result<(), Refusal> {
    Ok(run(root, folder.as_fd(), list, direction, &mut |number| faults(&format!("rename:{number}")))?)
}
