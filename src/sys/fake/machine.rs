// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Machines in memory: several can share one engine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::sys::lock::{HeldFile, Machine, ProcessIdentity};

#[derive(Debug, Default)]
struct Shared {
    locked: BTreeMap<PathBuf, String>,
    dead: BTreeSet<u32>,
}

/// A process on a machine in memory.
#[derive(Debug, Clone)]
pub struct FakeMachine {
    identity: ProcessIdentity,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug)]
struct FakeHeldFile {
    path: PathBuf,
    shared: Arc<Mutex<Shared>>,
}

fn open(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for FakeHeldFile {
    fn drop(&mut self) {
        open(&self.shared).locked.remove(&self.path);
    }
}

impl HeldFile for FakeHeldFile {}

impl FakeMachine {
    /// The first process of a machine of this name.
    #[must_use]
    pub fn new(host: &str) -> Self {
        let identity = ProcessIdentity {
            machine: format!("id-of-{host}"),
            host: host.to_owned(),
            boot: format!("boot-of-{host}"),
            namespace: "pid:[1]".to_owned(),
            pid: 100,
            birth: "1".to_owned(),
        };
        Self { identity, shared: Arc::default() }
    }

    /// Another process of the same machine. Locked files are those of its own state folder when `path`s differ.
    #[must_use]
    pub fn process(&self, pid: u32) -> Self {
        Self { identity: ProcessIdentity { pid, ..self.identity.clone() }, shared: Arc::clone(&self.shared) }
    }

    /// Ends this process: its files unlock, and it is seen to be dead.
    pub fn die(&self) {
        let mut shared = open(&self.shared);
        shared.dead.insert(self.identity.pid);
        shared.locked.clear();
    }
}

impl Machine for FakeMachine {
    fn identity(&self) -> ProcessIdentity {
        self.identity.clone()
    }

    fn lives(&self, process: &ProcessIdentity) -> Option<bool> {
        if process.boot != self.identity.boot {
            return Some(false);
        }
        (process.namespace == self.identity.namespace).then(|| !open(&self.shared).dead.contains(&process.pid))
    }

    fn try_lock(&self, path: &Path, note: &str) -> Result<Option<Box<dyn HeldFile>>, String> {
        let mut shared = open(&self.shared);
        if shared.locked.contains_key(path) {
            return Ok(None);
        }
        shared.locked.insert(path.to_owned(), note.trim().to_owned());
        Ok(Some(Box::new(FakeHeldFile { path: path.to_owned(), shared: Arc::clone(&self.shared) })))
    }

    fn note(&self, path: &Path) -> String {
        open(&self.shared).locked.get(path).cloned().unwrap_or_default()
    }
}
