// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Entries to an archive, in bytes that depend on the entries alone.

use std::io::Write;

use super::header::{self, Header, kind};
use super::records::{Records, key_of_name, time_text};
use super::{BLOCK, PaxError, Tally, padding, sparse};
use crate::volume::acl;
use crate::volume::{Entry, Kind, MAX_ID, MAX_LINK, Meta, TreePath, extents_fit};

/// Who is to read extended attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// GNU tar, and who reads as it does: `%` and `=` in names are spelled by their numbers, ACLs have a text too.
    Gnu,
    /// Engines: they know neither.
    Engines,
}

/// Writes an archive. Entries come sorted, the root first; after a file comes its data, without the holes.
pub struct Writer<W> {
    sink: W,
    tally: Tally,
    /// The entry before.
    last: Option<TreePath>,
    /// Bytes of data that the entry under way still needs.
    wanting: u64,
    /// What fills its last block.
    padding: u64,
    readers: Readers,
}

impl<W: Write> Writer<W> {
    /// An archive into this. Writes are small: hand over something with a buffer.
    pub fn new(sink: W) -> Self {
        Self { sink, tally: Tally::default(), last: None, wanting: 0, padding: 0, readers: Readers::Gnu }
    }

    /// An archive that an engine is to unpack. Attributes that are empty or have `=` in their name are left out:
    /// an engine takes the former for absent, and the latter for another's.
    pub fn for_engines(sink: W) -> Self {
        Self { readers: Readers::Engines, ..Self::new(sink) }
    }

    /// The next entry. Only what a [`super::Reader`] would take is written.
    ///
    /// # Errors
    /// When the file before it lacks data, when it is not at its place in the order, and when the stream fails.
    pub fn entry(&mut self, entry: &Entry) -> Result<(), PaxError> {
        self.check(entry)?;
        let (mut header, mut records) = headers(entry, self.readers);
        let map = match &entry.kind {
            Kind::File { size, extents } if entry.kind.has_holes() => sparse::encode(extents, *size),
            _ => Vec::new(),
        };
        header.size = map.len() as u64 + entry.kind.stored();
        if header.size > header::MAX_LONG {
            records.put(b"size", header.size.to_string().as_bytes());
        }
        self.records(entry, &records)?;
        self.sink.write_all(&header::encode(&header))?;
        self.sink.write_all(&map)?;
        self.wanting = entry.kind.stored();
        self.padding = padding(self.wanting);
        self.last = Some(entry.path.clone());
        self.tally.entries += 1;
        Ok(())
    }

    /// More data of the file under way.
    ///
    /// # Errors
    /// When it is more than the entry said, and when the stream fails.
    pub fn data(&mut self, bytes: &[u8]) -> Result<(), PaxError> {
        let length = bytes.len() as u64;
        let wanting = self.wanting.checked_sub(length).ok_or(PaxError::Size { entry: self.tally.entries })?;
        self.sink.write_all(bytes)?;
        self.tally.bytes += length;
        self.wanting = wanting;
        if wanting == 0 {
            let fill = usize::try_from(std::mem::take(&mut self.padding)).unwrap_or(0);
            self.sink.write_all(&[0; BLOCK][..fill])?;
        }
        Ok(())
    }

    /// Ends the archive. What was written so far is none without this.
    ///
    /// # Errors
    /// When the last file lacks data, when there was no entry, and when the stream fails.
    pub fn finish(mut self) -> Result<(Tally, W), PaxError> {
        if self.wanting > 0 {
            return Err(PaxError::Size { entry: self.tally.entries });
        }
        if self.last.is_none() {
            return Err(PaxError::NoRoot);
        }
        self.sink.write_all(&[0; 2 * BLOCK])?;
        self.sink.flush()?;
        Ok((self.tally, self.sink))
    }

    fn check(&self, entry: &Entry) -> Result<(), PaxError> {
        let number = self.tally.entries + 1;
        if self.wanting > 0 {
            return Err(PaxError::Size { entry: self.tally.entries });
        }
        match &self.last {
            None if !entry.path.is_root() || entry.kind != Kind::Directory => return Err(PaxError::NoRoot),
            Some(last) if entry.path <= *last => return Err(PaxError::Order { path: entry.path.to_string() }),
            _ => {}
        }
        match &entry.kind {
            Kind::File { size, extents } if !extents_fit(extents, *size) => Err(PaxError::Size { entry: number }),
            _ if !can_be_written(entry) => {
                Err(PaxError::Header { entry: number, what: "a value of it is out of range" })
            }
            _ => Ok(()),
        }
    }

    fn records(&mut self, entry: &Entry, records: &Records) -> Result<(), PaxError> {
        if records.is_empty() {
            return Ok(());
        }
        let length = records.bytes().len() as u64;
        if length > super::MAX_RECORDS {
            return Err(PaxError::RecordsTooLong { entry: self.tally.entries + 1, length });
        }
        let name = beside(b"PaxHeaders", &entry.path);
        let header = Header { name, mode: 0o644, size: length, kind: kind::RECORDS, ..Header::default() };
        self.sink.write_all(&header::encode(&header))?;
        self.sink.write_all(records.bytes())?;
        let fill = usize::try_from(padding(length)).unwrap_or(0);
        self.sink.write_all(&[0; BLOCK][..fill])?;
        Ok(())
    }
}

/// Whether the numbers and the target are those of an entry that Linux could have.
fn can_be_written(entry: &Entry) -> bool {
    let fits = match &entry.kind {
        Kind::Symlink(target) => is_target(target),
        Kind::CharDevice(device) | Kind::BlockDevice(device) => {
            u64::from(device.major.max(device.minor)) <= header::MAX_SHORT
        }
        _ => true,
    };
    let meta = &entry.meta;
    fits && meta.mode <= 0o7777 && meta.uid.max(meta.gid) <= MAX_ID && meta.mtime.nanoseconds < 1_000_000_000
}

/// Whether a symbolic link can point there.
pub(super) fn is_target(target: &[u8]) -> bool {
    (1..=MAX_LINK).contains(&target.len()) && !target.contains(&0)
}

/// A name for what is no entry of its own, as tools that know no pax would unpack it.
fn beside(folder: &[u8], path: &TreePath) -> Vec<u8> {
    let mut name = [b"./", folder, b"/", path.name().unwrap_or(b"root")].concat();
    name.truncate(header::NAME);
    name
}

/// `./` and the path, closed by `/` when it is a directory.
fn spelled(path: &TreePath, is_directory: bool) -> Vec<u8> {
    let mut name = [b"./", path.as_bytes()].concat();
    if is_directory && !path.is_root() {
        name.push(b'/');
    }
    name
}

/// The header of an entry without its size, and the records for what does not fit into it.
fn headers(entry: &Entry, readers: Readers) -> (Header, Records) {
    let mut records = Records::default();
    let mut header = Header { mode: u64::from(entry.meta.mode), ..Header::default() };
    let name = spelled(&entry.path, entry.kind == Kind::Directory);
    let is_sparse = entry.kind.has_holes();
    if is_sparse {
        header.name = beside(b"GNUSparseFile.0", &entry.path);
    } else {
        if name.len() > header::NAME {
            records.put(b"path", &name);
        }
        header.name.clone_from(&name);
    }
    describe(&entry.kind, &mut header);
    if header.link.len() > header::NAME {
        records.put(b"linkpath", &header.link);
    }
    attributes(&entry.meta, &mut header, &mut records);
    if let (true, Kind::File { size, .. }) = (is_sparse, &entry.kind) {
        records.put(b"GNU.sparse.major", b"1");
        records.put(b"GNU.sparse.minor", b"0");
        records.put(b"GNU.sparse.name", &name);
        records.put(b"GNU.sparse.realsize", size.to_string().as_bytes());
    }
    match readers {
        Readers::Gnu => extended(&entry.meta, &mut records),
        Readers::Engines => extended_for_engines(&entry.meta, &mut records),
    }
    (header, records)
}

fn describe(what: &Kind, header: &mut Header) {
    header.kind = match what {
        Kind::File { .. } => kind::FILE,
        Kind::Directory => kind::DIRECTORY,
        Kind::Symlink(target) => {
            header.link.clone_from(target);
            kind::SYMLINK
        }
        Kind::HardLink(target) => {
            header.link = spelled(target, false);
            kind::HARD_LINK
        }
        Kind::Fifo => kind::FIFO,
        Kind::CharDevice(device) | Kind::BlockDevice(device) => {
            (header.major, header.minor) = (u64::from(device.major), u64::from(device.minor));
            if matches!(what, Kind::CharDevice(_)) { kind::CHAR_DEVICE } else { kind::BLOCK_DEVICE }
        }
    };
}

fn attributes(meta: &Meta, header: &mut Header, records: &mut Records) {
    for (key, id, field) in [(&b"uid"[..], meta.uid, &mut header.uid), (b"gid", meta.gid, &mut header.gid)] {
        *field = u64::from(id);
        if *field > header::MAX_SHORT {
            records.put(key, id.to_string().as_bytes());
        }
    }
    let seconds = u64::try_from(meta.mtime.seconds).ok().filter(|seconds| *seconds <= header::MAX_LONG);
    header.mtime = seconds.unwrap_or(0);
    if seconds.is_none() || meta.mtime.nanoseconds > 0 {
        records.put(b"mtime", time_text(meta.mtime).as_bytes());
    }
}

fn extended(meta: &Meta, records: &mut Records) {
    for (key, name) in [(&b"SCHILY.acl.access"[..], acl::ACCESS), (b"SCHILY.acl.default", acl::DEFAULT)] {
        if let Some(text) = meta.xattrs.get(name).and_then(|value| acl::to_text(value)) {
            records.put(key, text.as_bytes());
        }
    }
    for (name, value) in &meta.xattrs {
        records.put(&[b"SCHILY.xattr.", key_of_name(name).as_slice()].concat(), value);
    }
}

fn extended_for_engines(meta: &Meta, records: &mut Records) {
    let can_be_told = |name: &[u8], value: &[u8]| !name.contains(&b'=') && !value.is_empty();
    for (name, value) in meta.xattrs.iter().filter(|(name, value)| can_be_told(name, value)) {
        records.put(&[b"SCHILY.xattr.", name.as_slice()].concat(), value);
    }
}
