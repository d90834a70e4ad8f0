// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Grows a random tree on the disk, from a seed: every kind of entry, attribute and name that a volume may have.

use std::ffi::OsStr;
use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, Dev, FileType, Gid, Mode, Timespec, Timestamps, UTIME_OMIT, Uid, XattrFlags, chownat, lsetxattr,
    makedev, mknodat, utimensat,
};

/// Names that tools trip over.
const NAMES: &[&[u8]] = &[
    b"new\nline",
    b"latin-\xe9 \xff",
    b".wh.white",
    b".wh..wh..opq",
    b"...",
    b" lead and trail ",
    b"-rf",
    b"%=\"'*?[a]",
    b"back\\slash",
    b"tab\tbell\x07",
    "snow-\u{2603}".as_bytes(),
    b"PaxHeaders",
];

const TARGETS: &[&[u8]] =
    &[b"../../../../../../etc/passwd", b"/etc/hostname", b"nowhere\n\xe9", b"a", b"..", b".", b"/"];

/// What a file with a capability carries: `cap_net_raw=ep`.
const CAPABILITY: &[u8] = &[1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Numbers that depend on the seed alone (splitmix64).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).expect("it is below a usize")
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn hits(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.roll().to_le_bytes()[0]).collect()
    }

    fn name(&mut self) -> Vec<u8> {
        match self.below(10) {
            0..=3 => self.pick(NAMES).to_vec(),
            4 => vec![b'l'; self.pick(&[99, 100, 101, 155, 200, 255])],
            _ => format!("{}{}", self.pick(&['a', 'b', 'Z', '0']), self.below(30)).into_bytes(),
        }
    }
}

/// What was made, with what decides the order in which it gets its attributes.
struct Made {
    path: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Directory,
    File,
    Other,
    Link,
}

/// Grows a tree in an empty folder. `size` entries are tried; one whose name is taken is left out.
pub(super) fn grow(root: &Path, dice: &mut Dice, size: usize) {
    let mut made = vec![Made { path: root.to_owned(), kind: Kind::Directory }];
    let mut directories = vec![root.to_owned()];
    for _ in 0..size {
        // Half of them go into the newest folder, so that some lie deep.
        let parent = if dice.hits(50) { directories.last() } else { directories.get(dice.below(directories.len())) };
        let path = parent.expect("the root is one").join(OsStr::from_bytes(&dice.name()));
        if path.as_os_str().len() > 3500 || fs::symlink_metadata(&path).is_ok() {
            continue;
        }
        let kind = entry(&path, dice, &made);
        if kind == Kind::Directory {
            directories.push(path.clone());
        }
        made.push(Made { path, kind });
    }
    // The deepest first: what comes into a folder changes its time.
    made.sort_by_key(|one| std::cmp::Reverse(one.path.components().count()));
    for one in &made {
        attributes(one, dice);
    }
}

fn entry(path: &Path, dice: &mut Dice, made: &[Made]) -> Kind {
    let ours = Mode::from_raw_mode(0o600);
    let node = |kind, device| mknodat(CWD, path, kind, ours, device).expect("root makes nodes");
    match dice.below(20) {
        0..=4 => fs::create_dir(path).map(|()| Kind::Directory).expect("a folder"),
        5..=6 => symlink(OsStr::from_bytes(dice.pick(TARGETS)), path).map(|()| Kind::Link).expect("a link"),
        7 => symlink("t".repeat(300), path).map(|()| Kind::Link).expect("a link"),
        8..=10 => {
            let linkable: Vec<&Made> = made.iter().filter(|one| one.kind != Kind::Directory).collect();
            let Some(first) = linkable.get(dice.below(linkable.len().max(1))) else { return file(path, dice) };
            // Another name, in whatever folder; it gets its attributes with the first.
            fs::hard_link(&first.path, path).map(|()| first.kind).expect("a second name")
        }
        11 => {
            node(FileType::Fifo, 0);
            Kind::Other
        }
        12 => {
            let (kind, device) = device(dice);
            node(kind, device);
            Kind::Other
        }
        13 => {
            node(FileType::Socket, 0);
            Kind::Other
        }
        14..=15 => sparse(path, dice),
        _ => file(path, dice),
    }
}

fn device(dice: &mut Dice) -> (FileType, Dev) {
    let kind = dice.pick(&[FileType::CharacterDevice, FileType::BlockDevice]);
    // 0:0 is what some file systems take for a removed file.
    let (major, minor) = dice.pick(&[(1, 3), (7, 0), (0, 0), (259, 1_000_000)]);
    (kind, makedev(major, minor))
}

fn file(path: &Path, dice: &mut Dice) -> Kind {
    let length = dice.pick(&[0, 1, 511, 512, 513, 4096, 70_000, 300_000]);
    let content = dice.bytes(length);
    fs::write(path, content).map(|()| Kind::File).expect("a file")
}

/// Data and holes, aligned as a file system keeps them, and often a hole at the end.
fn sparse(path: &Path, dice: &mut Dice) -> Kind {
    let mut file = fs::File::create_new(path).expect("a file");
    let mut end = 0;
    for _ in 0..dice.below(4) {
        end += 65_536 * (1 + dice.below(20) as u64);
        file.seek(SeekFrom::Start(end)).expect("a hole");
        let data = vec![1 + dice.bytes(1)[0] % 200; 65_536 * (1 + dice.below(2))];
        file.write_all(&data).expect("data");
        end += data.len() as u64;
    }
    let tail = dice.pick(&[0, 1, 4096, 3 << 20]);
    file.set_len(end + tail).expect("a hole at the end");
    Kind::File
}

fn attributes(one: &Made, dice: &mut Dice) {
    const IDS: &[u32] = &[0, 1, 999, 65_534, 4_000_000, 2_097_151, 2_097_152];
    let path = one.path.as_path();
    let (uid, gid) = (Uid::from_raw(dice.pick(IDS)), Gid::from_raw(dice.pick(IDS)));
    chownat(CWD, path, Some(uid), Some(gid), AtFlags::SYMLINK_NOFOLLOW).expect("root gives away");
    if matches!(one.kind, Kind::File | Kind::Directory) {
        extended(one, dice);
    }
    if one.kind != Kind::Link {
        let mode = u32::try_from(dice.below(0o10000)).expect("it is small");
        let mode = if dice.hits(10) { 0 } else { mode };
        rustix::fs::chmod(path, Mode::from_raw_mode(mode)).expect("a mode");
    }
    let seconds = dice.pick(&[0, 1, 981_173_106, 1_600_000_000, -1, -1_000_000, 8_589_934_592, 15_000_000_000]);
    let nanoseconds = dice.pick(&[0, 1, 500_000_000, 999_999_999]);
    let times = Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec { tv_sec: seconds, tv_nsec: nanoseconds },
    };
    utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW).expect("a time");
}

fn extended(one: &Made, dice: &mut Dice) {
    let set = |name: &[u8], value: &[u8]| {
        lsetxattr(&one.path, name, value, XattrFlags::empty()).expect("an attribute");
    };
    for name in [&b"user.note"[..], b"user.a=b%c", b"user.\xff"] {
        if dice.hits(20) {
            let length = dice.pick(&[0, 5, 64, 65, 900]);
            set(name, &dice.bytes(length));
        }
    }
    if one.kind == Kind::File && dice.hits(15) {
        set(b"security.capability", CAPABILITY);
    }
    if dice.hits(20) {
        set(b"system.posix_acl_access", &acl(dice));
    }
    if one.kind == Kind::Directory && dice.hits(20) {
        set(b"system.posix_acl_default", &acl(dice));
    }
}

/// The kernel's form: version 2, then tag, permissions and id of each entry.
fn acl(dice: &mut Dice) -> Vec<u8> {
    const NOBODY: u32 = u32::MAX;
    let entries: [(u16, u32); 6] =
        [(0x01, NOBODY), (0x02, 4_000_001), (0x04, NOBODY), (0x08, 7), (0x10, NOBODY), (0x20, NOBODY)];
    let mut value = 2_u32.to_le_bytes().to_vec();
    for (tag, id) in entries {
        value.extend(tag.to_le_bytes());
        value.extend(u16::try_from(dice.below(8)).expect("three bits").to_le_bytes());
        value.extend(id.to_le_bytes());
    }
    value
}

/// Spoils a tree: some of it goes, something comes, the root is another.
pub(super) fn spoil(root: &Path, dice: &mut Dice) {
    let entries: Vec<PathBuf> =
        fs::read_dir(root).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    for path in entries {
        let is_folder = fs::symlink_metadata(&path).expect("it is there").is_dir();
        match dice.below(3) {
            0 if is_folder => fs::remove_dir_all(&path).expect("it goes"),
            0 => fs::remove_file(&path).expect("it goes"),
            1 if is_folder => fs::write(path.join("stale"), b"stale").expect("it comes"),
            _ => {}
        }
    }
    fs::write(root.join("stale"), b"stale").expect("it comes");
    rustix::fs::chmod(root, Mode::from_raw_mode(0o700)).expect("a mode");
}
