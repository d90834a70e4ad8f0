// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Images into a set, as `docker save` writes them, packed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::time::Duration;

use futures_util::StreamExt as _;

use super::BackupError;
use super::capture::LEVEL;
use super::hashing::Hashing;
use crate::app::operate::{Tell, Told};
use crate::backup::manifest::{FileRef, SavedImage, Service};
use crate::sys::engine::{Deadline, Engine, Idle};
use crate::sys::store::{Stage, StoreError};
use crate::sys::tree::FrameWriter;

/// An engine that is silent for so long while it sends an image is left.
const SILENCE: Duration = Duration::from_mins(2);

/// Saves the images of these services, each once.
///
/// # Errors
/// The engine's or the store's.
pub(super) async fn save(
    engine: &dyn Engine,
    stage: &Stage<'_, '_>,
    services: &[Service],
    tell: Tell<'_>,
) -> Result<Vec<SavedImage>, BackupError> {
    let mut images: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for service in services {
        images.entry(&service.image_id).or_default().insert(service.image.clone());
    }
    let mut saved = Vec::new();
    for (id, mut names) in images {
        tell(Told::Step(format!("saving image `{}`", names.first().map_or(id, String::as_str))));
        // A name may mean another image by now.
        let detail = engine.inspect_image(id, Deadline::QUESTION).await?;
        names.retain(|name| detail.tags.contains(name));
        let digest = id.rsplit(':').next().unwrap_or(id);
        let path = format!("images/{digest}.tar.zst");
        let fault = |error: std::io::Error| StoreError::Io {
            what: "write",
            path: path.clone(),
            reason: error.to_string(),
            kind: error.kind(),
        };
        let mut writer = FrameWriter::new(Hashing::new(stage.create(&path)?), LEVEL).map_err(fault)?;
        let asked: Vec<String> = if names.is_empty() { vec![id.to_owned()] } else { names.iter().cloned().collect() };
        let mut feed = engine.export_images(&asked, Deadline::SURVEY, Idle(Some(SILENCE))).await?;
        let mut done = 0;
        while let Some(piece) = feed.next().await {
            let piece = piece?;
            writer.write_all(&piece).map_err(fault)?;
            done += piece.len() as u64;
            tell(Told::Bytes { done, total: detail.size_bytes });
        }
        let (mut file, sum) = writer.finish().map_err(fault)?.into_parts();
        file.sync().map_err(fault)?;
        let file = FileRef { path: path.clone(), bytes: sum.bytes, sha256: sum.sha256() };
        saved.push(SavedImage { id: id.to_owned(), names: names.into_iter().collect(), file });
    }
    Ok(saved)
}
