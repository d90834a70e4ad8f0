// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A folder of sets that survives being cut off at any step.
//!
//! ```text
//! STORE.json            what this folder is; written once
//! .lock                 locked while somebody changes the store; never removed
//! journal/<op>.jsonl    what an operation is about to do
//! .staging/<op>/set/    what is being written
//! .trash/<set>/         what is being removed
//! marks/<set>.json      what was said of a set after it was made
//! sets/<set>/           a set: whole, and never changed
//! ```
//!
//! A set appears under `sets` by one rename, after all its bytes and names are on disk, and disappears by one rename.

mod disk;
mod error;
mod stage;

pub use disk::{Disk, DiskFile, Entry, EntryKind};
pub use error::StoreError;
pub use stage::Stage;

use std::collections::BTreeSet;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::backup::id::{OperationId, SetId};
use crate::backup::manifest::{self, Manifest, ManifestError};
use crate::backup::marks::Marks;
use crate::error::UserError;
use crate::sys::lock::HeldFile;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/store/v1";

/// The file that says what the folder is.
const ABOUT: &str = "STORE.json";
const SETS: &str = "sets";
const STAGING: &str = ".staging";
const TRASH: &str = ".trash";
const JOURNAL: &str = "journal";
const MARKS: &str = "marks";

/// The largest small file that is read, in bytes.
const LARGEST_SMALL: u64 = 1 << 20;

/// The largest journal that is read, in bytes.
const LARGEST_JOURNAL: u64 = 64 << 20;

/// What a store says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// A word that no other store has.
    pub id: String,
    /// When it was made.
    pub created: String,
}

impl About {
    /// What a new store says of itself. `id` is to be a word that no other store has.
    #[must_use]
    pub fn new(id: &str, created: DateTime<Utc>) -> Self {
        let created = created.to_rfc3339_opts(SecondsFormat::Secs, true);
        Self { schema: SCHEMA.to_owned(), id: id.to_owned(), created }
    }
}

/// Why a set cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetFault {
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The set's own.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl UserError for SetFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Manifest(error) => error.code(),
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Store(error) => error.hints(),
            Self::Manifest(error) => error.hints(),
        }
    }
}

/// A store. Reading needs no lock; whoever changes it holds [`Store::lock`].
#[derive(Debug, Clone)]
pub struct Store<'d> {
    disk: &'d dyn Disk,
    place: PathBuf,
    about: About,
}

/// Reads at most `limit` bytes of a file.
fn read(disk: &dyn Disk, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    disk.open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

/// Makes a folder that may be there, and the folders above it; each name is on disk before the next is made.
fn make_folders(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    if disk.list(path).is_ok() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make_folders(disk, above)?;
        match disk.make_folder(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => disk.sync_folder(above)?,
        }
    }
    Ok(())
}

/// Removes a folder and all that is in it; one that is gone already is well.
fn remove_all(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    let entries = match disk.list(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let inner = path.join(&entry.name);
        match entry.kind {
            EntryKind::Folder => remove_all(disk, &inner)?,
            EntryKind::File | EntryKind::Other => disk.remove_file(&inner)?,
        }
    }
    disk.remove_folder(path)
}

impl<'d> Store<'d> {
    /// Opens the store in a folder.
    ///
    /// # Errors
    /// None there, another format, or the system's fault.
    pub fn open(disk: &'d dyn Disk, folder: &Path) -> Result<Self, StoreError> {
        let place = folder.display().to_string();
        let bytes = read(disk, &folder.join(ABOUT), LARGEST_SMALL).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => StoreError::Missing { place: place.clone() },
            _ => StoreError::io("open", folder)(error),
        })?;
        let format = |reason: String| StoreError::Format { place: place.clone(), reason };
        let about: About = serde_json::from_slice(&bytes).map_err(|error| format(error.to_string()))?;
        if about.schema != SCHEMA {
            return Err(format(format!("it has not the format `{SCHEMA}`")));
        }
        Ok(Self { disk, place: folder.to_owned(), about })
    }

    /// Opens the store in a folder, or makes it there. What a maker that died left behind is completed.
    ///
    /// # Errors
    /// A folder with other things in it, several file systems, or the system's fault.
    pub fn create(disk: &'d dyn Disk, folder: &Path, about: &About) -> Result<Self, StoreError> {
        let fault = StoreError::io("make the store", folder);
        match Self::open(disk, folder) {
            Err(StoreError::Missing { .. }) => {}
            opened => return opened,
        }
        make_folders(disk, folder).map_err(&fault)?;
        let own = [SETS, STAGING, TRASH, JOURNAL, MARKS];
        let entries = disk.list(folder).map_err(&fault)?;
        let is_own = |name: &str| own.contains(&name) || name.starts_with(ABOUT) || name == ".lock";
        if entries.iter().any(|entry| !is_own(&entry.name)) {
            let reason = "it holds other things".to_owned();
            return Err(StoreError::Format { place: folder.display().to_string(), reason });
        }
        for name in own {
            make_folders(disk, &folder.join(name)).map_err(&fault)?;
        }
        let is_same = disk.is_same_file_system(&folder.join(STAGING), &folder.join(SETS)).map_err(&fault)?;
        if !is_same {
            return Err(StoreError::Split { place: folder.display().to_string() });
        }
        let text = serde_json::to_string(about).map_err(io::Error::other).map_err(&fault)? + "\n";
        let store = Self { disk, place: folder.to_owned(), about: about.clone() };
        store.put(Path::new(ABOUT), text.as_bytes())?;
        Ok(store)
    }

    /// Where it lies.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// What it says of itself.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Takes the store for this process alone until the value is dropped or the process ends.
    ///
    /// # Errors
    /// Another run has it.
    pub fn lock(&self, note: &str) -> Result<Box<dyn HeldFile>, StoreError> {
        let path = self.place.join(".lock");
        let held = self.disk.lock(&path, note).map_err(StoreError::io("lock", &path))?;
        held.ok_or_else(|| {
            let note = read(self.disk, &path, 4096).unwrap_or_default();
            let note = String::from_utf8_lossy(&note).trim().chars().filter(|letter| !letter.is_control()).collect();
            StoreError::Locked { place: self.place.display().to_string(), note }
        })
    }

    /// What may still be written, in bytes.
    ///
    /// # Errors
    /// The system's.
    pub fn free_bytes(&self) -> Result<u64, StoreError> {
        self.disk.free_bytes(&self.place).map_err(StoreError::io("ask for the room of", &self.place))
    }

    fn names(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let path = self.place.join(folder);
        match self.disk.list(&path) {
            Ok(entries) => Ok(entries.into_iter().map(|entry| entry.name).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(StoreError::io("list", &path)(error)),
        }
    }

    fn set_names(&self, folder: &str) -> Result<Vec<SetId>, StoreError> {
        let mut sets: Vec<SetId> = self.names(folder)?.iter().filter_map(|name| name.parse().ok()).collect();
        sets.sort();
        Ok(sets)
    }

    /// The sets, the oldest first. That one is listed says nothing of its content.
    ///
    /// # Errors
    /// The system's.
    pub fn sets(&self) -> Result<Vec<SetId>, StoreError> {
        self.set_names(SETS)
    }

    /// The sets that are being removed.
    ///
    /// # Errors
    /// The system's.
    pub fn trash(&self) -> Result<Vec<SetId>, StoreError> {
        self.set_names(TRASH)
    }

    /// The operations that have a staging area.
    ///
    /// # Errors
    /// The system's.
    pub fn stages(&self) -> Result<Vec<OperationId>, StoreError> {
        Ok(self.names(STAGING)?.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// The operations that have a journal.
    ///
    /// # Errors
    /// The system's.
    pub fn journals(&self) -> Result<Vec<OperationId>, StoreError> {
        let names = self.names(JOURNAL)?;
        Ok(names.iter().filter_map(|name| name.strip_suffix(".jsonl")?.parse().ok()).collect())
    }

    /// Every number that is in use: what the next name comes after.
    ///
    /// # Errors
    /// The system's.
    pub fn taken(&self) -> Result<BTreeSet<SetId>, StoreError> {
        let operations = self.stages()?.into_iter().chain(self.journals()?).map(|operation| operation.stamp);
        Ok(operations.chain(self.sets()?).chain(self.trash()?).collect())
    }

    fn set_folder(&self, id: SetId) -> PathBuf {
        self.place.join(SETS).join(id.to_string())
    }

    /// The manifest of a set, when it fits its digest. The other files are not looked at.
    ///
    /// # Errors
    /// No such set, or a manifest that cannot be used.
    pub fn manifest(&self, id: SetId) -> Result<Manifest, SetFault> {
        let manifest = read_manifest(self.disk, &self.set_folder(id), id)?;
        if manifest.id == id {
            Ok(manifest)
        } else {
            Err(ManifestError::Damaged(format!("it is that of `{}`", manifest.id)).into())
        }
    }

    /// The bytes of a manifest and of its digest file, as they are.
    ///
    /// # Errors
    /// No such set, or the system's.
    pub fn manifest_bytes(&self, id: SetId) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
        manifest_bytes(self.disk, &self.set_folder(id), id)
    }

    /// Opens a file of a set to read. `path` is one of a manifest.
    ///
    /// # Errors
    /// The system's; a path that leads out of the set is refused as one that is not there.
    pub fn open_file(&self, id: SetId, path: &str) -> Result<Box<dyn Read + Send>, StoreError> {
        let full = stage::inside(&self.set_folder(id), path)?;
        self.disk.open(&full).map_err(StoreError::io("read", &full))
    }

    /// All files of a set: path and size, sorted. Things that are neither file nor folder have no size.
    ///
    /// # Errors
    /// The system's.
    pub fn files(&self, id: SetId) -> Result<Vec<(String, Option<u64>)>, StoreError> {
        let mut files = Vec::new();
        stage::walk(self.disk, &self.set_folder(id), "", &mut |path, entry| {
            match entry.kind {
                EntryKind::Folder => {}
                EntryKind::File => files.push((path.to_owned(), Some(entry.bytes))),
                EntryKind::Other => files.push((path.to_owned(), None)),
            }
            Ok(())
        })?;
        files.sort();
        Ok(files)
    }

    /// What was said of a set. What cannot be read counts as nothing said.
    #[must_use]
    pub fn marks(&self, id: SetId) -> Marks {
        let path = self.place.join(MARKS).join(format!("{id}.json"));
        read(self.disk, &path, LARGEST_SMALL).ok().and_then(|bytes| Marks::read(&bytes).ok()).unwrap_or_default()
    }

    /// Says something of a set.
    ///
    /// # Errors
    /// The system's; then what was said before still holds.
    pub fn set_marks(&self, id: SetId, marks: &Marks) -> Result<(), StoreError> {
        make_folders(self.disk, &self.place.join(MARKS)).map_err(StoreError::io("make", &self.place))?;
        self.put(&Path::new(MARKS).join(format!("{id}.json")), marks.text().as_bytes())
    }

    /// Puts a small file in place as a whole.
    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.place.join(path);
        let fault = StoreError::io("write", &path);
        let mut beside = path.clone().into_os_string();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        match self.disk.remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fault(error)),
            _ => {}
        }
        let mut file = self.disk.create(&beside).map_err(&fault)?;
        file.write_all(bytes).and_then(|()| file.sync()).map_err(&fault)?;
        drop(file);
        self.disk.replace(&beside, &path).map_err(&fault)?;
        self.disk.sync_folder(path.parent().unwrap_or(&self.place)).map_err(&fault)
    }

    /// Begins to write a set. Fails when the operation has a staging area already.
    ///
    /// # Errors
    /// The system's.
    pub fn stage(&self, operation: OperationId) -> Result<Stage<'_, 'd>, StoreError> {
        Stage::begin(self, operation)
    }

    /// Removes the staging area of an operation; none is well.
    ///
    /// # Errors
    /// The system's.
    pub fn discard(&self, operation: OperationId) -> Result<(), StoreError> {
        let path = self.place.join(STAGING).join(operation.to_string());
        remove_all(self.disk, &path).map_err(StoreError::io("remove", &path))
    }

    /// Takes a set out of the list, as a whole. It still takes its room.
    ///
    /// # Errors
    /// No such set, or the system's.
    pub fn move_to_trash(&self, id: SetId) -> Result<(), StoreError> {
        let (from, to) = (self.set_folder(id), self.place.join(TRASH).join(id.to_string()));
        let fault = StoreError::io("remove", &from);
        self.disk.rename_new(&from, &to).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::SetMissing { name: id.to_string() },
            _ => fault(error),
        })?;
        // In this order, so that no crash leaves it in the list while its content is removed from the trash.
        self.disk.sync_folder(&self.place.join(SETS)).map_err(&fault)?;
        self.disk.sync_folder(&self.place.join(TRASH)).map_err(&fault)
    }

    /// Removes a set from the trash, and what was said of it; one that is gone is well.
    ///
    /// # Errors
    /// The system's; to be tried again.
    pub fn empty_trash(&self, id: SetId) -> Result<(), StoreError> {
        let path = self.place.join(TRASH).join(id.to_string());
        remove_all(self.disk, &path).map_err(StoreError::io("remove", &path))?;
        let marks = self.place.join(MARKS).join(format!("{id}.json"));
        match self.disk.remove_file(&marks) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io("remove", &marks)(error)),
            _ => Ok(()),
        }
    }

    fn journal_path(&self, operation: OperationId) -> PathBuf {
        self.place.join(JOURNAL).join(format!("{operation}.jsonl"))
    }

    /// Adds a line to the journal of an operation. When this returns the line is on disk, and so is the journal's name.
    ///
    /// # Errors
    /// The system's; the step that the line announces must not begin.
    pub fn append_journal(&self, operation: OperationId, line: &str) -> Result<(), StoreError> {
        let path = self.journal_path(operation);
        let fault = StoreError::io("write", &path);
        let mut file = self.disk.append(&path).map_err(&fault)?;
        file.write_all(line.as_bytes()).and_then(|()| file.sync()).map_err(&fault)?;
        self.disk.sync_folder(&self.place.join(JOURNAL)).map_err(&fault)
    }

    /// The bytes of a journal; none when there is no such journal.
    ///
    /// # Errors
    /// The system's.
    pub fn read_journal(&self, operation: OperationId) -> Result<Vec<u8>, StoreError> {
        let path = self.journal_path(operation);
        match read(self.disk, &path, LARGEST_JOURNAL) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            bytes => bytes.map_err(StoreError::io("read", &path)),
        }
    }

    /// Cuts off what a torn write left at the end of a journal, so that more can be written.
    ///
    /// # Errors
    /// The system's.
    pub fn trim_journal(&self, operation: OperationId, whole_bytes: u64) -> Result<(), StoreError> {
        let path = self.journal_path(operation);
        let fault = StoreError::io("write", &path);
        self.disk.truncate(&path, whole_bytes).map_err(&fault)?;
        self.disk.sync_file(&path).map_err(&fault)
    }

    /// Removes the journal of an operation that is over; none is well.
    ///
    /// # Errors
    /// The system's.
    pub fn remove_journal(&self, operation: OperationId) -> Result<(), StoreError> {
        let path = self.journal_path(operation);
        match self.disk.remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io("remove", &path)(error)),
            _ => Ok(()),
        }
    }
}

fn manifest_bytes(disk: &dyn Disk, folder: &Path, id: SetId) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
    if let Err(error) = disk.list(folder)
        && error.kind() == io::ErrorKind::NotFound
    {
        return Err(StoreError::SetMissing { name: id.to_string() });
    }
    let get = |name: &str, limit| {
        let path = folder.join(name);
        match read(disk, &path, limit) {
            // A set without a manifest is damaged, and its digest does not fit: the reader of manifests says so.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            bytes => bytes.map_err(StoreError::io("read", &path)),
        }
    };
    Ok((get(manifest::FILE, manifest::LARGEST)?, get(manifest::DIGEST_FILE, LARGEST_SMALL)?))
}

fn read_manifest(disk: &dyn Disk, folder: &Path, id: SetId) -> Result<Manifest, SetFault> {
    let (bytes, digest) = manifest_bytes(disk, folder, id)?;
    Ok(manifest::parse(&bytes, &digest)?)
}

#[cfg(test)]
mod contract_tests;
#[cfg(test)]
mod crash_tests;
#[cfg(test)]
pub(crate) mod testing;
