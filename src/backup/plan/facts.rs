// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is known of a stack before a backup, as plain values.

use std::collections::{BTreeMap, BTreeSet};

use super::request::Quiesce;
use crate::backup::class::Classed;
use crate::backup::manifest::State;
use crate::backup::order::Need;

/// What stands behind a mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountSource {
    /// A volume, by name.
    Volume(String),
    /// A path of the host.
    Path(String),
    /// Memory, or anything else that is no data of the host.
    Other,
}

/// A mount of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// What stands behind it.
    pub source: MountSource,
    /// The path in the container.
    pub target: String,
    /// Whether the container may write there.
    pub writable: bool,
}

/// Commands that a service runs in its container around a backup, by its labels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hooks {
    /// Before the data is read; empty: none.
    pub pre: Vec<String>,
    /// After it, whatever happened; empty: none.
    pub post: Vec<String>,
    /// How long each may run, in seconds; `None`: as long as the program says.
    pub timeout_s: Option<u64>,
}

impl Hooks {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pre.is_empty() && self.post.is_empty()
    }
}

/// A container of the project, or one of anybody that mounts what the project mounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The project of its label.
    pub project: Option<String>,
    /// The service of its label.
    pub service: Option<String>,
    /// The number of the replica, from 1.
    pub number: u32,
    /// What it does. One that waits for the engine to restart it counts as running.
    pub state: State,
    /// What is mounted.
    pub mounts: Vec<Mount>,
    /// The ids of the containers in whose network, process or IPC namespace it lives.
    pub lives_in: Vec<String>,
    /// How it is to be kept still, by its label.
    pub quiesce: Option<Quiesce>,
    /// Its hooks.
    pub hooks: Hooks,
    /// How long the engine waits for it to end, in seconds; `None`: the engine's 10.
    pub grace_s: Option<u64>,
    /// Its restart policy as a word, such as `on-failure:3`.
    pub restart_policy: String,
}

/// A volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeFacts {
    /// Its name at the engine.
    pub name: String,
    /// Its key in the compose file or its label.
    pub key: Option<String>,
    /// The project of its label.
    pub project: Option<String>,
    /// Whether nobody named it.
    pub is_anonymous: bool,
    /// Whether the engine has it.
    pub is_present: bool,
    /// Its driver.
    pub driver: String,
    /// The options of its driver.
    pub options: BTreeMap<String, String>,
    /// How dear it is.
    pub class: Classed,
    /// Its size in bytes, where the engine knows.
    pub bytes: Option<u64>,
}

/// What stands at a path of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A socket, device or pipe.
    Special,
    /// Nothing.
    Missing,
}

/// A path of the host that is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathFacts {
    /// What stands there.
    pub kind: PathKind,
    /// Its size in bytes, where known.
    pub bytes: Option<u64>,
    /// How dear it is.
    pub class: Classed,
}

/// Everything that a plan is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The project.
    pub project: String,
    /// Its folder; `None`: not known, so every path is outside.
    pub folder: Option<String>,
    /// The folder of the store, which must not be captured into itself.
    pub store: Option<String>,
    /// The services of the compose file.
    pub services: BTreeSet<String>,
    /// Which service needs which.
    pub needs: Vec<Need>,
    /// Containers.
    pub containers: Vec<Container>,
    /// Volumes: all of the project, and all that its containers mount or that are asked for.
    pub volumes: Vec<VolumeFacts>,
    /// Paths of the host that containers of the project mount.
    pub paths: BTreeMap<String, PathFacts>,
    /// What is free in the store, in bytes.
    pub free_bytes: Option<u64>,
}

impl Facts {
    /// The containers of the project.
    pub fn own(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().filter(|one| one.project.as_deref() == Some(&self.project))
    }
}

/// Whether `path` is `folder` or lies in it.
pub(crate) fn is_in(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
