// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Use case: judge one or many projects. A project that cannot be read never hides another's findings.

use std::path::{Path, PathBuf};

use super::environment::{self, EnvFault};
use super::sources::FileSources;
use super::{AppError, Context, Discovered, Reach, Selection, check_rule_names, discover, find, load_settings};
use crate::compose::{self, Purpose};
use crate::config::{Layer, PersonaChoice, Settings};
use crate::diag::{Level, SourceMap};
use crate::rules::{self, Facts, Judgement, Persona};

/// What to judge.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Files, folders, or `-` for standard input; empty: the discovered project.
    pub targets: Vec<String>,
    /// The flags that choose a project. Its files are used only without targets.
    pub selection: Selection,
    /// What the command line sets.
    pub flags: Layer,
}

/// One judged project.
#[derive(Debug)]
pub struct ProjectReport {
    /// The project's name; empty when the files could not be read.
    pub name: String,
    /// The compose files as shown to people, in merge order.
    pub files: Vec<String>,
    /// The texts behind the spans.
    pub sources: SourceMap,
    /// What is said about it.
    pub judgement: Judgement,
    /// The lowest level that fails the run.
    pub fail_on: Level,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The judged projects, by place.
    pub projects: Vec<ProjectReport>,
    /// Things that a person should know.
    pub notes: Vec<String>,
    /// Projects that could not even be started on, when others could.
    pub failures: Vec<AppError>,
}

impl Outcome {
    /// Whether a finding reaches the threshold of its project.
    #[must_use]
    pub fn has_failing_finding(&self) -> bool {
        self.projects
            .iter()
            .any(|project| project.judgement.findings.iter().any(|finding| finding.level >= project.fail_on))
    }
}

/// Judges every project that the request means.
///
/// # Errors
/// When not a single project could be started on: the first reason.
pub fn run(context: &Context<'_>, request: &Request) -> Result<Outcome, AppError> {
    let mut outcome = Outcome::default();
    for selection in selections(context, request, &mut outcome) {
        match judge_one(context, &selection, &request.flags, &mut outcome.notes) {
            Ok(report) => outcome.projects.push(report),
            Err(error) => outcome.failures.push(error),
        }
    }
    if outcome.projects.is_empty() && !outcome.failures.is_empty() {
        return Err(outcome.failures.swap_remove(0));
    }
    outcome.projects.sort_by(|left, right| left.files.cmp(&right.files));
    outcome.projects.dedup_by(|later, earlier| later.files == earlier.files);
    outcome.notes.sort();
    outcome.notes.dedup();
    Ok(outcome)
}

/// One selection a project.
fn selections(context: &Context<'_>, request: &Request, outcome: &mut Outcome) -> Vec<Selection> {
    if request.targets.is_empty() {
        return vec![request.selection.clone()];
    }
    let with_files = |files: Vec<String>| Selection { files, ..request.selection.clone() };
    let mut selections = Vec::new();
    for target in &request.targets {
        let path = context.absolute(target);
        if target == "-" || !context.files.is_directory(&path) {
            selections.push(with_files(vec![target.clone()]));
            continue;
        }
        match find::below(context, &path) {
            Ok(found) => {
                outcome.notes.extend(found.notes);
                selections.extend(found.projects.into_iter().map(|files| with_files(strings(&files))));
            }
            Err(error) => outcome.failures.push(error),
        }
    }
    selections
}

fn strings(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}

fn judge_one(
    context: &Context<'_>,
    selection: &Selection,
    flags: &Layer,
    notes: &mut Vec<String>,
) -> Result<ProjectReport, AppError> {
    let mut discovered = discover(context, selection, Reach::Stackctl, Purpose::Validate)?;
    let settings = load_settings(context, settings_folder(&discovered), flags)?.settings;
    check_rule_names(&settings)?;
    let context = Context { max_file_size: settings.max_file_size.value, ..*context };
    if selection.env_files.is_empty() && !discovered.env_file_read {
        take_example(&context, &mut discovered)?;
    }
    notes.append(&mut discovered.notes);
    Ok(judge_project(&context, discovered, &settings))
}

/// The folder from which settings are searched: that of the first compose file.
fn settings_folder(discovered: &Discovered) -> &Path {
    let file = discovered.request.files.first().and_then(|file| file.path.parent());
    file.unwrap_or(&discovered.request.project_dir)
}

/// Lets `.env.example` stand in for a `.env` that is not there.
fn take_example(context: &Context<'_>, discovered: &mut Discovered) -> Result<(), AppError> {
    let request = &mut discovered.request;
    let path = request.project_dir.join(".env.example");
    if context.files.exists(&request.project_dir.join(".env")) || !context.files.is_file(&path) {
        return Ok(());
    }
    let display = context.display(&path);
    let read = environment::read_env_files(context, &request.environment, &[path])?;
    request.example_environment = read.values;
    discovered.env_faults.extend(read.faults);
    discovered.notes.push(format!("`{display}` stands in for `.env`, which is absent"));
    Ok(())
}

fn judge_project(context: &Context<'_>, discovered: Discovered, settings: &Settings) -> ProjectReport {
    let files: Vec<String> = discovered.request.files.iter().map(|file| file.display.clone()).collect();
    tracing::debug!(files = ?files, project_dir = %discovered.request.project_dir.display(), "loading project");
    let loaded = compose::load::load(&discovered.request, &FileSources::new(context));
    let mut sources = loaded.sources;
    let mut diagnostics = loaded.diagnostics;
    let env_is_whole = discovered.env_faults.is_empty();
    diagnostics.extend(discovered.env_faults.into_iter().map(|fault: EnvFault| fault.into_finding(&mut sources)));
    diagnostics.extend(discovered.env_warnings.into_iter().map(|warning| warning.into_finding(&mut sources)));
    let rule_settings = rule_settings(settings);
    let mut judgement = match &loaded.project {
        None => rules::judge_unparsed(diagnostics, &rule_settings),
        Some(project) => {
            let facts = Facts::default();
            let judged = rules::Context { project, sources: &sources, catalog: context.catalog, facts: &facts };
            rules::judge(&judged, diagnostics, &rule_settings)
        }
    };
    if !env_is_whole {
        // Which variables are set is not known; the fault in the env file is the finding.
        judgement.findings.retain(|finding| finding.rule != "unset-variable");
    }
    ProjectReport {
        name: loaded.project.map(|project| project.name).unwrap_or_default(),
        files,
        sources,
        judgement,
        fail_on: settings.fail_on.value,
    }
}

fn rule_settings(settings: &Settings) -> rules::Settings {
    rules::Settings {
        levels: settings.levels.iter().map(|(rule, setting)| (rule.clone(), setting.value)).collect(),
        select: settings.select.value.clone(),
        ignore: settings.ignore.value.clone(),
        persona: match settings.persona.value {
            PersonaChoice::Default => Persona::Default,
            PersonaChoice::Pedantic => Persona::Pedantic,
        },
    }
}

#[cfg(test)]
#[path = "validate_tests.rs"]
mod tests;
