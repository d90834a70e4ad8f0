// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which files make the project, and the environment they are read in: one rule for every command.
//!
//! The order of the steps is that of Compose 2.40 (`toProjectOptions`): the env file of the starting folder is read
//! before `COMPOSE_FILE` is looked at, and that of the project folder after.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::environment::{self, EnvFault, EnvWarning};
use super::{AppError, Context, name};
use crate::compose::{InputFile, LoadRequest, Purpose};

/// Compose's own names, the preferred one first.
pub(super) const DEFAULT_NAMES: &[&str] = &["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The names of override files, the preferred one first.
pub(super) const OVERRIDE_NAMES: &[&str] =
    &["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// The name of the shipped AI stack.
const AI_NAME: &str = "docker-compose.ai.yml";

/// How standard input is shown.
const STDIN_NAME: &str = "<stdin>";

/// What the command line says about the project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// `-f`, in order; `-` is standard input.
    pub files: Vec<String>,
    /// `-p`.
    pub project_name: Option<String>,
    /// `--project-directory`.
    pub project_directory: Option<String>,
    /// `--env-file`, in order.
    pub env_files: Vec<String>,
    /// `--profile`, in order.
    pub profiles: Vec<String>,
}

/// How far discovery goes beyond Compose's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Compose's own names only.
    Compose,
    /// Also `docker-compose.ai.yml`, and a single `docker-compose.*.yml`.
    Stackctl,
}

/// A project that was found, ready to be loaded.
#[derive(Debug, Clone)]
pub struct Discovered {
    /// What to load.
    pub request: LoadRequest,
    /// Things that a person should know, as sentences without a period.
    pub notes: Vec<String>,
    /// Env files that could not be understood.
    pub(super) env_faults: Vec<EnvFault>,
    /// Variables in env files that nothing sets.
    pub(super) env_warnings: Vec<EnvWarning>,
    /// Whether an env file was read.
    pub(super) env_file_read: bool,
}

/// Finds the project that a selection means.
///
/// # Errors
/// No file, several files, a named file that is missing, an env file that cannot be read, a bad project name.
pub fn discover(
    context: &Context<'_>,
    selection: &Selection,
    reach: Reach,
    purpose: Purpose,
) -> Result<Discovered, AppError> {
    let mut finder = Finder::new(context, selection);
    finder.read_environment()?;
    finder.choose_files(reach)?;
    finder.read_environment()?;
    finder.finish(purpose)
}

struct Finder<'a> {
    context: &'a Context<'a>,
    selection: &'a Selection,
    /// `--project-directory`, absolute.
    directory: Option<PathBuf>,
    /// The chosen files: absolute paths, `None` for standard input.
    files: Vec<Option<PathBuf>>,
    environment: BTreeMap<String, String>,
    env_faults: Vec<EnvFault>,
    env_warnings: Vec<EnvWarning>,
    env_files_read: Vec<PathBuf>,
    notes: Vec<String>,
}

impl<'a> Finder<'a> {
    fn new(context: &'a Context<'a>, selection: &'a Selection) -> Self {
        let mut environment = context.environment.clone();
        environment.entry("PWD".to_owned()).or_insert_with(|| context.working_dir.display().to_string());
        Self {
            context,
            selection,
            directory: selection
                .project_directory
                .as_deref()
                .filter(|path| !path.is_empty())
                .map(|p| context.absolute(p)),
            files: selection.files.iter().map(|file| (file != "-").then(|| context.absolute(file))).collect(),
            environment,
            env_faults: Vec::new(),
            env_warnings: Vec::new(),
            env_files_read: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The project folder as far as it is known: the flag, else the folder of the first file that is not standard input,
    /// else the working directory.
    fn project_dir(&self) -> PathBuf {
        let of_file = || self.files.iter().flatten().next().and_then(|file| file.parent()).map(Path::to_path_buf);
        self.directory.clone().or_else(of_file).unwrap_or_else(|| self.context.working_dir.to_path_buf())
    }

    /// Reads the env files that hold now and adds what is not set yet. Called twice: the first `.env` may name the files,
    /// and the project folder that follows from them may have its own.
    fn read_environment(&mut self) -> Result<(), AppError> {
        let named: Vec<&str> = if self.selection.env_files.is_empty() {
            let listed = self.context.environment.get("COMPOSE_ENV_FILES").map_or("", String::as_str);
            listed.split(',').filter(|name| !name.is_empty()).collect()
        } else {
            self.selection.env_files.iter().map(String::as_str).collect()
        };
        let paths: Vec<PathBuf> = if !named.is_empty() {
            named.into_iter().map(|name| self.context.absolute(name)).collect()
        } else if default_env_file_disabled(self.context.environment)? {
            Vec::new()
        } else {
            environment::default_env_file(self.context, &self.project_dir()).into_iter().collect()
        };
        if paths.is_empty() || paths == self.env_files_read {
            return Ok(());
        }
        let read = environment::read_env_files(self.context, &self.environment, &paths)?;
        self.environment.extend(read.values);
        self.env_faults.extend(read.faults);
        self.env_warnings.extend(read.warnings);
        self.env_files_read = paths;
        Ok(())
    }

    fn choose_files(&mut self, reach: Reach) -> Result<(), AppError> {
        if self.files.is_empty()
            && let Some(listed) = self.environment.get("COMPOSE_FILE")
        {
            let separator = self.environment.get("COMPOSE_PATH_SEPARATOR").filter(|text| !text.is_empty());
            let separator = separator.map_or(":", String::as_str);
            self.files =
                listed.split(separator).map(|file| (file != "-").then(|| self.context.absolute(file))).collect();
        }
        if self.files.is_empty() {
            self.files = self.search(reach)?.into_iter().map(Some).collect();
        }
        for file in self.files.iter().flatten() {
            let path = self.context.display(file);
            if self.context.files.is_directory(file) {
                return Err(AppError::InputUnreadable { path, reason: crate::compose::ReadError::IsDirectory });
            }
            if !self.context.files.exists(file) {
                return Err(AppError::InputMissing { path });
            }
        }
        Ok(())
    }

    /// Default names from the starting folder upwards, then the fallbacks in the starting folder alone.
    fn search(&mut self, reach: Reach) -> Result<Vec<PathBuf>, AppError> {
        let start = self.project_dir();
        for folder in start.ancestors() {
            let found = default_files(self.context, folder);
            if !found.files.is_empty() {
                self.notes.extend(found.notes);
                return Ok(found.files);
            }
        }
        let place = self.context.display(&start);
        if reach == Reach::Compose {
            return Err(AppError::ProjectMissing { place, parents: true });
        }
        let ai = start.join(AI_NAME);
        if self.context.files.is_file(&ai) {
            return Ok(vec![ai]);
        }
        let mut named = named_files(self.context, &start);
        match named.len() {
            0 => Err(AppError::ProjectMissing { place, parents: true }),
            1 => Ok(std::mem::take(&mut named)),
            _ => {
                let files = named.iter().map(|file| self.context.display(file)).collect();
                Err(AppError::ProjectAmbiguous { place, files })
            }
        }
    }

    fn finish(self, purpose: Purpose) -> Result<Discovered, AppError> {
        let project_dir = self.project_dir();
        let project_name = self.project_name()?;
        let profiles = if self.selection.profiles.is_empty() {
            let listed = self.environment.get("COMPOSE_PROFILES").map_or("", String::as_str);
            listed.split(',').map(str::trim).filter(|profile| !profile.is_empty()).map(str::to_owned).collect()
        } else {
            self.selection.profiles.clone()
        };
        let mut files = Vec::new();
        for file in &self.files {
            files.push(match file {
                Some(path) => InputFile { path: path.clone(), display: self.context.display(path), content: None },
                None => self.standard_input()?,
            });
        }
        let request = LoadRequest {
            files,
            default_name: name::from_directory(&project_dir),
            project_dir,
            working_dir: self.context.working_dir.to_path_buf(),
            project_name,
            environment: self.environment,
            example_environment: BTreeMap::new(),
            profiles,
            interpolate: true,
            purpose,
        };
        Ok(Discovered {
            request,
            notes: self.notes,
            env_faults: self.env_faults,
            env_warnings: self.env_warnings,
            env_file_read: !self.env_files_read.is_empty(),
        })
    }

    fn standard_input(&self) -> Result<InputFile, AppError> {
        let content = self
            .context
            .input
            .read_all(self.context.max_file_size)
            .map_err(|reason| AppError::InputUnreadable { path: STDIN_NAME.into(), reason })?;
        Ok(InputFile {
            path: self.context.working_dir.join(STDIN_NAME),
            display: STDIN_NAME.into(),
            content: Some(content),
        })
    }

    fn project_name(&self) -> Result<Option<String>, AppError> {
        let flag = self.selection.project_name.as_deref().map(|name| (name, "`--project-name`"));
        let variable =
            self.environment.get("COMPOSE_PROJECT_NAME").map(|name| (name.as_str(), "`COMPOSE_PROJECT_NAME`"));
        match flag.filter(|(name, _)| !name.is_empty()).or(variable.filter(|(name, _)| !name.is_empty())) {
            None => Ok(None),
            Some((name, _)) if name::is_project_name(name) => Ok(Some(name.to_owned())),
            Some((name, origin)) => Err(AppError::BadProjectName { name: name.to_owned(), origin }),
        }
    }
}

/// `COMPOSE_DISABLE_ENV_FILE`, read from the process environment alone, with the spellings of Go's `ParseBool`.
fn default_env_file_disabled(environment: &BTreeMap<String, String>) -> Result<bool, AppError> {
    match environment.get("COMPOSE_DISABLE_ENV_FILE").map(String::as_str) {
        None | Some("0" | "f" | "F" | "false" | "False" | "FALSE") => Ok(false),
        Some("1" | "t" | "T" | "true" | "True" | "TRUE") => Ok(true),
        Some(value) => Err(AppError::BadEnvironment {
            variable: "COMPOSE_DISABLE_ENV_FILE",
            value: value.to_owned(),
            expected: "boolean",
        }),
    }
}

/// The files of a folder's default project: none, or the file with its override.
pub(super) struct DefaultFiles {
    pub(super) files: Vec<PathBuf>,
    pub(super) notes: Vec<String>,
}

/// Looks for Compose's default names in one folder.
pub(super) fn default_files(context: &Context<'_>, folder: &Path) -> DefaultFiles {
    let mut result = DefaultFiles { files: Vec::new(), notes: Vec::new() };
    for names in [DEFAULT_NAMES, OVERRIDE_NAMES] {
        let present: Vec<PathBuf> =
            names.iter().map(|name| folder.join(name)).filter(|path| context.files.exists(path)).collect();
        let Some(first) = present.first() else { break };
        for other in &present[1..] {
            result.notes.push(format!(
                "`{}` is not used: `{}` stands beside it and comes first",
                context.display(other),
                context.display(first)
            ));
        }
        result.files.push(first.clone());
    }
    result
}

/// Whether this is the name of a project file outside Compose's defaults: `docker-compose.*.yml`, overrides left out.
pub(super) fn is_named_project(name: &str) -> bool {
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
    stem.and_then(|stem| stem.strip_prefix("docker-compose."))
        .is_some_and(|middle| !middle.is_empty() && middle != "override")
}

/// The files `docker-compose.*.yml` of a folder, sorted.
fn named_files(context: &Context<'_>, folder: &Path) -> Vec<PathBuf> {
    let names = context.files.list(folder).unwrap_or_default();
    names.iter().filter(|name| is_named_project(name)).map(|name| folder.join(name)).collect()
}

#[cfg(test)]
#[path = "discover_tests.rs"]
mod tests;
