// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Attributes of what is on a disk: read, and set in the only order that keeps them all.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use rustix::fs::{
    AtFlags, Gid, Mode, OFlags, Stat, Timespec, Timestamps, UTIME_OMIT, Uid, XattrFlags, chmod, chownat, fchmod,
    fchown, fgetxattr, flistxattr, flistxattr_query, fremovexattr, fsetxattr, futimens, lgetxattr, llistxattr,
    llistxattr_query, setxattr, utimensat,
};
use rustix::io::Errno;

use super::TreeError;
use super::open::Opener;
use crate::volume::fingerprint::Status;
use crate::volume::{Meta, Timestamp, TreePath, Xattrs, acl};

/// Whether an attribute belongs to the content. Labels of security modules belong to the machine.
fn is_kept(name: &[u8]) -> bool {
    name.starts_with(b"user.")
        || name.starts_with(b"trusted.")
        || [b"security.capability", acl::ACCESS, acl::DEFAULT].contains(&name)
}

/// Attributes that the system tells without opening.
pub(super) fn meta(stat: &Stat, xattrs: Xattrs) -> Meta {
    Meta {
        mode: u16::try_from(stat.st_mode & 0o7777).unwrap_or(0),
        uid: stat.st_uid,
        gid: stat.st_gid,
        mtime: Timestamp { seconds: stat.st_mtime, nanoseconds: u32::try_from(stat.st_mtime_nsec).unwrap_or(0) },
        xattrs,
    }
}

/// What a fingerprint is taken of.
pub(super) fn status(stat: &Stat) -> Status {
    let time = |seconds, nanoseconds| Timestamp { seconds, nanoseconds };
    Status {
        mode: stat.st_mode,
        uid: stat.st_uid,
        gid: stat.st_gid,
        size: u64::try_from(stat.st_size).unwrap_or(0),
        device: stat.st_rdev,
        inode: stat.st_ino,
        modified: time(stat.st_mtime, u32::try_from(stat.st_mtime_nsec).unwrap_or(0)),
        changed: time(stat.st_ctime, u32::try_from(stat.st_ctime_nsec).unwrap_or(0)),
    }
}

/// The extended attributes of an open file or directory.
pub(super) fn xattrs_of(file: BorrowedFd<'_>) -> Result<Xattrs, Errno> {
    collect(|| flistxattr_query(file), |list| flistxattr(file, list), |name, value| fgetxattr(file, name, value))
}

/// The same of something that cannot be opened: a link, a pipe, a device. There is no call for it but through `/proc`.
pub(super) fn xattrs_of_name(parent: BorrowedFd<'_>, name: &[u8]) -> Result<Xattrs, Errno> {
    let path = [format!("/proc/self/fd/{}/", parent.as_raw_fd()).as_bytes(), name].concat();
    let path = path.as_slice();
    collect(|| llistxattr_query(path), |list| llistxattr(path, list), |name, value| lgetxattr(path, name, value))
}

fn collect(
    length: impl Fn() -> Result<usize, Errno>,
    list: impl Fn(&mut [u8]) -> Result<usize, Errno>,
    get: impl Fn(&[u8], &mut [u8]) -> Result<usize, Errno>,
) -> Result<Xattrs, Errno> {
    let length = match length() {
        // The file system has none.
        Err(Errno::OPNOTSUPP) | Ok(0) => return Ok(Xattrs::new()),
        other => other?,
    };
    // Room for some that come in between.
    let mut names = vec![0; length + 4096];
    let length = list(&mut names)?;
    let mut xattrs = Xattrs::new();
    let mut value = vec![0; 64 * 1024];
    for name in names[..length].split(|byte| *byte == 0).filter(|name| is_kept(name)) {
        match get(name, &mut value) {
            Ok(length) => {
                xattrs.insert(name.to_vec(), value[..length].to_vec());
            }
            Err(Errno::NODATA) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(xattrs)
}

/// Sets the attributes of an open file or directory: owner first (it clears setuid and capabilities), time last.
pub(super) fn apply(file: BorrowedFd<'_>, path: &TreePath, meta: &Meta) -> Result<(), TreeError> {
    fchown(file, Some(Uid::from_raw(meta.uid)), Some(Gid::from_raw(meta.gid))).map_err(owner_refused(path, meta))?;
    for (name, value) in &meta.xattrs {
        fsetxattr(file, name.as_slice(), value, XattrFlags::empty()).map_err(attribute_refused(path, name))?;
    }
    fchmod(file, Mode::from_raw_mode(meta.mode.into())).map_err(TreeError::of("set the mode of", path))?;
    futimens(file, &times(meta)).map_err(TreeError::of("set the time of", path))
}

/// The same, and what is not among them is taken away: for a directory that was there before.
pub(super) fn apply_exactly(file: BorrowedFd<'_>, path: &TreePath, meta: &Meta) -> Result<(), TreeError> {
    let there = xattrs_of(file).map_err(TreeError::of("read the attributes of", path))?;
    for name in there.keys().filter(|name| !meta.xattrs.contains_key(*name)) {
        fremovexattr(file, name.as_slice()).map_err(attribute_refused(path, name))?;
    }
    apply(file, path, meta)
}

/// The same of something that cannot be opened. Made by us a moment ago, still it is held so that no link is followed.
pub(super) fn apply_to_name(
    opener: &Opener,
    parent: BorrowedFd<'_>,
    name: &[u8],
    path: &TreePath,
    meta: &Meta,
    has_mode: HasMode,
) -> Result<(), TreeError> {
    let (uid, gid) = (Some(Uid::from_raw(meta.uid)), Some(Gid::from_raw(meta.gid)));
    chownat(parent, name, uid, gid, AtFlags::SYMLINK_NOFOLLOW).map_err(owner_refused(path, meta))?;
    if has_mode == HasMode::Yes || !meta.xattrs.is_empty() {
        let held = opener.open(parent, name, OFlags::PATH).map_err(TreeError::of("open", path))?;
        let at = format!("/proc/self/fd/{}", held.as_fd().as_raw_fd());
        for (name, value) in &meta.xattrs {
            let set = setxattr(at.as_str(), name.as_slice(), value, XattrFlags::empty());
            set.map_err(attribute_refused(path, name))?;
        }
        if has_mode == HasMode::Yes {
            let mode = Mode::from_raw_mode(meta.mode.into());
            chmod(at.as_str(), mode).map_err(TreeError::of("set the mode of", path))?;
        }
    }
    utimensat(parent, name, &times(meta), AtFlags::SYMLINK_NOFOLLOW).map_err(TreeError::of("set the time of", path))
}

/// Whether a kind of entry has permissions: a symbolic link has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HasMode {
    Yes,
    No,
}

fn times(meta: &Meta) -> Timestamps {
    Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec { tv_sec: meta.mtime.seconds, tv_nsec: meta.mtime.nanoseconds.into() },
    }
}

fn owner_refused(path: &TreePath, meta: &Meta) -> impl FnOnce(Errno) -> TreeError {
    let (path, uid, gid) = (path.clone(), meta.uid, meta.gid);
    move |reason| match reason {
        Errno::PERM | Errno::INVAL => TreeError::OwnerRefused { path, uid, gid },
        reason => TreeError::of("set the owner of", &path)(reason),
    }
}

fn attribute_refused(path: &TreePath, name: &[u8]) -> impl FnOnce(Errno) -> TreeError {
    let (path, name) = (path.clone(), name.to_vec());
    move |reason| match reason {
        Errno::NOSPC | Errno::DQUOT => TreeError::NoSpace { path },
        reason => TreeError::AttributeRefused { path, name, reason },
    }
}
