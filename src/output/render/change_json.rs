// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl/backup/v1` and `stackctl/restore/v1`: plans and results as one JSON object. Fields are only ever added to these
//! versions.

use std::path::Path;

use serde_json::{Value, json};

use super::to_json;
use crate::app::backup::restore::{Ending, Prepared as PreparedRestore, Restored, Room};
use crate::app::backup::{Created, Prepared};
use crate::app::operate::Ill;
use crate::backup::class;
use crate::backup::manifest::{Data, DataPath};
use crate::backup::plan::{Affected, Unchanged, What};
use crate::backup::restore::{ImagePlan, ImageSource, Place};
use crate::backup::unchanged::may_be_known;
use crate::error::UserError as _;

/// Name of the format of backups.
pub const BACKUP: &str = "stackctl/backup/v1";
/// Name of the format of restores.
pub const RESTORE: &str = "stackctl/restore/v1";

fn waves(waves: &[Vec<Affected>]) -> Value {
    let one = |one: &Affected| json!({"container": one.name, "project": one.project, "service": one.service, "act": one.act.word()});
    waves.iter().map(|wave| wave.iter().map(one).collect::<Value>()).collect()
}

fn what(what: &What) -> Value {
    match what {
        What::Volume { name, key } => json!({"kind": "volume", "name": name, "key": key}),
        What::Bind { source, is_file } => json!({"kind": if *is_file { "file" } else { "folder" }, "name": source}),
    }
}

fn backup(prepared: &Prepared, path: DataPath) -> Value {
    let plan = &prepared.plan;
    let capture = |one: &crate::backup::plan::Capture| {
        json!({
            "what": what(&one.what), "class": class::word(one.class.class), "bytes": one.bytes,
            "consistency": one.consistency.word(), "writers": one.writers,
            "read_if_unchanged": plan.unchanged == Unchanged::Read || !may_be_known(one),
        })
    };
    let left =
        |one: &crate::backup::plan::LeftOut| json!({"what": what(&one.what), "reason": one.reason, "bytes": one.bytes});
    let refusals = plan.refusals.iter().map(|one| json!({"code": one.code(), "message": one.message()}));
    json!({
        "project": plan.project,
        "data_path": path,
        "losses": path.losses(),
        "captures": plan.captures.iter().map(capture).collect::<Value>(),
        "left_out": plan.left_out.iter().map(left).collect::<Value>(),
        "waves": waves(&plan.waves),
        "bytes": plan.bytes,
        "unknown_sizes": plan.unknown_sizes,
        "needed_bytes": plan.needed_bytes,
        "free_bytes": plan.free_bytes,
        "going": prepared.going,
        "notes": plan.notes,
        "refusals": refusals.collect::<Value>(),
    })
}

/// The plan of a backup.
#[must_use]
pub fn backup_plan(prepared: &Prepared, path: DataPath, run_id: &str, version: &str) -> String {
    to_json(
        &json!({"schema": BACKUP, "run_id": run_id, "version": version, "plan": backup(prepared, path), "result": null}),
    )
}

fn ills(ill: &[Ill]) -> Value {
    ill.iter().map(|one| json!({"container": one.name, "reason": one.reason})).collect()
}

/// A backup that was made.
#[must_use]
pub fn created(
    created: &Created,
    prepared: &Prepared,
    path: DataPath,
    store: &Path,
    run_id: &str,
    version: &str,
) -> String {
    let manifest = &created.manifest;
    let captured = |(name, data): (&str, &Data)| json!({"name": name, "bytes": data.bytes, "entries": data.entries, "unchanged_since": data.unchanged_since});
    let still_ms = u64::try_from(created.still.as_millis()).unwrap_or(u64::MAX);
    to_json(&json!({
        "schema": BACKUP, "run_id": run_id, "version": version, "plan": backup(prepared, path),
        "result": {
            "set": created.id, "store": store.display().to_string(), "result": manifest.result,
            "captured": manifest.data().map(captured).collect::<Value>(),
            "data_bytes": manifest.data_bytes(), "stored_bytes": manifest.stored_bytes(),
            "still_ms": still_ms, "healthy": created.ill.is_empty(), "not_well": ills(&created.ill),
            "pruned": created.pruned, "prune_fault": created.prune_fault.as_ref().map(crate::error::UserError::code),
        },
    }))
}

fn image_steps(plan: &ImagePlan) -> Value {
    let one = |step: &crate::backup::restore::ImageStep| {
        let names = step.names.iter().map(|one| json!({"name": one.name, "now": one.now}));
        let from = match &step.source {
            ImageSource::Set(file) => Some(file.path.as_str()),
            ImageSource::Engine => None,
        };
        json!({"id": step.id, "loaded_from": from, "names": names.collect::<Value>()})
    };
    plan.steps.iter().map(one).collect()
}

fn restore(prepared: &PreparedRestore) -> Value {
    let plan = &prepared.plan;
    let target = |one: &crate::backup::restore::Target| {
        let kind = match &one.place {
            Place::Volume { .. } => "volume",
            Place::Path { is_file: true, .. } => "file",
            Place::Path { is_file: false, .. } => "folder",
        };
        json!({"kind": kind, "name": one.place.name(), "from": one.from, "bytes": one.data.bytes, "replaces": one.replaces})
    };
    let image = |one: &crate::backup::restore::ImageChange| json!({"service": one.service, "image": one.name, "then": one.then, "now": one.now});
    let fetch = |one: &crate::backup::manifest::LeftOut| json!({"name": one.name, "models": one.models, "unlisted": one.unlisted});
    let refusals = plan.refusals.iter().map(|one| json!({"code": one.code(), "message": one.message()}));
    json!({
        "set": plan.set,
        "project": plan.project,
        "targets": plan.targets.iter().map(target).collect::<Value>(),
        "waves": waves(&plan.waves),
        "in_place": prepared.room == Room::InPlace,
        "may_be_newer": plan.newer,
        "images": plan.images.iter().map(image).collect::<Value>(),
        "image_steps": prepared.images.as_ref().map(image_steps),
        "to_fetch": plan.to_fetch.iter().map(fetch).collect::<Value>(),
        "bytes": plan.bytes,
        "notes": plan.notes,
        "refusals": refusals.collect::<Value>(),
    })
}

/// The plan of a restore.
#[must_use]
pub fn restore_plan(prepared: &PreparedRestore, path: DataPath, run_id: &str, version: &str) -> String {
    let mut plan = restore(prepared);
    plan["data_path"] = json!(path);
    plan["losses"] = json!(path.losses_back());
    plan["unverified"] = json!(path.unverified());
    to_json(&json!({"schema": RESTORE, "run_id": run_id, "version": version, "plan": plan, "result": null}))
}

/// How a restore ended.
#[must_use]
pub fn restored(
    restored: &Restored,
    prepared: Option<&PreparedRestore>,
    store: &Path,
    run_id: &str,
    version: &str,
) -> String {
    let ending = match restored.ending {
        Ending::Done => "restored",
        Ending::Undone => "undone",
        Ending::Incomplete => "incomplete",
        Ending::KeptUnhealthy => "kept_unhealthy",
    };
    let fault = restored.fault.as_ref().map(|fault| json!({"code": fault.code(), "message": fault.message()}));
    to_json(&json!({
        "schema": RESTORE, "run_id": run_id, "version": version, "plan": prepared.map(restore),
        "result": {
            "operation": restored.operation, "ending": ending, "before": restored.before, "store": store.display().to_string(),
            "healthy": restored.ill.is_empty(), "not_well": ills(&restored.ill), "fault": fault,
        },
    }))
}
