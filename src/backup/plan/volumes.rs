// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which volumes are captured.

use super::facts::{Facts, MountSource, VolumeFacts};
use super::request::{Cache, Request};
use super::{Capture, Draft, Refusal, What};
use crate::backup::manifest::{Consistency, LeftOutReason};
use crate::catalog::DataClass;

/// Whether a list of names means this volume.
fn names(list: &[String], volume: &VolumeFacts) -> bool {
    list.iter().any(|name| *name == volume.name || Some(name) == volume.key.as_ref())
}

/// Whether a service that was asked for mounts it.
fn is_mounted_by_asked(facts: &Facts, request: &Request, volume: &VolumeFacts) -> bool {
    let is_asked = |service: &Option<String>| service.as_ref().is_some_and(|name| request.services.contains(name));
    let mounts = |source: &MountSource| *source == MountSource::Volume(volume.name.clone());
    facts.own().filter(|one| is_asked(&one.service)).any(|one| one.mounts.iter().any(|mount| mounts(&mount.source)))
}

/// Whether its content is gone as soon as nothing has it mounted.
fn is_memory(volume: &VolumeFacts) -> bool {
    volume.options.get("type").is_some_and(|kind| kind == "tmpfs" || kind == "ramfs")
}

fn reason_against(facts: &Facts, request: &Request, volume: &VolumeFacts) -> Option<LeftOutReason> {
    let is_named = names(&request.volumes, volume);
    let is_own = volume.project.as_deref() == Some(&facts.project) || volume.is_anonymous;
    if names(&request.exclude, volume) {
        Some(LeftOutReason::Excluded)
    } else if is_memory(volume) {
        Some(LeftOutReason::Memory)
    } else if !is_named && !is_own {
        Some(LeftOutReason::External)
    } else if !request.volumes.is_empty() && !is_named
        || !request.services.is_empty() && !is_named && !is_mounted_by_asked(facts, request, volume)
    {
        Some(LeftOutReason::NotAsked)
    } else if !volume.is_present {
        Some(LeftOutReason::Missing)
    } else if is_named {
        None
    } else {
        match volume.class.class {
            DataClass::Cache if request.cache == Cache::Listed => Some(LeftOutReason::Cache),
            DataClass::Ephemeral => Some(LeftOutReason::Ephemeral),
            _ => None,
        }
    }
}

/// What a person should know of a volume that is captured.
fn notes(volume: &VolumeFacts) -> Vec<String> {
    let mut notes = Vec::new();
    let kind = volume.options.get("type").map_or("", String::as_str);
    let is_bind = volume.options.get("o").is_some_and(|list| list.split(',').any(|word| word == "bind"));
    if is_bind || !kind.is_empty() && kind != "none" {
        notes.push("its data lies outside the engine".to_owned());
    }
    if volume.driver != "local" {
        notes.push(format!("of the driver `{}`", volume.driver));
    }
    for (path, class) in &volume.class.inner {
        let word = crate::backup::class::word(*class);
        notes.push(format!("`{path}` in it is {word}: a volume of its own there would be judged by itself"));
    }
    notes
}

pub(super) fn choose(facts: &Facts, request: &Request, draft: &mut Draft) {
    for name in request.volumes.iter().chain(&request.exclude) {
        let is_volume = facts.volumes.iter().any(|volume| names(std::slice::from_ref(name), volume));
        if !is_volume && !facts.paths.contains_key(name) {
            draft.refuse(Refusal::VolumeUnknown { name: name.clone() });
        }
    }
    let mut volumes: Vec<&VolumeFacts> = facts.volumes.iter().collect();
    volumes.sort_by(|a, b| a.name.cmp(&b.name));
    for volume in volumes {
        let what = What::Volume { name: volume.name.clone(), key: volume.key.clone() };
        let is_named = names(&request.volumes, volume);
        match reason_against(facts, request, volume) {
            Some(reason) => {
                match reason {
                    LeftOutReason::Memory if is_named => draft.refuse(Refusal::InMemory { name: volume.name.clone() }),
                    // The engine would make it, empty, and the backup would be one of nothing.
                    LeftOutReason::Missing if is_named => {
                        draft.refuse(Refusal::VolumeUnknown { name: volume.name.clone() });
                    }
                    _ => {}
                }
                draft.leave_out(what, reason, Some(&volume.class), volume.bytes);
            }
            None => draft.captures.push(Capture {
                what,
                class: volume.class.clone(),
                bytes: volume.bytes,
                consistency: Consistency::Stopped,
                writers: Vec::new(),
                notes: notes(volume),
            }),
        }
    }
}
