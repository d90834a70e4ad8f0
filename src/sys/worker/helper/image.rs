// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The image that helpers are made of. Its tag is a part of its content's sum, so another program has another image, and
//! one that is there is the right one.

use std::sync::Arc;

use super::archive::{self, Sum};
use super::program::{self, Binaries, Contents, Program};
use crate::sys::engine::{Deadline, Engine, ImageImport, Labels};
use crate::sys::worker::{LABEL, WorkerError};
use crate::volume::text;

/// The name of all images of helpers, without the tag.
const REPOSITORY: &str = "stackctl-helper";

/// The value of the label that an image carries.
const IMAGE: &str = "image";

/// Bytes of the sum that make the tag.
const TAG_BYTES: usize = 8;

/// An image of this program.
pub(super) struct Image {
    pub(super) name: String,
    pub(super) entrypoint: Vec<String>,
    tag: String,
    contents: Contents,
    sum: Sum,
}

impl Image {
    /// Reads the whole program.
    ///
    /// # Errors
    /// When it cannot be read, or could not run elsewhere.
    pub(super) async fn of(binaries: &Arc<dyn Binaries>, program: &Program) -> Result<Self, WorkerError> {
        let contents = program::contents(&**binaries, program)?;
        let sum = archive::sum(Arc::clone(binaries), &contents).await;
        let sum = sum.map_err(|error| program::unreadable(&program.executable, &error))?;
        let tag = text::hex(&sum[..TAG_BYTES]);
        Ok(Self { name: format!("{REPOSITORY}:{tag}"), entrypoint: contents.entrypoint.clone(), tag, contents, sum })
    }

    /// Sees that the engine has it. When it had to be made, those of other programs are removed, unless a container
    /// uses them.
    ///
    /// # Errors
    /// The engine's.
    pub(super) async fn ensure(&self, engine: &dyn Engine, binaries: &Arc<dyn Binaries>) -> Result<(), WorkerError> {
        match engine.inspect_image(&self.name, Deadline::QUESTION).await {
            Ok(_) => return Ok(()),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
        let plan = ImageImport {
            repository: REPOSITORY.to_owned(),
            tag: self.tag.clone(),
            labels: Labels::from([(LABEL.to_owned(), IMAGE.to_owned())]),
        };
        let tar = archive::pieces(Arc::clone(binaries), &self.contents, Some(self.sum));
        engine.import_image(&plan, Box::pin(tar), Deadline::CHANGE).await?;
        self.remove_others(engine).await;
        Ok(())
    }

    /// They only take room, so that one cannot be removed matters to nobody.
    async fn remove_others(&self, engine: &dyn Engine) {
        let images = engine.list_images(Deadline::QUESTION).await.unwrap_or_default();
        let is_other = |tag: &&String| {
            **tag != self.name && tag.strip_prefix(REPOSITORY).is_some_and(|rest| rest.starts_with(':'))
        };
        for tag in images.iter().flat_map(|image| &image.tags).filter(is_other) {
            let _ = engine.remove_image(tag, Deadline::CHANGE).await;
        }
        // Two who make the same one at once leave the first without its name.
        let _ = engine.remove_unnamed_images(&format!("{LABEL}={IMAGE}"), Deadline::CHANGE).await;
    }
}
