// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An archive of ours to one that an engine unpacks so that the same tree comes of it.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};

use super::{Control, TreeError};
use crate::volume::pax::{Reader, Tally, Writer};
use crate::volume::{Entry, Kind, Meta, PathFault, TreePath, acl};

/// Data is handed on in pieces of this size, in bytes.
const PIECE: usize = 256 * 1024;

/// What the system takes from a file whose owner is set.
const CAPABILITY: &[u8] = b"security.capability";

/// An ACL without entries: setting it removes the one that is there.
const NO_ACL: [u8; 4] = 2_u32.to_le_bytes();

/// What was before that decides what an entry needs.
struct Rebase {
    below: TreePath,
    /// Capabilities of files, which may have further names.
    capable: HashMap<TreePath, Vec<u8>>,
    /// Folders that hand an ACL down to what is made in them.
    generous: HashSet<TreePath>,
}

/// Writes an archive of ours anew for an engine, into the directory `below` at the top of a container. Gives what was
/// written of ours, and the source behind it.
///
/// An engine sets the attributes of every directory but that of the one that it unpacks into: hence `below`. It sets each
/// entry's right after making it. So what is made in a directory with a default ACL inherits that, and must be rid of it
/// by what its own entry says. And a file gets its owner anew with every further name, by which the system takes its
/// capability away: each name brings it again. Memory: the paths of such directories and files.
///
/// # Errors
/// When the archive is none of ours or has another number of entries than `expected`, when `into` fails, and when the
/// caller wants no more.
pub fn rebase<R: Read, W: Write>(
    mut archive: Reader<R>,
    expected: u64,
    below: &[u8],
    into: W,
    control: &mut Control<'_>,
) -> Result<(Tally, R), TreeError> {
    let root = TreePath::root();
    let below = root.join(below).map_err(|fault| TreeError::Path { path: root.clone(), fault })?;
    let mut rebase = Rebase { below, capable: HashMap::new(), generous: HashSet::new() };
    let mut writer = Writer::for_engines(into);
    // The engine passes over the entry of the directory that it unpacks into.
    writer.entry(&Entry { path: root, meta: Meta { mode: 0o755, ..Meta::default() }, kind: Kind::Directory })?;
    let mut buffer = vec![0; PIECE];
    while let Some(entry) = archive.entry()? {
        control.check()?;
        let path = entry.path.clone();
        writer.entry(&rebase.entry(entry).map_err(|fault| TreeError::Path { path, fault })?)?;
        loop {
            control.check()?;
            let length = archive.data(&mut buffer)?;
            if length == 0 {
                break;
            }
            writer.data(&buffer[..length])?;
            control.bytes(length);
        }
        control.entry();
    }
    let whole = archive.finish(Some(expected))?;
    writer.finish()?;
    Ok(whole)
}

impl Rebase {
    fn moved(&self, path: &TreePath) -> Result<TreePath, PathFault> {
        path.names().try_fold(self.below.clone(), |path, name| path.join(name))
    }

    fn entry(&mut self, mut entry: Entry) -> Result<Entry, PathFault> {
        let at = entry.path.clone();
        entry.path = self.moved(&at)?;
        let xattrs = &mut entry.meta.xattrs;
        match &mut entry.kind {
            Kind::HardLink(target) => {
                let capability = self.capable.get(target).cloned();
                *xattrs = capability.into_iter().map(|value| (CAPABILITY.to_vec(), value)).collect();
                *target = self.moved(target)?;
                return Ok(entry);
            }
            Kind::Symlink(_) => return Ok(entry),
            Kind::Directory if xattrs.contains_key(acl::DEFAULT) => {
                self.generous.insert(at.clone());
            }
            _ => {}
        }
        if let Some(value) = xattrs.get(CAPABILITY) {
            self.capable.insert(at.clone(), value.clone());
        }
        if at.parent().is_some_and(|parent| self.generous.contains(&parent)) {
            xattrs.entry(acl::ACCESS.to_vec()).or_insert_with(|| NO_ACL.to_vec());
            if entry.kind == Kind::Directory {
                xattrs.entry(acl::DEFAULT.to_vec()).or_insert_with(|| NO_ACL.to_vec());
            }
        }
        Ok(entry)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use proptest::prelude::*;

    use super::*;
    use crate::volume::testing::{self, Tree};
    use crate::volume::{Fidelity, Xattrs};

    fn unwatched<T>(work: impl FnOnce(&mut Control<'_>) -> T) -> T {
        work(&mut Control::new(&|| false, &mut |_| ()))
    }

    /// The archive that an engine gets of a tree.
    fn moved(tree: &Tree) -> Vec<u8> {
        let (archive, count) = (testing::archive(tree).unwrap(), tree.len() as u64);
        let mut moved = Vec::new();
        let reader = Reader::new(archive.as_slice(), Fidelity::Exact);
        let (tally, _) = unwatched(|control| rebase(reader, count, b"tree", &mut moved, control)).unwrap();
        assert_eq!(tally.entries, count);
        moved
    }

    fn without_acls(xattrs: &Xattrs) -> Xattrs {
        let is_other = |name: &[u8]| name != acl::ACCESS && name != acl::DEFAULT;
        xattrs.iter().filter(|(name, _)| is_other(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    proptest! {
        #[test]
        fn everything_lies_one_folder_deeper(tree in testing::tree()) {
            let moved = moved(&tree);
            let mut reader = Reader::new(moved.as_slice(), Fidelity::Exact);
            prop_assert!(reader.entry().unwrap().is_some_and(|entry| entry.path.is_root()));
            for (entry, data) in &tree {
                let made = reader.entry().unwrap().unwrap();
                let path = [&b"tree"[..], entry.path.as_bytes()].join(&b'/');
                prop_assert_eq!(made.path.as_bytes(), path.strip_suffix(b"/").unwrap_or(&path));
                let mut xattrs = without_acls(&entry.meta.xattrs);
                xattrs.retain(|name, value| !name.contains(&b'=') && !value.is_empty());
                prop_assert_eq!(without_acls(&made.meta.xattrs), xattrs);
                let plain = |meta: &Meta| Meta { xattrs: Xattrs::new(), ..meta.clone() };
                prop_assert_eq!((plain(&made.meta), made.kind.word()), (plain(&entry.meta), entry.kind.word()));
                let (mut content, mut length) = (vec![0; data.len() + 1], 0);
                while let more @ 1.. = reader.data(&mut content[length..]).unwrap() {
                    length += more;
                }
                prop_assert_eq!(&content[..length], data);
            }
            reader.finish(Some(tree.len() as u64 + 1)).unwrap();
        }
    }

    #[test]
    fn entries_that_are_missing_are_seen() {
        let root = Entry { path: TreePath::root(), meta: Meta::default(), kind: Kind::Directory };
        let archive = testing::archive(&vec![(root, Vec::new())]).unwrap();
        let reader = Reader::new(archive.as_slice(), Fidelity::Exact);
        assert!(unwatched(|control| rebase(reader, 2, b"tree", Vec::new(), control)).is_err());
    }

    #[test]
    fn nothing_inherits_and_every_name_brings_the_capability() {
        let entry = |path: &[u8], kind: Kind, name: Option<&[u8]>| {
            let xattrs = name.map(|name| (name.to_vec(), b"v".to_vec())).into_iter().collect();
            let meta = Meta { xattrs, ..Meta::default() };
            (Entry { path: TreePath::parse(path).unwrap(), meta, kind }, Vec::new())
        };
        let first = TreePath::parse(b"folder/able").unwrap();
        let tree = vec![
            entry(b"", Kind::Directory, None),
            entry(b"folder", Kind::Directory, Some(acl::DEFAULT)),
            entry(b"folder/able", Kind::full_file(0), Some(CAPABILITY)),
            entry(b"folder/inner", Kind::Directory, None),
            entry(b"folder/inner/file", Kind::full_file(0), None),
            entry(b"folder/link", Kind::Symlink(b"x".to_vec()), None),
            entry(b"other", Kind::HardLink(first), None),
        ];
        let moved = moved(&tree);
        let mut reader = Reader::new(moved.as_slice(), Fidelity::Exact);
        let mut told = Vec::new();
        while let Some(entry) = reader.entry().unwrap() {
            let names: Vec<String> =
                entry.meta.xattrs.keys().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
            told.push(format!("{} {}", entry.path, names.join(" ")));
        }
        assert_eq!(
            told,
            [
                ". ",
                "tree ",
                "tree/folder system.posix_acl_default",
                "tree/folder/able security.capability system.posix_acl_access",
                "tree/folder/inner system.posix_acl_access system.posix_acl_default",
                "tree/folder/inner/file ",
                "tree/folder/link ",
                "tree/other security.capability",
            ]
        );
    }
}
