// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The walk: every entry of a tree in order, with its content and its digest.
//!
//! Memory: the names of the directories above the entry under way, a number and a path for every file with more than one
//! name, and one buffer.

use std::collections::HashMap;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, Dir, FileType, OFlags, Stat, fstat, major, minor, readlinkat, statat};
use rustix::io::Errno;

use super::attributes::{meta, status, xattrs_of, xattrs_of_name};
use super::content::{extents, read_at};
use super::open::Opener;
use super::{Control, TreeError};
use crate::volume::commit::PREFIX;
use crate::volume::digest::{ContentDigest, ContentHasher};
use crate::volume::fingerprint::{Fingerprint, FingerprintHasher};
use crate::volume::index::Record;
use crate::volume::{Device, Entry, Extent, Kind, TreePath, Xattrs};

/// Data is read in pieces of this size, in bytes.
const PIECE: usize = 256 * 1024;

/// So many paths of each list are kept; all are counted.
const MAX_LISTED: usize = 1000;

/// Paths that a person should hear of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// The first thousand.
    pub paths: Vec<TreePath>,
    /// How many there are.
    pub total: u64,
}

/// What a walk met that is not, or not surely, in its result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes {
    /// Sockets: left out, they are nothing without their process.
    pub sockets: Listed,
    /// Other mounts inside the tree: left out with all below.
    pub mounts: Listed,
    /// Gone between the reading of their directory and their own: left out.
    pub vanished: Listed,
    /// Changed while they were read: the content may be torn. Replaced by something else: left out.
    pub changed: Listed,
}

/// What a walk came to.
pub(super) struct Scanned {
    pub(super) notes: Notes,
    /// Of what the walk met, as it was before it was read.
    pub(super) fingerprint: Fingerprint,
}

/// Takes what the walk finds.
pub(super) trait Visitor {
    /// The next entry; data of a file follows.
    fn entry(&mut self, entry: &Entry) -> Result<(), TreeError>;
    /// More data of the file, without holes.
    fn data(&mut self, bytes: &[u8]) -> Result<(), TreeError>;
    /// The entry with its digest, after its data.
    fn record(&mut self, record: Record) -> Result<(), TreeError>;
}

/// Walks the tree below an open directory, without what is ours at its top; with `only`, this one name of its top.
pub(super) fn scan(
    root: BorrowedFd<'_>,
    only: Option<&[u8]>,
    visitor: &mut dyn Visitor,
    control: &mut Control<'_>,
) -> Result<Scanned, TreeError> {
    let opener = Opener::of(root)?;
    let root = opener.descend(root, &TreePath::root()).map_err(TreeError::of("open", &TreePath::root()))?;
    let mut walk = Walk {
        opener,
        only,
        visitor,
        control,
        notes: Notes::default(),
        seen: FingerprintHasher::default(),
        names_of: HashMap::new(),
        buffer: vec![0; PIECE],
    };
    let mut levels = vec![walk.enter(root, TreePath::root())?];
    while let Some(level) = levels.last_mut() {
        let Some(name) = level.names.next() else {
            walk.leave(level)?;
            levels.pop();
            continue;
        };
        if let Some((directory, path)) = walk.visit(level, &name)? {
            let entered = walk.enter(directory, path)?;
            levels.push(entered);
        }
    }
    Ok(Scanned { notes: walk.notes, fingerprint: walk.seen.finish() })
}

struct Walk<'a, 'b> {
    opener: Opener,
    only: Option<&'a [u8]>,
    visitor: &'a mut dyn Visitor,
    control: &'a mut Control<'b>,
    notes: Notes,
    seen: FingerprintHasher,
    /// The first name of each file that has several, by inode.
    names_of: HashMap<u64, TreePath>,
    buffer: Vec<u8>,
}

/// A directory that is being read.
struct Level {
    directory: OwnedFd,
    path: TreePath,
    stat: Stat,
    names: std::vec::IntoIter<Vec<u8>>,
}

impl Listed {
    fn add(&mut self, path: TreePath) {
        if self.paths.len() < MAX_LISTED {
            self.paths.push(path);
        }
        self.total += 1;
    }
}

impl Walk<'_, '_> {
    fn enter(&mut self, directory: OwnedFd, path: TreePath) -> Result<Level, TreeError> {
        self.control.check()?;
        let stat = fstat(&directory).map_err(TreeError::of("look at", &path))?;
        self.seen.entry(&path, &status(&stat));
        let xattrs = xattrs_of(directory.as_fd()).map_err(TreeError::of("read the attributes of", &path))?;
        let mut names = sorted_names(directory.as_fd()).map_err(TreeError::of("list", &path))?;
        if path.is_root() {
            names.retain(|name| is_wanted(name, self.only));
        }
        let entry = Entry { path, meta: meta(&stat, xattrs), kind: Kind::Directory };
        self.tell(&entry)?;
        Ok(Level { directory, path: entry.path, stat, names: names.into_iter() })
    }

    fn leave(&mut self, level: &Level) -> Result<(), TreeError> {
        let stat = fstat(&level.directory).map_err(TreeError::of("look at", &level.path))?;
        // Around a single name others may come and go.
        let is_around = level.path.is_root() && self.only.is_some();
        if !is_around && !is_same(&stat, &level.stat) {
            self.notes.changed.add(level.path.clone());
        }
        Ok(())
    }

    /// One name; a directory comes back opened.
    fn visit(&mut self, level: &Level, name: &[u8]) -> Result<Option<(OwnedFd, TreePath)>, TreeError> {
        self.control.check()?;
        let parent = level.directory.as_fd();
        let path = level.path.join(name).map_err(|fault| TreeError::Path { path: level.path.clone(), fault })?;
        let stat = match statat(parent, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => {
                self.notes.vanished.add(path);
                return Ok(None);
            }
            other => other.map_err(TreeError::of("look at", &path))?,
        };
        let kind = FileType::from_raw_mode(stat.st_mode);
        let is_here = self.opener.is_here(stat.st_dev);
        if !is_here {
            self.seen.mount(&path);
        } else if kind != FileType::Directory {
            self.seen.entry(&path, &status(&stat));
        }
        if !is_here {
            self.notes.mounts.add(path);
        } else if kind == FileType::Socket {
            self.notes.sockets.add(path);
        } else if kind == FileType::Directory {
            let opened = self.opener.read(parent, name, OFlags::DIRECTORY);
            return Ok(self.opened(opened, &path, &stat)?.map(|directory| (directory, path)));
        } else if let Some(first) = self.names_of.get(&stat.st_ino).filter(|_| stat.st_nlink > 1) {
            let meta = meta(&stat, Xattrs::new());
            let entry = Entry { path, meta, kind: Kind::HardLink(first.clone()) };
            self.tell(&entry)?;
        } else if kind == FileType::RegularFile {
            let opened = self.opener.read(parent, name, OFlags::empty());
            if let Some(file) = self.opened(opened, &path, &stat)? {
                self.file(file.as_fd(), path)?;
            }
        } else {
            self.special(parent, name, path, &stat)?;
        }
        Ok(None)
    }

    /// What was opened, when it is still what was looked at.
    fn opened(
        &mut self,
        opened: Result<OwnedFd, Errno>,
        path: &TreePath,
        before: &Stat,
    ) -> Result<Option<OwnedFd>, TreeError> {
        match opened {
            Ok(file) => {
                let now = fstat(&file).map_err(TreeError::of("look at", path))?;
                let is_it = now.st_ino == before.st_ino
                    && FileType::from_raw_mode(now.st_mode) == FileType::from_raw_mode(before.st_mode);
                if is_it {
                    return Ok(Some(file));
                }
                self.notes.changed.add(path.clone());
            }
            Err(Errno::NOENT) => self.notes.vanished.add(path.clone()),
            Err(Errno::XDEV) => {
                if FileType::from_raw_mode(before.st_mode) == FileType::Directory {
                    self.seen.mount(path);
                }
                self.notes.mounts.add(path.clone());
            }
            // Replaced by a link or by something that cannot be opened.
            Err(Errno::LOOP | Errno::NOTDIR | Errno::NXIO) => self.notes.changed.add(path.clone()),
            Err(reason) => return Err(TreeError::of("open", path)(reason)),
        }
        Ok(None)
    }

    fn file(&mut self, file: BorrowedFd<'_>, path: TreePath) -> Result<(), TreeError> {
        let before = fstat(file).map_err(TreeError::of("look at", &path))?;
        let size = u64::try_from(before.st_size).unwrap_or(0);
        let runs = extents(file, &before, size).map_err(TreeError::of("read", &path))?;
        let xattrs = xattrs_of(file).map_err(TreeError::of("read the attributes of", &path))?;
        let meta = meta(&before, xattrs);
        let entry = Entry { path, meta, kind: Kind::File { size, extents: runs.clone() } };
        self.visitor.entry(&entry)?;
        let (digest, is_short) = self.data(file, &entry.path, size, &runs)?;
        let after = fstat(file).map_err(TreeError::of("look at", &entry.path))?;
        if is_short || !is_same(&before, &after) {
            self.notes.changed.add(entry.path.clone());
        }
        self.remember(&entry.path, &before);
        self.visitor.record(Record::of(&entry, digest))?;
        self.control.entry();
        Ok(())
    }

    /// Hands the data over. What a shrinking file no longer has is told as zeros: the header is already written.
    fn data(
        &mut self,
        file: BorrowedFd<'_>,
        path: &TreePath,
        size: u64,
        runs: &[Extent],
    ) -> Result<(ContentDigest, bool), TreeError> {
        let (mut hasher, mut at, mut is_short) = (ContentHasher::default(), 0, false);
        for run in runs {
            hasher.hole(run.offset - at);
            let end = run.offset + run.length;
            at = run.offset;
            while at < end {
                self.control.check()?;
                let wanted = usize::try_from(end - at).unwrap_or(PIECE).min(PIECE);
                let piece = &mut self.buffer[..wanted];
                let length = read_at(file, piece, at).map_err(TreeError::of("read", path))?;
                piece[length..].fill(0);
                is_short |= length < wanted;
                self.visitor.data(piece)?;
                hasher.data(piece);
                at += wanted as u64;
                self.control.bytes(wanted);
            }
        }
        hasher.hole(size - at);
        Ok((hasher.finish(), is_short))
    }

    fn special(&mut self, parent: BorrowedFd<'_>, name: &[u8], path: TreePath, stat: &Stat) -> Result<(), TreeError> {
        let device = || Device { major: major(stat.st_rdev), minor: minor(stat.st_rdev) };
        let read = || -> Result<(Option<Kind>, Xattrs), Errno> {
            let kind = match FileType::from_raw_mode(stat.st_mode) {
                FileType::Symlink => Some(Kind::Symlink(readlinkat(parent, name, Vec::new())?.into_bytes())),
                FileType::Fifo => Some(Kind::Fifo),
                FileType::CharacterDevice => Some(Kind::CharDevice(device())),
                FileType::BlockDevice => Some(Kind::BlockDevice(device())),
                _ => None,
            };
            Ok((kind, xattrs_of_name(parent, name)?))
        };
        match read() {
            Ok((Some(kind), xattrs)) => {
                let entry = Entry { path, meta: meta(stat, xattrs), kind };
                self.remember(&entry.path, stat);
                self.tell(&entry)
            }
            Ok((None, _)) | Err(Errno::INVAL) => {
                self.notes.changed.add(path);
                Ok(())
            }
            Err(Errno::NOENT) if statat(parent, name, AtFlags::SYMLINK_NOFOLLOW).is_err() => {
                self.notes.vanished.add(path);
                Ok(())
            }
            Err(reason) => Err(TreeError::of("read", &path)(reason)),
        }
    }

    fn remember(&mut self, path: &TreePath, stat: &Stat) {
        if stat.st_nlink > 1 {
            self.names_of.insert(stat.st_ino, path.clone());
        }
    }

    /// An entry without data.
    fn tell(&mut self, entry: &Entry) -> Result<(), TreeError> {
        self.visitor.entry(entry)?;
        self.visitor.record(Record::of(entry, ContentHasher::default().finish()))?;
        self.control.entry();
        Ok(())
    }
}

/// Whether a name at the top of a tree is part of it: none of ours, or the one that is wanted.
pub(super) fn is_wanted(name: &[u8], only: Option<&[u8]>) -> bool {
    only.map_or(!name.starts_with(PREFIX), |only| name == only)
}

/// The names in a directory, sorted by bytes.
pub(super) fn sorted_names(directory: BorrowedFd<'_>) -> Result<Vec<Vec<u8>>, Errno> {
    let mut names = Vec::new();
    for entry in Dir::read_from(directory)? {
        let name = entry?.file_name().to_bytes().to_vec();
        if name != b"." && name != b".." {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Whether nobody wrote in between, as far as size and times tell.
fn is_same(before: &Stat, after: &Stat) -> bool {
    let key = |stat: &Stat| (stat.st_size, stat.st_mtime, stat.st_mtime_nsec, stat.st_ctime, stat.st_ctime_nsec);
    key(before) == key(after)
}
