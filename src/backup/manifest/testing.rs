// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A manifest for tests.

#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::collections::BTreeMap;

use chrono::{DateTime, TimeZone as _, Utc};

use super::*;
use crate::catalog::DataClass;

/// A moment of the year 2026.
pub(crate) fn moment(month: u32, day: u32, hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, month, day, hour, 0, 0).unwrap()
}

/// The reference of a file with these bytes.
pub(crate) fn file_ref(path: &str, bytes: &[u8]) -> FileRef {
    FileRef { path: path.to_owned(), bytes: bytes.len() as u64, sha256: digest(bytes) }
}

/// What was captured into two files with these bytes.
pub(crate) fn data(name: &str, archive: &[u8], index: &[u8]) -> Data {
    Data {
        archive: file_ref(&format!("{name}.tar.zst"), archive),
        index: file_ref(&format!("{name}.index.zst"), index),
        root: RootStat { mode: "0700".into(), uid: 999, gid: 999 },
        path: DataPath::Helper,
        consistency: Consistency::Stopped,
        entries: 3,
        bytes: 4096,
        allocated: 4096,
        skipped: vec![Skipped { path: "run/s".into(), kind: "socket".into() }],
        changed_during_read: Vec::new(),
        fingerprint: None,
        unchanged_since: None,
    }
}

/// A volume that was captured.
pub(crate) fn volume(name: &str, archive: &[u8], index: &[u8]) -> Volume {
    Volume {
        name: name.to_owned(),
        key: name.strip_prefix("lab_").map(str::to_owned),
        driver: "local".into(),
        options: BTreeMap::new(),
        masked_options: Vec::new(),
        labels: BTreeMap::from([("com.docker.compose.project".into(), "lab".into())]),
        external: false,
        class: DataClass::Critical,
        class_source: Source::Default,
        mounts: vec![("db".into(), "/data".into())],
        data: data(&format!("volumes/{name}"), archive, index),
    }
}

/// A complete set of the project `lab` with one volume, `lab_data`.
pub(crate) fn manifest(id: SetId) -> Manifest {
    Manifest {
        schema: SCHEMA.into(),
        id,
        started: id.at(),
        captured: id.at(),
        verified: Some(id.at()),
        tool: Tool { name: "stackctl".into(), version: "0.1.0".into() },
        host: "box".into(),
        engine: EngineRecord { id: "E".into(), version: "28.5.2".into(), arch: "amd64".into(), api: "1.51".into() },
        project: ProjectRecord { name: "lab".into(), folder: Some("/srv/lab".into()), compose_sha256: None },
        result: Result::Complete,
        protected: false,
        note: None,
        services: vec![Service {
            name: "db".into(),
            number: 1,
            container: "lab-db-1".into(),
            image: "redis:7".into(),
            image_id: "sha256:1".into(),
            repo_digests: Vec::new(),
            state: State::Running,
            config_hash: Some("c".into()),
            restart_policy: "unless-stopped".into(),
            needs: Vec::new(),
        }],
        volumes: vec![volume("lab_data", b"archive", b"index")],
        binds: Vec::new(),
        left_out: Vec::new(),
        compose_files: Vec::new(),
        environment: Vec::new(),
        images: Vec::new(),
        hooks: Vec::new(),
        extras: vec![file_ref("RESTORE.txt", b"how\n")],
    }
}

/// The name of a set with this number.
pub(crate) fn id(number: u64) -> SetId {
    let at = moment(11, u32::try_from(number % 28).unwrap() + 1, 2);
    format!("{}-{number:04}", at.format("%Y%m%dT%H%M%SZ")).parse().unwrap()
}
