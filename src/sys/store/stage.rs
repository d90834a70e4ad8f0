// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A set that is being written, and the moment in which it appears.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Disk, DiskFile, Entry, EntryKind, SETS, STAGING, Store, StoreError, make_folders, read_manifest};
use crate::backup::id::{OperationId, SetId};
use crate::backup::manifest::{self, FileRef, Manifest};

/// A path of a manifest below a folder.
pub(super) fn inside(folder: &Path, path: &str) -> Result<PathBuf, StoreError> {
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    if path.split('/').all(is_plain) && !path.contains('\0') {
        Ok(folder.join(path))
    } else {
        Err(StoreError::io("use", &folder.join(path))(io::ErrorKind::NotFound.into()))
    }
}

/// Calls `found` with everything below a folder, what is in a folder before the folder itself.
pub(super) fn walk(
    disk: &dyn Disk,
    folder: &Path,
    name: &str,
    found: &mut dyn FnMut(&str, &Entry) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for entry in disk.list(folder).map_err(StoreError::io("list", folder))? {
        let path = if name.is_empty() { entry.name.clone() } else { format!("{name}/{}", entry.name) };
        if entry.kind == EntryKind::Folder {
            walk(disk, &folder.join(&entry.name), &path, found)?;
        }
        found(&path, &entry)?;
    }
    Ok(())
}

/// A set that is being written. Dropping it leaves the staging area: [`Store::discard`] removes it.
#[derive(Debug)]
pub struct Stage<'s, 'd> {
    store: &'s Store<'d>,
    operation: OperationId,
    folder: PathBuf,
}

impl<'s, 'd> Stage<'s, 'd> {
    pub(super) fn begin(store: &'s Store<'d>, operation: OperationId) -> Result<Self, StoreError> {
        let above = store.place.join(STAGING).join(operation.to_string());
        let fault = StoreError::io("make", &above);
        store.disk.make_folder(&above).map_err(&fault)?;
        let folder = above.join("set");
        store.disk.make_folder(&folder).map_err(&fault)?;
        Ok(Self { store, operation, folder })
    }

    /// The operation that writes it.
    #[must_use]
    pub fn operation(&self) -> OperationId {
        self.operation
    }

    /// The folder that becomes the set, for those who write into it themselves.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn place_for(&self, path: &str) -> Result<PathBuf, StoreError> {
        let full = inside(&self.folder, path)?;
        if let Some(above) = full.parent() {
            make_folders(self.store.disk, above).map_err(StoreError::io("make", above))?;
        }
        Ok(full)
    }

    /// Makes a file of the set. Folders above it are made.
    ///
    /// # Errors
    /// The system's; also when it is there already.
    pub fn create(&self, path: &str) -> Result<Box<dyn DiskFile>, StoreError> {
        let full = self.place_for(path)?;
        self.store.disk.create(&full).map_err(StoreError::io("write", &full))
    }

    /// Makes a file of the set with these bytes, and waits until they are on disk.
    ///
    /// # Errors
    /// The system's.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let mut file = self.create(path)?;
        let full = self.folder.join(path);
        file.write_all(bytes).and_then(|()| file.sync()).map_err(StoreError::io("write", &full))
    }

    /// Takes a file over from a set that is there, without copying its bytes. Both sets stay whole without the other.
    ///
    /// # Errors
    /// No file of that size there; or the system's, such as too many names for one file: then the bytes must be copied.
    pub fn link(&self, from: SetId, file: &FileRef, path: &str) -> Result<(), StoreError> {
        let source = inside(&self.store.set_folder(from), &file.path)?;
        let fault = StoreError::io("link", &source);
        let beside = self.store.disk.list(source.parent().unwrap_or(&source)).map_err(&fault)?;
        let is_it = |entry: &Entry| {
            source.file_name().is_some_and(|name| *name == *entry.name)
                && entry.kind == EntryKind::File
                && entry.bytes == file.bytes
        };
        if !beside.iter().any(is_it) {
            return Err(fault(io::Error::other(format!("no file of {} bytes is there", file.bytes))));
        }
        let full = self.place_for(path)?;
        self.store.disk.link(&source, &full).map_err(StoreError::io("link", &full))
    }

    /// Removes a file again.
    ///
    /// # Errors
    /// The system's.
    pub fn remove(&self, path: &str) -> Result<(), StoreError> {
        let full = inside(&self.folder, path)?;
        self.store.disk.remove_file(&full).map_err(StoreError::io("remove", &full))
    }

    /// Opens a file to read back what was written.
    ///
    /// # Errors
    /// The system's.
    pub fn open(&self, path: &str) -> Result<Box<dyn io::Read + Send>, StoreError> {
        let full = inside(&self.folder, path)?;
        self.store.disk.open(&full).map_err(StoreError::io("read", &full))
    }

    /// Writes the manifest and its digest: the last files of a set.
    ///
    /// # Errors
    /// A manifest that contradicts itself, or the system's fault.
    pub fn finish(&self, manifest: &Manifest) -> Result<(), StoreError> {
        let text = manifest::render(manifest).map_err(|error| StoreError::NotWhole { reason: error.to_string() })?;
        self.write(manifest::FILE, text.as_bytes())?;
        self.write(manifest::DIGEST_FILE, manifest::digest_line(text.as_bytes()).as_bytes())
    }

    /// Waits until every byte and name of the set is on disk. To be done before `Publishing` is journaled.
    ///
    /// # Errors
    /// A set that lacks a file of its manifest, has one of another size, or one more; or the system's fault, after
    /// which the staging area must be discarded.
    pub fn settle(&self, id: SetId) -> Result<(), StoreError> {
        let disk = self.store.disk;
        let not_whole = |reason: String| StoreError::NotWhole { reason };
        let manifest = read_manifest(disk, &self.folder, id)
            .map_err(|error| StoreError::NotWhole { reason: error.to_string() })?;
        if manifest.id != id {
            return Err(not_whole(format!("its manifest is that of `{}`", manifest.id)));
        }
        let mut wanted: BTreeMap<&str, u64> = manifest.files().map(|file| (file.path.as_str(), file.bytes)).collect();
        walk(disk, &self.folder, "", &mut |path, entry| {
            let full = self.folder.join(path);
            if entry.kind == EntryKind::Folder {
                return disk.sync_folder(&full).map_err(StoreError::io("write", &full));
            }
            let is_own = path == manifest::FILE || path == manifest::DIGEST_FILE;
            match wanted.remove(path) {
                Some(bytes) if entry.kind == EntryKind::File && bytes == entry.bytes => {}
                Some(_) => return Err(not_whole(format!("`{path}` has another size"))),
                None if is_own => {}
                None => return Err(not_whole(format!("`{path}` is not in its manifest"))),
            }
            disk.sync_file(&full).map_err(StoreError::io("write", &full))
        })?;
        if let Some(path) = wanted.keys().next() {
            return Err(not_whole(format!("`{path}` is missing")));
        }
        let folder = &self.folder;
        disk.sync_folder(folder).map_err(StoreError::io("write", folder))
    }

    /// Makes the set visible, as a whole, and removes what is left of the staging area. To be done after
    /// [`Stage::settle`] and the journal.
    ///
    /// # Errors
    /// A set of that name, or the system's fault. After an error the set may be there: whoever recovers looks.
    pub fn publish(self, id: SetId) -> Result<(), StoreError> {
        let disk = self.store.disk;
        let to = self.store.set_folder(id);
        let fault = StoreError::io("publish", &to);
        disk.rename_new(&self.folder, &to).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => StoreError::SetExists { name: id.to_string() },
            _ => fault(error),
        })?;
        disk.sync_folder(&self.store.place.join(SETS)).map_err(&fault)?;
        let above = self.folder.parent().unwrap_or(&self.folder);
        disk.sync_folder(above).map_err(&fault)?;
        // It is published; an empty folder that stays is removed by the next recovery.
        let _ = self.store.discard(self.operation);
        Ok(())
    }
}
