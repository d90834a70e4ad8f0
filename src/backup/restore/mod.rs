// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The plan of a restore: what is put where, who is stopped for it, what is lost, and what forbids it.

mod choose;
mod images;
mod refusal;
#[cfg(test)]
mod tests;

pub use images::{ImagePlan, ImageScene, ImageSource, ImageStep, Renamed, plan_images};
pub use refusal::Refusal;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::id::SetId;
use super::manifest::{Data, DataPath, LeftOut, Manifest, State};
use super::plan::{Act, Affected, Facts, MountSource, close_over_namespaces, is_in, waves};

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// Only these: volumes by name or key, absolute paths; empty: all of the set.
    pub volumes: Vec<String>,
    /// The project that it is put into, when not that of the set.
    pub as_project: Option<String>,
    /// Containers of other projects that may be stopped, by name.
    pub stop_foreign: Vec<String>,
}

/// Something that is put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where it goes.
    pub place: Place,
    /// Its name in the set.
    pub from: String,
    /// What is put there.
    pub data: Data,
    /// Whether there is something already that takes its place.
    pub replaces: bool,
}

/// Where something goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A volume.
    Volume {
        /// Its name.
        name: String,
        /// How it is made, when it is not there.
        creation: Option<Creation>,
    },
    /// A folder of the host, or one file in it.
    Path {
        /// The absolute path.
        path: String,
        /// Whether it is a single file.
        is_file: bool,
    },
}

impl Place {
    /// The name of the volume, or the path.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Volume { name, .. } => name,
            Self::Path { path, .. } => path,
        }
    }
}

/// How a volume is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Creation {
    /// Its driver.
    pub driver: String,
    /// The options of its driver.
    pub options: BTreeMap<String, String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// An image that is another now than when the set was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageChange {
    /// The service.
    pub service: String,
    /// The id then.
    pub then: String,
    /// The id of its container now.
    pub now: String,
    /// The image as it was named then.
    pub name: String,
}

/// The plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The set.
    pub set: SetId,
    /// When its data was read.
    pub captured: DateTime<Utc>,
    /// The project that it is put into.
    pub project: String,
    /// What is put where, volumes first, by name.
    pub targets: Vec<Target>,
    /// Containers that are stopped, in waves.
    pub waves: Vec<Vec<Affected>>,
    /// Why data that is there may be newer than the set and would be lost, as fragments; empty: it is not.
    pub newer: Vec<String>,
    /// Images that are others now.
    pub images: Vec<ImageChange>,
    /// What the set does not hold because it can be fetched again.
    pub to_fetch: Vec<LeftOut>,
    /// Bytes of contents that are written.
    pub bytes: u64,
    /// What a person should know, as sentences without a period.
    pub notes: Vec<String>,
    /// What forbids it.
    pub refusals: Vec<Refusal>,
}

impl Plan {
    /// The containers that are stopped, in order.
    pub fn affected(&self) -> impl Iterator<Item = &Affected> {
        self.waves.iter().flatten()
    }

    /// Adds what forbids it, or should be known, when the data takes this way.
    pub fn limit_to(&mut self, path: DataPath) {
        if path != DataPath::EngineArchive {
            return;
        }
        for target in &self.targets {
            match &target.place {
                Place::Path { path, .. } => self.refusals.push(Refusal::OnlyVolumes { path: path.clone() }),
                Place::Volume { name, creation: None } => {
                    self.refusals.push(Refusal::OnlyNewVolumes { name: name.clone() });
                }
                Place::Volume { .. } => {}
            }
        }
    }

    /// Adds what forbids it when the places are emptied before they are filled.
    pub fn limit_to_emptied(&mut self) {
        let is_volume = |target: &&Target| matches!(target.place, Place::Volume { creation: None, .. });
        let others = self.targets.iter().filter(|target| !is_volume(target));
        self.refusals.extend(others.map(|target| Refusal::NotToBeEmptied { name: target.place.name().to_owned() }));
    }

    /// Whether agreement needs the typed name of the project.
    #[must_use]
    pub fn needs_name(&self) -> bool {
        !self.newer.is_empty()
    }
}

/// What is known of a volume that is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Present {
    /// Its driver.
    pub driver: String,
    /// The options of its driver.
    pub options: BTreeMap<String, String>,
    /// The project of its label.
    pub project: Option<String>,
}

/// What is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scene {
    /// The project that is restored into, its containers and those of others.
    pub facts: Facts,
    /// The volumes that are there, by name.
    pub volumes: BTreeMap<String, Present>,
    /// Paths of the host that are there.
    pub paths: BTreeSet<String>,
    /// When each container last ran, by id; those that run: now.
    pub last_ran: BTreeMap<String, DateTime<Utc>>,
    /// The image of each container of the project: service to id.
    pub images: BTreeMap<String, String>,
}

fn mounts(container: &super::plan::Container, place: &Place) -> bool {
    container.mounts.iter().any(|mount| match (&mount.source, place) {
        (MountSource::Volume(volume), Place::Volume { name, .. }) => volume == name,
        (MountSource::Path(source), Place::Path { path, .. }) => is_in(source, path) || is_in(path, source),
        _ => false,
    })
}

/// Containers that are stopped, in waves, before names are exchanged in these places. Whoever only reads holds the old tree
/// open too, and must open the new one.
#[must_use]
pub fn stops(facts: &Facts, places: &[&Place]) -> Vec<Vec<Affected>> {
    waves(facts, &acts(facts, places))
}

fn acts(facts: &Facts, places: &[&Place]) -> BTreeMap<String, Act> {
    let mut acts = BTreeMap::new();
    for container in facts.containers.iter().filter(|one| one.state != State::Stopped) {
        if places.iter().any(|place| mounts(container, place)) {
            acts.insert(container.id.clone(), Act::Stop);
        }
    }
    close_over_namespaces(facts, &[State::Running, State::Paused], &mut acts);
    acts
}

/// Plans. Refusals are part of the plan, so that it can be shown with them.
#[must_use]
pub fn plan(manifest: &Manifest, scene: &Scene, request: &Request) -> Plan {
    let chosen = choose::choose(manifest, scene, request);
    let places: Vec<&Place> = chosen.targets.iter().map(|target| &target.place).collect();
    let acts = acts(&scene.facts, &places);
    let mut refusals = chosen.refusals;
    for container in &scene.facts.containers {
        let is_own = container.project.as_deref() == Some(&scene.facts.project);
        if acts.contains_key(&container.id) && !is_own && !request.stop_foreign.contains(&container.name) {
            refusals.push(Refusal::Foreign { container: container.name.clone(), project: container.project.clone() });
        }
    }
    let newer =
        chosen.targets.iter().filter(|target| target.replaces).filter_map(|target| newer(manifest, scene, target));
    let to_fetch = manifest.left_out.iter().filter(|left| left.reason == super::manifest::LeftOutReason::Cache);
    Plan {
        set: manifest.id,
        captured: manifest.captured,
        project: scene.facts.project.clone(),
        newer: newer.collect(),
        waves: waves(&scene.facts, &acts),
        images: images(manifest, scene),
        to_fetch: to_fetch.cloned().collect(),
        bytes: chosen.targets.iter().fold(0, |sum, target| sum.saturating_add(target.data.bytes)),
        targets: chosen.targets,
        notes: chosen.notes,
        refusals,
    }
}

/// Why what is there may be newer than what is in the set.
fn newer(manifest: &Manifest, scene: &Scene, target: &Target) -> Option<String> {
    let name = target.place.name();
    if scene.facts.project != manifest.project.name {
        return Some(format!("`{name}` may hold data of project `{}`", scene.facts.project));
    }
    let users: Vec<_> = scene.facts.containers.iter().filter(|one| mounts(one, &target.place)).collect();
    if users.is_empty() {
        return Some(format!("nobody mounts `{name}` now, so nobody can tell when it was last written"));
    }
    // The engine's clock and ours may differ; who ran at all after the set was made may have written.
    let since =
        |one: &&&super::plan::Container| scene.last_ran.get(&one.id).is_some_and(|ran| *ran > manifest.captured);
    let writers: Vec<&str> = users.iter().filter(since).map(|one| one.name.as_str()).collect();
    (!writers.is_empty()).then(|| format!("{} ran with `{name}` after the set was made", writers.join(", ")))
}

fn images(manifest: &Manifest, scene: &Scene) -> Vec<ImageChange> {
    let change = |service: &super::manifest::Service| {
        let now = scene.images.get(&service.name).filter(|now| **now != service.image_id)?;
        Some(ImageChange {
            service: service.name.clone(),
            then: service.image_id.clone(),
            now: now.clone(),
            name: service.image.clone(),
        })
    };
    let changes: BTreeSet<ImageChange> = manifest.services.iter().filter_map(change).collect();
    changes.into_iter().collect()
}
