// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the catalog says of a service's image. `None` always means "the image is not known".

use super::Context;
use crate::compose::model::Service;

/// Whether the service's image brings a health check of its own.
pub(super) fn image_has_healthcheck(_context: &Context<'_>, service: &Service) -> Option<bool> {
    // An image that is built here may be called like a known one.
    if service.build.is_some() {
        return None;
    }
    None
}

/// Whether the service's image does one piece of work and ends.
pub(super) fn image_is_one_shot(_context: &Context<'_>, service: &Service) -> Option<bool> {
    if service.build.is_some() {
        return None;
    }
    None
}
