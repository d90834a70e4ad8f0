// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which project is looked at, and what its compose file asks for. Works without a file: then labels alone decide.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::sources::FileSources;
use super::super::{AppError, Context, Reach, Selection, discover};
use crate::compose::{self, Purpose};
use crate::health::Definition;
use crate::health::definition::definitions;
use crate::sys::engine::ContainerFilter;

/// The label with the project's name.
pub const PROJECT_LABEL: &str = "com.docker.compose.project";
/// The label with the service.
pub const SERVICE_LABEL: &str = "com.docker.compose.service";
/// The label with the number of the replica, from 1.
pub const NUMBER_LABEL: &str = "com.docker.compose.container-number";

/// Which projects are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// This one.
    Project(String),
    /// All that the engines have.
    Everything,
}

impl Scope {
    /// The containers that belong to it.
    #[must_use]
    pub fn filter(&self) -> ContainerFilter {
        let name = match self {
            Self::Project(name) => Some(name.clone()),
            Self::Everything => None,
        };
        ContainerFilter { labels: vec![(PROJECT_LABEL.to_owned(), name)], only_running: false }
    }

    /// The label that events must carry.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Project(name) => format!("{PROJECT_LABEL}={name}"),
            Self::Everything => PROJECT_LABEL.to_owned(),
        }
    }
}

/// What is looked for, and what is known of it before any engine is asked.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Which projects.
    pub scope: Scope,
    /// The project of the compose file, where one was read, with its services.
    pub file: Option<(String, BTreeMap<String, Definition>)>,
    /// Where the project's files are, where there are some.
    pub place: Option<ProjectPlace>,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

/// Where a project's files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectPlace {
    /// The folder from which its relative paths count.
    pub folder: PathBuf,
    /// Its compose files, absolute; standard input is left out.
    pub files: Vec<PathBuf>,
}

impl Subject {
    /// The one project that is looked at; `None` for all.
    #[must_use]
    pub fn project(&self) -> Option<String> {
        match &self.scope {
            Scope::Project(name) => Some(name.clone()),
            Scope::Everything => None,
        }
    }
}

/// Finds out what is to be looked at. `everything` widens the view beyond the project of the file.
///
/// # Errors
/// When a file or name was given and cannot be used. That there is no file, or that it cannot be read, is none.
pub fn subject(context: &Context<'_>, selection: &Selection, everything: bool) -> Result<Subject, AppError> {
    let mut notes = Vec::new();
    let wished = selection.project_name.clone();
    let found = match discover(context, selection, Reach::Stackctl, Purpose::Validate) {
        Ok(found) => Some(found),
        Err(AppError::ProjectMissing { .. }) => None,
        Err(error @ AppError::ProjectAmbiguous { .. }) => {
            notes.push(format!("{error}; going by labels alone"));
            None
        }
        Err(error) => return Err(error),
    };
    let (mut file, mut place) = (None, None);
    let mut name = wished;
    if let Some(mut found) = found {
        notes.append(&mut found.notes);
        let request = &found.request;
        let on_disk = request.files.iter().filter(|file| file.content.is_none());
        place = Some(ProjectPlace {
            folder: request.project_dir.clone(),
            files: on_disk.map(|file| file.path.clone()).collect(),
        });
        let loaded = compose::load::load(request, &FileSources::new(context));
        if let Some(project) = loaded.project {
            let is_active = |profile: &str| request.profiles.iter().any(|one| one == profile || one == "*");
            name = Some(project.name.clone());
            file = Some((project.name.clone(), definitions(&project, *context.catalog, is_active)));
        } else {
            name = name
                .or_else(|| request.project_name.clone())
                .or_else(|| Some(request.default_name.clone()).filter(|name| !name.is_empty()));
            let shown = request.files.first().map_or("the compose file", |file| file.display.as_str());
            notes.push(format!("`{shown}` cannot be read, going by labels alone: `stackctl validate` says why"));
        }
    }
    let scope = match name {
        Some(name) if !everything => Scope::Project(name),
        _ => Scope::Everything,
    };
    Ok(Subject { scope, file, place, notes })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use std::path::Path;

    use super::*;
    use crate::catalog::Catalog;
    use crate::sys::fake::{FakeFiles, FakeInput};

    fn find(files: &[(&str, &str)], project_name: Option<&str>, everything: bool) -> Subject {
        let files = FakeFiles::new(files);
        let context = Context {
            files: &files,
            input: &FakeInput::default(),
            environment: &BTreeMap::new(),
            working_dir: Path::new("/w/voice"),
            catalog: &Catalog::embedded(),
            max_file_size: 1 << 20,
        };
        let selection = Selection { project_name: project_name.map(str::to_owned), ..Selection::default() };
        subject(&context, &selection, everything).unwrap()
    }

    #[test]
    fn without_a_file_everything_or_the_named_project_is_meant() {
        assert_eq!(find(&[], None, false).scope, Scope::Everything);
        assert_eq!(find(&[], Some("lab"), false).scope, Scope::Project("lab".into()));
    }

    #[test]
    fn the_file_names_the_project_and_its_services() {
        let found = find(&[("/w/voice/compose.yaml", "services:\n  bus:\n    image: a:1\n")], None, false);
        assert_eq!(found.scope, Scope::Project("voice".into()));
        assert!(found.file.unwrap().1.contains_key("bus"));
    }

    #[test]
    fn a_broken_file_leaves_the_labels() {
        let found = find(&[("/w/voice/compose.yaml", "services: [")], None, false);
        assert_eq!((found.scope, found.file.is_none()), (Scope::Project("voice".into()), true));
        assert!(found.notes[0].contains("cannot be read"), "{:?}", found.notes);
        let wide = find(&[("/w/voice/compose.yaml", "services:\n  bus:\n    image: a:1\n")], None, true);
        assert_eq!((wide.scope, wide.file.is_some()), (Scope::Everything, true));
    }
}
