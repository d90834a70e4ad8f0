// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What shows, without a look at any content, that a tree is the one that it was.
//!
//! It is taken of what the system says of every entry. The system sets the change time (ctime) of a file itself, at every
//! change of content, attributes, extended attributes or names, and nobody can set it back: a write after which the
//! modification time was put back shows too. The target of a link needs no look: another target is another file.
//!
//! Two kinds of writes do not show, so it proves nothing where they may have happened:
//!
//! - within the same tick of the clock as an earlier one: see [`Fingerprint::is_settled`];
//! - through memory that a process mapped and wrote to before, and still holds: so nobody may have had the tree open when
//!   it was taken, and a writer that is frozen or at rest has.

use sha2::{Digest as _, Sha256};

use super::{Timestamp, TreePath, text};

/// What all fingerprints begin with. To be changed when the same tree gets another archive: then all are read anew.
const SEED: &[u8] = b"stackctl/fingerprint/v1\0";

/// How old the last change must be, in seconds: file systems that count whole seconds exist, and clocks of files lag.
const SETTLED_AFTER: i64 = 2;

/// What the system says of an entry without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// Kind and permissions, as in `st_mode`.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Length in bytes.
    pub size: u64,
    /// The number of a device.
    pub device: u64,
    /// The number of the file in its file system.
    pub inode: u64,
    /// When its content was changed, as somebody may have set it.
    pub modified: Timestamp,
    /// When anything of it was changed, by the system.
    pub changed: Timestamp,
}

/// What a tree is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// SHA-256 over all entries, as hexadecimal digits.
    pub digest: String,
    /// The newest change time; none of a tree that holds nothing but other mounts.
    pub newest: Option<Timestamp>,
}

/// Takes the entries of a tree in order.
pub struct FingerprintHasher {
    digest: Sha256,
    newest: Option<Timestamp>,
}

impl Default for FingerprintHasher {
    fn default() -> Self {
        let mut digest = Sha256::new();
        digest.update(SEED);
        Self { digest, newest: None }
    }
}

impl FingerprintHasher {
    /// The next entry.
    pub fn entry(&mut self, path: &TreePath, status: &Status) {
        self.path(path, 1);
        let Status { mode, uid, gid, size, device, inode, modified, changed } = status;
        for number in [mode, uid, gid, &modified.nanoseconds, &changed.nanoseconds] {
            self.digest.update(number.to_le_bytes());
        }
        for number in [size, device, inode] {
            self.digest.update(number.to_le_bytes());
        }
        for number in [modified.seconds, changed.seconds] {
            self.digest.update(number.to_le_bytes());
        }
        self.newest = self.newest.max(Some(*changed));
    }

    /// The next entry is another mount, of which nothing is captured.
    pub fn mount(&mut self, path: &TreePath) {
        self.path(path, 2);
    }

    fn path(&mut self, path: &TreePath, tag: u8) {
        self.digest.update([tag]);
        self.digest.update((path.as_bytes().len() as u64).to_le_bytes());
        self.digest.update(path.as_bytes());
    }

    /// The fingerprint of what came.
    #[must_use]
    pub fn finish(self) -> Fingerprint {
        Fingerprint { digest: text::hex(&self.digest.finalize()), newest: self.newest }
    }
}

impl Fingerprint {
    /// Whether every change that is made after this moment shows. `now` is the time before the first entry was read, by
    /// the clock that also sets change times.
    #[must_use]
    pub fn is_settled(&self, now: Timestamp) -> bool {
        self.newest.is_none_or(|newest| newest.seconds.saturating_add(SETTLED_AFTER) < now.seconds)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use proptest::prelude::*;

    use super::*;

    fn time(seconds: i64) -> Timestamp {
        Timestamp { seconds, nanoseconds: 5 }
    }

    fn status() -> Status {
        let (modified, changed) = (time(1), time(7));
        Status { mode: 0o100_644, uid: 1, gid: 2, size: 3, device: 0, inode: 4, modified, changed }
    }

    fn of(entries: &[(&[u8], Status)]) -> Fingerprint {
        let mut hasher = FingerprintHasher::default();
        for (path, status) in entries {
            hasher.entry(&TreePath::parse(path).unwrap(), status);
        }
        hasher.finish()
    }

    #[test]
    fn every_field_counts() {
        let changes: [fn(&mut Status); 10] = [
            |status| status.mode = 0o100_600,
            |status| status.uid += 1,
            |status| status.gid += 1,
            |status| status.size += 1,
            |status| status.device += 1,
            |status| status.inode += 1,
            |status| status.modified.seconds += 1,
            |status| status.modified.nanoseconds += 1,
            |status| status.changed.seconds += 1,
            |status| status.changed.nanoseconds += 1,
        ];
        let mut seen = vec![of(&[(b"a", status())]).digest, of(&[(b"b", status())]).digest, of(&[]).digest];
        for change in changes {
            let mut other = status();
            change(&mut other);
            seen.push(of(&[(b"a", other)]).digest);
        }
        let mut mount = FingerprintHasher::default();
        mount.mount(&TreePath::parse(b"a").unwrap());
        seen.push(mount.finish().digest);
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }

    #[test]
    fn a_change_of_the_last_seconds_settles_nothing() {
        let taken = of(&[(b"a", status()), (b"b", Status { changed: time(3), ..status() })]);
        assert_eq!(taken.newest, Some(time(7)));
        // The clock of files that count whole seconds may be a second behind, so 9 is not enough.
        let settled: Vec<i64> = (5..13).filter(|now| taken.is_settled(time(*now))).collect();
        assert_eq!(settled, [10, 11, 12]);
        assert!(of(&[]).is_settled(time(0)));
    }

    proptest! {
        /// No two lists of entries run into each other.
        #[test]
        fn other_names_are_another_tree(left in "[a-c]{1,3}(/[a-c]{1,3}){0,3}", right in "[a-c]{1,3}(/[a-c]{1,3}){0,3}") {
            let one = |path: &str| of(&[(path.as_bytes(), status()), (b"z", status())]).digest;
            prop_assert_eq!(one(&left) == one(&right), left == right);
        }
    }
}
