// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Projects for the tests of rules, read from YAML text by the real loader.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Context, Facts, Judgement, Rule, Settings, find, judge};
use crate::catalog::Catalog;
use crate::compose::model::Project;
use crate::compose::{InputFile, LoadRequest, Loaded, Purpose, ReadError, Sources, load};
use crate::diag::{Diagnostic, SourceMap};

/// A folder without any file.
struct NoFiles;

impl Sources for NoFiles {
    fn read(&self, _: &Path) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::NotFound)
    }
}

fn loaded(yaml: &str) -> Loaded {
    let folder = PathBuf::from("/project");
    let request = LoadRequest {
        files: vec![InputFile {
            path: folder.join("compose.yml"),
            display: "compose.yml".to_owned(),
            content: Some(yaml.as_bytes().to_vec()),
        }],
        project_dir: folder.clone(),
        working_dir: folder,
        project_name: None,
        default_name: "project".to_owned(),
        environment: BTreeMap::new(),
        example_environment: BTreeMap::new(),
        profiles: Vec::new(),
        interpolate: true,
        purpose: Purpose::Validate,
    };
    load(&request, &NoFiles)
}

/// The project that `yaml` describes, and its text as the one file `compose.yml`.
pub(crate) fn project(yaml: &str) -> (Project, SourceMap) {
    let loaded = loaded(yaml);
    (loaded.project.expect("test YAML makes a project"), loaded.sources)
}

/// What the rule says of the project, in its own order.
pub(crate) fn diagnostics(rule: &Rule, yaml: &str) -> (Vec<Diagnostic>, SourceMap) {
    let (project, sources) = project(yaml);
    let mut found = Vec::new();
    let catalog = Catalog::embedded();
    let context = Context { project: &project, sources: &sources, catalog: &catalog, facts: &Facts {} };
    (rule.check)(&context, &mut found);
    assert!(found.iter().all(|one| one.rule == rule.meta.name), "a rule speaks under its own name only");
    (found, sources)
}

/// The findings of the rule as `level: text of the place`.
pub(crate) fn places(rule: &Rule, yaml: &str) -> Vec<String> {
    let (found, sources) = diagnostics(rule, yaml);
    found.iter().map(|one| format!("{}: {}", one.level.as_str(), sources.slice(one.primary.span))).collect()
}

/// Holds a rule against its pairs of fixtures and its own examples: `bad` and `fail` fire, `good` and `pass` do not.
pub(crate) fn holds(rule: &Rule, fail: &str, pass: &str) {
    assert_ne!(places(rule, fail), [""; 0], "the failing fixture of {} fires", rule.meta.name);
    assert_eq!(places(rule, pass), [""; 0], "the passing fixture of {} is silent", rule.meta.name);
    assert_ne!(places(rule, rule.meta.bad), [""; 0], "the bad example of {} fires", rule.meta.name);
    assert_eq!(places(rule, rule.meta.good), [""; 0], "the good example of {} is silent", rule.meta.name);
}

/// What the rule of that name says of the project.
pub(crate) fn findings(rule: &str, yaml: &str) -> Vec<Diagnostic> {
    diagnostics(find(rule).expect("a known rule"), yaml).0
}

/// The texts that the findings of one rule point at.
pub(crate) fn shown(rule: &str, yaml: &str) -> Vec<String> {
    findings(rule, yaml).iter().map(|one| yaml[one.primary.span.range()].to_owned()).collect()
}

/// The judgement of the engine over the project, with findings of the loader put in.
pub(crate) fn judged(yaml: &str, loader: Vec<Diagnostic>, settings: &Settings) -> Judgement {
    let (project, sources) = project(yaml);
    let catalog = Catalog::embedded();
    let context = Context { project: &project, sources: &sources, catalog: &catalog, facts: &Facts {} };
    judge(&context, loader, settings)
}
