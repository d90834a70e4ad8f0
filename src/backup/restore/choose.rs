// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What of a set goes where.

use std::collections::BTreeSet;

use super::{Creation, Place, Present, Refusal, Request, Scene, Target};
use crate::backup::CONFIG_HASH_LABEL;
use crate::backup::manifest::{Bind, Data, Manifest, Volume};
use crate::backup::plan::is_in;

const PROJECT_LABEL: &str = "com.docker.compose.project";

/// What was chosen.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) targets: Vec<Target>,
    pub(super) notes: Vec<String>,
    pub(super) refusals: Vec<Refusal>,
}

fn is_asked(request: &Request, names: &[Option<&str>]) -> bool {
    request.volumes.is_empty() || request.volumes.iter().any(|asked| names.contains(&Some(asked.as_str())))
}

/// Chooses.
pub(super) fn choose(manifest: &Manifest, scene: &Scene, request: &Request) -> Chosen {
    let mut chosen = Chosen::default();
    let known: BTreeSet<&str> = manifest
        .volumes
        .iter()
        .flat_map(|one| [Some(one.name.as_str()), one.key.as_deref()])
        .chain(manifest.binds.iter().flat_map(|one| [Some(one.source.as_str()), one.relative.as_deref()]))
        .flatten()
        .collect();
    for name in request.volumes.iter().filter(|name| !known.contains(name.as_str())) {
        chosen.refusals.push(Refusal::NotInSet { name: name.clone() });
    }
    for one in manifest.volumes.iter().filter(|one| is_asked(request, &[Some(&one.name), one.key.as_deref()])) {
        volume(manifest, scene, one, &mut chosen);
    }
    for one in manifest.binds.iter().filter(|one| is_asked(request, &[Some(&one.source), one.relative.as_deref()])) {
        bind(manifest, scene, one, &mut chosen);
    }
    if chosen.targets.is_empty() && chosen.refusals.is_empty() {
        chosen.refusals.push(Refusal::Nothing);
    }
    chosen
}

/// The name of a volume in the project that is restored into: by its key, never by replacing text in its name.
fn target_name(manifest: &Manifest, scene: &Scene, one: &Volume) -> Option<String> {
    if scene.facts.project == manifest.project.name {
        return Some(one.name.clone());
    }
    let key = one.key.as_ref().filter(|_| !one.external)?;
    Some(format!("{}_{key}", scene.facts.project))
}

/// Whether a volume that is there may take what is in the set.
fn judge_present(scene: &Scene, one: &Volume, (name, present): (&str, &Present), chosen: &mut Chosen) {
    let name = name.to_owned();
    // Options with secrets cannot be compared, and are those of the volume that is there.
    let differs = |key: &String| !one.masked_options.contains(key) && present.options.get(key) != one.options.get(key);
    let mut keys = one.options.keys().chain(present.options.keys());
    if present.driver != one.driver || keys.any(differs) {
        chosen.refusals.push(Refusal::VolumeDiffers { name: name.clone() });
    }
    let other = present.project.as_ref().filter(|project| **project != scene.facts.project && !one.external);
    if let Some(project) = other {
        chosen.refusals.push(Refusal::OtherProject { name, project: project.clone() });
    }
}

/// What the set itself does not have.
fn lacking(name: &str, data: &Data, chosen: &mut Chosen) {
    if let losses @ [_, ..] = data.path.losses() {
        chosen.notes.push(format!("the set lacks, of `{name}`: {}", losses.join(", ")));
    }
}

fn volume(manifest: &Manifest, scene: &Scene, one: &Volume, chosen: &mut Chosen) {
    let Some(name) = target_name(manifest, scene, one) else {
        chosen.notes.push(format!(
            "`{}` belongs to no project by its key, so project `{}` gets none of it",
            one.name, scene.facts.project
        ));
        return;
    };
    let present = scene.volumes.get(&name);
    let creation = if let Some(present) = present {
        judge_present(scene, one, (&name, present), chosen);
        None
    } else {
        if !one.masked_options.is_empty() {
            let options = one.masked_options.join(", ");
            chosen.refusals.push(Refusal::SecretsMissing { name: name.clone(), options });
        }
        let mut labels = one.labels.clone();
        labels.remove(CONFIG_HASH_LABEL);
        if let Some(label) = labels.get_mut(PROJECT_LABEL) {
            label.clone_from(&scene.facts.project);
        }
        Some(Creation { driver: one.driver.clone(), options: one.options.clone(), labels })
    };
    if !one.options.is_empty() {
        chosen
            .notes
            .push(format!("the data of `{name}` lies where its driver's options say, outside the engine's own folder"));
    }
    lacking(&one.name, &one.data, chosen);
    let replaces = present.is_some();
    let place = Place::Volume { name, creation };
    chosen.targets.push(Target { place, from: one.name.clone(), data: one.data.clone(), replaces });
}

fn bind(manifest: &Manifest, scene: &Scene, one: &Bind, chosen: &mut Chosen) {
    let is_other_folder = scene.facts.folder != manifest.project.folder;
    let is_other_project = scene.facts.project != manifest.project.name;
    let is_other = is_other_project || is_other_folder;
    if is_other_project && !is_other_folder {
        chosen.notes.push(format!(
            "`{}` belongs to `{}`, which has the same folder; it stays",
            one.source, manifest.project.name
        ));
        return;
    }
    let path = match (&one.relative, &scene.facts.folder) {
        (Some(relative), Some(folder)) if relative == "." => folder.clone(),
        (Some(relative), Some(folder)) => format!("{}/{relative}", folder.trim_end_matches('/')),
        _ if is_other => {
            chosen
                .notes
                .push(format!("`{}` lies outside the project folder of the set, and is not restored here", one.source));
            return;
        }
        _ => one.source.clone(),
    };
    if scene.facts.store.as_deref().is_some_and(|store| is_in(store, &path)) {
        chosen.refusals.push(Refusal::StoreInside { path: path.clone() });
    }
    lacking(&one.source, &one.data, chosen);
    let replaces = scene.paths.contains(&path);
    let place = Place::Path { path, is_file: one.is_file };
    chosen.targets.push(Target { place, from: one.source.clone(), data: one.data.clone(), replaces });
}
