// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Images back to the engine, and their names with them. Only after the data is in place: what is cut short here leaves names
//! that mean what they meant before, and is done again by the same command.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use tokio_util::sync::CancellationToken;

use crate::app::backup::verify::{ReadFault, digest_of, flaw_of};
use crate::app::backup::{BackupError, Site};
use crate::app::operate::{Tell, Told};
use crate::backup::id::SetId;
use crate::backup::manifest::{FileRef, Manifest};
use crate::backup::restore::{ImagePlan, ImageScene, ImageSource, ImageStep};
use crate::error::UserError as _;
use crate::sys::engine::{Body, Deadline, Engine};
use crate::sys::tree::FrameReader;

/// How long an engine may take for a piece, and to unpack after the last one.
const PATIENCE: Duration = Duration::from_mins(10);

/// Bytes of an archive that are sent at once.
const PIECE: usize = 1 << 20;

/// How often it is told how far it is.
const STEP: Duration = Duration::from_millis(200);

/// What the engine has of the images of a set.
///
/// # Errors
/// The engine's.
pub(super) async fn look(engine: &dyn Engine, manifest: &Manifest) -> Result<ImageScene, BackupError> {
    let mut scene = ImageScene::default();
    for service in &manifest.services {
        if let Some(id) = id_of(engine, &service.image).await? {
            scene.meaning.insert(service.image.clone(), id);
        }
        if id_of(engine, &service.image_id).await?.is_some() {
            scene.present.insert(service.image_id.clone());
        }
    }
    Ok(scene)
}

async fn id_of(engine: &dyn Engine, image: &str) -> Result<Option<String>, BackupError> {
    match engine.inspect_image(image, Deadline::QUESTION).await {
        Ok(detail) => Ok(Some(detail.id)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn files(plan: &ImagePlan) -> impl Iterator<Item = &FileRef> {
    plan.steps.iter().filter_map(|step| match &step.source {
        ImageSource::Set(file) => Some(file),
        ImageSource::Engine => None,
    })
}

/// Reads the images that will be loaded: a damaged one must be found before anything is changed.
///
/// # Errors
/// Damage, or the wish to end.
pub async fn verify_images(
    site: Site<'_>,
    set: SetId,
    plan: &ImagePlan,
    cancelled: &CancellationToken,
    tell: Tell<'_>,
) -> Result<(), BackupError> {
    for file in files(plan) {
        tell(Told::Step(format!("verifying `{}` of the set", file.path)));
        let damaged = |flaw| BackupError::Damaged { set: set.to_string(), path: file.path.clone(), flaw };
        let mut done = 0;
        let mut each = |piece: &[u8]| {
            done += piece.len() as u64;
            tell(Told::Bytes { done, total: file.bytes });
            Ok(())
        };
        match digest_of(site.store.open_file(set, &file.path)?, cancelled, &mut each).await {
            Ok((bytes, digest)) => flaw_of(file, bytes, &digest).map_or(Ok(()), |flaw| Err(damaged(flaw)))?,
            Err(ReadFault::Unreadable(reason)) => return Err(damaged(reason)),
            Err(ReadFault::Other(error)) => return Err(error),
        }
    }
    Ok(())
}

/// Loads what is not there, and gives the names.
///
/// # Errors
/// [`BackupError::ImagesNotBack`]: the data stays, the images that were done stay too.
pub async fn put_images_back(site: Site<'_>, set: SetId, plan: &ImagePlan, tell: Tell<'_>) -> Result<(), BackupError> {
    for step in &plan.steps {
        let done = put_back(site, set, step, &mut *tell).await;
        done.map_err(|error| BackupError::ImagesNotBack { set: set.to_string(), reason: error.message() })?;
    }
    Ok(())
}

async fn put_back(site: Site<'_>, set: SetId, step: &ImageStep, tell: Tell<'_>) -> Result<(), BackupError> {
    let shown = step.names.first().map_or(step.id.as_str(), |one| one.name.as_str());
    let mut loaded = Vec::new();
    if let ImageSource::Set(file) = &step.source {
        tell(Told::Step(format!("loading image `{shown}`")));
        loaded = load(site, set, file, tell).await?;
    }
    if id_of(site.engine, &step.id).await?.is_some() {
        for one in &step.names {
            site.engine.tag_image(&step.id, &one.name, Deadline::CHANGE).await?;
        }
        return Ok(());
    }
    // Engines that keep images in another way give the same image another id: then its own archive has named it.
    let is_named = |name: &String| loaded.contains(name);
    if !step.names.is_empty() && step.names.iter().all(|one| is_named(&one.name)) {
        return Ok(());
    }
    let [first] = loaded.as_slice() else {
        return Err(BackupError::ImageStrange { id: step.id.clone() });
    };
    for one in &step.names {
        site.engine.tag_image(first, &one.name, Deadline::CHANGE).await?;
    }
    Ok(())
}

async fn load(site: Site<'_>, set: SetId, file: &FileRef, tell: Tell<'_>) -> Result<Vec<String>, BackupError> {
    let count = Arc::new(AtomicU64::new(0));
    let source = Counting { inner: site.store.open_file(set, &file.path)?, count: Arc::clone(&count) };
    let unreadable = |reason: String| BackupError::Unreadable { name: file.path.clone(), flaw: reason };
    let reader = FrameReader::new(source).map_err(|error| unreadable(error.to_string()))?;
    let loading = site.engine.load_images(body(reader), Deadline::within(PATIENCE));
    tokio::pin!(loading);
    loop {
        tokio::select! {
            loaded = &mut loading => return Ok(loaded?),
            () = tokio::time::sleep(STEP) => {
                tell(Told::Bytes { done: count.load(Ordering::Relaxed), total: file.bytes });
            }
        }
    }
}

/// Counts the bytes of the file, for whoever tells.
struct Counting {
    inner: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.count.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

/// Reading blocks the thread, a piece at a time; between two the engine and signals are heard.
fn body(reader: impl Read + Send + 'static) -> Body {
    Box::pin(stream::unfold(Some(reader), |reader| async {
        let mut reader = reader?;
        tokio::task::yield_now().await;
        let mut piece = vec![0; PIECE];
        let mut filled = 0;
        while let Some(rest) = piece.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match reader.read(rest) {
                Ok(0) => break,
                Ok(length) => filled += length,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Some((Err(error), None)),
            }
        }
        piece.truncate(filled);
        (filled > 0).then(|| (Ok(Bytes::from(piece)), Some(reader)))
    }))
}
