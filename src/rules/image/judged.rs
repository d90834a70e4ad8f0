// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which images the image rules judge.

use super::super::Context;
use super::reference::Reference;
use crate::compose::model::{Operator, Service};
use crate::diag::Spanned;

/// An image that comes from a registry.
pub(super) struct Judged<'a> {
    /// The service that runs it.
    pub(super) service: &'a Service,
    /// The reference, variables replaced.
    pub(super) image: &'a Spanned<String>,
    /// Its parts.
    pub(super) reference: Reference<'a>,
}

/// The images to judge, in the order of the services.
///
/// Left out: images that this project builds (`build` on the service itself, or on a service whose `image` has the same
/// name), services without a container, and references with an unset variable, which `unset-variable` speaks of.
pub(super) fn images<'a>(context: &Context<'a>) -> Vec<Judged<'a>> {
    let project = context.project;
    let mut built: Vec<&str> = Vec::new();
    for service in &project.services {
        if let (Some(_), Some(image)) = (&service.build, &service.image) {
            built.push(&image.value);
        }
    }
    built.sort_unstable();
    let judged = |service: &'a Service| {
        let image = service.image.as_ref()?;
        let is_built = service.build.is_some() || built.binary_search(&image.value.as_str()).is_ok();
        let is_judged = !is_built && service.has_container() && !image.value.is_empty();
        (is_judged && !has_unset_variable(context, service))
            .then(|| Judged { service, image, reference: Reference::parse(&image.value) })
    };
    project.services.iter().filter_map(judged).collect()
}

fn has_unset_variable(context: &Context<'_>, service: &Service) -> bool {
    if service.image_template.is_none() {
        return false;
    }
    let path = format!("{}.image", service.path());
    context.project.variables.iter().any(|used| {
        used.path == path && !used.is_set && matches!(used.operator, Operator::Plain | Operator::Required)
    })
}
