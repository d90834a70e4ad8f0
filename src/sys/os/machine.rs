// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The real machine, by `flock` and `/proc`.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Seek as _, Write as _};
use std::path::Path;

use crate::sys::lock::{HeldFile, Machine, ProcessIdentity};

/// The machine of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsMachine;

/// An open file that is locked.
#[derive(Debug)]
struct OsHeldFile(#[expect(dead_code, reason = "holding it open is the lock")] File);

impl HeldFile for OsHeldFile {}

/// The first line of a file of the system; empty when there is none.
fn line(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().lines().next().unwrap_or_default().trim().to_owned()
}

fn namespace() -> String {
    fs::read_link("/proc/self/ns/pid").map(|link| link.to_string_lossy().into_owned()).unwrap_or_default()
}

/// When a process began. The name before it, in brackets, may hold spaces and brackets itself; a zombie holds nothing more.
fn birth(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    // State is the third field, the start the twenty-second.
    if ["Z", "X"].contains(&fields.next()?) {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

impl Machine for OsMachine {
    fn identity(&self) -> ProcessIdentity {
        let pid = std::process::id();
        ProcessIdentity {
            machine: line("/etc/machine-id"),
            host: line("/proc/sys/kernel/hostname"),
            boot: line("/proc/sys/kernel/random/boot_id"),
            namespace: namespace(),
            pid,
            birth: birth(pid).unwrap_or_default(),
        }
    }

    fn lives(&self, process: &ProcessIdentity) -> Option<bool> {
        let boot = line("/proc/sys/kernel/random/boot_id");
        if boot.is_empty() || process.boot.is_empty() {
            return None;
        }
        if boot != process.boot {
            return Some(false);
        }
        if process.pid == 0 || process.namespace != namespace() {
            return None;
        }
        Some(birth(process.pid).is_some_and(|birth| birth == process.birth))
    }

    fn try_lock(&self, path: &Path, note: &str) -> Result<Option<Box<dyn HeldFile>>, String> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| error.to_string())?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error.to_string()),
        }
        // The note only serves messages: a full disk must not keep anyone from the lock.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(note.as_bytes()));
        Ok(Some(Box::new(OsHeldFile(file))))
    }

    fn note(&self, path: &Path) -> String {
        line(&path.to_string_lossy())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[test]
    fn this_process_lives_and_impossible_ones_do_not() {
        let me = OsMachine.identity();
        assert_eq!(OsMachine.lives(&me), Some(true));
        assert_eq!(OsMachine.lives(&ProcessIdentity { birth: "1".into(), ..me.clone() }), Some(false));
        assert_eq!(OsMachine.lives(&ProcessIdentity { boot: "other".into(), ..me.clone() }), Some(false));
        assert_eq!(OsMachine.lives(&ProcessIdentity { namespace: "pid:[1]".into(), ..me }), None);
    }

    #[test]
    fn file_is_locked_once_and_tells_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("locks/p.lock");
        let held = OsMachine.try_lock(&path, "backup\n").unwrap();
        assert!(held.is_some());
        assert!(OsMachine.try_lock(&path, "restore\n").unwrap().is_none());
        assert_eq!(OsMachine.note(&path), "backup");
        drop(held);
        assert!(OsMachine.try_lock(&path, "restore\n").unwrap().is_some());
    }

    #[test]
    fn folder_in_place_of_the_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(OsMachine.try_lock(folder.path(), "").is_err());
    }
}
