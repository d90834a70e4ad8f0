// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Every compose project below a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::discover::{DEFAULT_NAMES, default_files, is_named_project};
use super::{AppError, Context};

/// What was found below a folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The files of each project, sorted by place.
    pub(super) projects: Vec<Vec<PathBuf>>,
    /// Files that look like projects and are not taken as such, with the reason.
    pub(super) notes: Vec<String>,
}

/// Finds the projects below a folder. In each folder, Compose's default file (with its override) is a project; where there
/// is none, every `docker-compose.*.yml` is one. Beside a default file such files are mostly variants laid over it, which
/// make no sense alone, so they are only named in a note. What git ignores is skipped.
///
/// # Errors
/// The folder cannot be read, or nothing is in it.
pub(super) fn below(context: &Context<'_>, folder: &Path) -> Result<Found, AppError> {
    let display = context.display(folder);
    let files =
        context.files.walk(folder).map_err(|reason| AppError::InputUnreadable { path: display.clone(), reason })?;
    let mut folders: BTreeMap<PathBuf, Vec<(PathBuf, bool)>> = BTreeMap::new();
    for file in files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_default = DEFAULT_NAMES.contains(&name.as_str());
        if (is_default || is_named_project(&name))
            && let Some(parent) = file.parent()
        {
            folders.entry(parent.to_path_buf()).or_default().push((file.clone(), is_default));
        }
    }
    let mut found = Found::default();
    for (folder, files) in folders {
        if !files.iter().any(|(_, is_default)| *is_default) {
            found.projects.extend(files.into_iter().map(|(file, _)| vec![file]));
            continue;
        }
        let default = default_files(context, &folder);
        found.projects.push(default.files);
        found.notes.extend(default.notes);
        for (file, _) in files.iter().filter(|(_, is_default)| !is_default) {
            found.notes.push(format!(
                "`{}` is not judged on its own: a default compose file stands beside it; name it to judge it",
                context.display(file)
            ));
        }
    }
    if found.projects.is_empty() {
        return Err(AppError::ProjectMissing { place: display, parents: false });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::catalog::Catalog;
    use crate::sys::fake::{FakeFiles, FakeInput};

    fn run(files: &[(&str, &str)]) -> Result<Found, AppError> {
        let files = FakeFiles::new(files);
        let context = Context {
            files: &files,
            input: &FakeInput::default(),
            environment: &BTreeMap::new(),
            working_dir: Path::new("/w"),
            catalog: &Catalog::default(),
            max_file_size: 1 << 20,
        };
        below(&context, Path::new("/w"))
    }

    #[test]
    fn each_folder_gives_its_default_project_or_its_named_ones() {
        let found = run(&[
            ("/w/a/compose.yaml", ""),
            ("/w/a/compose.override.yaml", ""),
            ("/w/a/docker-compose.gpu.yml", ""),
            ("/w/b/docker-compose.ai.yml", ""),
            ("/w/b/docker-compose.dev.yml", ""),
            ("/w/b/docker-compose.override.yml", ""),
            ("/w/c/values.yaml", ""),
        ])
        .unwrap();
        let names: Vec<Vec<String>> =
            found.projects.iter().map(|files| files.iter().map(|file| file.display().to_string()).collect()).collect();
        assert_eq!(
            names,
            [
                vec!["/w/a/compose.yaml".to_owned(), "/w/a/compose.override.yaml".to_owned()],
                vec!["/w/b/docker-compose.ai.yml".to_owned()],
                vec!["/w/b/docker-compose.dev.yml".to_owned()],
            ]
        );
        assert_eq!(found.notes.len(), 1);
    }

    #[test]
    fn nothing_below_is_an_error() {
        assert!(matches!(run(&[("/w/readme.md", "")]), Err(AppError::ProjectMissing { .. })));
    }
}
