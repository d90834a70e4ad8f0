// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which paths of the host are captured: those in the project folder, and others that are asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Facts, MountSource, PathFacts, PathKind, is_in};
use super::request::{Cache, Request, Secrets};
use super::{Capture, Draft, Refusal, What};
use crate::backup::manifest::{Consistency, LeftOutReason};
use crate::catalog::DataClass;

/// Folders that belong to the machine.
const SYSTEM: [&str; 5] = ["/proc", "/sys", "/dev", "/run", "/var/run"];

/// Where Compose mounts secrets.
const SECRETS: &str = "/run/secrets";

/// Whether a path is part of the machine, or a way to the engine.
fn is_system(path: &str) -> bool {
    path == "/"
        || SYSTEM.iter().any(|folder| is_in(path, folder))
        || path.ends_with("/docker.sock")
        || is_in(path, "/var/lib/docker")
}

struct Mounted<'a> {
    targets: BTreeSet<&'a str>,
    services: BTreeSet<&'a str>,
}

fn reason_against(
    facts: &Facts,
    request: &Request,
    source: &str,
    path: &PathFacts,
    mounted: &Mounted<'_>,
) -> Option<LeftOutReason> {
    let has = |list: &[String]| list.iter().any(|name| name == source);
    let is_named = has(&request.volumes) || has(&request.outside);
    let is_in_project = facts.folder.as_deref().is_some_and(|folder| is_in(source, folder));
    let is_secret = mounted.targets.iter().all(|target| is_in(target, SECRETS));
    let is_asked = request.services.iter().any(|name| mounted.services.contains(name.as_str()));
    if has(&request.exclude) {
        Some(LeftOutReason::Excluded)
    } else if is_system(source) {
        // Not even when named: such a copy is no data, and putting it back would harm the machine.
        Some(LeftOutReason::System)
    } else if path.kind == PathKind::Special {
        Some(LeftOutReason::Special)
    } else if path.kind == PathKind::Missing {
        Some(LeftOutReason::Missing)
    } else if !is_named && !is_in_project {
        Some(LeftOutReason::Outside)
    } else if is_secret && request.secrets == Secrets::LeftOut {
        Some(LeftOutReason::Secret)
    } else if is_named {
        None
    } else if !request.volumes.is_empty() || !request.services.is_empty() && !is_asked {
        Some(LeftOutReason::NotAsked)
    } else {
        match path.class.class {
            DataClass::Cache if request.cache == Cache::Listed => Some(LeftOutReason::Cache),
            DataClass::Ephemeral => Some(LeftOutReason::Ephemeral),
            _ => None,
        }
    }
}

pub(super) fn choose(facts: &Facts, request: &Request, draft: &mut Draft) {
    let mut sources: BTreeMap<&str, Mounted<'_>> = BTreeMap::new();
    for container in facts.own() {
        for mount in &container.mounts {
            if let MountSource::Path(source) = &mount.source {
                let mounted = sources
                    .entry(source)
                    .or_insert_with(|| Mounted { targets: BTreeSet::new(), services: BTreeSet::new() });
                mounted.targets.insert(&mount.target);
                mounted.services.extend(container.service.as_deref());
            }
        }
    }
    let mut captured: Vec<&str> = Vec::new();
    // Sorted, so that a folder comes before what lies in it.
    for (source, mounted) in sources {
        let Some(path) = facts.paths.get(source) else { continue };
        let what = What::Bind { source: source.to_owned(), is_file: path.kind == PathKind::File };
        let inside = captured.iter().any(|folder| is_in(source, folder)).then_some(LeftOutReason::Inside);
        if let Some(reason) = reason_against(facts, request, source, path, &mounted).or(inside) {
            draft.leave_out(what, reason, Some(&path.class), path.bytes);
            continue;
        }
        if facts.store.as_deref().is_some_and(|store| is_in(store, source)) {
            draft.refuse(Refusal::StoreInside { path: source.to_owned() });
        }
        captured.push(source);
        draft.captures.push(Capture {
            what,
            class: path.class.clone(),
            bytes: path.bytes,
            consistency: Consistency::Stopped,
            writers: Vec::new(),
            notes: Vec::new(),
        });
    }
}
