// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A disk in memory that forgets at a crash what was not synced, and that fails or dies at a chosen step.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::sys::lock::HeldFile;
use crate::sys::store::{Disk, DiskFile, Entry, EntryKind};

/// What happens at the chosen step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskFault {
    /// This step fails, and the next ones work.
    Fail(io::ErrorKind),
    /// This step and all after it fail: the process is dead.
    Die,
}

/// What a crash leaves of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    /// All of it: the process was killed.
    Keeps,
    /// None of it: the power failed.
    Loses,
    /// Some files and folders, chosen by this number, others not: the power failed in the middle of writing back.
    Mixes(u64),
}

#[derive(Debug, Clone)]
enum Node {
    File { bytes: Vec<u8>, durable: Vec<u8> },
    Folder { names: BTreeMap<String, usize>, durable: BTreeMap<String, usize> },
}

impl Node {
    fn folder() -> Self {
        Self::Folder { names: BTreeMap::new(), durable: BTreeMap::new() }
    }
}

#[derive(Debug, Default)]
struct State {
    nodes: Vec<Node>,
    steps: usize,
    fault: Option<(usize, DiskFault)>,
    is_dead: bool,
    locked: BTreeSet<PathBuf>,
}

/// The disk. Copies are the same disk.
#[derive(Debug, Clone)]
pub struct FakeDisk {
    state: Arc<Mutex<State>>,
}

impl Default for FakeDisk {
    fn default() -> Self {
        let state = State { nodes: vec![Node::folder()], ..State::default() };
        Self { state: Arc::new(Mutex::new(state)) }
    }
}

/// Names of a path below the root.
fn parts(path: &Path) -> Vec<String> {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    names.collect()
}

fn fault(kind: io::ErrorKind) -> io::Error {
    kind.into()
}

impl State {
    fn names(&self, node: usize) -> io::Result<&BTreeMap<String, usize>> {
        match self.nodes.get(node) {
            Some(Node::Folder { names, .. }) => Ok(names),
            _ => Err(fault(io::ErrorKind::NotADirectory)),
        }
    }

    fn find(&self, path: &Path) -> io::Result<usize> {
        let missing = || fault(io::ErrorKind::NotFound);
        parts(path).iter().try_fold(0, |at, name| self.names(at)?.get(name).copied().ok_or_else(missing))
    }

    /// The folder above a path and the last name of it.
    fn above(&self, path: &Path) -> io::Result<(usize, String)> {
        let name = parts(path).pop().ok_or_else(|| fault(io::ErrorKind::InvalidInput))?;
        Ok((self.find(path.parent().unwrap_or(path))?, name))
    }

    fn enter(&mut self, path: &Path, node: usize) -> io::Result<()> {
        let (above, name) = self.above(path)?;
        match self.nodes.get_mut(above) {
            Some(Node::Folder { names, .. }) if !names.contains_key(&name) => {
                names.insert(name, node);
                Ok(())
            }
            Some(Node::Folder { .. }) => Err(fault(io::ErrorKind::AlreadyExists)),
            _ => Err(fault(io::ErrorKind::NotADirectory)),
        }
    }

    fn add(&mut self, path: &Path, node: Node) -> io::Result<usize> {
        let at = self.nodes.len();
        self.enter(path, at)?;
        self.nodes.push(node);
        Ok(at)
    }

    fn leave(&mut self, path: &Path) -> io::Result<usize> {
        let (above, name) = self.above(path)?;
        match self.nodes.get_mut(above) {
            Some(Node::Folder { names, .. }) => names.remove(&name).ok_or_else(|| fault(io::ErrorKind::NotFound)),
            _ => Err(fault(io::ErrorKind::NotADirectory)),
        }
    }

    /// Counts a step that changes something, and fails it when it is the chosen one.
    fn step(&mut self) -> io::Result<()> {
        if self.is_dead {
            return Err(io::Error::other("the process is dead"));
        }
        self.steps += 1;
        match self.fault {
            Some((at, DiskFault::Fail(kind))) if at == self.steps => Err(kind.into()),
            Some((at, DiskFault::Die)) if at == self.steps => {
                self.is_dead = true;
                Err(io::Error::other("the process died here"))
            }
            _ => Ok(()),
        }
    }

    fn sync(&mut self, node: usize) {
        match self.nodes.get_mut(node) {
            Some(Node::File { bytes, durable }) => durable.clone_from(bytes),
            Some(Node::Folder { names, durable }) => durable.clone_from(names),
            None => {}
        }
    }
}

impl FakeDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a step, then lets it happen.
    fn changed<T>(&self, change: impl FnOnce(&mut State) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.state();
        state.step()?;
        change(&mut state)
    }

    /// Lets the step with this number, counted from 1 and from now on, fail.
    pub fn fail_at(&self, step: usize, fault: DiskFault) {
        let mut state = self.state();
        state.fault = Some((state.steps + step, fault));
    }

    /// How many steps changed something so far.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.state().steps
    }

    /// What another process finds after this one ended now.
    #[must_use]
    pub fn after(&self, crash: Crash) -> Self {
        let state = self.state();
        // A cheap mixing of number and node, the same each time.
        let is_kept = |at: usize| match crash {
            Crash::Keeps => true,
            Crash::Loses => false,
            Crash::Mixes(seed) => {
                let mixed = (seed ^ at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                (mixed >> 61) & 1 == 1
            }
        };
        let settled = state.nodes.iter().enumerate().map(|(at, node)| match node {
            Node::File { bytes, durable } => {
                let kept = if is_kept(at) { bytes.clone() } else { durable.clone() };
                Node::File { bytes: kept.clone(), durable: kept }
            }
            Node::Folder { names, durable } => {
                let kept = if is_kept(at) { names.clone() } else { durable.clone() };
                Node::Folder { names: kept.clone(), durable: kept }
            }
        });
        let nodes = settled.collect();
        Self { state: Arc::new(Mutex::new(State { nodes, ..State::default() })) }
    }

    /// Changes a byte of a file, as a bad disk does.
    ///
    /// # Errors
    /// No such file, or none of that length.
    pub fn flip(&self, path: &Path, at: usize) -> io::Result<()> {
        let mut state = self.state();
        let node = state.find(path)?;
        match state.nodes.get_mut(node) {
            Some(Node::File { bytes, .. }) => {
                let byte = bytes.get_mut(at).ok_or_else(|| fault(io::ErrorKind::UnexpectedEof))?;
                *byte ^= 1;
                Ok(())
            }
            _ => Err(fault(io::ErrorKind::IsADirectory)),
        }
    }
}

/// A file that is written.
struct FakeDiskFile {
    disk: FakeDisk,
    node: usize,
}

impl Write for FakeDiskFile {
    fn write(&mut self, new: &[u8]) -> io::Result<usize> {
        self.disk.changed(|state| match state.nodes.get_mut(self.node) {
            Some(Node::File { bytes, .. }) => {
                bytes.extend_from_slice(new);
                Ok(new.len())
            }
            _ => Err(fault(io::ErrorKind::IsADirectory)),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl DiskFile for FakeDiskFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.changed(|state| {
            state.sync(self.node);
            Ok(())
        })
    }
}

/// A lock that is held.
#[derive(Debug)]
struct FakeHeld {
    disk: FakeDisk,
    path: PathBuf,
}

impl HeldFile for FakeHeld {}

impl Drop for FakeHeld {
    fn drop(&mut self) {
        self.disk.state().locked.remove(&self.path);
    }
}

impl Disk for FakeDisk {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.changed(|state| state.add(path, Node::folder()).map(drop))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let empty = Node::File { bytes: Vec::new(), durable: Vec::new() };
        let node = self.changed(|state| state.add(path, empty))?;
        Ok(Box::new(FakeDiskFile { disk: self.clone(), node }))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let found = self.state().find(path);
        match found {
            Ok(node) => Ok(Box::new(FakeDiskFile { disk: self.clone(), node })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.create(path),
            Err(error) => Err(error),
        }
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        let state = self.state();
        match state.nodes.get(state.find(path)?) {
            Some(Node::File { bytes, .. }) => Ok(Box::new(Cursor::new(bytes.clone()))),
            _ => Err(fault(io::ErrorKind::IsADirectory)),
        }
    }

    fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        self.changed(|state| {
            let node = state.find(path)?;
            if let Some(Node::File { bytes, .. }) = state.nodes.get_mut(node) {
                bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
            }
            Ok(())
        })
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.changed(|state| {
            let node = state.find(path)?;
            state.sync(node);
            Ok(())
        })
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.sync_file(path)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.changed(|state| {
            let node = state.find(from)?;
            state.enter(to, node)?;
            state.leave(from).map(drop)
        })
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.changed(|state| {
            let node = state.find(from)?;
            match state.leave(to) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            state.enter(to, node)?;
            state.leave(from).map(drop)
        })
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.changed(|state| {
            let node = state.find(from)?;
            state.enter(to, node)
        })
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.changed(|state| state.leave(path).map(drop))
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.changed(|state| {
            let node = state.find(path)?;
            if state.names(node)?.is_empty() {
                state.leave(path).map(drop)
            } else {
                Err(fault(io::ErrorKind::DirectoryNotEmpty))
            }
        })
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let state = self.state();
        let names = state.names(state.find(path)?)?;
        let entries = names.iter().map(|(name, node)| match state.nodes.get(*node) {
            Some(Node::File { bytes, .. }) => {
                Entry { name: name.clone(), kind: EntryKind::File, bytes: bytes.len() as u64 }
            }
            _ => Entry { name: name.clone(), kind: EntryKind::Folder, bytes: 0 },
        });
        Ok(entries.collect())
    }

    fn is_same_file_system(&self, _: &Path, _: &Path) -> io::Result<bool> {
        Ok(true)
    }

    fn free_bytes(&self, _: &Path) -> io::Result<u64> {
        Ok(1 << 40)
    }

    fn lock(&self, path: &Path, note: &str) -> io::Result<Option<Box<dyn HeldFile>>> {
        if !self.state().locked.insert(path.to_owned()) {
            return Ok(None);
        }
        let held = FakeHeld { disk: self.clone(), path: path.to_owned() };
        if self.state().find(path).is_err() {
            self.create(path)?.write_all(note.as_bytes())?;
        }
        Ok(Some(Box::new(held)))
    }
}
