// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl/sets/v1`: sets as one JSON object. Fields are only ever added to this version.

use serde::Serialize;

use super::to_json;
use crate::app::backup::{Exported, Listed, Pruning, Set, Verdict};
use crate::backup::diff::Difference;
use crate::backup::id::SetId;
use crate::backup::manifest::Manifest;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/sets/v1";

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    run_id: &'a str,
    version: &'a str,
    store: String,
    sets: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<Vec<DifferenceRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    freed_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exported: Option<Copy>,
}

#[derive(Serialize)]
struct DifferenceRow<'a> {
    subject: &'static str,
    name: &'a str,
    change: &'static str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

#[derive(Serialize)]
struct Copy {
    store: String,
    files: usize,
    bytes: u64,
}

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    number: u64,
    readable: bool,
    error: Option<&'a str>,
    project: Option<&'a str>,
    captured: Option<String>,
    result: Option<&'static str>,
    verified: Option<bool>,
    protected: Option<bool>,
    note: Option<&'a str>,
    stored_bytes: Option<u64>,
    data_bytes: Option<u64>,
    volumes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flaws: Option<Vec<Flaw<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<&'a Manifest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_by: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<bool>,
}

#[derive(Serialize)]
struct Flaw<'a> {
    path: &'a str,
    what: &'a str,
}

fn row(listed: &Listed) -> Row<'_> {
    let set = listed.set.as_deref_ok();
    let manifest = set.map(|set| &set.manifest);
    Row {
        id: listed.id.to_string(),
        number: listed.id.number(),
        readable: set.is_some(),
        error: listed.set.as_ref().err().map(String::as_str),
        project: manifest.map(|manifest| manifest.project.name.as_str()),
        captured: manifest.map(|manifest| manifest.captured.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        result: manifest.map(|manifest| manifest.result.word()),
        verified: set.and_then(Set::is_verified),
        protected: set.map(Set::is_protected),
        note: manifest.and_then(|manifest| manifest.note.as_deref()),
        stored_bytes: manifest.map(Manifest::stored_bytes),
        data_bytes: manifest.map(Manifest::data_bytes),
        volumes: manifest
            .map(|one| one.volumes.iter().map(|volume| volume.name.as_str()).collect())
            .unwrap_or_default(),
        files: None,
        flaws: None,
        manifest: None,
        kept_by: None,
        removed: None,
    }
}

/// A readable set, if it is one.
trait Readable {
    fn as_deref_ok(&self) -> Option<&Set>;
}

impl Readable for Result<Box<Set>, String> {
    fn as_deref_ok(&self) -> Option<&Set> {
        self.as_ref().ok().map(Box::as_ref)
    }
}

/// Who asks, and about which store.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The id of the run.
    pub run_id: &'a str,
    /// The version of stackctl.
    pub version: &'a str,
    /// The folder of the store.
    pub store: &'a std::path::Path,
}

fn envelope<'a>(head: Head<'a>, sets: Vec<Row<'a>>) -> Envelope<'a> {
    Envelope {
        schema: SCHEMA,
        run_id: head.run_id,
        version: head.version,
        store: head.store.display().to_string(),
        sets,
        differences: None,
        freed_bytes: None,
        exported: None,
    }
}

/// The list of sets.
#[must_use]
pub fn list(sets: &[Listed], head: Head<'_>) -> String {
    to_json(&envelope(head, sets.iter().map(row).collect()))
}

/// One set, with its manifest.
#[must_use]
pub fn show(listed: &Listed, head: Head<'_>) -> String {
    let manifest = listed.set.as_deref_ok().map(|set| &set.manifest);
    to_json(&envelope(head, vec![Row { manifest, ..row(listed) }]))
}

/// What came of verifying these sets.
#[must_use]
pub fn verdicts(verified: &[(Listed, Verdict)], head: Head<'_>) -> String {
    let rows = verified.iter().map(|(listed, verdict)| {
        let flaws = verdict.flaws.iter().map(|flaw| Flaw { path: &flaw.path, what: &flaw.what });
        Row {
            verified: Some(verdict.is_good()),
            files: Some(verdict.files),
            flaws: Some(flaws.collect()),
            ..row(listed)
        }
    });
    to_json(&envelope(head, rows.collect()))
}

/// How two sets differ: both of them, the earlier first, and every thing that is in one of them.
#[must_use]
pub fn differences(sets: &[Listed; 2], differences: &[Difference], head: Head<'_>) -> String {
    let rows = differences.iter().map(|one| DifferenceRow {
        subject: one.subject.word(),
        name: &one.name,
        change: one.change.word(),
        before: one.before.as_deref(),
        after: one.after.as_deref(),
    });
    let differences = Some(rows.collect());
    to_json(&Envelope { differences, ..envelope(head, sets.iter().map(row).collect()) })
}

/// What the rules say of every set, and which of them are gone. `sets` is the list from before.
#[must_use]
pub fn pruning(sets: &[Listed], pruning: &Pruning, gone: &[SetId], head: Head<'_>) -> String {
    let rows = sets.iter().map(|listed| {
        let fate = pruning.fates.iter().find(|fate| fate.id == listed.id);
        let kept_by = fate.map_or_else(|| vec!["unreadable"], |fate| fate.kept.iter().map(|why| why.word()).collect());
        Row { kept_by: Some(kept_by), removed: Some(gone.contains(&listed.id)), ..row(listed) }
    });
    let freed_bytes = Some(pruning.freed_bytes);
    to_json(&Envelope { freed_bytes, ..envelope(head, rows.collect()) })
}

/// A set that was copied into the store in `target`.
#[must_use]
pub fn exported(listed: &Listed, exported: &Exported, target: &std::path::Path, head: Head<'_>) -> String {
    let copy = Copy { store: target.display().to_string(), files: exported.files, bytes: exported.bytes };
    to_json(&Envelope { exported: Some(copy), ..envelope(head, vec![row(listed)]) })
}
