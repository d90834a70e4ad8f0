// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Goes back to what was there before a restore that kept it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::volumes::{Sessions, tree_of_name};
use super::{Ending, Restored};
use crate::app::backup::gather::Scene;
use crate::app::backup::{BackupError, Site};
use crate::app::operate::{Gate, JournalWriter, Tell, Told, gate, keep_still, resume, targets};
use crate::backup::id::{OperationId, OperationKind};
use crate::backup::journal::{Event, Journal, OnUnhealthy};
use crate::backup::manifest::DataPath;
use crate::backup::plan::{Affected, PathKind};
use crate::backup::restore::{Place, stops};
use crate::sys::worker::{Access, Mark, Session};

/// Something that an operation left beside the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The operation.
    pub operation: OperationId,
    /// How far it came.
    pub mark: Mark,
    /// The volume, or the folder.
    pub name: String,
}

/// The places of a project that data may lie in: its volumes, and the folders that it mounts.
fn places(scene: &Scene) -> BTreeSet<String> {
    let volumes = scene.volumes.keys().cloned();
    let folder = scene.facts.folder.clone().unwrap_or_default();
    let is_own = |path: &&String| !folder.is_empty() && path.starts_with(&folder);
    let paths = scene.facts.paths.iter().filter(|(_, facts)| matches!(facts.kind, PathKind::Folder | PathKind::File));
    let folders = paths.filter(|(path, _)| is_own(path)).filter_map(|(path, facts)| match facts.kind {
        PathKind::Folder => Some(path.clone()),
        _ => path.rsplit_once('/').map(|(folder, _)| folder.to_owned()),
    });
    volumes.chain(folders).collect()
}

/// Looks into every place of a project for what operations left.
///
/// # Errors
/// A place that cannot be looked into.
pub async fn kept(site: Site<'_>, scene: &Scene) -> Result<Vec<Kept>, BackupError> {
    let mut found = Vec::new();
    let stamp = crate::backup::id::SetId::next(site.store.taken()?, site.outside.now());
    let looking = OperationId { stamp, kind: OperationKind::Restore };
    site.workers.prepare(looking).await?;
    for name in places(scene) {
        let tree = tree_of_name(&name);
        let line = site.workers.start(&tree, Access::Read, looking).await?;
        let mut session = Session::open(line, &name).await?;
        for (operation, mark) in session.look().await?.marks {
            if let Ok(operation) = operation.parse() {
                found.push(Kept { operation, mark, name: name.clone() });
            }
        }
        session.close().await?;
    }
    site.workers.sweep(looking).await?;
    Ok(found)
}

/// The containers that must stand still before names are exchanged in these places.
pub(crate) fn waves(scene: &Scene, names: &[String]) -> Vec<Vec<Affected>> {
    let places: Vec<Place> = names
        .iter()
        .map(|name| {
            if name.starts_with('/') {
                Place::Path { path: name.clone(), is_file: false }
            } else {
                Place::Volume { name: name.clone(), creation: None }
            }
        })
        .collect();
    stops(&scene.facts, &places.iter().collect::<Vec<_>>())
}

/// The newest restore that kept what was there, with the places that it has it in.
///
/// # Errors
/// There is none.
pub fn newest(kept: &[Kept]) -> Result<(OperationId, Vec<String>), BackupError> {
    let mut by_operation: BTreeMap<OperationId, Vec<String>> = BTreeMap::new();
    for one in kept.iter().filter(|one| one.mark == Mark::Committed) {
        by_operation.entry(one.operation).or_default().push(one.name.clone());
    }
    by_operation.pop_last().ok_or(BackupError::NothingKept)
}

/// Goes back. The locks are held by the caller.
///
/// # Errors
/// A fault on the way; then the journal leads `stackctl recover` on, always backwards.
pub async fn undo(
    site: Site<'_>,
    scene: &Scene,
    (operation, names): (OperationId, Vec<String>),
    gate_limit: Option<Duration>,
    tell: Tell<'_>,
) -> Result<Restored, BackupError> {
    if site.workers.path() == DataPath::EngineArchive {
        return Err(BackupError::NoRenames);
    }
    let waves = waves(scene, &names);
    let stopped = targets(&waves);
    let mut journal = JournalWriter::new(site.store, site.outside.clock, operation, Journal::default());
    journal.write(Event::RestoreBegun {
        project: scene.facts.project.clone(),
        set: operation.stamp,
        on_unhealthy: OnUnhealthy::Keep,
        keep_old: false,
    })?;
    site.workers.prepare(operation).await?;
    for name in &names {
        journal.write(Event::Staging { volume: name.clone(), only: None })?;
    }
    journal.write(Event::CommitAll { volumes: names.clone() })?;
    journal.write(Event::RollbackAll { reason: "asked for".to_owned() })?;
    keep_still(site.engine, &mut journal, &waves, &mut *tell).await?;
    let mut sessions = Sessions::new(site.workers, operation);
    tell(Told::Step("putting back what was there before".to_owned()));
    for name in &names {
        sessions.with(name).await?.back(operation).await?;
    }
    sessions.close().await?;
    resume(site.engine, &stopped, &mut *tell).await?;
    journal.write(Event::Resumed)?;
    let gate = gate(site.engine, &stopped, gate_limit, &mut *tell).await?;
    for name in &names {
        sessions.with(name).await?.remove_aside(operation).await?;
    }
    sessions.close().await?;
    site.workers.sweep(operation).await?;
    journal.write(Event::Ended { result: "undone".to_owned() })?;
    journal.remove()?;
    let (ending, ill) = match gate {
        Gate::Healthy => (Ending::Done, Vec::new()),
        Gate::Ill(ill) => (Ending::KeptUnhealthy, ill),
    };
    Ok(Restored { operation, ending, ill, fault: None, before: None })
}
