// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the catalog says of a service's image. `None` always means "the image is not known".

use super::Context;
use crate::catalog::{HealthcheckKnowledge, KnownService};
use crate::compose::model::Service;

/// What the catalog has of the service's image. An image that is built here may be called like a known one, and is not it.
pub(super) fn known(context: &Context<'_>, service: &Service) -> Option<&'static KnownService> {
    if service.build.is_some() {
        return None;
    }
    context.catalog.find_text(&service.image.as_ref()?.value)
}

/// Whether the service's image brings a health check of its own.
pub(super) fn image_has_healthcheck(context: &Context<'_>, service: &Service) -> Option<bool> {
    match known(context, service)?.image_check() {
        HealthcheckKnowledge::Present(_) => Some(true),
        HealthcheckKnowledge::Absent => Some(false),
        HealthcheckKnowledge::Unknown => None,
    }
}

/// Whether the service's image does one piece of work and ends.
pub(super) fn image_is_one_shot(context: &Context<'_>, service: &Service) -> Option<bool> {
    known(context, service).map(KnownService::is_one_shot)
}
