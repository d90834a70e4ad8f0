// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the manifest says of the project, beside its data.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::gather::{Scene, policy_word, state_of};
use crate::app::observe::{NUMBER_LABEL, SERVICE_LABEL};
use crate::app::operate::HookRun;
use crate::backup::id::SetId;
use crate::backup::manifest::{
    Bind, Data, EngineRecord, Hook, HookPhase, LeftOut, Manifest, ProjectRecord, Result as SetResult, SCHEMA, Service,
    Tool, Volume, options,
};
use crate::backup::plan::{Affected, Capture, MountSource, Plan, What};
use crate::backup::{CONFIG_HASH_LABEL, hex};
use crate::catalog::DataClass;
use crate::sys::engine::{Deadline, Engine};

/// The services of the project, with the names that a registry knows their images by.
pub(super) async fn services(scene: &Scene, engine: &dyn Engine) -> Vec<Service> {
    let mut digests: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for detail in scene.details.values() {
        if !digests.contains_key(detail.image_id.as_str()) {
            // An image that was removed below its container has no names left.
            let image = engine.inspect_image(&detail.image_id, Deadline::QUESTION).await.ok();
            digests.insert(&detail.image_id, image.map(|image| image.digests).unwrap_or_default());
        }
    }
    let service = |detail: &crate::sys::engine::ContainerDetail| {
        let label = |name: &str| detail.labels.get(name).cloned();
        let name = label(SERVICE_LABEL).unwrap_or_default();
        let needs: BTreeSet<&String> =
            scene.facts.needs.iter().filter(|need| need.from == name).map(|need| &need.to).collect();
        Service {
            number: label(NUMBER_LABEL).and_then(|number| number.parse().ok()).unwrap_or(1),
            container: detail.name.clone(),
            image: detail.image.clone(),
            image_id: detail.image_id.clone(),
            repo_digests: digests.get(detail.image_id.as_str()).cloned().unwrap_or_default(),
            state: state_of(detail),
            config_hash: label(CONFIG_HASH_LABEL),
            restart_policy: policy_word(&detail.restart_policy),
            needs: needs.into_iter().cloned().collect(),
            name,
        }
    };
    let mut services: Vec<Service> = scene.details.values().map(service).collect();
    services.sort_by(|left, right| (&left.name, left.number).cmp(&(&right.name, right.number)));
    services
}

fn mounts(scene: &Scene, source: &MountSource) -> Vec<(String, String)> {
    let mut mounts = BTreeSet::new();
    for container in scene.facts.own() {
        for mount in container.mounts.iter().filter(|mount| mount.source == *source) {
            mounts.insert((container.service.clone().unwrap_or_default(), mount.target.clone()));
        }
    }
    mounts.into_iter().collect()
}

/// A volume that was captured.
pub(super) fn volume(scene: &Scene, (name, key): (&str, Option<&str>), one: &Capture, data: Data) -> Volume {
    let found = scene.volumes.get(name).cloned().unwrap_or_default();
    let (options, masked_options) = options::without_secrets(&found.options);
    Volume {
        name: name.to_owned(),
        key: key.map(str::to_owned),
        driver: found.driver,
        options,
        masked_options,
        labels: found.labels,
        external: key.is_some_and(|key| scene.external.contains(key)),
        class: one.class.class,
        class_source: one.class.source,
        mounts: mounts(scene, &MountSource::Volume(name.to_owned())),
        data,
    }
}

/// A path of the host that was captured.
pub(super) fn bind(scene: &Scene, (source, is_file): (&str, bool), class: DataClass, data: Data) -> Bind {
    let folder = scene.facts.folder.as_deref().map(|folder| folder.trim_end_matches('/'));
    let rest = folder.and_then(|folder| source.strip_prefix(folder));
    let relative = rest.and_then(|rest| match rest {
        "" => Some(".".to_owned()),
        rest => rest.strip_prefix('/').map(str::to_owned),
    });
    Bind { source: source.to_owned(), relative, is_file, class, data }
}

/// What is not in the set.
pub(super) fn left_out(plan: &Plan) -> Vec<LeftOut> {
    let one = |left: &crate::backup::plan::LeftOut| {
        let key = match &left.what {
            What::Volume { key, .. } => key.clone(),
            What::Bind { .. } => None,
        };
        LeftOut {
            name: left.what.name().to_owned(),
            is_volume: matches!(left.what, What::Volume { .. }),
            reason: left.reason,
            required: false,
            class: left.class.as_ref().map(|class| class.class),
            bytes: left.bytes,
            key,
            models: Vec::new(),
            unlisted: None,
        }
    };
    plan.left_out.iter().map(one).collect()
}

/// A hook that ran, without what follows the name of its program.
pub(super) fn hook(one: &Affected, phase: HookPhase, run: &HookRun) -> Hook {
    let command = if phase == HookPhase::Pre { &one.hooks.pre } else { &one.hooks.post };
    Hook {
        service: one.service.clone().unwrap_or_default(),
        phase,
        program: command.first().cloned().unwrap_or_default(),
        exit_code: run.exit_code,
        took_ms: u64::try_from(run.took.as_millis()).unwrap_or(u64::MAX),
    }
}

/// SHA-256 of the compose files, each with its length before it.
fn compose_digest(scene: &Scene) -> Option<String> {
    let mut hash = Sha256::new();
    for (_, text) in &scene.compose_files {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    (!scene.compose_files.is_empty()).then(|| hex(&hash.finalize()))
}

/// A manifest without data.
pub(super) fn begun(scene: &Scene, id: SetId, started: DateTime<Utc>, host: String) -> Manifest {
    Manifest {
        schema: SCHEMA.to_owned(),
        id,
        started,
        captured: started,
        verified: None,
        tool: Tool { name: "stackctl".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        host,
        engine: EngineRecord {
            id: scene.engine_id.clone(),
            version: scene.version.engine.clone(),
            arch: scene.version.architecture.clone(),
            api: scene.version.api.to_string(),
        },
        project: ProjectRecord {
            name: scene.facts.project.clone(),
            folder: scene.facts.folder.clone(),
            compose_sha256: compose_digest(scene),
        },
        result: SetResult::Complete,
        protected: false,
        note: None,
        services: Vec::new(),
        volumes: Vec::new(),
        binds: Vec::new(),
        left_out: Vec::new(),
        compose_files: Vec::new(),
        environment: Vec::new(),
        images: Vec::new(),
        hooks: Vec::new(),
        extras: Vec::new(),
    }
}
