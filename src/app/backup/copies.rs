// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The small files of a set: compose files, env files, and the way to restore it by hand.

use std::collections::BTreeMap;
use std::path::Path;

use super::BackupError;
use super::gather::Scene;
use crate::app::Context;
use crate::backup::by_hand;
use crate::backup::manifest::{ComposeFile, EnvironmentFile, FileRef, Manifest, digest};
use crate::backup::plan::Secrets;
use crate::compose::dotenv;
use crate::sys::store::Stage;

fn put(stage: &Stage<'_, '_>, path: String, bytes: &[u8]) -> Result<FileRef, BackupError> {
    stage.write(&path, bytes)?;
    Ok(FileRef { path, bytes: bytes.len() as u64, sha256: digest(bytes) })
}

/// The name of a copy: the number keeps files of one name apart, the name tells which it was.
fn copy_name(folder: &str, number: usize, path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let safe: String =
        name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "._-".contains(*letter)).take(100).collect();
    format!("{folder}/{number:02}-{}", safe.trim_start_matches('.'))
}

/// Copies the compose files.
pub(super) fn compose_files(stage: &Stage<'_, '_>, scene: &Scene) -> Result<Vec<ComposeFile>, BackupError> {
    let mut copies = Vec::new();
    for (number, (path, text)) in scene.compose_files.iter().enumerate() {
        let file = put(stage, copy_name("compose", number + 1, path), text.as_bytes())?;
        copies.push(ComposeFile { source: path.display().to_string(), file });
    }
    Ok(copies)
}

/// The `.env` file of the project: the names of its variables; the values only when they were asked for.
pub(super) fn environment(
    stage: &Stage<'_, '_>,
    context: &Context<'_>,
    scene: &Scene,
    secrets: Secrets,
) -> Result<Vec<EnvironmentFile>, BackupError> {
    let Some(folder) = &scene.facts.folder else { return Ok(Vec::new()) };
    let path = Path::new(folder).join(".env");
    let Ok(bytes) = context.files.read(&path, context.max_file_size) else { return Ok(Vec::new()) };
    let nothing: BTreeMap<String, String> = BTreeMap::new();
    let entries = dotenv::parse(&String::from_utf8_lossy(&bytes), &nothing).unwrap_or_default();
    let names = dotenv::variables(&entries).into_keys().collect();
    let file = match secrets {
        Secrets::LeftOut => None,
        Secrets::Captured => Some(put(stage, "environment/01-env".to_owned(), &bytes)?),
    };
    Ok(vec![EnvironmentFile { source: path.display().to_string(), names, file }])
}

/// `RESTORE.txt`.
pub(super) fn restore_text(stage: &Stage<'_, '_>, manifest: &Manifest) -> Result<FileRef, BackupError> {
    put(stage, "RESTORE.txt".to_owned(), by_hand::text(manifest).as_bytes())
}
