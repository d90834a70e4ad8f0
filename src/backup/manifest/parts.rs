// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The parts of a manifest, but for volumes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::volume::Data;
use super::words::{HookPhase, LeftOutReason, State};
use crate::catalog::DataClass;

/// A file of the set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileRef {
    /// Its path in the set, with `/`, never leading out of it.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, 64 small hexadecimal digits.
    pub sha256: String,
}

/// What made the set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// An engine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EngineRecord {
    /// Its own id; empty where it has none.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The processor, such as `amd64`.
    pub arch: String,
    /// The version of its API that was spoken.
    pub api: String,
}

/// The project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProjectRecord {
    /// Its name.
    pub name: String,
    /// The folder from which its relative paths count, on the machine that made the set.
    #[serde(default)]
    pub folder: Option<String>,
    /// SHA-256 of the resolved project before interpolation.
    #[serde(default)]
    pub compose_sha256: Option<String>,
}

/// A container of a service when the operation began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The service.
    pub name: String,
    /// The number of the replica, from 1.
    pub number: u32,
    /// The container's name.
    pub container: String,
    /// The image as the container names it.
    pub image: String,
    /// The id of the image.
    pub image_id: String,
    /// Names of the image with a digest of a registry; empty for one that was built or loaded.
    #[serde(default)]
    pub repo_digests: Vec<String>,
    /// What it did.
    pub state: State,
    /// Compose's hash of its configuration, from the container's label.
    #[serde(default)]
    pub config_hash: Option<String>,
    /// The engine's restart policy, such as `unless-stopped` or `on-failure:3`.
    #[serde(default)]
    pub restart_policy: String,
    /// The services that it needs.
    #[serde(default)]
    pub needs: Vec<String>,
}

/// A file or folder of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// Its path on the machine that made the set.
    pub source: String,
    /// The same, relative to the project folder, when it lies in it.
    #[serde(default)]
    pub relative: Option<String>,
    /// Whether it is a single file.
    pub is_file: bool,
    /// How dear it is.
    pub class: DataClass,
    /// What was captured.
    #[serde(flatten)]
    pub data: Data,
}

/// A model, or the like, that a cache held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Its name, as it is fetched by.
    pub name: String,
    /// Its digest, where it has one.
    #[serde(default)]
    pub digest: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// The command that fetches it again, where one is known.
    #[serde(default)]
    pub fetch: Option<String>,
}

/// Something that is not in the set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The volume's name, or the path.
    pub name: String,
    /// Whether it is a volume.
    pub is_volume: bool,
    /// Why.
    pub reason: LeftOutReason,
    /// Whether it was asked for: a set that lacks such a thing is partial.
    #[serde(default)]
    pub required: bool,
    /// How dear it is, where that was judged.
    #[serde(default)]
    pub class: Option<DataClass>,
    /// Its size, where known.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// The compose key of a volume, for a restore that must make it anew, empty.
    #[serde(default)]
    pub key: Option<String>,
    /// What it held, where that can be listed.
    #[serde(default)]
    pub models: Vec<Model>,
    /// Why that list lacks something, where it does, as a fragment.
    #[serde(default)]
    pub unlisted: Option<String>,
}

/// A compose file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposeFile {
    /// Its path on the machine that made the set.
    pub source: String,
    /// Its copy in the set.
    pub file: FileRef,
}

/// An env file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentFile {
    /// Its path on the machine that made the set.
    pub source: String,
    /// The names of its variables, sorted.
    pub names: Vec<String>,
    /// Its copy, where the values were asked for.
    #[serde(default)]
    pub file: Option<FileRef>,
}

/// An image in the set, as `docker save` writes it, packed by zstd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedImage {
    /// Its id.
    pub id: String,
    /// Its names.
    pub names: Vec<String>,
    /// The file.
    pub file: FileRef,
}

/// A hook that ran. Its arguments stay out: they may hold secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// The service.
    pub service: String,
    /// When it ran.
    pub phase: HookPhase,
    /// The first word of its command.
    pub program: String,
    /// Its exit code; `None` when it ran out of time or could not be started.
    #[serde(default)]
    pub exit_code: Option<i64>,
    /// How long it ran, in milliseconds.
    #[serde(default)]
    pub took_ms: u64,
}

/// Names and values, sorted.
pub(super) type Map = BTreeMap<String, String>;
