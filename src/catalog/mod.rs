// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Known services: what stackctl knows of images, as data from `stacks/<service>/service.yaml`.
//!
//! The data is embedded when the program is built, so a new service needs a new file and no Rust. Limits: an image
//! that no file names is unknown, and a fact that a file leaves out is unknown too; nothing is guessed.

#[cfg(test)]
mod check;
pub mod data;
pub mod failure;
pub mod image;
mod known;
pub mod tag;

use std::sync::OnceLock;

pub use data::{
    Access, Authentication, DataClass, DataPath, Exposure, ImageUser, KnownHealthcheck, KnownPort, KnownProbe,
    KnownService, KnownTag, KnownUser, KnownVariable, Period, Speech, Transport,
};
pub use failure::{KnownCondition, KnownFailure, MountCondition, VariableCondition};
pub use image::{ImageError, ImageErrorKind, ImageRef, Pin};
pub use known::{HealthcheckKnowledge, Knowledge};
pub use tag::TagShape;

/// The embedded list, as `build.rs` wrote it.
const EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/catalog.json"));

static PARSED: OnceLock<Vec<KnownService>> = OnceLock::new();

/// All known services. Cheap to copy.
#[derive(Debug, Clone, Copy, Default)]
pub struct Catalog {
    services: &'static [KnownService],
}

impl Catalog {
    /// The services known to this build. The data is read at the first call and kept.
    #[must_use]
    pub fn embedded() -> Self {
        // The build has read the same text into the same types, so this cannot fail; an empty list would only mean
        // "nothing is known", which every rule must bear anyway.
        Self { services: PARSED.get_or_init(|| serde_json::from_str(EMBEDDED).unwrap_or_default()) }
    }

    /// All services, by folder, then in the order of their file.
    #[must_use]
    pub const fn services(&self) -> &'static [KnownService] {
        self.services
    }

    /// What is known of the service that runs from `image`, whatever its tag.
    #[must_use]
    pub fn find(&self, image: &ImageRef) -> Option<&'static KnownService> {
        let exact = self.services.iter().find(|service| service.images.iter().any(|name| name == image.repository()));
        exact.or_else(|| self.services.iter().find(|service| service.matches(image.repository())))
    }

    /// As [`Self::find`], for a reference as a compose file has it. None also when the text is no reference.
    #[must_use]
    pub fn find_text(&self, image: &str) -> Option<&'static KnownService> {
        ImageRef::parse(image).ok().and_then(|image| self.find(&image))
    }

    /// The kind `kind` of the service in folder `service`.
    #[must_use]
    pub fn find_kind(&self, service: &str, kind: &str) -> Option<&'static KnownService> {
        self.services.iter().find(|known| known.service == service && known.kind == kind)
    }

    /// What fixes `image`, judged by how many numbers make a whole version of it.
    #[must_use]
    pub fn pin(&self, image: &ImageRef) -> Pin {
        let parts = self.find(image).and_then(|service| service.tags.version_parts);
        image.pin_with(parts.unwrap_or(tag::WHOLE_VERSION_PARTS))
    }
}

#[cfg(test)]
mod tests;
