// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A volume in a manifest.

use serde::{Deserialize, Serialize};

use super::parts::{FileRef, Map};
use super::words::{Consistency, DataPath, Source};
use crate::backup::id::SetId;
use crate::catalog::DataClass;

/// A volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// Its name at the engine.
    pub name: String,
    /// Its key in the compose file; `None` for an anonymous one.
    #[serde(default)]
    pub key: Option<String>,
    /// Its driver.
    pub driver: String,
    /// The options of its driver, without secrets.
    #[serde(default)]
    pub options: Map,
    /// Options whose secrets were taken out; they must be given again to make the volume elsewhere.
    #[serde(default)]
    pub masked_options: Vec<String>,
    /// Its labels.
    #[serde(default)]
    pub labels: Map,
    /// Whether it was made outside the project.
    #[serde(default)]
    pub external: bool,
    /// How dear it is.
    pub class: DataClass,
    /// Where that comes from.
    pub class_source: Source,
    /// Where it was mounted: service and path in the container, sorted.
    #[serde(default)]
    pub mounts: Vec<(String, String)>,
    /// What was captured.
    #[serde(flatten)]
    pub data: Data,
}

/// What was captured of a volume or of a path of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// The archive.
    pub archive: FileRef,
    /// Its index.
    pub index: FileRef,
    /// The attributes of its root.
    pub root: RootStat,
    /// The way it took.
    pub path: DataPath,
    /// How still it was.
    pub consistency: Consistency,
    /// Entries in the archive, the root counted.
    pub entries: u64,
    /// Bytes of contents, holes counted as zeros.
    pub bytes: u64,
    /// Bytes that it took on disk.
    pub allocated: u64,
    /// Entries that cannot be kept.
    #[serde(default)]
    pub skipped: Vec<Skipped>,
    /// Entries that changed while they were read.
    #[serde(default)]
    pub changed_during_read: Vec<Changed>,
    /// What shows the next backup whether anything has changed, see [`crate::backup::unchanged`]. `None`: nothing would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The set in which it was read, when that was another one: its files are those of that set, as hard links, for
    /// nothing has changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unchanged_since: Option<SetId>,
}

impl Data {
    /// Its files in the set.
    pub fn files(&self) -> impl Iterator<Item = &FileRef> {
        [&self.archive, &self.index].into_iter()
    }
}

/// The attributes of a root folder. The archive has them too; here they serve those who restore by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RootStat {
    /// Permission bits in octal, such as `0700`.
    pub mode: String,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// An entry that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Its path; bytes that are no UTF-8 are replaced.
    pub path: String,
    /// What it is, such as `socket`.
    pub kind: String,
}

/// An entry that changed while it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its path; bytes that are no UTF-8 are replaced.
    pub path: String,
    /// What changed, such as `size`.
    pub what: String,
}
