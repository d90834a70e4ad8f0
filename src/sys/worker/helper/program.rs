// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a helper needs to run this very program: the program, its loader, and the libraries that it uses.
//!
//! They are those of the running process, so nothing has to be installed or pulled, and a helper always speaks the
//! protocol of who started it.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::elf::Elf;
use crate::sys::worker::WorkerError;

/// Programs name their loader within these first bytes.
const HEAD: u64 = 64 << 10;

/// The largest library that is looked at, and the longest list of them, in bytes.
const MAX_READ: u64 = 64 << 20;

/// Where the program stands in the image.
const PLACE: &str = "stackctl";

/// Where a tree is mounted in a helper.
pub(super) const TREE: &str = "tree";

/// Where its loader and libraries stand.
const LIBRARIES: &str = "lib";

/// Reads files of this machine.
pub trait Binaries: Send + Sync {
    /// The processor that this process runs on, in the engine's words: `amd64`.
    fn processor(&self) -> String;

    /// Opens a file, links followed; gives its length in bytes, too.
    ///
    /// # Errors
    /// Why it cannot be opened.
    fn open(&self, path: &Path) -> io::Result<(u64, Box<dyn Read + Send>)>;
}

/// The program that helpers run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its file.
    pub executable: PathBuf,
    /// The list of what a process that runs it has mapped, as `/proc/PID/maps`.
    pub maps: PathBuf,
}

impl Program {
    /// The one that runs now, also when its file was replaced meanwhile.
    #[must_use]
    pub fn own() -> Self {
        Self { executable: "/proc/self/exe".into(), maps: "/proc/self/maps".into() }
    }
}

/// The files of an image by their names in it, none for a folder, and how to start what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contents {
    pub(super) files: BTreeMap<String, Option<PathBuf>>,
    pub(super) entrypoint: Vec<String>,
}

/// Why there can be no helper, about a file.
pub(super) fn unreadable(path: &Path, reason: &dyn std::fmt::Display) -> WorkerError {
    WorkerError::Impossible(format!("`{}`: {reason}", path.display()))
}

/// Finds what the program needs.
///
/// # Errors
/// When a file cannot be read, or is not what it should be.
pub(super) fn contents(binaries: &dyn Binaries, program: &Program) -> Result<Contents, WorkerError> {
    let executable = &program.executable;
    let head = read(binaries, executable, HEAD)?;
    let elf = Elf::new(&head).ok_or_else(|| unreadable(executable, &"is no program that a helper can run"))?;
    let interpreter = elf.interpreter().map_err(|reason| unreadable(executable, &reason))?;
    let folders = ["", LIBRARIES, TREE].map(|name| (name.to_owned(), None));
    let mut files = BTreeMap::from(folders);
    files.insert(PLACE.to_owned(), Some(executable.clone()));
    let start = format!("/{PLACE}");
    let Some(interpreter) = interpreter else {
        return Ok(Contents { files, entrypoint: vec![start] });
    };
    let maps = String::from_utf8_lossy(&read(binaries, &program.maps, MAX_READ)?).into_owned();
    for path in libraries(&maps).map_err(|reason| unreadable(&program.maps, &reason))? {
        let bytes = read(binaries, &path, MAX_READ)?;
        // By this name programs ask for it, whatever its file is called.
        if let Some(name) = Elf::new(&bytes).and_then(|elf| elf.soname()).filter(|name| !name.contains('/')) {
            files.insert(format!("{LIBRARIES}/{name}"), Some(path));
        }
    }
    let loader = PathBuf::from(interpreter);
    let name = loader.file_name().and_then(|name| name.to_str()).unwrap_or("loader");
    let place = format!("{LIBRARIES}/{name}");
    let entrypoint = [&format!("/{place}"), "--library-path", &format!("/{LIBRARIES}"), &start];
    let entrypoint = entrypoint.map(str::to_owned).to_vec();
    files.insert(place, Some(loader));
    Ok(Contents { files, entrypoint })
}

/// All of a file, or its first bytes.
fn read(binaries: &dyn Binaries, path: &Path, limit: u64) -> Result<Vec<u8>, WorkerError> {
    let mut bytes = Vec::new();
    let (_, file) = binaries.open(path).map_err(|error| unreadable(path, &error))?;
    file.take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// The libraries that are mapped to be run. See `proc(5)`.
fn libraries(maps: &str) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut fields = line.splitn(6, ' ');
        let (rights, path) = (fields.nth(1).unwrap_or_default(), fields.nth(3).unwrap_or_default().trim_start());
        let (path, is_gone) = path.strip_suffix(" (deleted)").map_or((path, false), |path| (path, true));
        if !rights.contains('x') || !path.starts_with('/') || !is_library(path) {
            continue;
        }
        if is_gone {
            return Err(format!("`{path}` was replaced since this program began; start it again"));
        }
        let path = PathBuf::from(path);
        if !found.contains(&path) {
            found.push(path);
        }
    }
    Ok(found)
}

/// By its name, for the file may be gone. That of the program may: it is read by another way.
fn is_library(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split('.').skip(1).any(|part| part == "so")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::super::elf::tests::made;
    use super::*;
    use crate::sys::fake::FakeBinaries;

    fn program() -> Program {
        Program { executable: "/bin/it".into(), maps: "/maps".into() }
    }

    fn files(contents: &Contents) -> Vec<(&str, &str)> {
        contents.files.iter().filter_map(|(name, source)| Some((name.as_str(), source.as_ref()?.to_str()?))).collect()
    }

    #[test]
    fn a_static_program_stands_alone() {
        let binaries = FakeBinaries::new(&[("/bin/it", &made(None, None))]);
        let found = contents(&binaries, &program()).unwrap();
        assert_eq!(found.entrypoint, ["/stackctl"]);
        assert_eq!(files(&found), [("stackctl", "/bin/it")]);
    }

    #[test]
    fn a_dynamic_one_brings_its_loader_and_libraries_by_the_names_they_are_asked_for() {
        let maps = "\
55d0-55d1 r-xp 00001000 08:01 1                          /bin/it
7f00-7f01 r--p 00000000 08:01 2                          /usr/lib/locale/locale-archive
7f02-7f03 r-xp 00001000 08:01 3                          /lib/x y/libc-2.31.so
7f04-7f05 r-xp 00001000 08:01 4                          /lib/ld-2.31.so
7f06-7f07 r-xp 00000000 00:00 0                          [vdso]
7f08-7f09 rw-p 00000000 00:00 0 \n";
        let binaries = FakeBinaries::new(&[
            ("/bin/it", &made(Some("/lib64/ld-linux.so.2"), None)),
            ("/lib64/ld-linux.so.2", &made(None, Some("ld-linux.so.2"))),
            ("/lib/ld-2.31.so", &made(None, Some("ld-linux.so.2"))),
            ("/lib/x y/libc-2.31.so", &made(None, Some("libc.so.6"))),
            ("/maps", maps.as_bytes()),
        ]);
        let found = contents(&binaries, &program()).unwrap();
        assert_eq!(found.entrypoint, ["/lib/ld-linux.so.2", "--library-path", "/lib", "/stackctl"]);
        let wanted = [
            ("lib/ld-linux.so.2", "/lib64/ld-linux.so.2"),
            ("lib/libc.so.6", "/lib/x y/libc-2.31.so"),
            ("stackctl", "/bin/it"),
        ];
        assert_eq!(files(&found), wanted);
        assert!(["", "lib", "tree"].iter().all(|folder| found.files.get(*folder) == Some(&None)));
    }

    #[test]
    fn a_replaced_library_and_a_missing_file_are_told() {
        let maps =
            "7f02-7f03 r-xp 00001000 08:01 3 /bin/it (deleted)\n7f02-7f03 r-xp 0 08:01 3 /lib/libc.so.6 (deleted)\n";
        let it = made(Some("/lib/ld.so"), None);
        let files: &[(&str, &[u8])] = &[("/bin/it", &it), ("/maps", maps.as_bytes())];
        let told = contents(&FakeBinaries::new(files), &program()).unwrap_err().to_string();
        assert!(told.contains("`/lib/libc.so.6` was replaced since"), "{told}");
        let told = contents(&FakeBinaries::new(&files[..1]), &program()).unwrap_err().to_string();
        assert!(told.starts_with("no worker can run: `/maps`: "), "{told}");
        let text = FakeBinaries::new(&[("/bin/it", b"#!/bin/sh")]);
        assert!(contents(&text, &program()).unwrap_err().to_string().contains("is no program"));
    }
}
