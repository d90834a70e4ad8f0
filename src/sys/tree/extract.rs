// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An archive to a tree.
//!
//! Directories are made open to us alone and get their attributes when all that is in them is there, the deepest first,
//! the root at the very end. Everything is made anew (`O_EXCL`) in directories that we made and hold.

use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, fremovexattr, fsync, ftruncate, linkat, makedev, mkdirat, mknodat, openat,
    symlinkat, syncfs,
};
use rustix::io::{Errno, pwrite};

use super::attributes::{HasMode, apply, apply_exactly, apply_to_name};
use super::open::Opener;
use super::scan::sorted_names;
use super::{Control, TreeError};
use crate::volume::pax::{Reader, Tally};
use crate::volume::{Device, Entry, Extent, Kind, Meta, TreePath, acl};

/// Data is written in pieces of this size, in bytes.
const PIECE: usize = 256 * 1024;

/// How the tree reaches the disk before [`extract`] returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// One call for the whole file system at the end. Tells of write errors since Linux 5.8.
    FileSystem,
    /// A call for every file and directory: slow with many of them, but old kernels tell of errors only so.
    EachFile,
}

/// Unpacks into an open, empty directory, which becomes the root of the tree. `expected` is the number of entries that
/// the maker told. On an error the directory holds a part of the tree.
///
/// # Errors
/// When the archive is not whole, when something cannot be made exactly as it was, when there is no space, and when the
/// caller wants no more.
pub fn extract<R: Read>(
    mut archive: Reader<R>,
    staging: BorrowedFd<'_>,
    expected: Option<u64>,
    durability: Durability,
    control: &mut Control<'_>,
) -> Result<(Tally, R), TreeError> {
    let root = TreePath::root();
    if !sorted_names(staging).map_err(TreeError::of("list", &root))?.is_empty() {
        return Err(TreeError::NotEmpty);
    }
    // Else everything made in it would inherit it.
    match fremovexattr(staging, acl::DEFAULT) {
        Ok(()) | Err(Errno::NODATA | Errno::OPNOTSUPP) => {}
        Err(reason) => return Err(TreeError::of("change", &root)(reason)),
    }
    let opener = Opener::of(staging)?;
    let mut tree = Tree { opener, staging, levels: Vec::new(), durability, buffer: vec![0; PIECE] };
    while let Some(entry) = archive.entry()? {
        control.check()?;
        tree.make(&entry, &mut archive, control)?;
        control.entry();
    }
    // Only a whole archive makes a tree whose root looks done.
    let done = archive.finish(expected)?;
    tree.close_until(None)?;
    if durability == Durability::FileSystem {
        syncfs(staging).map_err(TreeError::of("sync", &root))?;
    }
    Ok(done)
}

struct Tree<'a> {
    opener: Opener,
    staging: BorrowedFd<'a>,
    /// The directories above the entry under way.
    levels: Vec<Level>,
    durability: Durability,
    buffer: Vec<u8>,
}

struct Level {
    directory: OwnedFd,
    path: TreePath,
    meta: Meta,
}

impl Tree<'_> {
    fn make<R: Read>(
        &mut self,
        entry: &Entry,
        archive: &mut Reader<R>,
        control: &mut Control<'_>,
    ) -> Result<(), TreeError> {
        let Entry { path, meta, kind } = entry;
        let Some(name) = path.name() else { return self.open(self.staging, b".", entry) };
        self.close_until(Some(path))?;
        let Some(level) = self.levels.last() else { return Err(TreeError::NotEmpty) };
        let parent = level.directory.as_fd();
        let made = TreeError::of("make", path);
        match kind {
            Kind::Directory => {
                mkdirat(parent, name, Mode::RWXU).map_err(made)?;
                let parent = rustix::io::fcntl_dupfd_cloexec(parent, 0).map_err(TreeError::of("open", path))?;
                return self.open(parent.as_fd(), name, entry);
            }
            Kind::File { size, extents } => {
                let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                let file = openat(parent, name, flags, Mode::RUSR | Mode::WUSR).map_err(made)?;
                self.fill(file.as_fd(), path, (*size, extents), archive, control)?;
                apply(file.as_fd(), path, meta)?;
                if self.durability == Durability::EachFile {
                    fsync(&file).map_err(TreeError::of("sync", path))?;
                }
                return Ok(());
            }
            Kind::HardLink(target) => return self.link(parent, name, path, target),
            Kind::Symlink(target) => symlinkat(target.as_slice(), parent, name).map_err(made)?,
            Kind::Fifo => mknodat(parent, name, FileType::Fifo, Mode::RUSR, 0).map_err(made)?,
            Kind::CharDevice(device) => node(parent, name, path, FileType::CharacterDevice, *device)?,
            Kind::BlockDevice(device) => node(parent, name, path, FileType::BlockDevice, *device)?,
        }
        let has_mode = if matches!(kind, Kind::Symlink(_)) { HasMode::No } else { HasMode::Yes };
        apply_to_name(&self.opener, parent, name, path, meta, has_mode)
    }

    /// Goes into a directory that is there.
    fn open(&mut self, parent: BorrowedFd<'_>, name: &[u8], entry: &Entry) -> Result<(), TreeError> {
        let directory = self.opener.open(parent, name, OFlags::RDONLY | OFlags::DIRECTORY);
        let directory = directory.map_err(TreeError::of("open", &entry.path))?;
        self.levels.push(Level { directory, path: entry.path.clone(), meta: entry.meta.clone() });
        Ok(())
    }

    /// Leaves the directories that the next entry is not in; all of them at the end.
    fn close_until(&mut self, next: Option<&TreePath>) -> Result<(), TreeError> {
        while let Some(level) = self.levels.pop_if(|level| next.is_none_or(|next| !next.is_below(&level.path))) {
            if level.path.is_root() {
                apply_exactly(level.directory.as_fd(), &level.path, &level.meta)?;
            } else {
                apply(level.directory.as_fd(), &level.path, &level.meta)?;
            }
            if self.durability == Durability::EachFile {
                fsync(&level.directory).map_err(TreeError::of("sync", &level.path))?;
            }
        }
        Ok(())
    }

    fn fill<R: Read>(
        &mut self,
        file: BorrowedFd<'_>,
        path: &TreePath,
        (size, extents): (u64, &[Extent]),
        archive: &mut Reader<R>,
        control: &mut Control<'_>,
    ) -> Result<(), TreeError> {
        for run in extents {
            let (mut at, end) = (run.offset, run.offset + run.length);
            while at < end {
                control.check()?;
                let wanted = usize::try_from(end - at).unwrap_or(PIECE).min(PIECE);
                let length = archive.data(&mut self.buffer[..wanted])?;
                write_at(file, &self.buffer[..length], at).map_err(TreeError::of("write", path))?;
                at += length as u64;
                control.bytes(length);
            }
        }
        if extents.last().is_none_or(|last| last.offset + last.length < size) {
            ftruncate(file, size).map_err(TreeError::of("write", path))?;
        }
        Ok(())
    }

    fn link(&self, parent: BorrowedFd<'_>, name: &[u8], path: &TreePath, target: &TreePath) -> Result<(), TreeError> {
        let above = target.parent().unwrap_or_default();
        let first = self.opener.descend(self.staging, &above).map_err(TreeError::of("open", &above))?;
        let first_name = target.name().unwrap_or_default();
        linkat(&first, first_name, parent, name, AtFlags::empty()).map_err(TreeError::of("make", path))
    }
}

fn node(parent: BorrowedFd<'_>, name: &[u8], path: &TreePath, kind: FileType, device: Device) -> Result<(), TreeError> {
    let number = makedev(device.major, device.minor);
    mknodat(parent, name, kind, Mode::RUSR, number).map_err(|reason| match reason {
        Errno::PERM => TreeError::DeviceRefused { path: path.clone() },
        reason => TreeError::of("make", path)(reason),
    })
}

fn write_at(file: BorrowedFd<'_>, mut bytes: &[u8], mut offset: u64) -> Result<(), Errno> {
    while !bytes.is_empty() {
        match pwrite(file, bytes, offset) {
            Ok(0) => return Err(Errno::IO),
            Ok(length) => {
                bytes = &bytes[length..];
                offset += length as u64;
            }
            Err(Errno::INTR) => {}
            Err(reason) => return Err(reason),
        }
    }
    Ok(())
}
