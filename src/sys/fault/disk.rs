// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A disk whose changes fail, or end the process, when a fault is due.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use super::{Effect, Fault, Fuse, Place, Strikes};
use crate::sys::lock::HeldFile;
use crate::sys::store::{Disk, DiskFile, Entry};

/// The disk.
#[derive(Debug)]
pub struct FaultyDisk<D> {
    inner: D,
    fuse: Arc<Fuse>,
}

impl<D> FaultyDisk<D> {
    /// A disk with a fault; `strikes` act on the process.
    pub fn new(inner: D, fault: Option<Fault>, strikes: Strikes) -> Self {
        Self { inner, fuse: Arc::new(Fuse::new(fault, Place::Disk, strikes)) }
    }
}

fn change<T>(fuse: &Fuse, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let due = fuse.before();
    match due {
        Some(Effect::Eio) => return Err(io::Error::from_raw_os_error(5)),
        Some(Effect::Enospc) => return Err(io::Error::from_raw_os_error(28)),
        _ => {}
    }
    let result = act();
    fuse.after(due);
    result
}

/// A file whose sync is a change.
struct FaultyFile {
    inner: Box<dyn DiskFile>,
    fuse: Arc<Fuse>,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl DiskFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        let inner = &mut self.inner;
        change(&self.fuse, || inner.sync())
    }
}

impl<D: Disk> FaultyDisk<D> {
    fn file(&self, file: io::Result<Box<dyn DiskFile>>) -> io::Result<Box<dyn DiskFile>> {
        file.map(|inner| Box::new(FaultyFile { inner, fuse: Arc::clone(&self.fuse) }) as Box<dyn DiskFile>)
    }
}

impl<D: Disk> Disk for FaultyDisk<D> {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        change(&self.fuse, || self.inner.make_folder(path))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.file(change(&self.fuse, || self.inner.create(path)))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.file(change(&self.fuse, || self.inner.append(path)))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        self.inner.open(path)
    }

    fn truncate(&self, path: &Path, bytes: u64) -> io::Result<()> {
        change(&self.fuse, || self.inner.truncate(path, bytes))
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        change(&self.fuse, || self.inner.sync_file(path))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        change(&self.fuse, || self.inner.sync_folder(path))
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        change(&self.fuse, || self.inner.rename_new(from, to))
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        change(&self.fuse, || self.inner.replace(from, to))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        change(&self.fuse, || self.inner.link(from, to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        change(&self.fuse, || self.inner.remove_file(path))
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        change(&self.fuse, || self.inner.remove_folder(path))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        self.inner.list(path)
    }

    fn is_same_file_system(&self, left: &Path, right: &Path) -> io::Result<bool> {
        self.inner.is_same_file_system(left, right)
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        self.inner.free_bytes(path)
    }

    fn lock(&self, path: &Path, note: &str) -> io::Result<Option<Box<dyn HeldFile>>> {
        self.inner.lock(path, note)
    }
}
