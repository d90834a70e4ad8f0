// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What was verified, as it is kept: `<state>/<project>/verify.json`.
//!
//! Secrets are masked before anything gets in here. Limits: of two runs at the same time the later one's record stays.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::app::name::is_project_name;
use crate::compose::ReadError;
use crate::sys::{Files, Records};

/// Name of the format.
pub const SCHEMA: &str = "stackctl/verify-record/v1";

/// The file's name.
const FILE: &str = "verify.json";

/// The largest record that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// How something came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Nothing could be said.
    NotChecked,
    /// It is good.
    Ok,
    /// It is not.
    Failed,
}

impl Mark {
    /// The word for people and for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotChecked => "not_checked",
            Self::Ok => "ok",
            Self::Failed => "failed",
        }
    }
}

/// What a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// The verdict that `stackctl health` gives.
    Health,
    /// A question in the service's own protocol.
    Probe,
    /// The verification command of its guide.
    Guide,
}

impl CheckKind {
    /// The word for people and for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Probe => "probe",
            Self::Guide => "guide",
        }
    }
}

/// One check of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at.
    pub kind: CheckKind,
    /// How it came out.
    pub result: Mark,
    /// What was found, in one sentence.
    pub found: String,
    /// What shows it, line by line.
    pub evidence: Vec<String>,
    /// What to do, where something can be done.
    pub next_step: Option<String>,
}

/// A service, or one replica of it, and what was found of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// The engine's name.
    pub context: String,
    /// The project.
    pub project: String,
    /// The service.
    pub service: String,
    /// The number of the replica, from 1.
    pub number: u32,
    /// When, on this machine's clock.
    #[serde(with = "crate::backup::moment")]
    pub at: DateTime<Utc>,
    /// The container's name, where there was one.
    pub container: Option<String>,
    /// Its full id.
    pub container_id: Option<String>,
    /// Its image as it was named.
    pub image: Option<String>,
    /// The id of its image.
    pub image_id: Option<String>,
    /// The whole: failed when one check failed, else ok when one is ok.
    pub result: Mark,
    /// The checks.
    pub checks: Vec<Check>,
}

/// A record of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The project.
    pub project: String,
    /// Its services, by context, name and number.
    pub services: Vec<Verified>,
}

/// What is there of a project's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Last {
    /// A record.
    Found(Record),
    /// None was written yet.
    Missing,
    /// One that cannot be used, and why.
    Unusable(String),
}

/// Where the record of a project lies; `None` for a name that Compose does not allow, which could lead anywhere.
#[must_use]
pub fn path(state: &Path, project: &str) -> Option<PathBuf> {
    is_project_name(project).then(|| state.join(project).join(FILE))
}

/// Reads the record of a project. Never fails: what cannot be used says why.
#[must_use]
pub fn read(files: &dyn Files, state: &Path, project: &str) -> Last {
    let Some(path) = path(state, project) else { return Last::Missing };
    let shown = path.display();
    let bytes = match files.read(&path, LARGEST) {
        Ok(bytes) => bytes,
        Err(ReadError::NotFound) => return Last::Missing,
        Err(error) => return Last::Unusable(format!("`{shown}` cannot be read: {error}")),
    };
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
        return Last::Unusable(format!("`{shown}` is damaged"));
    };
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => {}
        other => {
            let other: String = other.unwrap_or("none").chars().filter(|c| !c.is_control()).take(64).collect();
            return Last::Unusable(format!("`{shown}` has the format `{other}`, and this version reads `{SCHEMA}`"));
        }
    }
    match serde_json::from_value::<Record>(value) {
        Ok(record) => Last::Found(record),
        Err(error) => Last::Unusable(format!("`{shown}` is damaged: {error}")),
    }
}

/// The projects that have a record, sorted.
#[must_use]
pub fn projects(files: &dyn Files, state: &Path) -> Vec<String> {
    let names = files.list(state).unwrap_or_default();
    names.into_iter().filter(|name| path(state, name).is_some_and(|path| files.is_file(&path))).collect()
}

/// Which older entries a run replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The engines that answered.
    pub contexts: Vec<String>,
    /// The services that were asked for; empty: all.
    pub services: Vec<String>,
}

/// Writes what was found of a project over what was known of it. What the run did not cover stays.
///
/// # Errors
/// Why it could not be written.
pub fn write(
    files: &dyn Files,
    records: &dyn Records,
    state: &Path,
    project: &str,
    found: &[Verified],
    covered: &Covered,
) -> Result<(), String> {
    let Some(path) = path(state, project) else {
        return Err(format!("`{project}` is no name for a project"));
    };
    let is_covered = |old: &Verified| {
        covered.contexts.contains(&old.context)
            && (covered.services.is_empty() || covered.services.contains(&old.service))
    };
    let mut services = match read(files, state, project) {
        Last::Found(old) => old.services.into_iter().filter(|one| !is_covered(one)).collect(),
        Last::Missing | Last::Unusable(_) => Vec::new(),
    };
    services.extend(found.iter().cloned());
    services.sort_by(|a, b| (&a.context, &a.service, a.number).cmp(&(&b.context, &b.service, b.number)));
    let record = Record { schema: SCHEMA.to_owned(), project: project.to_owned(), services };
    let mut text = serde_json::to_string_pretty(&record).map_err(|error| error.to_string())?;
    text.push('\n');
    records.write(&path, &text).map_err(|error| format!("`{}`: {error}", path.display()))
}
