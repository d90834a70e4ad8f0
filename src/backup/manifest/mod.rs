// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `manifest.json`: everything that is known of a set, enough to restore it elsewhere and to prove it whole.
//!
//! Readers of one major version read every set of it: fields are only ever added, and unknown ones are passed over.
//! Values of secrets have no place in it: of environments the names alone, of driver options what [`options`] leaves.

mod check;
pub mod options;
mod parts;
mod read;
mod volume;
mod words;

pub use parts::{
    Bind, ComposeFile, EngineRecord, EnvironmentFile, FileRef, Hook, LeftOut, Model, ProjectRecord, SavedImage,
    Service, Tool,
};
pub use read::{ManifestError, digest, digest_line, parse, render};
pub use volume::{Changed, Data, RootStat, Skipped, Volume};
pub use words::{Consistency, DataPath, HookPhase, LeftOutReason, Result, Source, State};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::SetId;
use super::moment;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/set/v1";

/// The manifest's name in a set.
pub const FILE: &str = "manifest.json";

/// The name of the file beside it that holds its digest, in the form of `sha256sum`.
pub const DIGEST_FILE: &str = "manifest.sha256";

/// The largest manifest that is read, in bytes.
pub const LARGEST: u64 = 64 << 20;

/// A set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Its name.
    pub id: SetId,
    /// When the operation began, by the clock of the machine that made it.
    #[serde(with = "moment")]
    pub started: DateTime<Utc>,
    /// When the last byte was captured: the data is not newer than this.
    #[serde(with = "moment")]
    pub captured: DateTime<Utc>,
    /// When everything was read back and found good, before the set was published.
    #[serde(with = "moment::optional", default)]
    pub verified: Option<DateTime<Utc>>,
    /// What made it.
    pub tool: Tool,
    /// The host name of the machine that made it.
    #[serde(default)]
    pub host: String,
    /// The engine that the data comes from.
    pub engine: EngineRecord,
    /// The project.
    pub project: ProjectRecord,
    /// Whether everything that was asked for is in it.
    pub result: Result,
    /// Whether it was made to be kept until somebody says otherwise. See [`super::marks`] for what was said later.
    #[serde(default)]
    pub protected: bool,
    /// What somebody wrote about it.
    #[serde(default)]
    pub note: Option<String>,
    /// The services, by name, with one entry a container.
    pub services: Vec<Service>,
    /// The volumes, by name.
    pub volumes: Vec<Volume>,
    /// Files and folders of the host, by source.
    #[serde(default)]
    pub binds: Vec<Bind>,
    /// What is not in it, and why.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// The compose files in order of merging.
    #[serde(default)]
    pub compose_files: Vec<ComposeFile>,
    /// Env files: the names of their variables, never the values.
    #[serde(default)]
    pub environment: Vec<EnvironmentFile>,
    /// Images that are in it.
    #[serde(default)]
    pub images: Vec<SavedImage>,
    /// Hooks that ran.
    #[serde(default)]
    pub hooks: Vec<Hook>,
    /// Other files of the set, such as `RESTORE.txt`.
    #[serde(default)]
    pub extras: Vec<FileRef>,
}

impl Manifest {
    /// Every file of the set but the manifest and its digest, in no order that matters.
    pub fn files(&self) -> impl Iterator<Item = &FileRef> {
        let data = self.data().flat_map(|(_, data)| data.files());
        data.chain(self.compose_files.iter().map(|one| &one.file))
            .chain(self.environment.iter().filter_map(|one| one.file.as_ref()))
            .chain(self.images.iter().map(|one| &one.file))
            .chain(&self.extras)
    }

    /// What was captured, with the name of the volume or the path.
    pub fn data(&self) -> impl Iterator<Item = (&str, &Data)> {
        let volumes = self.volumes.iter().map(|volume| (volume.name.as_str(), &volume.data));
        volumes.chain(self.binds.iter().map(|bind| (bind.source.as_str(), &bind.data)))
    }

    /// The bytes of all its files, without the manifest.
    #[must_use]
    pub fn stored_bytes(&self) -> u64 {
        self.files().fold(0, |sum, file| sum.saturating_add(file.bytes))
    }

    /// The bytes of the data as it was: contents of all files, holes counted as zeros.
    #[must_use]
    pub fn data_bytes(&self) -> u64 {
        self.data().fold(0, |sum, (_, data)| sum.saturating_add(data.bytes))
    }

    /// Whether nothing that was asked for is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.result == Result::Complete
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
