// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Random trees for tests.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use std::collections::BTreeMap;

use super::pax::{PaxError, Writer};
use super::{Device, Entry, Extent, Kind, Meta, Timestamp, TreePath, Xattrs, acl};

/// Every size of a hole and of data is a multiple of this, so that a file system can keep it.
pub(crate) const GRAIN: u64 = 4096;

/// A tree: entries in order, and the content of each (its data without holes).
pub(crate) type Tree = Vec<(Entry, Vec<u8>)>;

#[derive(Debug, Clone)]
enum Node {
    Plain(Kind, Vec<u8>),
    /// Another name of the n-th thing that can have one.
    Link(usize),
}

fn name() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => "[a-c]{1,2}".prop_map(String::into_bytes),
        1 => Just(b"new\nline".to_vec()),
        1 => Just(b"latin-\xe9 \xff".to_vec()),
        1 => Just(b".wh.white".to_vec()),
        1 => Just(b"%=\"'*".to_vec()),
        1 => Just(vec![b'l'; 200]),
        1 => Just(b"...".to_vec()),
    ]
}

fn meta() -> impl Strategy<Value = Meta> {
    let id = prop_oneof![0_u32..3, Just(1000), Just(4_000_000), Just(super::MAX_ID)];
    let seconds = prop_oneof![0_i64..2_000_000_000, Just(-1_000_000), Just(-1), Just(15_000_000_000)];
    let nanoseconds = prop_oneof![Just(0_u32), Just(1), Just(999_999_999), Just(500_000_000)];
    let xattrs = btree_map(
        prop_oneof![Just(b"user.note".to_vec()), Just(b"user.a=b%c".to_vec()), Just(b"user.\xff".to_vec())],
        vec(any::<u8>(), 0..40),
        0..3,
    );
    (0_u16..0o10000, id.clone(), id, seconds, nanoseconds, xattrs).prop_map(
        |(mode, uid, gid, seconds, nanoseconds, xattrs)| Meta {
            mode,
            uid,
            gid,
            mtime: Timestamp { seconds, nanoseconds },
            xattrs,
        },
    )
}

fn file() -> impl Strategy<Value = Node> {
    let full = vec(any::<u8>(), 0..3000).prop_map(|data| Node::Plain(Kind::full_file(data.len() as u64), data));
    let with_holes =
        (vec((0_u64..40, 1_u64..4, 1_u8..9), 0..4), 0_u64..30, 0_u64..GRAIN).prop_map(|(runs, tail, odd)| {
            let (mut at, mut extents, mut data) = (0, Vec::new(), Vec::new());
            for (hole, length, fill) in runs {
                // Runs stay apart, as a file system would tell them.
                let offset = at + (hole + u64::from(at > 0)) * GRAIN;
                extents.push(Extent { offset, length: length * GRAIN });
                data.extend(vec![fill; usize::try_from(length * GRAIN).unwrap_or(0)]);
                at = offset + length * GRAIN;
            }
            Node::Plain(Kind::File { size: at + tail * GRAIN + if tail > 0 { odd } else { 0 }, extents }, data)
        });
    prop_oneof![3 => full, 1 => with_holes]
}

fn node() -> impl Strategy<Value = Node> {
    let target = prop_oneof![
        Just(b"../../../../etc/passwd".to_vec()),
        Just(b"/etc/hostname".to_vec()),
        Just(b"nowhere\n\xe9".to_vec()),
        Just(vec![b't'; 300])
    ];
    let device = prop_oneof![Just(Device { major: 1, minor: 3 }), Just(Device { major: 7, minor: 1_000_000 })];
    prop_oneof![
        6 => file(),
        4 => Just(Node::Plain(Kind::Directory, Vec::new())),
        2 => target.prop_map(|target| Node::Plain(Kind::Symlink(target), Vec::new())),
        2 => any::<usize>().prop_map(Node::Link),
        1 => Just(Node::Plain(Kind::Fifo, Vec::new())),
        1 => device.clone().prop_map(|device| Node::Plain(Kind::CharDevice(device), Vec::new())),
        1 => device.prop_map(|device| Node::Plain(Kind::BlockDevice(device), Vec::new())),
    ]
}

/// A tree that Linux can hold: what it refuses (attributes of links, say) is left out.
pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let place = (any::<usize>(), name());
    (meta(), vec((place, node(), meta(), any::<bool>()), 0..25)).prop_map(|(root, nodes)| {
        let mut directories = vec![TreePath::root()];
        let mut placed: BTreeMap<TreePath, (Node, Meta, bool)> = BTreeMap::new();
        placed.insert(TreePath::root(), (Node::Plain(Kind::Directory, Vec::new()), root, false));
        for ((place, name), node, meta, has_acl) in nodes {
            let Ok(path) = directories[place % directories.len()].join(&name) else { continue };
            if placed.contains_key(&path) {
                continue;
            }
            if matches!(node, Node::Plain(Kind::Directory, _)) {
                directories.push(path.clone());
            }
            placed.insert(path, (node, meta, has_acl));
        }
        resolve(placed)
    })
}

/// Hard links become names of something that comes before them.
fn resolve(placed: BTreeMap<TreePath, (Node, Meta, bool)>) -> Tree {
    let (mut tree, mut linkable): (Tree, Vec<(TreePath, Meta)>) = (Vec::new(), Vec::new());
    for (path, (node, mut meta, has_acl)) in placed {
        match node {
            Node::Plain(kind, data) => {
                fit(&kind, &mut meta, has_acl);
                if kind != Kind::Directory {
                    linkable.push((path.clone(), meta.clone()));
                }
                tree.push((Entry { path, meta, kind }, data));
            }
            Node::Link(at) if !linkable.is_empty() => {
                let (target, meta) = linkable[at % linkable.len()].clone();
                tree.push((
                    Entry { path, meta: Meta { xattrs: Xattrs::new(), ..meta }, kind: Kind::HardLink(target) },
                    Vec::new(),
                ));
            }
            Node::Link(_) => {}
        }
    }
    tree
}

/// Attributes as Linux would have them on such an entry.
fn fit(kind: &Kind, meta: &mut Meta, has_acl: bool) {
    match kind {
        Kind::File { .. } | Kind::Directory => {
            if has_acl {
                let bits = (meta.mode >> 3) & 7;
                let letters = |bits: u16| {
                    let letter = |bit, letter| if bits & bit == 0 { '-' } else { letter };
                    format!("{}{}{}", letter(4, 'r'), letter(2, 'w'), letter(1, 'x'))
                };
                // The group bits of a mode are the mask of its ACL.
                let text = format!(
                    "user::{}\nuser:4000001:r-x\ngroup::r--\nmask::{}\nother::{}\n",
                    letters((meta.mode >> 6) & 7),
                    letters(bits),
                    letters(meta.mode & 7)
                );
                let value = acl::from_text(text.as_bytes()).unwrap_or_default();
                if *kind == Kind::Directory {
                    meta.xattrs.insert(acl::DEFAULT.to_vec(), value.clone());
                }
                meta.xattrs.insert(acl::ACCESS.to_vec(), value);
            }
        }
        Kind::Symlink(_) => {
            meta.mode = 0o777;
            meta.xattrs.clear();
        }
        _ => meta.xattrs.clear(),
    }
}

/// What anybody can make: their own files, that they may write to, without devices.
#[cfg(target_os = "linux")]
pub(crate) fn for_anybody(tree: &mut Tree) {
    let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    for (entry, _) in tree.iter_mut() {
        (entry.meta.uid, entry.meta.gid) = (uid, gid);
        entry.meta.mode |= 0o700;
        entry.meta.mode &= 0o777;
        // They would take the permission of the owner away before the other attributes are set.
        entry.meta.xattrs.retain(|name, _| name != acl::ACCESS && name != acl::DEFAULT);
        if matches!(entry.kind, Kind::CharDevice(_) | Kind::BlockDevice(_)) {
            entry.kind = Kind::Fifo;
        }
    }
}

/// The archive of a tree.
pub(crate) fn archive(tree: &Tree) -> Result<Vec<u8>, PaxError> {
    let mut writer = Writer::new(Vec::new());
    for (entry, data) in tree {
        writer.entry(entry)?;
        writer.data(data)?;
    }
    Ok(writer.finish()?.1)
}
