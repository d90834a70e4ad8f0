// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Looks at the set and at the stack, and plans. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use crate::app::backup::gather::gather;
use crate::app::backup::{BackupError, Store, list};
use crate::app::observe::{PROJECT_LABEL, SERVICE_LABEL};
use crate::app::{Context, Selection};
use crate::backup::id::SetId;
use crate::backup::journal::OnUnhealthy;
use crate::backup::manifest::Manifest;
use crate::backup::plan::Request as CaptureRequest;
use crate::backup::restore::{ImagePlan, Plan, Present, Request, Scene, plan, plan_images};
use crate::sys::engine::{Deadline, Engine};

/// What is wanted of a restore.
#[derive(Debug, Clone)]
pub struct RestoreWish {
    /// What is put where.
    pub request: Request,
    /// What happens when the stack is not well afterwards.
    pub on_unhealthy: OnUnhealthy,
    /// Whether what was there is kept for `restore --undo`.
    pub keep_undo: KeepUndo,
    /// Whether the old data stays until the stack is well with the new.
    pub room: Room,
    /// Whether images come back too.
    pub images: WithImages,
    /// How long containers get to be well again; `None`: what their checks need, and a minute.
    pub gate_limit: Option<Duration>,
}

/// What becomes of the data that was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepUndo {
    /// It is removed once the stack is well.
    No,
    /// It stays beside the new data until somebody undoes the restore or removes it.
    Yes,
}

/// Where the new data is unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Beside the old, which comes back by renames.
    Beside,
    /// In its place: the old data is deleted first, and comes back from a set that the run makes before.
    InPlace,
}

/// Whether the images of the set come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithImages {
    /// The data alone does.
    No,
    /// Their names mean them again.
    Yes,
}

/// What is about to be done.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The set.
    pub manifest: Manifest,
    /// The plan.
    pub plan: Plan,
    /// The project that it is put into, as a set of what is there is asked for.
    pub selection: Selection,
    /// Where the new data is unpacked.
    pub room: Room,
    /// What is done with images; `None`: nothing was asked for.
    pub images: Option<ImagePlan>,
    /// What a person should know beside it.
    pub notes: Vec<String>,
}

/// The newest complete set that verified when it was made, and of which nobody found later that it is damaged.
///
/// # Errors
/// There is none.
pub fn newest_verified(store: &Store<'_>) -> Result<SetId, BackupError> {
    let is_good = |listed: &crate::app::backup::Listed| {
        let set = listed.set.as_ref().ok()?;
        let verified = set.is_verified().unwrap_or(set.manifest.verified.is_some());
        (set.manifest.is_complete() && verified).then_some(listed.id)
    };
    list(store)?.iter().filter_map(is_good).max().ok_or(BackupError::NoSets)
}

/// Looks and plans.
///
/// # Errors
/// A set that cannot be read, no project, or an engine that does not answer.
pub async fn prepare(
    context: &Context<'_>,
    engine: &dyn Engine,
    selection: &Selection,
    wish: &RestoreWish,
    (store, set): (&Store<'_>, SetId),
) -> Result<Prepared, BackupError> {
    let manifest = store.manifest(set)?;
    let mut selection = selection.clone();
    if let Some(project) = &wish.request.as_project {
        selection.project_name = Some(project.clone());
    }
    let wanted = wanted_volumes(&manifest, wish);
    let found = gather(context, engine, &selection, &wanted, store.place()).await?;
    let now = context_now(engine).await?;
    let mut last_ran = BTreeMap::new();
    for detail in &found.everybody {
        let ran = if detail.state.running {
            Some(now)
        } else {
            detail.state.finished.filter(|_| detail.state.started.is_some())
        };
        last_ran.extend(ran.map(|ran| (detail.id.clone(), ran)));
    }
    let mut volumes = BTreeMap::new();
    for volume in found.volumes.values() {
        let project = volume.labels.get(PROJECT_LABEL).cloned();
        let present = Present { driver: volume.driver.clone(), options: volume.options.clone(), project };
        volumes.insert(volume.name.clone(), present);
    }
    let image = |detail: &crate::sys::engine::ContainerDetail| {
        Some((detail.labels.get(SERVICE_LABEL)?.clone(), detail.image_id.clone()))
    };
    let scene = Scene {
        paths: present_paths(context, &manifest, found.facts.folder.as_deref()),
        images: found.details.values().filter_map(image).collect(),
        facts: found.facts,
        volumes,
        last_ran,
    };
    let mut plan = plan(&manifest, &scene, &wish.request);
    if wish.room == Room::InPlace {
        plan.limit_to_emptied();
    }
    selection.project_name = Some(plan.project.clone());
    let images = match wish.images {
        WithImages::No => None,
        WithImages::Yes => Some(plan_images(&manifest, &super::images::look(engine, &manifest).await?)),
    };
    if let Some(images) = &images {
        plan.refusals.extend(images.refusals.iter().cloned());
        plan.notes.extend(images.notes.iter().cloned());
    }
    Ok(Prepared { manifest, plan, selection, room: wish.room, images, notes: found.notes })
}

/// The volumes that must be looked up by name: those of the set, under the names that they will have.
fn wanted_volumes(manifest: &Manifest, wish: &RestoreWish) -> CaptureRequest {
    let mut volumes: BTreeSet<String> = manifest.volumes.iter().map(|one| one.name.clone()).collect();
    if let Some(project) = &wish.request.as_project {
        volumes.extend(manifest.volumes.iter().filter_map(|one| Some(format!("{project}_{}", one.key.as_ref()?))));
    }
    CaptureRequest { volumes: volumes.into_iter().collect(), ..CaptureRequest::default() }
}

/// The moment on the engine's clock.
async fn context_now(engine: &dyn Engine) -> Result<chrono::DateTime<chrono::Utc>, BackupError> {
    Ok(engine.info(Deadline::QUESTION).await?.time.unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC))
}

/// The paths of a set that are there on this machine, under the project folder of now.
fn present_paths(context: &Context<'_>, manifest: &Manifest, folder: Option<&str>) -> BTreeSet<String> {
    let places = manifest.binds.iter().flat_map(|bind| {
        let moved = match (&bind.relative, folder) {
            (Some(relative), Some(folder)) if relative == "." => Some(folder.to_owned()),
            (Some(relative), Some(folder)) => Some(format!("{}/{relative}", folder.trim_end_matches('/'))),
            _ => None,
        };
        [Some(bind.source.clone()), moved]
    });
    places.flatten().filter(|path| context.files.exists(Path::new(path))).collect()
}
