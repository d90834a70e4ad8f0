// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Volumes, networks, images, files in containers, and the room that they take.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{HealthCheck, Labels};

/// A volume.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Volume {
    /// The name.
    pub name: String,
    /// The driver, mostly `local`.
    pub driver: String,
    /// Where it is on the engine's machine. Empty on the disk for drivers that mount something when used.
    pub mountpoint: String,
    /// Labels.
    pub labels: Labels,
    /// Options of the driver.
    pub options: BTreeMap<String, String>,
    /// When it was made, in whole seconds.
    pub created: Option<DateTime<Utc>>,
}

/// A volume to make. Making one that is there already gives the one that is there, with its own labels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VolumePlan {
    /// The name.
    pub name: String,
    /// The driver; empty = `local`.
    pub driver: String,
    /// Labels.
    pub labels: Labels,
    /// Options of the driver.
    pub options: BTreeMap<String, String>,
}

/// A network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Network {
    /// The id.
    pub id: String,
    /// The name; not unique.
    pub name: String,
    /// The driver, mostly `bridge`.
    pub driver: String,
    /// Whether nothing outside can be reached from it.
    pub internal: bool,
    /// Labels.
    pub labels: Labels,
}

/// One line of the image list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageSummary {
    /// The id.
    pub id: String,
    /// The names with tag, sorted.
    pub tags: Vec<String>,
    /// The names with digest, sorted; empty for images that were never pulled or pushed.
    pub digests: Vec<String>,
    /// Size in bytes.
    pub size_bytes: u64,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
}

/// Everything of one image that this program looks at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageDetail {
    /// The id.
    pub id: String,
    /// The names with tag, sorted.
    pub tags: Vec<String>,
    /// The names with digest, sorted.
    pub digests: Vec<String>,
    /// Size in bytes.
    pub size_bytes: u64,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
    /// The processor architecture.
    pub architecture: String,
    /// The operating system.
    pub os: String,
    /// The user that containers of it run as; empty = root.
    pub user: String,
    /// Environment entries `NAME=value`.
    pub environment: Vec<String>,
    /// The entry point's words.
    pub entrypoint: Vec<String>,
    /// The command's words.
    pub command: Vec<String>,
    /// The check that containers of it run.
    pub health_check: Option<HealthCheck>,
    /// Labels.
    pub labels: Labels,
    /// The paths that become anonymous volumes, sorted.
    pub volumes: Vec<String>,
}

/// An image to make of the files of a tar archive: one layer, no command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageImport {
    /// The name without tag.
    pub repository: String,
    /// The tag. An image that has this name loses it.
    pub tag: String,
    /// Labels; without line breaks.
    pub labels: Labels,
}

/// What a path in a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, not followed.
    Link,
    /// A device, pipe or socket.
    Special,
}

/// A path in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathInfo {
    /// What it is.
    pub kind: PathKind,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Permission bits, at most `0o7777`.
    pub mode: u32,
    /// Where a link leads.
    pub link_target: Option<String>,
}

/// The room that the engine's objects take, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiskUse {
    /// Layers of all images, shared ones once.
    pub images_bytes: u64,
    /// What containers wrote into their own layers.
    pub containers_bytes: u64,
    /// The build cache.
    pub build_cache_bytes: u64,
    /// Volumes by name. `None` where the driver cannot tell.
    pub volumes: BTreeMap<String, Option<u64>>,
}
