// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is in a tree, read without the program under test, and what of it a way of the data may lose.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;

use rustix::fs::{SeekFrom, lgetxattr, llistxattr, seek};

/// A tree: path to entry.
pub(super) type Tree = BTreeMap<Vec<u8>, Entry>;

/// All that makes an entry what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Kind and permissions as the system has them.
    mode: u32,
    owner: (u32, u32),
    mtime: (i64, i64),
    /// Of a file and a link; others have whatever their file system likes.
    size: u64,
    device: u64,
    /// What a file holds, or where a link points.
    content: Vec<u8>,
    xattrs: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The first of all names of it, where it has several.
    first_name: Option<Vec<u8>>,
    /// Bytes that are no hole.
    data: u64,
}

/// Reads a tree. Sockets are left out, as every way leaves them.
pub(super) fn look(root: &Path) -> Tree {
    let (mut tree, mut names) = (Tree::new(), BTreeMap::new());
    let mut waiting = vec![root.to_owned()];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        let about = fs::symlink_metadata(&path).expect("it is there");
        if about.is_dir() {
            waiting.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        }
        if !about.file_type().is_socket() {
            found.push((path, about));
        }
    }
    found.sort_by(|one, other| one.0.as_os_str().as_bytes().cmp(other.0.as_os_str().as_bytes()));
    for (path, about) in found {
        let name = path.strip_prefix(root).expect("it is below").as_os_str().as_bytes().to_vec();
        let has_many = about.nlink() > 1 && !about.is_dir();
        let first_name = has_many.then(|| names.entry(about.ino()).or_insert_with(|| name.clone()).clone());
        tree.insert(name, entry(&path, &about, first_name));
    }
    tree
}

fn entry(path: &Path, about: &fs::Metadata, first_name: Option<Vec<u8>>) -> Entry {
    let mut content = Vec::new();
    let mut data = 0;
    if about.is_file() {
        let mut file = fs::File::open(path).expect("a file");
        data = data_of(&file, about.len());
        file.read_to_end(&mut content).expect("its content");
    } else if about.is_symlink() {
        content = fs::read_link(path).expect("a target").into_os_string().as_bytes().to_vec();
    }
    let is_device = about.file_type().is_char_device() || about.file_type().is_block_device();
    Entry {
        mode: about.mode(),
        owner: (about.uid(), about.gid()),
        mtime: (about.mtime(), about.mtime_nsec()),
        size: if about.is_file() || about.is_symlink() { about.len() } else { 0 },
        device: if is_device { about.rdev() } else { 0 },
        content,
        xattrs: xattrs(path),
        first_name,
        data,
    }
}

/// The bytes of a file that are no hole.
fn data_of(file: &fs::File, size: u64) -> u64 {
    let (mut at, mut sum) = (0, 0);
    while at < size {
        let Ok(data) = seek(file, SeekFrom::Data(at)) else { break };
        at = seek(file, SeekFrom::Hole(data)).expect("every data ends").min(size);
        sum += at - data.min(at);
    }
    seek(file, SeekFrom::Start(0)).expect("back to its beginning");
    sum
}

fn xattrs(path: &Path) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let (mut list, mut value) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    let length = llistxattr(path, &mut list[..]).expect("a list");
    let names = list[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let mut one = |name: &[u8]| {
        let length = lgetxattr(path, name, &mut value[..]).expect("a value");
        (name.to_vec(), value[..length].to_vec())
    };
    names.map(&mut one).collect()
}

/// A hole of up to so many bytes does not show where attributes have a block of their own: the file takes as much room
/// as one without.
const BLOCK: u64 = 4096;

/// What a way may lose.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Losses {
    /// Extended attributes but capabilities, ACLs, parts of seconds, holes: what an engine's archive does not have.
    pub(super) reading: bool,
    /// Holes, times before 1970 and after 2262, attributes that are empty or have `=` in their name: what an engine does
    /// not unpack.
    pub(super) unpacking: bool,
}

impl Losses {
    fn of(self, mut entry: Entry) -> Entry {
        if self.reading {
            entry.xattrs.retain(|name, _| name == b"security.capability");
            entry.mtime.1 = 0;
        }
        if self.unpacking {
            entry.xattrs.retain(|name, value| !name.contains(&b'=') && !value.is_empty());
        }
        if self.unpacking && !(0..=i64::MAX / 1_000_000_000).contains(&entry.mtime.0) {
            entry.mtime = (0, 0);
        }
        entry.data = 0;
        entry
    }
}

/// Holds a tree against the one that it should be, less what the way may lose.
#[track_caller]
pub(super) fn assert_same(was: &Tree, is: &Tree, losses: Losses, about: &str) {
    let mut told = Vec::new();
    for path in was.keys().chain(is.keys().filter(|path| !was.contains_key(*path))) {
        let name = path.escape_ascii();
        match (was.get(path), is.get(path)) {
            (Some(before), Some(after)) => {
                let kept = (losses.of(before.clone()), losses.of(after.clone()));
                if kept.0 != kept.1 {
                    told.push(format!("{name}: was {}\n  is {}", words(before), words(after)));
                }
                if !losses.reading && !losses.unpacking && after.data > before.data + BLOCK {
                    told.push(format!("{name}: {} bytes of holes were filled", after.data - before.data));
                }
            }
            (Some(_), None) => told.push(format!("{name}: is missing")),
            (None, _) => told.push(format!("{name}: was not there")),
        }
    }
    assert!(told.is_empty(), "{about}: {} of {} differ\n{}", told.len(), was.len(), told.join("\n"));
}

/// An entry without its content, which is long.
fn words(entry: &Entry) -> String {
    let sum = entry.content.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    format!("{:?}, content {sum:x}", Entry { content: Vec::new(), ..entry.clone() })
}
