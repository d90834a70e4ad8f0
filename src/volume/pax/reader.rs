// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An archive to entries; whatever is not exactly right is refused.
//!
//! Memory: the directories above the entry under way, 8 bytes and a little a file (to know what a hard link may name),
//! and the extended header under way.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::io::Read;

use super::header::{self, Header, kind};
use super::records::{decimal, name_of_key, parse, time_of_text};
use super::sparse::MapReader;
use super::writer::is_target;
use super::{BLOCK, MAX_RECORDS, PaxError, Tally, padding};
use crate::volume::acl;
use crate::volume::{Device, Entry, Fidelity, Kind, MAX_ID, Meta, Timestamp, TreePath};

/// Tools fill their last record with zeros: GNU tar 10 KiB, others up to this, in blocks.
const MAX_FILL: usize = 2048;

/// Reads an archive from its first byte to its last.
pub struct Reader<R> {
    source: R,
    fidelity: Fidelity,
    tally: Tally,
    /// The name of the root as the archive spells it, set by the first entry.
    root: Option<Vec<u8>>,
    last: TreePath,
    /// The directories that the last entry is in, and itself when it is one.
    open: Vec<TreePath>,
    /// What a hard link may name, by keyed hashes.
    linkable: HashSet<u64>,
    key: RandomState,
    /// Bytes of data of the entry under way that are still to come.
    remaining: u64,
    padding: u64,
    ended: bool,
}

/// What the records of an extended header say.
#[derive(Default)]
struct Overrides {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    uid: Option<u64>,
    gid: Option<u64>,
    mtime: Option<Timestamp>,
    acl_access: Option<Vec<u8>>,
    acl_default: Option<Vec<u8>>,
    meta: Meta,
    sparse: Sparse,
}

#[derive(Default)]
struct Sparse {
    major: Option<u64>,
    minor: Option<u64>,
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl<R: Read> Reader<R> {
    /// Reads what was made in this way. Reads are small: hand over something with a buffer.
    pub fn new(source: R, fidelity: Fidelity) -> Self {
        Self {
            source,
            fidelity,
            tally: Tally::default(),
            root: None,
            last: TreePath::root(),
            open: Vec::new(),
            linkable: HashSet::new(),
            key: RandomState::new(),
            remaining: 0,
            padding: 0,
            ended: false,
        }
    }

    /// How the archive was made.
    #[must_use]
    pub fn fidelity(&self) -> Fidelity {
        self.fidelity
    }

    /// The next entry; none at the end of the archive, which [`Reader::finish`] then looks at. Data that was not read
    /// is skipped.
    ///
    /// # Errors
    /// For whatever an archive of a tree would not have. After an error there is no going on.
    pub fn entry(&mut self) -> Result<Option<Entry>, PaxError> {
        self.skip_data()?;
        if self.ended {
            return Ok(None);
        }
        let mut block = self.block()?;
        let mut overrides = Overrides::default();
        if is_empty(&block) {
            if !is_empty(&self.block()?) {
                return Err(self.header_fault("a lone block of zeros stands in the middle"));
            }
            self.ended = true;
            return if self.root.is_some() { Ok(None) } else { Err(PaxError::NoRoot) };
        }
        let mut header = self.decode(&block)?;
        if header.kind == kind::RECORDS {
            overrides = self.overrides(header.size)?;
            block = self.block()?;
            header = self.decode(&block)?;
        }
        let entry = self.build(header, overrides)?;
        self.place(&entry)?;
        self.tally.entries += 1;
        Ok(Some(entry))
    }

    /// Data of the entry under way: the runs of a file one after the other, without the holes. 0 at its end.
    ///
    /// # Errors
    /// When the archive ends before, and when the stream fails.
    pub fn data(&mut self, buffer: &mut [u8]) -> Result<usize, PaxError> {
        let most = usize::try_from(self.remaining).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let length = read_some(&mut self.source, &mut buffer[..most])?;
        if length == 0 {
            return Err(PaxError::Truncated);
        }
        self.remaining -= length as u64;
        self.tally.bytes += length as u64;
        if self.remaining == 0 {
            self.skip_padding()?;
        }
        Ok(length)
    }

    /// Reads what is left, and says what there was. `expected` is the number of entries that the maker told.
    ///
    /// # Errors
    /// As [`Reader::entry`]; also when anything but zeros stands behind the end, and when entries are missing.
    pub fn finish(mut self, expected: Option<u64>) -> Result<(Tally, R), PaxError> {
        while self.entry()?.is_some() {}
        let mut blocks = 0;
        let mut block = [0; BLOCK];
        loop {
            let mut length = 0;
            while length < BLOCK {
                match read_some(&mut self.source, &mut block[length..])? {
                    0 => break,
                    more => length += more,
                }
            }
            blocks += 1;
            match length {
                0 => break,
                BLOCK if is_empty(&block) && blocks <= MAX_FILL => {}
                _ => return Err(PaxError::TrailingData),
            }
        }
        match expected {
            Some(expected) if expected != self.tally.entries => {
                Err(PaxError::WrongCount { expected, found: self.tally.entries })
            }
            _ => Ok((self.tally, self.source)),
        }
    }

    fn number(&self) -> u64 {
        self.tally.entries + 1
    }

    fn header_fault(&self, what: &'static str) -> PaxError {
        PaxError::Header { entry: self.number(), what }
    }

    fn records_fault(&self, what: &'static str) -> PaxError {
        PaxError::Records { entry: self.number(), what }
    }

    fn decode(&self, block: &[u8; BLOCK]) -> Result<Header, PaxError> {
        header::decode(block).map_err(|what| self.header_fault(what))
    }

    fn block(&mut self) -> Result<[u8; BLOCK], PaxError> {
        let mut block = [0; BLOCK];
        self.source.read_exact(&mut block)?;
        Ok(block)
    }

    fn skip_data(&mut self) -> Result<(), PaxError> {
        let mut buffer = [0; 8 * 1024];
        while self.data(&mut buffer)? > 0 {}
        Ok(())
    }

    fn skip_padding(&mut self) -> Result<(), PaxError> {
        let fill = usize::try_from(std::mem::take(&mut self.padding)).unwrap_or(0);
        let mut rest = [0; BLOCK];
        self.source.read_exact(&mut rest[..fill])?;
        Ok(())
    }

    fn overrides(&mut self, length: u64) -> Result<Overrides, PaxError> {
        if length > MAX_RECORDS {
            return Err(PaxError::RecordsTooLong { entry: self.number(), length });
        }
        // What is promised is not allocated before it comes.
        let mut bytes = Vec::new();
        (&mut self.source).take(length).read_to_end(&mut bytes)?;
        if (bytes.len() as u64) < length {
            return Err(PaxError::Truncated);
        }
        self.padding = padding(length);
        self.skip_padding()?;
        let records = parse(&bytes).map_err(|what| self.records_fault(what))?;
        let mut overrides = Overrides::default();
        for (key, value) in records {
            self.record(&mut overrides, key, value)?;
        }
        Ok(overrides)
    }

    fn record(&self, into: &mut Overrides, key: &[u8], value: &[u8]) -> Result<(), PaxError> {
        let number = || decimal(value).ok_or_else(|| self.records_fault("a number in it is not decimal"));
        let is_new = match key {
            b"path" => into.path.replace(value.to_vec()).is_none(),
            b"linkpath" => into.link.replace(value.to_vec()).is_none(),
            b"size" => into.size.replace(number()?).is_none(),
            b"uid" => into.uid.replace(number()?).is_none(),
            b"gid" => into.gid.replace(number()?).is_none(),
            b"mtime" => {
                let time = time_of_text(value).ok_or_else(|| self.records_fault("a time in it is none"))?;
                into.mtime.replace(time).is_none()
            }
            b"SCHILY.acl.access" => into.acl_access.replace(value.to_vec()).is_none(),
            b"SCHILY.acl.default" => into.acl_default.replace(value.to_vec()).is_none(),
            b"GNU.sparse.major" => into.sparse.major.replace(number()?).is_none(),
            b"GNU.sparse.minor" => into.sparse.minor.replace(number()?).is_none(),
            b"GNU.sparse.name" => into.sparse.name.replace(value.to_vec()).is_none(),
            b"GNU.sparse.realsize" => into.sparse.size.replace(number()?).is_none(),
            // When it was read and by whom it was owned by name: of no use elsewhere. SELinux labels are the machine's.
            b"atime" | b"ctime" | b"uname" | b"gname" | b"comment" | b"RHT.security.selinux" => true,
            _ => match key.strip_prefix(b"SCHILY.xattr.") {
                Some(b"") => return Err(self.records_fault("an attribute in it has no name")),
                Some(name) if name.contains(&0) => return Err(self.records_fault("an attribute's name has a NUL")),
                Some(name) => into.meta.xattrs.insert(name_of_key(name), value.to_vec()).is_none(),
                None => return Err(self.records_fault("a record in it is not known")),
            },
        };
        if is_new { Ok(()) } else { Err(self.records_fault("a record comes twice")) }
    }

    fn build(&mut self, header: Header, mut overrides: Overrides) -> Result<Entry, PaxError> {
        let path = self.path_of(&header, &mut overrides)?;
        let meta = self.meta_of(&header, &mut overrides)?;
        let size = overrides.size.unwrap_or(header.size);
        let link = overrides.link.take().unwrap_or(header.link);
        let what = match header.kind {
            kind::FILE => {
                self.remaining = size;
                self.padding = padding(size);
                return self.file(path, meta, size, &overrides.sparse);
            }
            kind::DIRECTORY => Kind::Directory,
            kind::SYMLINK if is_target(&link) => Kind::Symlink(link),
            kind::SYMLINK => return Err(self.header_fault("the target of a symbolic link is none")),
            kind::HARD_LINK => Kind::HardLink(self.inside(&link)?),
            kind::FIFO => Kind::Fifo,
            kind::CHAR_DEVICE | kind::BLOCK_DEVICE => {
                let number =
                    |value| u32::try_from(value).map_err(|_| self.header_fault("a device's number is too large"));
                let device = Device { major: number(header.major)?, minor: number(header.minor)? };
                if header.kind == kind::CHAR_DEVICE { Kind::CharDevice(device) } else { Kind::BlockDevice(device) }
            }
            _ => return Err(self.header_fault("an entry is of a kind that no tree of files has")),
        };
        if size != 0 || overrides.sparse.major.is_some() {
            return Err(PaxError::Size { entry: self.number() });
        }
        Ok(Entry { path, meta, kind: what })
    }

    fn file(&mut self, path: TreePath, meta: Meta, size: u64, sparse: &Sparse) -> Result<Entry, PaxError> {
        let fault = PaxError::Size { entry: self.number() };
        let what = match (sparse.major, sparse.minor, sparse.size) {
            (None, None, None) => Kind::full_file(size),
            (Some(1), Some(0), Some(real)) => self.sparse_file(real)?,
            _ => return Err(self.records_fault("holes are told in another format than GNU sparse 1.0")),
        };
        let is_whole = what.stored() == self.remaining && i64::try_from(size).is_ok();
        let Kind::File { size, .. } = &what else { return Err(fault) };
        if !is_whole || i64::try_from(*size).is_err() {
            return Err(fault);
        }
        Ok(Entry { path, meta, kind: what })
    }

    /// Reads the map; what remains then is the data.
    fn sparse_file(&mut self, size: u64) -> Result<Kind, PaxError> {
        let mut map = MapReader::default();
        loop {
            let fault = PaxError::Size { entry: self.number() };
            self.remaining = self.remaining.checked_sub(BLOCK as u64).ok_or(fault)?;
            let block = self.block()?;
            if map.block(&block).map_err(|what| self.header_fault(what))? {
                return map.finish(size).ok_or(PaxError::Size { entry: self.number() });
            }
        }
    }

    fn path_of(&mut self, header: &Header, overrides: &mut Overrides) -> Result<TreePath, PaxError> {
        let long = overrides.path.take();
        let spelled = overrides.sparse.name.take().or(long).unwrap_or_else(|| header.name.clone());
        let is_directory = header.kind == kind::DIRECTORY;
        let name = match spelled.strip_suffix(b"/") {
            Some(name) if is_directory => name,
            _ => &spelled,
        };
        if self.root.is_none() {
            // GNU tar and stackctl say `./`, the engine the last name of the path that it was asked for.
            let is_name = TreePath::parse(name).is_ok_and(|path| path.depth() == 1);
            let is_root = name == b"." || (self.fidelity == Fidelity::EngineArchive && is_name);
            if !is_directory || !is_root {
                return Err(PaxError::NoRoot);
            }
            self.root = Some(name.to_vec());
            return Ok(TreePath::root());
        }
        self.inside(name)
    }

    /// A name below the root.
    fn inside(&self, name: &[u8]) -> Result<TreePath, PaxError> {
        let root = self.root.as_deref().unwrap_or_default();
        let below = name.strip_prefix(root).and_then(|rest| rest.strip_prefix(b"/")).filter(|rest| !rest.is_empty());
        let Some(below) = below else {
            // What leads out is told as such.
            return Err(match TreePath::parse(name) {
                Err(fault) => PaxError::Path { name: name.to_vec(), fault },
                Ok(path) => PaxError::NoParent { path: path.to_string() },
            });
        };
        TreePath::parse(below).map_err(|fault| PaxError::Path { name: name.to_vec(), fault })
    }

    fn meta_of(&self, header: &Header, overrides: &mut Overrides) -> Result<Meta, PaxError> {
        let id = |id: u64| {
            let id = u32::try_from(id).ok().filter(|id| *id <= MAX_ID);
            id.ok_or_else(|| self.header_fault("a user or group id is too large"))
        };
        let mut meta = std::mem::take(&mut overrides.meta);
        for (name, text) in [(acl::ACCESS, overrides.acl_access.take()), (acl::DEFAULT, overrides.acl_default.take())] {
            // The attribute itself says the same without a doubt.
            if let (Some(text), false) = (text, meta.xattrs.contains_key(name)) {
                let value = acl::from_text(&text).ok_or_else(|| self.records_fault("an ACL is none, or has names"))?;
                meta.xattrs.insert(name.to_vec(), value);
            }
        }
        // The engine leaves the bits of the kind in: 0100640.
        let mode = if self.fidelity == Fidelity::EngineArchive { header.mode & 0o7777 } else { header.mode };
        meta.mode = u16::try_from(mode)
            .ok()
            .filter(|mode| *mode <= 0o7777)
            .ok_or_else(|| self.header_fault("its mode has too many bits"))?;
        meta.uid = id(overrides.uid.unwrap_or(header.uid))?;
        meta.gid = id(overrides.gid.unwrap_or(header.gid))?;
        let seconds = i64::try_from(header.mtime).unwrap_or(0);
        meta.mtime = overrides.mtime.unwrap_or(Timestamp { seconds, nanoseconds: 0 });
        Ok(meta)
    }

    /// Holds the order and the tree: a directory before what is in it, a file before its other names, nothing twice.
    fn place(&mut self, entry: &Entry) -> Result<(), PaxError> {
        let path = &entry.path;
        if self.tally.entries > 0 {
            if *path <= self.last {
                return Err(PaxError::Order { path: path.to_string() });
            }
            while self.open.last().is_some_and(|directory| !path.is_below(directory)) {
                self.open.pop();
            }
            if self.open.last() != path.parent().as_ref() {
                return Err(PaxError::NoParent { path: path.to_string() });
            }
        }
        match &entry.kind {
            Kind::Directory => self.open.push(path.clone()),
            Kind::HardLink(target) if !self.linkable.contains(&self.key.hash_one(target)) => {
                return Err(PaxError::LinkTarget { path: path.to_string(), target: target.to_string() });
            }
            // A link to a link would hide which name is the first.
            Kind::HardLink(_) => {}
            _ => {
                self.linkable.insert(self.key.hash_one(path));
            }
        }
        self.last = path.clone();
        Ok(())
    }
}

fn is_empty(block: &[u8; BLOCK]) -> bool {
    block.iter().all(|byte| *byte == 0)
}

/// One read, again after a signal.
fn read_some(source: &mut impl Read, buffer: &mut [u8]) -> Result<usize, PaxError> {
    loop {
        match source.read(buffer) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            other => return Ok(other?),
        }
    }
}
