// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl/sets/v1`: sets as one JSON object. Fields are only ever added to this version.

use serde::Serialize;

use super::to_json;
use crate::app::backup::{Listed, Set, Verdict};
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

fn envelope<'a>(head: Head<'a>, sets: Vec<Row<'a>>) -> String {
    let store = head.store.display().to_string();
    to_json(&Envelope { schema: SCHEMA, run_id: head.run_id, version: head.version, store, sets })
}

/// The list of sets.
#[must_use]
pub fn list(sets: &[Listed], head: Head<'_>) -> String {
    envelope(head, sets.iter().map(row).collect())
}

/// One set, with its manifest.
#[must_use]
pub fn show(listed: &Listed, head: Head<'_>) -> String {
    let manifest = listed.set.as_deref_ok().map(|set| &set.manifest);
    envelope(head, vec![Row { manifest, ..row(listed) }])
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
    envelope(head, rows.collect())
}
