// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The files of this repository, as a person sees them: without what is built.

use std::fs;
use std::path::{Path, PathBuf};

/// The repository that the tests were built from.
#[derive(Debug)]
pub(crate) struct Repository;

impl Repository {
    /// Its folder.
    pub(crate) fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    /// The text of a file.
    #[track_caller]
    pub(crate) fn text(name: &str) -> String {
        fs::read_to_string(Self::root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of all files that git would take, sorted, relative to the root.
    pub(crate) fn files() -> Vec<String> {
        let walker = ignore::WalkBuilder::new(Self::root())
            .hidden(false)
            .require_git(false)
            .filter_entry(|entry| entry.depth() != 1 || !matches!(entry.file_name().to_str(), Some(".git" | "target")))
            .build();
        let mut names: Vec<String> = walker
            .map(|entry| entry.expect("the repository can be read"))
            .filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()))
            .map(|entry| name(entry.path()))
            .collect();
        names.sort();
        names
    }

    /// The names in a folder, sorted.
    #[track_caller]
    pub(crate) fn names_in(folder: &str) -> Vec<String> {
        let entries = fs::read_dir(Self::root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }
}

fn name(path: &Path) -> String {
    path.strip_prefix(Repository::root()).expect("below the root").to_str().expect("UTF-8").to_owned()
}

/// Whether a file's name ends in a dot and this.
pub(crate) fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == ending)
}

/// Copies a folder with everything below it; `keep` sees the names of the topmost level.
pub(crate) fn copy_tree(from: &Path, to: &Path, keep: impl Fn(&str) -> bool) {
    let mut open: Vec<(PathBuf, PathBuf)> = vec![(from.to_owned(), to.to_owned())];
    while let Some((from_folder, to_folder)) = open.pop() {
        fs::create_dir_all(&to_folder).expect("a folder");
        for entry in fs::read_dir(&from_folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = entry.file_name();
            if from_folder == from && !keep(name.to_str().expect("UTF-8")) {
                continue;
            }
            let target = to_folder.join(&name);
            if entry.file_type().expect("a kind").is_dir() {
                open.push((entry.path(), target));
            } else {
                fs::copy(entry.path(), target).expect("a copy");
            }
        }
    }
}
